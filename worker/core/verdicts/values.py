"""What a verdict says, and the matter that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from worker.core import claims, evidence, matches, purchase_orders
from worker.core.cases import Case
from worker.core.claims import SETTLED, Claim
from worker.core.decisions import Action, Need, PoChange, Topic
from worker.core.invoices import Invoice
from worker.core.matches import Match
from worker.core.purchase_orders import PoNumber
from worker.core.readings import Source, read

_AP = """
missing-po invalid-po rejected copy-request clock-restarted booked-twice backdating provenance future-po amount-change
tax-change currency-change new-number split bill-to-change bank-change remittance po-to-follow no-po-needed
correction-request
"""
AP_RULES = tuple(_AP.split())
"""The rules that tell a matter of accounts payable from other mail."""


WANTING = (
    *("correction-request", "copy-request", "missing-po", "invalid-po", "rejected", "future-po"),
    *("same-as", "same-as-elided", "po-attached"),
)
"""The rules that speak for a change: something is asked for, or said to be wrong with the invoice."""


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
    """A case with the invoices it is about and the PO numbers it gives for them, each told once a question asks for it."""

    case: Case

    @cached_property
    def match(self) -> Match:
        """The invoices that the case is about."""
        return matches.find(self.case)

    @property
    def invoices(self) -> tuple[Invoice, ...]:
        return self.match.invoices

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The PO numbers that count."""
        case = self.case
        return (*(claim for claim in self._proposed if claim.fits and not _refused(claim, case)), *evidence.strongest(case))

    @cached_property
    def misfits(self) -> tuple[Claim, ...]:
        """Numbers called a PO that have not the customer's format."""
        return (*(claim for claim in self._proposed if not claim.fits), *evidence.misfits(self.case))

    @cached_property
    def doubted(self) -> tuple[Claim, ...]:
        """Numbers that the mail only asks or wonders about."""
        return evidence.doubted(self.case)

    @cached_property
    def orders_say(self) -> tuple[PoNumber, ...]:
        """The numbers that attached purchase orders bear."""
        return tuple(dict.fromkeys(number for order in self.case.orders for number in order.numbers))

    @property
    def new_claims(self) -> tuple[Claim, ...]:
        """The claims that are not just the number that the invoices already show."""
        current = [invoice.po_number for invoice in self.invoices] if self.claims else []
        return tuple(claim for claim in self.claims if not any(purchase_orders.same(claim.po, po) for po in current))

    @cached_property
    def _proposed(self) -> tuple[Claim, ...]:
        """The PO numbers that a Peppol response proposes in its BT-13 condition."""
        case = self.case
        if case.customer is None:
            return ()
        found: list[Claim] = []
        for po in dict.fromkeys(po for response in case.responses for po in response.purchase_orders):
            piece = read(Source.LETTER, f"PO: {po}", catalogue=case.books.catalogue, lexicon=case.lexicon, formats=case.formats)
            found += claims.read(piece, case.customer, case.lexicon, head=case.po_head)
        return tuple(found)


def _refused(claim: Claim, case: Case) -> bool:
    """Whether what a person writes beside a response refuses the number that it proposes."""
    return any(other.role in SETTLED and other.po == claim.po for other in case.claims)


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
