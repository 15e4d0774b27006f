"""The bytes of large mails in and out of the database piece by piece: in one go SQLite would hold each of them three times."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, case, func, null, select

from worker.edges.ledger.stores import insert_new
from worker.edges.ledger.tables import raw_messages

LARGE = 4 * 1024 * 1024
_PIECE = 1024 * 1024
_SIZE = func.length(raw_messages.c.raw)
_MINE = raw_messages.c.message == bindparam("this")
_SMALL = select(case((_SIZE <= LARGE, raw_messages.c.raw), else_=null())).where(_MINE)
_WHOLE = select(raw_messages.c.raw).where(_MINE)


def write(db: Connection, account: int, raw_by_message: Mapping[int, bytes]) -> None:
    """Store the bytes of messages, in the transaction of ``db``; those that a message has already stay."""
    by_piece = {message: raw for message, raw in raw_by_message.items() if len(raw) > LARGE and db.dialect.name == "sqlite"}
    rows = [{"account": account, "message": message, "raw": raw} for message, raw in raw_by_message.items() if message not in by_piece]
    if rows:
        db.execute(insert_new(db, raw_messages), rows)
    for message, raw in by_piece.items():
        empty = insert_new(db, raw_messages).values(account=account, message=message, raw=func.zeroblob(len(raw)))
        if db.execute(empty).rowcount == 1:
            _fill(db, message, raw)


def _fill(db: Connection, message: int, raw: bytes) -> None:
    with _blob(db, message, readonly=False) as blob:
        for start in range(0, len(raw), _PIECE):
            blob.write(raw[start : start + _PIECE])


def read(db: Connection, message: int) -> bytes:
    """The bytes of a message."""
    raw: bytes | None = db.scalar(_SMALL, {"this": message})
    if raw is not None:
        return raw
    if db.dialect.name != "sqlite":
        return bytes(db.scalars(_WHOLE, {"this": message}).one())
    with _blob(db, message, readonly=True) as blob:
        content: bytes = blob.read()
    return content


def _blob(db: Connection, message: int, *, readonly: bool) -> sqlite3.Blob:
    driver = db.connection.dbapi_connection
    assert driver is not None
    blob: sqlite3.Blob = driver.blobopen("raw_messages", "raw", message, readonly=readonly)
    return blob
