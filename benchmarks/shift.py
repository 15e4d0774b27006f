"""The worker as a benchmark runs it: the real pass with the real edges, its caps out of the way, in a process of its own."""

from __future__ import annotations

import logging
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from benchmarks import correspondence
from benchmarks.partners import Answer, answer_all, peak_memory, processor_seconds
from tests.servers.dovecot import PASSWORD
from worker import heaps, passes, wiring
from worker.core.invoices import Mode
from worker.core.messages import Address
from worker.edges.inbox import Inbox, InboxSettings, Tls
from worker.edges.ledger import Ledger
from worker.edges.outbox import Outbox, OutboxSettings
from worker.edges.outbox.caps import Caps
from worker.edges.pdfs import Reader
from worker.handling import Desk
from worker.intake import Intake
from worker.passes import Round
from worker.posts import Post
from worker.proposals import Terms

NO_CAPS = Caps(per_invoice_a_day=1000, per_contact_an_hour=100_000, per_hour=100_000, per_minute=100_000)


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    heaps.keep_whole()
    worker = Worker()
    try:
        answer_all(worker.answer)
    finally:
        worker.close()


class Worker:
    """What lives as long as the program does, and for each mailbox a ledger of its own."""

    def __init__(self) -> None:
        self._reader = Reader()
        self._rulebook = wiring.rulebook(None)
        self._press = wiring.press(None, self._reader)
        self._opened = ExitStack()
        self._round: Round | None = None
        self._child_peak = 0.0

    def close(self) -> None:
        self._opened.close()
        self._reader.close()

    def answer(self, *, do: str, user: str = "", imap_port: int = 0, smtp_port: int = 0) -> Answer:
        """``watch`` a mailbox from now on, or make a ``pass`` over what came since."""
        if do == "watch":
            self._opened.close()
            self._round = self._open(user, imap_port, smtp_port)
            passes.run(self._round)
            return {}
        return self._pass()

    def _open(self, user: str, imap_port: int, smtp_port: int) -> Round:
        folder = self._opened.enter_context(tempfile.TemporaryDirectory())
        books = correspondence.books()
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        ledger = self._opened.enter_context(Ledger.open(url, account=user, now=wiring.now(), issuer=books.issuer))
        ledger.import_books(books)
        ledger.lease("benchmark", wiring.now(), 3600)
        settings = InboxSettings(host="127.0.0.1", port=imap_port, user=user, tls=Tls.NONE)
        mailbox = self._opened.enter_context(Inbox(settings, lambda: PASSWORD))
        sender = Address(email=correspondence.MAILBOX, name="Harbour Lane Studio")
        terms = Terms(sender=sender, timezone=ZoneInfo("Europe/London"), mode=Mode.AUTO)
        desk = Desk(
            ledger=ledger,
            rulebook=self._rulebook,
            press=self._press,
            terms=terms,
            read_pdf=self._reader.read,
            begin_pdf=self._reader.begin,
            clock=wiring.now,
        )
        post = Post(
            outbox=Outbox(OutboxSettings(host="127.0.0.1", port=smtp_port, tls=Tls.NONE, caps=NO_CAPS), lambda: ""),
            ledger=ledger,
            inbox=mailbox,
            sent_folder="Sent",
            own=frozenset({correspondence.OWNER}),
            clock=wiring.now,
        )
        return Round(intake=Intake(inbox=mailbox, ledger=ledger, folder="INBOX"), desk=desk, post=post.send)

    def _pass(self) -> Answer:
        assert self._round is not None
        child = self._reader.pid
        worked, child_worked = time.process_time(), processor_seconds(child)
        started = time.perf_counter()
        tally = passes.run(self._round)
        seconds = time.perf_counter() - started
        child_worked = processor_seconds(self._reader.pid) - (child_worked if child == self._reader.pid else 0.0)
        ledger, now = self._round.desk.ledger, wiring.now()
        facts = ledger.digest_facts(now - timedelta(days=1), now)
        self._child_peak = max(self._child_peak, peak_memory(self._reader.pid) if self._reader.pid else 0.0)
        return {
            "seconds": seconds,
            "processor": time.process_time() - worked,
            "child_processor": child_worked,
            "taken_in": tally.taken_in,
            "handled": tally.handled,
            "delivered": tally.delivered,
            "filed": tally.filed,
            "troubles": {step: str(error) for step, error in tally.troubles.items()},
            "amendments": len(facts.applied),
            "chain": ledger.verify_chain(),
            "own_peak": peak_memory(),
            "child_peak": self._child_peak,
        }


if __name__ == "__main__":
    main()
