"""Parses mails made to take memory, each in a process of its own, and prints by how many MB: python -m tests.edges.hostile_mails."""

from __future__ import annotations

import os
import resource

from tests.mail_words import all_languages
from worker.edges import mime

MB = 1024 * 1024
SIZE = 12 * MB
HEAD = b"From: a@b.example\r\nSubject: x\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
BASE64 = HEAD + b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
LOST = b"".join(b"--x%d\nContent-Type: multipart/mixed\n\n" % level for level in range(30))

MAILS = {
    "header lines": (HEAD, b"a:\r\n"),
    "recipients": (HEAD, b"To: a@b.c\r\n"),
    "message ids": (HEAD + b"References: ", b"<a@b> "),
    "text lines": (HEAD + b"\r\n", b".\r\n"),
    "parts": (MIXED, b"--b\r\n\r\n.\r\n"),
    "lost boundaries": (HEAD + b"\r\nhi\n", b"--x\nContent-Type: text/plain\n\nA b.\n"),
    "lost boundaries within each other": (MIXED + b"hi\n" + LOST, b"A b \xff" * 40 + b"\n"),
    "headers of an attached mail": (MIXED + b"--b\r\nContent-Type: message/rfc822\r\n\r\n", b"References: " + b"<a@b> " * 30 + b"\r\n"),
    "broken base64": (BASE64 + b"=QUJ", b"A\n"),
    "tags": (HEAD + b"Content-Type: text/html\r\n\r\n", b"<b>"),
}


def main() -> None:
    words = all_languages()
    mime.parse(HEAD, words=words)
    for name, (head, unit) in MAILS.items():
        print(name, _grown_by(head + unit * (SIZE // len(unit)), words) // MB, flush=True)


def _grown_by(raw: bytes, words: mime.MailWords) -> int:
    """How many bytes more than before the parsing took; a child begins with what its parent holds, not with what that has ever held."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        mime.parse(raw, words=words)
        os.write(writing, str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before).encode())
        os._exit(0)
    os.close(writing)
    os.wait()
    return int(os.read(reading, 100)) * 1024


if __name__ == "__main__":
    main()
