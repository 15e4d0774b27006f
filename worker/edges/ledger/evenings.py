"""The facts of an evening's digest: what was amended, what waits and why, what failed, and the count of all mail seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Row, Select, func, select

from worker.core.digests import Applied, FailedPart, Failure, Tally, Waiting, WaitingFor
from worker.core.purchase_orders import PoNumber
from worker.edges.ledger import envelopes, prepared
from worker.edges.ledger.envelopes import HEAD_BYTES, Envelope
from worker.edges.ledger.health import health_in
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import amendments, customers, holds, messages, outbox, outbox_contents, raw_messages
from worker.edges.ledger.values import DigestFacts

_NEEDS = {"hold": WaitingFor.LOOK, "reissue": WaitingFor.REISSUE, "suggested": WaitingFor.YES}

_MAIL_HEAD = func.substr(raw_messages.c.raw, 1, HEAD_BYTES, type_=LargeBinary).label("head")
_LETTER_HEAD = func.substr(outbox_contents.c.content, 1, HEAD_BYTES, type_=LargeBinary).label("head")


def digest_facts(store: Store, since: datetime, until: datetime) -> DigestFacts:
    with store.reading() as db:
        account = store.account
        return DigestFacts(
            tally=_tally(db, account, since, until),
            applied=tuple(_applied(row) for row in db.execute(_amended(account, since, until))),
            waiting=tuple(_waitings(db, account, since, until)),
            waiting_before=db.scalars(_waiting_since_before(account, since)).one(),
            failures=tuple(_failures(db, account, since, until)),
            health=health_in(db, account),
        )


def _within(moment: ColumnElement[Any], since: datetime, until: datetime) -> ColumnElement[bool]:
    return (moment > since) & (moment <= until)


def _tally(db: Connection, account: int, since: datetime, until: datetime) -> Tally:
    """Seen is counted on its own, so that a mail with a status that nobody reports would show as a difference."""
    window = (messages.c.account == account, _within(messages.c.decided_at, since, until))
    by_status = db.execute(select(messages.c.status, func.count()).where(*window).group_by(messages.c.status)).all()
    counts = {status: count for status, count in by_status if status in Tally.__dataclass_fields__}
    return Tally(seen=db.scalars(select(func.count()).select_from(messages).where(*window)).one(), **counts)


def _amended(account: int, since: datetime, until: datetime) -> Select[Any]:
    customer = (customers.c.account == amendments.c.account) & (customers.c.customer == amendments.c.customer)
    return (
        select(amendments, customers.c.name, messages.c.received_at, _MAIL_HEAD)
        .join(customers, customer)
        .outerjoin(messages, messages.c.id == amendments.c.message)
        .outerjoin(raw_messages, raw_messages.c.message == amendments.c.message)
        .where(amendments.c.account == account, amendments.c.kind == "amendment", _within(amendments.c.applied_at, since, until))
        .order_by(amendments.c.sequence)
    )


def _applied(row: Row[Any]) -> Applied:
    envelope = _envelope(row)
    return Applied(
        invoice=row.invoice,
        customer=row.name,
        old_po=None if row.old_po is None else PoNumber(row.old_po),
        new_po=PoNumber(row.new_po),
        asked_by=row.requested_by,
        applied_at=row.applied_at,
        subject=envelope.subject,
        sent_at=envelope.sent_at or row.received_at,
        message_id=row.message_id,
    )


def _came_to_wait(account: int, since: datetime, until: datetime) -> Select[Any]:
    return (
        select(holds.c.kind, messages.c.decision, messages.c.message_id, messages.c.received_at, _MAIL_HEAD)
        .join(messages, messages.c.id == holds.c.message)
        .join(raw_messages, raw_messages.c.message == holds.c.message)
        .where(holds.c.account == account, holds.c.closed_at.is_(None), _within(holds.c.opened_at, since, until))
        .order_by(holds.c.id)
    )


def _waitings(db: Connection, account: int, since: datetime, until: datetime) -> Iterator[Waiting]:
    names: dict[str, str] = {}
    rows = db.execute(_came_to_wait(account, since, until)).all()
    if rows:
        names = {
            row.customer: row.name
            for row in db.execute(select(customers.c.customer, customers.c.name).where(customers.c.account == account))
        }
    for row in rows:
        yield _waiting(row, names)


def _waiting_since_before(account: int, since: datetime) -> Select[int]:
    earlier = (holds.c.account == account, holds.c.closed_at.is_(None), holds.c.opened_at <= since)
    return select(func.count()).select_from(holds).where(*earlier)


def _waiting(row: Row[Any], names: Mapping[str, str]) -> Waiting:
    decision, envelope = prepared.read_decision(row.decision), _envelope(row)
    return Waiting(
        needs=_NEEDS[row.kind],
        reason=decision.reason,
        sender=envelope.sender,
        subject=envelope.subject,
        received_at=row.received_at,
        invoices=decision.invoices,
        customer=names.get(decision.customer or ""),
        proposal=_proposal(decision.as_pairs()) if row.kind == "suggested" else "",
        message_id=row.message_id or None,
    )


def _proposal(pairs: Iterable[list[str]]) -> str:
    return ", ".join(f"PO {po} on {invoice.removeprefix('customer:')}" for invoice, po in pairs)


def _failures(db: Connection, account: int, since: datetime, until: datetime) -> Iterator[Failure]:
    mails = select(messages.c.error, messages.c.decided_at, messages.c.message_id, _MAIL_HEAD).join(raw_messages)
    in_window = _within(messages.c.decided_at, since, until)
    for row in db.execute(mails.where(messages.c.account == account, messages.c.status == "failed", in_window).order_by(messages.c.id)):
        yield _failure(FailedPart.MAIL, row.error, _envelope(row).sender, row.decided_at, row)
    letters = select(outbox, _LETTER_HEAD).join(outbox_contents)
    refused = (outbox.c.state == "failed") & _within(outbox.c.since, since, until)
    for row in db.execute(letters.where(outbox.c.account == account, refused | (outbox.c.state == "unknown")).order_by(outbox.c.id)):
        part = FailedPart.UNKNOWN if row.state == "unknown" else FailedPart.LETTER
        yield _failure(part, row.last_error, row.recipient, row.since, row)


def _failure(part: FailedPart, reason: str | None, party: str, at: datetime, row: Row[Any]) -> Failure:
    message_id = row.message_id or None
    return Failure(part=part, reason=reason or "", party=party, subject=_envelope(row).subject, at=at, message_id=message_id)


def _envelope(row: Row[Any]) -> Envelope:
    return envelopes.read(row.head or b"")
