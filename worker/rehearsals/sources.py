"""Mails from files, for judging them without doing anything."""

from __future__ import annotations

import mailbox
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from worker.errors import SetupError

MAIL_SUFFIX = ".eml"
MBOX_SUFFIXES = frozenset({".mbox", ".mbx"})
_HEAD = 8_000
_FIELD = re.compile(rb"(?:from|to|subject|date|received|message-id|return-path|authentication-results|mime-version):", re.IGNORECASE)
MAILDIR_FOLDERS = frozenset({"cur", "new"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail and the name that tells it from the others; ``received_at`` is when it came into a mailbox, None in a file."""

    name: str
    raw: bytes = field(repr=False)
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where mails come from, one after the other; ``total`` is about how many there are, ``place`` says it in words."""

    place: str
    total: int
    mails: Iterator[Mail]
    is_mailbox: bool = False


def in_files(paths: Sequence[Path]) -> Source:
    """The mails in these files, folders and mboxes. Raises SetupError where there is none."""
    place = ", ".join(map(str, paths))
    total = sum(len(_files(path)) if path.is_dir() else 1 for path in paths)
    if not total:
        raise SetupError(f"There is no mail in {place}: .eml files, mboxes and Maildirs are read.")
    return Source(place=place, total=total, mails=mails(paths))


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


def _files(folder: Path) -> list[Path]:
    """The files of mail below a folder. Raises OSError for a folder in it that can't be read: mail would be missed."""
    found = [Path(root) / name for root, _, names in os.walk(folder, onerror=_refuse) for name in names]
    return sorted(path for path in found if path.is_file() and _holds_mail(path))


def _refuse(error: OSError) -> None:
    raise error


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
