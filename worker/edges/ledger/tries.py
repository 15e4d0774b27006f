"""A message's tries: each is counted before the mail is read, so that one that kills the worker is parked after three.

What is no fault of the message's takes its try back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, or_, select

from worker.edges.ledger import bulks, filing
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import messages, raw_messages
from worker.edges.ledger.values import Incoming

MOST_TRIES = 3
PAUSES = (timedelta(minutes=1), timedelta(minutes=5))
"""How long a mail that failed rests before its second and its third try."""

SHORTEST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
"""How long a mail rests that met trouble not its own: twice as long each time, so that those behind it have their turn."""

_NEVER_ENDED = f"begun {MOST_TRIES} times and never finished: this mail stops the program, or the program was stopped each time"

_THIS = (messages.c.account == bindparam("mine"), messages.c.id == bindparam("this"))
_COUNT = (
    messages.update()
    .where(*_THIS, messages.c.status == "received", messages.c.attempts < MOST_TRIES)
    .values(attempts=messages.c.attempts + 1, begun_at=bindparam("now"))
    .returning(messages.c.message_id, messages.c.attempts, messages.c.received_at, messages.c.folder)
)
_EARLIER = select(
    exists().where(messages.c.account == bindparam("mine"), messages.c.message_id == bindparam("named"), messages.c.id < bindparam("this"))
)


def waiting(store: Store, now: datetime) -> list[int]:
    undecided = (messages.c.account == store.account, messages.c.status == "received")
    query = select(messages.c.id, messages.c.attempts).where(
        *undecided, or_(messages.c.next_try_at.is_(None), messages.c.next_try_at <= now)
    )
    with store.reading() as db:
        rows = db.execute(query.order_by(messages.c.id)).all()
    for row in rows:
        if row.attempts >= MOST_TRIES:
            _park(store, row.id, _NEVER_ENDED, now)
    return [row.id for row in rows if row.attempts < MOST_TRIES]


def begin(store: Store, message: int, now: datetime) -> Incoming | None:
    this = {"mine": store.account, "this": message}
    # The count is there for mails that kill the program; where the machine itself went down, no mail is to blame.
    with store.writing(lasting=False) as db:
        row = db.execute(_COUNT, {**this, "now": now}).first()
        if row is None:
            return None
        raw = bulks.read(db, message)
        collides = has_rival(db, store.account, message, row.message_id)
    return Incoming(
        id=message,
        raw=raw,
        attempts=row.attempts,
        received_at=row.received_at,
        folder=row.folder,
        collides=collides,
    )


def has_rival(db: Connection, account: int, message: int, message_id: str) -> bool:
    """Whether an earlier mail had this Message-ID and other content: then one of them only pretends to be the other."""
    return bool(message_id) and bool(db.scalar(_EARLIER, {"mine": account, "this": message, "named": message_id}))


def raw_mails(store: Store, wanted: Sequence[int], largest: int) -> list[bytes]:
    mine = (raw_messages.c.account == store.account, raw_messages.c.message.in_(wanted), func.length(raw_messages.c.raw) <= largest)
    with store.reading() as db:
        return list(db.scalars(select(raw_messages.c.raw).where(*mine).order_by(raw_messages.c.message)))


def take_back(store: Store, message: int) -> None:
    with store.writing() as db:
        db.execute(messages.update().where(*_begun(store, message)).values(attempts=messages.c.attempts - 1))


def put_off(store: Store, message: int, why: str, now: datetime) -> None:
    begun = _begun(store, message)
    with store.writing() as db:
        before = db.scalar(select(messages.c.put_offs).where(*begun))
        if before is not None:
            rest = min(SHORTEST_REST * (1 << min(before, 10)), LONGEST_REST)
            later = {"attempts": messages.c.attempts - 1, "put_offs": before + 1, "error": why, "next_try_at": now + rest}
            db.execute(messages.update().where(*begun).values(later))


def _begun(store: Store, message: int) -> tuple[ColumnElement[bool], ...]:
    return messages.c.account == store.account, messages.c.id == message, messages.c.status == "received", messages.c.attempts > 0


def fail(store: Store, message: int, why: str, now: datetime) -> bool:
    mine = (messages.c.account == store.account, messages.c.id == message, messages.c.status == "received")
    with store.writing() as db:
        attempts = db.scalar(select(messages.c.attempts).where(*mine))
        if attempts is None:
            return False
        if attempts < MOST_TRIES:
            rest = PAUSES[max(attempts, 1) - 1]
            db.execute(messages.update().where(*mine).values(error=why, next_try_at=now + rest))
            return False
    _park(store, message, why, now)
    return True


def _park(store: Store, message: int, why: str, now: datetime) -> None:
    mine = (messages.c.account == store.account, messages.c.id == message, messages.c.status == "received")
    with store.writing() as db:
        if db.execute(messages.update().where(*mine).values(status="failed", error=why, decided_at=now)).rowcount == 1:
            filing.destine(db, store.account, message, "failed")
