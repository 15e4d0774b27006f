"""The books as they stand: read once, kept, and refreshed by what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, select

from worker.core.invoices import Books, Customer, Invoice, Issuer, Line, Mode, Status
from worker.core.purchase_orders import PoNumber
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import accounts, contacts, customers, invoice_lines, invoices, sent_message_ids

_AT_A_TIME = 500
"""How many numbers one query names; databases have a limit."""

_VERSION = select(accounts.c.books_version).where(accounts.c.id == bindparam("mine"))


@dataclass
class Shelf:
    """The books of one account in memory, as of ``version``."""

    store: Store
    issuer: Issuer
    version: int = -1
    _books: Books | None = None
    _lock: Lock = field(default_factory=Lock)

    def books(self) -> Books:
        with self._lock, self.store.reading() as db:
            version = version_of(db, self.store.account)
            if self._books is None or version != self.version:
                customers = customers_since(db, self.store.account, self.version)
                invoices = invoices_since(db, self.store.account, self.version)
                self._books = (self._books or Books(issuer=self.issuer)).with_changes(customers.values(), invoices.values())
                self.version = version
            return self._books


def version_of(db: Connection, account: int) -> int:
    return int(db.scalars(_VERSION, {"mine": account}).one())


def turn_page(db: Connection, account: int) -> int:
    """Begin a new version of the books, in the transaction of ``db``; rows written with it are seen by every ledger's cache."""
    mine = accounts.c.id == account
    return int(
        db.execute(
            accounts.update().where(mine).values(books_version=accounts.c.books_version + 1).returning(accounts.c.books_version)
        ).scalar_one()
    )


def invoice(store: Store, number: str) -> Invoice | None:
    with store.reading() as db:
        return invoices_named(db, store.account, [number]).get(number)


def customers_since(db: Connection, account: int, version: int) -> dict[str, Customer]:
    rows = db.execute(
        select(customers).where(customers.c.account == account, customers.c.changed_in > version).order_by(customers.c.id)
    ).all()
    emails: dict[str, list[str]] = {}
    for row in db.execute(_of_changed(contacts, "customer", customers, "customer", account, version)) if rows else ():
        emails.setdefault(row.customer, []).append(row.email)
    return {row.customer: _customer(row, tuple(emails.get(row.customer, ()))) for row in rows}


def invoices_since(db: Connection, account: int, version: int) -> dict[str, Invoice]:
    rows = db.execute(select(invoices).where(invoices.c.account == account, invoices.c.changed_in > version).order_by(invoices.c.id)).all()
    if not rows:
        return {}
    lines = db.execute(_of_changed(invoice_lines, "invoice", invoices, "number", account, version))
    sent = db.execute(_of_changed(sent_message_ids, "invoice", invoices, "number", account, version))
    return _invoices(rows, lines, sent)


def invoices_named(db: Connection, account: int, numbers: Sequence[str]) -> dict[str, Invoice]:
    """The invoices of these numbers, as far as there are any."""
    found: dict[str, Invoice] = {}
    for start in range(0, len(numbers), _AT_A_TIME):
        some = numbers[start : start + _AT_A_TIME]
        rows = db.execute(select(invoices).where(invoices.c.account == account, invoices.c.number.in_(some)).order_by(invoices.c.id)).all()
        found |= _invoices(rows, *(_of_named(db, children, account, some) for children in (invoice_lines, sent_message_ids)))
    return found


def _of_named(db: Connection, children: Table, account: int, numbers: Sequence[str]) -> Iterable[Row[Any]]:
    query = select(children).where(children.c.account == account, children.c.invoice.in_(numbers))
    return db.execute(query.order_by(children.c.invoice, children.c.position)).all()


def _of_changed(children: Table, of: str, parents: Table, key: str, account: int, version: int) -> Any:
    changed = (parents.c.account == children.c.account) & (parents.c[key] == children.c[of]) & (parents.c.changed_in > version)
    query = select(children).join(parents, changed) if version >= 0 else select(children)
    return query.where(children.c.account == account).order_by(children.c[of], children.c.position)


def _invoices(rows: Iterable[Row[Any]], lines: Iterable[Row[Any]], sent: Iterable[Row[Any]]) -> dict[str, Invoice]:
    lines_of: dict[str, list[Line]] = {}
    for line in lines:
        printed = Line(description=line.description, quantity=line.quantity, unit_price=line.unit_price, tax_rate=line.tax_rate)
        lines_of.setdefault(line.invoice, []).append(printed)
    sent_of: dict[str, list[str]] = {}
    for each in sent:
        sent_of.setdefault(each.invoice, []).append(each.message_id)
    return {row.number: _invoice(row, tuple(lines_of.get(row.number, ())), tuple(sent_of.get(row.number, ()))) for row in rows}


def _invoice(row: Row[Any], lines: tuple[Line, ...], sent: tuple[str, ...]) -> Invoice:
    return Invoice(
        number=row.number,
        customer=row.customer,
        issue_date=row.issue_date,
        due_date=row.due_date,
        currency=row.currency,
        total=row.total,
        po_number=None if row.po_number is None else PoNumber(row.po_number),
        status=Status(row.status),
        sent_message_ids=sent,
        lines=lines,
        notes=row.notes,
        revision=row.revision,
    )


def _customer(row: Row[Any], emails: tuple[str, ...]) -> Customer:
    return Customer(
        id=row.customer,
        name=row.name,
        contacts=emails,
        domains=row.domains,
        networks=row.networks,
        requires_po=row.requires_po,
        po_format=row.po_format,
        standing_po=None if row.standing_po is None else PoNumber(row.standing_po),
        language=row.language,
        address=row.address,
        mode=None if row.mode is None else Mode(row.mode),
    )
