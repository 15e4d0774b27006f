"""How the worker does: its health as a person or a monitor reads it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from worker.core import digests
from worker.core.digests import Health

SLACK = timedelta(minutes=10)
"""How long after its poll a pass may be late before that is a trouble; a pass over much mail takes its time."""
DIGEST_SLACK = timedelta(hours=1)
"""How long after its hour a digest may be missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """What a worker is to do when: look into its mailbox every ``poll``, and write the digest at that hour ``at`` of ``timezone``."""

    poll: timedelta
    at: time
    timezone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The ledger's health at one moment; ``troubles`` are the sentences that need someone to act."""

    health: Health
    now: datetime
    troubles: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        age = _age(self.health.last_good_pass, self.now)
        return {"ok": not self.troubles, "troubles": self.troubles, "last_good_pass_age_seconds": age, **asdict(self.health)}

    def lines(self) -> list[str]:
        """The state for a person: all is well or not, then the facts."""
        facts = {name.replace("_", " "): value for name, value in asdict(self.health).items() if value is not None}
        head = list(self.troubles) or ["All is well."]
        return head + [f"  {name:<18} {_shown(value, self.now)}" for name, value in facts.items()]


def of(health: Health, routine: Routine, *, now: datetime) -> State:
    """The state at ``now`` of a worker with that routine."""
    return State(health=health, now=now, troubles=tuple(_troubles(health, routine, now)))


def _troubles(health: Health, routine: Routine, now: datetime) -> list[str]:
    troubles = []
    if health.last_good_pass is None:
        troubles.append("There was no good pass yet; start one with `addendum run` or `addendum once`.")
    elif now - health.last_good_pass > routine.poll + SLACK:
        troubles.append(f"The last good pass was {_span(now - health.last_good_pass)} ago; see that `addendum run` runs.")
    if health.last_error:
        troubles.append(f"The last pass had trouble: {health.last_error}")
    troubles += _missing_digest(health, routine, now)
    if health.paused:
        troubles.append("Sending is paused; go on with `addendum resume`.")
    if health.failed:
        troubles.append(f"{health.failed} mails or letters have failed since the last digest; the next one names them.")
    if health.unknown:
        troubles.append(f"Of {health.unknown} letters it is not known whether they arrived; the next digest names them.")
    if health.unfiled:
        troubles.append(f"{health.unfiled} mails could not be filed and lie where they came in: {health.filing_error}")
    return troubles


def _missing_digest(health: Health, routine: Routine, now: datetime) -> list[str]:
    if health.digest_error:
        return [f"The digest could not be written, so nobody is told what waits: {health.digest_error}"]
    when = (routine.at, routine.timezone, health.last_digest)
    missing = digests.due(now - DIGEST_SLACK, *when)
    # Before the first pass there is nothing to tell, and that there was none is told already. A new worker owes nothing of yesterday.
    if missing is None or health.last_good_pass is None or digests.due(now, *when) is None:
        return []
    return [f"The digest of {missing} has been missing for more than an hour; see that `addendum run` runs."]


def _age(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else int((now - moment).total_seconds())


def _shown(value: object, now: datetime) -> str:
    if isinstance(value, datetime):
        span = f"in {_span(value - now)}" if value > now else f"{_span(now - value)} ago"
        return f"{value.isoformat(timespec='seconds')} ({span})"
    return str(value)


def _span(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} seconds"
