"""What the worker is to do next: nudges from the clock, from IDLE and from its own work, each errand at most once."""

from __future__ import annotations

import threading
from enum import StrEnum


class Errand(StrEnum):
    """The three things that a running worker does."""

    PASS = "pass"  # noqa: S105  not a password
    POST = "post"
    DIGEST = "digest"


class Errands:
    """A queue that any thread may nudge; an errand that waits already is not added again."""

    def __init__(self) -> None:
        self._waiting: dict[Errand, None] = {}
        self._changed = threading.Condition()

    def nudge(self, errand: Errand) -> None:
        with self._changed:
            self._waiting[errand] = None
            self._changed.notify()

    def next(self, seconds: float) -> Errand | None:
        """The errand that waits longest; None when there is none within ``seconds``."""
        with self._changed:
            if not self._waiting:
                self._changed.wait(seconds)
            errand = next(iter(self._waiting), None)
            if errand is not None:
                del self._waiting[errand]
            return errand
