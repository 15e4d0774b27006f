"""How much may go out, whatever the mails say: by invoice, to one contact, and in all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from worker.core.outcomes import OutgoingLetter
from worker.edges.outbox.queues import Queue

DIGEST = "digest"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """The most letters about one invoice in a day, to one address in an hour, in all in an hour and in a minute.

    The digest is only held to the last, which a mail provider sets (Exchange Online: 30 a minute): its absence is an alarm.
    """

    per_invoice_a_day: int = 3
    per_contact_an_hour: int = 10
    per_hour: int = 60
    per_minute: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Why a letter waits, and until when."""

    why: str
    until: datetime


def reached(letter: OutgoingLetter, caps: Caps, queue: Queue, now: datetime) -> Reached | None:
    """The cap that this letter would break; None where it may go."""
    if letter.kind == DIGEST:
        return None
    in_a_day = queue.sent_counts(recipient=letter.recipient, invoices=letter.invoices, since=now - DAY).by_invoice
    for invoice in letter.invoices:
        if in_a_day.get(invoice, 0) >= caps.per_invoice_a_day:
            return Reached(why=f"waits: {in_a_day[invoice]} letters about invoice {invoice} went out within a day", until=now + HOUR)
    in_an_hour = queue.sent_counts(recipient=letter.recipient, invoices=letter.invoices, since=now - HOUR)
    if in_an_hour.to_recipient >= caps.per_contact_an_hour:
        return Reached(why=f"waits: {in_an_hour.to_recipient} letters went to this address within an hour", until=now + HOUR / 6)
    if in_an_hour.total >= caps.per_hour:
        return Reached(why=f"waits: {in_an_hour.total} letters went out within an hour", until=now + HOUR / 12)
    return None


def out_of_breath(caps: Caps, queue: Queue, now: datetime) -> bool:
    """Whether as many letters as a provider takes went out within the last minute."""
    return queue.sent_counts(recipient="", invoices=(), since=now - MINUTE).total >= caps.per_minute
