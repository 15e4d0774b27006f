"""One pass over the mailbox: take in, handle, deliver, file. A step may fail without the others; the next pass does it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from worker import foresights, handling, intake, mishaps
from worker.edges.ledger import Sighting
from worker.errors import AddendumError, TryAgainLater
from worker.handling import Desk
from worker.intake import Intake

log = structlog.get_logger()

TAKE_IN, HANDLE = "take in", "handle"
FILED_AT_ONCE = 500
"""Mails in one move command: each costs the server a scan of the folder."""
MOST_TROUBLED = 5
"""How many mails may meet trouble that is not their own before the pass leaves the rest for the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a pass is made with: the mailbox, the desk, and the post that sends what is due.

    ``post`` returns how many letters went out; ``files`` is whether handled mail is moved out of the folder.
    """

    intake: Intake
    desk: Desk
    post: Callable[[], int]
    files: bool = True
    stopping: Callable[[], bool] = lambda: False


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a pass did; ``troubles`` are the errors that steps ended with, by step, each to be tried again."""

    taken_in: int = 0
    handled: int = 0
    delivered: int = 0
    filed: int = 0
    troubles: dict[str, AddendumError] = field(default_factory=dict)


def run(round: Round) -> Tally:
    """Make one pass and note in the ledger how it went."""
    tally = Tally()
    with _going_on(tally, TAKE_IN):
        tally.taken_in = intake.take_in(round.intake, now=round.desk.clock())
    with _going_on(tally, HANDLE):
        handle_waiting(round, tally)
    with _going_on(tally, "deliver"):
        tally.delivered = 0 if round.stopping() else round.post()
    with _going_on(tally, "file"):
        tally.filed = 0 if round.stopping() else file_away(round)
    with _going_on(tally, "note"):
        _note(tally, round)
    return tally


def handle_waiting(round: Round, tally: Tally) -> None:
    """Handle the received mails, one after the other, until there is none or the worker stops; ``tally`` counts those handled.

    Trouble that is not a mail's own, be it a template or the disk, leaves that mail for the next pass and is raised when the others have
    had their turn.
    """
    troubles: list[AddendumError] = []
    waiting = round.desk.ledger.waiting(round.desk.clock())
    for place, mail in enumerate(waiting):
        if round.stopping() or len(troubles) == MOST_TROUBLED:
            break
        if place % foresights.MAILS == 0:
            foresights.look_ahead(waiting[place : place + foresights.MAILS], round.desk)
        try:
            handling.handle(mail, round.desk)
            tally.handled += 1
        except AddendumError as error:
            troubles.append(error)
            log.warning("mail left for later", mail=mail, error=str(error))
    for trouble in troubles:
        raise trouble


def file_away(round: Round) -> int:
    """Move what is decided to Done or Waiting, best effort; returns how many were moved."""
    cursor = round.desk.ledger.cursor(round.intake.folder)
    if not round.files or cursor is None:
        return 0
    decided = round.desk.ledger.unfiled(cursor.folder, cursor.uidvalidity, FILED_AT_ONCE, now=round.desk.clock())
    by_destination: dict[str, list[Sighting]] = {}
    for sighting in decided:
        by_destination.setdefault(sighting.destination, []).append(sighting)
    for destination, sightings in by_destination.items():
        _move(sightings, destination, cursor.uidvalidity, round)
    return len(decided)


def _move(sightings: list[Sighting], destination: str, uidvalidity: int, round: Round) -> None:
    ids = [sighting.id for sighting in sightings]
    try:
        round.intake.inbox.move([sighting.uid for sighting in sightings], destination, uidvalidity=uidvalidity)
    except AddendumError as error:
        if _answers(round):
            round.desk.ledger.filing_failed(ids, str(error), now=round.desk.clock())
        raise
    round.desk.ledger.filed(ids, now=round.desk.clock())


def _answers(round: Round) -> bool:
    """Whether the mailbox can be reached: an outage says nothing of the mails that were to be moved."""
    try:
        round.intake.inbox.select()
    except AddendumError:
        return False
    return True


def _note(tally: Tally, round: Round) -> None:
    error = next((str(trouble) for trouble in tally.troubles.values()), None)
    newest: datetime | None = round.desk.clock() if tally.taken_in else None
    # When a stop was asked for, something may have been left out: that is no good pass, nor a bad one.
    round.desk.ledger.note_pass(now=round.desk.clock(), error=error, newest=newest, whole=not round.stopping())
    log.info("pass done", taken_in=tally.taken_in, handled=tally.handled, delivered=tally.delivered, filed=tally.filed, error=error)


@contextmanager
def _going_on(tally: Tally, step: str) -> Iterator[None]:
    try:
        yield
    except AddendumError as error:
        tally.troubles[step] = error
        log.warning("step failed", step=step, error=str(error))
    except Exception as error:  # a step's bug must not stop the other steps, nor the next pass
        tally.troubles[step] = TryAgainLater(mishaps.sentence(error))
        log.error("step failed", step=step, error=mishaps.sentence(error))
