"""How the demo tells its day on a terminal: each mail with its decision and why, then where everything lies."""

from __future__ import annotations

import sys
from collections import Counter
from email.utils import parseaddr
from pathlib import Path

from rich import box
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from worker.core.decisions import Action, Decision
from worker.demo.days import Evening
from worker.edges.ledger import Decided

WIDTH = 130
"""How wide the table is where nobody's window says."""
COLOURS = {Action.HOLD: "yellow", Action.REISSUE: "yellow", Action.IGNORE: "bright_black", Action.ASK: "cyan"}


def show(evening: Evening, out: Path) -> None:
    """Print the day."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
    console.print(_mails(evening))
    console.print()
    console.print(_places(evening, out))


def _mails(evening: Evening) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Came", no_wrap=True)
    table.add_column("Mail", ratio=1, overflow="fold")
    table.add_column("Decision", no_wrap=True)
    table.add_column("Why", ratio=1, overflow="fold")
    for each in evening.decided:
        came = each.received_at.astimezone(evening.begun.tzinfo)
        table.add_row(f"{came:%H:%M}", _mail(each), _decision(each.decision), _why(each.decision))
    return table


def _mail(mail: Decided) -> Group:
    return Group(Text(mail.subject, style="bold"), Text(parseaddr(mail.sender)[1], style="bright_black"))


def _decision(decision: Decision) -> Text:
    told = Text(str(decision.action), style=f"bold {COLOURS.get(decision.action, 'green')}")
    for what, po in decision.as_pairs():
        told.append(f"\n{what.replace('customer:', 'all of ')} ← {po}", style="default not bold")
    return told


def _why(decision: Decision) -> Text:
    """The very line that gives a PO number; else the reason in words."""
    read = " … ".join(" ".join(line.split()) for line in decision.evidence.lines)
    return Text(f"“{read}”" if decision.changes and read else f"{decision.reason[:1].upper()}{decision.reason[1:]}")


def _places(evening: Evening, out: Path) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    sums = Counter(str(each.decision.action) for each in evening.decided)
    table.add_row("Mails", f"{len(evening.decided)}: {', '.join(f'{count} {action}' for action, count in sums.most_common())}")
    table.add_row("Filed", ", ".join(f"{count} in {folder}" for folder, count in evening.folders.items()))
    table.add_row("Amended", f"{out / '*.pdf'}: {', '.join(document.invoice for document in evening.amended)}")
    table.add_row("", f"{out / 'amended.png'}: the first of them as a picture")
    table.add_row("Letters", f"{out / 'letters'}: {len(evening.letters)} .eml files, as the mail server took them")
    table.add_row("Digest", f"{out / 'digest.html'}: what the issuer reads in the evening (and digest.txt)")
    return table
