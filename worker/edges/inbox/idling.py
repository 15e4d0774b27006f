"""Waiting for mail with IDLE (RFC 2177): a wake-up only, for the poll is the truth."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from imapclient import IMAPClient  # type: ignore[import-untyped]

REARM_SECONDS = 9 * 60.0
LOOK_SECONDS = 0.5


def wait(client: IMAPClient, seconds: float, stop: threading.Event) -> bool:
    """Whether mail came into the open folder within ``seconds``. Ends at once on ``stop``, then still idling: drop the connection.

    Raises what imaplib and sockets raise when the connection has gone.
    """
    client.idle()
    end = time.monotonic() + seconds
    woken = False
    while not woken and not stop.is_set() and (left := end - time.monotonic()) > 0:
        began = time.monotonic()
        answers = client.idle_check(timeout=min(LOOK_SECONDS, left))
        woken = _came(answers)
        # An empty answer before its time is a dropped line; only idle_done tells so, and asking again would spin.
        if not answers and time.monotonic() - began < min(LOOK_SECONDS, left) / 2:
            break
    if stop.is_set():
        return woken
    _, late = client.idle_done()
    return woken or _came(late)


def _came(answers: Iterable[tuple[object, ...]]) -> bool:
    return any(len(answer) > 1 and answer[1] in (b"EXISTS", b"RECENT") for answer in answers)
