"""A process that a stop finds where no signal can interrupt it: python -m tests.servers.stuck PLACE [DATABASE]."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from worker import logs
from worker.stops import Stop

FOREVER = 120.0


def main() -> None:
    logs.start()
    place, *rest = sys.argv[1:]
    with Stop(grace=1.0, last=0.5, ends_process=True) as stop:
        print("ready", flush=True)
        if place == "in-database":
            _wait_for_a_lock(rest[0])
        elif place == "in-thread":
            asyncio.run(asyncio.to_thread(time.sleep, FOREVER))
        else:
            ThreadPoolExecutor().submit(time.sleep, FOREVER)
            stop.event.wait(FOREVER)


def _wait_for_a_lock(file: str) -> None:
    holding = sqlite3.connect(file, isolation_level=None)
    holding.execute("BEGIN EXCLUSIVE")
    sqlite3.connect(file, timeout=FOREVER, isolation_level=None).execute("BEGIN EXCLUSIVE")


if __name__ == "__main__":
    main()
