"""Connections to the database: one engine that writes and locks at once, one that only reads, with the safe settings of each kind."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from worker.errors import SetupError

BUSY_SECONDS = 10
_EXAMPLES = "write sqlite:///addendum.db or postgresql+psycopg://user@host/name"


def read_url(url: str) -> URL:
    """The database URL; raises SetupError for one that names no SQLite file and no PostgreSQL database."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SetupError(f"`database` in the config is not a database URL; {_EXAMPLES}.") from error
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise SetupError(f"Addendum keeps its ledger in SQLite or PostgreSQL, not in {parsed.drivername}; {_EXAMPLES}.")
    if not parsed.database or parsed.database == ":memory:":
        raise SetupError(f"`database` in the config names no file, so the ledger would be lost at the end; {_EXAMPLES}.")
    return parsed


def writer(url: URL) -> Engine:
    """The engine for changes. SQLite begins each transaction IMMEDIATE: a plain one reads before it locks and silently loses updates."""
    if url.get_backend_name() == "sqlite":
        _make_private(Path(str(url.database)))
        return _sqlite(url, begin="BEGIN IMMEDIATE", query_only=False)
    return _postgres(url)


def counter(url: URL) -> Engine:
    """An engine for changes that must outlive this program but not a power cut: its commits do not wait for the disk.

    A commit by ``writer`` takes those before it to the disk as well.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, begin="BEGIN IMMEDIATE", query_only=False, synchronous="NORMAL")
    return _postgres(url, settings="-c synchronous_commit=off")


def reader(url: URL) -> Engine:
    """The engine for reports: one consistent view for each transaction, without taking the write lock."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, begin="BEGIN", query_only=True)
    return _postgres(url, isolation_level="REPEATABLE READ", execution_options={"postgresql_readonly": True})


def onlooker(url: URL) -> Engine:
    """An engine that can't change anything, nor make a database that is not there."""
    if url.get_backend_name() != "sqlite":
        return reader(url)
    path = Path(str(url.database)).absolute()
    if not path.exists():
        raise SetupError(f"There is no database {path} yet; bring your customers and invoices in with `addendum import`, or name --books.")
    place = f"file:{quote(str(path))}?mode=ro"
    engine = create_engine(
        "sqlite://", poolclass=QueuePool, creator=lambda: sqlite3.connect(place, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)
    )
    event.listen(engine, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _make_private(path: Path) -> None:
    """A new database file is readable by its owner only: it holds mail and invoices."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except FileNotFoundError as error:
        raise SetupError(
            f"The folder {path.parent} for the database does not exist; make it, or change `database` in the config."
        ) from error
    except OSError as error:
        raise SetupError(
            f"The database {path} can't be opened ({error.strerror}); check the path and who may read and write it."
        ) from error


def _sqlite(url: URL, *, begin: str, query_only: bool, synchronous: str = "FULL") -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for setting in (
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            f"busy_timeout={BUSY_SECONDS * 1000}",
            "foreign_keys=ON",
            # Else REPLACE removes a row without asking the triggers on DELETE.
            "recursive_triggers=ON",
            f"query_only={int(query_only)}",
        ):
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgres(url: URL, *, settings: str = "-c synchronous_commit=on", **options: Any) -> Engine:
    # Without these a server that vanishes from the network holds a call up for a quarter of an hour and more.
    watch = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30000}
    settings = f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s -c client_min_messages=warning {settings}"
    said = {"connect_timeout": BUSY_SECONDS, "application_name": "addendum", "options": settings}
    return create_engine(url, connect_args={**watch, **said}, **options)
