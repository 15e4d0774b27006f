"""What waits for a person, and the outcome that each has ready for a yes."""

from __future__ import annotations

from sqlalchemy import select

from worker.core.outcomes import Outcome
from worker.edges.ledger import prepared
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import hold_contents, holds, messages
from worker.edges.ledger.values import Hold


def open_holds(store: Store) -> list[Hold]:
    query = select(holds.c.id, holds.c.message, holds.c.kind, holds.c.opened_at, messages.c.decision).join(messages)
    with store.reading() as db:
        rows = db.execute(query.where(holds.c.account == store.account, holds.c.closed_at.is_(None)).order_by(holds.c.id)).all()
    return [
        Hold(id=row.id, message=row.message, kind=row.kind, opened_at=row.opened_at, decision=prepared.read_decision(row.decision))
        for row in rows
    ]


def held_outcome(store: Store, hold: int) -> Outcome:
    """The prepared outcome with all its bytes; raises KeyError for a hold that is not there."""
    with store.reading() as db:
        text = db.scalar(select(holds.c.outcome).where(holds.c.account == store.account, holds.c.id == hold))
        rows = db.execute(select(hold_contents.c.sha256, hold_contents.c.content).where(hold_contents.c.hold == hold)).all()
    if text is None:
        raise KeyError(hold)
    return prepared.read_outcome(text, {row.sha256: row.content for row in rows})
