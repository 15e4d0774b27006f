"""Reads the few header lines of a stored mail that a person knows it by: sender, subject, date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

import structlog

from worker.edges.ledger.columns import storable

log = structlog.get_logger()

from worker.edges import header_fields

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
    return Envelope(sender=_text(headers, "From"), subject=_text(headers, "Subject"), sent_at=_moment(headers))


def _text(headers: Message, name: str) -> str:
    raw = str(headers.get(name, ""))
    try:
        raw = str(make_header(decode_header(raw)))
    except Exception:
        # Hostile headers have more ways to fail than the library documents; what can't be decoded is shown as it stands.
        log.debug("header not decoded", header=name)
    return storable(" ".join(raw.split()))


def _moment(headers: Message) -> datetime | None:
    try:
        sent = parsedate_to_datetime(str(headers.get("Date", "")))
    except (ValueError, TypeError, OverflowError):
        return None
    return sent if sent.tzinfo else None
