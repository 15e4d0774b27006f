"""One SMTP connection, step by step, so that it is always known how far a letter got."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException

from worker.core.outcomes import OutgoingLetter
from worker.edges.connections import plain
from worker.edges.outbox.sign_ins import OutboxSettings, hang_up, refusal, sign_in
from worker.edges.outbox.verdicts import Lost, Turned
from worker.errors import AddendumError, TryAgainLater

SET_UP_CODES = (530, 534, 535, 538)
"""Replies about signing in and TLS (RFC 4954 §6, RFC 3207 §4): wrong for every letter, so no letter is blamed."""

SHUTTING_DOWN = 421

PLAIN_ADDRESS = re.compile(r"""[^\s\x00-\x20\x7f<>()\[\]\\,;:@"]+@[^\s\x00-\x20\x7f<>()\[\]\\,;:@"]+""")


class Line:
    """A connection that opens when first needed and stays open from letter to letter. For one event loop and one task."""

    def __init__(self, settings: OutboxSettings, password: Callable[[], str]) -> None:
        self._settings = settings
        self._password = password
        self._smtp: SMTP | None = None
        self.trouble: AddendumError | None = None
        """Why the server can't be used at all; the ledger's troubles are none of its."""

    async def offer(self, letter: OutgoingLetter) -> None:
        """Name sender and recipient: nothing is sent by this. A connection that the server closed meanwhile is opened again once.

        Raises Turned, Lost; Refused or TryAgainLater where there is no way to reach or use the server at all.
        """
        used_before = self._smtp is not None
        with self._blamed():
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
        with self._blamed():
            async with self._telling_apart():
                return plain((await smtp.data(content, timeout=self._settings.data_seconds)).message)

    def end_round_if_silent(self, lost: Lost) -> None:
        """Raise TryAgainLater where waiting for this server once more would hold up every other letter."""
        if lost.silent:
            with self._blamed():
                raise TryAgainLater(f"The server for outgoing mail fell silent ({lost}); it is tried again.") from lost

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
            hang_up(smtp)

    async def close(self) -> None:
        """Say goodbye and close; a server that does not answer is left."""
        if self._smtp is not None:
            with suppress(SMTPException, OSError):
                await self._smtp.execute_command(b"QUIT", timeout=5)
            self.drop()

    async def greet(self) -> list[str]:
        """What the server is and can do, as lines for a person. Raises Refused or TryAgainLater."""
        smtp, settings = await self._open(), self._settings
        signed_in = f"signed in as {settings.user}" if settings.user else "not signed in"
        return [f"{settings.host}:{settings.port} ({settings.tls}), {signed_in}; offers {', '.join(sorted(smtp.esmtp_extensions))}"]

    async def _open(self) -> SMTP:
        if self._smtp is None or not self._smtp.is_connected:
            self._smtp = None
            self._smtp = await sign_in(self._settings, self._password)
        return self._smtp

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

    @contextmanager
    def _blamed(self) -> Iterator[None]:
        try:
            yield
        except AddendumError as problem:
            self.trouble = problem
            raise

    @asynccontextmanager
    async def _telling_apart(self) -> AsyncIterator[None]:
        try:
            yield
        except SMTPResponseException as error:
            if error.code in SET_UP_CODES and not isinstance(error, SMTPRecipientRefused):
                self.drop()
                raise refusal(error, self._settings) from error
            # A 2xx may be the answer to the DATA command, and then nothing was handed over.
            if not 400 <= error.code < 600:
                self.drop()
                raise Lost(f"the server's answer made no sense ({plain(error.message)})") from error
            if error.code == SHUTTING_DOWN:
                self.drop()
            raise Turned(error.code, error.message) from error
        except (SMTPException, OSError) as error:
            self.drop()
            raise Lost(plain(str(error)) or type(error).__name__, silent=isinstance(error, TimeoutError)) from error
