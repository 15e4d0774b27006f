"""One account's place in the database: transactions that write or read, guarded by the account's lease."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

from worker.edges.ledger.errors import translated
from worker.edges.ledger.tables import accounts, leases
from worker.errors import SetupError, TryAgainLater

_FENCE = select(leases.c.fence).where(leases.c.account == bindparam("mine")).with_for_update(read=True)
"""Statements that every mail needs are put together once: doing it anew takes longer than running them."""


@dataclass
class Tenure:
    """The fence number of the lease that this ledger object holds; None while it holds none."""

    fence: int | None = None


@dataclass(frozen=True, kw_only=True)
class Store:
    """The database as one account sees it."""

    where: str
    writer: Engine = field(repr=False)
    counter: Engine = field(repr=False)
    reader: Engine = field(repr=False)
    account: int
    name: str
    tenure: Tenure = field(default_factory=Tenure)

    @contextmanager
    def writing(self, *, fenced: bool = True, lasting: bool = True) -> Iterator[Connection]:
        """One transaction that commits at the end or leaves nothing; one that is not ``lasting`` may be undone by a power cut.

        Raises TryAgainLater when another worker has taken the lease over.
        """
        with translated(self.where), (self.writer if lasting else self.counter).begin() as db:
            if fenced and self.tenure.fence is not None:
                self._check_fence(db)
            yield db

    def close(self) -> None:
        for engine in (self.writer, self.counter, self.reader):
            engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the database that takes no lock."""
        with translated(self.where), self.reader.begin() as db:
            yield db

    def _check_fence(self, db: Connection) -> None:
        # FOR SHARE (PostgreSQL only) keeps a successor waiting until this commit is through.
        held = db.scalar(_FENCE, {"mine": self.account})
        if held != self.tenure.fence:
            raise TryAgainLater(f"Another worker has taken over the mailbox {self.name}; this one stops working on it.")


def account_of(db: Connection, name: str, now: datetime) -> int:
    """The number of the account called ``name``, opened now if it is new."""
    opening = {"name": name, "opened_at": now, "books_version": 0, "chain_length": 0, "chain_head": ""}
    db.execute(insert_new(db, accounts).values(opening))
    return int(db.scalars(select(accounts.c.id).where(accounts.c.name == name)).one())


def known_account(db: Connection, name: str) -> int:
    """The number of the account called ``name``; raises SetupError for one that was never opened."""
    number = db.scalar(select(accounts.c.id).where(accounts.c.name == name))
    if number is None:
        raise SetupError(f"The database knows no mailbox {name} yet; bring your customers and invoices in with `addendum import`.")
    return int(number)


def insert_new(db: Connection, table: Table) -> PostgresInsert | SqliteInsert:
    """An INSERT into ``table`` that passes over rows that are already there."""
    if db.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
