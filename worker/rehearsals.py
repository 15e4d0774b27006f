"""Judging mail without doing anything: no database, no network, only books, rules and files of mail."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker.core import judgements
from worker.core.decisions import Decision
from worker.core.invoices import Books
from worker.core.rules import Rulebook
from worker.edges import books, mime, rule_files
from worker.edges.pdfs import PdfReading, Reader
from worker.errors import SetupError

MAIL_SUFFIX = ".eml"
MBOX_SUFFIXES = frozenset({".mbox", ".mbx"})
_HEAD = 8_000
_FIELD = re.compile(rb"(?:from|to|subject|date|received|message-id|return-path|authentication-results|mime-version):", re.IGNORECASE)
MAILDIR_FOLDERS = frozenset({"cur", "new"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail from a file; ``name`` tells it from the others."""

    name: str
    raw: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What mail is judged by."""

    books: Books
    rulebook: Rulebook
    read_pdf: Callable[[bytes], PdfReading]

    def judge(self, raw: bytes) -> Decision:
        """What would be done with the mail; each is judged alone against the books."""
        message = mime.parse(raw, words=self.rulebook.mail_words, read_pdf=self.read_pdf)
        return judgements.judge(message, self.books, self.rulebook).decision


@contextmanager
def opened(books_file: Path, rule_folders: Sequence[Path]) -> Iterator[Rehearsal]:
    """A rehearsal by the books in a file and the rules in folders. Raises SetupError for bad books or rules."""
    read = books.read_books([books_file])
    with Reader() as reader:
        yield Rehearsal(books=read, rulebook=rule_files.load(rule_folders), read_pdf=reader.read)


def answer(name: str, decision: Decision) -> dict[str, Any]:
    """The decision on one mail in the form that ``rehearse --json`` prints."""
    return {
        "file": name,
        "action": str(decision.action),
        "changes": decision.as_pairs(),
        "reply_to": decision.reply_to,
        "reason": decision.reason,
    }


def mails(paths: Iterable[Path]) -> Iterator[Mail]:
    """Every mail in the given files, folders (with theirs, and Maildirs) and mboxes; named relative to the folder given, in its order.

    Raises SetupError for a path that is not there or cannot be read.
    """
    for path in paths:
        try:
            if path.is_dir():
                for file in _files(path):
                    yield from _in_file(file, file.relative_to(path).as_posix())
            else:
                yield from _in_file(path, path.name)
        except OSError as error:
            raise SetupError(f"{error.filename or path} cannot be read ({error.strerror}).") from None


def read_mail(path: Path) -> bytes:
    """The one mail in a file. Raises SetupError where it cannot be read, and for what has no header field near its beginning."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror}).") from None
    if not any(map(_FIELD.match, raw[:_HEAD].splitlines())):
        raise SetupError(f"{path} is no mail: it has no header such as “From: …”. Save the mail as an .eml file and name that.")
    return raw


def count(paths: Sequence[Path]) -> int:
    """How many files there are to read; an mbox counts as one."""
    return sum(len(_files(path)) if path.is_dir() else 1 for path in paths)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and _holds_mail(path))


def _holds_mail(path: Path) -> bool:
    return path.suffix.lower() in {MAIL_SUFFIX, *MBOX_SUFFIXES} or path.parent.name in MAILDIR_FOLDERS


def _in_file(path: Path, name: str) -> Iterator[Mail]:
    if not _is_mbox(path):
        yield Mail(name=name, raw=path.read_bytes())
        return
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), start=1):
            yield Mail(name=f"{name}#{number}", raw=box.get_bytes(key))
    finally:
        box.close()


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix.lower() != MAIL_SUFFIX and file.read(5) == b"From "
