"""A PostgreSQL server for the tests: the one named in ADDENDUM_TEST_POSTGRES, else a private one started from this machine's binaries."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

_PATIENCE_SECONDS = 60
_UNPRIVILEGED = "nobody"


@contextmanager
def server() -> Iterator[str]:
    """The URL of a PostgreSQL database in which tests may create others; without one skips, or fails with ADDENDUM_REQUIRE_SERVERS=1."""
    given = os.environ.get("ADDENDUM_TEST_POSTGRES")
    if given:
        yield given
        return
    binaries = _binaries()
    if binaries is None:
        _not_here("PostgreSQL is not installed here (no initdb in PATH or /usr/lib/postgresql)")
    with tempfile.TemporaryDirectory(prefix="addendum-postgres-") as folder:
        yield from _private(binaries, Path(folder))


@contextmanager
def database(url: str, name: str, *, like: str = "template1") -> Iterator[str]:
    """The URL of a new database on the server of ``url``, a copy of the one called ``like`` (an empty one), dropped at the end."""
    plain = url.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like)))
    yield f"{url.rpartition('/')[0]}/{name}"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _binaries() -> Path | None:
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0
    )
    return installed[-1].parent if installed else None


def _not_here(why: str) -> None:
    if os.environ.get("ADDENDUM_REQUIRE_SERVERS") == "1":
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def _private(binaries: Path, folder: Path) -> Iterator[str]:
    data, log, port = folder / "data", folder / "log", _free_port()
    user = _hand_over(folder)
    _run([*user, str(binaries / "initdb"), "-D", str(data), "-U", "addendum", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c full_page_writes=off -c max_connections=60 -c shared_buffers=32MB"
    command = [*user, str(binaries / "postgres"), "-D", str(data), *options.split()]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process:  # noqa: S603 - found above
        try:
            url = f"postgresql://addendum@127.0.0.1:{port}/postgres"
            _await(url, process, log)
            yield url.replace("postgresql:", "postgresql+psycopg:")
        finally:
            process.terminate()


def _hand_over(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then the folder goes to an unprivileged user, and every command with it."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, _UNPRIVILEGED)
    if shutil.which("setpriv"):
        return ["setpriv", f"--reuid={_UNPRIVILEGED}", "--regid=nogroup", "--clear-groups", "--"]
    return ["runuser", "-u", _UNPRIVILEGED, "--"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False)  # noqa: S603 - ours
    if done.returncode:
        _not_here(f"PostgreSQL does not start here: {done.stderr.strip()[-300:]}")


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                _not_here(f"PostgreSQL does not start here: {log.read_text(errors='replace').strip()[-300:]}")
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
