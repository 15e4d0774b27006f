"""A worker with a mailbox and a post on loopback, inside the test's own process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.samples import AP, MAILBOX, NOW
from tests.servers.installations import Installation
from worker import config, passes, wiring
from worker.demo.servers import Accepted, ImapServer, SmtpServer
from worker.edges.inbox import Inbox
from worker.edges.ledger import Ledger
from worker.handling import Desk
from worker.intake import Intake
from worker.passes import Round, Tally
from worker.schedule import Shift

MINUTE = timedelta(minutes=1)

Change = Callable[[Ledger, Inbox], None]


class Village:
    """A worker that is started anew for every pass, by a clock that goes on when told to."""

    def __init__(self, imap: ImapServer, smtp: SmtpServer, folder: Path, desk: Desk) -> None:
        self.imap, self.smtp = imap, smtp
        self.now = NOW
        self._desk = desk
        self.settings = config.load(Installation(folder=folder, imap_port=imap.port, smtp_port=smtp.port).config)

    def ledger(self) -> Ledger:
        return wiring.ledger(self.settings)

    def move_to(self, port: int) -> None:
        """The mailbox is behind another port now."""
        section = self.settings.inbox.model_copy(update={"port": port})
        self.settings = self.settings.model_copy(update={"inbox": section})

    def once(self, *, later: timedelta = MINUTE, change: Change | None = None) -> Tally:
        """One pass of a worker just started, that much later; ``change`` may change its ledger or mailbox before it begins."""
        self.now += later
        with self.ledger() as ledger, self.mailbox() as mailbox:
            if change is not None:
                change(ledger, mailbox)
            return passes.run(self.round(ledger, mailbox))

    def mailbox(self) -> Inbox:
        return wiring.inbox(self.settings)

    def shift(self, ledger: Ledger, mailbox: Inbox, listener: Inbox | None = None) -> Shift:
        round = self.round(ledger, mailbox)
        return Shift(round=round, evening=wiring.evening(self.settings, round.desk), poll=timedelta(seconds=1), listener=listener)

    def round(self, ledger: Ledger, inbox: Inbox) -> Round:
        # The village's day is that of its own clock, whatever time zone it is noon in just now.
        terms = replace(self._desk.terms, timezone=ZoneInfo("Europe/Berlin"))
        desk = replace(self._desk, ledger=ledger, clock=lambda: self.now, terms=terms)
        post = wiring.post(self.settings, desk, inbox)
        return Round(intake=Intake(inbox=inbox, ledger=ledger, folder="INBOX"), desk=desk, post=post.send)

    def deliver(self, raw: bytes, *, at: datetime | None = None) -> None:
        self.imap.deliver(MAILBOX, raw, at=at or self.now)

    def in_folder(self, name: str) -> list[bytes]:
        return [stored.content for stored in self.imap.stored(MAILBOX, name)] if name in self.imap.folders(MAILBOX) else []

    def replies(self) -> list[Accepted]:
        return [letter for letter in self.smtp.accepted if letter.recipients == (AP,)]

    def amendments(self, number: str = "LS-1041") -> int:
        with self.ledger() as ledger:
            return len(ledger.history(number))
