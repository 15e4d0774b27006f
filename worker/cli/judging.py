"""The verbs that judge mail without doing anything: rehearse and explain."""

from __future__ import annotations

from pathlib import Path

import click

from worker.cli.places import Place

FILE = click.Path(path_type=Path)


@click.command(epilog="Example: addendum rehearse --books books.json --json mails/ archive.mbox")
@click.argument("paths", nargs=-1, required=True, type=FILE)
@click.option("--books", required=True, type=FILE, help="Customers and invoices, in the form that `import` takes.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one line a mail.")
@click.pass_obj
def rehearse(place: Place, paths: tuple[Path, ...], books: Path, as_json: bool) -> None:
    """Say what would be done with mails. Takes .eml files, folders of them and mboxes; no database, no network, and nothing is done."""

    from worker import rehearsals, shipped
    from worker.cli import rehearsing

    config = place.configured_if_there()
    folders = shipped.after(config.rules if config else None, "rules")
    with rehearsals.opened(books, folders) as rehearsal:
        rehearsing.show(rehearsal, paths, as_json=as_json)


@click.command(epilog="Example: addendum explain --books books.json mail.eml")
@click.argument("file", type=FILE)
@click.option("--books", type=FILE, help="Customers and invoices; otherwise those of the database.")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON object.")
@click.pass_obj
def explain(place: Place, file: Path, books: Path | None, as_json: bool) -> None:
    """Say why a mail is judged as it is. Who spoke and how that was proven, what was read, which rules hit and missed, and the letter."""
    from worker import wiring
    from worker.cli import explaining
    from worker.rehearsals import read_mail

    opened = wiring.witness_by(books, place.configured_if_there()) if books else wiring.witness(place.configured())
    with opened as witness:
        explaining.show(witness.explain(read_mail(file)), as_json=as_json)


VERBS = (rehearse, explain)
