"""What is done with a mail: one value for each action, with the evidence it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from worker.core.purchase_orders import PoNumber


class Action(StrEnum):
    """The eight things that can be done with a mail."""

    AMEND = "amend"
    RESEND = "resend"
    ASK = "ask"
    ANSWER = "answer"
    REISSUE = "reissue"
    REMEMBER = "remember"
    HOLD = "hold"
    IGNORE = "ignore"


REPLYING = frozenset({Action.AMEND, Action.RESEND, Action.ASK, Action.ANSWER, Action.REMEMBER})
"""The actions that end in a letter to the customer."""


class Topic(StrEnum):
    """What an answer is about."""

    CLOCK = "clock"
    DUPLICATE = "duplicate"
    BACKDATING = "backdating"
    PROVENANCE = "provenance"


class Need(StrEnum):
    """Why a customer is asked for a PO number."""

    MISSING = "missing"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoChange:
    """A PO number to be put on one invoice."""

    invoice: str
    po: PoNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule that matched, and the very line that it matched in."""

    rule: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a decision rests on: who spoke and how that was proven, the rules that hit and missed, the lines read."""

    speaker: str = ""
    proof: str = ""
    hits: tuple[Hit, ...] = ()
    misses: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be done with one mail.

    ``changes`` are the PO numbers to apply (``amend``); ``standing_po`` is what the customer wants on all its future invoices
    (``remember``, or with an ``amend``). ``invoices`` are the invoices spoken of, ``asked_about`` those whose PO the reply asks
    for, ``topics`` what an ``answer`` is about. ``reply_to`` is one lower-case address, None where no letter goes out. ``reason``
    is one line for a person.
    """

    action: Action
    reason: str
    customer: str | None = None
    changes: tuple[PoChange, ...] = ()
    standing_po: PoNumber | None = None
    invoices: tuple[str, ...] = ()
    asked_about: tuple[str, ...] = ()
    need: Need | None = None
    topics: tuple[Topic, ...] = ()
    requested_by: str | None = None
    reply_to: str | None = None
    language: str = "en"
    evidence: Evidence = Evidence()

    def as_pairs(self) -> list[list[str]]:
        """The changes as [invoice number or "customer:<id>", PO number], the form that rehearsals print."""
        pairs = [[change.invoice, str(change.po)] for change in self.changes]
        if self.standing_po is not None and self.customer is not None:
            pairs.append([f"customer:{self.customer}", str(self.standing_po)])
        return pairs
