"""Recording an outcome: all of it in one commit, once, and only if the invoice still is as it was read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.edges.ledger.samples import (
    LATER,
    NOW,
    amending,
    behind_its_back,
    books,
    count,
    customer,
    decision,
    document,
    invoice,
    letter,
    plain_outcome,
    take_in,
)
from worker.core.decisions import REPLYING, Action, Need, Topic
from worker.core.invoices import Status
from worker.core.purchase_orders import PoNumber
from worker.edges.ledger import Ledger
from worker.edges.ledger.recording import STATUS
from worker.errors import NeedsAPerson


def test_an_amendment_changes_the_po_and_nothing_else_of_the_invoice(stocked: Ledger) -> None:
    [message] = take_in(stocked, 1)
    assert stocked.record(amending(stocked, message), now=NOW) is True
    assert stocked.invoice("LD-7001") == replace(invoice("LD-7001"), po_number=PoNumber("4500123456"), revision=1)
    assert stocked.invoice("LD-7002") == invoice("LD-7002")
    assert stocked.books().invoice_by_number["LD-7001"] == stocked.invoice("LD-7001")


def test_the_audit_entry_says_who_when_from_which_mail_what_and_both_documents(stocked: Ledger) -> None:
    [message] = take_in(stocked, 1)
    outcome = amending(stocked, message)
    stocked.record(outcome, now=LATER)
    [entry] = stocked.history("LD-7001")
    assert entry.amendment == outcome.amendments[0]
    assert (entry.kind, entry.sequence, entry.message, entry.old_po, entry.new_po) == ("amendment", 1, message, None, "4500123456")
    assert (entry.old_sha256, entry.new_sha256) == (document("LD-7001", 0).sha256, document("LD-7001", 1).sha256)
    assert entry.evidence == ("PO 4500123456",)


def test_documents_are_kept_by_revision_and_the_newest_is_given_by_default(stocked: Ledger) -> None:
    [message] = take_in(stocked, 1)
    stocked.record(amending(stocked, message), now=NOW)
    assert stocked.document("LD-7001") == document("LD-7001", 1)
    assert stocked.document("LD-7001", 0) == document("LD-7001", 0)
    assert stocked.document("LD-7001", 2) is None
    assert stocked.document("LD-7002") is None


def test_a_correction_takes_the_former_document_from_the_ledger(stocked: Ledger, url: str) -> None:
    first, second = take_in(stocked, 1, 2)
    stocked.record(amending(stocked, first, "4500000001"), now=NOW)
    stocked.record(amending(stocked, second, "4500000002", documents=(document("LD-7001", 2),)), now=NOW)
    entries = stocked.history("LD-7001")
    assert [(entry.old_po, entry.new_po, entry.revision) for entry in entries] == [(None, "4500000001", 1), ("4500000001", "4500000002", 2)]
    assert entries[1].old_sha256 == entries[0].new_sha256 == document("LD-7001", 1).sha256
    assert count(url, "documents") == 3


def test_an_amendment_without_its_document_is_refused_and_leaves_nothing(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    with pytest.raises(ValueError, match="no document of invoice LD-7001, revision 1"):
        stocked.record(amending(stocked, message, documents=(document("LD-7001", 0),)), now=NOW)
    assert count(url, "amendments") == count(url, "documents") == 0
    assert stocked.waiting(NOW) == [message]


def test_the_same_document_given_twice_is_kept_once(stocked: Ledger, url: str) -> None:
    first, second = take_in(stocked, 1, 2)
    for message in (first, second):
        stocked.record(plain_outcome(message, Action.RESEND, documents=(document("LD-7001", 0),), letters=(letter(str(message)),)), now=NOW)
    assert count(url, "documents") == 1


def test_a_mail_is_recorded_once_however_often_it_is_handled(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    outcome = amending(stocked, message)
    assert stocked.record(outcome, now=NOW) is True
    assert stocked.record(outcome, now=LATER) is False
    assert (count(url, "amendments"), count(url, "outbox")) == (1, 1)


def test_a_mail_that_the_ledger_does_not_know_records_nothing(stocked: Ledger) -> None:
    assert stocked.record(plain_outcome(999), now=NOW) is False


def test_an_invoice_paid_in_the_meantime_is_not_amended(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    outcome = amending(stocked, message)
    stocked.import_books(books(invoice(status=Status.PAID)))
    with pytest.raises(NeedsAPerson, match="Invoice LD-7001 has changed since"):
        stocked.record(outcome, now=NOW)
    assert count(url, "amendments") == count(url, "outbox") == 0
    assert stocked.record(plain_outcome(message, Action.HOLD), now=NOW) is True


def test_an_amendment_of_two_invoices_is_one_commit_and_two_entries(stocked: Ledger) -> None:
    [message] = take_in(stocked, 1)
    one, other = amending(stocked, message), amending(stocked, message, number="LD-7002")
    both = replace(one, amendments=one.amendments + other.amendments, documents=one.documents + other.documents)
    stocked.record(both, now=NOW)
    assert [stocked.history(number)[0].sequence for number in ("LD-7001", "LD-7002")] == [1, 2]
    assert stocked.verify_chain() == []


def test_where_one_of_two_invoices_has_changed_neither_is_amended(stocked: Ledger) -> None:
    first, second = take_in(stocked, 1, 2)
    one, other = amending(stocked, first), amending(stocked, first, number="LD-7002")
    stocked.record(amending(stocked, second, "4500000002", number="LD-7002"), now=NOW)
    with pytest.raises(NeedsAPerson):
        stocked.record(replace(one, amendments=one.amendments + other.amendments, documents=one.documents + other.documents), now=NOW)
    assert stocked.history("LD-7001") == []


def standing_po_entries(url: str) -> list[tuple[str | None, ...]]:
    entries = "SELECT customer, old_po, new_po, invoice, message_id FROM amendments WHERE kind = 'standing_po'"
    with behind_its_back(url) as db:
        return [tuple(row) for row in db.execute(text(entries))]


def test_a_standing_po_is_remembered_with_an_audit_entry(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    remembering = plain_outcome(message, Action.REMEMBER, standing_po=("havn", PoNumber("4500777777")), letters=(letter(),))
    stocked.record(remembering, now=NOW)
    assert stocked.books().customer_by_id["havn"].standing_po == "4500777777"
    assert standing_po_entries(url) == [("havn", None, "4500777777", None, "<1@havn.example>")]
    assert stocked.verify_chain() == []


def test_a_standing_po_that_is_already_known_adds_no_entry(stocked: Ledger, url: str) -> None:
    for message in take_in(stocked, 1, 2):
        stocked.record(plain_outcome(message, Action.REMEMBER, standing_po=("havn", PoNumber("4500777777"))), now=NOW)
    assert len(standing_po_entries(url)) == 1


def test_a_standing_po_of_nobody_we_know_needs_a_person(stocked: Ledger) -> None:
    [message] = take_in(stocked, 1)
    with pytest.raises(NeedsAPerson, match="no customer nobody"):
        stocked.record(plain_outcome(message, Action.REMEMBER, standing_po=("nobody", PoNumber("1"))), now=NOW)


@pytest.mark.parametrize("action", list(Action))
def test_each_action_has_its_own_status_that_the_digest_counts(ledger: Ledger, action: Action) -> None:
    [message] = take_in(ledger, 1)
    ledger.record(plain_outcome(message, action), now=LATER)
    tally = ledger.digest_facts(NOW, LATER).tally
    assert getattr(tally, STATUS[action]) == 1
    assert tally.seen == tally.accounted == 1


@pytest.mark.parametrize(("action", "kind"), [(Action.HOLD, "hold"), (Action.REISSUE, "reissue")])
def test_a_hold_keeps_its_decision_with_its_evidence(stocked: Ledger, action: Action, kind: str) -> None:
    [message] = take_in(stocked, 1)
    decided = decision(action, need=Need.INVALID, topics=(Topic.CLOCK,), invoices=("LD-7001",), reply_to=None)
    stocked.record(replace(plain_outcome(message, action), decision=decided), now=NOW)
    [hold] = stocked.holds()
    assert (hold.message, hold.kind, hold.opened_at, hold.decision) == (message, kind, NOW, decided)


def test_a_suggestion_applies_nothing_and_keeps_everything_that_a_yes_needs(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    outcome = amending(stocked, message, suggested=True, standing_po=("havn", PoNumber("4500123456")))
    stocked.record(outcome, now=NOW)
    assert [count(url, table) for table in ("amendments", "outbox", "documents")] == [0, 0, 0]
    assert stocked.invoice("LD-7001") == invoice()
    assert stocked.books().customer_by_id["havn"] == customer()
    [hold] = stocked.holds()
    assert hold.kind == "suggested"
    assert stocked.held_outcome(hold.id) == outcome
    with pytest.raises(KeyError):
        stocked.held_outcome(hold.id + 1)


def test_only_a_hold_a_reissue_and_a_suggestion_wait_for_a_person(ledger: Ledger) -> None:
    for message, action in zip(take_in(ledger, *range(1, 7)), [*REPLYING, Action.IGNORE], strict=True):
        ledger.record(plain_outcome(message, action), now=NOW)
    assert ledger.holds() == []


def test_a_decision_with_hostile_text_is_kept_whole(ledger: Ledger) -> None:
    [message] = take_in(ledger, 1)
    ledger.record(
        replace(plain_outcome(message, Action.HOLD), decision=decision(Action.HOLD, reason="nul \0, lone \ud800, 注文書 🧾")), now=NOW
    )
    [hold] = ledger.holds()
    assert hold.decision.reason.endswith("注文書 🧾")
    assert "\ud800" not in hold.decision.reason


def test_a_letter_with_a_message_id_that_is_already_queued_needs_a_person_and_leaves_nothing(stocked: Ledger, url: str) -> None:
    first, second = take_in(stocked, 1, 2)
    stocked.record(amending(stocked, first, letters=(letter("same"),)), now=NOW)
    with pytest.raises(NeedsAPerson, match="break its own rules"):
        stocked.record(amending(stocked, second, number="LD-7002", letters=(letter("same"),)), now=NOW)
    assert count(url, "amendments") == 1
    assert stocked.waiting(NOW) == [second]


def test_what_became_of_each_mail_is_told_in_the_order_they_came(stocked: Ledger) -> None:
    early, held, amended = take_in(stocked, 1, 2, 3)
    stocked.record(plain_outcome(early), now=NOW)
    stocked.record(amending(stocked, amended), now=LATER)
    stocked.record(plain_outcome(held, Action.HOLD), now=LATER)
    told = stocked.decided(NOW)
    assert [(each.message, each.status, each.subject) for each in told] == [
        (held, "held", "Purchase order 2"),
        (amended, "amended", "Purchase order 3"),
    ]
    assert told[0].decision == decision(Action.HOLD)
