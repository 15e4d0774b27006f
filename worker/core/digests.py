"""The evening digest as a plain value: what was amended, what waits and why, what failed, and whether every mail is accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from worker.core.purchase_orders import PoNumber

STALE_AFTER = timedelta(hours=1)
"""How long ago the last good pass may be before the digest says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many mails were dealt with in the digest's window, and how.

    ``seen`` is counted on its own: every message decided or given up in the window, whatever its status says. A mail not yet judged is in
    none of these.
    """

    seen: int = 0
    amended: int = 0
    resent: int = 0
    asked: int = 0
    answered: int = 0
    prepared: int = 0
    remembered: int = 0
    held: int = 0
    ignored: int = 0
    failed: int = 0

    @property
    def accounted(self) -> int:
        """The sum over all that can become of a mail; differs from ``seen`` only when a mail was lost."""
        became = (
            self.amended,
            self.resent,
            self.asked,
            self.answered,
            self.prepared,
            self.remembered,
            self.held,
            self.ignored,
            self.failed,
        )
        return sum(became)

    @property
    def adds_up(self) -> bool:
        return self.seen == self.accounted


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """One purchase order put on one invoice; ``subject`` and ``sent_at`` are of the mail that asked for it, ``customer`` is a name."""

    invoice: str
    customer: str
    old_po: PoNumber | None
    new_po: PoNumber
    asked_by: str
    applied_at: datetime
    subject: str = ""
    sent_at: datetime | None = None
    message_id: str | None = None


class WaitingFor(StrEnum):
    """What a waiting mail needs from the issuer: a look, a void-and-new, or a yes."""

    LOOK = "look"
    REISSUE = "reissue"
    YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One mail that waits for the issuer.

    ``reason`` is the decision's one line, ``proposal`` what a yes would do ("PO 4500123456 on INV-2041").
    """

    needs: WaitingFor
    reason: str
    sender: str
    subject: str
    received_at: datetime
    invoices: tuple[str, ...] = ()
    customer: str | None = None
    proposal: str = ""
    message_id: str | None = None


class FailedPart(StrEnum):
    """What failed: a mail parked after its tries, a letter refused, or a letter of which nobody knows whether it arrived."""

    MAIL = "mail"
    LETTER = "letter"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that failed; ``party`` is the sender of a mail or the recipient of a letter."""

    part: FailedPart
    reason: str
    party: str
    subject: str
    at: datetime
    message_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the worker is: when it last looked into the mailbox with success, what troubles it, what is not done yet.

    ``undecided`` are mails, ``unsent`` letters; ``put_off`` says why the first letter that was put off waits, ``held_back_until`` is when
    the first of those held back may go. ``failed`` and ``unknown`` are counted since the last digest, which has named the earlier ones.
    ``unfiled`` are mails that the server would not move time and again, ``filing_error`` is what it said.
    ``last_digest`` is the newest local date that has one, ``digest_error`` what has kept the next one from being written.
    """

    last_good_pass: datetime | None = None
    last_error: str | None = None
    newest_mail: datetime | None = None
    undecided: int = 0
    unsent: int = 0
    put_off: str | None = None
    held_back_until: datetime | None = None
    unknown: int = 0
    failed: int = 0
    holds: int = 0
    paused: bool = False
    unfiled: int = 0
    filing_error: str | None = None
    last_digest: date | None = None
    digest_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One evening's report over ``since`` (exclusive) to ``until`` (inclusive), both aware; ``day`` is the local date that it is for.

    ``waiting`` are the mails that came to wait in the window, ``waiting_before`` is the number of those that still wait from earlier.
    ``mailbox`` is where a note of the issuer's is read.
    """

    day: date
    timezone: ZoneInfo
    since: datetime
    until: datetime
    issuer: str
    mailbox: str
    tally: Tally
    applied: tuple[Applied, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    waiting_before: int = 0
    failures: tuple[Failure, ...] = ()
    health: Health = Health()

    @property
    def stale(self) -> bool:
        """Whether the mailbox was not looked into for too long; silence is never success."""
        return self.health.last_good_pass is None or self.until - self.health.last_good_pass > STALE_AFTER

    @property
    def healthy(self) -> bool:
        return self.tally.adds_up and not (self.stale or self.health.paused or self.health.last_error)

    @property
    def quiet(self) -> bool:
        """Whether nothing was applied, nothing waits, nothing failed and the worker is well."""
        return self.healthy and not (self.applied or self.waiting or self.failures)

    @property
    def headline(self) -> str:
        """The evening in half a line: "3 applied, 1 waits", or "all quiet (12 mails read)"."""
        mails = "1 mail" if self.tally.seen == 1 else f"{self.tally.seen} mails"
        if self.quiet:
            return f"all quiet ({mails} read)"
        counts = [
            f"{len(self.applied)} applied" if self.applied else "",
            f"{len(self.waiting)} {'waits' if len(self.waiting) == 1 else 'wait'}" if self.waiting else "",
            f"{len(self.failures)} failed" if self.failures else "",
            "" if self.healthy else "needs attention",
        ]
        return ", ".join(count for count in counts if count)

    def waiting_for(self, needs: str) -> tuple[Waiting, ...]:
        return tuple(waiting for waiting in self.waiting if waiting.needs == needs)


def due(now: datetime, at: time, timezone: ZoneInfo, last_date: date | None) -> date | None:
    """The local date whose digest is to go out now: the newest whose hour ``at`` has come, None when ``last_date`` is not before it.

    Each date comes once, also when the clock skips ``at`` or passes it twice; of several missed days only the newest is caught up on.
    A new installation (``last_date`` None) starts with today, never with a day before it was there.
    """
    today = now.astimezone(timezone).date()
    # Yesterday's hour may lie ahead, too: a clock that skips midnight moves the hour of one date into the next.
    newest = next(day for day in (today - timedelta(days=back) for back in range(4)) if _moment(day, at, timezone) <= now)
    if last_date is None:
        return newest if newest == today else None
    return newest if newest > last_date else None


def _moment(day: date, at: time, timezone: ZoneInfo) -> datetime:
    # Arithmetic between zoned datetimes is by wall clock; in UTC a skipped hour comes just after the skip and a repeated one counts once.
    return datetime.combine(day, at, tzinfo=timezone).astimezone(ZoneInfo("UTC"))
