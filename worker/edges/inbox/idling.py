"""Waiting for mail with IDLE (RFC 2177): a wake-up only, for the poll is the truth."""

from __future__ import annotations

import selectors
import socket
import threading
import time

from imapclient import IMAPClient

REARM_SECONDS = 9 * 60.0
"""Servers may hang up after 30 minutes, and routers on the way after 10."""
LOOK_SECONDS = 0.5


def wait(client: IMAPClient, seconds: float, stop: threading.Event) -> bool:
    """Whether mail came into the open folder; ends after ``seconds``, or as soon as the server says anything at all.

    Ends on ``stop`` too, then still idling: the connection is of no more use. Raises what imaplib and sockets raise when the line has gone.
    """
    client.idle()
    _listen(client.socket(), seconds, stop)
    if stop.is_set():
        return False
    # Not idle_check: it reads without blocking, and a line that arrives in two pieces breaks the connection.
    _, answers = client.idle_done()
    return any(len(answer) > 1 and answer[1] == b"EXISTS" for answer in answers)


def _listen(line: socket.socket, seconds: float, stop: threading.Event) -> None:
    end = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        while not stop.is_set() and (left := end - time.monotonic()) > 0:
            if selector.select(min(LOOK_SECONDS, left)):
                return
