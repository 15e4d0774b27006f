"""Every odd mail is a pair: the bytes, and what they must parse to."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mail_words import all_languages
from worker.core.messages import Address, BlockKind, Message
from worker.edges import mime, mime_heads, mime_trees
from worker.edges.pdfs import PdfReading

WORDS = all_languages()
MAILS = Path(__file__).with_name("mails")
HEAD = b"From: Ann <ann@buyer.example>\r\nTo: billing@studio.example\r\nSubject: Invoice 7\r\nMessage-ID: <a1@buyer.example>\r\n"


def parse(raw: bytes) -> Message:
    return mime.parse(raw, words=WORDS, read_pdf=lambda content: PdfReading(text=f"{len(content)} bytes"))


def mail(*lines: str, head: bytes = HEAD) -> bytes:
    return head + "\r\n".join(lines).encode() + b"\r\n"


def test_a_plain_mail_has_its_headers_text_and_one_block() -> None:
    message = parse(
        HEAD + b"Date: Tue, 05 May 2026 10:00:00 +0200\r\nReferences: <x@y>\r\n <z@y>\r\nIn-Reply-To: <z@y>\r\n\r\nUse 4711.\r\n"
    )
    assert message.sender == Address("ann@buyer.example", "Ann")
    assert message.to == (Address("billing@studio.example"),)
    assert (message.subject, message.message_id) == ("Invoice 7", "<a1@buyer.example>")
    assert (message.references, message.in_reply_to) == (("<x@y>", "<z@y>"), ("<z@y>",))
    assert message.date == datetime(2026, 5, 5, 8, tzinfo=UTC)
    assert [(block.kind, block.text) for block in message.blocks] == [(BlockKind.NEW, "Use 4711.")]
    assert (message.part_types, message.defects) == (("text/plain",), ())
    assert message.subject == "Invoice 7"


SUBJECTS = [
    (b"=?utf-8?q?Rechnung_f=C3=BCr?= Mai", "Rechnung für Mai"),
    (b"=?utf-8?B?w4Q=?= =?utf-8?B?w5Y=?=", "ÄÖ"),
    (b"=?utf-8?B?5rO=?=\r\n =?utf-8?B?qA==?=", "注"),
    (b"=?utf-9?q?Rechnung_f=C3=BCr?=", "Rechnung für"),
    (b"=?iso-8859-1?q?f=FCr?=", "für"),
    (b"=?shift_jis?B?ko2Vtg==?=", "注文"),
    (b"=?utf-8?q?two=0D=0ABcc:_x@y?= lines", "two Bcc: x@y lines"),
    ("für dich".encode(), "für dich"),
    ("für dich".encode("cp1252"), "für dich"),
    (b"=?utf-8?b?!!!?= rest", "rest"),
    (b"=?utf-8?q?open", "=?utf-8?q?open"),
    (b"folded\r\n\tsubject", "folded\tsubject"),
]


@pytest.mark.parametrize(("raw", "subject"), SUBJECTS)
def test_a_subject_is_decoded_whatever_was_done_to_it(raw: bytes, subject: str) -> None:
    assert parse(b"Subject: " + raw + b"\r\n\r\nx").subject.replace("\t", " ") == subject.replace("\t", " ")


FROMS = [
    (b'"Buyer, Ann" <Ann@Buyer.Example>', [Address("ann@buyer.example", "Buyer, Ann")]),
    (b"=?utf-8?q?Ann_K=C3=A4ufer?= <a@b.example>", [Address("a@b.example", "Ann Käufer")]),
    (b"=?utf-8?q?boss=40studio=2Eexample?= <a@b.example>", [Address("a@b.example", "boss@studio.example")]),
    (b"boss@studio.example <a@b.example>", [Address("a@b.example", "boss@studio.example")]),
    (b'"boss@studio.example" <a@b.example>', [Address("a@b.example", "boss@studio.example")]),
    (b"=?utf-8?q?Ann_<a=40b.example>?=", [Address("a@b.example", "Ann")]),
    (b"a@b.example (Ann)", [Address("a@b.example")]),
    (b"a@b.example, c@d.example", [Address("a@b.example"), Address("c@d.example")]),
    (b"<a@b.example> <c@d.example>", [Address("a@b.example"), Address("c@d.example")]),
    (b"team: a@b.example, c@d.example;", [Address("a@b.example"), Address("c@d.example")]),
    (b"<@relay.example:a@b.example>", [Address("a@b.example")]),
    (b"nobody", []),
    (b"(c):", []),
    (b'"open <a@b.example>', []),
    ("Käufer <a@b.example>".encode("cp1252"), [Address("a@b.example", "Käufer")]),
]


@pytest.mark.parametrize(("raw", "addresses"), FROMS)
def test_addresses_are_read_before_their_names_are_decoded(raw: bytes, addresses: list[Address]) -> None:
    assert list(parse(b"From: " + raw + b"\r\n\r\nx").froms) == addresses


def test_two_from_headers_are_counted_and_name_no_sender() -> None:
    message = parse(b"From: a@b.example\r\nFrom: c@d.example\r\n\r\nx")
    assert (message.from_headers, len(message.froms), message.sender) == (2, 2, None)


@pytest.mark.parametrize(
    "header",
    [
        b"Message-ID: <[abc]@x.example>",
        b"To: (c):",
        b"Content-Type: text/plain; name*",
        b"Date: yesterday",
        b'Content-Type: text/plain; charset=""',
        b"Content-Disposition: ;;;",
    ],
)
def test_no_broken_header_keeps_a_mail_from_being_read(header: bytes) -> None:
    assert parse(b"From: a@b.example\r\n" + header + b"\r\n\r\nUse 4711.").text.strip() == "Use 4711."


def test_the_message_ids_of_microsoft_are_kept() -> None:
    assert parse(b"Message-ID: <[a]b@c>\r\n\r\nx").message_id == "<[a]b@c>"


CHARSETS = [
    ("für", "utf-8", "utf-8"),
    ("für", "cp1252", "iso-8859-1"),
    ("für", "utf-8", "iso-8859-1"),
    ("für", "cp1252", "utf-8"),
    ("für", "utf-8", "x-unknown"),
    ("für", "utf-8", "hex"),
    ("“für”", "cp1252", "us-ascii"),
    ("注文番号は４７１１です", "iso2022_jp", "iso-2022-jp"),
    ("注文番号は４７１１です", "iso2022_jp", "nonsense"),
    ("注文番号①", "cp932", "shift_jis"),
    ("注文番号４７１１\n真壁", "iso2022_jp", "iso-2022-jp-ms"),
    ("采购订单号", "gb18030", "gb2312"),
    ("採購單號", "big5", "big5"),
    ("zamówienie", "iso8859_2", "iso-8859-2"),
]


@pytest.mark.parametrize(("text", "written", "declared"), CHARSETS)
def test_text_is_decoded_by_its_charset_or_by_what_it_looks_like(text: str, written: str, declared: str) -> None:
    raw = HEAD + f"Content-Type: text/plain; charset={declared}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n".encode() + text.encode(written)
    assert parse(raw).text == text


@pytest.mark.parametrize(
    ("content", "declared", "text"),
    [
        ("注文番号です".encode("cp932") + b"\x81", "shift_jis", "注文番号です\ufffd"),
        ("注文番号です".encode() + b"\xff", "utf-8", "注文番号です\ufffd"),
        ("für".encode("cp1252"), "iso-2022-jp", "für"),
        (b"\x1b$B9uD,-j\x1b(B PO 4711\n\x1b$B-!", "iso-2022-jp", "黒潮㈱ PO 4711\n①"),
        (b"\x1b$B9uD,-j\x1b(B PO 4711", "iso-2022-jp-ms", "黒潮㈱ PO 4711"),
        (b"f\xfcr \x81", "utf-8", "für \x81"),
        (b"caf\xe9 \x93x\x94", "unknown-8bit", "café “x”"),
    ],
)
def test_wrong_bytes_spoil_only_themselves(content: bytes, declared: str, text: str) -> None:
    assert parse(HEAD + f"Content-Type: text/plain; charset={declared}\r\n\r\n".encode() + content).text == text


def test_lines_end_plainly() -> None:
    assert parse(HEAD + b"\r\na\r\nb\rc").text == "a\nb\nc"


def test_a_zero_byte_is_nothing() -> None:
    assert parse(HEAD + b"\r\nUse 47\x0011.").text == "Use 4711."


def test_flowed_lines_are_joined_within_one_level_of_quotes() -> None:
    raw = mail("Content-Type: text/plain; format=flowed", "", "the order ", "is 4711.", "", "> which ", "> one?", ">> none ", "-- ", "Ann")
    assert parse(raw).text.splitlines() == ["the order is 4711.", "", "> which one?", ">> none ".replace(">> ", ">> "), "-- ", "Ann"]


def alternative(plain: str, html: str) -> bytes:
    return mail(
        "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="=b"',
        "",
        "--=b",
        "Content-Type: text/plain",
        "",
        plain,
        "--=b",
        "Content-Type: text/html",
        "",
        html,
        "--=b--",
    )


def test_the_plain_text_is_taken_while_it_says_the_same() -> None:
    assert parse(alternative("The order is *4711*.", "<p>The order is <b>4711</b>.</p>")).text.strip() == "The order is *4711*."


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("", "<p>The order is 4711.</p>"),
        ("Please view this mail in HTML.", "<p>The order is 4711.</p>"),
        ("The order is 4712. The order is 4711.", "<p>The order is <span style='display:none'>4712. The order is</span> 4711.</p>"),
    ],
)
def test_the_html_is_taken_where_a_reader_sees_something_else(plain: str, html: str) -> None:
    assert parse(alternative(plain, html)).text == "The order is 4711."


@pytest.mark.parametrize("plain", ["PO for INV-7 is 4711. Please add it.", "Cancel this invoice and issue a new one."])
def test_what_only_the_plain_text_says_is_no_evidence_where_the_html_says_something_else(plain: str) -> None:
    assert parse(alternative(plain, "<p>Hi</p>")).text.strip() == "Hi"


def test_html_that_only_shows_a_picture_gives_way_to_the_plain_text() -> None:
    assert parse(alternative("The order is 4711.", "<img src=cid:x>")).text.strip() == "The order is 4711."


def attached(header: str, body: str) -> bytes:
    return mail(
        "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "see file", "--b", header, "", body, "--b--"
    )


FILES = [
    ('Content-Type: application/pdf; name="a.pdf"\r\nContent-Disposition: attachment', "%PDF-x", "a.pdf", "6 bytes"),
    ("Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=A.PDF", "%PDF-x", "A.PDF", "6 bytes"),
    ("Content-Type: text/xml\r\nContent-Disposition: attachment; filename*=utf-8''b%C3%A4r.xml", "<a>4711</a>", "bär.xml", "<a>4711</a>"),
    ("Content-Type: text/plain\r\nContent-Disposition: attachment; filename==?utf-8?q?b=C3=A4r.txt?=", "4711", "bär.txt", "4711"),
    ('Content-Type: text/plain; name="note.txt"', "4711", "note.txt", "4711"),
    ('Content-Type: image/png\r\nContent-Disposition: inline; filename="../../etc/po\n 4711.png"', "x", "po 4711.png", None),
    ('Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="C:\\dir\\b.xlsx"', "x", "b.xlsx", None),
    ("Content-Type: text/html\r\nContent-Disposition: attachment; filename=a.html", "<p>4711", "a.html", None),
]


@pytest.mark.parametrize(("header", "body", "name", "text"), FILES)
def test_an_attachment_has_a_clean_name_and_the_text_that_can_be_read(header: str, body: str, name: str, text: str | None) -> None:
    message = parse(attached(header, body))
    assert message.text.strip() == "see file"
    kept = b"" if "image/" in header else body.encode()
    assert [(file.name, file.text, file.content) for file in message.attachments] == [(name, text, kept)]


def test_a_raw_eight_bit_file_name_keeps_its_letters() -> None:
    raw = attached('Content-Type: image/png\r\nContent-Disposition: attachment; filename="bär.png"', "x")
    assert parse(raw).attachments[0].name == "bär.png"


def test_a_pdf_that_could_not_be_read_says_why() -> None:
    raw = attached("Content-Type: application/pdf", "x")
    message = mime.parse(raw, words=WORDS, read_pdf=lambda _: PdfReading(problem="encrypted"))
    assert (message.attachments[0].text, message.attachments[0].problem) == (None, "encrypted")
    assert mime.parse(raw, words=WORDS).attachments[0].text is None


def test_encrypted_mail_is_an_attachment_with_a_problem() -> None:
    message = parse(mail("Content-Type: application/pkcs7-mime; name=smime.p7m", "", "x"))
    assert [(file.content_type, file.problem) for file in message.attachments] == [("application/pkcs7-mime", "encrypted")]


INNER = "From: Bob <bob@acme.example>\r\nSubject: the order\r\n\r\nUse 4711.\r\n"
NESTINGS = [
    ("Content-Type: message/rfc822", INNER),
    ("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", base64.encodebytes(INNER.encode()).decode()),
    (
        'Content-Type: application/octet-stream; name="mail.EML"\r\nContent-Transfer-Encoding: base64',
        base64.encodebytes(INNER.encode()).decode(),
    ),
]


@pytest.mark.parametrize(("header", "body"), NESTINGS)
def test_a_mail_attached_to_a_mail_is_a_message_of_its_own(header: str, body: str) -> None:
    message = parse(attached(header, body))
    assert [(inner.sender, inner.subject, inner.text.strip()) for inner in message.nested] == [
        (Address("bob@acme.example", "Bob"), "the order", "Use 4711.")
    ]
    assert message.attachments == ()


def test_the_mail_inside_a_bounce_is_not_read() -> None:
    message = parse((MAILS / "bounce.eml").read_bytes())
    assert message.nested == () and "4711" not in message.text
    assert message.part_types == ("multipart/report", "text/plain", "message/delivery-status", "message/rfc822")


def test_a_calendar_part_shows_in_the_types() -> None:
    assert "text/calendar" in parse(attached("Content-Type: text/calendar", "BEGIN:VCALENDAR")).part_types


BROKEN = [
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nUse 4711.\r\n",
    b"Content-Type: multipart/mixed\r\n\r\n--x1\r\nContent-Type: text/plain\r\n\r\nUse 4711.\r\n--x1--\r\n",
    b"Content-Type: multipart/mixed; boundary=other\r\n\r\n--x1\r\nContent-Type: text/plain\r\n\r\nUse 4711.\r\n--x1--\r\n",
    b"\r\n--x1\r\nContent-Type: text/plain\r\n\r\nUse 4711.\r\n--x1--\r\n",
    b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nUse 4711.\r\n\r\n--c\r\nContent-Type: text/html\r\n\r\n<p>Use 47",
    b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nVXNlIDQ3MTEu",
    b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nVXNl IDQ3MTEu=====",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\nUse 4711.",
    b"Content-Type: text/plain\r\n\r\n<html><body>Use 4711.</body></html>",
]


@pytest.mark.parametrize("rest", BROKEN)
def test_what_can_be_read_of_a_broken_mail_is_read(rest: bytes) -> None:
    assert parse(HEAD + rest).text.strip() == "Use 4711."


def test_parts_of_which_a_misspelt_boundary_hides_a_file_still_give_the_file() -> None:
    raw = HEAD + (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee file\r\n"
        b"--bb\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-x\r\n--b--\r\n"
    )
    message = parse(raw)
    assert message.text.strip() == "see file"
    assert [file.name for file in message.attachments] == ["a.pdf"]


def test_parts_beyond_the_budget_are_left_and_named_a_defect() -> None:
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n" * 400 + b"--b--"
    message = parse(raw)
    assert len(message.attachments) < mime_trees.MOST_PARTS and "too many parts" in message.defects


MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
TOO_MUCH = {
    "a header of many lines": HEAD + b"a:\r\n" * 6_000 + b"\r\nUse 4711.",
    "a header of many bytes": HEAD + b"X-Report: " + b"x" * 300_000 + b"\r\n\r\nUse 4711.",
    "a body of many lines": HEAD + b"\r\nUse 4711.\r\n" + b".\r\n" * 250_000,
    "a body of many lone CRs": HEAD + b"\r\nUse 4711.\r\n" + b".\r" * 250_000,
    "a body of many bytes": HEAD + b"\r\nUse 4711.\r\n" + b"x" * 11_000_000,
    "many lines like boundaries": HEAD + b"\r\nUse 4711.\r\n" + b"--x\nContent-Type: text/plain\n\nA b.\n" * 2_100,
    "many parts": MIXED + b"--b\r\n\r\nUse 4711.\r\n" * 2_100,
}


@pytest.mark.parametrize("raw", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_a_mail_of_which_no_tree_is_made_is_read_as_plain_text_as_far_as_that_goes(raw: bytes) -> None:
    message = parse(raw)
    assert "read as plain text" in message.defects
    assert (message.sender, message.message_id) == (Address("ann@buyer.example", "Ann"), "<a1@buyer.example>")
    assert "Use 4711." in message.text or raw.startswith(HEAD + b"X-Report: ")


def test_a_large_ordinary_mail_is_read_whole() -> None:
    scan = base64.encodebytes(bytes(range(256)) * 40_000)
    text = "".join(f"Line {number} of the long list\r\n" for number in range(3_000))
    head = MIXED + b"--b\r\n\r\n" + text.encode() + b"--b\r\nContent-Type: application/zip; name=scans.zip\r\n"
    message = parse(head + b"Content-Transfer-Encoding: base64\r\n\r\n" + scan + b"--b--\r\n")
    assert message.text == text.replace("\r\n", "\n").rstrip("\n")
    assert [(file.name, file.content) for file in message.attachments] == [("scans.zip", bytes(range(256)) * 40_000)]
    assert message.defects == ()


def test_of_the_headers_those_are_kept_that_are_asked_for() -> None:
    message = parse(b"List-ID: <a>\r\nX-Mailer: b\r\nLIST-id: <c>\r\n\r\ntext")
    assert (message.header("list-id"), message.header("precedence")) == (("<a>", "<c>"), ())
    with pytest.raises(KeyError):
        message.header("x-mailer")


@pytest.mark.parametrize("field", ["From", "To", "Cc", "Reply-To", "References"])
def test_of_a_field_repeated_or_prolonged_without_end_the_first_values_are_read(field: str) -> None:
    long = parse((f"{field}: " + "<a@b.example>, " * 10_000 + "\r\n\r\nx").encode())
    often = parse((f"{field}: <a@b.example>\r\n" * 4_000 + "\r\nx").encode())
    for message in (long, often):
        found = {"From": message.froms, "To": message.to, "Cc": message.cc, "Reply-To": message.reply_to}.get(field, message.references)
        assert 0 < len(found) <= mime.MOST_NAMED
    assert field != "From" or often.from_headers == 4_000


def test_a_header_with_more_fields_than_are_read_is_told_of_whatever_they_are() -> None:
    raw = b"From: ann@orchard.example\r\n" + b"X-An: y\r\n" * 5_000 + b"Subject: late\r\n\r\nUse 4711."
    message = mime.parse(raw, words=WORDS)
    assert ("too many headers" in message.defects, message.goes_on, message.subject) == (True, True, "")


def test_an_attached_mail_with_headers_without_end_is_read_to_a_limit() -> None:
    raw = attached("Content-Type: message/rfc822", "List-Id: b\r\n" * 20_000 + "\r\nUse 4711.")
    [inner] = parse(raw).nested
    assert (len(inner.headers), inner.text.strip()) == (mime_heads.MOST_FIELDS, "Use 4711.")
    assert "too many headers" in inner.defects


def test_hostile_mails_take_no_more_memory_than_the_worker_has() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.edges.hostile_mails"], capture_output=True, text=True, check=True)
    grown = {name: int(peak) for name, peak in (line.rsplit(" ", 1) for line in done.stdout.splitlines())}
    assert len(grown) > 5
    assert {name: peak for name, peak in grown.items() if peak > 150} == {}


@pytest.mark.parametrize("times", [60, 2_000])
def test_parts_nested_without_end_are_read_as_far_as_is_sane(times: int) -> None:
    raw = HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(times)) + b"\r\nx"
    assert parse(raw).defects


def test_mails_nested_without_end_are_read_to_a_depth() -> None:
    raw = b"Content-Type: message/rfc822\r\n\r\n" * 50 + b"Subject: x\r\n\r\ny"
    depth, message = 0, parse(raw)
    while message.nested:
        depth, message = depth + 1, message.nested[0]
    assert depth == mime.DEEPEST_MAIL


def sample_mails() -> Iterator[bytes]:
    yield from (HEAD + rest for rest in BROKEN)
    yield from (attached(header, body) for header, body, _, _ in FILES)
    yield from (attached(header, body) for header, body in NESTINGS)
    yield alternative("a", "<p>b</p>")
    yield b"Subject: =?utf-7?q?Sale_+2AA-?=\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nBig sale +2AA- or +2D0-\r\n"


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=600), st.sampled_from(list(sample_mails()))), st.integers(0, 2_000), st.binary(max_size=8))
def test_no_bytes_raise(raw: bytes, place: int, noise: bytes) -> None:
    place = place % (len(raw) + 1)
    spoilt = raw[:place] + noise + raw[place + len(noise) :]
    message = parse(spoilt)
    assert all(isinstance(block.text, str) for each in (message, *message.nested) for block in each.blocks)
    assert len(mime.identity(spoilt).content_hash) == 64


def test_a_second_delivery_is_the_same_mail_and_another_text_is_not() -> None:
    first = b"Received: from x\r\n" + HEAD + b"\r\nUse 4711."
    again = b"Received: from y\r\n\tby z\r\nDelivered-To: me\r\nAuthentication-Results: mx; dmarc=pass\r\n" + HEAD + b"\r\nUse 4711."
    assert mime.identity(first) == mime.identity(again)
    assert mime.identity(first).message_id == "<a1@buyer.example>"
    assert mime.identity(HEAD + b"\r\nUse 4712.").content_hash != mime.identity(first).content_hash
    assert mime.identity(first.replace(b"Invoice 7", b"Invoice 8")).content_hash != mime.identity(first).content_hash
    assert mime.identity(b"no mail").message_id is None


@pytest.mark.parametrize("text", ["Please use this one:\r\nPO %s", "Hello Ana,\r\nPO: %s", "Our PO for LS-1041: %s", "> PO: %s"])
def test_mails_without_a_blank_line_before_their_text_are_two_where_their_texts_are(text: str) -> None:
    first, again, other = (HEAD + (text % number).encode() for number in ("4711", "4711", "4712"))
    assert mime.identity(first) == mime.identity(b"Received: from x\r\n" + again)
    assert mime.identity(first).content_hash != mime.identity(other).content_hash


def test_a_message_id_in_the_text_is_not_the_mails_own() -> None:
    assert mime.identity(b"From: a@b.example\r\nHello Ana,\r\nMessage-ID: <ours@larkspur.example>\r\n").message_id is None


def test_the_identity_is_read_from_as_much_of_a_header_as_is_sane() -> None:
    endless = HEAD + b"a:\r\n" * 200_000
    assert mime.identity(endless + b"\r\nUse 4711.").message_id == "<a1@buyer.example>"
    assert mime.identity(endless + b"\r\nUse 4711.") != mime.identity(endless + b"\r\nUse 4712.")
    assert mime.identity(b"a:\r\n" * 200_000 + HEAD + b"\r\nx").message_id is None
    assert mime.identity(b"a:\r\n" * 200_000 + HEAD + b"\r\nx") != mime.identity(b"a:\r\n" * 200_001 + HEAD + b"\r\nx")


def test_an_outlook_thread_in_html_has_the_right_authors() -> None:
    message = parse((MAILS / "outlook-thread.eml").read_bytes())
    assert [(block.kind.value, block.depth, block.author.email if block.author else None) for block in message.blocks] == [
        ("new", 0, "dora@acme.example"),
        ("signature", 0, "dora@acme.example"),
        ("banner", 1, "billing@studio.example"),
        ("quoted", 1, "billing@studio.example"),
    ]
    assert message.blocks[0].text == "Please put 4500123456 on it."


def test_a_gmail_answer_in_html_quotes_what_it_answers() -> None:
    message = parse((MAILS / "gmail-answer.eml").read_bytes())
    assert [(block.kind.value, block.author.email if block.author else None, block.text) for block in message.blocks] == [
        ("new", "eli@acme.example", "Sure, it is 4711."),
        ("quoted", "billing@studio.example", "Which order shall we print? Last time it was 4700."),
    ]


def test_an_apple_forward_with_a_file_is_read_whole() -> None:
    message = parse((MAILS / "apple-forward.eml").read_bytes())
    assert [(block.kind.value, block.text) for block in message.blocks] == [
        ("new", "bitte einpflegen"),
        ("forwarded", "die Bestellung hängt an."),
    ]
    assert [file.name for file in message.attachments] == ["Bestellung für Mai.pdf"]
