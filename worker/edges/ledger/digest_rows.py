"""The one row a local day that keeps a second digest from going out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, select

from worker.core.outcomes import OutgoingLetter
from worker.edges.ledger import outboxes, prepared
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import accounts, digests
from worker.edges.ledger.values import DigestFacts, DigestMark


def digest_mark(store: Store) -> DigestMark:
    newest = select(digests.c.local_date, digests.c.made_at).where(digests.c.account == store.account).order_by(digests.c.local_date.desc())
    with store.reading() as db:
        row = db.execute(newest.limit(1)).first()
        if row is None:
            return DigestMark(local_date=None, until=db.scalars(select(accounts.c.opened_at).where(accounts.c.id == store.account)).one())
    return DigestMark(local_date=row.local_date, until=row.made_at)


def record_digest(store: Store, local_date: date, letter: OutgoingLetter, facts: DigestFacts, now: datetime) -> bool:
    with store.writing() as db:
        if db.execute(_digest_of(store.account, local_date)).first() is not None:
            return False
        number = outboxes.queue(db, store.account, [letter], message=None, now=now)[0]
        row = {"account": store.account, "local_date": local_date, "letter": number, "facts": prepared.write(asdict(facts)), "made_at": now}
        db.execute(insert(digests).values(row))
        db.execute(accounts.update().where(accounts.c.id == store.account).values(digest_error=None))
    return True


def _digest_of(account: int, local_date: date) -> Select[Any]:
    return select(digests.c.id).where(digests.c.account == account, digests.c.local_date == local_date)
