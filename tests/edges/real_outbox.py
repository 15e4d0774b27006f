"""The real ledger with the two handles that tests of sending need: put a letter in, look at a letter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from tests.edges.fake_ledger import Kept
from worker.core.outcomes import OutgoingLetter
from worker.edges.ledger import Ledger, outboxes
from worker.edges.ledger.tables import outbox


class RealOutbox(Ledger):
    def queue(self, letter: OutgoingLetter, *, now: datetime) -> int:
        with self._store.writing() as db:
            [number] = outboxes.queue(db, self._store.account, [letter], message=None, now=now)
        return number

    def letter(self, number: int) -> Kept:
        with self._store.reading() as db:
            row = db.execute(select(outbox).where(outbox.c.account == self._store.account, outbox.c.id == number)).one()
        kept = ("id", "since", "state", "attempts", "unknowns", "next_try_at", "last_error", "response", "sending_at")
        return Kept(**{name: getattr(row, name) for name in kept})
