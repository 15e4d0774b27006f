"""How a rehearsal looks: one JSON object a line, or a table and a sum, with a bar on a terminal while it runs."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from worker import rehearsals
from worker.cli.places import table
from worker.core.decisions import Decision
from worker.errors import SetupError
from worker.rehearsals import Mail, Rehearsal


def show(rehearsal: Rehearsal, paths: Sequence[Path], *, as_json: bool) -> None:
    """Judge every mail and print what would be done."""
    if not rehearsals.count(paths):
        raise SetupError(f"There is no mail in {', '.join(map(str, paths))}: .eml files, mboxes and Maildirs are read.")
    judged = ((mail, rehearsal.judge(mail.raw)) for mail in _mails(paths))
    if as_json:
        for mail, decision in judged:
            click.echo(json.dumps(rehearsals.answer(mail.name, decision), ensure_ascii=False))
        return
    _show_table(list(judged))


def _mails(paths: Sequence[Path]) -> Iterator[Mail]:
    found = rehearsals.mails(paths)
    if not sys.stderr.isatty():
        yield from found
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(found, description="Judging", total=rehearsals.count(paths), console=Console(stderr=True), transient=True)


def _show_table(judged: Sequence[tuple[Mail, Decision]]) -> None:
    rows = (
        (mail.name, decision.action, ", ".join(": ".join(pair) for pair in decision.as_pairs()), decision.reply_to, decision.reason)
        for mail, decision in judged
    )
    table(("file", "action", "changes", "reply to", "why"), rows)
    sums = Counter(str(decision.action) for _, decision in judged)
    click.echo(
        f"{len(judged)} {'mail' if len(judged) == 1 else 'mails'}: {', '.join(f'{count} {action}' for action, count in sums.most_common())}"
    )
