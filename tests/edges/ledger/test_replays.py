"""A decision in the place of an earlier one: once, in one commit, with the earlier one kept, and never after an effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context

import pytest
from sqlalchemy import text

from tests.edges.ledger import rivals
from tests.edges.ledger.samples import ACCOUNT, LATER, NOW, amending, behind_its_back, count, letter, plain_outcome, take_in
from tests.edges.ledger.test_rivals import run_all
from worker.core.decisions import Action
from worker.core.outcomes import Outcome
from worker.edges.ledger import Ledger, Stored
from worker.errors import NeedsAPerson, SetupError

START = get_context("forkserver")


def stored(ledger: Ledger, message: int) -> Stored:
    found = ledger.stored(message)
    assert found is not None
    return found


def decided(ledger: Ledger, outcome: Outcome) -> Stored:
    assert ledger.record(outcome, now=NOW)
    return stored(ledger, outcome.message)


@pytest.mark.parametrize("action", [Action.HOLD, Action.REISSUE, Action.IGNORE])
def test_what_never_had_an_effect_is_amended_once_with_its_letter_and_the_earlier_decision_stays(
    stocked: Ledger, url: str, action: Action
) -> None:
    [message] = take_in(stocked, 1)
    earlier = decided(stocked, plain_outcome(message, action))
    assert (earlier.decision, earlier.effects) == (plain_outcome(message, action).decision, ())
    assert stocked.record_again(amending(stocked, message), earlier, now=LATER)
    assert not stocked.record_again(amending(stocked, message, "4500000002"), earlier, now=LATER)
    assert stocked.books().invoice_by_number["LD-7001"].po_number == "4500123456"
    assert (count(url, "outbox"), stocked.holds()) == (1, [])
    [before] = stocked.replays(message)
    assert (before.status, before.decided_at, before.replaced_at) == (earlier.status, NOW, LATER)
    assert before.reason == "the mail gives a purchase order"
    assert stored(stocked, message).status == "amended"
    assert stocked.verify_chain() == []


def test_a_mail_that_was_given_up_may_be_decided(stocked: Ledger) -> None:
    [message] = take_in(stocked, 1)
    for _ in range(3):
        given_up = stocked.fail(message, "an error", now=LATER)
        stocked.begin(message, now=LATER + timedelta(days=1))
    assert given_up
    assert stocked.record_again(amending(stocked, message), stored(stocked, message), now=LATER)
    assert [(each.status, each.reason) for each in stocked.replays(message)] == [("failed", "an error")]
    assert stored(stocked, message).error is None


def test_a_hold_that_becomes_another_hold_waits_once(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    decided(stocked, plain_outcome(message, Action.HOLD))
    for hour in (1, 2):
        assert stocked.record_again(plain_outcome(message, Action.HOLD), stored(stocked, message), now=NOW + timedelta(hours=hour))
    assert [hold.opened_at for hold in stocked.holds()] == [NOW + timedelta(hours=2)]
    assert (count(url, "holds"), len(stocked.replays(message))) == (3, 2)


def test_a_suggestion_that_becomes_an_amendment_keeps_what_was_suggested(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    earlier = decided(stocked, replace(amending(stocked, message), suggested=True))
    assert (earlier.status, earlier.suggested, earlier.effects) == ("held", True, ())
    assert stocked.record_again(amending(stocked, message), earlier, now=LATER)
    assert (count(url, "hold_contents"), count(url, "outbox"), stocked.holds()) == (3, 1, [])


def test_a_mail_that_led_to_an_amendment_or_a_letter_is_never_decided_again_whatever_its_status_says(stocked: Ledger, url: str) -> None:
    one, two = take_in(stocked, 1, 2)
    amended = decided(stocked, amending(stocked, one))
    asked = decided(stocked, plain_outcome(two, Action.ASK, letters=(letter("question"),)))
    assert amended.effects == ("PO 4500123456 on LD-7001", "a letter to ap@havn.example")
    assert asked.effects == ("a letter to ap@havn.example",)
    with behind_its_back(url) as db:
        db.execute(text("UPDATE messages SET status = 'ignored'"))
    for mail in (amended, asked):
        forged = replace(mail, status="ignored")
        assert not stocked.record_again(amending(stocked, mail.incoming.id, number="LD-7002"), forged, now=LATER)
    assert (count(url, "outbox"), count(url, "amendments")) == (2, 1)


def test_what_a_person_has_answered_is_left_alone(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    earlier = decided(stocked, plain_outcome(message, Action.HOLD))
    with behind_its_back(url) as db:
        db.execute(text("UPDATE holds SET closed_at = opened_at"))
    with pytest.raises(NeedsAPerson, match="answered by a person"):
        stocked.record_again(amending(stocked, message), earlier, now=LATER)
    assert (count(url, "amendments"), stored(stocked, message).status) == (0, "held")
    assert stored(stocked, message).effects == ("a person's answer",)


def test_an_invoice_that_changed_meanwhile_leaves_everything_as_it_was(stocked: Ledger, url: str) -> None:
    one, two = take_in(stocked, 1, 2)
    earlier = decided(stocked, plain_outcome(one, Action.HOLD))
    late = amending(stocked, one, "4500000001")
    decided(stocked, amending(stocked, two))
    assert stocked.changed_since(late, NOW - timedelta(hours=1)) == "LD-7001"
    assert stocked.changed_since(late, LATER) is None
    with pytest.raises(NeedsAPerson, match="has changed since"):
        stocked.record_again(late, earlier, now=LATER)
    assert (count(url, "outbox"), len(stocked.holds()), stored(stocked, one)) == (1, 1, earlier)


def test_of_two_processes_that_decide_a_mail_again_exactly_one_does(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    decided(stocked, plain_outcome(message, Action.HOLD))
    barrier, results = START.Barrier(2), START.Queue()
    run_all(rivals.decide_again_when_all_are_ready, *[(url, message, po, barrier, results) for po in ("4500000001", "4500000002")])
    told = dict(results.get(timeout=10) for _ in range(2))
    assert sorted(map(str, told.values()))[-1] == "True"
    assert list(told.values()).count(True) == 1
    assert (count(url, "outbox"), count(url, "amendments")) == (1, 2)
    assert stocked.verify_chain() == []


def test_mail_not_filed_yet_is_filed_by_its_new_decision(stocked: Ledger) -> None:
    one, two = take_in(stocked, 1, 2)
    for message in (one, two):
        decided(stocked, plain_outcome(message, Action.HOLD))
    stocked.record_again(amending(stocked, one), stored(stocked, one), now=LATER)
    stocked.record_again(plain_outcome(two), stored(stocked, two), now=LATER)
    assert [(sighting.uid, sighting.destination) for sighting in stocked.unfiled("INBOX", 11, 10, now=LATER)] == [(1, "Done")]


def test_mails_are_found_by_number_and_by_message_id(stocked: Ledger) -> None:
    one, two = take_in(stocked, 1, 2)
    decided(stocked, plain_outcome(one, Action.HOLD))
    assert stocked.mails_named(str(two)) == stocked.mails_named("<2@havn.example>") == stocked.mails_named("2@havn.example") == [two]
    assert stocked.mails_named("99") == stocked.mails_named("9" * 30) == []
    assert (stocked.decided_mails(), stocked.decided_mails(held=True)) == ([one], [one])
    assert stocked.stored(99) is None


def test_a_ledger_opened_to_be_read_can_change_nothing_and_makes_no_database(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    with Ledger.open_to_read(url, account=ACCOUNT) as onlooker:
        assert len(onlooker.books().invoices) == 2
        with pytest.raises(Exception, match=r"may not be written|read-only"):
            onlooker.record(plain_outcome(message), now=NOW)
    with pytest.raises(SetupError, match=r"knows no mailbox else@where\.example yet"):
        Ledger.open_to_read(url, account="else@where.example")


def test_where_no_ledger_is_none_is_made_by_reading(fresh_url: str) -> None:
    with pytest.raises(SetupError, match="addendum import"):
        Ledger.open_to_read(fresh_url, account=ACCOUNT)
    if fresh_url.startswith("sqlite"):
        with pytest.raises(SetupError, match="There is no database"):
            Ledger.open_to_read(fresh_url, account=ACCOUNT)
