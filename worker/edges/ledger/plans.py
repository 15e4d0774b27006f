"""What an import would do: what is safe to add or update, what is kept, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, select

from worker.core import purchase_orders
from worker.core.invoices import Books, Customer, Invoice, Status
from worker.edges.ledger import shelves
from worker.edges.ledger.tables import amendments

_FIXED = {
    "customer": "customer",
    "issue_date": "issue date",
    "due_date": "due date",
    "currency": "currency",
    "total": "total",
    "lines": "lines",
}
"""What an issued invoice keeps for ever, and how a person calls it."""

_STEPS = {(Status.ISSUED, Status.PAID), (Status.ISSUED, Status.VOID)}


@dataclass(kw_only=True)
class Plan:
    """What an import would add and update, and what stands against it; ``customers`` are all, by id, as they are afterwards."""

    new_customers: list[Customer] = field(default_factory=list)
    changed_customers: list[Customer] = field(default_factory=list)
    new_invoices: list[Invoice] = field(default_factory=list)
    changed_invoices: list[Invoice] = field(default_factory=list)
    customers: dict[str, Customer] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def plan_import(db: Connection, account: int, books: Books) -> Plan:
    """Hold ``books`` against those in the ledger, in the transaction of ``db``."""
    plan = Plan()
    known_customers = shelves.customers_since(db, account, -1)
    known_invoices = shelves.invoices_named(db, account, [invoice.number for invoice in books.invoices])
    learned = set(db.scalars(select(amendments.c.customer).where(amendments.c.account == account, amendments.c.kind == "standing_po")))
    for customer in books.customers:
        _plan_customer(plan, customer, known_customers.get(customer.id), learned)
    plan.customers = known_customers | books.customer_by_id
    for invoice in books.invoices:
        if invoice.customer not in plan.customers:
            unknown = f"Invoice {invoice.number} is of customer {invoice.customer}, who is not in the books; import the customer first."
            plan.refusals.append(unknown)
        else:
            _plan_invoice(plan, invoice, known_invoices.get(invoice.number))
    return plan


def _plan_customer(plan: Plan, given: Customer, known: Customer | None, learned: set[str]) -> None:
    if known is None:
        plan.new_customers.append(given)
        return
    if given.id in learned and given.standing_po != known.standing_po:
        plan.notes.append(f"{known.name} keeps standing purchase order {known.standing_po}, which came by mail.")
        given = replace(given, standing_po=known.standing_po)
    if given != known:
        plan.changed_customers.append(given)


def _plan_invoice(plan: Plan, given: Invoice, known: Invoice | None) -> None:
    if known is None:
        plan.new_invoices.append(replace(given, revision=0))
        return
    differences = [word for name, word in _FIXED.items() if getattr(given, name) != getattr(known, name)]
    if differences:
        told = " and ".join(differences)
        plan.refusals.append(f"Invoice {given.number} was issued with another {told}; an issued invoice is never changed.")
        return
    if given.status is not known.status and (known.status, given.status) not in _STEPS:
        plan.refusals.append(f"Invoice {given.number} is {known.status} and can't become {given.status} again.")
        return
    merged = _merged(plan, given, known)
    if merged != known:
        plan.changed_invoices.append(merged)


def _merged(plan: Plan, given: Invoice, known: Invoice) -> Invoice:
    sent = (*known.sent_message_ids, *(each for each in given.sent_message_ids if each not in known.sent_message_ids))
    po = known.po_number
    if po is None and known.revision == 0:
        po = given.po_number
    elif given.po_number is not None and not purchase_orders.same(po, given.po_number):
        plan.notes.append(f"Invoice {known.number} keeps purchase order {po}; the file says {given.po_number}.")
    return replace(known, status=given.status, notes=given.notes, sent_message_ids=sent, po_number=po)
