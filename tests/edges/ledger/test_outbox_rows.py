"""The outbox's states: every letter is claimed once, and nothing is sent before its time or while sending is paused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.edges.ledger.samples import LATER, NOW, amending, letter, plain_outcome, take_in
from worker.core.decisions import Action
from worker.core.outcomes import OutgoingLetter
from worker.edges.ledger import Ledger


def queue(ledger: Ledger, *letters: OutgoingLetter) -> list[int]:
    [message] = take_in(ledger, 1)
    ledger.record(plain_outcome(message, Action.ASK, letters=letters), now=NOW)
    return [queued.id for queued in ledger.due_letters(LATER, 100)]


def test_a_letter_is_due_with_the_very_bytes_that_were_recorded(ledger: Ledger) -> None:
    written = letter("reply", content=bytes(range(256)), invoices=("LD-7002", "LD-7001"), not_before=NOW)
    queue(ledger, written)
    [queued] = ledger.due_letters(NOW, 10)
    assert queued.letter == written
    assert (queued.state, queued.attempts, queued.next_try_at, queued.last_error, queued.since) == ("pending", 0, None, None, NOW)


def test_no_more_letters_come_than_were_asked_for_oldest_first(ledger: Ledger) -> None:
    ids = queue(ledger, *(letter(name, kind="ask") for name in ("one", "two", "three")))
    assert [queued.id for queued in ledger.due_letters(NOW, 2)] == ids[:2]


def test_a_letter_held_back_is_neither_due_nor_claimed_before_its_time(ledger: Ledger) -> None:
    [held] = queue(ledger, letter(not_before=NOW + timedelta(minutes=10)))
    assert ledger.due_letters(NOW, 10) == []
    assert ledger.mark_sending(held, now=NOW) is False
    assert ledger.mark_sending(held, now=NOW + timedelta(minutes=10)) is True


def test_a_letter_is_claimed_once(ledger: Ledger) -> None:
    [claimed] = queue(ledger, letter())
    assert ledger.mark_sending(claimed, now=NOW) is True
    assert ledger.mark_sending(claimed, now=NOW) is False
    assert ledger.due_letters(LATER, 10) == []


def test_while_paused_nothing_is_due_and_nothing_is_claimed_but_mail_is_still_decided(ledger: Ledger) -> None:
    [waiting] = queue(ledger, letter())
    ledger.pause(NOW)
    assert ledger.due_letters(LATER, 10) == []
    assert ledger.mark_sending(waiting, now=NOW) is False
    [message] = take_in(ledger, 2)
    assert ledger.record(plain_outcome(message), now=NOW) is True
    ledger.resume()
    assert ledger.mark_sending(waiting, now=NOW) is True


def test_a_refused_letter_comes_again_after_its_rest_with_its_error(ledger: Ledger) -> None:
    [refused] = queue(ledger, letter())
    ledger.mark_sending(refused, now=NOW)
    assert ledger.mark_retry(refused, "451 greylisted", next_try_at=LATER, now=NOW) is True
    assert ledger.due_letters(LATER - timedelta(seconds=1), 10) == []
    [again] = ledger.due_letters(LATER, 10)
    assert (again.state, again.attempts, again.last_error) == ("pending", 1, "451 greylisted")


@pytest.mark.parametrize("invoices", [("LD-7001",), ("LD-7002", "LD-7001")])
def test_letters_with_a_pdf_of_one_invoice_leave_in_the_order_in_which_they_were_written(ledger: Ledger, invoices: tuple[str, ...]) -> None:
    [older] = queue(ledger, letter("older"), letter("newer", invoices=invoices))
    ledger.mark_sending(older, now=NOW)
    assert ledger.due_letters(LATER, 10) == []
    ledger.mark_retry(older, "451 greylisted", next_try_at=LATER, now=NOW)
    assert ledger.due_letters(NOW, 10) == []
    ledger.mark_sending(older, now=LATER)
    ledger.mark_unknown(older, "the line dropped after DATA", now=LATER)
    [newer] = ledger.due_letters(LATER, 10)
    assert newer.letter.message_id == "<newer@lindqvist.example>"
    assert ledger.requeue(older, now=LATER) is False


def test_a_sent_letter_never_comes_again(ledger: Ledger) -> None:
    [sent] = queue(ledger, letter())
    ledger.mark_sending(sent, now=NOW)
    assert ledger.mark_sent(sent, "250 queued as A1", now=NOW) is True
    assert ledger.mark_retry(sent, "?", next_try_at=NOW, now=NOW) is False
    assert ledger.mark_failed(sent, "?", now=NOW) is False
    assert ledger.requeue(sent, now=NOW) is False
    assert (ledger.due_letters(LATER, 10), ledger.unknown_letters(LATER)) == ([], [])


def test_a_letter_of_unknown_fate_is_looked_for_after_a_while_and_sent_again_with_the_same_bytes(ledger: Ledger) -> None:
    [lost] = queue(ledger, letter())
    ledger.mark_sending(lost, now=NOW)
    assert ledger.mark_unknown(lost, "the line dropped after DATA", now=NOW) is True
    assert ledger.unknown_letters(NOW + timedelta(seconds=119)) == []
    [found] = ledger.unknown_letters(NOW + timedelta(minutes=2))
    assert (found.letter, found.last_error, found.since) == (letter(), "the line dropped after DATA", NOW)
    assert ledger.requeue(lost, now=LATER) is True
    assert [queued.letter for queued in ledger.due_letters(LATER, 10)] == [letter()]


def test_a_letter_found_in_the_sent_folder_is_sent(ledger: Ledger) -> None:
    [lost] = queue(ledger, letter())
    ledger.mark_sending(lost, now=NOW)
    ledger.mark_unknown(lost, "the line dropped after DATA", now=NOW)
    assert ledger.mark_sent(lost, "found in Sent", now=LATER) is True
    assert ledger.health().unknown == 0


def test_letters_left_in_sending_by_a_dead_program_become_unknown(ledger: Ledger) -> None:
    first, second = queue(ledger, letter("one", kind="ask"), letter("two", kind="ask"))
    ledger.mark_sending(first, now=NOW)
    assert ledger.recover_sending(now=LATER) == 1
    assert [queued.id for queued in ledger.unknown_letters(LATER + timedelta(minutes=2))] == [first]
    assert [queued.id for queued in ledger.due_letters(LATER, 10)] == [second]


def test_a_failed_letter_is_told_of_and_can_be_queued_again(ledger: Ledger) -> None:
    [failed] = queue(ledger, letter())
    ledger.mark_sending(failed, now=NOW)
    assert ledger.mark_failed(failed, "550 no such user", now=LATER) is True
    [failure] = ledger.digest_facts(NOW, LATER).failures
    assert (failure.part, failure.reason, failure.party, failure.subject) == ("letter", "550 no such user", "ap@havn.example", "Re: reply")
    assert ledger.requeue(failed, now=LATER) is True
    assert [queued.letter for queued in ledger.due_letters(LATER, 10)] == [letter()]


def test_letters_are_counted_by_invoice_recipient_and_in_all_from_the_moment_they_begin_to_go_out(stocked: Ledger) -> None:
    two, three = letter("two", kind="ask", invoices=("LD-7001", "LD-7002")), letter("three", recipient="x@havn.example", invoices=())
    ids = queue(stocked, letter("one"), two, three)
    for each in ids:
        stocked.mark_sending(each, now=NOW)
    counts = stocked.sent_counts(recipient="ap@havn.example", invoices=["LD-7001", "LD-7002", "LD-7003"], since=NOW)
    assert (counts.by_invoice, counts.to_recipient, counts.total) == ({"LD-7001": 2, "LD-7002": 1}, 2, 3)
    assert stocked.sent_counts(recipient="ap@havn.example", invoices=["LD-7001"], since=NOW + timedelta(seconds=1)).total == 0
    stocked.mark_retry(ids[0], "451", next_try_at=NOW, now=NOW)
    stocked.mark_failed(ids[1], "550", now=NOW)
    assert stocked.sent_counts(recipient="ap@havn.example", invoices=["LD-7001"], since=NOW).total == 1


@pytest.mark.parametrize("response", ["250 2.0.0 Ok: queued as 4F3A", "250 \0 hostile \udcff"])
def test_whatever_a_server_says_is_kept(stocked: Ledger, response: str) -> None:
    [message] = take_in(stocked, 1)
    stocked.record(amending(stocked, message), now=NOW)
    [queued] = stocked.due_letters(NOW, 10)
    stocked.mark_sending(queued.id, now=NOW)
    assert stocked.mark_sent(queued.id, response, now=NOW)
