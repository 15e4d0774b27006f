"""Decodes header fields one by one, so that no broken field keeps a mail from being read."""

from __future__ import annotations

import binascii
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from worker.core.addresses import mailboxes
from worker.core.messages import Address
from worker.edges.charsets import decoded

_LONGEST = 100_000
_LONGEST_REMEMBERED = 300
_REMEMBERED = 4096
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_ID = re.compile(r"<([^<>]{1,998})>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def text_of(raw: str) -> str:
    """A field's body: unfolded, raw 8-bit letters and RFC 2047 words decoded, control characters turned into spaces."""
    raw = raw[:_LONGEST]
    if not raw.isascii():
        raw = decoded(raw.encode("utf-8", "surrogateescape"), None)
    if "=?" in raw:
        raw = _without_encoded_words(raw)
    return _CONTROL.sub(" ", raw).strip() if not raw.isprintable() else raw.strip()


def unfolded(raw: str) -> str:
    """A field's body as it stands on the wire, but on one line: what is written for programs has no encoded words (RFC 2047 §5)."""
    return _CONTROL.sub(" ", raw).strip()


def _without_encoded_words(text: str) -> str:
    """RFC 2047 §6.2: space between encoded words is nothing; words of one charset are decoded together, as some cut a letter in two."""
    parts: list[str] = []
    charset, pending, end = "", b"", 0
    for word in _ENCODED.finditer(text):
        between = text[end : word.start()]
        here = word[1].partition("*")[0].lower()
        if pending and (between.strip() or here != charset):
            parts.append(decoded(pending, charset))
            pending = b""
        if end == 0 or between.strip():
            parts.append(between)
        charset, pending, end = here, pending + _bytes_of(word[2], word[3]), word.end()
    parts.append(decoded(pending, charset) if pending else "")
    return "".join(parts) + text[end:]


def _bytes_of(encoding: str, payload: str) -> bytes:
    if encoding in "qQ":
        return binascii.a2b_qp(payload.encode("utf-8", "replace"), header=True)
    packed = "".join(payload.split()).rstrip("=").encode("ascii", "ignore")
    try:
        return binascii.a2b_base64(packed + b"=" * (-len(packed) % 4))
    except binascii.Error:
        return b""


def addresses(raw: str) -> tuple[Address, ...]:
    """The addresses of an address field. Its structure is read before its names are decoded, so no encoded name can pose as an address."""
    return _remembered(raw) if len(raw) <= _LONGEST_REMEMBERED else _addresses(raw[:_LONGEST])


def _addresses(raw: str) -> tuple[Address, ...]:
    raw = raw.replace("\r", "").replace("\n", " ")
    if not raw.isascii():
        raw = decoded(raw.encode("utf-8", "surrogateescape"), None)
    found = mailboxes(raw) or (mailboxes(text_of(raw)) if "=?" in raw else ())
    return tuple(Address(_CONTROL.sub("", address.email), text_of(address.name)) for address in found)


_remembered = lru_cache(maxsize=_REMEMBERED)(_addresses)
"""``_addresses`` of fields met lately: most mail of a mailbox is between the same few people."""


def ids(raw: str) -> tuple[str, ...]:
    """The message ids of a Message-ID, In-Reply-To or References field, with their angle brackets; Microsoft's ``<[…]>`` too."""
    found = tuple(f"<{''.join(inside.split())}>" for inside in _ID.findall(raw[:_LONGEST]))
    if found or not (bare := raw.strip()) or " " in bare:
        return found
    return (f"<{bare.strip('<>')}>",) if "@" in bare else ()


def date_of(raw: str) -> datetime | None:
    """The moment that a Date field names, in UTC; None where it names none."""
    try:
        date = parsedate_to_datetime(text_of(raw))
        return (date.replace(tzinfo=UTC) if date.tzinfo is None else date).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
