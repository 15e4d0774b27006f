"""The tables of config.toml and what each key means."""

from __future__ import annotations

import ipaddress
from datetime import time
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StrictBool, StrictInt, ValidationInfo, model_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from worker.config.logins import Login
from worker.config.values import AuthservId, Clock, Email, FolderPath, Host, Line, Mailbox, Port, Recipient, Section, ZoneName
from worker.core.invoices import Issuer, Mode
from worker.edges.connections import Tls


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Server(Login):
    """A mail server to log in to."""

    host: Annotated[Host, Field(min_length=1, description="the mail server's name")]
    port: Port
    tls: Tls = Tls.IMPLICIT

    @model_validator(mode="after")
    def _protected(self) -> Self:
        if self.tls is Tls.NONE and not _loopback(self.host):
            raise ValueError(f'has tls = "none" for {self.host}; that is only for this machine (127.0.0.1), use "implicit" or "starttls"')
        return self


class IssuerSection(Section):
    """Who issues the invoices."""

    name: Annotated[Line, Field(min_length=1, description="the name that stands on your invoices")]
    addresses: Annotated[tuple[Email, ...], Field(min_length=1, description="the mail addresses of your own people")]
    address: tuple[Line, ...] = ()
    tax_id: Line = ""
    payment: tuple[Line, ...] = ()
    timezone: ZoneName = "UTC"
    mode: Mode = Mode.OBSERVE

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class InboxSection(Server):
    """The mailbox that is read (IMAP)."""

    user: Annotated[str, Field(min_length=1, description="the name to log in with")]
    port: Port = 993
    folder: Annotated[str, Field(min_length=1)] = "INBOX"
    file_to: str = "Addendum"
    trusted_authserv: AuthservId = ""
    poll_seconds: Annotated[StrictInt, Field(ge=1, le=86400)] = 60
    idle: StrictBool = True


class OutboxSection(Server):
    """The server that letters are handed to (SMTP submission)."""

    port: Port = 465
    sender: Annotated[Mailbox, Field(alias="from", description="the address that letters come from")]
    sent_folder: str = "Sent"
    hold_back_minutes: Annotated[StrictInt, Field(ge=0, le=1440)] = 0
    per_minute: Annotated[StrictInt, Field(ge=1, le=1000)] = 20


class DigestSection(Section):
    """Who gets the evening's digest, and when (local time of the issuer)."""

    to: Annotated[Recipient, Field(description="the address that gets the digest")]
    at: Clock = time(17, 30)


def _has_password(url: str) -> bool:
    """Whether a password stands in the URL, before the host or among the parameters that libpq is given."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ValueError('is no URL; write "postgresql+psycopg://USER@HOST/NAME"') from error
    return bool(parsed.password) or any("password" in name.lower() for name in parsed.query)


def _database(url: str, info: ValidationInfo) -> str:
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError('must be "sqlite:///FILE" or "postgresql+psycopg://USER@HOST/NAME"')
    if url.startswith("postgresql") and _has_password(url):
        raise ValueError("holds a password; leave it out of the URL and put it in ~/.pgpass or the environment variable PGPASSWORD")
    file = url.removeprefix("sqlite:///")
    if file != url and not file:
        raise ValueError("names no file; write sqlite:///addendum.db, say")
    folder = (info.context or {}).get("folder")
    return f"sqlite:///{folder / file}" if file != url and folder is not None else url


class Config(Section):
    """The whole configuration. Paths are absolute; nothing secret stands in it."""

    database: Annotated[str, AfterValidator(_database)] = Field(default="sqlite:///addendum.db", validate_default=True)
    rules: FolderPath | None = None
    templates: FolderPath | None = None
    fonts: tuple[FolderPath, ...] = ()
    issuer: IssuerSection
    inbox: InboxSection
    outbox: OutboxSection
    digest: DigestSection

    @model_validator(mode="after")
    def _own_address(self) -> Self:
        own = {address.rpartition("@")[2] for address in self.issuer.addresses}
        if self.outbox.sender.domain not in own:
            raise ValueError(f"[outbox] from is {self.outbox.sender.email}, which is not in a domain of the issuer's addresses")
        return self

    @property
    def account(self) -> str:
        """The name under which this mailbox's mail is kept in the database."""
        return self.inbox.user.lower()

    @property
    def identity(self) -> Issuer:
        """The issuer as the core knows it; its mailbox is the address that it reads and writes as."""
        issuer, user = self.issuer, self.inbox.user.lower()
        return Issuer(
            name=issuer.name,
            addresses=issuer.addresses,
            mailbox=user if "@" in user else self.outbox.sender.email,
            trusted_authserv=self.inbox.trusted_authserv,
            address=issuer.address,
            tax_id=issuer.tax_id,
            payment=issuer.payment,
        )
