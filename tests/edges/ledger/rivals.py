"""What other processes do to the same ledger at the same time; each function runs in a process of its own."""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy import event, select, text

from tests.edges.ledger.samples import ACCOUNT, NOW, amending, letter, plain_outcome
from worker.edges.ledger import Ledger
from worker.edges.ledger.tables import accounts
from worker.errors import NeedsAPerson


def _open(url: str) -> Ledger:
    return Ledger.open(url, account=ACCOUNT, now=NOW)


def open_and_close(url: str) -> str:
    with _open(url):
        return "opened"


def amend_when_all_are_ready(url: str, message: int, po: str, barrier: Any, results: Any) -> None:
    """Prepare an amendment, wait until the rival has prepared its own too, then record."""
    with _open(url) as ledger:
        outcome = amending(ledger, message, po)
        barrier.wait(60)
        try:
            results.put((po, ledger.record(outcome, now=NOW)))
        except NeedsAPerson as error:
            results.put((po, str(error)))


def decide_again_when_all_are_ready(url: str, message: int, po: str, barrier: Any, results: Any) -> None:
    """Judge a held mail again, wait until the rival has too, then record."""
    with _open(url) as ledger:
        earlier, outcome = ledger.stored(message), amending(ledger, message, po)
        assert earlier is not None
        barrier.wait(60)
        results.put((po, ledger.record_again(outcome, earlier, now=NOW)))


def count_up(url: str, times: int, barrier: Any) -> None:
    """Read a number and write it back one higher, in the ledger's own transactions."""
    with _open(url) as ledger:
        barrier.wait(60)
        for _ in range(times):
            with ledger._store.writing() as db:
                before = db.execute(select(accounts.c.books_version).with_for_update()).scalar_one()
                db.execute(text("UPDATE accounts SET books_version = :after"), {"after": before + 1})


def claim_all(url: str, barrier: Any, results: Any) -> None:
    """Claim and send every letter that can be had."""
    claimed = []
    with _open(url) as ledger:
        barrier.wait(60)
        while due := ledger.due_letters(NOW, 10):
            for queued in due:
                if ledger.mark_sending(queued.id, now=NOW):
                    claimed.append(queued.id)
                    ledger.mark_sent(queued.id, "250 ok", now=NOW)
    results.put(claimed)


def die_while_recording(url: str, message: int, at_statement: int) -> None:
    """Be killed just before the n-th statement of the commit that records an amendment; end in peace if it has fewer."""
    with _open(url) as ledger:
        outcome = amending(ledger, message, letters=(letter(), letter("copy")))
        statements = iter(range(1, 1000))

        @event.listens_for(ledger._store.writer, "before_cursor_execute")
        def _count(*_: object) -> None:
            if next(statements) == at_statement:
                os._exit(9)

        @event.listens_for(ledger._store.writer, "commit")
        def _commit(_: object) -> None:
            if next(statements) == at_statement:
                os._exit(9)

        ledger.record(outcome, now=NOW)


def hold_the_lease_and_die(url: str) -> None:
    with _open(url) as ledger:
        assert ledger.lease("the first", NOW, 60)
        os._exit(9)


def ignore(url: str, message: int) -> bool:
    with _open(url) as ledger:
        return ledger.record(plain_outcome(message), now=NOW)
