"""The time that one mail may take, kept by the operating system's alarm clock, which a stop of the worker rings too."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTime(BaseException):
    """The mail took longer than it may. Not an Exception, so that no parser's catch-all can swallow it."""


class Stopped(BaseException):
    """The alarm rang before the mail's time was up: the worker is to end at once. The mail is not to blame."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime inside the block after ``seconds``, and each second from then on, until it is left; only in the main thread.

    Raises Stopped for an alarm that rings earlier.
    """
    end = time.monotonic() + seconds

    def ring(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  the signal module calls it so
        raise OutOfTime if time.monotonic() >= end else Stopped

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
