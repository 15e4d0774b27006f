"""One SMTP connection, step by step, so that it is always known how far a letter got."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from worker.core.outcomes import OutgoingLetter
from worker.edges.connections import CONNECT_SECONDS, READ_SECONDS, Refused, Tls, explain, plain, require_privacy, tls_context
from worker.edges.outbox.caps import Caps
from worker.errors import AddendumError, TryAgainLater

DATA_SECONDS = 300.0
"""RFC 5321 §4.5.3.2.6 asks for patience after the final dot: hanging up early is how letters come twice."""

SET_UP_CODES = (530, 534, 535, 538)
"""Replies about signing in and TLS (RFC 4954 §6, RFC 3207 §4): wrong for every letter, so no letter is blamed."""

PLAIN_ADDRESS = re.compile(r"""[^\s\x00-\x20\x7f<>()\[\]\\,;:@"]+@[^\s\x00-\x20\x7f<>()\[\]\\,;:@"]+""")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxSettings:
    """Where letters are handed over; ``user`` "" signs in nowhere. Raises SetupError for ``tls`` "none" on any host but this one."""

    host: str
    port: int
    user: str = ""
    tls: Tls = Tls.STARTTLS
    caps: Caps = field(default_factory=Caps)
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS
    data_seconds: float = DATA_SECONDS

    def __post_init__(self) -> None:
        require_privacy("outbox", self.host, Tls(self.tls))


class Turned(Exception):
    """The server said no to this letter; ``passing`` where it may say yes later (4xx, RFC 5321 §4.2.1)."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {plain(text)}")
        self.passing = code < 500


class Lost(Exception):
    """The connection broke, fell silent or spoke nonsense; how far the letter got depends on the step."""

    def __init__(self, text: str, *, silent: bool = False) -> None:
        super().__init__(text)
        self._silent = silent

    def end_round(self) -> None:
        """Raise TryAgainLater where waiting for this server once more would hold up every other letter."""
        if self._silent:
            raise TryAgainLater(f"The server for outgoing mail fell silent ({self}); it is tried again.") from self


class Line:
    """A connection that opens when first needed and stays open from letter to letter. For one event loop and one task."""

    def __init__(self, settings: OutboxSettings, password: Callable[[], str]) -> None:
        self._settings = settings
        self._password = password
        self._smtp: SMTP | None = None

    async def offer(self, letter: OutgoingLetter) -> None:
        """Name sender and recipient: nothing is sent by this. A connection that the server closed meanwhile is opened again once.

        Raises Turned, Lost; Refused or TryAgainLater where there is no way to reach or use the server at all.
        """
        used_before = self._smtp is not None
        try:
            await self._offer(await self._open(), letter)
        except Lost:
            if not used_before:
                raise
            await self._offer(await self._open(), letter)

    async def hand_over(self, content: bytes) -> str:
        """The server's reply once the letter is its to deliver. Raises Turned when it is not, Lost when nobody can know."""
        smtp = self._smtp
        if smtp is None:
            raise Lost("it had gone before DATA")
        async with self._telling_apart():
            try:
                return plain((await smtp.data(content, timeout=self._settings.data_seconds)).message)
            except SMTPResponseException as error:
                if 200 <= error.code < 300:
                    return plain(error.message)
                raise

    async def withdraw(self) -> None:
        """Forget the letter that was offered."""
        if self._smtp is not None:
            try:
                await self._smtp.rset()
            except (SMTPException, OSError):
                self.drop()

    def drop(self) -> None:
        """Close without a word."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    async def close(self) -> None:
        """Say goodbye and close; a server that does not answer is left."""
        if self._smtp is not None:
            with suppress(SMTPException, OSError):
                await self._smtp.quit(timeout=5)
            self.drop()

    async def greet(self) -> list[str]:
        """What the server is and can do, as lines for a person. Raises Refused or TryAgainLater."""
        smtp, settings = await self._open(), self._settings
        signed_in = f"signed in as {settings.user}" if settings.user else "not signed in"
        return [f"{settings.host}:{settings.port} ({settings.tls}), {signed_in}; offers {', '.join(sorted(smtp.esmtp_extensions))}"]

    async def _offer(self, smtp: SMTP, letter: OutgoingLetter) -> None:
        # aiosmtplib would take "a@x, <b@y>" for one of the two; what goes out must be what was found to be on file.
        if not (PLAIN_ADDRESS.fullmatch(letter.sender) and PLAIN_ADDRESS.fullmatch(letter.recipient)):
            raise Turned(553, "not one plain address")
        international = not (letter.sender + letter.recipient).isascii()
        if international and not smtp.supports_extension("smtputf8"):
            raise Turned(553, "the server takes no addresses outside ASCII (SMTPUTF8)")
        options = [f"SIZE={len(letter.content)}"] if smtp.supports_extension("size") else []
        options += ["BODY=8BITMIME"] if not letter.content.isascii() and smtp.supports_extension("8bitmime") else []
        options += ["SMTPUTF8"] if international else []
        async with self._telling_apart():
            await smtp.mail(letter.sender, options=options, encoding="utf-8" if international else "ascii")
            await smtp.rcpt(letter.recipient, encoding="utf-8" if international else "ascii")

    @asynccontextmanager
    async def _telling_apart(self) -> AsyncIterator[None]:
        try:
            yield
        except SMTPResponseException as error:
            if error.code in SET_UP_CODES and not isinstance(error, SMTPRecipientRefused):
                self.drop()
                raise self._refusal(error) from error
            if not 400 <= error.code < 600:
                self.drop()
                raise Lost(f"the server's answer made no sense ({plain(error.message)})") from error
            if error.code == 421:
                self.drop()
            raise Turned(error.code, error.message) from error
        except (SMTPException, OSError) as error:
            self.drop()
            raise Lost(plain(str(error)) or type(error).__name__, silent=isinstance(error, TimeoutError)) from error

    async def _open(self) -> SMTP:
        if self._smtp is not None and self._smtp.is_connected:
            return self._smtp
        settings = self._settings
        smtp = SMTP(
            hostname=settings.host,
            port=settings.port,
            timeout=settings.connect_seconds,
            use_tls=settings.tls is Tls.IMPLICIT,
            start_tls=False,
            tls_context=None if settings.tls is Tls.NONE else tls_context(),
            local_hostname="[127.0.0.1]",
        )
        try:
            await smtp.connect()
            await self._introduce(smtp)
        except BaseException as error:
            smtp.close()
            if isinstance(error, SMTPException | OSError):
                raise self._unreachable(error) from error
            raise
        self._smtp = smtp
        return smtp

    async def _introduce(self, smtp: SMTP) -> None:
        settings = self._settings
        smtp.timeout = settings.read_seconds
        smtp.local_hostname = _address_literal(smtp)
        await smtp.ehlo()
        if settings.tls is Tls.STARTTLS:
            if not smtp.supports_extension("starttls"):
                raise Refused(f'{settings.host} does not offer STARTTLS; nothing is sent in the clear. Try [outbox] tls = "implicit".')
            await smtp.starttls()
            await smtp.ehlo()
        if settings.user:
            await smtp.login(settings.user, self._password())

    def _unreachable(self, error: SMTPException | OSError) -> AddendumError:
        settings = self._settings
        if isinstance(error, SMTPAuthenticationError) and error.code < 500:
            return TryAgainLater(f"{settings.host} can't sign anyone in just now ({error.code} {plain(error.message)}); it is tried again.")
        if isinstance(error, SMTPAuthenticationError):
            return self._refusal(error)
        if isinstance(error, SMTPResponseException):
            return TryAgainLater(f"{settings.host} takes no letters just now ({error.code} {plain(error.message)}); it is tried again.")
        cause = error if isinstance(error, OSError) and error.__cause__ is None else error.__cause__
        if isinstance(cause, OSError):
            return explain(cause, section="outbox", host=settings.host, port=settings.port)
        return Refused(f"{settings.host} can't be used as [outbox] says ({plain(str(error))}); check its port, tls and user.")

    def _refusal(self, error: SMTPResponseException) -> Refused:
        who = self._settings.user or "a client without a user"
        said = f"{error.code} {plain(error.message)}"
        return Refused(f"{self._settings.host} refused the sign-in of {who} ({said}); check [outbox] user, its password and tls.")


def _address_literal(smtp: SMTP) -> str:
    """This end's address as a name for EHLO (RFC 5321 §4.1.3): a machine behind a router has no better one."""
    address = str(smtp.get_transport_info("sockname")[0])
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
