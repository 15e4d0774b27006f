"""The outbox: rounds of sending over one connection each, and the rest that an unreachable server is given between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from worker.edges.outbox.caps import out_of_breath
from worker.edges.outbox.lines import Line
from worker.edges.outbox.queues import Queue
from worker.edges.outbox.retries import WAITS
from worker.edges.outbox.rounds import Clock, Delivered, LookUp, Round
from worker.edges.outbox.sign_ins import OutboxSettings
from worker.errors import AddendumError

log = structlog.get_logger()

LETTERS_AT_ONCE = 50
BREATH = timedelta(seconds=10)
LONGEST_REST = 4
"""A server that can't be reached is tried after 1, 5 and 15 minutes, then every hour."""


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
        round_ = Round(queue=queue, now=now)
        line = Line(self._settings, self._password)
        try:
            round_.settle(was_sent)
            if self._rests_until is None or now() >= self._rests_until:
                await self._send_due(round_, line, allowed)
            else:
                round_.done.problem, round_.done.again_at = self._problem, self._rests_until
        except AddendumError as problem:
            round_.done.problem = problem
            if problem is line.trouble:
                self._rest(problem, round_)
        except BaseException:
            line.drop()
            raise
        await line.close()
        return round_.done

    async def check(self) -> list[str]:
        """What the server is and can do, as lines for a person. Raises Refused or TryAgainLater."""
        line = Line(self._settings, self._password)
        try:
            return await line.greet()
        finally:
            await line.close()

    async def _send_due(self, round_: Round, line: Line, allowed: Callable[[str], bool]) -> None:
        seen: set[int] = set()
        while due := [queued for queued in round_.queue.due_letters(round_.now(), LETTERS_AT_ONCE) if queued.id not in seen]:
            for queued in due:
                if out_of_breath(self._settings.caps, round_.queue, round_.now()):
                    round_.done.again_at = round_.now() + BREATH
                    return
                seen.add(queued.id)
                if round_.may_go(queued, self._settings.caps, allowed) and await round_.offer(line, queued):
                    self._vain_tries, self._problem, self._rests_until = 0, None, None
                    await round_.hand_over(line, queued)

    def _rest(self, problem: AddendumError, round_: Round) -> None:
        self._vain_tries += 1
        self._problem = problem
        self._rests_until = round_.done.again_at = round_.now() + WAITS[min(self._vain_tries, LONGEST_REST) - 1]
        log.warning("letters wait", why=str(problem), until=self._rests_until.isoformat())
