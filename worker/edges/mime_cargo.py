"""Lifts long base64 attachments off a mail before it is parsed, because the standard library makes a text of every line of them.

A mail of 40 MB would take another 300 MB that way. What is lifted off is decoded straight from the mail's own bytes when it is asked for.
"""

from __future__ import annotations

import binascii
import email
import re
from collections.abc import Iterator
from email.message import Message as Part

LONG = 64 * 1024
_RUN = re.compile(rb"(?<![A-Za-z0-9+/=\r\n])[A-Za-z0-9+/=\r\n]{%d,}" % LONG)
_BLANK_LINE = re.compile(rb"\n\r?\n[\r\n]*")
_BEGINS_WITHIN = 1000

Span = tuple[int, int]


def parsed(raw: bytes) -> Part:
    """The tree of parts, with every long base64 content left where it lies. Raises what ``email.message_from_bytes`` raises."""
    spans = list(_spans(raw)) if len(raw) >= LONG else []
    if not spans:
        return email.message_from_bytes(raw)
    name = _name_not_in(raw)
    whole = email.message_from_bytes(b"".join(_without(raw, spans, name)))
    labels = {f"{name}.{number}.": span for number, span in enumerate(spans)}
    for part in whole.walk():
        _load(part, raw, labels, name)
    return whole


def content(part: Part) -> bytes | None:
    """The content of a part that was left where it lay, decoded; None for any other part."""
    lifted: memoryview | None = getattr(part, "cargo", None)
    return None if lifted is None else binascii.a2b_base64(lifted)


def _spans(raw: bytes) -> Iterator[Span]:
    """Where a body is nothing but base64, from after its blank line to before the end of its last whole line."""
    for run in _RUN.finditer(raw):
        blank = _BLANK_LINE.search(raw, run.start(), run.start() + _BEGINS_WITHIN)
        end = run.end() if run.end() == len(raw) else raw.rfind(b"\n", run.start(), run.end())
        while raw[end - 1 : end] in (b"\r", b"\n"):
            end -= 1
        if blank is not None and end - blank.end() >= LONG:
            yield blank.end(), end


def _name_not_in(raw: bytes) -> str:
    return next(name for number in range(len(raw)) if (name := f"cargo{number}").encode() not in raw)


def _without(raw: bytes, spans: list[Span], name: str) -> Iterator[bytes]:
    position = 0
    for number, (start, end) in enumerate(spans):
        yield raw[position:start]
        yield f"{name}.{number}.".encode()
        position = end
    yield raw[position:]


def _load(part: Part, raw: bytes, labels: dict[str, Span], name: str) -> None:
    """Give a part its content again: in place where it is whole base64 and said to be, else as the text that it was."""
    payload = part.get_payload()
    if not isinstance(payload, str) or name not in payload:
        return
    label = payload.strip()
    encoding = str(part.get("content-transfer-encoding", "")).lower()
    if encoding == "base64" and label in labels and _is_whole(raw, labels[label]):
        start, end = labels[label]
        part.cargo = memoryview(raw)[start:end]  # type: ignore[attr-defined]
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
