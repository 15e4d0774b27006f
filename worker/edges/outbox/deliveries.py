"""A round of sending: letters of unknown fate are settled, then what is due is handed over, each step told to the ledger at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from worker.core.decisions import REPLYING
from worker.edges.outbox.caps import DIGEST, out_of_breath, reached
from worker.edges.outbox.lines import Line, Lost, OutboxSettings, Turned
from worker.edges.outbox.queues import Queue, Queued
from worker.edges.outbox.retries import WAITS, next_try
from worker.errors import AddendumError

log = structlog.get_logger()

LETTERS_AT_ONCE = 50
BREATH = timedelta(seconds=10)
LONGEST_REST = 4
"""A server that can't be reached is tried after 1, 5 and 15 minutes, then every hour."""

HARMLESS_TWICE = frozenset({*REPLYING, DIGEST})
"""Kinds of which a second, identical copy does no harm while a missing one does; any other letter of unknown fate waits for a person."""

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


class Outbox:
    """Sends over SMTP what the ledger holds. A server that can't be reached is tried again with back-off; no letter is blamed for it."""

    def __init__(self, settings: OutboxSettings, password: Callable[[], str]) -> None:
        self._settings = settings
        self._password = password
        self._vain_tries = 0
        self._problem: AddendumError | None = None
        self._rests_until: datetime | None = None

    async def deliver(self, queue: Queue, *, now: Clock, was_sent: LookUp, allowed: Callable[[str], bool]) -> Delivered:
        """One round over one connection; only one at a time.

        ``was_sent`` looks a Message-ID up in the Sent folder (None: nobody can know just now); ``allowed`` says whether an address is on
        file, the digest's own included. No AddendumError is raised: it is the result's ``problem``.
        """
        done = Delivered()
        line = Line(self._settings, self._password)
        try:
            await self._settle(queue, done, now, was_sent)
            if self._rests_until is not None and now() < self._rests_until:
                done.problem, done.again_at = self._problem, self._rests_until
            else:
                await self._send_all(line, queue, done, now, allowed)
        except AddendumError as problem:
            self._rest(problem, done, now())
        except BaseException:
            line.drop()
            raise
        await line.close()
        return done

    async def check(self) -> list[str]:
        """What the server is and can do, as lines for a person. Raises Refused or TryAgainLater."""
        line = Line(self._settings, self._password)
        try:
            return await line.greet()
        finally:
            await line.close()

    async def _settle(self, queue: Queue, done: Delivered, now: Clock, was_sent: LookUp) -> None:
        queue.recover_sending(now=now())
        for queued in queue.unknown_letters(now()):
            found = await _look_up(was_sent, queued.letter.message_id)
            if found:
                done.found_sent += queue.mark_sent(queued.id, "found in the Sent folder", now=now())
            elif found is False and queued.unknowns <= 1 and queued.letter.kind in HARMLESS_TWICE:
                queue.requeue(queued.id, now=now())

    async def _send_all(self, line: Line, queue: Queue, done: Delivered, now: Clock, allowed: Callable[[str], bool]) -> None:
        seen: set[int] = set()
        while due := [queued for queued in queue.due_letters(now(), LETTERS_AT_ONCE) if queued.id not in seen]:
            for queued in due:
                if out_of_breath(self._settings.caps, queue, now()):
                    done.again_at = now() + BREATH
                    return
                seen.add(queued.id)
                await self._send(line, queue, queued, done, now, allowed)

    async def _send(self, line: Line, queue: Queue, queued: Queued, done: Delivered, now: Clock, allowed: Callable[[str], bool]) -> None:
        if not allowed(queued.letter.recipient):
            _fail(queue, queued, "not sent: its address is not on file", done, now)
        elif cap := reached(queued.letter, self._settings.caps, queue, now()):
            done.postponed += queue.postpone(queued.id, cap.why, until=cap.until, now=now())
        elif await self._offer(line, queue, queued, done, now):
            await _hand_over(line, queue, queued, done, now)

    async def _offer(self, line: Line, queue: Queue, queued: Queued, done: Delivered, now: Clock) -> bool:
        try:
            await line.offer(queued.letter)
        except Turned as no:
            _turned(queue, queued, no, done, now)
            await line.withdraw()
            return False
        except Lost as lost:
            _retry(queue, queued, f"the connection broke before the letter was sent: {lost}", done, now)
            lost.end_round()
            return False
        self._vain_tries, self._problem, self._rests_until = 0, None, None
        if not queue.mark_sending(queued.id, now=now()):
            await line.withdraw()
            return False
        return True

    def _rest(self, problem: AddendumError, done: Delivered, moment: datetime) -> None:
        self._vain_tries += 1
        self._problem = done.problem = problem
        self._rests_until = done.again_at = moment + WAITS[min(self._vain_tries, LONGEST_REST) - 1]
        log.warning("letters wait", why=str(problem), until=self._rests_until.isoformat())


async def _look_up(was_sent: LookUp, message_id: str) -> bool | None:
    try:
        return await asyncio.to_thread(was_sent, message_id)
    except AddendumError as problem:
        log.warning("sent folder not searched", why=str(problem))
        return None


async def _hand_over(line: Line, queue: Queue, queued: Queued, done: Delivered, now: Clock) -> None:
    try:
        reply = await line.hand_over(queued.letter.content)
    except Turned as no:
        _turned(queue, queued, no, done, now)
        await line.withdraw()
    except Lost as lost:
        done.unknown += queue.mark_unknown(queued.id, f"the connection broke while the letter was being sent: {lost}", now=now())
        log.warning("letter of unknown fate", letter=queued.id, kind=queued.letter.kind)
        lost.end_round()
    except AddendumError as problem:
        _retry(queue, queued, str(problem), done, now)
        raise
    except BaseException:
        queue.mark_unknown(queued.id, "the program was stopped while the letter was being sent", now=now())
        raise
    else:
        done.sent += queue.mark_sent(queued.id, reply, now=now())
        log.info("letter sent", letter=queued.id, kind=queued.letter.kind)


def _turned(queue: Queue, queued: Queued, no: Turned, done: Delivered, now: Clock) -> None:
    if no.passing:
        _retry(queue, queued, str(no), done, now)
    else:
        _fail(queue, queued, str(no), done, now)


def _retry(queue: Queue, queued: Queued, why: str, done: Delivered, now: Clock) -> None:
    moment = now()
    again = next_try(queued.attempts + 1, moment)
    if again is None:
        _fail(queue, queued, f"given up after a day: {why}", done, now)
        return
    done.retried += queue.mark_retry(queued.id, why, next_try_at=again, now=moment)
    log.info("letter put off", letter=queued.id, kind=queued.letter.kind, why=why)


def _fail(queue: Queue, queued: Queued, why: str, done: Delivered, now: Clock) -> None:
    done.failed += queue.mark_failed(queued.id, why, now=now())
    log.warning("letter failed", letter=queued.id, kind=queued.letter.kind, why=why)
