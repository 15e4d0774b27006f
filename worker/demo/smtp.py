"""An SMTP server on loopback that lives inside this process (aiosmtpd) and keeps what it accepts, for the demo and for tests."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from worker.demo.imap import Tls
from worker.demo.loops import LoopThread

logging.getLogger("mail.log").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A letter that the server took on, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class SmtpServer:
    """An SMTP server from entering to leaving; ``accepted`` is what it took on, ``connections`` how often it was called.

    With ``passwords`` it asks for sign-in. ``keep_copy`` gets every accepted letter, as Gmail and Exchange put one into Sent.
    """

    host = "127.0.0.1"
    conversation: type[SMTP] = SMTP

    def __init__(
        self,
        passwords: Mapping[str, str] | None = None,
        *,
        tls: Tls = "none",
        context: ssl.SSLContext | None = None,
        keep_copy: Callable[[Accepted], object] | None = None,
    ) -> None:
        self.accepted: list[Accepted] = []
        self.connections = 0
        self.port = 0
        self._passwords = passwords
        self._tls = tls
        self._context = context
        self._keep_copy = keep_copy
        self._conversations: list[SMTP] = []
        self._thread = LoopThread("smtp-server")

    def __enter__(self) -> Self:
        self._thread.__enter__()
        self._thread.run(self._start())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._thread.run(self._stop())
        self._thread.__exit__(kind, error, trace)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]) -> str:  # noqa: ARG002  aiosmtpd calls it so
        """Refuse a client that has not signed in; aiosmtpd's own way warns of servers open to the world, which this one is not."""
        if self._passwords is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002  aiosmtpd calls it so
        """Take the letter on; the reply's last word is its place in the queue."""
        self.accept(envelope)
        return f"250 2.0.0 queued as {len(self.accepted)}"

    def accept(self, envelope: Envelope) -> None:
        """From here on the letter is the server's to deliver, whatever its client hears."""
        content = envelope.original_content or b""
        letter = Accepted(sender=envelope.mail_from or "", recipients=tuple(envelope.rcpt_tos), content=content)
        self.accepted.append(letter)
        if self._keep_copy is not None:
            self._keep_copy(letter)

    def converse(self) -> SMTP:
        """A new conversation with a client."""
        self.connections += 1
        starttls = self._tls == "starttls"
        conversation = self.conversation(
            self,
            hostname="localhost",
            data_size_limit=50_000_000,
            enable_SMTPUTF8=True,
            tls_context=self._context if starttls else None,
            require_starttls=starttls,
            authenticator=self._authenticate,
            auth_require_tls=starttls,
            loop=self._thread.loop,
        )
        self._conversations.append(conversation)
        return conversation

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:  # noqa: ARG002  aiosmtpd calls it so
        known = self._passwords is None or (
            isinstance(given, LoginPassword) and self._passwords.get(given.login.decode()) == given.password.decode()
        )
        return AuthResult(success=known, handled=known)

    async def _start(self) -> None:
        context = self._context if self._tls == "implicit" else None
        self._server = await self._thread.loop.create_server(self.converse, self.host, 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        for conversation in self._conversations:
            if conversation.transport is not None:
                conversation.transport.close()
        await self._server.wait_closed()
