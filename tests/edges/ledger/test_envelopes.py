"""The header lines that a person knows a mail by, out of any bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.edges.ledger.envelopes import Envelope, read


def test_encoded_words_and_folded_lines_are_read_as_a_person_sees_them() -> None:
    subject = b"Subject: Ihre\r\n Rechnung =?iso-8859-1?q?f=FCr?= Mai\r\n"
    head = b"From: =?utf-8?q?J=C3=B6rg?= <ap@havn.example>\r\n" + subject + b"Date: Sun, 22 Nov 2026 08:00:00 +0000\r\n\r\nx"
    assert read(head) == Envelope(
        sender="Jörg <ap@havn.example>", subject="Ihre Rechnung für Mai", sent_at=datetime(2026, 11, 22, 8, tzinfo=UTC)
    )


@pytest.mark.parametrize("date", [b"yesterday", b"", b"Sun, 22 Nov 2026 08:00:00 -0000", b"99 Foo 9999999 99:99:99 +9999"])
def test_a_date_that_names_no_moment_is_none(date: bytes) -> None:
    assert read(b"Subject: x\r\nDate: " + date + b"\r\n\r\n") == Envelope(subject="x")


def test_raw_eight_bit_text_is_read_in_its_likeliest_charset() -> None:
    assert read("Subject: Rechnung für Mai\n\n".encode("latin-1")).subject == "Rechnung für Mai"
    assert read("SUBJECT: Rechnung für Mai\n\n".encode()).subject == "Rechnung für Mai"


@given(st.binary(max_size=200))
def test_any_bytes_have_an_envelope(head: bytes) -> None:
    assert isinstance(read(head), Envelope)
    assert isinstance(read(b"Subject: " + head + b"\nDate: " + head + b"\nFrom: " + head), Envelope)
