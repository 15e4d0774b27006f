"""Several processes on one ledger, and processes that die: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

from tests.edges.ledger import rivals
from tests.edges.ledger.samples import NOW, amending, arrival, count, letter, plain_outcome, take_in
from worker.core.decisions import Action
from worker.edges.ledger import Ledger
from worker.errors import TryAgainLater

START = get_context("forkserver")
START.set_forkserver_preload(["tests.edges.ledger.rivals"])


def run_all(task: Callable[..., None], *argument_lists: tuple[Any, ...]) -> list[int | None]:
    processes: list[BaseProcess] = [START.Process(target=task, args=arguments) for arguments in argument_lists]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    return [process.exitcode for process in processes]


def test_of_two_processes_that_amend_the_same_invoice_exactly_one_wins(stocked: Ledger, url: str) -> None:
    first, second = take_in(stocked, 1, 2)
    barrier, results = START.Barrier(2), START.Queue()
    run_all(rivals.amend_when_all_are_ready, (url, first, "4500000001", barrier, results), (url, second, "4500000002", barrier, results))
    told = dict(results.get(timeout=10) for _ in range(2))
    winners = [po for po, result in told.items() if result is True]
    assert len(winners) == 1
    assert any("has changed since this mail was read" in str(result) for result in told.values())
    assert [entry.new_po for entry in stocked.history("LD-7001")] == winners
    assert stocked.books().invoice_by_number["LD-7001"].po_number == winners[0]
    assert stocked.verify_chain() == []


def test_three_processes_that_count_up_lose_nothing(ledger: Ledger, url: str) -> None:
    barrier = START.Barrier(3)
    assert run_all(rivals.count_up, *[(url, 60, barrier)] * 3) == [0, 0, 0]
    with ledger._store.reading() as db:
        assert db.exec_driver_sql("SELECT books_version FROM accounts").scalar_one() == 180


def test_two_senders_never_take_the_same_letter(stocked: Ledger, url: str) -> None:
    for message in take_in(stocked, 1, 2, 3):
        stocked.record(plain_outcome(message, Action.ASK, letters=tuple(letter(f"{message}-{each}") for each in range(10))), now=NOW)
    barrier, results = START.Barrier(2), START.Queue()
    assert run_all(rivals.claim_all, (url, barrier, results), (url, barrier, results)) == [0, 0]
    one, other = results.get(timeout=10), results.get(timeout=10)
    assert len(one) + len(other) == 30
    assert set(one).isdisjoint(other)


def test_a_worker_killed_before_any_statement_of_its_commit_leaves_nothing_and_one_that_comes_through_leaves_all(
    stocked: Ledger, url: str
) -> None:
    [message] = take_in(stocked, 1)
    statement, exits = 0, [9]
    while exits == [9]:
        assert (count(url, "amendments"), count(url, "outbox"), count(url, "documents")) == (0, 0, 0)
        assert stocked.books().invoice_by_number["LD-7001"].po_number is None
        assert stocked.waiting(NOW) == [message]
        statement += 1
        exits = run_all(rivals.die_while_recording, (url, message, statement))
    assert exits == [0]
    assert statement > 8
    assert (count(url, "amendments"), count(url, "outbox"), count(url, "documents")) == (1, 2, 2)
    assert stocked.books().invoice_by_number["LD-7001"].po_number == "4500123456"
    assert stocked.record(plain_outcome(message), now=NOW) is False


def test_the_books_show_what_another_process_changed(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    before = stocked.books()
    assert stocked.books() is before
    barrier, results = START.Barrier(1), START.Queue()
    run_all(rivals.amend_when_all_are_ready, (url, message, "4500000001", barrier, results))
    assert stocked.books().invoice_by_number["LD-7001"].po_number == "4500000001"
    assert stocked.books().invoice_by_number["LD-7002"] == before.invoice_by_number["LD-7002"]


def test_the_lease_of_a_dead_worker_passes_on_when_it_has_run_out(ledger: Ledger, url: str) -> None:
    run_all(rivals.hold_the_lease_and_die, (url,))
    assert ledger.lease_holder(NOW) == "the first"
    assert ledger.lease("the second", NOW + timedelta(seconds=59), 60) is False
    assert ledger.lease("the second", NOW + timedelta(seconds=61), 60) is True
    assert ledger.lease_holder(NOW + timedelta(seconds=61)) == "the second"


def test_a_worker_that_lost_its_lease_can_change_nothing_more(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    with Ledger.open(url, account="billing@lindqvist.example", now=NOW) as successor:
        assert stocked.lease("the slow one", NOW, 60)
        outcome = amending(stocked, message)
        assert successor.lease("the quick one", NOW + timedelta(seconds=61), 60)
        for change in (
            lambda: stocked.record(outcome, now=NOW),
            lambda: stocked.begin(message, now=NOW),
            lambda: stocked.receive([arrival(9)], None, now=NOW),
            lambda: stocked.mark_sending(1, now=NOW),
        ):
            with pytest.raises(TryAgainLater, match="Another worker has taken over"):
                change()
        assert count(url, "amendments") == 0
        assert successor.record(outcome, now=NOW) is True


def test_a_lease_is_kept_by_renewing_it_and_given_up_by_releasing_it(ledger: Ledger, url: str) -> None:
    with Ledger.open(url, account="billing@lindqvist.example", now=NOW) as other:
        assert ledger.lease("one", NOW, 60)
        assert ledger.lease("one", NOW + timedelta(seconds=50), 60)
        assert not other.lease("two", NOW + timedelta(seconds=70), 60)
        ledger.release("one")
        assert other.lease("two", NOW + timedelta(seconds=70), 60)
        assert other.lease_holder(NOW + timedelta(seconds=200)) is None


def test_two_processes_of_the_same_name_do_not_share_a_lease(ledger: Ledger, url: str) -> None:
    with Ledger.open(url, account="billing@lindqvist.example", now=NOW) as other:
        assert ledger.lease("worker", NOW, 60)
        assert not other.lease("worker", NOW, 60)
