"""Parses the bytes of a mail into its tree of parts, and splits its header into fields, however broken either is."""

from __future__ import annotations

from collections.abc import Iterator
from email.errors import MessageDefect
from email.message import Message as Part

from worker.edges import mime_cargo, mime_heads

MOST_PARTS = 200
LONGEST_HEADER = 256 * 1024
"""Bytes of a header that are read as fields; what is beyond counts as body."""
LONGEST_SOURCE = 1_000_000
"""Bytes that are read of a body whose parts are not told apart."""

_MOST_HEADER_LINES = 5_000


class ReadAsPlainTextDefect(MessageDefect):
    """The parts of the mail were not told apart: it would have taken too much memory, or no parser got through."""


def halves(raw: bytes) -> tuple[bytes, memoryview]:
    """Header and body, without the blank line between."""
    end, start = mime_heads.first_blank_line(raw) or (len(raw), len(raw))
    if end > LONGEST_HEADER:
        end = start = LONGEST_HEADER
    return raw[:end], memoryview(raw)[start:]


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
    """The parts of a mail; one with more lines or boundaries than any sane mail, or nested too deep, is read as headers and text only."""
    raw = raw.lstrip(b"\r\n\t \xef\xbb\xbf\x00")
    header, body = halves(raw)
    sane = len(header) <= _MOST_HEADER_LINES or (len(header) < LONGEST_HEADER and mime_cargo.lines(header) <= _MOST_HEADER_LINES)
    if sane and raw.count(b"boundary") <= 5 * MOST_PARTS and raw.count(b"essage/rfc822") <= MOST_PARTS:
        try:
            return mime_cargo.parsed(raw)
        except (RecursionError, ValueError, LookupError, TypeError, IndexError, AttributeError):
            pass
    return _plain(header, body)


def _plain(header: bytes, body: memoryview) -> Part:
    part = Part()
    for place, (name, line) in enumerate(header_lines(header)):
        if place < _MOST_HEADER_LINES and name and not name.startswith(b"content-"):
            part[name.decode("ascii", "replace")] = line.partition(b":")[2].decode("ascii", "surrogateescape").strip()
    part["Content-Type"] = "text/plain"
    part.set_payload(str(body[:LONGEST_SOURCE], "ascii", "surrogateescape"))
    part.defects.append(ReadAsPlainTextDefect())
    return part


def name_of(defect: object) -> str:
    """A library's word for a defect as plain words: ``no boundary in multipart``."""
    name = type(defect).__name__.removesuffix("Defect")
    return "".join(f" {mark.lower()}" if mark.isupper() else mark for mark in name).strip()
