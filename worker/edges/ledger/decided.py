"""What became of the mails: each with its decision, in the order they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Row, func, select

from worker.core.decisions import Decision
from worker.edges.ledger import envelopes, prepared
from worker.edges.ledger.envelopes import HEAD_BYTES
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import messages, raw_messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A mail that was decided; ``sender`` and ``subject`` are what its own header says, decoded but not trusted."""

    message: int
    sender: str
    subject: str
    received_at: datetime
    status: str
    decision: Decision


def decided(store: Store, since: datetime) -> list[Decided]:
    with store.reading() as db:
        head = func.substr(raw_messages.c.raw, 1, HEAD_BYTES, type_=LargeBinary).label("head")
        rows = db.execute(
            select(messages.c.id, messages.c.received_at, messages.c.status, messages.c.decision, head)
            .join(raw_messages, raw_messages.c.message == messages.c.id)
            .where(messages.c.account == store.account, messages.c.decision.is_not(None), messages.c.decided_at > since)
            .order_by(messages.c.id)
        ).all()
    return [_decided(row) for row in rows]


def _decided(row: Row[Any]) -> Decided:
    envelope = envelopes.read(row.head)
    return Decided(
        message=row.id,
        sender=envelope.sender,
        subject=envelope.subject,
        received_at=row.received_at,
        status=row.status,
        decision=prepared.read_decision(row.decision),
    )
