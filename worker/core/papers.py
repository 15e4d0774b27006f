"""What an attached document is and says: a purchase order, our own invoice sent back, or a letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from worker.core import amounts, directories, texts
from worker.core.claims import Role, role_of
from worker.core.invoices import Customer, Invoice, Issuer
from worker.core.lexicons import Lexicon
from worker.core.messages import Attachment
from worker.core.numbers import Kind
from worker.core.purchase_orders import PoNumber
from worker.core.readings import Piece, Placed

_HEAD = 600
_LETTER_HEAD = 3_000


class Paper(StrEnum):
    """What kind of document an attachment is."""

    ORDER = "purchase order"
    OWN_INVOICE = "our own invoice"
    LETTER = "letter"
    UNREAD = "not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """An attached purchase order: the numbers it may bear, and what it says of supplier, currency and totals.

    ``totals`` are gross where the document has gross totals (``net`` false). ``made_out_to_us`` is whether the issuer's name stands on it.
    """

    file_name: str
    numbers: tuple[PoNumber, ...]
    made_out_to_us: bool
    currencies: frozenset[str]
    totals: tuple[Decimal, ...]
    net: bool

    def mismatch(self, invoices: Iterable[Invoice]) -> str | None:
        """Why this order can't be the one for ``invoices``: other supplier, other currency, or a total below the invoices'.

        None if it can.
        """
        if not self.made_out_to_us:
            return f"the attached order {self.file_name} is made out to another supplier"
        billed = list(invoices)
        for invoice in billed:
            if self.currencies and invoice.currency not in self.currencies:
                own = ", ".join(sorted(self.currencies))
                return f"the attached order {self.file_name} is in {own}, invoice {invoice.number} in {invoice.currency}"
        wanted = sum((invoice.net if self.net and invoice.lines else invoice.total for invoice in billed), Decimal(0))
        if self.totals and max(self.totals) < wanted:
            return f"the attached order {self.file_name} totals {max(self.totals)}, below {wanted}"
        return None


def kind_of(piece: Piece | None, issuer: Issuer, lexicon: Lexicon) -> Paper:
    """What an attachment is, by its text as read in ``piece``; None where it could not be read."""
    if piece is None or not piece.text.strip():
        return Paper.UNREAD
    head = piece.marked[:_HEAD]
    if _is_own_invoice(piece, issuer, lexicon):
        return Paper.OWN_INVOICE
    if lexicon.order_titles.found(head) and not _speaks(piece, lexicon):
        return Paper.ORDER
    return Paper.LETTER


def _is_own_invoice(piece: Piece, issuer: Issuer, lexicon: Lexicon) -> bool:
    """Our own invoice begins with our name and its own number, and asks for payment to us; an order has its title above our name."""
    first = texts.clean(piece.text[:_HEAD]).casefold()
    named = directories.named(first, issuer.name)
    invoice = next((placed for placed in piece.of(Kind.INVOICE) if _is_ours(placed, piece, lexicon)), None)
    return (
        named
        and invoice is not None
        and invoice.start < _HEAD
        and (place := first.find(_first_word(issuer.name))) < 250
        and not lexicon.order_titles.found(first[: max(place, 0)])
        and not lexicon.salutations.found(first)
    )


def _is_ours(placed: Placed, piece: Piece, lexicon: Lexicon) -> bool:
    found = placed.token.found
    return found is not None and bool(found.invoices) and (found.sure or lexicon.invoice_before.found(piece.before(placed)))


def _first_word(name: str) -> str:
    return texts.clean(name).casefold().split()[0] if name.split() else ""


def _speaks(piece: Piece, lexicon: Lexicon) -> bool:
    """Whether the document is a letter that talks about an invoice of ours, rather than an order."""
    names_invoice = any(placed.token.found and placed.token.found.invoices for placed in piece.of(Kind.INVOICE))
    return lexicon.salutations.found(piece.marked[:_LETTER_HEAD]) and names_invoice


def purchase_order(attachment: Attachment, piece: Piece, issuer: Issuer, customer: Customer, lexicon: Lexicon) -> PurchaseOrder:
    """The purchase order in ``attachment``.

    Its number is the code with the customer's format, else the one that is called the order's number.
    """
    totals, net = _totals(piece, lexicon)
    return PurchaseOrder(
        file_name=attachment.name or "(unnamed)",
        numbers=_numbers(piece, customer, lexicon),
        made_out_to_us=directories.named(piece.text, issuer.name),
        currencies=_currencies(piece, lexicon),
        totals=totals,
        net=net,
    )


def _numbers(piece: Piece, customer: Customer, lexicon: Lexicon) -> tuple[PoNumber, ...]:
    roles = {placed: role_of(placed, piece, lexicon, None) for placed in piece.of(Kind.CODE)}
    formatted = [
        placed for placed, role in roles.items() if placed.token.formatted and role not in (Role.NOT_PO, Role.REFUSED, Role.EXAMPLE)
    ]
    labelled = [placed for placed, role in roles.items() if role is Role.PO and (customer.po_format is None or placed.token.formatted)]
    chosen = labelled[:1] or formatted if customer.po_format else labelled[:1]
    return tuple(dict.fromkeys(PoNumber(placed.token.text) for placed in chosen))


def _totals(piece: Piece, lexicon: Lexicon) -> tuple[tuple[Decimal, ...], bool]:
    """The totals that stand on the order and whether they are net, gross ones going first."""
    gross: list[Decimal] = []
    net: list[Decimal] = []
    for placed in piece.of(Kind.AMOUNT):
        row = piece.rows()[piece.row_of(placed)]
        if placed.token.amount is None:
            continue
        if lexicon.net_totals.found(row):
            net += placed.token.amount.readings
        elif lexicon.totals.found(row):
            gross += placed.token.amount.readings
    return (tuple(gross), False) if gross else (tuple(net), True)


def _currencies(piece: Piece, lexicon: Lexicon) -> frozenset[str]:
    """The currencies that the order's totals are in; where those name none, all that the order names by code."""
    beside = [
        currency
        for placed in piece.of(Kind.AMOUNT)
        if placed.token.amount is not None and _is_total(piece.rows()[piece.row_of(placed)], lexicon)
        for currency in placed.token.amount.currencies
    ]
    return frozenset(beside) or frozenset(
        code for code in amounts.CODES if code in piece.text.replace("(", " ").replace(")", " ").replace(":", " ").split()
    )


def _is_total(row: str, lexicon: Lexicon) -> bool:
    return lexicon.totals.found(row) or lexicon.net_totals.found(row)
