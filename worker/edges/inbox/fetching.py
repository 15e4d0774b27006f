"""Getting mails off the server: in batches that fit into memory, without marking anything as read."""

from __future__ import annotations

import imaplib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from imapclient import IMAPClient

from worker.edges.inbox.failures import passing

BATCH_MAILS = 50
BATCH_BYTES = 8 * 1024 * 1024
MAIL_BYTES = 40 * 1024 * 1024
HEADER_BYTES = 256 * 1024
SIZES_AT_ONCE = 500

# An answer may lack any of these: a server leaves it out, or somebody changed the flags of a mail whose number is the UID of one now gone.
SIZE = b"RFC822.SIZE"
DATE = b"INTERNALDATE"
WHOLE = b"BODY[]"
HEADERS = b"BODY[HEADER]<0>"

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A mail as the server holds it. ``received_at`` is the INTERNALDATE (aware; None where the server's can't be read).

    ``note`` says why ``raw`` is not the whole mail: larger than 40 MB (its headers only), or the server can't give it out.
    """

    uid: int
    raw: bytes = field(repr=False)
    received_at: datetime | None
    note: str | None = None


def sizes(client: IMAPClient, uids: Iterable[int]) -> dict[int, int]:
    """The size in bytes (RFC822.SIZE) of each mail that is still there; one of which it is not told counts as a batch of its own."""
    found: dict[int, int] = {}
    for some in chunks(uids, SIZES_AT_ONCE):
        told = _told_sizes(client, some)
        untold = dict.fromkeys(_still_there(client, [uid for uid in some if uid not in told]), BATCH_BYTES)
        found.update(sorted({**told, **untold}.items()))
    return found


def _told_sizes(client: IMAPClient, uids: Sequence[int]) -> dict[int, int]:
    """The sizes that the server tells; where it refuses them for one mail, halves are asked until that one is alone."""
    try:
        answers = client.fetch(uids, ["RFC822.SIZE"])
    except imaplib.IMAP4.error as error:
        if passing(error):
            raise
        half = len(uids) // 2
        return {**_told_sizes(client, uids[:half]), **_told_sizes(client, uids[half:])} if half else {}
    return {uid: int(answer[SIZE]) for uid, answer in answers.items() if uid in uids and SIZE in answer}


def batches(sizes: Mapping[int, int]) -> Iterator[list[int]]:
    """UIDs in their order, at most 50 and 8 MB at once; a larger mail comes alone."""
    batch: list[int] = []
    weight = 0
    for uid, size in sizes.items():
        if batch and (len(batch) == BATCH_MAILS or weight + size > BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += size
    if batch:
        yield batch


def fetch(client: IMAPClient, batch: Sequence[int], sizes: Mapping[int, int]) -> Iterator[Fetched]:
    """The mails of one batch; those deleted meanwhile are left out. A mail that the server can't give out does not stop the others."""
    if len(batch) == 1 and sizes[batch[0]] > MAIL_BYTES:
        yield from _headers(
            client, batch[0], f"larger than {MAIL_BYTES // 1024 // 1024} MB ({sizes[batch[0]]} bytes): only its headers were read"
        )
        return
    try:
        answers = client.fetch(batch, ["BODY.PEEK[]", "INTERNALDATE"])
    except imaplib.IMAP4.error as error:
        if passing(error):
            raise
        yield from _one_by_one(client, batch, sizes)
        return
    for uid in batch:
        answer = answers.pop(uid, {})
        if answer.get(WHOLE) is not None:
            yield Fetched(uid=uid, raw=answer[WHOLE], received_at=answer.get(DATE))
        elif DATE in answer or _still_there(client, [uid]):
            yield from _headers(client, uid, "the server could not give it out: only its headers were read")


def chunks(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """The things in lists of at most ``size``."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


def _one_by_one(client: IMAPClient, batch: Sequence[int], sizes: Mapping[int, int]) -> Iterator[Fetched]:
    if len(batch) > 1:
        for uid in batch:
            yield from fetch(client, [uid], sizes)
    else:
        yield from _headers(client, batch[0], "the server could not give it out: only its headers were read")


def _headers(client: IMAPClient, uid: int, note: str) -> Iterator[Fetched]:
    try:
        answers = client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>", "INTERNALDATE"])
    except imaplib.IMAP4.error as error:
        if passing(error):
            raise
        # Where the server still tells its date, this mail is broken; else the error is raised and all is tried again later.
        answers = client.fetch([uid], ["INTERNALDATE"])
        note = "the server could not give it out, not even its headers"
    answer = answers.get(uid, {})
    if DATE in answer or HEADERS in answer or _still_there(client, [uid]):
        yield Fetched(uid=uid, raw=answer.get(HEADERS) or b"", received_at=answer.get(DATE), note=note)


def _still_there(client: IMAPClient, uids: Sequence[int]) -> list[int]:
    """Which of those that an answer left out are in the folder all the same: none may be passed over in silence."""
    return sorted(set(uids).intersection(client.search(["UID", ",".join(map(str, uids))]))) if uids else []
