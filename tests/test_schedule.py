"""The running worker: what makes it look into the mailbox, what it outlives, and how it ends."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog

from tests.samples import AP, OWNER, gives_po
from tests.servers.villages import Village
from tests.stopping import stopping_when
from worker import passes, schedule
from worker.edges.letters import Letter
from worker.errands import Errand, Errands
from worker.errors import SetupError, TryAgainLater
from worker.schedule import Shift
from worker.stops import Stop
from worker.tenures import Tenure


def work(
    village: Village, until: Callable[[], bool], *, idle: bool = False, change: Callable[[Shift], Shift] = lambda shift: shift
) -> None:
    """Let a worker run until something is so."""
    with village.ledger() as ledger, village.mailbox() as mailbox, village.mailbox() as listener:
        shift = change(village.shift(ledger, mailbox, listener if idle else None))
        with Stop() as stop, stopping_when(until):
            schedule.run(replace(shift, round=replace(shift.round, stopping=stop)), stop)
        assert ledger.lease_holder(village.now) is None


def test_a_running_worker_answers_what_comes_and_writes_the_digest_at_its_hour(village: Village) -> None:
    village.once()
    village.now += timedelta(hours=9)
    village.deliver(gives_po())
    work(village, lambda: {letter.recipients for letter in village.smtp.accepted} == {(AP,), (OWNER,)})
    assert village.amendments() == 1


def test_mail_wakes_a_worker_that_listens_long_before_its_poll(village: Village) -> None:
    village.once()
    late = threading.Timer(2, village.deliver, [gives_po()])
    late.start()
    work(village, lambda: len(village.replies()) == 1, idle=True, change=lambda shift: replace(shift, poll=timedelta(hours=1)))


def test_a_mailbox_that_cannot_be_reached_is_tried_again_with_patience(village: Village) -> None:
    village.once()
    village.move_to(port=1)
    tries: list[float] = []

    def counting(shift: Shift) -> Shift:
        select = shift.round.intake.inbox.select

        def counted() -> Any:
            tries.append(time.monotonic())
            return select()

        shift.round.intake.inbox.select = counted
        return shift

    work(village, lambda: bool(tries) and time.monotonic() - tries[0] > 4, change=counting)
    assert len(tries) == 1
    with village.ledger() as ledger:
        assert "check [inbox] host and port" in str(ledger.health().last_error)


def test_a_worker_outlives_the_bug_of_one_errand(village: Village) -> None:
    village.once()
    village.now += timedelta(hours=9)
    posted: list[str] = []

    def clumsy() -> int:
        posted.append("post")
        raise RuntimeError("a bug")

    work(village, lambda: len(posted) >= 2, change=lambda shift: replace(shift, round=replace(shift.round, post=clumsy)))


def test_a_trouble_that_stays_the_same_is_logged_once(village: Village) -> None:
    village.once()
    posted: list[str] = []

    def unreachable() -> int:
        posted.append("post")
        raise TryAgainLater("The server is away." if len(posted) < 3 else "The server refused the password.")

    errands, stop = Errands(), Stop()
    with village.ledger() as ledger, village.mailbox() as mailbox, structlog.testing.capture_logs() as logs:
        shift = village.shift(ledger, mailbox)
        shift = replace(shift, round=replace(shift.round, post=unreachable))
        with stop, stopping_when(lambda: errands.nudge(Errand.POST) or len(posted) >= 5):
            schedule._work(shift, errands, stop)
    failed = [entry["error"] for entry in logs if entry["event"] == "errand failed"]
    assert failed == ["The server is away.", "The server refused the password."]


def test_what_keeps_the_digest_from_being_written_is_told_until_one_is_there(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    village.now += timedelta(hours=9)
    with village.ledger() as ledger, village.mailbox() as mailbox, Stop() as stop:
        shift = village.shift(ledger, mailbox)
        with monkeypatch.context() as patch:
            patch.setattr(shift.round.desk.press.letters, "digest", _moonless)
            tally = schedule.once(shift, stop)
        assert (str(tally.troubles[schedule.DIGEST]), ledger.health().last_good_pass) == ("digest.txt.j2, line 1: no moon", village.now)
        assert (ledger.health().digest_error, ledger.health().last_digest) == ("digest.txt.j2, line 1: no moon", None)
        assert schedule.once(shift, stop).troubles == {}
        assert (ledger.health().digest_error, ledger.health().last_digest) == (None, village.now.date())


def _moonless(_: object) -> Letter:
    raise SetupError("digest.txt.j2, line 1: no moon")


def test_listening_goes_on_after_the_line_broke(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "FIRST_PAUSE", timedelta(seconds=0.05))
    errands, stop = Errands(), threading.Event()
    answers: list[object] = [TryAgainLater("the line broke"), ValueError("a bug"), True, False]
    with village.mailbox() as mailbox:

        def idle(seconds: float, stopping: threading.Event) -> bool:
            answer = answers.pop(0)
            if not answers:
                stopping.set()
            if isinstance(answer, Exception):
                raise answer
            return bool(answer) and seconds > 0

        monkeypatch.setattr(mailbox, "idle", idle)
        schedule.listen(mailbox, errands, stop)
    assert errands.next(0) is not None
    assert errands.next(0) is None


def test_a_single_pass_gives_way_to_a_worker_that_has_the_mailbox(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "PATIENCE_SECONDS", 0.1)
    with village.ledger() as held, village.ledger() as ledger, village.mailbox() as mailbox:
        assert Tenure(ledger=held, clock=lambda: village.now).keep()
        with Stop() as stop, pytest.raises(TryAgainLater, match="Another worker has this mailbox"):
            schedule.once(village.shift(ledger, mailbox), stop)


def test_a_single_pass_also_writes_a_digest_that_is_due(village: Village) -> None:
    village.now += timedelta(hours=9)
    with village.ledger() as ledger, village.mailbox() as mailbox, Stop() as stop:
        tally = schedule.once(village.shift(ledger, mailbox), stop)
    assert tally.delivered == 1
    assert [letter.recipients for letter in village.smtp.accepted] == [(OWNER,)]


def test_a_worker_told_to_stop_while_it_waits_for_another_ends(village: Village) -> None:
    with village.ledger() as held:
        assert Tenure(ledger=held, clock=lambda: village.now).keep()
        with village.ledger() as ledger, village.mailbox() as mailbox, Stop() as stop:
            threading.Timer(0.5, os.kill, [os.getpid(), signal.SIGTERM]).start()
            schedule.run(village.shift(ledger, mailbox), stop)
    assert village.smtp.accepted == []


def test_a_lease_that_another_took_over_stops_every_change(village: Village) -> None:
    village.once()
    village.deliver(gives_po())
    with village.ledger() as slow, village.ledger() as quick, village.mailbox() as mailbox:
        assert Tenure(ledger=slow, clock=lambda: village.now, owner="elsewhere/1/a").keep()
        assert Tenure(ledger=quick, clock=lambda: village.now + timedelta(minutes=5), owner="elsewhere/2/b").keep()
        tally = passes.run(village.round(slow, mailbox))
    assert isinstance(tally.troubles[passes.TAKE_IN], TryAgainLater)
    assert village.amendments() == 0
