"""The verbs that ask: status, history, pdf, digest."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from worker.cli.places import Place, harmless, show_json, table
from worker.errors import SetupError


@click.command(epilog="Example: addendum status --json")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def status(place: Place, as_json: bool) -> int:
    """Say how the worker does. Ends with 0 when all is well, with 1 when something needs a look."""
    from worker import states, wiring

    config = place.configured()
    with wiring.ledger(config) as ledger:
        state = states.of(ledger.health(), wiring.routine(config), now=wiring.now())
    if as_json:
        show_json(state.as_dict())
    else:
        click.echo("\n".join(state.lines()))
    return 1 if state.troubles else 0


@click.command(epilog="Example: addendum history INV-2041")
@click.argument("invoice")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_obj
def history(place: Place, invoice: str, as_json: bool) -> None:
    """Show an invoice and its amendments. Each with old and new PO, who asked, who applied, when, and from which mail."""
    from worker import histories, wiring

    with wiring.ledger(place.configured()) as ledger:
        told = histories.of(invoice, ledger)
    if as_json:
        show_json(told)
        return
    click.echo(f"{told['number']}: revision {told['revision']}, PO {told['po_number'] or 'none'}, {told['status']}")
    columns = ("applied_at", "old", "new", "requested_by", "applied_by", "message_id")
    table(columns, [[amendment[column] for column in columns] for amendment in told["amendments"]])
    for amendment in told["amendments"]:
        for earlier in amendment["earlier"]:
            since = f"{earlier['status']} on {earlier['decided_at'][:10]} and judged again on {earlier['replaced_at'][:10]}"
            click.echo(harmless(f"The mail behind revision {amendment['revision']} was {since}; the reason then: {earlier['reason']}"))


@click.command(epilog="Example: addendum pdf INV-2041 -o INV-2041.pdf")
@click.argument("invoice")
@click.option("--revision", type=click.IntRange(0), help="Which version; otherwise the newest. 0 is the invoice as issued.")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="The file to write; - is standard output.")
@click.pass_obj
def pdf(place: Place, invoice: str, revision: int | None, out: Path) -> None:
    """Write an invoice's PDF to a file. One that was never amended is made from the books."""
    from worker import wiring

    content = wiring.invoice_pdf(place.configured(), invoice, revision)
    if str(out) == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise SetupError(f"{out} cannot be written ({error.strerror}); name another file with -o.") from None
    click.echo(f"Wrote {out} ({len(content)} bytes).")


@click.command(epilog="Example: addendum digest --preview")
@click.option("--preview", is_flag=True, help="Print the digest as it would go out now; the default, and all that this verb does.")
@click.option("--html", is_flag=True, help="Print the HTML instead of the text.")
@click.pass_obj
def digest(place: Place, preview: bool, html: bool) -> None:  # noqa: ARG001  it names what is done anyway
    """Print the evening's digest as of now. Nothing is sent."""
    from worker import wiring

    letter = wiring.digest_preview(place.configured())
    click.echo(letter.html if html else letter.text)


VERBS = (status, history, pdf, digest)
