"""A letter as the bytes of a mail: the same bytes for the same letter, and no header that a hostile name or subject could add to."""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime
from urllib.parse import quote

from worker.core.lines import visible
from worker.core.messages import Address
from worker.core.replies import Enclosure
from worker.errors import NeedsAPerson

LONGEST_LINE = 76
LONGEST_WORD = 200
"""How long a subject or a display name may be."""
LONGEST_ADDRESS = 254

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*\.?@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")


def seal(
    *,
    subject: str,
    text: str,
    html: str,
    sender: Address,
    recipient: str,
    message_id: str,
    date: datetime,
    in_reply_to: str | None,
    references: Sequence[str],
    enclosures: Sequence[Enclosure],
    automatic: str | None,
) -> bytes:
    """The mail as bytes: multipart/alternative, in a multipart/mixed with the enclosures where there are any (RFC 5322, 2045, 2046, CRLF).

    Raises NeedsAPerson when an address cannot stand in a header, ValueError for a malformed ``message_id``.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"not a Message-ID: {message_id!r}")
    boundary = hashlib.sha256(message_id.encode()).hexdigest()[:32]
    headers = [
        ("From", _mailbox(sender)),
        ("To", _address(recipient)),
        ("Subject", _words("Subject", subject)),
        ("Date", format_datetime(date.astimezone(UTC))),
        ("Message-ID", message_id),
        *_threading(in_reply_to, references),
        *([("Auto-Submitted", automatic)] if automatic else []),
        ("X-Addendum-Id", message_id.strip("<>")),
        ("MIME-Version", "1.0"),
    ]
    body = _multipart("alternative", f"=_alt_{boundary}", [_text("plain", text), _text("html", html)])
    if enclosures:
        body = _multipart("mixed", f"=_mix_{boundary}", [body, *map(_enclosure, enclosures)])
    return b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in headers) + body


def is_writable(email: str) -> bool:
    """Whether an address can stand in a letter: in ASCII, its domain too (RFC 5321 §4.1.2)."""
    return _ADDRESS.fullmatch(email) is not None and len(email) <= LONGEST_ADDRESS


def _mailbox(address: Address) -> str:
    name = visible(address.name, limit=LONGEST_WORD)
    if not name:
        return _address(address.email)
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    phrase = quoted if name.isascii() and "=?" not in name else _encoded(name, "From")
    return f"{phrase}\r\n <{_address(address.email)}>"


def _address(email: str) -> str:
    # A domain in another script is not translated here: the standards disagree on some letters, and so on whose domain it is.
    if not is_writable(email):
        raise NeedsAPerson(
            f"A letter cannot be addressed to {visible(email, limit=LONGEST_WORD)!r}; write the address in ASCII in the books."
        )
    return email


def _words(name: str, value: str) -> str:
    line = visible(value, limit=LONGEST_WORD)
    # What only looks like an encoded word (RFC 2047) is encoded, so that it reads as it was written.
    if not line.isascii() or "=?" in line:
        return _encoded(line, name)
    return Header(line, "us-ascii", header_name=name, maxlinelen=LONGEST_LINE).encode(linesep="\r\n")


def _encoded(line: str, name: str) -> str:
    return Header(line, "utf-8", header_name=name, maxlinelen=LONGEST_LINE - 1).encode(linesep="\r\n")


def _threading(in_reply_to: str | None, references: Sequence[str]) -> Iterator[tuple[str, str]]:
    if in_reply_to and _MESSAGE_ID.fullmatch(in_reply_to):
        yield "In-Reply-To", in_reply_to
    if known := [one for one in references if _MESSAGE_ID.fullmatch(one)]:
        yield "References", "\r\n ".join(known)


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    # "=_" cannot occur in quoted-printable or base64 (RFC 2045 §6.7), so no part can hold the boundary.
    delimiter = f"--{boundary}".encode("ascii")
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return head + b"".join(delimiter + b"\r\n" + part + b"\r\n" for part in parts) + delimiter + b"--\r\n"


def _text(kind: str, text: str) -> bytes:
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n".encode("ascii")
    lines = "\n".join(text.splitlines()) + "\n"
    return head + binascii.b2a_qp(lines.encode("utf-8", "replace"), istext=True).replace(b"\n", b"\r\n")


def _enclosure(enclosure: Enclosure) -> bytes:
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", enclosure.name)
    name = (
        f'filename="{plain}"' if plain == enclosure.name else f"filename=\"{plain}\";\r\n filename*=UTF-8''{quote(enclosure.name, safe='')}"
    )
    head = (
        f'Content-Type: application/pdf; name="{plain}"\r\nContent-Transfer-Encoding: base64\r\n'
        f"Content-Disposition: attachment; {name}\r\n\r\n"
    ).encode("ascii")
    encoded = binascii.b2a_base64(enclosure.content, newline=False)
    return head + b"\r\n".join(encoded[start : start + LONGEST_LINE] for start in range(0, len(encoded), LONGEST_LINE))
