"""Lets one worker at a time work on an account: a lease that expires, with a fence that grows with every hand-over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, select

from worker.edges.ledger.stores import Store, insert_new
from worker.edges.ledger.tables import leases

_NOBODY = ""


def lease(store: Store, owner: str, now: datetime, seconds: float) -> bool:
    until = now + timedelta(seconds=seconds)
    with store.writing(fenced=False) as db:
        held = _renewed(db, store, owner, until) or _taken(db, store, owner, now, until)
        if held:
            store.tenure.fence = db.scalars(select(leases.c.fence).where(leases.c.account == store.account)).one()
    return held


def holder(store: Store, now: datetime) -> str | None:
    query = select(leases.c.owner).where(leases.c.account == store.account, leases.c.until > now, leases.c.owner != _NOBODY)
    with store.reading() as db:
        return db.scalar(query)


def release(store: Store, owner: str) -> None:
    with store.writing(fenced=False) as db:
        db.execute(leases.update().where(leases.c.account == store.account, leases.c.owner == owner).values(owner=_NOBODY))


def _renewed(db: Connection, store: Store, owner: str, until: datetime) -> bool:
    mine = and_(leases.c.account == store.account, leases.c.owner == owner, leases.c.fence == store.tenure.fence)
    return db.execute(leases.update().where(mine).values(until=until)).rowcount == 1


def _taken(db: Connection, store: Store, owner: str, now: datetime, until: datetime) -> bool:
    db.execute(insert_new(db, leases).values(account=store.account, owner=_NOBODY, until=now, fence=0))
    free = and_(leases.c.account == store.account, or_(leases.c.owner == _NOBODY, leases.c.until <= now))
    taking = {"owner": owner, "until": until, "fence": leases.c.fence + 1}
    return db.execute(leases.update().where(free).values(taking)).rowcount == 1
