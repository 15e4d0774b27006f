"""One worker at a time on a mailbox: the lease that this process holds, keeps and gives back."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from worker.edges.ledger import Ledger

log = structlog.get_logger()

LEASE_SECONDS = 60.0
LOOK_SECONDS = 0.5


UNKNOWN = "?"


def _own_name() -> str:
    return f"{_machine()}/{os.getpid()}/{secrets.token_hex(4)}"


def _machine() -> str:
    """Where this process's number names a process: the host, its boot and its PID namespace, for containers may share a host's name."""
    try:
        boot, namespace = Path("/proc/sys/kernel/random/boot_id").read_text().strip(), str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        boot, namespace = UNKNOWN, UNKNOWN
    return f"{socket.gethostname()}/{boot}/{namespace}"


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
    """Whether the owner is surely no more; of one elsewhere, or where a machine can't be told from another, only the expiry tells."""
    machine, _, process = owner.rpartition("/")[0].rpartition("/")
    if machine != _machine() or machine.endswith(f"/{UNKNOWN}") or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
