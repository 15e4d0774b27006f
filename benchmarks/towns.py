"""A private Dovecot for the benchmarks, and mailboxes filled as mail arrives."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.figures import NotMeasurable
from tests.servers import certificates
from tests.servers.dovecot import Dovecot


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Dovecot on loopback. Raises NotMeasurable where it is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        try:
            server = Dovecot(certificates.issue(Path(folder)))
        except (pytest.skip.Exception, pytest.fail.Exception) as missing:
            raise NotMeasurable(f"Not measured: {missing}") from missing
        with server:
            yield server


def fill(server: Dovecot, user: str, mails: Iterable[bytes]) -> None:
    """Deliver ``mails`` into the user's inbox, which is made."""
    for mail in mails:
        server.deliver(user, mail)
