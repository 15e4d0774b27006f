"""Looking ahead at the PDFs of mails next in line: what is begun is what the mail's own reading will ask for."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP, default

import pytest

from tests.mail_words import all_languages
from worker import foresights
from worker.edges import mime
from worker.edges.pdfs import PdfReading

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 5


def with_pdf(policy: object, **kind: str) -> bytes:
    message = EmailMessage()
    message["From"] = "ap@orchard.example"
    message.set_content("See the order.")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="order.pdf", **kind)
    message.add_attachment(b"no PDF at all", maintype="application", subtype="pdf", filename="other.pdf")
    return message.as_bytes(policy=policy)


@pytest.mark.parametrize("policy", [SMTP, default], ids=["CRLF", "LF"])
def test_what_is_begun_is_what_the_mail_will_ask_for(policy: object) -> None:
    asked: list[bytes] = []

    def read(content: bytes) -> PdfReading:
        asked.append(content)
        return PdfReading(text="")

    raw = with_pdf(policy)
    mime.parse(raw, words=all_languages(), read_pdf=read)
    assert list(foresights.pdfs(raw)) == [asked[0]] == [PDF]


def test_what_only_looks_like_a_pdf_is_passed_over() -> None:
    assert list(foresights.pdfs(b"\nJVBERi0" + b"A" * 106)) == []
    assert list(foresights.pdfs(b"\nJVBERi0")) == []
