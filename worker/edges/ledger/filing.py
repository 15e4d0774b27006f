"""Which decided mail is still to be filed on the server; best effort, never the truth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import sightings
from worker.edges.ledger.values import Sighting

DESTINATIONS = {
    **dict.fromkeys(("amended", "resent", "asked", "answered", "remembered"), "Done"),
    **dict.fromkeys(("held", "prepared", "failed"), "Waiting"),
}
"""Where mail of each status is filed. Ignored mail is none of our business and stays where its reader expects it."""

MOST_TRIES = 20


def destine(db: Connection, account: int, message: int, status: str) -> None:
    """Note where a message that came to ``status`` is to be filed from wherever it was seen, in the transaction of ``db``."""
    if status in DESTINATIONS:
        seen = (sightings.c.account == account, sightings.c.message == message)
        db.execute(sightings.update().where(*seen), {"destination": DESTINATIONS[status]})


def unfiled(store: Store, folder: str, uidvalidity: int, limit: int) -> list[Sighting]:
    query = (
        select(sightings.c.id, sightings.c.uid, sightings.c.destination)
        .where(sightings.c.account == store.account, sightings.c.folder == folder, sightings.c.uidvalidity == uidvalidity)
        .where(sightings.c.destination.is_not(None), sightings.c.filed_at.is_(None), sightings.c.filing_attempts < MOST_TRIES)
        .order_by(sightings.c.filing_attempts, sightings.c.uid)
        .limit(limit)
    )
    with store.reading() as db:
        rows = db.execute(query).all()
    return [Sighting(id=row.id, folder=folder, uidvalidity=uidvalidity, uid=row.uid, destination=row.destination) for row in rows]


def filed(store: Store, ids: Sequence[int], now: datetime) -> None:
    with store.writing() as db:
        db.execute(
            sightings.update().where(sightings.c.account == store.account, sightings.c.id.in_(ids)).values(filed_at=now, filing_error=None)
        )


def filing_failed(store: Store, ids: Sequence[int], why: str) -> None:
    again = {"filing_attempts": sightings.c.filing_attempts + 1, "filing_error": why}
    with store.writing() as db:
        db.execute(sightings.update().where(sightings.c.account == store.account, sightings.c.id.in_(ids)).values(again))
