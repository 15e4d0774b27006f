"""The verbs that set Addendum up: init, check, import, rules check."""

from __future__ import annotations

from pathlib import Path

import click

from worker.cli.places import Place, show_json, table

FILE = click.Path(path_type=Path)


@click.command(epilog="Example: addendum init --name 'Northwind Studio Ltd' --mailbox billing@northwind.example")
@click.option("--name", prompt="The name on your invoices", help="The name on your invoices.")
@click.option("--mailbox", prompt="The address whose mailbox is read", help="The address whose mailbox is read and written from.")
@click.option("--imap", help="The IMAP server; otherwise imap.<the mailbox's domain>.")
@click.option("--smtp", help="The SMTP server; otherwise smtp.<the mailbox's domain>.")
@click.option("--timezone", help="Your time zone, as in Europe/Berlin; otherwise this machine's, else UTC.")
@click.option("--digest-to", help="Who gets the evening's digest; otherwise the mailbox itself.")
@click.pass_obj
def init(place: Place, name: str, mailbox: str, imap: str | None, smtp: str | None, timezone: str | None, digest_to: str | None) -> None:
    """Write a configuration to start from. One that is there is never overwritten."""
    from worker.config import drafts

    drafts.write(place.config, name=name, mailbox=mailbox, imap=imap, smtp=smtp, timezone=timezone, digest_to=digest_to)
    click.echo(f"Wrote {place.config}. Next: put the passwords into secrets/inbox and secrets/outbox beside it, then: addendum check")


@click.command(epilog="Example: addendum check --offline")
@click.option("--offline", is_flag=True, help="Leave out the mail servers, the passwords and a database elsewhere.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def check(place: Place, offline: bool, as_json: bool) -> int:
    """See that everything is as it must be. Looks at configuration, rules, templates, database, audit trail and mail servers."""
    from worker import checks

    failed = False
    for finding in checks.run(place.config, offline=offline):
        failed |= finding.state == "failed"
        if as_json:
            show_json({"what": finding.what, "state": finding.state, "says": finding.says})
        else:
            click.echo(f"{finding.state:<8} {finding.what:<14} {finding.says}")
    return 2 if failed else 0


@click.command("import", epilog="Example: addendum import --dry-run books.json")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would be imported, and import nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def import_(place: Place, files: tuple[Path, ...], dry_run: bool, as_json: bool) -> int:
    """Bring in customers and issued invoices. From books.json or CSV; all of it, or nothing where a line is wrong."""
    from dataclasses import asdict

    from worker import wiring

    report = wiring.import_books(place.configured(), files, dry_run=dry_run)
    if as_json:
        show_json({**asdict(report), "imported": report.imported})
    else:
        counts = (("customers", report.customers), ("invoices", report.invoices))
        table(("", "added", "updated", "unchanged"), [(what, tally.added, tally.updated, tally.unchanged) for what, tally in counts])
        for note in report.notes:
            click.echo(note)
        for refusal in report.refusals:
            click.echo(f"refused: {refusal}", err=True)
        click.echo("Imported." if report.imported else "Nothing was imported.")
    return 1 if report.refusals else 0


@click.group()
def rules() -> None:
    """The rules that say what mails mean."""


@rules.command("check", epilog="Example: addendum rules check my-rules")
@click.argument("folder", required=False, type=FILE)
@click.pass_obj
def check_rules(place: Place, folder: Path | None) -> None:
    """Load the rules and run every example in them; a folder of your own goes before the shipped ones."""
    from worker import wiring

    click.echo(f"ok: {wiring.describe_rules(place.configured_if_there(), folder)}")


VERBS = (init, check, import_, rules)
