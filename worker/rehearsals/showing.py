"""A whole rehearsal: every mail judged and counted, and given out where it is one to be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from worker.edges.reports import Report
from worker.rehearsals.cards import card
from worker.rehearsals.judging import Judged, Rehearsal
from worker.rehearsals.sources import Mail


@dataclass(slots=True, kw_only=True)
class Tally:
    """How many mails were read, and how many of those shown go which way."""

    read: int = 0
    ways: Counter[str] = field(default_factory=Counter)


def shown(rehearsal: Rehearsal, mails: Iterable[Mail], tally: Tally, report: Report | None) -> Iterator[Judged]:
    """The mails as judged, one after the other and none kept; where rules are compared, those only whose answer changes."""
    for mail in mails:
        judged = rehearsal.judge(mail)
        tally.read += 1
        if judged.changes:
            tally.ways[judged.way] += 1
            if report is not None:
                report.add(card(judged, rehearsal.books))
            yield judged
