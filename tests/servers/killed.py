"""The program itself, ended by SIGKILL at one step of a mail's way, or run as if at a later time: python -m tests.servers.killed."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from worker import cli, wiring
from worker.edges.inbox import Inbox
from worker.edges.ledger import Ledger

STEPS: dict[str, tuple[type, str, bool]] = {
    "mail fetched": (Ledger, "receive", False),
    "mail stored": (Ledger, "receive", True),
    "mail begun": (Ledger, "begin", True),
    "effects prepared": (Ledger, "record", False),
    "effects recorded": (Ledger, "record", True),
    "letter claimed": (Ledger, "mark_sending", True),
    "letter taken by the server": (Ledger, "mark_sent", False),
    "letter noted as sent": (Ledger, "mark_sent", True),
    "mail moved": (Inbox, "move", True),
    "move noted": (Ledger, "filed", True),
}
"""Whose call it is, and whether the end comes after it (True) or just before."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--at", choices=STEPS)
    parser.add_argument("--later", type=int, default=0)
    given, words = parser.parse_known_args()
    if given.at:
        owner, name, after = STEPS[given.at]
        setattr(owner, name, _deadly(getattr(owner, name), after=after))
    if given.later:
        shift = timedelta(minutes=given.later)
        wiring.now = lambda: datetime.now(UTC) + shift
    sys.argv = ["addendum", *words]
    cli.main()


def _deadly(call: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def deadly(*given: Any, **named: Any) -> Any:
        if after:
            call(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return deadly


if __name__ == "__main__":
    main()
