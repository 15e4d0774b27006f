"""When a letter that could not be sent is tried again, and when one of unknown fate is looked for."""

from __future__ import annotations

from datetime import datetime, timedelta

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, *[60] * 22))
"""The pauses between tries; together a little under 24 hours."""


LOOKS = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 60, *range(4 * 60, 24 * 60 + 1, 4 * 60)))
"""How long after its fate became unknown a letter is looked for in the Sent folder; after a day a person has been told."""


def next_look(since: datetime, now: datetime) -> datetime | None:
    """When to look again for a letter whose fate is unknown ``since``; None once that is a day ago."""
    return next((since + after for after in LOOKS if since + after > now), None)


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after ``attempts`` tries (1 or more), the last one ``now``; None once it has been tried for a day."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None
