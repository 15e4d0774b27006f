"""The verbs that judge mail: rehearse and explain, which do nothing, and replay, which does when told to."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from worker.cli.places import Place

FILE = click.Path(path_type=Path)
DAYS = 90


@click.command(
    epilog="""\b
Example: addendum rehearse --mailbox --days 90 --report rehearsal.html
         addendum rehearse --books books.json --json mails/ archive.mbox
         addendum rehearse --mailbox --since-rules my-rules.before
"""
)
@click.argument("paths", nargs=-1, type=FILE)
@click.option("--mailbox", is_flag=True, help="Read the configured mailbox; nothing in it is marked, moved or stored.")
@click.option("--days", type=click.IntRange(1, 3650), help=f"How far back the mailbox is read; otherwise {DAYS} days.")
@click.option("--books", type=FILE, help="Customers and invoices, in the form that `import` takes; otherwise those of the database.")
@click.option("--since-rules", type=FILE, help="Show only what these other rules would have decided differently, before → after.")
@click.option("--report", type=FILE, help="Write a page to look at, with the evidence and the letters: FILE.html.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one line a mail.")
@click.pass_obj
def rehearse(
    place: Place,
    paths: tuple[Path, ...],
    mailbox: bool,
    days: int | None,
    books: Path | None,
    since_rules: Path | None,
    report: Path | None,
    as_json: bool,
) -> None:
    """Say what would be done with mails. Nothing is done, sent, marked or recorded.

    Takes .eml files, folders of them and mboxes, or with --mailbox the last days of your own. Each mail is judged alone, as in mode "auto".
    """
    from worker import wiring
    from worker.cli import rehearsing

    _expect_one_source(paths, mailbox=mailbox, days=days)
    config = place.configured() if mailbox else place.configured_if_there()
    with (
        wiring.rehearsal(config, books, since=since_rules, letters=report is not None) as rehearsal,
        wiring.report(config, report) if report else nullcontext() as page,
        wiring.source(config, paths, days or DAYS) as source,
    ):
        preface = wiring.preface(config, rehearsal, source.place, since_rules)
        rehearsing.show(rehearsal, source, preface, page, as_json=as_json)
    if report and not as_json:
        click.echo(f"The report: {report}")


def _expect_one_source(paths: tuple[Path, ...], *, mailbox: bool, days: int | None) -> None:
    if mailbox and paths:
        raise click.UsageError("Name mails or --mailbox, not both.")
    if not mailbox and not paths:
        raise click.UsageError("Name files, folders or mboxes of mail, or read your own mailbox with --mailbox.")
    if days is not None and not mailbox:
        raise click.UsageError("--days says how far back the mailbox is read; it goes with --mailbox.")


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

    config = place.configured_if_there() if books else place.configured()
    with wiring.witness(config, books) as witness:
        explaining.show(witness.explain(read_mail(file)), as_json=as_json)


@click.command(
    epilog="""\b
Example: addendum replay --held                       # what waits, judged anew: shows what would change
         addendum replay --held --apply               # and records that
         addendum replay "<20261122.5@customer.example>"
"""
)
@click.argument("messages", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Every stored mail.")
@click.option("--held", is_flag=True, help="The mails that wait for you; the default.")
@click.option("--apply", is_flag=True, help="Record the new decisions, and carry them out as with new mail; otherwise nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each mail that is not decided as before.")
@click.pass_obj
def replay(place: Place, messages: tuple[str, ...], every: bool, held: bool, apply: bool, as_json: bool) -> int:
    """Judge stored mail again, after a change of rules, books or mode. Shows what would now be decided differently.

    MESSAGE is a stored mail's number or Message-ID. With --apply, what was held, ignored or given up is decided anew, amendment and letter
    included; the earlier decision stays in the audit trail. A mail that ever changed an invoice or led to a letter is never acted on again.
    """
    from worker import replays, wiring
    from worker.cli import replaying

    if bool(messages) + every + held > 1:
        raise click.UsageError("Name messages, --all or --held: one of the three.")
    with wiring.desk(place.configured(), to_read=not apply) as desk:
        chosen = replays.chosen(messages, desk.ledger, every=every)
        return replaying.show(replays.replay(chosen, desk, apply=apply), len(chosen), named=bool(messages), apply=apply, as_json=as_json)


VERBS = (rehearse, explain, replay)
