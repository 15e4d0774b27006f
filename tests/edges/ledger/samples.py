"""Books, mails and outcomes for the ledger's tests, and raw SQL where a test must go behind its back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, func, select, text

from worker.core.decisions import Action, Decision, Evidence, Hit, PoChange
from worker.core.invoices import Books, Customer, Invoice, Issuer, Line, amend
from worker.core.outcomes import Document, Outcome, OutgoingLetter
from worker.core.purchase_orders import PoNumber
from worker.edges.ledger import Arrival, Cursor, Ledger
from worker.edges.ledger.tables import SCHEMA

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ACCOUNT = "billing@lindqvist.example"
ISSUER = Issuer(name="Lindqvist & Daughters", addresses=(ACCOUNT,), mailbox=ACCOUNT)
FOLDER = "INBOX"


def customer(ident: str = "havn", **changes: Any) -> Customer:
    fields: dict[str, Any] = {
        "name": "Havn Shipping A/S",
        "contacts": (f"ap@{ident}.example",),
        "domains": (f"{ident}.example",),
        "requires_po": True,
    }
    return Customer(id=ident, **{**fields, **changes})


def invoice(number: str = "LD-7001", **changes: Any) -> Invoice:
    line = Line(description="Illustration, October", quantity=Decimal("2"), unit_price=Decimal("400.05"), tax_rate=Decimal("25"))
    fields: dict[str, Any] = {
        "customer": "havn",
        "issue_date": date(2026, 10, 1),
        "due_date": date(2026, 10, 31),
        "currency": "DKK",
        "total": Decimal("1000.13"),
        "sent_message_ids": (f"<{number}@lindqvist.example>",),
        "lines": (line,),
        "notes": ("Thank you.",),
    }
    return Invoice(number=number, **{**fields, **changes})


def books(*invoices: Invoice, customers: Sequence[Customer] = (customer(),)) -> Books:
    return Books(issuer=ISSUER, customers=tuple(customers), invoices=invoices)


def arrival(uid: int, **changes: Any) -> Arrival:
    subject, sender = changes.pop("subject", f"Purchase order {uid}"), changes.pop("sender", "Mette <ap@havn.example>")
    head = f"From: {sender}\r\nSubject: {subject}\r\nDate: Sun, 22 Nov 2026 08:00:00 +0100\r\nMessage-ID: <{uid}@havn.example>"
    raw = f"{head}\r\n\r\nHello {uid}\r\n".encode()
    fields: dict[str, Any] = {
        "folder": FOLDER,
        "uidvalidity": 11,
        "uid": uid,
        "raw": raw,
        "received_at": NOW,
        "message_id": f"<{uid}@havn.example>",
        "content_hash": hashlib.sha256(raw).hexdigest(),
    }
    return Arrival(**{**fields, **changes})


def take_in(ledger: Ledger, *uids: int) -> list[int]:
    """Mails taken in and begun, ready to be decided."""
    taken = ledger.receive([arrival(uid) for uid in uids], Cursor(folder=FOLDER, uidvalidity=11, last_uid=max(uids)), now=NOW)
    for message in taken:
        ledger.begin(message, now=NOW)
    return taken


def decision(action: Action = Action.IGNORE, **changes: Any) -> Decision:
    evidence = Evidence(
        speaker="ap@havn.example", proof="dmarc=pass", hits=(Hit(rule="po given", line="PO 4500123456"),), lines=("PO 4500123456",)
    )
    return Decision(action=action, **{"reason": "the mail gives a purchase order", "evidence": evidence, "customer": "havn", **changes})


def plain_outcome(message: int, action: Action = Action.IGNORE, **changes: Any) -> Outcome:
    return Outcome(message=message, decision=decision(action), **changes)


def document(number: str, revision: int, content: bytes | None = None) -> Document:
    content = content if content is not None else f"%PDF {number} revision {revision}".encode()
    return Document(invoice=number, revision=revision, sha256=hashlib.sha256(content).hexdigest(), content=content)


def letter(name: str = "reply", **changes: Any) -> OutgoingLetter:
    fields: dict[str, Any] = {
        "kind": "amend",
        "message_id": f"<{name}@lindqvist.example>",
        "sender": ACCOUNT,
        "recipient": "ap@havn.example",
        "content": f"Subject: Re: {name}\r\n\r\nCorrected copy".encode(),
        "invoices": ("LD-7001",),
    }
    return OutgoingLetter(**{**fields, **changes})


def amending(ledger: Ledger, message: int, po: str = "4500123456", *, number: str = "LD-7001", **changes: Any) -> Outcome:
    """What follows from a mail that gives ``po``, prepared against the books as they are now."""
    found = ledger.books().invoice_by_number[number]
    amended, amendment = amend(
        found,
        PoNumber(po),
        ledger.books().customer_by_id[found.customer],
        requested_by="ap@havn.example",
        applied_by="addendum",
        applied_at=changes.pop("applied_at", NOW),
        message_id=f"<{message}@havn.example>",
        reason="the mail gives a purchase order",
        evidence=(f"PO {po}",),
    )
    fields: dict[str, Any] = {
        "decision": decision(Action.AMEND, changes=(PoChange(invoice=number, po=PoNumber(po)),), invoices=(number,)),
        "amendments": (amendment,),
        "documents": (document(number, found.revision), document(number, amended.revision)),
        "letters": (letter(f"reply-{message}", invoices=(number,)),),
    }
    return Outcome(message=message, **{**fields, **changes})


@contextmanager
def behind_its_back(url: str) -> Iterator[Connection]:
    """A connection of its own, past the ledger, committed at the end."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as db:
        yield db


@contextmanager
def without_triggers(url: str) -> Iterator[Connection]:
    """The same with the audit trail's triggers off, as somebody who owns the database could have it."""
    with behind_its_back(url) as db:
        if db.dialect.name == "postgresql":
            db.execute(text("ALTER TABLE amendments DISABLE TRIGGER ALL"))
        else:
            for trigger in ("no_update", "no_delete", "no_replace"):
                db.execute(text(f"DROP TRIGGER IF EXISTS amendments_{trigger}"))
        yield db


def count(url: str, table: str) -> int:
    with behind_its_back(url) as db:
        return int(db.execute(select(func.count()).select_from(SCHEMA.tables[table])).scalar_one())
