"""Which decided mail is still to be filed on the server; best effort, never the truth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, select

from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import cursors, sightings
from worker.edges.ledger.values import Sighting

DESTINATIONS = {
    **dict.fromkeys(("amended", "resent", "asked", "answered", "remembered"), "Done"),
    **dict.fromkeys(("held", "prepared", "failed"), "Waiting"),
}
"""Where mail of each status is filed. Ignored mail is none of our business and stays where its reader expects it."""

SHORTEST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
"""How long a mail that the server would not move rests: twice as long each time. It is never given up."""

MANY_TRIES = 5
"""After so many, about half an hour, a person is told."""

_REST = (
    sightings.update()
    .where(sightings.c.id == bindparam("this"))
    .values(filing_attempts=bindparam("tries"), filing_error=bindparam("why"), next_filing_at=bindparam("again_at"))
)


def destine(db: Connection, account: int, message: int, status: str) -> None:
    """Note where a message that came to ``status`` is to be filed from wherever it was seen, in the transaction of ``db``."""
    if status in DESTINATIONS:
        seen = (sightings.c.account == account, sightings.c.message == message)
        db.execute(sightings.update().where(*seen), {"destination": DESTINATIONS[status]})


def destine_again(db: Connection, account: int, message: int, status: str) -> None:
    """The same for a message that was judged again; what was filed already lies where it lies."""
    unmoved = (sightings.c.account == account, sightings.c.message == message, sightings.c.filed_at.is_(None))
    db.execute(sightings.update().where(*unmoved), {"destination": DESTINATIONS.get(status)})


def unfiled(store: Store, folder: str, uidvalidity: int, limit: int, now: datetime) -> list[Sighting]:
    query = (
        select(sightings.c.id, sightings.c.uid, sightings.c.destination)
        .where(sightings.c.account == store.account, sightings.c.folder == folder, sightings.c.uidvalidity == uidvalidity)
        .where(sightings.c.destination.is_not(None), sightings.c.filed_at.is_(None))
        .where(or_(sightings.c.next_filing_at.is_(None), sightings.c.next_filing_at <= now))
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


def filing_failed(store: Store, ids: Sequence[int], why: str, now: datetime) -> None:
    tried = select(sightings.c.id, sightings.c.filing_attempts).where(sightings.c.account == store.account, sightings.c.id.in_(ids))
    with store.writing() as db:
        rests = [
            {"this": row.id, "tries": row.filing_attempts + 1, "why": why, "again_at": now + _rest(row.filing_attempts)}
            for row in db.execute(tried)
        ]
        if rests:
            db.execute(_REST, rests)


def stuck(db: Connection, account: int) -> tuple[int, str | None]:
    """How many mails the server would not move time and again, and what it said last; those of an old UIDVALIDITY are no more there."""
    newest = select(cursors.c.uidvalidity).where(cursors.c.account == sightings.c.account, cursors.c.folder == sightings.c.folder)
    present = sightings.c.uidvalidity == newest.order_by(cursors.c.moved_at.desc(), cursors.c.id.desc()).limit(1).scalar_subquery()
    unmoved = (sightings.c.destination.is_not(None), sightings.c.filed_at.is_(None), sightings.c.filing_attempts >= MANY_TRIES)
    query = select(sightings.c.filing_error).where(sightings.c.account == account, *unmoved, present).order_by(sightings.c.next_filing_at)
    errors = db.scalars(query).all()
    return len(errors), errors[-1] if errors else None


def _rest(tries_before: int) -> timedelta:
    return min(SHORTEST_REST * (1 << min(tries_before, 10)), LONGEST_REST)
