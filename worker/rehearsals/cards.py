"""A judged mail as a card of the report: what a person wants to know of it, the letter in words."""

from __future__ import annotations

import email
import email.policy

from worker.core.invoices import Books
from worker.core.rehearsed import Card, LetterText
from worker.rehearsals.judging import Judged


def card(judged: Judged, books: Books) -> Card:
    """The card of a judged mail."""
    customer = books.customer_by_id.get(judged.decision.customer or "")
    return Card(
        moment=judged.moment,
        sender=judged.sender,
        subject=judged.subject,
        decision=judged.decision,
        customer=customer.name if customer else "",
        before=judged.before,
        letter=letter_text(judged.letter) if judged.letter else None,
    )


def letter_text(content: bytes) -> LetterText:
    """A letter of ours as it is read; the bytes are our own making."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(("plain",))
    return LetterText(
        recipient=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        enclosed=tuple(part.get_filename() or "" for part in message.iter_attachments()),
        lines=tuple(str(body.get_content() if body else "").splitlines()),
    )
