"""Parses the bytes of a mail into its tree of parts, and splits its header into fields, however broken either is."""

from __future__ import annotations

from collections.abc import Iterator
from email.errors import MultipartInvariantViolationDefect
from email.message import Message as Part

from worker.edges import mime_cargo

MOST_PARTS = 200


def halves(raw: bytes) -> tuple[bytes, memoryview]:
    """Header and body, without the blank line between."""
    spots = [(spot, spot + len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (spot := raw.find(mark)) >= 0]
    end, start = min(spots, default=(len(raw), len(raw)))
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
    """The parts of a mail; one with more boundaries than any sane mail, or nested too deep to parse, is read as headers and text only."""
    raw = raw.lstrip(b"\r\n\t \xef\xbb\xbf\x00")
    if raw.count(b"boundary") <= 5 * MOST_PARTS and raw.count(b"essage/rfc822") <= MOST_PARTS:
        try:
            return mime_cargo.parsed(raw)
        except (RecursionError, ValueError, LookupError, TypeError, IndexError, AttributeError):
            pass
    header, body = halves(raw)
    part = Part()
    for name, line in header_lines(header):
        if name and not name.startswith(b"content-"):
            part[name.decode("ascii", "replace")] = line.partition(b":")[2].decode("ascii", "surrogateescape").strip()
    part["Content-Type"] = "text/plain"
    part.set_payload(str(body, "ascii", "surrogateescape"))
    part.defects.append(MultipartInvariantViolationDefect())
    return part


def name_of(defect: object) -> str:
    """A library's word for a defect as plain words: ``no boundary in multipart``."""
    name = type(defect).__name__.removesuffix("Defect")
    return "".join(f" {mark.lower()}" if mark.isupper() else mark for mark in name).strip()
