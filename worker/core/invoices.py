"""Customers, their invoices, and the one change that an issued invoice may see: an amendment of its purchase-order number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property

from worker.core import purchase_orders
from worker.core.catalogues import Catalogue
from worker.core.directories import Directory
from worker.core.purchase_orders import PoNumber
from worker.core.receivables import Receivables
from worker.errors import NeedsAPerson

CENT = Decimal("0.01")
_NONE = Receivables(())


class NotAmendable(NeedsAPerson):
    """The invoice may not get this PO number; the text says why."""


class Status(StrEnum):
    """Where an invoice stands: issued may be amended, paid and void are locked."""

    ISSUED = "issued"
    PAID = "paid"
    VOID = "void"


class Mode(StrEnum):
    """How far the worker may go: show what it would do, prepare it for a yes, or do it."""

    OBSERVE = "observe"
    SUGGEST = "suggest"
    AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One invoice line (EN 16931 BG-25); ``tax_rate`` is in percent, amounts are net of tax."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal

    @property
    def net(self) -> Decimal:
        return (self.quantity * self.unit_price).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An issued invoice. Its number, dates, currency, lines and total never change; ``po_number`` only through ``amend``.

    ``total`` is gross, in ``currency`` (ISO 4217). ``revision`` counts amendments, 0 being the invoice as issued.
    """

    number: str
    customer: str
    issue_date: date
    due_date: date
    currency: str
    total: Decimal
    po_number: PoNumber | None = None
    status: Status = Status.ISSUED
    sent_message_ids: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    notes: tuple[str, ...] = ()
    revision: int = 0

    @property
    def net(self) -> Decimal:
        """The sum of the lines before tax (BT-109)."""
        return sum((line.net for line in self.lines), Decimal(0))

    @property
    def tax_by_rate(self) -> dict[Decimal, Decimal]:
        """The tax amount for each rate in percent (BG-23), each rounded once (BR-CO-17)."""
        bases: dict[Decimal, Decimal] = {}
        for line in self.lines:
            bases[line.tax_rate] = bases.get(line.tax_rate, Decimal(0)) + line.net
        return {rate: (base * rate / 100).quantize(CENT, ROUND_HALF_UP) for rate, base in sorted(bases.items())}

    @property
    def gross(self) -> Decimal:
        """What the lines and their tax add up to (BT-112)."""
        return self.net + sum(self.tax_by_rate.values(), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Someone we invoice, with the addresses and networks that speak for them.

    ``contacts[0]`` is where a reply goes when the sender can't take one.
    """

    id: str
    name: str
    contacts: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    requires_po: bool = False
    po_format: str | None = None
    standing_po: PoNumber | None = None
    language: str = "en"
    address: tuple[str, ...] = ()
    mode: Mode | None = None

    def owns(self, email: str) -> bool:
        """Whether ``email`` is a contact of this customer or lies in one of its domains or their subdomains."""
        return email in self.contacts or any(within(email.rpartition("@")[2], domain) for domain in self.domains)


def within(domain: str, parent: str) -> bool:
    """Whether ``domain`` is ``parent`` or a subdomain of it; both in lower case."""
    return bool(parent) and (domain == parent or domain.endswith("." + parent))


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues the invoices and whose mailbox is read; ``trusted_authserv`` is the authserv-id whose results count (RFC 8601 §5)."""

    name: str
    addresses: tuple[str, ...] = ()
    mailbox: str = ""
    trusted_authserv: str = ""
    address: tuple[str, ...] = ()
    tax_id: str = ""
    payment: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Books:
    """The issuer, its customers and its invoices as imported and amended so far."""

    issuer: Issuer
    customers: tuple[Customer, ...] = ()
    invoices: tuple[Invoice, ...] = ()

    @cached_property
    def customer_by_id(self) -> dict[str, Customer]:
        return {customer.id: customer for customer in self.customers}

    @cached_property
    def invoice_by_number(self) -> dict[str, Invoice]:
        return {invoice.number: invoice for invoice in self.invoices}

    @cached_property
    def invoices_by_customer(self) -> dict[str, tuple[Invoice, ...]]:
        grouped: dict[str, list[Invoice]] = {}
        for invoice in self.invoices:
            grouped.setdefault(invoice.customer, []).append(invoice)
        return {customer: tuple(invoices) for customer, invoices in grouped.items()}

    @cached_property
    def _receivables(self) -> dict[str, Receivables]:
        return {}

    def receivables(self, customer: Customer | None) -> Receivables:
        """The invoices of ``customer``; none of nobody."""
        if customer is None:
            return _NONE
        found = self._receivables.get(customer.id)
        if found is None:
            found = self._receivables[customer.id] = Receivables(self.invoices_by_customer.get(customer.id, ()))
        return found

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.customers)

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(invoice.number for invoice in self.invoices)

    @cached_property
    def invoice_by_message_id(self) -> dict[str, Invoice]:
        return {message_id: invoice for invoice in self.invoices for message_id in invoice.sent_message_ids}

    def with_changes(self, customers: Iterable[Customer], invoices: Iterable[Invoice]) -> Books:
        """These books with the given customers and invoices added, or in place of those that they are newer versions of."""
        by_id = self.customer_by_id | {customer.id: customer for customer in customers}
        by_number = self.invoice_by_number | {invoice.number: invoice for invoice in invoices}
        books = Books(issuer=self.issuer, customers=tuple(by_id.values()), invoices=tuple(by_number.values()))
        if len(books.invoices) == len(self.invoices):
            # The numbers are the same, and reading thousands of them anew for every amendment would take longer than the amendment.
            vars(books)["catalogue"] = self.catalogue
        return books


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """The purchase order of one issued invoice added or corrected: who asked, who applied, when, from which mail, old and new.

    ``requested_by`` and ``applied_by`` are addresses or "addendum"; ``evidence`` are the lines that were read.
    """

    invoice: str
    customer: str
    old_po: PoNumber | None
    new_po: PoNumber
    revision: int
    requested_by: str
    applied_by: str
    applied_at: datetime
    message_id: str | None = None
    reason: str = ""
    evidence: tuple[str, ...] = field(default=())


def amend(
    invoice: Invoice,
    po: PoNumber,
    customer: Customer,
    *,
    requested_by: str,
    applied_by: str,
    applied_at: datetime,
    message_id: str | None = None,
    reason: str = "",
    evidence: Iterable[str] = (),
) -> tuple[Invoice, Amendment]:
    """The invoice with its new PO number and the amendment that made it; nothing else differs.

    Raises NotAmendable when the invoice is not the customer's, paid or void, already shows that PO, or the PO does not fit the
    customer's format.
    """
    if invoice.customer != customer.id:
        raise NotAmendable(f"Invoice {invoice.number} is not an invoice of {customer.name}.")
    if invoice.status is not Status.ISSUED:
        raise NotAmendable(f"Invoice {invoice.number} is {invoice.status}; its purchase order can no longer be changed.")
    if not po.strip():
        raise NotAmendable(f"There is no purchase order number for invoice {invoice.number}.")
    if not purchase_orders.fits(po, customer.po_format):
        raise NotAmendable(f"{po} does not have the format of {customer.name}'s purchase orders ({customer.po_format}).")
    if purchase_orders.same(invoice.po_number, po):
        raise NotAmendable(f"Invoice {invoice.number} already shows purchase order {po}.")
    amended = replace(invoice, po_number=po, revision=invoice.revision + 1)
    amendment = Amendment(
        invoice=invoice.number,
        customer=customer.id,
        old_po=invoice.po_number,
        new_po=po,
        revision=amended.revision,
        requested_by=requested_by,
        applied_by=applied_by,
        applied_at=applied_at,
        message_id=message_id,
        reason=reason,
        evidence=tuple(evidence),
    )
    return amended, amendment
