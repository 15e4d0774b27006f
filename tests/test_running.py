"""What keeps a worker going and stops it: its lease, its stop, its errands, the time a mail may take."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.samples import NOW
from tests.servers.installations import PATIENCE_SECONDS, ROOT
from worker import mishaps, tenures
from worker.edges.ledger import Ledger
from worker.errands import Errand, Errands
from worker.limits import OutOfTime, Stopped, time_limit
from worker.stops import Stop
from worker.tenures import Tenure


def never() -> bool:
    return False


def ledger(folder: Path) -> Ledger:
    return Ledger.open(f"sqlite:///{folder}/ledger.db", account="billing", now=NOW)


def test_a_mail_that_takes_too_long_is_interrupted_even_where_exceptions_are_swallowed() -> None:
    began = time.monotonic()
    with pytest.raises(OutOfTime), time_limit(0.1):
        while time.monotonic() - began < 5:
            try:
                time.sleep(0.01)
            except Exception:  # noqa: S112  the very thing to be proven against
                continue
    assert time.monotonic() - began < 2


def test_a_mail_in_time_leaves_no_alarm_behind() -> None:
    with time_limit(30):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_stop_is_remembered_and_told_to_the_other_threads() -> None:
    with Stop() as stop:
        assert not stop()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.event.wait(2)
        assert stop()


def test_what_still_hangs_after_the_grace_is_left() -> None:
    with Stop(grace=0.2) as stop, pytest.raises(SystemExit):
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.event.wait(2)
        time.sleep(5)


def test_a_mail_that_hangs_after_the_grace_is_left_as_a_mail() -> None:
    with Stop(grace=0.2), pytest.raises(Stopped), time_limit(60):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)


@pytest.mark.parametrize("place", ["in-database", "in-thread", "in-thread-after"])
def test_a_process_that_no_alarm_can_interrupt_is_ended_and_says_so(tmp_path: Path, place: str) -> None:
    command = [sys.executable, "-m", "tests.servers.stuck", place, str(tmp_path / "locked.db")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as stuck:  # noqa: S603  our own program
        try:
            assert stuck.stdout is not None and stuck.stdout.readline() == "ready\n"
            stuck.terminate()
            _, told = stuck.communicate(timeout=PATIENCE_SECONDS)
        finally:
            stuck.kill()
    assert stuck.returncode == 0
    assert "could not be interrupted" in told


def test_signals_are_given_back_when_the_worker_has_ended() -> None:
    before, told_before = signal.getsignal(signal.SIGTERM), signal.set_wakeup_fd(-1)
    with Stop():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
    assert signal.set_wakeup_fd(told_before) == -1


def test_an_errand_nudged_many_times_is_done_once_and_in_order() -> None:
    errands = Errands()
    for errand in (Errand.POST, Errand.PASS, Errand.POST):
        errands.nudge(errand)
    assert [errands.next(0), errands.next(0), errands.next(0)] == [Errand.POST, Errand.PASS, None]


def test_an_errand_wakes_who_waits_for_it() -> None:
    errands = Errands()
    threading.Timer(0.05, errands.nudge, [Errand.DIGEST]).start()
    began = time.monotonic()
    assert errands.next(5) is Errand.DIGEST
    assert time.monotonic() - began < 2


def test_only_one_worker_has_a_mailbox_and_the_next_waits_for_it(tmp_path: Path) -> None:
    with ledger(tmp_path) as first, ledger(tmp_path) as second:
        held = Tenure(ledger=first, clock=lambda: NOW, owner="elsewhere/1/a")
        waiting = Tenure(ledger=second, clock=lambda: NOW, owner="elsewhere/2/b")
        assert held.take(stopping=never)
        assert held.keep()
        assert not waiting.take(stopping=never, patience=0)
        held.give_back()
        assert waiting.take(stopping=never, patience=0)


def test_a_lease_of_a_machine_that_fell_silent_runs_out(tmp_path: Path) -> None:
    with ledger(tmp_path) as first, ledger(tmp_path) as second:
        assert Tenure(ledger=first, clock=lambda: NOW, owner="elsewhere/1/a").keep()
        late = NOW + timedelta(minutes=2)
        assert Tenure(ledger=second, clock=lambda: late, owner="elsewhere/2/b").keep()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says which processes a number is about")
def test_a_lease_left_by_a_killed_process_of_this_machine_is_taken_over_at_once(tmp_path: Path) -> None:
    with ledger(tmp_path) as first, ledger(tmp_path) as second:
        assert Tenure(ledger=first, clock=lambda: NOW, owner=f"{tenures._machine()}/{_ended_process()}/a").keep()
        assert Tenure(ledger=second, clock=lambda: NOW).keep()


@pytest.mark.parametrize("part", [1, 2], ids=["another boot", "another PID namespace"])
def test_a_lease_of_a_container_with_this_ones_host_name_is_left_alone(tmp_path: Path, part: int) -> None:
    place = tenures._machine().split("/")
    place[part] = "another"
    with ledger(tmp_path) as first, ledger(tmp_path) as second:
        assert Tenure(ledger=first, clock=lambda: NOW, owner=f"{'/'.join(place)}/{_ended_process()}/a").keep()
        assert not Tenure(ledger=second, clock=lambda: NOW).keep()


def test_where_one_machine_is_not_told_from_another_a_lease_only_runs_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = f"{socket.gethostname()}/{tenures.UNKNOWN}/{tenures.UNKNOWN}"
    monkeypatch.setattr(tenures, "_machine", lambda: nowhere)
    with ledger(tmp_path) as first, ledger(tmp_path) as second:
        assert Tenure(ledger=first, clock=lambda: NOW, owner=f"{nowhere}/{_ended_process()}/a").keep()
        assert not Tenure(ledger=second, clock=lambda: NOW).keep()


def test_a_lease_of_a_living_process_is_left_alone(tmp_path: Path) -> None:
    with ledger(tmp_path) as first, ledger(tmp_path) as second:
        assert Tenure(ledger=first, clock=lambda: NOW).keep()
        assert not Tenure(ledger=second, clock=lambda: NOW).keep()


def test_a_stop_ends_the_waiting_for_a_lease(tmp_path: Path) -> None:
    with ledger(tmp_path) as first, ledger(tmp_path) as second:
        assert Tenure(ledger=first, clock=lambda: NOW).keep()
        assert not Tenure(ledger=second, clock=lambda: NOW).take(stopping=lambda: True)


def test_a_mishap_names_kind_and_place_and_nothing_that_a_mail_has_put_in() -> None:
    try:
        datetime.fromisoformat("IBAN of a stranger").astimezone(UTC)
    except ValueError as error:
        told = mishaps.sentence(error)
    assert told == "An error inside Addendum (ValueError)."


def _ended_process() -> int:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child
