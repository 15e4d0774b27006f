"""Decisions side by side, and in the order in which a person wants to look at them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from worker.core.decisions import Action, Decision, Evidence

INTEREST = (
    Action.AMEND,
    Action.REMEMBER,
    Action.REISSUE,
    Action.RESEND,
    Action.ASK,
    Action.ANSWER,
    Action.HOLD,
    Action.IGNORE,
)
"""What a person wants to see first: what changes an invoice, then what is written, then what waits."""

_UNKEPT = re.compile(r"(?:\\u(?:d[89a-f][0-9a-f]{2}|fffd|0000))+")
"""NUL and surrogates as JSON writes them, and what stands for them once they were kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """A letter as it is read: to whom, its subject, the names of the files that come with it, and its lines."""

    recipient: str
    subject: str
    enclosed: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One mail of a rehearsal, for a person to look at; ``before`` is what other rules would have decided.

    ``customer`` is a name. ``moment`` is when the mail came, or says that it was written.
    """

    moment: datetime | None
    sender: str
    subject: str
    decision: Decision
    customer: str = ""
    before: Decision | None = None
    letter: LetterText | None = None


def differ(one: Decision, other: Decision) -> bool:
    """Whether something else is decided, or for another reason; other evidence alone is no difference."""
    return _bare(one) != _bare(other)


def interest(decision: Decision) -> int:
    """The lower, the earlier it is shown: by what is done, and within that first what is about an invoice of ours."""
    return 2 * INTEREST.index(decision.action) + (not decision.invoices and not decision.changes)


def _bare(decision: Decision) -> str:
    """The decision without its evidence, told alike whether or not it was kept in a database, which changes what it can't hold."""
    return _UNKEPT.sub("?", json.dumps(asdict(replace(decision, evidence=Evidence()))))
