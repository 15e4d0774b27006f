"""Keeps, with each invoice, the face that it was issued with; written once, at its first import."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select

from worker.core import imprints as faces
from worker.core.imprints import Imprint
from worker.core.invoices import Customer, Invoice, Issuer
from worker.edges.ledger import prepared
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import imprints

_READER: TypeAdapter[Imprint] = TypeAdapter(Imprint)


def imprint(store: Store, invoice: str) -> Imprint | None:
    query = select(imprints.c.imprint).where(imprints.c.account == store.account, imprints.c.invoice == invoice)
    with store.reading() as db:
        kept = db.scalar(query)
    return None if kept is None else _READER.validate_python(json.loads(kept))


def rows(account: int, invoices: Iterable[Invoice], *, issuer: Issuer, customers: dict[str, Customer]) -> Iterable[dict[str, Any]]:
    """A row for each of the new ``invoices``, of customers who are in the books."""
    for each in invoices:
        face = faces.of(each, issuer=issuer, customer=customers[each.customer])
        yield {"account": account, "invoice": each.number, "imprint": prepared.write(face)}
