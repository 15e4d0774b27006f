"""The time that one mail may take, kept by the operating system's alarm clock."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTime(BaseException):
    """The mail took longer than it may. Not an Exception, so that no parser's catch-all can swallow it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime inside the block after ``seconds``, and each second from then on, until it is left; only in the main thread."""

    def ring(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  the signal module calls it so
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
