"""When a letter that could not be sent is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, *[60] * 22))
"""The pauses between tries; together a little under 24 hours."""


def next_try(attempts: int, now: datetime) -> datetime | None:
    """When to try again after ``attempts`` tries (1 or more), the last one ``now``; None once it has been tried for a day."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None
