"""Brings new mail from the mailbox into the ledger: raw bytes committed before anything is thought about them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog

from worker import mishaps
from worker.edges import mime
from worker.edges.inbox import Fetched, FolderState, Inbox
from worker.edges.ledger import Arrival, Cursor, Ledger
from worker.edges.mime import Identity

log = structlog.get_logger()

LOOK_BACK = 200
"""How many UIDs below the newest known one are looked at again: some servers show a mail later than its UID was given."""
RESCAN = timedelta(days=14)
"""How far back a folder is read anew when its UIDs mean other mails now; further where the last good pass was before that."""
SLACK = timedelta(days=1)
"""How much earlier than the watch a mail may say that it was written: clocks differ, and it may have been long on its way."""
COMMIT_MAILS = 50
COMMIT_BYTES = 8 * 1024 * 1024

PARTIAL = b"X-Addendum-Partial: "
"""The line that stands before the headers of a mail that could not be fetched whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A folder of a mailbox, and the ledger that its mail goes into.

    ``read_anew`` is the newest UID read of a folder whose UIDs began again below those known, by UIDVALIDITY.
    """

    inbox: Inbox
    ledger: Ledger
    folder: str
    read_anew: dict[int, int] = field(default_factory=dict)


def take_in(intake: Intake, *, now: datetime) -> int:
    """Store the mail that is new in the folder; returns how many messages were new.

    The first time it takes nothing and remembers where to begin. Safe to repeat at any point: what is stored already is told by its UID,
    and by its content where UIDs have changed.
    """
    state = intake.inbox.select()
    cursor = intake.ledger.cursor(intake.folder)
    if cursor is None:
        intake.ledger.start_cursor(_end(intake, state), now=now)
        log.info("folder watched from now on", folder=intake.folder, history=state.exists)
        return 0
    if cursor.uidvalidity != state.uidvalidity:
        return _rescan(intake, state, cursor, now)
    if (state.uidnext <= cursor.last_uid and not state.guessed) or state.uidvalidity in intake.read_anew:
        return _take_in_restored(intake, state, cursor, now)
    after = max(cursor.floor, cursor.last_uid - LOOK_BACK)
    if state.uidnext == cursor.last_uid + 1 and after == cursor.last_uid:
        return 0
    return _store(intake, state, _unknown(intake, state, intake.inbox.new_uids(after)), now, moves=True)


def backlog(intake: Intake, *, days: int, now: datetime) -> int:
    """Store the mail of the last ``days`` days too; returns how many messages were new."""
    state = intake.inbox.select()
    if intake.ledger.cursor(intake.folder) is None:
        intake.ledger.start_cursor(_end(intake, state), now=now)
    begun = now - timedelta(days=days)
    return _store(intake, state, _unknown(intake, state, intake.inbox.since(day_before(begun))), now, moves=False, not_before=begun)


def day_before(moment: datetime) -> date:
    """The day to search from: IMAP's SINCE knows whole days only, in the server's own time zone (RFC 9051 §6.4.4)."""
    return moment.date() - timedelta(days=1)


def whole_or_marked(mail: Fetched) -> bytes:
    """The bytes of the mail; before those of one that could not be fetched whole stands the line that says why."""
    return mail.raw if mail.note is None else PARTIAL + mail.note.encode() + b"\r\n" + mail.raw


def _rescan(intake: Intake, state: FolderState, cursor: Cursor, now: datetime) -> int:
    """UIDs mean other mails now: recent mail is read anew, told apart by content; what came before the folder was watched stays history."""
    log.warning("uidvalidity changed", folder=intake.folder, before=cursor.uidvalidity, now=state.uidvalidity)
    count = _read_anew(intake, state, cursor, now)
    intake.ledger.start_cursor(_end(intake, state), now=now)
    return count


def _take_in_restored(intake: Intake, state: FolderState, cursor: Cursor, now: datetime) -> int:
    """A backup was put back and UIDs are given a second time: mail is told apart by content until they are above those known again."""
    read = intake.read_anew.pop(state.uidvalidity, None)
    is_above = state.uidnext > cursor.last_uid + 1
    if read is not None and read < state.uidnext:
        count = _store(intake, state, intake.inbox.new_uids(read), now, moves=is_above)
    else:
        log.warning("folder was put back to an earlier state", folder=intake.folder, known=cursor.last_uid, uidnext=state.uidnext)
        count = _read_anew(intake, state, cursor, now)
    if not is_above:
        intake.read_anew[state.uidvalidity] = state.uidnext - 1
    return count


def _read_anew(intake: Intake, state: FolderState, cursor: Cursor, now: datetime) -> int:
    """Store what is new of recent mail, whatever its UIDs; history is what the server received, or its writer dates, before the watch."""
    recent = min(now - RESCAN, intake.ledger.health().last_good_pass or now)
    begun = max(recent, cursor.watched_since or recent)
    written = cursor.watched_since - SLACK if cursor.watched_since else None
    return _store(intake, state, intake.inbox.since(day_before(begun)), now, moves=False, not_before=begun, not_written_before=written)


def _end(intake: Intake, state: FolderState) -> Cursor:
    last = state.uidnext - 1
    return Cursor(folder=intake.folder, uidvalidity=state.uidvalidity, last_uid=last, floor=last)


def _unknown(intake: Intake, state: FolderState, uids: Sequence[int]) -> list[int]:
    if not uids:
        return []
    known = intake.ledger.known_uids(intake.folder, state.uidvalidity, min(uids) - 1)
    return [uid for uid in uids if uid not in known]


def _store(
    intake: Intake,
    state: FolderState,
    uids: Sequence[int],
    now: datetime,
    *,
    moves: bool,
    not_before: datetime | None = None,
    not_written_before: datetime | None = None,
) -> int:
    """Fetch and commit batch by batch; ``moves`` says whether the cursor goes along."""
    count = 0
    for batch in _batches(intake.inbox.fetch(uids) if uids else ()):
        recent = [mail for mail in batch if not_before is None or (mail.received_at or now) >= not_before]
        arrivals = [_arrival(intake, state, mail, now) for mail in recent if not _is_older(mail, not_written_before)]
        end = Cursor(folder=intake.folder, uidvalidity=state.uidvalidity, last_uid=max(mail.uid for mail in batch)) if moves else None
        count += len(intake.ledger.receive(arrivals, end, now=now))
    return count


def _is_older(mail: Fetched, moment: datetime | None) -> bool:
    """Whether a mail says that it was written before ``moment``: who moves a mailbox may have given all of it the date of the move."""
    written = None if moment is None else mime.written_at(mail.raw)
    return moment is not None and written is not None and written < moment


def _batches(fetched: Iterable[Fetched]) -> Iterator[list[Fetched]]:
    batch: list[Fetched] = []
    for mail in fetched:
        batch.append(mail)
        if len(batch) >= COMMIT_MAILS or sum(len(each.raw) for each in batch) >= COMMIT_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def _arrival(intake: Intake, state: FolderState, mail: Fetched, now: datetime) -> Arrival:
    raw = whole_or_marked(mail)
    identity = _identity(raw)
    return Arrival(
        folder=intake.folder,
        uidvalidity=state.uidvalidity,
        uid=mail.uid,
        raw=raw,
        received_at=mail.received_at or now,
        message_id=identity.message_id,
        content_hash=identity.content_hash,
    )


def _identity(raw: bytes) -> Identity:
    """The mail's identity; one that none can be read of is known by its bytes, so that nothing in it can keep it or those behind it out."""
    try:
        return mime.identity(raw)
    except Exception as error:
        log.error("mail known by its bytes only", bytes=len(raw), error=mishaps.sentence(error))
        return Identity(None, hashlib.sha256(raw).hexdigest())
