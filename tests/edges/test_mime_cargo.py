"""Long attachments left where they lie in a mail: every part still says what the standard library says of it."""

import email
import random
import re
import tracemalloc
from email.message import EmailMessage
from email.message import Message as Part
from email.policy import SMTP, default

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.mail_words import all_languages
from worker.edges import mime, mime_cargo, mime_heads, mime_parts

WORDS = all_languages()
CHANCE = random.Random(5)  # noqa: S311  only noise
SCAN = CHANCE.randbytes(200_000)


def with_scan(content: bytes = SCAN, *, policy: object = SMTP) -> bytes:
    message = EmailMessage()
    message["From"] = "ap@orchard.example"
    message["Subject"] = "Scan"
    message.set_content("Here it is.")
    message.add_attachment(content, maintype="application", subtype="zip", filename="scans.zip")
    return message.as_bytes(policy=policy)


def said(tree: Part) -> list[tuple[str, bytes]]:
    return [(part.get_content_type(), mime_parts.content(part)) for part in tree.walk() if not part.is_multipart()]


@pytest.mark.parametrize("policy", [SMTP, default], ids=["CRLF", "LF"])
def test_a_long_attachment_is_read_whole(policy: object) -> None:
    message = mime.parse(with_scan(policy=policy), words=WORDS)
    [scan] = message.attachments
    assert (scan.name, scan.content) == ("scans.zip", SCAN)
    assert message.text.strip() == "Here it is."


def test_each_mail_has_a_name_for_its_places_that_nobody_could_write_into_it() -> None:
    guessed = with_scan().replace(b"Here it is.", " ".join(f"cargo{number}.0." for number in range(1_000)).encode())
    assert mime_cargo._name_for(guessed) != mime_cargo._name_for(with_scan())
    assert mime_cargo._name_for(guessed).encode() not in guessed
    message = mime.parse(guessed, words=WORDS)
    assert message.text.startswith("cargo0.0. cargo1.0.")
    assert [scan.content for scan in message.attachments] == [SCAN]


def test_a_mail_of_one_long_part_is_read_whole() -> None:
    message = EmailMessage()
    message.set_content(SCAN, maintype="application", subtype="octet-stream")
    assert said(mime_cargo.parsed(message.as_bytes(policy=SMTP))) == [("application/octet-stream", SCAN)]


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b"base64", b"8bit"),
        lambda raw: raw.replace(b"base64", b"x-unknown"),
        lambda raw: re.sub(rb"(?m)^(.{76})\r\n(.{76})\r\n", rb"\1\r\n=\2\r\n", raw, count=1),
        lambda raw: re.sub(rb"(?m)^(.{76})\r\n(.{76})\r\n", rb"\1\r\n!\2\r\n", raw, count=1),
        lambda raw: raw[: len(raw) * 3 // 4],
        lambda raw: raw[: len(raw) * 3 // 4].rstrip(b"\r\n") + b".",
        lambda raw: raw.replace(b"boundary=", b"boundary=wrong"),
        lambda raw: raw.replace(b"Here it is.", b"cargo0.0. cargo1.0."),
        lambda raw: raw.replace(b"application/zip", b"message/rfc822"),
    ],
)
def test_what_is_not_plain_base64_reads_as_before(change: object) -> None:
    raw = change(with_scan())
    assert said(mime_cargo.parsed(raw)) == said(email.message_from_bytes(raw))


@given(
    some.lists(
        some.sampled_from(
            [
                b"QUJD" * 19 + b"\r\n",
                b"QUJ\n",
                b"=\r\n",
                b"\r\n",
                b"\r\n--b\r\n",
                b"Content-Transfer-Encoding: base64\r\n",
                b"\r\n--b--\r\n",
                b"-x-",
            ]
        ),
        max_size=30,
    )
)
def test_any_body_reads_as_before(pieces: list[bytes]) -> None:
    raw = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n' + b"".join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mime_cargo, "LONG", 100)
        patch.setattr(mime_cargo, "_RUN", re.compile(mime_cargo._RUN.pattern.replace(b"65536", b"100")))
        assert said(mime_cargo.parsed(raw)) == said(email.message_from_bytes(raw))


FIELD_PIECES = [
    "A",
    "From",
    "Content-c",
    ":",
    ": ",
    " ",
    "\t",
    "\r\n",
    "\n",
    "\r",
    "x",
    "\udcff",
    "\x0b",
    "\x85",
    "\ufeff",
    "From ",
    "=?utf-8?q?=41?=",
    "\r\n ",
]


@given(some.lists(some.sampled_from(FIELD_PIECES), max_size=30))
def test_the_fields_of_any_mail_are_those_that_the_standard_library_finds(pieces: list[str]) -> None:
    raw = ("To: b\r\n" + "".join(pieces) + "\r\n\r\ntext").encode("utf-8", "surrogateescape")
    ours, theirs = mime_cargo.parsed(raw), email.message_from_bytes(raw)
    assert read_of(ours) == read_of(theirs)
    assert (ours.get_payload(), bool(ours.defects)) == (theirs.get_payload(), bool(theirs.defects))


def read_of(part: Part) -> list[tuple[str, str]]:
    return [(name, value.replace("\r\n", "\n")) for name, value in part.raw_items() if mime_heads.is_read(name)]


@pytest.mark.parametrize("spoilt", [b"", b"Q", b"QU", b"QUJ", b"=", b"=QUJD", b"\r\n.\r\nQUJD", b"\xffQUJD"])
def test_long_base64_that_is_broken_is_decoded_as_the_standard_library_does(spoilt: bytes) -> None:
    raw = b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUJD\r\n" * 12_000 + spoilt
    assert mime_parts.content(mime_cargo.parsed(raw)) == email.message_from_bytes(raw).get_payload(decode=True)


def test_a_large_mail_takes_little_more_memory_than_its_content() -> None:
    raw = with_scan(SCAN * 50)
    tracemalloc.start()
    try:
        mime.parse(raw, words=WORDS)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.2 * len(SCAN) * 50
