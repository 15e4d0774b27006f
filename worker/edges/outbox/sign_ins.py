"""Reaching the SMTP server: connecting, going private, signing in, and saying what is wrong where that fails."""

from __future__ import annotations

from asyncio import Transport
from collections.abc import Callable
from dataclasses import dataclass, field

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from worker.edges.connections import CONNECT_SECONDS, READ_SECONDS, Refused, Tls, explain, plain, require_privacy, tls_context
from worker.edges.outbox.caps import Caps
from worker.errors import AddendumError, TryAgainLater

DATA_SECONDS = 300.0
"""RFC 5321 §4.5.3.2.6 asks for patience after the final dot: hanging up early is how letters come twice."""


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


async def sign_in(settings: OutboxSettings, password: Callable[[], str]) -> SMTP:
    """A connection that is ready for letters. Raises Refused or TryAgainLater."""
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
        await _introduce(smtp, settings, password)
    except BaseException as error:
        hang_up(smtp)
        if isinstance(error, SMTPException | OSError):
            raise _unreachable(error, settings) from error
        raise
    return smtp


def hang_up(smtp: SMTP) -> None:
    """Close at once. A TLS connection that is only closed waits for the server's goodbye, and would outlive the loop it runs in."""
    transport = smtp.transport
    smtp.close()
    if isinstance(transport, Transport):
        transport.abort()


def refusal(error: SMTPResponseException, settings: OutboxSettings) -> Refused:
    """The error that says that the server wants another sign-in."""
    who = settings.user or "a client without a user"
    said = f"{error.code} {plain(error.message)}"
    return Refused(f"{settings.host} refused the sign-in of {who} ({said}); check [outbox] user, its password and tls.")


async def _introduce(smtp: SMTP, settings: OutboxSettings, password: Callable[[], str]) -> None:
    smtp.timeout = settings.read_seconds
    smtp.local_hostname = _address_literal(smtp)
    await smtp.ehlo()
    if settings.tls is Tls.STARTTLS:
        if not smtp.supports_extension("starttls"):
            raise Refused(f'{settings.host} does not offer STARTTLS; nothing is sent in the clear. Try [outbox] tls = "implicit".')
        await smtp.starttls()
        await smtp.ehlo()
    if settings.user:
        await smtp.login(settings.user, password())


def _address_literal(smtp: SMTP) -> str:
    """This end's address as a name for EHLO (RFC 5321 §4.1.3): a machine behind a router has no better one."""
    address = str(smtp.get_transport_info("sockname")[0])
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _unreachable(error: SMTPException | OSError, settings: OutboxSettings) -> AddendumError:
    if isinstance(error, SMTPAuthenticationError) and error.code >= 500:
        return refusal(error, settings)
    if isinstance(error, SMTPResponseException):
        return TryAgainLater(f"{settings.host} takes no letters just now ({error.code} {plain(error.message)}); it is tried again.")
    cause = error.__cause__ or error
    if isinstance(cause, OSError):
        return explain(cause, section="outbox", host=settings.host, port=settings.port)
    return Refused(f"{settings.host} can't be used as [outbox] says ({plain(str(error))}); check its port, tls and user.")
