"""Made-up books and mails that the tests of the whole way share."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MAILBOX = "billing@larkspur.example"
OWNER = "iris@larkspur.example"
AUTHSERV = "mx.larkspur.example"
AP = "ap@orchard.example"
MILL = "office@mill.example"
PASSWORD = "correct-horse"  # noqa: S105  of servers that live for a test
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

BOOKS: dict[str, Any] = {
    "issuer": {"name": "Larkspur Studio", "addresses": [MAILBOX, OWNER], "mailbox": MAILBOX, "trusted_authserv": AUTHSERV},
    "customers": [
        {
            "id": "orchard",
            "name": "Orchard Foods Ltd",
            "contacts": [AP],
            "domains": ["orchard.example"],
            "networks": [],
            "requires_po": True,
            "po_format": "45########",
            "standing_po": None,
            "language": "en",
        },
        {
            "id": "mill",
            "name": "Mill & Daughters",
            "contacts": ["office@mill.example"],
            "domains": ["mill.example"],
            "networks": [],
            "requires_po": False,
            "po_format": None,
            "standing_po": None,
            "language": "en",
        },
    ],
    "invoices": [
        {
            "number": number,
            "customer": customer,
            "issue_date": "2026-10-01",
            "due_date": "2026-10-31",
            "currency": "EUR",
            "total": "1200.00",
            "po_number": po,
            "status": status,
            "sent_message_ids": [f"<{number.lower()}@larkspur.example>"],
            "lines": [{"description": "Brand design", "quantity": "1", "unit_price": "1200.00", "tax_rate": "0"}],
        }
        for number, customer, po, status in (
            ("LS-1041", "orchard", None, "issued"),
            ("LS-1042", "orchard", "4500000042", "issued"),
            ("LS-1043", "orchard", None, "paid"),
            ("LS-1050", "mill", None, "issued"),
        )
    ],
}


def books_file(folder: Path) -> Path:
    """The sample books as a file."""
    path = folder / "books.json"
    path.write_text(json.dumps(BOOKS), encoding="utf-8")
    return path


def mail(
    body: str,
    *,
    subject: str = "Invoice rejected",
    sender: str = AP,
    to: str = MAILBOX,
    message_id: str = "<one@orchard.example>",
    proven: bool = True,
) -> bytes:
    """A plain mail as it lies in the mailbox; ``proven`` with the word of the mailbox's own server on its sender."""
    domain = sender.rpartition("@")[2]
    proof = f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from={domain}\r\n" if proven else ""
    return (
        f"{proof}From: Accounts Payable <{sender}>\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n"
        f"Date: Sun, 22 Nov 2026 08:30:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode()


def gives_po(number: str = "LS-1041", po: str = "4500123456", *, message_id: str = "<one@orchard.example>") -> bytes:
    """A rejection that brings the purchase order along."""
    body = f"Hello,\r\n\r\nwe cannot process invoice {number} without a purchase order.\r\nPlease add PO number {po} and resend it."
    return mail(body, subject=f"Invoice {number}", message_id=message_id)


def asks_nothing(message_id: str = "<news@elsewhere.example>") -> bytes:
    """Mail that is none of the worker's business."""
    return mail("Our autumn offers are here.", subject="Autumn offers", sender="news@elsewhere.example", message_id=message_id)


def green_slip() -> bytes:
    """A mail that only a rule of one's own understands."""
    return mail(
        "Invoice LS-1050 is rejected. Green slip: QX-77120.", sender=MILL, subject="Invoice LS-1050", message_id="<slip@mill.example>"
    )


def own_rules(folder: Path) -> Path:
    """A folder of rules that knows what a green slip is."""
    file = folder / "languages" / "ours.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[numbers]\npo_before = ["green slips?"]\n')
    return folder
