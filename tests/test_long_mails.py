"""Mails that go on for longer than is read: no word behind the limit can be missed, for nothing is amended on what stands before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.samples import AP, AUTHSERV, MAILBOX, books_file, gives_po, mail
from worker.core import judgements
from worker.core.decisions import Action, Decision
from worker.edges import mime
from worker.edges.books import read_books
from worker.handling import Desk

PO = "please add PO number 4500123456 to invoice LS-1041 and resend it."
QUOTED = "> On a day Iris wrote:\r\n>> words\r\n" * 8_000
HEAD = (
    f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from=orchard.example\r\nFrom: {AP}\r\nTo: {MAILBOX}\r\n"
    "Subject: Invoice LS-1041\r\nMessage-ID: <one@orchard.example>\r\nDate: Sun, 22 Nov 2026 08:30:00 +0000\r\n"
)


def html(text: str) -> bytes:
    return f"{HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n<p>{text}</p>".encode()


def parts(*bodies: str) -> bytes:
    return f"{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{''.join(f'--b{body}' for body in bodies)}--b--\r\n".encode()


LONG = {
    "a quoted thread": mail(f"Hello,\r\n\r\n{PO}\r\n\r\n{QUOTED}\r\nDo not use it, it is a mistake."),
    "a page whose source is long": html(f"Hello, {PO}<!--{'x' * 1_100_000}--><br>Do not use it, it is a mistake."),
    "more parts than are read": parts(
        f"\r\n\r\nHello, {PO}\r\n", *["\r\nContent-Type: image/png\r\n\r\nx\r\n"] * 250, "\r\n\r\nDo not use it.\r\n"
    ),
    "more lines than are parsed": mail(f"Hello, {PO}\r\n\r\n" + "--\r\n" * 3_000 + "Do not use it."),
    "an attached text whose end is hidden": parts(
        f"\r\n\r\nHello, {PO}\r\n", "\r\nContent-Type: text/plain; name=a.txt\r\n\r\nHi\r\n" + "\0" * 8_100_000 + "Do not use it.\r\n"
    ),
}


def judged(raw: bytes, desk: Desk, folder: Path) -> Decision:
    message = mime.parse(raw, words=desk.rulebook.mail_words)
    return judgements.judge(message, read_books([books_file(folder)]), desk.rulebook).decision


def test_a_mail_that_is_read_whole_is_amended(desk: Desk, tmp_path: Path) -> None:
    for raw in (gives_po(), mail(f"Hello,\r\n\r\n{PO}"), html(f"Hello, {PO}"), parts(f"\r\n\r\nHello, {PO}\r\n")):
        assert judged(raw, desk, tmp_path).action is Action.AMEND


@pytest.mark.parametrize("raw", LONG.values(), ids=LONG.keys())
def test_a_mail_that_goes_on_beyond_what_is_read_is_held(desk: Desk, tmp_path: Path, raw: bytes) -> None:
    decision = judged(raw, desk, tmp_path)
    assert (decision.action, decision.changes) == (Action.HOLD, ())
    assert "too long to be read to its end" in decision.reason
