"""Records all that follows from one mail in one commit, or nothing of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from worker.core.decisions import Action
from worker.core.invoices import Amendment, Status
from worker.core.outcomes import Document, Outcome
from worker.edges.ledger import audit, filing, outboxes, prepared, shelves
from worker.edges.ledger.stores import Store, insert_new
from worker.edges.ledger.tables import customers, documents, hold_contents, holds, invoices, messages
from worker.errors import NeedsAPerson

STATUS = {
    Action.AMEND: "amended",
    Action.RESEND: "resent",
    Action.ASK: "asked",
    Action.ANSWER: "answered",
    Action.REISSUE: "prepared",
    Action.REMEMBER: "remembered",
    Action.HOLD: "held",
    Action.IGNORE: "ignored",
}
"""What a mail is called once its decision stands."""

_HELD = {Action.HOLD: "hold", Action.REISSUE: "reissue"}

_DECIDE = (
    messages.update()
    .where(messages.c.account == bindparam("mine"), messages.c.id == bindparam("this"), messages.c.status == "received")
    .values(status=bindparam("as"), decision=bindparam("what"), decided_at=bindparam("now"), error=None)
)


def record(store: Store, outcome: Outcome, now: datetime) -> bool:
    with store.writing() as db:
        if not _decide(db, store.account, outcome, now):
            return False
        carry_out(db, store, outcome, now)
    return True


def status_of(outcome: Outcome) -> str:
    """What the mail is called from now on."""
    return "held" if outcome.suggested else STATUS[outcome.decision.action]


def carry_out(db: Connection, store: Store, outcome: Outcome, now: datetime) -> None:
    """What follows from a decision that was just recorded, in the transaction of ``db``: it comes to wait, or it is applied."""
    if outcome.suggested or outcome.decision.action in _HELD:
        _hold(db, store.account, outcome, now)
    if not outcome.suggested:
        _apply(db, store, outcome, now)


def _decide(db: Connection, account: int, outcome: Outcome, now: datetime) -> bool:
    status = status_of(outcome)
    decided = {"mine": account, "this": outcome.message, "as": status, "what": prepared.write(outcome.decision), "now": now}
    if db.execute(_DECIDE, decided).rowcount != 1:
        return False
    filing.destine(db, account, outcome.message, status)
    return True


def _hold(db: Connection, account: int, outcome: Outcome, now: datetime) -> None:
    kind = "suggested" if outcome.suggested else _HELD[outcome.decision.action]
    text, contents = prepared.write_outcome(outcome)
    row = {"account": account, "message": outcome.message, "kind": kind, "outcome": text, "opened_at": now}
    hold = db.execute(insert(holds).returning(holds.c.id), row).scalar_one()
    if contents:
        db.execute(
            insert(hold_contents), [{"account": account, "hold": hold, "sha256": key, "content": each} for key, each in contents.items()]
        )


def _apply(db: Connection, store: Store, outcome: Outcome, now: datetime) -> None:
    for document in outcome.documents:
        _keep_document(db, store.account, document, now)
    if outcome.amendments or outcome.standing_po is not None:
        _change_books(db, store, outcome, now)
    outboxes.queue(db, store.account, outcome.letters, message=outcome.message, now=now)


def _change_books(db: Connection, store: Store, outcome: Outcome, now: datetime) -> None:
    version = shelves.turn_page(db, store.account)
    entries = [_amend(db, store.account, amendment, outcome, version) for amendment in outcome.amendments]
    entries += _remember(db, store.account, outcome, version, now)
    audit.append(db, store, entries)


def _keep_document(db: Connection, account: int, document: Document, now: datetime) -> None:
    row = {"account": account, "invoice": document.invoice, "revision": document.revision, "sha256": document.sha256}
    db.execute(insert_new(db, documents), {**row, "made_at": now, "content": document.content})


def _amend(db: Connection, account: int, amendment: Amendment, outcome: Outcome, version: int) -> Mapping[str, object]:
    """Change the invoice if it still is as the amendment found it; the audit entry to add. Raises NeedsAPerson if it is not."""
    as_found = (
        invoices.c.account == account,
        invoices.c.number == amendment.invoice,
        invoices.c.customer == amendment.customer,
        invoices.c.status == str(Status.ISSUED),
        invoices.c.revision == amendment.revision - 1,
        invoices.c.po_number.is_not_distinct_from(amendment.old_po),
    )
    changed = {"po_number": str(amendment.new_po), "revision": amendment.revision, "changed_in": version}
    if db.execute(invoices.update().where(*as_found), changed).rowcount != 1:
        raise NeedsAPerson(f"Invoice {amendment.invoice} has changed since this mail was read (another purchase order, paid or void).")
    return {
        "kind": "amendment",
        "invoice": amendment.invoice,
        "customer": amendment.customer,
        "old_po": amendment.old_po,
        "new_po": amendment.new_po,
        "revision": amendment.revision,
        "requested_by": amendment.requested_by,
        "applied_by": amendment.applied_by,
        "applied_at": amendment.applied_at,
        "message": outcome.message,
        "message_id": amendment.message_id,
        "reason": amendment.reason,
        "evidence": amendment.evidence,
        "old_sha256": _document_hash(db, account, outcome, amendment.invoice, amendment.revision - 1),
        "new_sha256": _document_hash(db, account, outcome, amendment.invoice, amendment.revision),
    }


def _document_hash(db: Connection, account: int, outcome: Outcome, invoice: str, revision: int) -> str:
    """The hash of that version as prepared with this mail, else as last kept; raises ValueError where there is none."""
    for document in outcome.documents:
        if (document.invoice, document.revision) == (invoice, revision):
            return document.sha256
    kept = select(documents.c.sha256).where(
        documents.c.account == account, documents.c.invoice == invoice, documents.c.revision == revision
    )
    found = db.scalar(kept.order_by(documents.c.id.desc()).limit(1))
    if found is None:
        raise ValueError(f"no document of invoice {invoice}, revision {revision}, was prepared for its amendment")
    return str(found)


def _remember(db: Connection, account: int, outcome: Outcome, version: int, now: datetime) -> list[Mapping[str, object]]:
    if outcome.standing_po is None:
        return []
    customer, po = outcome.standing_po
    mine = (customers.c.account == account, customers.c.customer == customer)
    known = db.execute(select(customers.c.standing_po).where(*mine).with_for_update()).first()
    if known is None:
        raise NeedsAPerson(f"There is no customer {customer} in the books to remember a purchase order for; import the customer first.")
    if known.standing_po == po:
        return []
    db.execute(customers.update().where(*mine), {"standing_po": str(po), "changed_in": version})
    decision = outcome.decision
    return [
        {
            "kind": "standing_po",
            "invoice": None,
            "customer": customer,
            "old_po": known.standing_po,
            "new_po": po,
            "revision": None,
            "requested_by": decision.requested_by or "",
            "applied_by": "addendum",
            "applied_at": now,
            "message": outcome.message,
            "message_id": db.scalar(select(messages.c.message_id).where(messages.c.id == outcome.message)) or None,
            "reason": decision.reason,
            "evidence": decision.evidence.lines,
            "old_sha256": None,
            "new_sha256": None,
        }
    ]
