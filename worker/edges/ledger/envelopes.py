"""Reads the few header lines of a stored mail that a person knows it by: sender, subject, date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

from worker.edges import header_fields
from worker.edges.ledger.columns import storable

HEAD_BYTES = 65536
"""How much of a mail is read for its header lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a mail's own header says, decoded but not trusted; ``sent_at`` None where there is no date to be read."""

    sender: str = ""
    subject: str = ""
    sent_at: datetime | None = None


def read(head: bytes) -> Envelope:
    """The envelope in the first bytes of a mail; never raises, whatever they are."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(head)
    return Envelope(sender=_text(headers, "from"), subject=_text(headers, "subject"), sent_at=_moment(_raw(headers, "date")))


def _text(headers: Message, name: str) -> str:
    return storable(" ".join(header_fields.text_of(_raw(headers, name)).split()))


def _raw(headers: Message, name: str) -> str:
    # headers.get() would wrap 8-bit text in an object that hides its bytes.
    return next((str(value) for key, value in headers.raw_items() if key.lower() == name), "")


def _moment(date: str) -> datetime | None:
    try:
        sent = parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError):
        return None
    return sent if sent.tzinfo else None
