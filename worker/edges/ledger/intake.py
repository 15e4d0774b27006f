"""Takes mail in: where each folder was read up to, and every message's bytes, stored before anything is thought about them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from worker.edges.ledger import bulks
from worker.edges.ledger.columns import storable
from worker.edges.ledger.filing import DESTINATIONS
from worker.edges.ledger.stores import Store, insert_new
from worker.edges.ledger.tables import cursors, messages, sightings
from worker.edges.ledger.values import Arrival, Cursor

_LONGEST_MESSAGE_ID = 500

_Identity = tuple[str, str]


def cursor(store: Store, folder: str) -> Cursor | None:
    query = select(cursors).where(cursors.c.account == store.account, cursors.c.folder == folder)
    with store.reading() as db:
        row = db.execute(query.order_by(cursors.c.moved_at.desc(), cursors.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    return Cursor(folder=folder, uidvalidity=row.uidvalidity, last_uid=row.last_uid, floor=row.floor, watched_since=row.watched_since)


def start_cursor(store: Store, start: Cursor, now: datetime) -> None:
    with store.writing() as db:
        _move_cursor(db, store.account, start, now)


def known_uids(store: Store, folder: str, uidvalidity: int, since_uid: int) -> set[int]:
    here = (sightings.c.account == store.account, sightings.c.folder == folder, sightings.c.uidvalidity == uidvalidity)
    with store.reading() as db:
        return set(db.scalars(select(sightings.c.uid).where(*here, sightings.c.uid > since_uid)))


def receive(store: Store, arrivals: Sequence[Arrival], end: Cursor | None, now: datetime) -> list[int]:
    with store.writing() as db:
        new = _store_messages(db, store.account, arrivals, now) if arrivals else []
        if end is not None:
            _move_cursor(db, store.account, end, now)
    return new


def _store_messages(db: Connection, account: int, arrivals: Sequence[Arrival], now: datetime) -> list[int]:
    first = {_identity(arrival): arrival for arrival in reversed(arrivals)}
    known = _known(db, account, first)
    unseen = {identity: arrival for identity, arrival in reversed(first.items()) if identity not in known}
    if unseen:
        db.execute(insert_new(db, messages), [_message_row(account, identity, arrival, now) for identity, arrival in unseen.items()])
        known = _known(db, account, first)
        bulks.write(db, account, {known[identity].id: arrival.raw for identity, arrival in unseen.items()})
    db.execute(insert_new(db, sightings), [_sighting_row(account, known[_identity(arrival)], arrival, now) for arrival in arrivals])
    return sorted(known[identity].id for identity in unseen)


def _identity(arrival: Arrival) -> _Identity:
    """A mail is known by its Message-ID and content; an overlong Message-ID, which no index would hold, by its hash."""
    message_id = storable(arrival.message_id or "")
    if len(message_id) > _LONGEST_MESSAGE_ID:
        message_id = "sha256:" + hashlib.sha256(message_id.encode()).hexdigest()
    return message_id, arrival.content_hash


def _known(db: Connection, account: int, identities: Mapping[_Identity, Arrival]) -> dict[_Identity, Any]:
    hashes = [content_hash for _, content_hash in identities]
    query = select(messages.c.id, messages.c.message_id, messages.c.content_hash, messages.c.status)
    # FOR SHARE (PostgreSQL only) keeps a decision from passing by unseen while a copy of its mail is taken in.
    rows = db.execute(query.where(messages.c.account == account, messages.c.content_hash.in_(hashes)).with_for_update(read=True))
    found = {(row.message_id, row.content_hash): row for row in rows}
    return {identity: found[identity] for identity in identities if identity in found}


def _message_row(account: int, identity: _Identity, arrival: Arrival, now: datetime) -> dict[str, object]:
    return {
        "account": account,
        "message_id": identity[0],
        "content_hash": identity[1],
        "folder": arrival.folder,
        "received_at": arrival.received_at,
        "taken_in_at": now,
        "status": "received",
        "attempts": 0,
        "put_offs": 0,
    }


def _sighting_row(account: int, message: Any, arrival: Arrival, now: datetime) -> dict[str, object]:
    return {
        "account": account,
        "folder": arrival.folder,
        "uidvalidity": arrival.uidvalidity,
        "uid": arrival.uid,
        "message": message.id,
        "seen_at": now,
        "destination": DESTINATIONS.get(message.status),
        "filing_attempts": 0,
    }


def _move_cursor(db: Connection, account: int, end: Cursor, now: datetime) -> None:
    """A cursor only moves forward: a late commit of an earlier batch must not make mail be fetched twice."""
    folder = (cursors.c.account == account, cursors.c.folder == end.folder)
    here = (*folder, cursors.c.uidvalidity == end.uidvalidity)
    known = db.scalar(select(cursors.c.last_uid).where(*here).with_for_update())
    if known is None:
        first = db.scalar(select(cursors.c.watched_since).where(*folder).limit(1))
        place = {"account": account, "folder": end.folder, "uidvalidity": end.uidvalidity}
        db.execute(insert(cursors).values(**place, last_uid=end.last_uid, floor=end.floor, watched_since=first or now, moved_at=now))
        return
    db.execute(cursors.update().where(*here).values(last_uid=max(known, end.last_uid), moved_at=now))
