"""The embedded IMAP server, with the same handles as the Dovecot beside it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Self

from tests.servers.certificates import Certificates
from worker.demo.servers import ImapServer

PASSWORD = "correct-horse"  # noqa: S105  of servers that live for a test


class Pymap:
    """pymap on loopback for one user at a time; ``tls_port`` and ``starttls_port`` speak TLS."""

    host = "127.0.0.1"

    def __init__(self, certificates: Certificates, *, users: Collection[str], without: Collection[str] = ()) -> None:
        passwords = dict.fromkeys(users, PASSWORD)
        context = certificates.server_context()
        self._plain = ImapServer(passwords, without=without)
        self._implicit = ImapServer(passwords, tls="implicit", context=context)
        self._starttls = ImapServer(passwords, tls="starttls", context=context)

    def __enter__(self) -> Self:
        for server in (self._plain, self._implicit, self._starttls):
            server.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        for server in (self._plain, self._implicit, self._starttls):
            server.__exit__(None, None, None)

    @property
    def port(self) -> int:
        return self._plain.port

    @property
    def tls_port(self) -> int:
        return self._implicit.port

    @property
    def starttls_port(self) -> int:
        return self._starttls.port

    def deliver(self, user: str, content: bytes, *, folder: str = "INBOX", at: datetime | None = None) -> None:
        """As mail arrives."""
        self._plain.deliver(user, content, folder=folder, at=at)

    def drop_connections(self) -> None:
        """As a line breaks."""
        self._plain.drop_connections()
