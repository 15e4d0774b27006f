"""What is told to the ledger of each letter in a round of sending, at once and in a commit of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from worker.core.decisions import REPLYING
from worker.edges.outbox.caps import DIGEST, Caps, reached
from worker.edges.outbox.lines import Line
from worker.edges.outbox.queues import Queue, Queued
from worker.edges.outbox.retries import next_look, next_try
from worker.edges.outbox.verdicts import Lost, Turned
from worker.errors import AddendumError

log = structlog.get_logger()

HARMLESS_TWICE = frozenset({*REPLYING, DIGEST})
"""Kinds of which a second, identical copy does no harm while a missing one does; any other letter of unknown fate waits for a person."""

OVERTAKEN = "it is not in Sent and is not sent again, because a newer PDF of the same invoice was written meanwhile"

Clock = Callable[[], datetime]
LookUp = Callable[[str], bool | None]


@dataclass(slots=True, kw_only=True)
class Delivered:
    """What a round did with letters: sent, retried later, failed, of unknown fate, held by a cap, unknown ones found to have been sent.

    ``problem`` is why nothing (more) could be sent at all; ``again_at`` when the next round makes sense, None for the usual time.
    """

    sent: int = 0
    retried: int = 0
    failed: int = 0
    unknown: int = 0
    postponed: int = 0
    found_sent: int = 0
    problem: AddendumError | None = None
    again_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Round:
    """One round: the ledger it is told to, its clock, and what was done so far."""

    queue: Queue
    now: Clock
    done: Delivered = field(default_factory=Delivered)

    def settle(self, was_sent: LookUp) -> None:
        """Look the letters of unknown fate up in Sent: found is sent; looked for in vain, a harmless one goes once more."""
        self.queue.recover_sending(now=self.now())
        for queued in self.queue.unknown_letters(self.now()):
            found = _look_up(was_sent, queued.letter.message_id)
            if found:
                self.done.found_sent += self.queue.mark_sent(queued.id, "found in the Sent folder", now=self.now())
            else:
                self._unsettled(queued, looked=found is False)

    def may_go(self, queued: Queued, caps: Caps, allowed: Callable[[str], bool]) -> bool:
        """Whether the letter's address is on file and no cap holds it; where not, that is told."""
        if not allowed(queued.letter.recipient):
            self._fail(queued, "not sent: its address is not on file")
            return False
        if cap := reached(queued.letter, caps, self.queue, self.now()):
            self.done.postponed += self.queue.postpone(queued.id, cap.why, until=cap.until, now=self.now())
            return False
        return True

    async def offer(self, line: Line, queued: Queued) -> bool:
        """Whether the server takes sender and recipient; where not, that is told. Raises Refused or TryAgainLater to end the round."""
        try:
            await line.offer(queued.letter)
        except Turned as no:
            self._turned(queued, no)
            await line.withdraw()
        except Lost as lost:
            self._retry(queued, f"the connection broke before the letter was sent: {lost}")
            line.end_round_if_silent(lost)
        else:
            return True
        return False

    async def hand_over(self, line: Line, queued: Queued) -> None:
        """Send the letter's bytes, having told so before. Raises Refused or TryAgainLater to end the round."""
        if not self.queue.mark_sending(queued.id, now=self.now()):
            await line.withdraw()
            return
        try:
            reply = await line.hand_over(queued.letter.content)
        except Turned as no:
            self._turned(queued, no)
            await line.withdraw()
        except Lost as lost:
            self._unknown(queued, f"the connection broke while the letter was being sent: {lost}")
            line.end_round_if_silent(lost)
        except AddendumError as problem:
            self._retry(queued, str(problem))
            raise
        except BaseException:
            self._unknown(queued, "the program was stopped while the letter was being sent")
            raise
        else:
            self.done.sent += self.queue.mark_sent(queued.id, reply, now=self.now())
            log.info("letter sent", letter=queued.id, kind=queued.letter.kind)

    def _unsettled(self, queued: Queued, *, looked: bool) -> None:
        again = looked and queued.unknowns <= 1 and queued.letter.kind in HARMLESS_TWICE
        if again and self.queue.requeue(queued.id, now=self.now()):
            return
        never = looked and queued.unknowns > 1
        look_again_at = None if never else next_look(queued.since, self.now())
        self.queue.leave_unknown(queued.id, OVERTAKEN if again else None, look_again_at=look_again_at)

    def _turned(self, queued: Queued, no: Turned) -> None:
        if no.passing:
            self._retry(queued, str(no))
        else:
            self._fail(queued, str(no))

    def _retry(self, queued: Queued, why: str) -> None:
        again = next_try(queued.attempts + 1, self.now())
        if again is None:
            self._fail(queued, f"given up after a day: {why}")
            return
        self.done.retried += self.queue.mark_retry(queued.id, why, next_try_at=again, now=self.now())
        log.info("letter put off", letter=queued.id, kind=queued.letter.kind, why=why)

    def _fail(self, queued: Queued, why: str) -> None:
        self.done.failed += self.queue.mark_failed(queued.id, why, now=self.now())
        log.warning("letter failed", letter=queued.id, kind=queued.letter.kind, why=why)

    def _unknown(self, queued: Queued, why: str) -> None:
        self.done.unknown += self.queue.mark_unknown(queued.id, why, now=self.now())
        log.warning("letter of unknown fate", letter=queued.id, kind=queued.letter.kind, why=why)


def _look_up(was_sent: LookUp, message_id: str) -> bool | None:
    # Not in another thread: a stop cannot interrupt one that waits for a silent server, and the event loop would wait for it at its end.
    try:
        return was_sent(message_id)
    except AddendumError as problem:
        log.warning("sent folder not searched", why=str(problem))
        return None
