"""The mails of the mailbox's last days, read without marking, moving or storing any of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from worker import intake
from worker.edges.inbox import Fetched, Inbox
from worker.errors import TryAgainLater
from worker.rehearsals.sources import Mail, Source

AT_ONCE = 500
"""How many mails the server is asked about together: what is known of them is all that is in memory."""
MOST_TRIES = 3
"""How often the line may break without a single mail coming through."""


def in_mailbox(inbox: Inbox, folder: str, *, days: int, now: datetime) -> Source:
    """The mails that came into ``folder``, which ``inbox`` reads, within the last ``days`` days; each is named by folder and UID.

    Raises TryAgainLater and SetupError, as the inbox does; a line that breaks on the way is opened again.
    """
    begun = now - timedelta(days=days)
    uids = inbox.since(intake.day_before(begun))
    recent = (mail for mail in _fetched(inbox, uids) if (mail.received_at or now) >= begun)
    place = f"{folder}, the last {'day' if days == 1 else f'{days} days'}"
    return Source(place=place, total=len(uids), mails=(_mail(mail, folder) for mail in recent), is_mailbox=True)


def _mail(mail: Fetched, folder: str) -> Mail:
    return Mail(name=f"{folder}#{mail.uid}", raw=intake.whole_or_marked(mail), received_at=mail.received_at)


def _fetched(inbox: Inbox, uids: Sequence[int]) -> Iterator[Fetched]:
    for start in range(0, len(uids), AT_ONCE):
        yield from _some(inbox, uids[start : start + AT_ONCE])


def _some(inbox: Inbox, rest: Sequence[int]) -> Iterator[Fetched]:
    tries = 0
    while rest:
        try:
            for mail in inbox.fetch(rest):
                rest, tries = rest[bisect_right(rest, mail.uid) :], 0
                yield mail
            return
        except TryAgainLater:
            tries += 1
            if tries == MOST_TRIES:
                raise
