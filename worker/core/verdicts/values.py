"""What a verdict says, and the matter that it is about."""

from __future__ import annotations

from dataclasses import dataclass

from worker.core import purchase_orders
from worker.core.cases import Case
from worker.core.claims import Claim
from worker.core.decisions import Action, Need, PoChange, Topic
from worker.core.invoices import Invoice
from worker.core.matches import Match
from worker.core.purchase_orders import PoNumber

_AP = """
missing-po invalid-po rejected copy-request clock-restarted booked-twice backdating provenance future-po amount-change
tax-change currency-change new-number split bill-to-change bank-change remittance po-to-follow no-po-needed
correction-request
"""
AP_RULES = tuple(_AP.split())
"""The rules that tell a matter of accounts payable from other mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An action with its reason, and what it is about."""

    action: Action
    reason: str
    changes: tuple[PoChange, ...] = ()
    standing_po: PoNumber | None = None
    invoices: tuple[Invoice, ...] = ()
    asked_about: tuple[Invoice, ...] = ()
    need: Need | None = None
    topics: tuple[Topic, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A case with the invoices it is about and the PO numbers it gives for them.

    ``misfits`` are numbers called a PO that have not the customer's format, ``doubted`` those that the mail only asks or wonders about,
    ``orders_say`` the numbers that attached purchase orders bear.
    """

    case: Case
    match: Match
    claims: tuple[Claim, ...]
    misfits: tuple[Claim, ...]
    doubted: tuple[Claim, ...]
    orders_say: tuple[PoNumber, ...]

    @property
    def invoices(self) -> tuple[Invoice, ...]:
        return self.match.invoices

    @property
    def new_claims(self) -> tuple[Claim, ...]:
        """The claims that are not just the number that the invoices already show."""
        current = [invoice.po_number for invoice in self.invoices]
        return tuple(claim for claim in self.claims if not any(purchase_orders.same(claim.po, po) for po in current))


def hold(reason: str, *, invoices: tuple[Invoice, ...] = (), lines: tuple[str, ...] = ()) -> Verdict:
    return Verdict(action=Action.HOLD, reason=reason, invoices=invoices, lines=lines)


def ignore(reason: str) -> Verdict:
    return Verdict(action=Action.IGNORE, reason=reason)


def answer(matter: Matter, topic: Topic, reason: str, *more: Topic) -> Verdict:
    """Facts about the invoices, which stay as they are."""
    if not matter.invoices:
        return hold(f"{reason}, but it is not clear for which invoice")
    return Verdict(action=Action.ANSWER, reason=reason, invoices=matter.invoices, topics=(topic, *more))


def ask(matter: Matter, need: Need, reason: str) -> Verdict:
    """A question for the PO number of the invoices."""
    return Verdict(action=Action.ASK, reason=reason, invoices=matter.invoices, asked_about=matter.invoices, need=need)
