"""What the demo leaves in a folder: amended PDFs and a picture of one, the letters, and the digest."""

from __future__ import annotations

import email
import email.policy
import io
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path, PurePosixPath

import pypdfium2

from worker.demo.days import Evening
from worker.errors import SetupError

LIST = ".written-by-demo"
"""The file that names what an earlier run has left, so that only that is taken away again."""
SCALE = 150 / 72
"""150 dots an inch."""


def leave(evening: Evening, out: Path) -> None:
    """Write everything into ``out`` in place of what an earlier run left there; other files stay. Raises SetupError where it can't."""
    try:
        _clear(out)
        exhibits = dict(_exhibits(evening))
        for name, content in exhibits.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_bytes(content)
        (out / LIST).write_text("".join(f"{name}\n" for name in exhibits), encoding="utf-8")
    except OSError as error:
        raise SetupError(f"{error.filename or out} cannot be written ({error.strerror}); name another folder with -o.") from None


def _clear(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    if (out / LIST).exists():
        for name in (out / LIST).read_text(encoding="utf-8").splitlines():
            if ".." not in PurePosixPath(name).parts and not PurePosixPath(name).is_absolute():
                (out / name).unlink(missing_ok=True)


def _exhibits(evening: Evening) -> Iterator[tuple[str, bytes]]:
    for document in evening.amended:
        yield f"{document.invoice}.pdf", document.content
    for document in evening.amended[:1]:
        yield "amended.png", picture(document.content)
    for number, letter in enumerate(evening.letters, start=1):
        yield f"letters/{number:02}-{letter.recipients[0]}.eml", letter.content
    for letter in evening.digests:
        digest = opened(letter.content)
        yield "digest.eml", letter.content
        yield "digest.html", _body(digest, "html")
        yield "digest.txt", _body(digest, "plain")


def picture(pdf: bytes) -> bytes:
    """The PDF's first page as a PNG."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        drawn = io.BytesIO()
        document[0].render(scale=SCALE).to_pil().save(drawn, format="PNG")
        return drawn.getvalue()
    finally:
        document.close()


def opened(letter: bytes) -> EmailMessage:
    """The letter as a mail program sees it."""
    message = email.message_from_bytes(letter, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _body(message: EmailMessage, kind: str) -> bytes:
    body = message.get_body((kind,))
    return b"" if body is None else str(body.get_content()).encode()
