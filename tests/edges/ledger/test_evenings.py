"""Filing, the digest's facts and the worker's health."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import text

from tests.edges.ledger.samples import (
    ACCOUNT,
    FOLDER,
    LATER,
    NOW,
    amending,
    arrival,
    behind_its_back,
    decision,
    letter,
    plain_outcome,
    take_in,
)
from worker.core.decisions import Action
from worker.core.digests import WaitingFor
from worker.edges.ledger import Cursor, DigestMark, Ledger

DAY = timedelta(days=1)


def test_decided_mail_is_filed_by_what_became_of_it_and_ignored_mail_stays_where_it_is(stocked: Ledger) -> None:
    amended, held, ignored, _undecided, asked = take_in(stocked, 1, 2, 3, 4, 5)
    stocked.record(amending(stocked, amended), now=NOW)
    stocked.record(plain_outcome(held, Action.HOLD), now=NOW)
    stocked.record(plain_outcome(ignored), now=NOW)
    stocked.record(plain_outcome(asked, Action.ASK, suggested=True), now=NOW)
    assert [(each.uid, each.destination) for each in stocked.unfiled(FOLDER, 11, 10, now=LATER)] == [
        (1, "Done"),
        (2, "Waiting"),
        (5, "Waiting"),
    ]


def test_filed_mail_is_not_filed_again_and_a_failed_move_comes_after_a_rest(ledger: Ledger) -> None:
    for message in take_in(ledger, 1, 2, 3):
        ledger.record(plain_outcome(message, Action.ASK), now=NOW)
    first, second, third = ledger.unfiled(FOLDER, 11, 10, now=NOW)
    ledger.filed([first.id], now=NOW)
    ledger.filing_failed([second.id], "NO over quota", now=NOW)
    assert [each.id for each in ledger.unfiled(FOLDER, 11, 10, now=NOW)] == [third.id]
    assert [each.id for each in ledger.unfiled(FOLDER, 11, 10, now=NOW + timedelta(minutes=1))] == [third.id, second.id]


def test_mail_that_cannot_be_moved_rests_up_to_an_hour_is_told_of_after_half_an_hour_and_never_given_up(ledger: Ledger) -> None:
    [message] = take_in(ledger, 1)
    ledger.record(plain_outcome(message, Action.ASK), now=NOW)
    now, told = NOW, []
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        [sighting] = ledger.unfiled(FOLDER, 11, 10, now=now)
        ledger.filing_failed([sighting.id], "NO over quota", now=now)
        now += timedelta(minutes=minutes)
        assert ledger.unfiled(FOLDER, 11, 10, now=now - timedelta(seconds=1)) == []
        told.append(ledger.health().unfiled)
    assert told == [0] * 4 + [1] * 4
    assert ledger.health().filing_error == "NO over quota"
    ledger.start_cursor(Cursor(folder=FOLDER, uidvalidity=12, last_uid=0), now=now)
    assert ledger.health().unfiled == 0


def test_a_copy_that_turns_up_after_the_decision_is_filed_too(ledger: Ledger) -> None:
    [message] = take_in(ledger, 1)
    ledger.record(plain_outcome(message, Action.ASK), now=NOW)
    ledger.receive([arrival(8, message_id="<1@havn.example>", content_hash=arrival(1).content_hash)], None, now=LATER)
    assert [each.uid for each in ledger.unfiled(FOLDER, 11, 10, now=LATER)] == [1, 8]


def test_only_mail_of_the_folder_as_it_is_now_is_filed(ledger: Ledger) -> None:
    [message] = take_in(ledger, 1)
    ledger.record(plain_outcome(message, Action.ASK), now=NOW)
    assert ledger.unfiled(FOLDER, 12, 10, now=LATER) == []
    assert ledger.unfiled("Archive", 11, 10, now=LATER) == []


def test_the_digest_tells_of_each_amendment_and_the_mail_that_asked_for_it(stocked: Ledger) -> None:
    [message] = take_in(stocked, 1)
    stocked.record(amending(stocked, message, applied_at=LATER), now=LATER)
    facts = stocked.digest_facts(NOW, LATER)
    [applied] = facts.applied
    assert (applied.invoice, applied.customer, applied.old_po, applied.new_po) == ("LD-7001", "Havn Shipping A/S", None, "4500123456")
    assert (applied.asked_by, applied.subject, applied.message_id) == ("ap@havn.example", "Purchase order 1", "<1@havn.example>")
    assert applied.sent_at is not None and applied.sent_at.isoformat() == "2026-11-22T08:00:00+01:00"
    assert stocked.digest_facts(LATER, LATER + DAY).applied == ()


def test_the_digest_tells_what_came_to_wait_and_counts_what_waited_before(stocked: Ledger) -> None:
    old, held, prepared, suggested = take_in(stocked, 1, 2, 3, 4)
    stocked.record(plain_outcome(old, Action.HOLD), now=NOW)
    stocked.record(
        replace(plain_outcome(held), decision=decision(Action.HOLD, reason="an unknown sender", invoices=("LD-7002",))), now=LATER
    )
    stocked.record(plain_outcome(prepared, Action.REISSUE), now=LATER)
    stocked.record(amending(stocked, suggested, suggested=True), now=LATER)
    facts = stocked.digest_facts(NOW, LATER)
    assert [waiting.needs for waiting in facts.waiting] == [WaitingFor.LOOK, WaitingFor.REISSUE, WaitingFor.YES]
    look, _, yes = facts.waiting
    assert (look.reason, look.sender, look.subject, look.invoices) == (
        "an unknown sender",
        "Mette <ap@havn.example>",
        "Purchase order 2",
        ("LD-7002",),
    )
    assert (look.received_at, look.customer, look.message_id, look.proposal) == (NOW, "Havn Shipping A/S", "<2@havn.example>", "")
    assert yes.proposal == "PO 4500123456 on LD-7001"
    assert facts.waiting_before == 1


def test_a_mail_whose_header_is_beyond_reading_is_still_told_of(ledger: Ledger) -> None:
    hostile = arrival(1, raw=b"\xff\xfe: \0\r\nSubject: =?bogus?Q?=ff?=\r\nDate: yesterday\r\nFrom: " + b"a" * 300_000, message_id=None)
    [message] = ledger.receive([hostile], None, now=NOW)
    ledger.record(plain_outcome(message, Action.HOLD), now=LATER)
    [waiting] = ledger.digest_facts(NOW, LATER).waiting
    assert waiting.message_id is None


def test_a_failed_mail_and_a_lost_letter_are_told_of(ledger: Ledger) -> None:
    poison, asked = take_in(ledger, 1, 2)
    for _ in range(2):
        ledger.begin(poison, now=NOW)
    ledger.fail(poison, "the PDF reader timed out", now=LATER)
    ledger.record(plain_outcome(asked, Action.ASK, letters=(letter(),)), now=NOW)
    [queued] = ledger.due_letters(NOW, 1)
    ledger.mark_sending(queued.id, now=NOW)
    ledger.mark_unknown(queued.id, "the line dropped after DATA", now=NOW)
    mail, lost = ledger.digest_facts(NOW, LATER).failures
    assert (mail.part, mail.reason, mail.party, mail.subject) == (
        "mail",
        "the PDF reader timed out",
        "Mette <ap@havn.example>",
        "Purchase order 1",
    )
    assert (lost.part, lost.reason, lost.party, lost.message_id) == (
        "unknown",
        "the line dropped after DATA",
        "ap@havn.example",
        "<reply@lindqvist.example>",
    )


def test_a_mail_with_a_status_that_nobody_reports_shows_as_a_difference(ledger: Ledger, url: str) -> None:
    for message in take_in(ledger, 1, 2):
        ledger.record(plain_outcome(message), now=LATER)
    assert ledger.digest_facts(NOW, LATER).tally.adds_up
    with behind_its_back(url) as db:
        db.execute(text("UPDATE messages SET status = 'vanished' WHERE message_id = '<1@havn.example>'"))
    tally = ledger.digest_facts(NOW, LATER).tally
    assert (tally.seen, tally.accounted, tally.adds_up) == (2, 1, False)


def test_one_digest_goes_out_for_each_local_day(ledger: Ledger) -> None:
    assert ledger.digest_mark() == DigestMark(local_date=None, until=NOW)
    facts = ledger.digest_facts(NOW - DAY, NOW)
    evening = date(2026, 11, 22)
    assert ledger.record_digest(evening, letter("digest", kind="digest", recipient=ACCOUNT, invoices=()), facts, now=LATER) is True
    assert ledger.record_digest(evening, letter("digest again", kind="digest"), facts, now=LATER + DAY) is False
    assert ledger.health().last_digest == evening
    assert ledger.digest_mark() == DigestMark(local_date=evening, until=LATER)
    assert [queued.letter.message_id for queued in ledger.due_letters(LATER, 10)] == ["<digest@lindqvist.example>"]


def test_health_tells_why_letters_wait(stocked: Ledger) -> None:
    message, _ = take_in(stocked, 1, 2)
    stocked.record(amending(stocked, message), now=NOW)
    [queued] = stocked.due_letters(LATER, 10)
    assert (stocked.health().unsent, stocked.health().put_off) == (1, None)
    stocked.postpone(queued.id, "waits: 60 letters went out within an hour", until=LATER, now=NOW)
    assert (stocked.health().unsent, stocked.health().put_off) == (1, "waits: 60 letters went out within an hour")


def test_health_tells_until_when_a_letter_is_held_back(ledger: Ledger) -> None:
    facts = ledger.digest_facts(NOW - DAY, NOW)
    held_back = replace(letter("digest", kind="digest", recipient=ACCOUNT, invoices=()), not_before=LATER)
    assert ledger.record_digest(date(2026, 11, 22), held_back, facts, now=NOW)
    assert (ledger.health().unsent, ledger.health().held_back_until) == (1, LATER)


def test_what_has_failed_is_a_trouble_until_a_digest_has_named_it(stocked: Ledger) -> None:
    parked, message = take_in(stocked, 1, 2)
    for _ in range(3):
        stocked.begin(parked, now=NOW)
    assert stocked.fail(parked, "it took too long", now=NOW)
    stocked.record(amending(stocked, message), now=NOW)
    [queued] = stocked.due_letters(NOW, 10)
    assert stocked.mark_sending(queued.id, now=NOW)
    assert stocked.mark_unknown(queued.id, "the line dropped", now=NOW)
    assert (stocked.health().failed, stocked.health().unknown) == (1, 1)

    facts = stocked.digest_facts(NOW - DAY, LATER)
    assert len(facts.failures) == 2
    assert stocked.record_digest(date(2026, 11, 22), letter("digest", kind="digest", recipient=ACCOUNT, invoices=()), facts, now=LATER)
    assert (stocked.health().failed, stocked.health().unknown) == (0, 0)

    assert stocked.mark_failed(queued.id, "no such address", now=LATER + DAY)
    assert (stocked.health().failed, stocked.health().unknown) == (1, 0)


def test_health_tells_the_last_good_pass_the_trouble_since_and_what_is_left_to_do(stocked: Ledger) -> None:
    assert stocked.health().last_good_pass is None
    stocked.note_pass(now=NOW, newest=NOW - DAY)
    stocked.note_pass(now=LATER, error="the server refuses the password")
    message, _ = take_in(stocked, 1, 2)
    stocked.record(amending(stocked, message), now=NOW)
    health = stocked.health()
    assert (health.last_good_pass, health.last_error, health.newest_mail) == (NOW, "the server refuses the password", NOW - DAY)
    assert (health.undecided, health.unsent, health.unknown, health.failed, health.holds, health.paused) == (1, 1, 0, 0, 0, False)
    stocked.note_pass(now=LATER)
    assert (stocked.health().last_good_pass, stocked.health().last_error) == (LATER, None)
