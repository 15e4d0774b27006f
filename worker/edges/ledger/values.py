"""What goes into the ledger and comes out of it, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from worker.core.decisions import Decision
from worker.core.digests import Applied, Failure, Health, Tally, Waiting
from worker.core.invoices import Amendment
from worker.core.outcomes import OutgoingLetter
from worker.core.purchase_orders import PoNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a folder was read.

    ``floor`` is the UID up to which all is history, ``watched_since`` when the folder was first read at all.
    """

    folder: str
    uidvalidity: int
    last_uid: int
    floor: int = 0
    watched_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message that the server showed; ``received_at`` is its INTERNALDATE, ``content_hash`` tells two of one Message-ID apart."""

    folder: str
    uidvalidity: int
    uid: int
    raw: bytes = field(repr=False)
    received_at: datetime
    message_id: str | None
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A stored message about to be handled; ``collides`` where an earlier one had its Message-ID and other content: a hold."""

    id: int
    raw: bytes = field(repr=False)
    attempts: int
    received_at: datetime
    folder: str
    collides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A stored message as it stands, to be judged again; ``sender`` and ``subject`` are what its own header says.

    ``decision`` is None where none was ever taken, ``suggested`` says that it waits for a yes. ``effects`` is what came of it, a few words
    each: with any, nothing may come of it again.
    """

    incoming: Incoming
    message_id: str
    sender: str
    subject: str
    status: str
    decided_at: datetime | None
    decision: Decision | None
    suggested: bool
    error: str | None
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a message was before it was judged again at ``replaced_at``: its ``status`` since ``decided_at``, and why."""

    status: str
    decided_at: datetime
    reason: str
    replaced_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A decided message in the place where the server showed it; ``destination`` is "Done" or "Waiting"."""

    id: int
    folder: str
    uidvalidity: int
    uid: int
    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedLetter:
    """A letter in the outbox; ``since`` is when it came into its ``state``, ``unknowns`` how often its fate was unknown.

    At ``next_try_at`` a pending one is tried, and one of unknown fate looked for, again.
    """

    id: int
    letter: OutgoingLetter
    state: str
    attempts: int
    next_try_at: datetime | None
    last_error: str | None
    since: datetime
    unknowns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many letters went out: by invoice, to one recipient, and in all."""

    by_invoice: Mapping[str, int]
    to_recipient: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One entry of the audit trail, chained by hashes: an invoice's ``amendment``, a customer's ``standing_po`` or a ``replay`` (``kind``).

    A replay is a message judged again; its ``evidence`` is the decision before it, as JSON.
    """

    sequence: int
    kind: str
    invoice: str | None
    customer: str
    old_po: PoNumber | None
    new_po: PoNumber | None
    revision: int | None
    requested_by: str
    applied_by: str
    applied_at: datetime
    message: int | None
    message_id: str | None
    reason: str
    evidence: tuple[str, ...]
    old_sha256: str | None
    new_sha256: str | None
    previous_hash: str
    hash: str

    @property
    def amendment(self) -> Amendment:
        """The amendment that this entry records; raises ValueError for an entry of another kind."""
        if self.invoice is None or self.new_po is None or self.revision is None:
            raise ValueError(f"audit entry {self.sequence} is no amendment of an invoice")
        return Amendment(
            invoice=self.invoice,
            customer=self.customer,
            old_po=self.old_po,
            new_po=self.new_po,
            revision=self.revision,
            requested_by=self.requested_by,
            applied_by=self.applied_by,
            applied_at=self.applied_at,
            message_id=self.message_id,
            reason=self.reason,
            evidence=self.evidence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTally:
    """How many rows of one kind an import added, updated and left as they were."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do. With ``refusals`` nothing was imported; ``notes`` say what was kept."""

    customers: ImportTally = ImportTally()
    invoices: ImportTally = ImportTally()
    refusals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    dry_run: bool = False

    @property
    def imported(self) -> bool:
        return not (self.refusals or self.dry_run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What waits for a person: a "hold", a "reissue" or a "suggested" outcome."""

    id: int
    message: int
    kind: str
    opened_at: datetime
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFacts:
    """Everything that a digest reports over its window; the names are those of ``digests.Digest``."""

    tally: Tally
    applied: tuple[Applied, ...]
    waiting: tuple[Waiting, ...]
    waiting_before: int
    failures: tuple[Failure, ...]
    health: Health


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMark:
    """How far digests have reported: the newest local date (None before the first) and up to which moment."""

    local_date: date | None
    until: datetime
