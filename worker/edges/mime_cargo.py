"""Lifts long base64 attachments off a mail before it is parsed, because the standard library makes a text of every line of them.

A mail of 40 MB would take another 300 MB that way. What is lifted off is decoded straight from the mail's own bytes when it is asked for.
A mail that would still take as much without its attachments is not parsed at all.
"""

from __future__ import annotations

import binascii
import email
import re
from collections.abc import Iterator
from email.message import Message as Part
from hashlib import sha256

from worker.edges import mime_heads

LONG = 64 * 1024
_RUN = re.compile(rb"(?<![A-Za-z0-9+/=\r\n])[A-Za-z0-9+/=\r\n]{%d,}" % LONG)
_BLANK_LINE = re.compile(rb"\n\r?\n[\r\n]*")
_BEGINS_WITHIN = 1000

MOST_BYTES = 10_000_000
MOST_LINES = 200_000
MOST_BOUNDARIES = 2_000
"""How much may be left of a mail without its long attachments; the lines that look like boundaries are those that begin with "--"."""

Span = tuple[int, int]


def parsed(raw: bytes) -> Part:
    """The tree of parts, with every long base64 content left where it lies.

    Raises ValueError for a mail that is too much without those contents too, and what ``email.message_from_bytes`` raises.
    """
    spans = list(_spans(raw)) if len(raw) >= LONG else []
    if not spans:
        return mime_heads.of_one_text(_bearable(raw)) or email.message_from_bytes(raw)
    name = _name_for(raw)
    whole = email.message_from_bytes(_bearable(b"".join(_without(raw, spans, name))))
    labels = {f"{name}.{number}.": span for number, span in enumerate(spans)}
    for part in whole.walk():
        _load(part, raw, labels, name)
    return whole


def content(part: Part) -> bytes | None:
    """The content of a part that was left where it lay, or is long and broken base64, decoded; None for any other part."""
    lifted: memoryview | None = getattr(part, "cargo", None)
    if lifted is not None:
        return binascii.a2b_base64(lifted)
    text = written(part)
    if len(text) >= LONG and _encoding(part) == "base64":
        return _mended(text.encode("ascii", "surrogateescape"))
    return None


def written(part: Part) -> str:
    """The text of a part as it stands on the wire; get_payload() would decode the raw 8-bit letters in it."""
    payload: object = getattr(part, "_payload", None)
    return payload if isinstance(payload, str) else ""


def _encoding(part: Part) -> str:
    return str(part.get("content-transfer-encoding", "")).lower()


def _mended(written: bytes) -> bytes:
    """What the standard library makes of broken base64, which would make a text of every line for it."""
    for padding in (b"", b"=="):
        try:
            return binascii.a2b_base64(written + padding)
        except binascii.Error:
            continue
    return written.translate(None, b"\r\n")


def lines(text: bytes) -> int:
    """How many line ends there are: the parser takes a lone CR for one too."""
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")


def _bearable(rest: bytes) -> bytes:
    many_lines = len(rest) > MOST_LINES and lines(rest) > MOST_LINES
    if len(rest) > MOST_BYTES or many_lines or rest.count(b"\n--") + rest.count(b"\r--") > MOST_BOUNDARIES:
        raise ValueError("a mail with more lines than any sane mail")
    return rest


def _spans(raw: bytes) -> Iterator[Span]:
    """Where a body is nothing but base64, from after its blank line to before the end of its last whole line."""
    for run in _RUN.finditer(raw):
        blank = _BLANK_LINE.search(raw, run.start(), run.start() + _BEGINS_WITHIN)
        end = run.end() if run.end() == len(raw) else raw.rfind(b"\n", run.start(), run.end())
        while raw[end - 1 : end] in (b"\r", b"\n"):
            end -= 1
        if blank is not None and end - blank.end() >= LONG:
            yield blank.end(), end


def _name_for(raw: bytes) -> str:
    # Nobody can write the hash of a mail into that mail, and so no mail need be searched for a name that it lacks.
    return f"cargo-{sha256(raw).hexdigest()}"


def _without(raw: bytes, spans: list[Span], name: str) -> Iterator[bytes]:
    position = 0
    for number, (start, end) in enumerate(spans):
        yield raw[position:start]
        yield f"{name}.{number}.".encode()
        position = end
    yield raw[position:]


def _load(part: Part, raw: bytes, labels: dict[str, Span], name: str) -> None:
    """Give a part its content again: in place where it is whole base64 and said to be, else as the text that it was."""
    payload = written(part)
    if name not in payload:
        return
    label = payload.strip()
    if _encoding(part) == "base64" and label in labels and _is_whole(raw, labels[label]):
        start, end = labels[label]
        part.cargo = memoryview(raw)[start:end]  # type: ignore[attr-defined]  # a part has no place of its own for it
        part.set_payload("")
        return
    part.set_payload(re.sub(rf"{name}\.\d+\.", lambda found: _written(raw, labels[found[0]]), payload))


def _written(raw: bytes, span: Span) -> str:
    return raw[span[0] : span[1]].decode("ascii")


def _is_whole(raw: bytes, span: Span) -> bool:
    """Whether the span is base64 to the last group of four, so that there is one way only to decode it (RFC 4648 §4)."""
    start, end = span
    padding = raw.count(b"=", start, end)
    marks = end - start - raw.count(b"\n", start, end) - raw.count(b"\r", start, end)
    return marks % 4 == 0 and padding <= 2 and raw[end - padding : end] == b"=" * padding
