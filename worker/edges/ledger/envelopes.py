"""Reads the few header lines of a stored mail that a person knows it by: sender, subject, date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

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
    try:
        headers = BytesHeaderParser(policy=compat32).parsebytes(head)
    except Exception:
        return Envelope()
    return Envelope(sender=_text(headers, "From"), subject=_text(headers, "Subject"), sent_at=_moment(headers))


def _text(headers: Message, name: str) -> str:
    try:
        raw = str(headers.get(name, ""))
        return " ".join(str(make_header(decode_header(raw))).split())
    except Exception:
        return ""


def _moment(headers: Message) -> datetime | None:
    try:
        sent = parsedate_to_datetime(str(headers.get("Date", "")))
    except Exception:
        return None
    return sent if sent.tzinfo else None
