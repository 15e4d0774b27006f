"""The kept PDFs: given out only while they are, byte for byte, what was kept and what the audit trail names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from worker.core.outcomes import Document
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import amendments, documents
from worker.errors import NeedsAPerson

_AT_A_TIME = 20
"""How many PDFs are in memory at once while all are checked."""

_Hashes = dict[tuple[str, int], set[str]]


def document(store: Store, number: str, revision: int | None) -> Document | None:
    """Raises NeedsAPerson where the PDF is no longer the one that was kept."""
    query = select(documents).where(documents.c.account == store.account, documents.c.invoice == number)
    if revision is not None:
        query = query.where(documents.c.revision == revision)
    with store.reading() as db:
        row = db.execute(query.order_by(documents.c.revision.desc(), documents.c.id.desc()).limit(1)).first()
        if row is None:
            return None
        if not _is_as_kept(row, _named(db, store.account, number)):
            raise NeedsAPerson(f"{_changed(row)} Restore it from a backup; `addendum check` names all that were changed.")
    return Document(invoice=row.invoice, revision=row.revision, sha256=row.sha256, content=row.content)


def problems(db: Connection, account: int) -> Iterator[str]:
    """The PDFs that were changed or removed since they were kept, a sentence each."""
    missing = _named(db, account)
    named = {paper: set(hashes) for paper, hashes in missing.items()}
    query = select(documents).where(documents.c.account == account).order_by(documents.c.id)
    for row in db.execute(query, execution_options={"yield_per": _AT_A_TIME}):
        missing.get((row.invoice, row.revision), set()).discard(row.sha256)
        if not _is_as_kept(row, named):
            yield _changed(row)
    for (invoice, revision), hashes in missing.items():
        if hashes:
            yield f"The PDF of invoice {invoice} in revision {revision} that an audit entry names is not kept any more."


def _named(db: Connection, account: int, invoice: str | None = None) -> _Hashes:
    """The SHA-256 of each PDF that the audit trail names: by the entry that it was made with, and by the one that replaced it."""
    query = select(amendments.c.invoice, amendments.c.revision, amendments.c.old_sha256, amendments.c.new_sha256)
    query = query.where(amendments.c.account == account, amendments.c.invoice.is_not(None), amendments.c.revision.is_not(None))
    found: _Hashes = {}
    for row in db.execute(query if invoice is None else query.where(amendments.c.invoice == invoice)):
        for revision, sha256 in ((row.revision - 1, row.old_sha256), (row.revision, row.new_sha256)):
            if sha256:
                found.setdefault((row.invoice, revision), set()).add(sha256)
    return found


def _is_as_kept(row: Row[Any], named: _Hashes) -> bool:
    expected = named.get((row.invoice, row.revision), {row.sha256})
    return row.sha256 in expected and hashlib.sha256(row.content).hexdigest() == row.sha256


def _changed(row: Row[Any]) -> str:
    return f"The PDF of invoice {row.invoice} in revision {row.revision} was changed in the database after it was kept."
