"""How a rehearsal looks: one JSON object a line, or a table and a sum, with a bar on a terminal while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import click

from worker import rehearsals
from worker.cli.places import show_json, table, tracked
from worker.core.decisions import Action, Decision
from worker.core.rehearsed import INTEREST
from worker.edges.reports import Preface, Report
from worker.rehearsals import Judged, Rehearsal, Source, Tally

MEANINGS = {
    "amend": "the PO put on the invoice, the corrected PDF sent",
    "remember": "a PO kept for all future invoices of a customer",
    "reissue": "a void and a new invoice prepared, for you to issue",
    "resend": "the invoice's PDF sent again",
    "ask": "the customer asked for a PO",
    "answer": "a question answered",
    "hold": "left to you",
    "ignore": "none of Addendum's business",
}


def show(rehearsal: Rehearsal, source: Source, preface: Preface, report: Report | None, *, as_json: bool) -> None:
    """Judge every mail and print what would be done."""
    tally = Tally()
    judged = rehearsals.shown(rehearsal, tracked(source.mails, source.total, "Judging"), tally, report)
    if as_json:
        for each in judged:
            show_json(rehearsals.answer(each, with_heading=source.is_mailbox))
    else:
        _table(judged, source)
    if report is not None:
        report.finish(preface, read=tally.read)
    if not as_json:
        _sum(tally, source, compared=rehearsal.earlier is not None)


def _table(judged: Iterable[Judged], source: Source) -> None:
    """Every mail of files; of a mailbox those that are not ignored, for they would drown the others."""
    rows = [_row(each, source) for each in judged if not source.is_mailbox or each.before or each.decision.action is not Action.IGNORE]
    which = ("date", "from", "subject") if source.is_mailbox else ("file",)
    if rows or not source.is_mailbox:
        table((*which, "action", "changes", "reply to", "why"), rows)


def _row(judged: Judged, source: Source) -> Sequence[object]:
    decision = judged.decision
    day = f"{judged.moment:%Y-%m-%d}" if judged.moment else ""
    which = (day, judged.sender, judged.subject) if source.is_mailbox else (judged.name,)
    return (*which, judged.way, _ways(judged, changes_of), decision.reply_to, _ways(judged, lambda each: each.reason))


def changes_of(decision: Decision) -> str:
    """The POs that a decision puts somewhere, on one line."""
    return ", ".join(": ".join(pair) for pair in decision.as_pairs())


def _ways(judged: Judged, told: Callable[[Decision], str]) -> str:
    now, before = told(judged.decision), told(judged.before) if judged.before else None
    return now if before in (None, now) else f"{before or 'none'} → {now or 'none'}"


def _sum(tally: Tally, source: Source, *, compared: bool) -> None:
    ways = tally.ways.most_common()
    if source.is_mailbox:
        table(("mails", "action", ""), _counts(tally))
    mails = f"{tally.read} {'mail' if tally.read == 1 else 'mails'}"
    listed = ", ".join(f"{count} {way}" for way, count in ways)
    if compared:
        click.echo(f"{sum(tally.ways.values())} of {mails} would be decided differently{f': {listed}' if listed else '.'}")
    else:
        click.echo(f"{mails}: {listed}" if listed else f"{mails} in {source.place}.")


def _counts(tally: Tally) -> Iterable[Sequence[object]]:
    """What is done first in the order of interest, then what changes from one action to another."""
    order = chain(map(str, INTEREST), sorted(way for way in tally.ways if way not in MEANINGS))
    return [(tally.ways[way], way, MEANINGS.get(way.rpartition(" ")[2], "")) for way in order if tally.ways[way]]
