"""The ledger's one door: each method is one transaction, told in the words of the work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Self

from worker.core.digests import Health
from worker.core.imprints import Imprint
from worker.core.invoices import Books, Invoice, Issuer
from worker.core.outcomes import Document, Outcome, OutgoingLetter
from worker.edges.ledger import (
    audit,
    decided,
    digest_rows,
    evenings,
    filing,
    health,
    holding,
    importing,
    imprints,
    intake,
    leases,
    openings,
    outboxes,
    recording,
    replays,
    shelves,
    tries,
    vaults,
)
from worker.edges.ledger.decided import Decided
from worker.edges.ledger.stores import Store
from worker.edges.ledger.values import (
    Arrival,
    AuditEntry,
    Counts,
    Cursor,
    DigestFacts,
    DigestMark,
    Earlier,
    Hold,
    ImportReport,
    Incoming,
    QueuedLetter,
    Sighting,
    Stored,
)


class Ledger:
    """One account's ledger.

    Every method may raise TryAgainLater (locked, disk full, server away, lease lost) or SetupError (read-only, damaged). All moments are
    aware and come back in UTC. Calls are thread-safe: each has its own connection and transaction.
    """

    def __init__(self, store: Store, *, issuer: Issuer) -> None:
        self._store = store
        self._shelf = shelves.Shelf(store, issuer)

    @classmethod
    def open(cls, url: str, *, account: str, now: datetime, issuer: Issuer | None = None) -> Self:
        """Open the database at ``url``, bringing its tables up to date; raises SetupError with what to do if that can't be."""
        return cls(openings.open_store(url, account, now), issuer=issuer or Issuer(name=""))

    @classmethod
    def open_to_read(cls, url: str, *, account: str, issuer: Issuer | None = None) -> Self:
        """The database at ``url`` as it stands: not made, not migrated, and nothing in it can be changed. Raises SetupError without one."""
        return cls(openings.open_to_read(url, account), issuer=issuer or Issuer(name=""))

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # One worker at a time

    def lease(self, owner: str, now: datetime, seconds: float) -> bool:
        """Take the account for ``owner``, or keep it; False while another has it. Once lost, no change is taken any more."""
        return leases.lease(self._store, owner, now, seconds)

    def lease_holder(self, now: datetime) -> str | None:
        """Who has the account now."""
        return leases.holder(self._store, now)

    def release(self, owner: str) -> None:
        """Give the account free, if ``owner`` has it."""
        leases.release(self._store, owner)

    # Taking mail in

    def cursor(self, folder: str) -> Cursor | None:
        """How far ``folder`` was read under the UIDVALIDITY met last; None for a folder never read."""
        return intake.cursor(self._store, folder)

    def start_cursor(self, cursor: Cursor, *, now: datetime) -> None:
        """Begin reading a folder at ``cursor``: what lies before it is history."""
        intake.start_cursor(self._store, cursor, now)

    def known_uids(self, folder: str, uidvalidity: int, since_uid: int) -> set[int]:
        """The UIDs above ``since_uid`` that were taken in already."""
        return intake.known_uids(self._store, folder, uidvalidity, since_uid)

    def receive(self, arrivals: Sequence[Arrival], cursor: Cursor | None, *, now: datetime) -> list[int]:
        """Store ``arrivals`` and move the cursor in one commit; gives the numbers of those never seen before. Seen again is a quiet no."""
        return intake.receive(self._store, arrivals, cursor, now)

    # Handling

    def waiting(self, now: datetime) -> list[int]:
        """The messages to be handled now, oldest first; parks those begun three times without an end. Not while one is in work."""
        return tries.waiting(self._store, now)

    def raw_mails(self, messages: Sequence[int], *, largest: int) -> list[bytes]:
        """The bytes of these messages, but for those larger than ``largest`` bytes; no try is counted by this."""
        return tries.raw_mails(self._store, messages, largest)

    def begin(self, message: int, *, now: datetime) -> Incoming | None:
        """Count a try of ``message`` in a commit of its own and give its bytes; None if it was decided or given up meanwhile."""
        return tries.begin(self._store, message, now)

    def record(self, outcome: Outcome, *, now: datetime) -> bool:
        """Commit all that follows from a mail together: False if it was decided before, and nothing is done twice.

        Raises NeedsAPerson, with nothing recorded, if an invoice has changed since the mail was read or is locked.
        """
        return recording.record(self._store, outcome, now)

    def take_back(self, message: int) -> None:
        """Take back the try that ``begin`` counted: the worker was stopped in the middle of it."""
        tries.take_back(self._store, message)

    def put_off(self, message: int, why: str, *, now: datetime) -> None:
        """Take back the try for trouble that is not the message's own; it rests a minute, then twice as long each time up to an hour."""
        tries.put_off(self._store, message, why, now)

    def fail(self, message: int, why: str, *, now: datetime) -> bool:
        """Note why a try failed: True if it was the last one and the mail is parked as failed, False if it is tried again after a rest."""
        return tries.fail(self._store, message, why, now)

    def decided_mails(self, *, held: bool = False) -> list[int]:
        """The messages that were decided or given up, oldest first; ``held`` for those alone that wait for a person."""
        return replays.decided_mails(self._store, held=held)

    def mails_named(self, name: str) -> list[int]:
        """The messages of that number or Message-ID, with or without its brackets."""
        return replays.mails_named(self._store, name)

    def stored(self, message: int) -> Stored | None:
        """A message with its bytes, its decision and what came of it; no try is counted. None for one that is not there."""
        return replays.stored(self._store, message)

    def record_again(self, outcome: Outcome, earlier: Stored, *, now: datetime) -> bool:
        """Put ``outcome`` in the place of the decision that ``earlier`` shows, with an audit entry that keeps that one, in one commit.

        False, with nothing recorded, if the message ever had an effect or was decided anew meanwhile. Raises NeedsAPerson as ``record``.
        """
        return replays.record_again(self._store, outcome, earlier, now)

    def changed_since(self, outcome: Outcome, moment: datetime) -> str | None:
        """The invoice or customer that ``outcome`` would change and that was changed after ``moment``, if there is any."""
        return replays.changed_since(self._store, outcome, moment)

    def replays(self, message: int) -> list[Earlier]:
        """What was decided of a message before it was judged again, oldest first."""
        return replays.earlier(self._store, message)

    def decided(self, since: datetime) -> list[Decided]:
        """The mails decided after ``since``, oldest first, each with its decision."""
        return decided.decided(self._store, since)

    def holds(self) -> list[Hold]:
        """What waits for a person, oldest first."""
        return holding.open_holds(self._store)

    def held_outcome(self, hold: int) -> Outcome:
        """All that a yes to this hold would apply, its bytes included; raises KeyError for a hold that is not there."""
        return holding.held_outcome(self._store, hold)

    # Books

    def books(self) -> Books:
        """The customers and invoices as imported and amended so far, by whichever process."""
        return self._shelf.books()

    def import_books(self, books: Books, *, dry_run: bool = False) -> ImportReport:
        """Add and update what is safe; with any refusal nothing at all is imported. New invoices keep the face that they have now."""
        return importing.import_books(self._store, books, issuer=self._shelf.issuer, dry_run=dry_run)

    def invoice(self, number: str) -> Invoice | None:
        """The invoice as it stands now."""
        return shelves.invoice(self._store, number)

    def imprint(self, invoice: str) -> Imprint | None:
        """What the invoice's paper shows besides the invoice, since its first import; None for an invoice that is not in the books."""
        return imprints.imprint(self._store, invoice)

    def document(self, invoice: str, revision: int | None = None) -> Document | None:
        """The PDF of that revision, by default of the newest kept; raises NeedsAPerson for one that was changed since it was kept."""
        return vaults.document(self._store, invoice, revision)

    def history(self, invoice: str) -> list[AuditEntry]:
        """The amendments of an invoice, oldest first."""
        return audit.history(self._store, invoice)

    def verify_chain(self) -> list[str]:
        """What is wrong with the audit trail and the PDFs that it names, a sentence each; empty where all is sound."""
        return audit.verify_chain(self._store)

    # Outbox

    def due_letters(self, now: datetime, limit: int) -> list[QueuedLetter]:
        """The pending letters whose time has come, oldest first; while sending is paused, the digest only."""
        return outboxes.due_letters(self._store, now, limit)

    def mark_sending(self, letter: int, *, now: datetime) -> bool:
        """Claim a letter just before its DATA; False if it is no longer pending, held back, or (but for the digest) sending is paused."""
        return outboxes.mark_sending(self._store, letter, now)

    def mark_sent(self, letter: int, response: str, *, now: datetime) -> bool:
        """The server took it (or it was found in the Sent folder); ``response`` is what it said."""
        return outboxes.mark_sent(self._store, letter, response, now)

    def mark_retry(self, letter: int, error: str, *, next_try_at: datetime, now: datetime) -> bool:
        """It surely did not go out, and may later."""
        return outboxes.mark_retry(self._store, letter, error, next_try_at, now)

    def postpone(self, letter: int, why: str, *, until: datetime, now: datetime) -> bool:
        """It waits for a reason that is not its own; not counted as a try."""
        return outboxes.postpone(self._store, letter, why, until, now)

    def mark_failed(self, letter: int, error: str, *, now: datetime) -> bool:
        """It surely did not go out, and will not."""
        return outboxes.mark_failed(self._store, letter, error, now)

    def mark_unknown(self, letter: int, error: str, *, now: datetime) -> bool:
        """The line dropped after DATA: it may have gone out (RFC 1047)."""
        return outboxes.mark_unknown(self._store, letter, error, now)

    def unknown_letters(self, now: datetime) -> list[QueuedLetter]:
        """The letters of unknown fate that are to be looked for in the Sent folder now: first after two minutes."""
        return outboxes.unknown_letters(self._store, now)

    def leave_unknown(self, letter: int, why: str | None, *, look_again_at: datetime | None) -> bool:
        """It was looked for in vain, and is looked for again then (None: never); ``why`` replaces what the digest says of it."""
        return outboxes.leave_unknown(self._store, letter, why, look_again_at)

    def recover_sending(self, *, now: datetime) -> int:
        """At start: letters left in "sending" by a program that ended become unknown; gives how many."""
        return outboxes.recover_sending(self._store, now)

    def requeue(self, letter: int, *, now: datetime) -> bool:
        """Send an unknown or failed letter again: same bytes, same Message-ID."""
        return outboxes.requeue(self._store, letter, now)

    def sent_counts(self, *, recipient: str, invoices: Sequence[str], since: datetime) -> Counts:
        """How many letters began to go out since then, for the caps."""
        return outboxes.sent_counts(self._store, recipient, invoices, since)

    # Filing

    def unfiled(self, folder: str, uidvalidity: int, limit: int, *, now: datetime) -> list[Sighting]:
        """Decided messages still lying where they were seen, but for those that rest; ignored mail stays there."""
        return filing.unfiled(self._store, folder, uidvalidity, limit, now)

    def filed(self, sightings: Sequence[int], *, now: datetime) -> None:
        """These were moved."""
        filing.filed(self._store, sightings, now)

    def filing_failed(self, sightings: Sequence[int], why: str, *, now: datetime) -> None:
        """The server would not move these; they come again after a minute, then twice as long each time up to an hour."""
        filing.filing_failed(self._store, sightings, why, now)

    # Digest

    def digest_facts(self, since: datetime, until: datetime) -> DigestFacts:
        """What happened after ``since``, up to ``until`` inclusive, and what waits."""
        return evenings.digest_facts(self._store, since, until)

    def digest_mark(self) -> DigestMark:
        """The newest digest's local date and how far it reported."""
        return digest_rows.digest_mark(self._store)

    def record_digest(self, local_date: date, letter: OutgoingLetter, facts: DigestFacts, *, now: datetime) -> bool:
        """Put a day's digest into the outbox, once; ``now`` is the ``until`` of its facts. False if that day has one."""
        return digest_rows.record_digest(self._store, local_date, letter, facts, now)

    # Health

    def note_pass(self, *, now: datetime, error: str | None = None, newest: datetime | None = None, whole: bool = True) -> None:
        """A pass ended: well, or with ``error``, or (``whole`` False) before it was through; ``newest`` is when its newest mail arrived."""
        health.note_pass(self._store, now, error, newest, whole=whole)

    def note_digest_error(self, error: str) -> None:
        """A digest that is due could not be written; told until one is recorded."""
        health.note_digest_error(self._store, error)

    def health(self) -> Health:
        """How the worker is; failed and unknown count what no digest has named yet."""
        return health.health(self._store)

    def pause(self, now: datetime) -> None:
        """Stop sending; mail is still read and decided."""
        health.pause(self._store, now)

    def resume(self) -> None:
        """Send again."""
        health.resume(self._store)
