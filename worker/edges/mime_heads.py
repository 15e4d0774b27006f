"""Parses a mail that is one text, of whose header only the fields that anybody asks for are kept."""

from __future__ import annotations

import re
from email.message import Message as Part

from worker.core.messages import HEADERS

FIELDS = HEADERS | {"from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references"}
"""The header fields that are read of a mail beside those of its content, in lower case."""
MOST_FIELDS = 5_000
_NEXT_FIELD = re.compile(r"\n(?![ \t])")
_FIELD = re.compile(r"[!-9;-~]+:")
_NO_FIELD = re.compile(r"\n(?![ \t]|[!-9;-~]+:)")

Span = tuple[int, int]


def of_one_text(raw: bytes) -> Part | None:
    """The tree of a mail that is one text, which need not be read line by line; None for any other, and where the header is odd.

    Of its fields (RFC 5322 §2.2) it has those that are read, found ten times sooner than by the standard library; folded lines end plainly.
    """
    blank = first_blank_line(raw)
    if blank is None:
        return None
    end, begin = blank
    header = raw[:end].decode("ascii", "surrogateescape").replace("\r\n", "\n")
    said = header.lower()
    if "\r" in header or "multipart" in said or "message/" in said or not _FIELD.match(header) or _NO_FIELD.search(header):
        return None
    if header.count("\n") >= MOST_FIELDS:
        return None
    part = Part()
    for field in _NEXT_FIELD.split(header):
        name, _, value = field.partition(":")
        if is_read(name):
            part.set_raw(name, value.lstrip(" \t"))
    part.set_payload(raw[begin:].decode("ascii", "surrogateescape"))
    return part


def is_read(name: str) -> bool:
    """Whether a field called ``name`` is read of a mail: one of FIELDS, or one that says something of the content (RFC 2045 §3)."""
    name = name.lower()
    return name in FIELDS or name.startswith("content-")


def first_blank_line(raw: bytes) -> Span | None:
    """Where the header ends and the body begins; None for a mail that has no body."""
    end = raw.find(b"\r\n\r\n")
    plain = raw.find(b"\n\n", 0, end if end >= 0 else len(raw))
    if plain >= 0:
        return plain, plain + 2
    return (end, end + 4) if end >= 0 else None
