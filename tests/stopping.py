"""Stopping a worker that runs in the test's own process, from another thread."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 20.0


@contextmanager
def stopping_when(what: Callable[[], bool]) -> Iterator[None]:
    """Sends this process SIGTERM as soon as ``what`` is so, as a person would who watches; fails when that never comes."""
    seen: list[bool] = []

    def watch() -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not seen:
            if what():
                seen.append(True)
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield
    watcher.join()
    assert seen, "what was waited for never came"
