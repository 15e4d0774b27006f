"""The running worker: passes, deliveries and digests when they are due, one at a time, until it is told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from worker import evenings, mishaps, passes
from worker.edges.inbox import Inbox
from worker.edges.ledger import Ledger
from worker.errands import Errand, Errands
from worker.errors import AddendumError, TryAgainLater
from worker.evenings import Evening
from worker.passes import Round, Tally
from worker.stops import Stop
from worker.tenures import LEASE_SECONDS, Tenure

log = structlog.get_logger()

DIGEST = "digest"
POST_SECONDS = 10
"""How often the outbox is looked through between passes, for letters held back or to be tried again."""
DIGEST_SECONDS = 30
IDLE_SECONDS = 20 * 60.0
LOOK_SECONDS = 0.3
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
PATIENCE_SECONDS = 15.0
"""How long ``once`` waits for another worker of the same mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What a worker works with; ``listener`` is a second connection that IDLEs, None where the mailbox is only polled."""

    round: Round
    evening: Evening
    poll: timedelta = timedelta(seconds=60)
    listener: Inbox | None = None

    @property
    def ledger(self) -> Ledger:
        return self.round.desk.ledger


def run(shift: Shift, stop: Stop) -> None:
    """Work until ``stop``. Troubles of the mailbox and the post end nothing: they are logged, noted for ``status``, and tried again."""
    with _at_work(shift, stop, patience=None) as tenure:
        if tenure is None:
            return
        errands = Errands()
        scheduler = _scheduler(shift, errands, tenure)
        if shift.listener is not None:
            threading.Thread(target=listen, args=(shift.listener, errands, stop.event), name="idle", daemon=True).start()
        log.info("worker started", poll_seconds=shift.poll.total_seconds(), idle=shift.listener is not None)
        try:
            _work(shift, errands, stop)
        finally:
            scheduler.shutdown(wait=False)
    log.info("worker stopped")


def once(shift: Shift, stop: Stop) -> Tally:
    """The digest where it is due, and one pass. Raises TryAgainLater when another worker keeps the mailbox to itself."""
    with _at_work(shift, stop, patience=PATIENCE_SECONDS) as tenure:
        if tenure is None:
            raise TryAgainLater("Another worker has this mailbox in work; `addendum status` says how it does.")
        troubles = _digest_troubles(shift)
        tally = passes.run(shift.round)
        tally.troubles.update(troubles)
        return tally


def listen(inbox: Inbox, errands: Errands, stop: threading.Event) -> None:
    """Nudge a pass whenever the server tells of mail; only a nudge, for the poll is the truth."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            inbox.select()
            if inbox.idle(IDLE_SECONDS, stop):
                errands.nudge(Errand.PASS)
            pause = FIRST_PAUSE
        except Exception as error:  # this thread only wakes others; whatever ails it, the poll goes on
            log.warning("not listening for mail", error=_why(error), again_in=pause.total_seconds())
            stop.wait(pause.total_seconds())
            pause = min(pause * 2, LONGEST_PAUSE)
    inbox.close()


@contextmanager
def _at_work(shift: Shift, stop: Stop, *, patience: float | None) -> Iterator[Tenure | None]:
    tenure = Tenure(ledger=shift.ledger, clock=shift.round.desk.clock)
    if not tenure.take(stopping=stop, patience=patience):
        yield None
        return
    try:
        shift.ledger.recover_sending(now=shift.round.desk.clock())
        yield tenure
    finally:
        tenure.give_back()


def _scheduler(shift: Shift, errands: Errands, tenure: Tenure) -> BackgroundScheduler:
    """The clock only nudges: a tick too many or too few changes nothing."""
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1})
    every = {Errand.PASS: shift.poll.total_seconds(), Errand.POST: POST_SECONDS, Errand.DIGEST: DIGEST_SECONDS}
    for errand, seconds in every.items():
        errands.nudge(errand)
        scheduler.add_job(errands.nudge, "interval", args=[errand], seconds=seconds)
    scheduler.add_job(_keep, "interval", args=[tenure], seconds=LEASE_SECONDS / 4)
    scheduler.start()
    return scheduler


def _keep(tenure: Tenure) -> None:
    try:
        if not tenure.keep():
            log.warning("another worker has taken this mailbox over")
    except AddendumError as error:
        log.warning("lease not renewed", error=str(error))


def _digest_troubles(shift: Shift) -> dict[str, AddendumError]:
    try:
        _write_digest(shift)
    except AddendumError as error:
        return {DIGEST: error}
    except Exception as error:  # a digest that can't be written must not keep the pass from being made
        return {DIGEST: TryAgainLater(mishaps.sentence(error))}
    return {}


def _work(shift: Shift, errands: Errands, stop: Stop) -> None:
    pause, quiet_until = FIRST_PAUSE, 0.0
    troubled: dict[Errand, str] = {}
    while not stop():
        errand = errands.next(LOOK_SECONDS)
        if errand is None or (errand is Errand.PASS and time.monotonic() < quiet_until):
            continue
        try:
            tally = _do(errand, shift)
        except Exception as error:  # the worker outlives whatever one errand meets
            _tell(errand, _why(error), troubled)
            continue
        if troubled.pop(errand, None):
            log.info("errand done again", errand=str(errand))
        if tally is not None and {passes.TAKE_IN, passes.HANDLE} & tally.troubles.keys():
            quiet_until = time.monotonic() + pause.total_seconds()
            pause = min(pause * 2, LONGEST_PAUSE)
        elif tally is not None:
            pause = FIRST_PAUSE


def _tell(errand: Errand, why: str, troubled: dict[Errand, str]) -> None:
    """Log what is wrong when it is new: the next try comes within seconds, and a log that repeats itself hides what is new."""
    if troubled.get(errand) != why:
        log.error("errand failed", errand=str(errand), error=why)
    troubled[errand] = why


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, AddendumError) else mishaps.sentence(error)


def _do(errand: Errand, shift: Shift) -> Tally | None:
    match errand:
        case Errand.PASS:
            return passes.run(shift.round)
        case Errand.POST:
            shift.round.post()
        case Errand.DIGEST:
            if _write_digest(shift):
                shift.round.post()
    return None


def _write_digest(shift: Shift) -> date | None:
    """The digest where it is due; what keeps it from being written is noted, for there is no digest to tell of it."""
    try:
        return evenings.send_if_due(shift.evening)
    except Exception as error:
        with suppress(AddendumError):
            shift.ledger.note_digest_error(_why(error))
        raise
