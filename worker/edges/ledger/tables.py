"""The ledger's tables; nothing outside this package knows them. Every row carries its account."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, LargeBinary, MetaData, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from worker.edges.ledger.columns import Exact, TextList, Words

SCHEMA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_OPEN = "closed_at IS NULL"
_UNFILED = "destination IS NOT NULL AND filed_at IS NULL"


class _Row(SQLModel):
    metadata = SCHEMA


class _AccountsRow(_Row):
    """What every row but an account's own has: whose it is."""

    account: int = Field(foreign_key="accounts.id")


class AccountRow(_Row, table=True):
    """One mailbox of one issuer, with the state of its worker and the head of its audit chain."""

    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(sa_type=Words, unique=True)
    opened_at: dt.datetime
    books_version: int = 0
    chain_length: int = 0
    chain_head: str = Field(default="", sa_type=Words)
    last_pass: dt.datetime | None = None
    last_good_pass: dt.datetime | None = None
    last_error: str | None = Field(default=None, sa_type=Words)
    newest_mail: dt.datetime | None = None
    digest_error: str | None = Field(default=None, sa_type=Words)
    paused_since: dt.datetime | None = None


class LeaseRow(_Row, table=True):
    """Which worker may work on the account now; ``fence`` grows with every hand-over."""

    __tablename__ = "leases"
    account: int = Field(foreign_key="accounts.id", primary_key=True)
    owner: str = Field(sa_type=Words)
    until: dt.datetime
    fence: int


class CursorRow(_AccountsRow, table=True):
    """How far a folder was read: RFC 9051 §2.3.1.1 makes (folder, UIDVALIDITY, UID) a name for ever."""

    __tablename__ = "cursors"
    __table_args__ = (UniqueConstraint("account", "folder", "uidvalidity"),)
    id: int | None = Field(default=None, primary_key=True)
    folder: str = Field(sa_type=Words)
    uidvalidity: int = Field(sa_type=BigInteger)
    last_uid: int = Field(sa_type=BigInteger)
    floor: int = Field(sa_type=BigInteger)
    watched_since: dt.datetime
    moved_at: dt.datetime


class MessageRow(_AccountsRow, table=True):
    """A mail's life; ``message_id`` is "" where the mail has none."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("account", "message_id", "content_hash"),
        Index(
            "ix_messages_undecided", "account", "id", sqlite_where=text("status = 'received'"), postgresql_where=text("status = 'received'")
        ),
        Index("ix_messages_content_hash", "account", "content_hash"),
        Index("ix_messages_decided", "account", "decided_at"),
        Index("ix_messages_failed", "account", "id", sqlite_where=text("status = 'failed'"), postgresql_where=text("status = 'failed'")),
    )
    id: int | None = Field(default=None, primary_key=True)
    message_id: str = Field(sa_type=Words)
    content_hash: str = Field(sa_type=Words)
    folder: str = Field(sa_type=Words)
    received_at: dt.datetime
    taken_in_at: dt.datetime
    status: str = Field(default="received", sa_type=Words)
    attempts: int = 0
    put_offs: int = 0
    begun_at: dt.datetime | None = None
    next_try_at: dt.datetime | None = None
    decided_at: dt.datetime | None = None
    decision: str | None = Field(default=None, sa_type=Words)
    error: str | None = Field(default=None, sa_type=Words)


class RawMessageRow(_AccountsRow, table=True):
    """A mail's bytes, apart from its life so that moving its status does not rewrite them."""

    __tablename__ = "raw_messages"
    message: int = Field(foreign_key="messages.id", primary_key=True)
    raw: bytes = Field(sa_type=LargeBinary)


class SightingRow(_AccountsRow, table=True):
    """A place where the server showed a message; ``destination`` once it is to be filed from there."""

    __tablename__ = "sightings"
    __table_args__ = (
        UniqueConstraint("account", "folder", "uidvalidity", "uid"),
        Index("ix_sightings_unfiled", "account", "folder", "uidvalidity", sqlite_where=text(_UNFILED), postgresql_where=text(_UNFILED)),
    )
    id: int | None = Field(default=None, primary_key=True)
    folder: str = Field(sa_type=Words)
    uidvalidity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    message: int = Field(foreign_key="messages.id", index=True)
    seen_at: dt.datetime
    destination: str | None = Field(default=None, sa_type=Words)
    filed_at: dt.datetime | None = None
    filing_attempts: int = 0
    next_filing_at: dt.datetime | None = None
    filing_error: str | None = Field(default=None, sa_type=Words)


class CustomerRow(_AccountsRow, table=True):
    """A customer; ``changed_in`` is the version of the books that last touched it."""

    __tablename__ = "customers"
    __table_args__ = (UniqueConstraint("account", "customer"), Index("ix_customers_changed_in", "account", "changed_in"))
    id: int | None = Field(default=None, primary_key=True)
    customer: str = Field(sa_type=Words)
    name: str = Field(sa_type=Words)
    domains: tuple[str, ...] = Field(sa_type=TextList)
    networks: tuple[str, ...] = Field(sa_type=TextList)
    requires_po: bool
    po_format: str | None = Field(default=None, sa_type=Words)
    standing_po: str | None = Field(default=None, sa_type=Words)
    language: str = Field(sa_type=Words)
    address: tuple[str, ...] = Field(sa_type=TextList)
    mode: str | None = Field(default=None, sa_type=Words)
    changed_in: int


class ContactRow(_AccountsRow, table=True):
    """An address that speaks for a customer; position 0 is where replies go when the sender can't take one."""

    __tablename__ = "contacts"
    __table_args__ = (
        ForeignKeyConstraint(["account", "customer"], ["customers.account", "customers.customer"]),
        UniqueConstraint("account", "customer", "position"),
    )
    id: int | None = Field(default=None, primary_key=True)
    customer: str = Field(sa_type=Words)
    position: int
    email: str = Field(sa_type=Words)


class InvoiceRow(_AccountsRow, table=True):
    """An issued invoice; only its PO number, status, notes and revision ever change."""

    __tablename__ = "invoices"
    __table_args__ = (
        ForeignKeyConstraint(["account", "customer"], ["customers.account", "customers.customer"]),
        UniqueConstraint("account", "number"),
        Index("ix_invoices_changed_in", "account", "changed_in"),
    )
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(sa_type=Words)
    customer: str = Field(sa_type=Words)
    issue_date: dt.date
    due_date: dt.date
    currency: str = Field(sa_type=Words)
    total: Decimal = Field(sa_type=Exact)
    po_number: str | None = Field(default=None, sa_type=Words)
    status: str = Field(sa_type=Words)
    notes: tuple[str, ...] = Field(sa_type=TextList)
    revision: int = 0
    changed_in: int


class InvoiceLineRow(_AccountsRow, table=True):
    """A line of an invoice, in the order printed."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        ForeignKeyConstraint(["account", "invoice"], ["invoices.account", "invoices.number"]),
        UniqueConstraint("account", "invoice", "position"),
    )
    id: int | None = Field(default=None, primary_key=True)
    invoice: str = Field(sa_type=Words)
    position: int
    description: str = Field(sa_type=Words)
    quantity: Decimal = Field(sa_type=Exact)
    unit_price: Decimal = Field(sa_type=Exact)
    tax_rate: Decimal = Field(sa_type=Exact)


class SentMessageIdRow(_AccountsRow, table=True):
    """A Message-ID under which an invoice went out."""

    __tablename__ = "sent_message_ids"
    __table_args__ = (
        ForeignKeyConstraint(["account", "invoice"], ["invoices.account", "invoices.number"]),
        UniqueConstraint("account", "invoice", "position"),
        UniqueConstraint("account", "invoice", "message_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    invoice: str = Field(sa_type=Words)
    position: int
    message_id: str = Field(sa_type=Words)


class ImprintRow(_AccountsRow, table=True):
    """What an invoice's paper shows besides the invoice itself, as JSON; written at its first import and never again."""

    __tablename__ = "imprints"
    __table_args__ = (
        ForeignKeyConstraint(["account", "invoice"], ["invoices.account", "invoices.number"]),
        UniqueConstraint("account", "invoice"),
    )
    id: int | None = Field(default=None, primary_key=True)
    invoice: str = Field(sa_type=Words)
    imprint: str = Field(sa_type=Words)


class DocumentRow(_AccountsRow, table=True):
    """A version of an invoice's PDF, never overwritten."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("account", "invoice", "revision", "sha256"),)
    id: int | None = Field(default=None, primary_key=True)
    invoice: str = Field(sa_type=Words)
    revision: int
    sha256: str = Field(sa_type=Words)
    made_at: dt.datetime
    content: bytes = Field(sa_type=LargeBinary)


class AmendmentRow(_AccountsRow, table=True):
    """The audit trail: rows are only added (triggers), each with the hash of the one before."""

    __tablename__ = "amendments"
    __table_args__ = (UniqueConstraint("account", "sequence"), UniqueConstraint("account", "invoice", "revision"))
    id: int | None = Field(default=None, primary_key=True)
    sequence: int
    kind: str = Field(sa_type=Words)
    invoice: str | None = Field(default=None, sa_type=Words)
    customer: str = Field(sa_type=Words, index=True)
    old_po: str | None = Field(default=None, sa_type=Words)
    new_po: str | None = Field(default=None, sa_type=Words)
    revision: int | None = None
    requested_by: str = Field(sa_type=Words)
    applied_by: str = Field(sa_type=Words)
    applied_at: dt.datetime
    message: int | None = Field(default=None, foreign_key="messages.id", index=True)
    message_id: str | None = Field(default=None, sa_type=Words)
    reason: str = Field(sa_type=Words)
    evidence: tuple[str, ...] = Field(sa_type=TextList)
    old_sha256: str | None = Field(default=None, sa_type=Words)
    new_sha256: str | None = Field(default=None, sa_type=Words)
    previous_hash: str = Field(sa_type=Words)
    hash: str = Field(sa_type=Words)


class OutboxRow(_AccountsRow, table=True):
    """A letter's way: pending, sending, sent, unknown, failed."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("account", "message_id"),
        Index("ix_outbox_state", "account", "state"),
        Index("ix_outbox_sending_at", "account", "sending_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    message: int | None = Field(default=None, foreign_key="messages.id", index=True)
    kind: str = Field(sa_type=Words)
    message_id: str = Field(sa_type=Words)
    sender: str = Field(sa_type=Words)
    recipient: str = Field(sa_type=Words)
    not_before: dt.datetime | None = None
    state: str = Field(default="pending", sa_type=Words)
    since: dt.datetime
    attempts: int = 0
    unknowns: int = 0
    next_try_at: dt.datetime | None = None
    last_error: str | None = Field(default=None, sa_type=Words)
    response: str | None = Field(default=None, sa_type=Words)
    sending_at: dt.datetime | None = None


class OutboxContentRow(_AccountsRow, table=True):
    """A letter's bytes, apart from its way so that moving its state does not rewrite them."""

    __tablename__ = "outbox_contents"
    letter: int = Field(foreign_key="outbox.id", primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class OutboxInvoiceRow(_AccountsRow, table=True):
    """An invoice that a letter is about, for the caps."""

    __tablename__ = "outbox_invoices"
    __table_args__ = (Index("ix_outbox_invoices_invoice", "account", "invoice"),)
    letter: int = Field(foreign_key="outbox.id", primary_key=True)
    position: int = Field(primary_key=True)
    invoice: str = Field(sa_type=Words)


class HoldRow(_AccountsRow, table=True):
    """What waits for a person, with the whole prepared outcome that a yes would apply; one of a mail is open at a time."""

    __tablename__ = "holds"
    __table_args__ = (
        Index("ix_holds_open", "account", "id", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_holds_waiting", "account", "message", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )
    id: int | None = Field(default=None, primary_key=True)
    message: int = Field(foreign_key="messages.id")
    kind: str = Field(sa_type=Words)
    outcome: str = Field(sa_type=Words)
    opened_at: dt.datetime
    closed_at: dt.datetime | None = None


class HoldContentRow(_AccountsRow, table=True):
    """The bytes of a document or letter that a hold has ready, by SHA-256."""

    __tablename__ = "hold_contents"
    hold: int = Field(foreign_key="holds.id", primary_key=True)
    sha256: str = Field(sa_type=Words, primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class DigestRow(_AccountsRow, table=True):
    """The evening letter of one local day; one row a day is the guard against a second one."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("account", "local_date"),)
    id: int | None = Field(default=None, primary_key=True)
    local_date: dt.date
    letter: int = Field(foreign_key="outbox.id")
    facts: str = Field(sa_type=Words)
    made_at: dt.datetime


def _table(name: str) -> Table:
    return SCHEMA.tables[name]


accounts = _table("accounts")
leases = _table("leases")
cursors = _table("cursors")
messages = _table("messages")
raw_messages = _table("raw_messages")
sightings = _table("sightings")
customers = _table("customers")
contacts = _table("contacts")
invoices = _table("invoices")
invoice_lines = _table("invoice_lines")
sent_message_ids = _table("sent_message_ids")
imprints = _table("imprints")
documents = _table("documents")
amendments = _table("amendments")
outbox = _table("outbox")
outbox_contents = _table("outbox_contents")
outbox_invoices = _table("outbox_invoices")
holds = _table("holds")
hold_contents = _table("hold_contents")
digests = _table("digests")
