"""The outbox: letters with their bytes fixed, each moved from state to state in a commit of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, insert, or_, select

from worker.core.outcomes import OutgoingLetter
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import accounts, outbox, outbox_contents, outbox_invoices
from worker.edges.ledger.values import Counts, QueuedLetter

DIGEST = "digest"
ENCLOSING = ("amend", "resend")
"""Kinds of letters that bring an invoice's PDF along: an older one must not arrive after a newer one."""
UNKNOWN_GRACE = timedelta(minutes=2)
"""How long a letter of unknown fate rests before the Sent folder is asked: servers take a while to file it."""


def queue(db: Connection, account: int, letters: Sequence[OutgoingLetter], *, message: int | None, now: datetime) -> list[int]:
    """Put ``letters`` into the outbox in the transaction of ``db``; gives their numbers."""
    return [_queue(db, account, letter, message, now) for letter in letters]


def due_letters(store: Store, now: datetime, limit: int) -> list[QueuedLetter]:
    query = _letters(store).where(outbox.c.state == "pending", *_may_leave(store, now)).order_by(outbox.c.id).limit(limit)
    return _read(store, query)


def unknown_letters(store: Store, now: datetime) -> list[QueuedLetter]:
    return _read(store, _letters(store).where(outbox.c.state == "unknown", outbox.c.next_try_at <= now).order_by(outbox.c.id))


def mark_sending(store: Store, letter: int, now: datetime) -> bool:
    claim = {"since": now, "sending_at": now, "attempts": outbox.c.attempts + 1}
    return _move(store, letter, "sending", claim, {"pending"}, *_may_leave(store, now))


def mark_sent(store: Store, letter: int, response: str, now: datetime) -> bool:
    return _move(store, letter, "sent", {"since": now, "response": response, "last_error": None}, {"sending", "unknown"})


def mark_retry(store: Store, letter: int, error: str, next_try_at: datetime, now: datetime) -> bool:
    again = {"since": now, "last_error": error, "next_try_at": next_try_at, "sending_at": None}
    refused_early = {**again, "attempts": outbox.c.attempts + 1}
    return _move(store, letter, "pending", refused_early, {"pending"}) or _move(store, letter, "pending", again, {"sending"})


def postpone(store: Store, letter: int, why: str, until: datetime, now: datetime) -> bool:
    return _move(store, letter, "pending", {"since": now, "last_error": why, "next_try_at": until}, {"pending"})


def mark_failed(store: Store, letter: int, error: str, now: datetime) -> bool:
    return _move(store, letter, "failed", {"since": now, "last_error": error}, {"pending", "sending", "unknown"})


def mark_unknown(store: Store, letter: int, error: str, now: datetime) -> bool:
    return _move(store, letter, "unknown", _doubt(error, now), {"sending"})


def leave_unknown(store: Store, letter: int, why: str | None, look_again_at: datetime | None) -> bool:
    told = {} if why is None else {"last_error": why}
    return _move(store, letter, "unknown", {"next_try_at": look_again_at, **told}, {"unknown"})


def requeue(store: Store, letter: int, now: datetime) -> bool:
    return _move(store, letter, "pending", {"since": now, "next_try_at": None}, {"unknown", "failed"}, ~_overtaken())


def recover_sending(store: Store, now: datetime) -> int:
    left = (outbox.c.account == store.account, outbox.c.state == "sending")
    why = "the program ended while the letter was being sent"
    with store.writing() as db:
        return db.execute(outbox.update().where(*left).values(state="unknown", **_doubt(why, now))).rowcount


def sent_counts(store: Store, recipient: str, about: Sequence[str], since: datetime) -> Counts:
    went_out = (outbox.c.account == store.account, outbox.c.sending_at >= since, outbox.c.state.in_(("sending", "sent", "unknown")))
    with store.reading() as db:
        rows = db.execute(select(outbox.c.id, outbox.c.recipient).where(*went_out)).all()
        mentioned = select(outbox_invoices.c.invoice, outbox.c.id).distinct().join(outbox, outbox.c.id == outbox_invoices.c.letter)
        by_invoice = Counter(row.invoice for row in db.execute(mentioned.where(*went_out, outbox_invoices.c.invoice.in_(about))))
    return Counts(by_invoice=by_invoice, to_recipient=sum(row.recipient == recipient for row in rows), total=len(rows))


def _queue(db: Connection, account: int, letter: OutgoingLetter, message: int | None, now: datetime) -> int:
    row = {
        "account": account,
        "message": message,
        "kind": letter.kind,
        "message_id": letter.message_id,
        "sender": letter.sender,
        "recipient": letter.recipient,
        "not_before": letter.not_before,
        "state": "pending",
        "since": now,
        "attempts": 0,
        "unknowns": 0,
    }
    number = db.execute(insert(outbox).returning(outbox.c.id), row).scalar_one()
    db.execute(insert(outbox_contents), {"account": account, "letter": number, "content": letter.content})
    about = [{"account": account, "letter": number, "position": at, "invoice": invoice} for at, invoice in enumerate(letter.invoices)]
    if about:
        db.execute(insert(outbox_invoices), about)
    return int(number)


def _doubt(why: str, now: datetime) -> dict[str, Any]:
    return {"since": now, "last_error": why, "unknowns": outbox.c.unknowns + 1, "next_try_at": now + UNKNOWN_GRACE}


def _move(store: Store, letter: int, state: str, also: dict[str, Any], out_of: set[str], *conditions: ColumnElement[bool]) -> bool:
    mine = (outbox.c.account == store.account, outbox.c.id == letter, outbox.c.state.in_(out_of), *conditions)
    with store.writing() as db:
        return db.execute(outbox.update().where(*mine).values(state=state, **also)).rowcount == 1


def _may_leave(store: Store, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return _ripe(now), _may_go(store), ~_behind()


def _ripe(now: datetime) -> ColumnElement[bool]:
    held_back = or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now)
    return held_back & or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= now)


def _may_go(store: Store) -> ColumnElement[bool]:
    """Whether sending is not paused; the digest goes even then, for its absence is an alarm."""
    paused_since = select(accounts.c.paused_since).where(accounts.c.id == store.account).scalar_subquery()
    return or_(outbox.c.kind == DIGEST, paused_since.is_(None))


def _behind() -> ColumnElement[bool]:
    """Whether an earlier letter with a PDF of the same invoice is still to leave; one of unknown fate stays behind for good."""
    other = outbox.alias()
    return _another(other, other.c.id < outbox.c.id, other.c.state.in_(("pending", "sending")))


def _overtaken() -> ColumnElement[bool]:
    """Whether a later letter, whatever its state, brings a newer PDF of the same invoice."""
    other = outbox.alias()
    return _another(other, other.c.id > outbox.c.id)


def _another(other: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    named, its = outbox_invoices.alias(), outbox_invoices.alias()
    same_invoice = (its.c.account == named.c.account) & (its.c.invoice == named.c.invoice)
    both = named.join(its, same_invoice).join(other, other.c.id == its.c.letter)
    found = select(1).select_from(both).where(named.c.letter == outbox.c.id, other.c.kind.in_(ENCLOSING), *conditions)
    return outbox.c.kind.in_(ENCLOSING) & found.correlate(outbox).exists()


def _letters(store: Store) -> Select[Any]:
    return select(outbox, outbox_contents.c.content).join(outbox_contents).where(outbox.c.account == store.account)


def _read(store: Store, query: Select[Any]) -> list[QueuedLetter]:
    with store.reading() as db:
        rows = db.execute(query).all()
        wanted = outbox_invoices.c.letter.in_([row.id for row in rows])
        about: dict[int, list[str]] = {}
        for named in db.execute(select(outbox_invoices).where(wanted).order_by(outbox_invoices.c.letter, outbox_invoices.c.position)):
            about.setdefault(named.letter, []).append(named.invoice)
    return [_queued(row, tuple(about.get(row.id, ()))) for row in rows]


def _queued(row: Row[Any], about: tuple[str, ...]) -> QueuedLetter:
    letter = OutgoingLetter(
        kind=row.kind,
        message_id=row.message_id,
        sender=row.sender,
        recipient=row.recipient,
        content=row.content,
        invoices=about,
        not_before=row.not_before,
    )
    return QueuedLetter(
        id=row.id,
        letter=letter,
        state=row.state,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        last_error=row.last_error,
        since=row.since,
        unknowns=row.unknowns,
    )
