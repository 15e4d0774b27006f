"""Puts a new decision in the place of an earlier one that never had an effect; the earlier one stays in the audit trail for good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, or_, select

from worker.core.outcomes import Outcome
from worker.edges.ledger import audit, bulks, envelopes, filing, prepared, recording, tries
from worker.edges.ledger.envelopes import HEAD_BYTES
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import amendments, holds, messages, outbox
from worker.edges.ledger.values import Earlier, Incoming, Stored
from worker.errors import NeedsAPerson

REPLAY = "replay"
WAITING = ("held", "prepared")
WITHOUT_EFFECT = (*WAITING, "ignored", "failed")
"""The statuses that a message may leave again: none of them changes an invoice or writes to anybody."""


def decided_mails(store: Store, *, held: bool) -> list[int]:
    if held:
        query = select(holds.c.message).where(holds.c.account == store.account, holds.c.closed_at.is_(None)).order_by(holds.c.message)
    else:
        query = select(messages.c.id).where(messages.c.account == store.account, messages.c.status != "received").order_by(messages.c.id)
    with store.reading() as db:
        return list(db.scalars(query))


def mails_named(store: Store, name: str) -> list[int]:
    called: ColumnElement[bool] = messages.c.message_id.in_((name, f"<{name.strip('<>')}>"))
    if name.isascii() and name.isdigit() and len(name) < 10:
        called = or_(called, messages.c.id == int(name))
    with store.reading() as db:
        return list(db.scalars(select(messages.c.id).where(messages.c.account == store.account, called).order_by(messages.c.id)))


def stored(store: Store, message: int) -> Stored | None:
    with store.reading() as db:
        row = db.execute(select(messages).where(messages.c.account == store.account, messages.c.id == message)).first()
        if row is None:
            return None
        raw = bulks.read(db, message)
        kind = db.scalar(select(holds.c.kind).where(holds.c.message == message, holds.c.closed_at.is_(None)))
        effects = tuple(_effects(db, row, is_open=kind is not None))
        if row.status not in ("received", *WITHOUT_EFFECT):
            effects = effects or (f"being {row.status}",)
        collides = tries.has_rival(db, store.account, message, row.message_id)
    envelope = envelopes.read(raw[:HEAD_BYTES])
    return Stored(
        incoming=Incoming(id=message, raw=raw, attempts=row.attempts, received_at=row.received_at, folder=row.folder, collides=collides),
        message_id=row.message_id,
        sender=envelope.sender,
        subject=envelope.subject,
        status=row.status,
        decided_at=row.decided_at,
        decision=None if row.decision is None else prepared.read_decision(row.decision),
        suggested=kind == "suggested",
        error=row.error,
        effects=effects,
    )


def record_again(store: Store, outcome: Outcome, earlier: Stored, now: datetime) -> bool:
    status = recording.status_of(outcome)
    with store.writing() as db:
        if not _replace(db, store.account, outcome, earlier, now):
            return False
        _close_hold(db, store.account, earlier, now)
        filing.destine_again(db, store.account, outcome.message, status)
        audit.append(db, store, [_entry(outcome, earlier, status, now)])
        recording.carry_out(db, store, outcome, now)
    return True


def changed_since(store: Store, outcome: Outcome, moment: datetime) -> str | None:
    about: list[ColumnElement[bool]] = [amendments.c.invoice.in_([amendment.invoice for amendment in outcome.amendments])]
    if outcome.standing_po is not None:
        about.append((amendments.c.kind == "standing_po") & (amendments.c.customer == outcome.standing_po[0]))
    query = select(amendments.c.invoice, amendments.c.customer).where(amendments.c.account == store.account, or_(*about))
    with store.reading() as db:
        row = db.execute(query.where(amendments.c.applied_at > moment).order_by(amendments.c.sequence.desc()).limit(1)).first()
    return row and (row.invoice or row.customer)


def earlier(store: Store, message: int) -> list[Earlier]:
    mine = (amendments.c.account == store.account, amendments.c.kind == REPLAY, amendments.c.message == message)
    query = select(amendments.c.evidence, amendments.c.applied_at).where(*mine).order_by(amendments.c.sequence)
    with store.reading() as db:
        rows = db.execute(query).all()
    return [_earlier(json.loads(row.evidence[0]), row.applied_at) for row in rows]


def _effects(db: Connection, row: Row[Any], *, is_open: bool) -> Iterator[str]:
    for entry in db.execute(select(amendments).where(_of_message(row.id)).order_by(amendments.c.sequence)):
        yield f"PO {entry.new_po} on {entry.invoice or entry.customer}"
    for recipient in db.scalars(select(outbox.c.recipient).where(outbox.c.message == row.id).order_by(outbox.c.id)):
        yield f"a letter to {recipient}"
    if row.status in WAITING and not is_open:
        yield "a person's answer"


def _of_message(message: int) -> ColumnElement[bool]:
    return (amendments.c.message == message) & (amendments.c.kind != REPLAY)


def _replace(db: Connection, account: int, outcome: Outcome, earlier: Stored, now: datetime) -> bool:
    """Whether the message still is as it was judged, and never had an effect; it then has its new decision."""
    this = outcome.message
    as_seen = (messages.c.account == account, messages.c.id == this, messages.c.status == earlier.status)
    again = (messages.c.status.in_(WITHOUT_EFFECT), messages.c.decided_at == earlier.decided_at)
    never = (~exists().where(_of_message(this)), ~exists().where(outbox.c.message == this))
    anew = {"status": recording.status_of(outcome), "decision": prepared.write(outcome.decision), "decided_at": now, "error": None}
    return db.execute(messages.update().where(*as_seen, *again, *never).values(anew)).rowcount == 1


def _close_hold(db: Connection, account: int, earlier: Stored, now: datetime) -> None:
    """What waited waits no more. Raises NeedsAPerson where somebody has answered it meanwhile."""
    mine = (holds.c.account == account, holds.c.message == earlier.incoming.id, holds.c.closed_at.is_(None))
    closed = db.execute(holds.update().where(*mine).values(closed_at=now)).rowcount
    if closed != 1 and earlier.status in WAITING:
        raise NeedsAPerson("It was answered by a person meanwhile.")


def _entry(outcome: Outcome, earlier: Stored, status: str, now: datetime) -> dict[str, object]:
    decision = json.loads(prepared.write(earlier.decision)) if earlier.decision else None
    before = {"status": earlier.status, "decided_at": earlier.decided_at, "error": earlier.error, "decision": decision}
    nothing = ("invoice", "old_po", "new_po", "revision", "old_sha256", "new_sha256")
    return {
        **dict.fromkeys(nothing),
        "kind": REPLAY,
        "customer": outcome.decision.customer or (earlier.decision and earlier.decision.customer) or "",
        "requested_by": "addendum replay",
        "applied_by": "addendum",
        "applied_at": now,
        "message": outcome.message,
        "message_id": earlier.message_id or None,
        "reason": f"Judged again: {status}, {earlier.status} before.",
        "evidence": (prepared.write(before),),
    }


def _earlier(before: dict[str, Any], replaced_at: datetime) -> Earlier:
    reason = before["decision"]["reason"] if before["decision"] else before["error"] or ""
    moment = datetime.fromisoformat(before["decided_at"])
    return Earlier(status=before["status"], decided_at=moment, reason=reason, replaced_at=replaced_at)
