"""Reads what one MIME part says of itself, and its content, however broken it is."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from contextlib import suppress
from email.errors import MessageDefect
from email.message import Message as Part
from functools import lru_cache
from typing import TypeVar

from worker.edges import mime_cargo
from worker.edges.charsets import decoded
from worker.edges.header_fields import text_of
from worker.edges.html import LONGEST_HTML, visible_text

LONGEST_TEXT = 2_000_000
"""Characters that are read of one part; the rest of a longer text is left out."""

_LONGEST_CONTENT = 4 * LONGEST_TEXT
_LONGEST_MENDED = 4_000_000
_LONGEST_NAME = 255
_LONGEST_REMEMBERED = 200
_REMEMBERED = 256
_BROKEN = (LookupError, ValueError, TypeError, AttributeError, RecursionError)
_LOST_BOUNDARY = re.compile(r"^--(\S[^\r\n\"]{0,200})\r?\n(?=Content-)", re.MULTILINE | re.IGNORECASE)
_CHARSET = re.compile(rb"(?:charset|encoding)\s?=\s?[\"']?([A-Za-z0-9_-]{2,40})")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]+")
_HTML_STARTS = ("<!doctype html", "<html")

_T = TypeVar("_T")


class TextCutDefect(MessageDefect):
    """The text of the part goes on for longer than is read."""


def _or(ask: Callable[[], _T], otherwise: _T) -> _T:
    try:
        return ask()
    except _BROKEN:
        return otherwise


def mend(part: Part) -> None:
    """Decode raw 8-bit letters in the fields that the standard library reads parameters from; it would replace them by question marks."""
    for name, value in list(part.raw_items()):
        if name.lower() in ("content-type", "content-disposition") and not str(value).isascii():
            part.replace_header(name, text_of(str(value)))


def forget_all_but_content_fields(part: Part) -> None:
    """Drop the fields that say nothing of the part's content (RFC 2045 §3): the standard library walks all of them for each it is asked."""
    part._headers = [(name, value) for name, value in part.raw_items() if name[:1] in "cC" and name.lower().startswith("content-")]  # type: ignore[attr-defined]  # deleting fields one by one is quadratic


def kind(part: Part) -> str:
    """The MIME type in lower case; text/plain where there is none (RFC 2045 §5.2)."""
    return _type_and_charset(part)[0]


def _type_and_charset(part: Part) -> tuple[str, str | None]:
    written = part.get("content-type")
    if not isinstance(written, str) or len(written) > _LONGEST_REMEMBERED:
        return _or(part.get_content_type, "text/plain").lower(), _or(part.get_content_charset, None)
    return _remembered(written)


@lru_cache(maxsize=_REMEMBERED)
def _remembered(content_type: str) -> tuple[str, str | None]:
    """Type and charset of a Content-Type met lately: a mailbox knows few, and the standard library parses each one twice."""
    part = Part()
    part.set_raw("Content-Type", content_type)
    return _or(part.get_content_type, "text/plain").lower(), _or(part.get_content_charset, None)


def is_attached(part: Part) -> bool:
    """Whether the part says that it is an attachment (RFC 2183)."""
    return _or(part.get_content_disposition, None) == "attachment"


def file_name(part: Part) -> str:
    """The file name without path and control characters (RFC 2183, 2231, and 2047 where it ought not to be)."""
    name = _UNSAFE.sub("", text_of(_or(part.get_filename, None) or ""))
    return " ".join(name.replace("\\", "/").rpartition("/")[2].split())[-_LONGEST_NAME:]


def content(part: Part) -> bytes:
    """The bytes of the part, its transfer encoding undone."""
    found: object = mime_cargo.content(part)
    if isinstance(found, bytes):
        return found
    with suppress(*_BROKEN):
        found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def inner(part: Part) -> list[Part]:
    """The parts of a multipart; where its boundary is missing or wrong, the boundary that its text shows."""
    if part.is_multipart():
        return [child for child in part.get_payload() if isinstance(child, Part)]
    found = _lost_boundary(part)
    payload = part.get_payload() if found else None
    if found is None or not isinstance(payload, str):
        return []
    header = f'Content-Type: multipart/mixed; boundary="{found[1].rstrip()}"\n\n'
    again = _or(lambda: email.message_from_bytes((header + payload).encode("utf-8", "surrogateescape")), Part()).get_payload()
    return [child for child in again if isinstance(child, Part)] if isinstance(again, list) else []


def _lost_boundary(part: Part) -> re.Match[str] | None:
    if "ontent-" not in mime_cargo.written(part):
        return None
    payload = part.get_payload()
    if not isinstance(payload, str) or len(payload) > _LONGEST_MENDED:
        return None
    return _LOST_BOUNDARY.search(payload)


def cut_at_lost_boundary(part: Part) -> bool:
    """Cut from a text part what a misspelt boundary left in it: the source of further parts. True where something was cut."""
    found = _lost_boundary(part)
    payload = part.get_payload() if found else None
    if found is None or not isinstance(payload, str) or not payload[: found.start()].strip():
        return False
    part.set_payload(payload[: found.start()])
    return True


def text(part: Part) -> str:
    """The text of a text part, decoded, with plain line ends; format=flowed lines joined (RFC 3676)."""
    found = source(part, content(part)).replace("\r\n", "\n").replace("\r", "\n")
    if "flowed" in str(part.get("content-type", "")).lower() and _parameter(part, "format") == "flowed":
        return _joined(found, spaces=_parameter(part, "delsp") != "yes")
    return found


def source(part: Part, body: bytes) -> str:
    """The first 2,000,000 characters of ``body``, the part's content, decoded; the part has a defect where there are more."""
    found = decoded(body[:_LONGEST_CONTENT], charset(part, body))
    if len(body) > _LONGEST_CONTENT or len(found) > LONGEST_TEXT:
        part.defects.append(TextCutDefect())
    return found[:LONGEST_TEXT]


def _parameter(part: Part, name: str) -> str:
    return _or(lambda: str(part.get_param(name, "")), "").strip().lower()


def shown(part: Part, kind: str) -> str:
    """The text of a text part of that kind as a reader sees it."""
    found = text(part)
    looks_like_html = found[:200].lstrip().lower().startswith(_HTML_STARTS)
    if kind != "text/html" and not looks_like_html:
        return found
    if len(found) > LONGEST_HTML:
        part.defects.append(TextCutDefect())
    return visible_text(found)


def cuts(part: Part) -> list[str]:
    """Whether any of the text was left out, as defects in plain words."""
    return ["text cut" for defect in part.defects if isinstance(defect, TextCutDefect)]


def charset(part: Part, body: bytes) -> str | None:
    """The charset that the part declares, else the one that the document in it names (HTML meta, XML declaration)."""
    content_type, declared = _type_and_charset(part)
    if declared or content_type == "text/plain":
        return declared
    found = _CHARSET.search(body[:2048])
    return found[1].decode("ascii") if found else None


def _joined(flowed: str, *, spaces: bool) -> str:
    lines: list[list[str]] = []
    marks_above, goes_on = 0, False
    for line in flowed.split("\n"):
        words = line.lstrip(">")
        marks = len(line) - len(words)
        words = words[1:] if words.startswith(" ") else words
        signature = words == "-- "
        flows = words.endswith(" ") and not signature
        shown = words[:-1] if flows and not spaces else words
        if goes_on and marks == marks_above and not signature:
            lines[-1].append(shown)
        else:
            lines.append([f"{'>' * marks} {shown}" if marks else shown])
        goes_on, marks_above = flows, marks
    return "\n".join("".join(pieces) for pieces in lines)
