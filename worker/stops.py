"""A clean stop: SIGTERM and SIGINT are remembered, the mail in hand is finished, and what still hangs after some seconds is cut off."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self

import structlog

log = structlog.get_logger()

SIGNALS = (signal.SIGTERM, signal.SIGINT)
GRACE_SECONDS = 7.0
LAST_SECONDS = 1.5
"""How long after the grace the process may still take to end by itself."""

_LEFT = 0
_LOOK_SECONDS = 0.05
_LOG_SECONDS = 0.3


class Stop:
    """Listens for a stop while entered, in the main thread. After ``grace`` seconds the main thread is interrupted wherever it is:

    in a mail, which is then left for a retry; else by SystemExit. What no alarm can interrupt (a locked database, a resolver in a thread)
    ends with the whole process ``last`` seconds later: every change is a commit, and a crash at any place is made good by the next start.

    With ``ends_process`` leaving this ends the program, and the process is also ended when it hangs after that, in its threads say.
    """

    def __init__(self, *, grace: float = GRACE_SECONDS, last: float = LAST_SECONDS, ends_process: bool = False) -> None:
        self.asked = False
        self.event = threading.Event()
        self._grace = grace
        self._last = last
        self._ends_process = ends_process
        self._main = 0
        self._before: dict[signal.Signals, signal._HANDLER] = {}

    def __call__(self) -> bool:
        return self.asked

    def __enter__(self) -> Self:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)
        self._main = threading.get_ident()
        self._watch = threading.Thread(target=self._watch_over, name="stop", daemon=True)
        self._watch.start()
        for number in SIGNALS:
            self._before[number] = signal.signal(number, self._remember)
        self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, _leave)
        # The handlers above have to wait for a main thread that is inside C code; what is written here reaches the watch at once.
        self._told_before = signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._main = 0
        signal.set_wakeup_fd(self._told_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        with suppress(OSError):
            os.write(self._writing, bytes([_LEFT]))

    def _remember(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  the signal module calls it so
        self.asked = True

    def _watch_over(self) -> None:
        # An alarm of a mail's own time limit is told of here too.
        while (told := os.read(self._reading, 1)[0]) not in (*SIGNALS, _LEFT):
            pass
        self.asked = self.asked or told != _LEFT
        self.event.set()
        began = time.monotonic()
        _wait(lambda: not self._main, until=began + self._grace)
        if self._main:
            signal.pthread_kill(self._main, signal.SIGALRM)
        if self.asked:
            _wait(lambda: not self._main and not self._ends_process, until=began + self._grace + self._last)
            if self._main or self._ends_process:
                _end()


def _wait(over: Callable[[], bool], *, until: float) -> None:
    while not over() and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  the signal module calls it so
    raise SystemExit(0)


def _end() -> None:
    # In a thread of its own, for the log may have a lock that whoever hangs will never give back.
    telling = threading.Thread(
        target=log.error, args=["worker ended in the middle of what it did: it could not be interrupted"], daemon=True
    )
    telling.start()
    telling.join(_LOG_SECONDS)
    os._exit(0)
