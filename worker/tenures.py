"""One worker at a time on a mailbox: the lease that this process holds, keeps and gives back."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from worker.edges.ledger import Ledger

log = structlog.get_logger()

LEASE_SECONDS = 60.0
LOOK_SECONDS = 0.5


def _own_name() -> str:
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"


@dataclass(frozen=True, kw_only=True)
class Tenure:
    """This process's claim on the mailbox; ``owner`` is a name that no other process has."""

    ledger: Ledger
    clock: Callable[[], datetime]
    owner: str = field(default_factory=_own_name)

    def take(self, *, stopping: Callable[[], bool], patience: float | None = None) -> bool:
        """Wait for the lease, for ``patience`` seconds or until ``stopping``; whether this process holds it now."""
        end = None if patience is None else time.monotonic() + patience
        told = False
        while not stopping():
            if self.keep():
                return True
            if not told:
                log.warning("waiting for another worker of this mailbox", owner=self.ledger.lease_holder(self.clock()))
                told = True
            if end is not None and time.monotonic() >= end:
                break
            time.sleep(LOOK_SECONDS)
        return False

    def keep(self) -> bool:
        """Take or renew the lease; one left behind by a process of this machine that is no more is taken over at once."""
        if self.ledger.lease(self.owner, self.clock(), LEASE_SECONDS):
            return True
        holder = self.ledger.lease_holder(self.clock())
        if holder is None or not _gone(holder):
            return False
        self.ledger.release(holder)
        return self.ledger.lease(self.owner, self.clock(), LEASE_SECONDS)

    def give_back(self) -> None:
        self.ledger.release(self.owner)


def _gone(owner: str) -> bool:
    host, _, rest = owner.rpartition("/")[0].rpartition("/")
    if host != socket.gethostname() or not rest.isdigit():
        return False
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
