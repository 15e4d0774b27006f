"""The demo's own world: a studio's books, a day of mail, and the configuration that runs them on loopback."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOOKS = HERE / "books.json"
MAILS = HERE / "mails"

MAILBOX = "billing@saltmarsh.example"
OWNER = "nora@saltmarsh.example"
PASSWORD = "only-for-the-demo"  # noqa: S105  of servers that live for seconds, on loopback
CLOSING = "17:30"

CONFIG = """\
database = "sqlite:///addendum.db"
[issuer]
name = "Saltmarsh Design Ltd"
addresses = ["{mailbox}", "{owner}"]
address = ["The Old Boathouse", "Quayside 5", "Wells-next-the-Sea NR23 1AT", "United Kingdom"]
tax_id = "GB 000 0000 00"
payment = ["Saltmarsh Design Ltd", "IBAN GB00 XXXX 0000 0000 0000 00", "Payment within 30 days"]
timezone = "Europe/London"
mode = "auto"
[inbox]
host = "127.0.0.1"
port = {imap}
tls = "none"
user = "{mailbox}"
password_file = "password"
trusted_authserv = "mx.saltmarsh.example"
idle = false
[outbox]
host = "127.0.0.1"
port = {smtp}
tls = "none"
user = "{mailbox}"
password_file = "password"
from = "Saltmarsh Billing <{mailbox}>"
[digest]
to = "{owner}"
at = "{closing}"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleMail:
    """A mail of the demo's day and when it came."""

    name: str
    raw: bytes = field(repr=False)
    at: datetime


def mails() -> Iterator[SampleMail]:
    """The day's mails in the order they come, with the line ends of the wire."""
    for path in sorted(MAILS.glob("*.eml")):
        raw = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        yield SampleMail(name=path.stem, raw=raw, at=parsedate_to_datetime(email.message_from_bytes(raw)["Date"]))


def install(folder: Path, *, imap: int, smtp: int) -> Path:
    """Write a configuration for mail servers on these ports, its password beside it; returns its path."""
    password = folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    password.chmod(0o600)
    config = folder / "config.toml"
    config.write_text(CONFIG.format(mailbox=MAILBOX, owner=OWNER, imap=imap, smtp=smtp, closing=CLOSING), encoding="utf-8")
    return config
