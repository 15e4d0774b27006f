"""One signed-in IMAP connection: opened when first needed, dropped at the first error, its errors told as ours."""

from __future__ import annotations

import imaplib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from worker.edges.connections import CONNECT_SECONDS, READ_SECONDS, Refused, Tls, explain, require_privacy, tls_context
from worker.edges.inbox.failures import passing, told
from worker.errors import AddendumError, SetupError, TryAgainLater

GOODBYE_SECONDS = 2.0
"""How long a server may take to answer a sign-out, of which nothing depends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxSettings:
    """Where the mailbox is; ``file_to`` is the folder under which handled mail is filed, "" to leave mail where it is.

    Raises SetupError for ``tls`` "none" on any host but this one.
    """

    host: str
    port: int
    user: str
    tls: Tls = Tls.IMPLICIT
    folder: str = "INBOX"
    file_to: str = "Addendum"
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS

    def __post_init__(self) -> None:
        require_privacy("inbox", self.host, Tls(self.tls))


class Session:
    """A connection for one thread at a time."""

    def __init__(self, settings: InboxSettings, password: Callable[[], str]) -> None:
        self._settings = settings
        self._password = password
        self._client: IMAPClient | None = None
        self.opened: str | None = None
        """The folder that is open on this connection."""

    @contextmanager
    def talking(self) -> Iterator[IMAPClient]:
        """The client, connected and signed in. After any error the connection is gone, and the next call opens another.

        Raises Refused, SetupError or TryAgainLater.
        """
        settings = self._settings
        try:
            if self._client is None:
                self._client = self._connect()
            yield self._client
        except imaplib.IMAP4.abort as error:
            self.drop()
            raise TryAgainLater(f"{settings.host} ended the connection ({told(error)}); it is tried again.") from error
        except imaplib.IMAP4.error as error:
            self.drop()
            raise TryAgainLater(f"{settings.host} refused a command ({told(error)}); it is tried again.") from error
        except OSError as error:
            self.drop()
            raise explain(error, section="inbox", host=settings.host, port=settings.port) from error
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        """Close the connection without a word to the server."""
        client, self._client, self.opened = self._client, None, None
        if client is not None:
            _hang_up(client)

    def close(self) -> None:
        """Sign out and close."""
        client, self._client, self.opened = self._client, None, None
        if client is None:
            return
        try:
            client.socket().settimeout(GOODBYE_SECONDS)
            client.logout()
        except (imaplib.IMAP4.error, OSError):
            _hang_up(client)

    def _connect(self) -> IMAPClient:
        settings = self._settings
        timeout = SocketTimeout(settings.connect_seconds, settings.read_seconds)
        context = None if settings.tls is Tls.NONE else tls_context()
        client = IMAPClient(settings.host, settings.port, ssl=settings.tls is Tls.IMPLICIT, ssl_context=context, timeout=timeout)
        # imapclient writes a command in pieces; without this each waits until the server acknowledges the one before, 40 ms at a time.
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client._imap.debug = 0  # else every literal is formatted for a log that nobody reads: six times the CPU of a fetch
        client.normalise_times = False
        try:
            if settings.tls is Tls.STARTTLS:
                self._start_tls(client)
            self._sign_in(client)
            client._cached_capabilities = None  # what was offered before signing in is less
        except BaseException:
            _hang_up(client)
            raise
        return client

    def _start_tls(self, client: IMAPClient) -> None:
        if not client.has_capability("STARTTLS"):
            raise Refused(
                f'{self._settings.host} does not offer STARTTLS; the password is not sent in the clear. Try [inbox] tls = "implicit".'
            )
        client.starttls(tls_context())

    def _sign_in(self, client: IMAPClient) -> None:
        settings, secret = self._settings, self._password()
        if any(ord(character) < 32 for character in settings.user + secret):
            raise SetupError("The user or password of [inbox] holds a control character; write it on one line.")
        try:
            if (settings.user + secret).isascii():
                client.login(settings.user, secret)
            else:
                client.plain_login(settings.user, secret)
        except LoginError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: LoginError) -> AddendumError:
        said = told(error)
        # imapclient calls a line that breaks while signing in a LoginError too; that says nothing about the password.
        if isinstance(error.__context__, imaplib.IMAP4.abort) or passing(error):
            return TryAgainLater(f"{self._settings.host} can't sign anyone in just now ({said}); it is tried again.")
        return Refused(
            f"{self._settings.host} refused the sign-in of {self._settings.user} ({said}); check [inbox] user and its password, "
            "and whether the account wants an app password."
        )


def _hang_up(client: IMAPClient) -> None:
    with suppress(OSError, imaplib.IMAP4.error):
        client.shutdown()
