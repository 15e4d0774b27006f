"""Writes customers and invoices into their tables, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, insert

from worker.core.invoices import Customer, Invoice, Issuer
from worker.edges.ledger import imprints as faces
from worker.edges.ledger import shelves
from worker.edges.ledger.plans import Plan
from worker.edges.ledger.tables import contacts, customers, imprints, invoice_lines, invoices, sent_message_ids


def carry_out(db: Connection, account: int, plan: Plan, issuer: Issuer) -> None:
    """Write what ``plan`` adds and updates, in the transaction of ``db``; new invoices keep the face that ``issuer`` gives them."""
    if not (plan.new_customers or plan.changed_customers or plan.new_invoices or plan.changed_invoices):
        return
    version = shelves.turn_page(db, account)
    common = {"account": account, "changed_in": version}
    _insert(db, customers, ({**common, **_customer_row(each)} for each in plan.new_customers))
    _update(db, customers, "customer", ({**common, **_customer_row(each)} for each in plan.changed_customers))
    _replace_contacts(db, account, plan)
    _insert(db, invoices, ({**common, **_invoice_row(each)} for each in plan.new_invoices))
    _insert(db, invoice_lines, (row for each in plan.new_invoices for row in _line_rows(account, each)))
    _insert(db, imprints, faces.rows(account, plan.new_invoices, issuer=issuer, customers=plan.customers))
    _update(db, invoices, "number", ({**common, **_invoice_row(each)} for each in plan.changed_invoices))
    _delete(db, sent_message_ids, "invoice", account, (each.number for each in plan.changed_invoices))
    _insert(db, sent_message_ids, (row for each in (*plan.new_invoices, *plan.changed_invoices) for row in _sent_rows(account, each)))


def _replace_contacts(db: Connection, account: int, plan: Plan) -> None:
    _delete(db, contacts, "customer", account, (each.id for each in plan.changed_customers))
    _insert(db, contacts, (row for each in (*plan.new_customers, *plan.changed_customers) for row in _contact_rows(account, each)))


def _insert(db: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    listed = list(rows)
    if listed:
        db.execute(insert(table), listed)


def _update(db: Connection, table: Table, key: str, rows: Iterable[Mapping[str, Any]]) -> None:
    listed = [{**row, "_key": row[key], "_account": row["account"]} for row in rows]
    if listed:
        changed = {
            name: bindparam(name, type_=table.c[name].type) for name in listed[0] if name in table.c and name not in {key, "account"}
        }
        db.execute(table.update().where(*_row_named(table, key)).values(changed), listed)


def _delete(db: Connection, table: Table, key: str, account: int, values: Iterable[str]) -> None:
    listed = [{"_account": account, "_key": value} for value in values]
    if listed:
        db.execute(table.delete().where(*_row_named(table, key)), listed)


def _row_named(table: Table, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.account == bindparam("_account"), table.c[key] == bindparam("_key")


def _customer_row(customer: Customer) -> dict[str, Any]:
    return {
        "customer": customer.id,
        "name": customer.name,
        "domains": customer.domains,
        "networks": customer.networks,
        "requires_po": customer.requires_po,
        "po_format": customer.po_format,
        "standing_po": customer.standing_po,
        "language": customer.language,
        "address": customer.address,
        "mode": customer.mode,
    }


def _contact_rows(account: int, customer: Customer) -> Iterable[dict[str, Any]]:
    for position, email in enumerate(customer.contacts):
        yield {"account": account, "customer": customer.id, "position": position, "email": email}


def _invoice_row(invoice: Invoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "customer": invoice.customer,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "currency": invoice.currency,
        "total": invoice.total,
        "po_number": invoice.po_number,
        "status": str(invoice.status),
        "notes": invoice.notes,
        "revision": invoice.revision,
    }


def _line_rows(account: int, invoice: Invoice) -> Iterable[dict[str, Any]]:
    for position, line in enumerate(invoice.lines):
        yield {
            "account": account,
            "invoice": invoice.number,
            "position": position,
            "description": line.description,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "tax_rate": line.tax_rate,
        }


def _sent_rows(account: int, invoice: Invoice) -> Iterable[dict[str, Any]]:
    for position, message_id in enumerate(invoice.sent_message_ids):
        yield {"account": account, "invoice": invoice.number, "position": position, "message_id": message_id}
