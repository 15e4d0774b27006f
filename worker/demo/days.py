"""One working day of the worker: each mail comes, a pass deals with it, and in the evening the digest goes out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from worker import config, schedule, wiring
from worker.core.outcomes import Document
from worker.demo.samples import BOOKS, MAILBOX, OWNER, PASSWORD, SampleMail, install
from worker.demo.servers import Accepted, ImapServer, SmtpServer
from worker.edges.ledger import Decided, Ledger
from worker.passes import Tally
from worker.schedule import Shift
from worker.stops import Stop

FOLDERS = ("INBOX", "Addendum/Done", "Addendum/Waiting")
AFTERWARDS = timedelta(seconds=20)
"""How long after its arrival a mail is dealt with, and how long before the digest the mailbox is looked into last."""


class Clock:
    """The day's clock: it stands until it is set, so that every run of the day is the same."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """What a day leaves: what became of each mail, the amended PDFs, and what the mail servers have.

    ``letters`` and ``digests`` are what the SMTP server took, ``folders`` is how many mails lie in each. ``sent`` is how many letters the
    worker says went out, ``troubles`` is what it complained about, the audit trail's faults included.
    """

    begun: datetime
    decided: tuple[Decided, ...]
    amended: tuple[Document, ...]
    letters: tuple[Accepted, ...]
    digests: tuple[Accepted, ...]
    folders: dict[str, int]
    sent: int
    troubles: tuple[str, ...]


def live(mails: Sequence[SampleMail]) -> Evening:
    """Run the worker over the mails of one day, on mail servers in this process and a database in a temporary folder."""
    morning = mails[0].at.replace(hour=7, minute=0)
    clock = Clock(morning)
    with (
        tempfile.TemporaryDirectory(prefix="addendum-demo-") as folder,
        ImapServer({MAILBOX: PASSWORD}) as imap,
        SmtpServer({MAILBOX: PASSWORD}, keep_copy=lambda letter: imap.deliver(MAILBOX, letter.content, folder="Sent")) as smtp,
    ):
        settings = config.load(install(Path(folder), imap=imap.port, smtp=smtp.port))
        evening = datetime.combine(morning.date(), settings.digest.at, settings.issuer.zone)
        with wiring.shift(settings, Stop(), clock=clock) as shift:
            wiring.import_books(settings, [BOOKS], dry_run=False)
            passes = tuple(_passes(mails, evening, shift, imap, clock))
            return _look_back(morning, passes, shift.ledger, imap, smtp)


def _passes(mails: Sequence[SampleMail], evening: datetime, shift: Shift, imap: ImapServer, clock: Clock) -> Iterator[Tally]:
    """The first takes nothing from history and remembers where to begin; then one after each mail, and those around the digest's hour."""
    yield schedule.once(shift, Stop())
    for mail in mails:
        clock.moment = mail.at + AFTERWARDS
        imap.deliver(MAILBOX, mail.raw, at=mail.at)
        yield schedule.once(shift, Stop())
    for moment in (evening - AFTERWARDS, evening):
        clock.moment = moment
        yield schedule.once(shift, Stop())


def _look_back(begun: datetime, passes: Sequence[Tally], ledger: Ledger, imap: ImapServer, smtp: SmtpServer) -> Evening:
    invoices = [invoice for invoice in ledger.books().invoices if invoice.revision]
    return Evening(
        begun=begun,
        decided=tuple(ledger.decided(begun)),
        amended=tuple(document for invoice in invoices if (document := ledger.document(invoice.number))),
        letters=tuple(letter for letter in smtp.accepted if letter.recipients != (OWNER,)),
        digests=tuple(letter for letter in smtp.accepted if letter.recipients == (OWNER,)),
        folders={folder: len(imap.stored(MAILBOX, folder)) for folder in FOLDERS},
        sent=sum(tally.delivered for tally in passes),
        troubles=(*(str(error) for tally in passes for error in tally.troubles.values()), *ledger.verify_chain()),
    )
