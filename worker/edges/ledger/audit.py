"""The audit trail: entries are only added, each sealed with the hash of the one before, so that no later change goes unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, select

from worker.core.purchase_orders import PoNumber
from worker.edges.ledger import vaults
from worker.edges.ledger.columns import storable
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import accounts, amendments, invoices
from worker.edges.ledger.values import AuditEntry

_UNSEALED = ("id", "account", "hash")
_SEALED = tuple(column.name for column in amendments.columns if column.name not in _UNSEALED)


def append(db: Connection, store: Store, entries: Sequence[Mapping[str, object]]) -> None:
    """Add ``entries`` (columns of the table) to the account's chain, in the transaction of ``db``."""
    mine = accounts.c.id == store.account
    # The account's row is locked first, so that two writers can't both follow the same entry.
    head = db.execute(select(accounts.c.chain_length, accounts.c.chain_head).where(mine).with_for_update()).one()
    length, previous = head.chain_length, head.chain_head
    for entry in entries:
        length += 1
        sealed = {**{key: _clean(value) for key, value in entry.items()}, "sequence": length, "previous_hash": previous}
        previous = seal(store.name, sealed)
        db.execute(insert(amendments), {**sealed, "account": store.account, "hash": previous})
    db.execute(accounts.update().where(mine), {"chain_length": length, "chain_head": previous})


def seal(account: str, entry: Mapping[str, Any]) -> str:
    """The SHA-256 (hex) over an entry's canonical JSON: keys sorted, no spaces, UTF-8, moments in UTC."""
    canonical = {"account": account, **{key: _canonical(entry.get(key)) for key in _SEALED}}
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def history(store: Store, invoice: str) -> list[AuditEntry]:
    query = select(amendments).where(amendments.c.account == store.account, amendments.c.invoice == invoice)
    with store.reading() as db:
        return [entry_of(row) for row in db.execute(query.order_by(amendments.c.sequence))]


def verify_chain(store: Store) -> list[str]:
    """What is wrong with the trail, a sentence each: entries changed, removed, added or moved, invoices and PDFs that say otherwise."""
    with store.reading() as db:
        return [*_chain_problems(db, store), *_invoice_problems(db, store.account), *vaults.problems(db, store.account)]


def entry_of(row: Row[Any]) -> AuditEntry:
    columns = {key: value for key, value in row._mapping.items() if key in AuditEntry.__dataclass_fields__}
    return AuditEntry(**{**columns, "old_po": _po(row.old_po), "new_po": _po(row.new_po)})


def _chain_problems(db: Connection, store: Store) -> Iterator[str]:
    length, previous = 0, ""
    for row in db.execute(select(amendments).where(amendments.c.account == store.account).order_by(amendments.c.sequence, amendments.c.id)):
        subject = f"Audit entry {row.sequence} ({row.invoice or row.customer or row.kind})"
        if row.sequence != length + 1:
            yield f"{subject} comes after entry {length}: entries were removed, added or moved."
        elif row.previous_hash != previous:
            yield f"{subject} does not follow on the entry before it: entries were removed, added or moved."
        if seal(store.name, row._asdict()) != row.hash:
            yield f"{subject} was changed after it was written."
        length, previous = row.sequence, row.hash
    head = db.execute(select(accounts.c.chain_length, accounts.c.chain_head).where(accounts.c.id == store.account)).one()
    if (head.chain_length, head.chain_head) != (length, previous):
        yield f"The audit trail ends with entry {length}, but {head.chain_length} were written: entries were removed or added at its end."


def _invoice_problems(db: Connection, account: int) -> Iterator[str]:
    last = (
        select(amendments.c.invoice, func.max(amendments.c.revision).label("revision"))
        .where(amendments.c.account == account, amendments.c.kind == "amendment")
        .group_by(amendments.c.invoice)
        .subquery()
    )
    entry = and_(amendments.c.account == account, amendments.c.invoice == last.c.invoice, amendments.c.revision == last.c.revision)
    query = (
        select(invoices.c.number, invoices.c.po_number, invoices.c.revision, amendments.c.new_po, last.c.revision.label("written"))
        .outerjoin_from(invoices, last, last.c.invoice == invoices.c.number)
        .outerjoin(amendments, entry)
        .where(invoices.c.account == account)
        .where((invoices.c.revision > 0) | last.c.revision.is_not(None))
    )
    for row in db.execute(query):
        if row.revision != (row.written or 0):
            yield f"Invoice {row.number} is at revision {row.revision}, but its last audit entry made revision {row.written or 0}."
        elif row.po_number != row.new_po:
            yield f"Invoice {row.number} shows purchase order {row.po_number or 'none'}, but its last audit entry gave it {row.new_po}."


def _canonical(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return list(value) if isinstance(value, tuple) else value


def _clean(value: object) -> object:
    """The value as it will come back from the database, because the seal is checked against that."""
    if isinstance(value, str):
        return storable(value)
    return tuple(storable(text) for text in value) if isinstance(value, tuple) else value


def _po(text: str | None) -> PoNumber | None:
    return None if text is None else PoNumber(text)
