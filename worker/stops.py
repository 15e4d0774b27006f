"""A clean stop: SIGTERM and SIGINT are remembered, the mail in hand is finished, and what still hangs after some seconds is cut off."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Self

SIGNALS = (signal.SIGTERM, signal.SIGINT)
GRACE_SECONDS = 7.0


class Stop:
    """Listens for a stop while entered, in the main thread. After ``grace`` seconds the main thread is interrupted wherever it is:

    in a mail, which is then left for a retry; else by SystemExit.
    """

    def __init__(self, *, grace: float = GRACE_SECONDS) -> None:
        self.asked = False
        self.event = threading.Event()
        self._grace = grace
        self._before: dict[signal.Signals, signal._HANDLER] = {}

    def __call__(self) -> bool:
        return self.asked

    def __enter__(self) -> Self:
        self._reading, self._writing = os.pipe()
        self._main = threading.get_ident()
        self._watch = threading.Thread(target=self._watch_over, name="stop", daemon=True)
        self._watch.start()
        for number in SIGNALS:
            self._before[number] = signal.signal(number, self._remember)
        self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, _leave)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._main = 0
        for number, handler in self._before.items():
            signal.signal(number, handler)
        with suppress(OSError):
            os.write(self._writing, b".")

    def _remember(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  the signal module calls it so
        # Nothing here may take a lock that the interrupted main thread could hold.
        self.asked = True
        os.write(self._writing, b".")

    def _watch_over(self) -> None:
        os.read(self._reading, 1)
        self.event.set()
        end = time.monotonic() + self._grace
        while self._main and time.monotonic() < end:
            time.sleep(0.05)
        if self._main:
            signal.pthread_kill(self._main, signal.SIGALRM)


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    raise SystemExit(0)
