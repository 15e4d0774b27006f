"""Parses the bytes of a mail into its tree of parts, and splits its header into fields, however broken either is."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.errors import MultipartInvariantViolationDefect
from email.message import Message as Part

MOST_PARTS = 200


def halves(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """Header, the blank line between, and body."""
    spots = [(spot, mark) for mark in (b"\r\n\r\n", b"\n\n") if (spot := raw.find(mark)) >= 0]
    if not spots:
        return raw, b"", b""
    spot, mark = min(spots)
    return raw[:spot], mark, raw[spot + len(mark) :]


def header_lines(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each field with its folded lines, which keep their bytes but for the line ends."""
    field_lines: list[bytes] = []
    for line in [*header.splitlines(), b""]:
        if field_lines and not line.startswith((b" ", b"\t")):
            whole = b"\n".join(field_lines)
            yield whole.partition(b":")[0].strip().lower(), whole
            field_lines = []
        field_lines.append(line)


def tree(raw: bytes) -> Part:
    """The parts of a mail; one with more boundaries than any sane mail, or nested too deep to parse, is read as headers and text only."""
    raw = raw.lstrip(b"\r\n\t \xef\xbb\xbf\x00")
    if raw.count(b"boundary") <= 5 * MOST_PARTS and raw.count(b"essage/rfc822") <= MOST_PARTS:
        try:
            return email.message_from_bytes(raw)
        except (RecursionError, ValueError, LookupError, TypeError, IndexError, AttributeError):
            pass
    header, _, body = halves(raw)
    part = Part()
    for name, line in header_lines(header):
        if name and not name.startswith(b"content-"):
            part[name.decode("ascii", "replace")] = line.partition(b":")[2].decode("ascii", "surrogateescape").strip()
    part["Content-Type"] = "text/plain"
    part.set_payload(body.decode("ascii", "surrogateescape"))
    part.defects.append(MultipartInvariantViolationDefect())
    return part


def name_of(defect: object) -> str:
    """A library's word for a defect as plain words: ``no boundary in multipart``."""
    name = type(defect).__name__.removesuffix("Defect")
    return "".join(f" {mark.lower()}" if mark.isupper() else mark for mark in name).strip()
