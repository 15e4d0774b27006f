"""How the worker is: its last passes, what is left to do, and whether sending is paused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, Table, func, select

from worker.core.digests import Health
from worker.edges.ledger import filing
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import accounts, digests, holds, messages, outbox


def note_pass(store: Store, now: datetime, error: str | None, newest: datetime | None, *, whole: bool) -> None:
    noted: dict[str, object] = {"last_pass": now}
    if whole or error is not None:
        noted["last_error"] = error
    if whole and error is None:
        noted["last_good_pass"] = now
    if newest is not None:
        noted["newest_mail"] = newest
    _update(store, noted)


def note_digest_error(store: Store, error: str) -> None:
    _update(store, {"digest_error": error})


def pause(store: Store, now: datetime) -> None:
    _update(store, {"paused_since": now})


def resume(store: Store) -> None:
    _update(store, {"paused_since": None})


def health(store: Store) -> Health:
    with store.reading() as db:
        return health_in(db, store.account)


def health_in(db: Connection, account: int) -> Health:
    """The health as the transaction of ``db`` sees it."""
    row = db.execute(select(accounts).where(accounts.c.id == account)).one()
    digest = db.execute(select(func.max(digests.c.made_at), func.max(digests.c.local_date)).where(digests.c.account == account)).one()
    told: datetime | None = digest[0]
    unfiled, filing_error = filing.stuck(db, account)
    return Health(
        last_good_pass=row.last_good_pass,
        last_error=row.last_error or _trouble_of_mail(db, account),
        newest_mail=row.newest_mail,
        undecided=_count(db, messages, account, status="received"),
        unsent=_count(db, outbox, account, state="pending"),
        put_off=_put_off(db, account),
        held_back_until=_held_back_until(db, account),
        unknown=_count_since(db, outbox.c.since, told, account, state="unknown"),
        failed=_count_since(db, messages.c.decided_at, told, account, status="failed")
        + _count_since(db, outbox.c.since, told, account, state="failed"),
        holds=_count(db, holds, account, closed_at=None),
        paused=row.paused_since is not None,
        unfiled=unfiled,
        filing_error=filing_error,
        last_digest=digest[1],
        digest_error=row.digest_error,
    )


def _trouble_of_mail(db: Connection, account: int) -> str | None:
    """Why the first mail that rests was put off: passes go well meanwhile, and yet it is not done."""
    resting = select(messages.c.error).filter_by(account=account, status="received").where(messages.c.put_offs > 0)
    return db.scalars(resting.order_by(messages.c.id).limit(1)).first()


def _put_off(db: Connection, account: int) -> str | None:
    waiting = select(outbox.c.last_error).filter_by(account=account, state="pending").where(outbox.c.last_error.is_not(None))
    return db.scalars(waiting.order_by(outbox.c.id).limit(1)).first()


def _held_back_until(db: Connection, account: int) -> datetime | None:
    untried = select(func.min(outbox.c.not_before)).filter_by(account=account, state="pending", last_error=None)
    earliest: datetime | None = db.scalar(untried)
    return earliest


def _update(store: Store, changes: dict[str, object]) -> None:
    with store.writing(fenced=False) as db:
        db.execute(accounts.update().where(accounts.c.id == store.account).values(changes))


def _count(db: Connection, table: Table, account: int, **state: object) -> int:
    return int(db.scalars(select(func.count()).select_from(table).filter_by(account=account, **state)).one())


def _count_since(db: Connection, moment: Column[datetime], since: datetime | None, account: int, **state: object) -> int:
    """How many rows came into that state after ``since``, or ever where that is None."""
    query = select(func.count()).select_from(moment.table).filter_by(account=account, **state)
    return int(db.scalars(query if since is None else query.where(moment > since)).one())
