"""Stopping a worker that runs in the test's own process, from another thread."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 60.0


@contextmanager
def stopping_when(what: Callable[[], bool]) -> Iterator[None]:
    """Sends this process SIGTERM as soon as ``what`` is so, as a person would who watches; fails when that never comes."""
    seen, ended = threading.Event(), threading.Event()

    def watch() -> None:
        end = time.monotonic() + PATIENCE
        while not seen.is_set() and time.monotonic() < end and not ended.wait(0.02):
            if what():
                seen.set()
        if not ended.is_set():
            os.kill(os.getpid(), signal.SIGTERM)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
    assert seen.is_set(), "what was waited for never came"
