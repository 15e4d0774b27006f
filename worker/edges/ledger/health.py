"""How the worker is: its last passes, what is left to do, and whether sending is paused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, func, select

from worker.core.digests import Health
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import accounts, holds, messages, outbox


def note_pass(store: Store, now: datetime, error: str | None, newest: datetime | None) -> None:
    noted: dict[str, object] = {"last_pass": now, "last_error": error}
    if error is None:
        noted["last_good_pass"] = now
    if newest is not None:
        noted["newest_mail"] = newest
    _update(store, noted)


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
    return Health(
        last_good_pass=row.last_good_pass,
        last_error=row.last_error,
        newest_mail=row.newest_mail,
        pending=_count(db, messages, account, status="received") + _count(db, outbox, account, state="pending"),
        unknown=_count(db, outbox, account, state="unknown"),
        failed=_count(db, messages, account, status="failed") + _count(db, outbox, account, state="failed"),
        holds=_count(db, holds, account, closed_at=None),
        paused=row.paused_since is not None,
    )


def _update(store: Store, changes: dict[str, object]) -> None:
    with store.writing(fenced=False) as db:
        db.execute(accounts.update().where(accounts.c.id == store.account).values(changes))


def _count(db: Connection, table: Table, account: int, **state: object) -> int:
    return int(db.scalars(select(func.count()).select_from(table).filter_by(account=account, **state)).one())
