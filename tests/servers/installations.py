"""One installation of the program in a folder: a real configuration, and the program itself as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.samples import AUTHSERV, MAILBOX, OWNER, PASSWORD, books_file

ROOT = Path(__file__).resolve().parents[2]
PASSWORD_VARIABLE = "ADDENDUM_TEST_PASSWORD"  # noqa: S105  the name of one

PATIENCE_SECONDS = 60
"""How long a start and a pass may take on a busy machine."""

CONFIGURATION = """\
database = "{database}"
[issuer]
name = "Larkspur Studio"
addresses = ["{mailbox}", "{owner}"]
address = ["3 Weir Lane", "Bath"]
timezone = "{timezone}"
mode = "{mode}"
[inbox]
host = "127.0.0.1"
port = {imap_port}
tls = "none"
user = "{mailbox}"
password_env = "{variable}"
trusted_authserv = "{authserv}"
poll_seconds = 1
[outbox]
host = "127.0.0.1"
port = {smtp_port}
tls = "none"
from = "Larkspur Studio <{mailbox}>"
[digest]
to = "{owner}"
"""


def noon_zone() -> str:
    """A time zone where it is about noon: the digest, due at 17:30, is no part of what an installation does meanwhile, whenever it runs."""
    east = 12 - time.gmtime().tm_hour
    return f"Etc/GMT{-east:+d}"  # the sign of these names is that of POSIX: west counts up


@dataclass(frozen=True, kw_only=True)
class Running:
    """The program at work, and what it has logged so far."""

    process: subprocess.Popen[bytes]
    file: Path

    @property
    def log(self) -> str:
        return self.file.read_text()

    def stop(self) -> float:
        """Ask it to stop; how many seconds that took. It must end well, and within ten."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=10) == 0, self.log
        return time.monotonic() - began

    def wait_until(self, what: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not what():
            assert self.process.poll() is None, self.log
            assert time.monotonic() < end, f"not within {PATIENCE_SECONDS} seconds: {self.log}"
            time.sleep(0.05)


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A folder with config.toml and books.json, for mail servers on these ports."""

    folder: Path
    imap_port: int
    smtp_port: int
    database: str = "sqlite:///ledger.db"
    mode: str = "auto"
    timezone: str = "Europe/Berlin"

    @property
    def config(self) -> Path:
        path = self.folder / "config.toml"
        if not path.exists():
            path.write_text(
                CONFIGURATION.format(
                    database=self.database,
                    timezone=self.timezone,
                    mailbox=MAILBOX,
                    owner=OWNER,
                    mode=self.mode,
                    imap_port=self.imap_port,
                    smtp_port=self.smtp_port,
                    variable=PASSWORD_VARIABLE,
                    authserv=AUTHSERV,
                )
            )
        return path

    @property
    def books(self) -> Path:
        return books_file(self.folder)

    def addendum(self, *words: str, expect: int = 0) -> str:
        """What the program prints; its exit code must be the one expected."""
        done = self._finish(["-m", "worker", "--config", str(self.config), *words])
        assert done.returncode == expect, f"{words} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout if done.returncode == 0 else done.stdout + done.stderr

    def told(self, *words: str, expect: int = 0) -> Any:
        """The JSON that the program prints."""
        return json.loads(self.addendum(*words, "--json", expect=expect).splitlines()[0])

    def killed_at(self, step: str) -> None:
        """One pass that SIGKILL ends at ``step`` (see ``killed``)."""
        done = self._finish(["-m", "tests.servers.killed", "--at", step, "--config", str(self.config), "once"])
        assert done.returncode == -9, f"not killed at {step}: {done.returncode} {done.stdout}{done.stderr}"

    def once(self, *, minutes_later: int = 0) -> None:
        """One whole pass, as if that much later."""
        done = self._finish(["-m", "tests.servers.killed", "--later", str(minutes_later), "--config", str(self.config), "once"])
        assert done.returncode == 0, done.stdout + done.stderr

    @contextmanager
    def running(self, name: str = "worker") -> Iterator[Running]:
        """The program at work until the block ends; what it logs goes to a file of that name."""
        log = self.folder / f"{name}.log"
        command = [sys.executable, "-m", "worker", "--config", str(self.config), "run"]
        with log.open("wb") as file:
            process = subprocess.Popen(command, cwd=ROOT, env=self._environment(), stdout=file, stderr=file)  # noqa: S603  our own program
        try:
            yield Running(process=process, file=log)
        finally:
            process.kill()
            process.wait()

    def _finish(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=ROOT, env=self._environment(), capture_output=True, text=True, timeout=120, check=False)  # noqa: S603  our own program

    def _environment(self) -> dict[str, str]:
        return {**os.environ, PASSWORD_VARIABLE: PASSWORD}
