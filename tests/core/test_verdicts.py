"""What is done with a mail, rule by rule as they are written down: which invoice, which number, and when a person must look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.samples import AP, BOOKS, JUNE, LIDO, OTHER_PO, PO, QUARRY, TANNERY, books, decide, invoice, judge, mail, paper
from worker.core import purchase_orders
from worker.core.decisions import Action, Need, Topic
from worker.core.invoices import Status

LIDO_AP, QUARRY_AP = LIDO.contacts[0], QUARRY.contacts[0]
ONE = [["FD-3001", PO]]
THREE = [["FD-3001", PO], ["FD-3002", PO], ["FD-3003", PO]]


def pairs(text: str, **how: Any) -> list[list[str]]:
    return decide(text, **how).as_pairs()


def action(text: str, **how: Any) -> Action:
    return decide(text, **how).action


# Which invoice


@pytest.mark.parametrize(
    "written",
    [
        "FD-3001",
        "FD 3001",
        "fd3001",
        "FD/3001",
        "FD_3001",
        "ＦＤ－３００１",
        "FD–3001",
        "F\u200bD-3001",
        "3001",
        "#3001",
        "(FD-3001)",
        "invoice no. 3001",
        "Invoice No: 3001",
        "Rechnung Nr. 3001",
        "Re.-Nr. 3001",
        "INV 3001",
        "bill 3001",
        "FD-3001's new copy",
    ],
)
def test_an_invoice_is_known_in_any_usual_writing(written: str) -> None:
    assert pairs(f"Hello,\nplease add PO {PO} to {written} and send it again.\nThanks") == ONE


@pytest.mark.parametrize("subject", ["FD-3001", "Re: FD-3001", "Invoice 3001", "3001"])
def test_an_invoice_may_be_named_in_the_subject_alone(subject: str) -> None:
    assert pairs(f"Please add PO {PO} to this invoice and send it again.", subject=subject) == ONE


@pytest.mark.parametrize(
    "weak", ["room 3001", "phone 3001", "box 3001", "cost centre 3001", "ticket 3001", "EUR 3001", "3001 EUR", "vendor 3001"]
)
def test_a_weak_number_that_its_words_call_something_else_is_no_invoice(weak: str) -> None:
    assert pairs(f"Please add PO {PO} to the invoice. Our {weak} has more.") == []


def test_a_year_is_no_invoice_unless_it_is_called_one() -> None:
    known = books(invoice("RE-2026"), invoice("RE-2025"))
    assert pairs(f"In 2026 we use PO {PO}, please add it to the invoice.", books=known) == []
    assert pairs(f"Please add PO {PO} to RE-2026.", books=known) == [["RE-2026", PO]]


def test_the_mail_that_it_answers_tells_the_invoice() -> None:
    text = f"Please add PO {PO} to the invoice and send it again."
    assert pairs(text, references=("<x@y>", "<fd-3002@fernhill.example>")) == [["FD-3002", PO]]
    assert pairs(text, references=("<fd-4001@fernhill.example>",)) == []


def test_new_text_beats_subject_thread_and_quote() -> None:
    quoted = "\n\nOn Mon, 2 Nov 2026 at 10:00, Clerk <clerk@tannery.example> wrote:\n> invoice FD-3002 needs a PO"
    how: dict[str, Any] = {"subject": "Re: FD-3003", "references": ("<fd-3002@fernhill.example>",)}
    assert pairs(f"Please add PO {PO} to FD-3001.{quoted}", **how) == ONE
    assert pairs(f"Please add PO {PO} to the invoice.{quoted}") == [["FD-3002", PO]]


def test_an_amount_or_a_date_that_fits_one_issued_invoice_tells_it() -> None:
    assert pairs(f"Please add PO {PO} to the invoice over EUR 1,250.00") == ONE
    assert pairs(f"Bitte ergänzen Sie die Bestellnummer {PO} auf der Rechnung über 1.250,00 EUR") == ONE
    assert pairs(f"Please add PO {PO} to the invoice of 15 September 2026") == [["FD-3003", PO]]
    assert pairs(f"Please add PO {PO} to the invoice over USD 1,250.00") == []
    assert action(f"Please add PO {PO} to the invoice of 1 October 2026") is Action.HOLD


def test_an_invoice_with_another_po_is_corrected_only_when_it_is_named() -> None:
    assert action(f"Please add PO {PO} to the invoice over EUR 310.00") is Action.HOLD
    assert pairs(f"Please correct the PO on FD-3004: it should be {PO}.") == [["FD-3004", PO]]


def test_the_only_invoice_without_a_po_is_meant_when_the_mail_speaks_of_one_invoice() -> None:
    assert pairs("Your invoice was rejected. Please add PO 77-1234 and send it again.", sender=LIDO_AP) == [["FD-4001", "77-1234"]]
    assert action(f"Your invoice was rejected. Please add PO {PO} and send it again.") is Action.HOLD
    none_left = replace(BOOKS, invoices=BOOKS.invoices[:6])
    assert pairs("Your invoice was rejected. Please add PO 77-1234 and send it again.", sender=LIDO_AP, books=none_left) == []


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        ("all three invoices", THREE),
        ("all 3 open invoices", None),
        ("all open invoices", THREE),
        ("alle drei Rechnungen", THREE),
        ("all four invoices", [*THREE, ["FD-3004", PO]]),
        ("all five invoices", None),
        ("both invoices", None),
        ("beide Rechnungen", None),
    ],
)
def test_a_stated_count_must_fit_the_invoices_without_a_po_or_else_all_of_them(count: str, expected: list[list[str]] | None) -> None:
    assert pairs(f"Please put PO {PO} on {count} and send them again.") in (
        [expected] if expected else [[], THREE] if "3" in count else [[]]
    )


def test_paid_and_void_invoices_are_locked() -> None:
    for number in ("FD-3005", "FD-3006"):
        assert action(f"Please add PO {PO} to {number}.") is Action.HOLD
        assert action(f"Please add PO {PO} to FD-3001 and {number}.") is Action.HOLD
        assert action(f"Invoice {number} was rejected: the PO number is missing.") is Action.HOLD


@pytest.mark.parametrize("number", ["FD-4001", "FD-9999", "FD 8888", "FD-30011", "FD-03001", "XFD-3001", "FD-3001-A"])
def test_a_number_of_another_customer_or_of_nobody_waits(number: str) -> None:
    assert action(f"Please add PO {PO} to invoice {number}.") is Action.HOLD
    assert action(f"Please add PO {PO} to this invoice.", subject=f"Invoice {number}") is Action.HOLD


# Which number


@pytest.mark.parametrize(
    "written",
    [
        f"PO {PO}",
        f"PO: {PO}",
        f"PO #{PO}",
        f"PO#{PO}",
        f"P.O. No. {PO}",
        f"PO={PO}",
        f"purchase order {PO}",
        f"po number is {PO}",
        f"order no {PO}",
        "PO 4500 123 456",
        "PO ４５００１２３４５６",
        "PO 45001\u200b23456",
        f"PO {PO}.",
        f"PO ({PO})",
        f"PO{PO}",
        f"P.O.{PO}",
        f"PO-{PO}",
        f"PO {PO} line 10",
        f"Bestellnummer {PO}",
    ],
)
def test_a_po_is_read_as_the_customer_writes_it_and_trimmed(written: str) -> None:
    assert pairs(f"Please add {written} to FD-3001 and send it again") == ONE


@pytest.mark.parametrize("po", ["PO-000123", "po-000123", "PO-999999"])
def test_what_belongs_to_the_number_stays_in_it(po: str) -> None:
    assert pairs(f"Please add PO {po} to FD-5001.", sender=QUARRY_AP) == [["FD-5001", po]]


@pytest.mark.parametrize("po", ["77-1234", "0000456", "A/2026/17-3", "PO12345", "KX.778"])
def test_without_a_format_any_plausible_number_is_taken_whole(po: str) -> None:
    assert pairs(f"Please add PO {po} to FD-4001.", sender=LIDO_AP) == [["FD-4001", po]]


@pytest.mark.parametrize(
    "po", ["4500-123456", "450012345", "45001234567", f"{PO}-10", f"{PO}/10", f"{PO}.10", "3500123456", f"X{PO}", f"{PO}X"]
)
def test_a_number_that_does_not_fit_the_format_whole_waits(po: str) -> None:
    assert action(f"Please add PO {po} to FD-3001.") is Action.HOLD


@pytest.mark.parametrize("character", "\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
def test_a_number_shown_otherwise_than_it_is_stored_waits(character: str) -> None:
    assert action(f"Please add PO {character}{PO} to FD-3001.") is Action.HOLD
    assert action(f"Please add PO {PO} to FD-3001.{character}") is Action.HOLD


@pytest.mark.parametrize(
    "label",
    [
        "requisition",
        "PR",
        "PR no.",
        "REQ",
        "BANF",
        "Banf-Nr.",
        "contract",
        "vendor no.",
        "supplier number",
        "cost centre",
        "cost center",
        "ticket",
        "order confirmation",
        "VAT",
        "IBAN",
        "account",
        "P.O. Box",
        "PO Box",
        "Postfach",
        "phone",
        "Tel.",
        "fax",
        "Kostenstelle",
        "Vertrag",
        "Lieferanten-Nr.",
        "case",
        "project",
        "quotation",
        "sales order",
        "delivery note",
        "Auftragsbestätigung",
        "goods receipt",
    ],
)
def test_a_number_called_something_else_is_never_the_po(label: str) -> None:
    assert pairs(f"Invoice FD-3001 was rejected, no PO number. {label} {PO}") == []
    assert pairs(f"Please update invoice FD-3001 with {label} {PO}.") == []
    assert pairs(f"Rejected: no purchase order.\n\nInvoice: FD-3001\n{label}: {PO}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        f"PO is {PO}, not {OTHER_PO}, for FD-3001",
        f"Do not use {OTHER_PO}, use {PO} for FD-3001",
        f"Use PO {PO} instead of {OTHER_PO} on FD-3001",
        f"PO {PO} replaces {OTHER_PO} on FD-3001",
        f"PO {OTHER_PO} is closed. Please use {PO} for FD-3001.",
        f"Bitte Bestellnummer {PO} statt {OTHER_PO} auf FD-3001",
        f"FD-3001 has no PO number. Our POs look like {OTHER_PO}. The PO is {PO}.",
    ],
)
def test_a_refused_number_or_an_example_gives_way_to_the_one_that_is_given(text: str) -> None:
    assert pairs(text) == ONE


@pytest.mark.parametrize(
    "text",
    [
        f"Don't add PO {PO} to FD-3001.",
        f"Please do not put PO {PO} on FD-3001.",
        f"PO {PO} on FD-3001 is closed.",
        f"FD-3001 has no PO number. PO numbers look like {PO}.",
        f"FD-3001 was rejected for want of a PO (format e.g. {PO}).",
        f"Last month's PO was {PO}. FD-3001 needs a new one.",
        f"We cancelled PO {PO} for FD-3001.",
        f"Is PO {PO} on FD-3001?",
        f"Has PO {PO} been added to FD-3001?",
        f"If the PO is {PO} we can pay FD-3001.",
        f"Maybe PO {PO} for FD-3001",
        f"Please confirm whether PO {PO} is right for FD-3001.",
        f"Bitte Bestellnummer {PO} nicht verwenden, FD-3001",
        f"Vielleicht Bestellung {PO} für FD-3001",
    ],
)
def test_a_number_that_is_refused_an_example_or_only_wondered_about_is_not_put_on_the_invoice(text: str) -> None:
    assert pairs(text) == []


@pytest.mark.parametrize("text", [f"Can you add PO {PO} to FD-3001?", f"Could you please put {PO} on FD-3001?", f"FD-3001 {PO}"])
def test_a_polite_question_gives_the_number_all_the_same(text: str) -> None:
    assert pairs(text) == ONE


def test_two_candidates_with_nothing_to_tell_which_wait() -> None:
    assert action(f"PO {PO} or {OTHER_PO} for FD-3001") is Action.HOLD
    assert action(f"Please add PO {PO} and PO {OTHER_PO} to FD-3001 and FD-3002. I don't know which is which.") is Action.HOLD
    assert action(f"Please add PO {PO} and {OTHER_PO} to FD-3001 and FD-3002.") is Action.HOLD


@pytest.mark.parametrize(
    "table",
    [
        f"Invoice   PO\nFD-3001   {PO}\nFD-3002   {OTHER_PO}",
        f"Invoice\tPR no\tPO\nFD-3001\t4500111111\t{PO}\nFD-3002\t4500222222\t{OTHER_PO}",
        f"| Invoice | PO |\n| FD-3001 | {PO} |\n| FD-3002 | {OTHER_PO} |",
        f"FD-3001: {PO}\nFD-3002: {OTHER_PO}",
        f"FD-3001 -> {PO}\nFD-3002 -> {OTHER_PO}",
        f"PO {PO} for invoice FD-3001.\nPO {OTHER_PO} for invoice FD-3002.",
        f"The PO for FD-3001 is {PO}.\nThe PO for FD-3002 is {OTHER_PO}.",
    ],
)
def test_several_numbers_go_where_the_table_or_the_sentence_puts_them(table: str) -> None:
    assert pairs(f"Please update and send again:\n\n{table}\n") == [["FD-3001", PO], ["FD-3002", OTHER_PO]]


def test_an_answer_between_quoted_questions_belongs_to_the_question_above_it() -> None:
    text = (
        "Hello,\n\nOn Mon, 2 Nov 2026 at 10:00, Billing <billing@fernhill.example> wrote:\n> Which PO for FD-3001?\n"
        f"{PO}\n> And which PO for FD-3002?\n{OTHER_PO}\n"
    )
    assert pairs(text, subject="Re: open invoices") == [["FD-3001", PO], ["FD-3002", OTHER_PO]]


def test_a_number_of_our_own_in_quoted_mail_is_no_evidence() -> None:
    quoted = f"\n\nOn Mon, 2 Nov 2026 at 10:00, Billing <billing@fernhill.example> wrote:\n> PO {PO} for FD-3001?"
    assert pairs(f"Please look into this, it is about the invoice below.{quoted}", subject="Re: FD-3001") == []


def test_the_customers_own_quoted_words_count_where_the_mail_says_nothing_else() -> None:
    quoted = f"\n\nOn Mon, 2 Nov 2026 at 10:00, Clerk <clerk@tannery.example> wrote:\n> please add PO {PO} to FD-3001"
    assert pairs(f"See below.{quoted}") == ONE
    assert pairs(f"Use PO {OTHER_PO} instead.{quoted}") == [["FD-3001", OTHER_PO]]


def test_a_signature_is_no_evidence() -> None:
    assert pairs(f"Please add PO {PO} to FD-3001.\n\n--\nBo Smith\nTel 4500987654\n") == ONE


def test_the_same_po_as_on_another_invoice_is_that_invoices() -> None:
    assert pairs("FD-3003 needs the same PO as on FD-3004 please.") == [["FD-3003", OTHER_PO]]
    assert action("FD-3003 needs the same PO as on FD-3002 please.") is Action.HOLD
    assert action("Use the same PO as on FD-3004 please.") is Action.HOLD


# What is done


def test_a_missing_po_is_asked_for_and_a_standing_one_used() -> None:
    decision = decide("Invoice FD-3001 was rejected because no PO number is shown. Please resubmit with a valid PO.")
    assert (decision.action, decision.asked_about, decision.need, decision.reply_to) == (Action.ASK, ("FD-3001",), Need.MISSING, AP)
    missing = "Invoice FD-5001 was rejected because no PO number is shown."
    assert pairs(missing, sender=QUARRY_AP) == [["FD-5001", "PO-000777"]]
    assert pairs(f"{missing} Please use PO-123456.", sender=QUARRY_AP) == [["FD-5001", "PO-123456"]]


def test_a_closed_po_is_asked_for_anew() -> None:
    decision = decide(f"PO {OTHER_PO} on FD-3004 is closed. Please provide a new one.")
    assert (decision.action, decision.need, decision.invoices) == (Action.ASK, Need.INVALID, ("FD-3004",))


def test_the_same_po_already_there_is_sent_again() -> None:
    decision = decide(f"Please add PO {OTHER_PO} to FD-3004 and send it again.")
    assert (decision.action, decision.invoices, decision.reply_to) == (Action.RESEND, ("FD-3004",), AP)


def test_the_number_of_an_invoice_is_replaced_only_where_something_says_so() -> None:
    assert decide(f"The number on FD-3004 stays. The others go on PO {PO}.").action is Action.HOLD
    assert decide(f"The number on FD-3004 stays. Use PO {PO} from the list.").action is Action.HOLD
    assert decide(f"The PO on FD-3004 is wrong. It must be PO {PO}, please correct.").as_pairs() == [["FD-3004", PO]]
    assert decide(f"FD-3004 shows {OTHER_PO}. PO {PO} takes its place, please change it.").as_pairs() == [["FD-3004", PO]]


@pytest.mark.parametrize(
    "below",
    [
        "That PO is exhausted, see ticket 100223.",
        "Cost centre 100223 says this PO is closed.",
        "According to requisition 100223 it is closed.",
        "This order is closed.",
    ],
)
def test_a_number_called_unusable_below_it_is_not_put_on_the_invoice_whatever_else_is_named_there(below: str) -> None:
    assert decide(f"The PO for FD-3001 is {PO}. {below}").as_pairs() == []
    assert decide(f"The PO for FD-3001 is {PO} (requisition 100223 is closed). {below}").as_pairs() == []


def test_another_number_wanted_for_the_one_that_an_invoice_shows_is_asked_for() -> None:
    decision = decide(f"FD-3004 quotes {PO}. That order is used up. Please send FD-3004 again with a valid PO number.")
    assert (decision.action, decision.as_pairs()) == (Action.ASK, [])


def test_a_copy_is_sent_of_a_named_invoice_only() -> None:
    assert decide("Please send me a copy of FD-3001.").action is Action.RESEND
    assert action("Please send me a copy of the invoice.", sender=LIDO_AP) is Action.HOLD


def test_one_invoice_with_a_po_and_one_without_is_an_amendment_that_asks_for_the_other() -> None:
    decision = decide(f"FD-3001: PO {PO}. FD-3002 was rejected too, there is no PO number on it.")
    assert (decision.as_pairs(), decision.asked_about) == (ONE, ("FD-3002",))
    later = decide(f"PO for FD-3001 is {PO}. The PO for FD-3002 will follow.")
    assert (later.as_pairs(), later.asked_about) == (ONE, ())


def test_an_invoice_set_aside_is_left_alone() -> None:
    assert pairs(f"Add PO {PO} to FD-3001, not FD-3002.") == ONE
    assert pairs(f"Add PO {PO} to FD-3001 but leave FD-3002.") == ONE


@pytest.mark.parametrize(
    "change",
    [
        "Please reissue FD-3001 for EUR 900.00",
        "Please issue FD-3001 in USD instead of EUR",
        "Please correct the tax on FD-3001, the VAT is wrong",
        "Please remove the line for travel on FD-3001",
        "Please credit FD-3001 and send a new invoice under a new invoice number",
        "Please cancel FD-3001 and issue a new invoice",
        f"Please split FD-3001 over PO {OTHER_PO} and another",
        "Bitte stornieren Sie FD-3001 und stellen Sie eine neue Rechnung mit neuer Rechnungsnummer aus",
    ],
)
def test_what_an_amendment_can_not_do_is_prepared_as_void_and_new_even_with_a_po(change: str) -> None:
    for text in (f"{change}.", f"{change}. The PO is {PO}."):
        decision = decide(text)
        assert (decision.action, decision.as_pairs(), decision.reply_to) == (Action.REISSUE, [], None)


def test_reissue_with_the_po_and_nothing_else_is_an_amendment_or_a_question() -> None:
    assert pairs(f"Please reissue the invoice FD-3001 with PO {PO}.") == ONE
    assert action("Please reissue FD-3001 with the PO number.") is Action.ASK


@pytest.mark.parametrize(
    "change",
    [
        "Please change the bill-to name on FD-3001",
        "FD-3001 must be addressed to Tannery Holding AG",
        "Please update the bank details on FD-3001",
        "Please change our VAT id on FD-3001. Update the VAT id, please",
        "New IBAN for FD-3001: DE89 3704 0044 0532 0130 00",
    ],
)
def test_who_is_billed_and_where_money_goes_is_for_a_person_even_with_a_po(change: str) -> None:
    assert action(f"{change}. The PO is {PO}.") is Action.HOLD


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("We received the updated FD-3001. Payment terms start again from today.", (Topic.CLOCK,)),
        ("FD-3001 was booked as a new invoice in our system.", (Topic.DUPLICATE,)),
        ("FD-3001 was booked as a new invoice. The payment terms start again from today.", (Topic.DUPLICATE, Topic.CLOCK)),
        ("Please change the date of invoice FD-3001 to 1 September 2026.", (Topic.BACKDATING,)),
        ("When was the PO number added to FD-3004, and by whom?", (Topic.PROVENANCE,)),
        (f"When and by whom was PO number {OTHER_PO} added to FD-3004?", (Topic.PROVENANCE,)),
    ],
)
def test_questions_of_fact_are_answered_and_nothing_changes(text: str, topics: tuple[Topic, ...]) -> None:
    decision = decide(text)
    assert (decision.action, decision.topics, decision.as_pairs(), decision.reply_to) == (Action.ANSWER, topics, [], AP)


def test_a_backdating_request_with_the_po_is_an_amendment_and_a_due_date_in_a_rejection_stays_a_question() -> None:
    assert pairs(f"Please change the date of invoice FD-3001 to 1 September 2026 and add PO {PO}.") == ONE
    assert action("Invoice FD-3001 is rejected: no PO number. The new due date counts from receipt of the corrected invoice.") is Action.ASK


def test_a_po_for_all_future_invoices_is_remembered() -> None:
    assert pairs("Please use PO 77-1234 on all future invoices.", sender=LIDO_AP) == [["customer:lido", "77-1234"]]
    both = [["FD-4001", "77-1234"], ["customer:lido", "77-1234"]]
    assert pairs("Please put PO 77-1234 on FD-4001 and on all future invoices.", sender=LIDO_AP) == both
    alone = decide("Please use PO 77-1234 on all future invoices. Leave FD-4001 as it is.", sender=LIDO_AP)
    assert (alone.action, alone.as_pairs()) == (Action.REMEMBER, [["customer:lido", "77-1234"]])
    assert action("Please use PO 77-1234 or PO 77-9999 on all future invoices.", sender=LIDO_AP) is Action.HOLD


@pytest.mark.parametrize(
    "text",
    [
        "PO for FD-3001 is being raised, we will send it next week.",
        "No PO is needed for FD-3001.",
        "FD-3001 has been approved, no action needed.",
        "A payment for FD-3001 was released today.",
        "Thank you for contacting accounts payable. Your request has been received.",
        "The weather is nice today.",
        "We sent you a new purchase order 4500777777 for new work.",
        "",
    ],
)
def test_nothing_asked_is_nothing_done(text: str) -> None:
    assert action(text) is Action.IGNORE


def test_a_subject_that_calls_a_po_missing_takes_nothing_from_a_text_that_needs_none() -> None:
    assert action("No PO is needed for FD-3001.", subject="FD-3001: no PO number") is Action.IGNORE
    assert action("No PO is needed for FD-3001. The PO number is missing on FD-3002.", subject="Invoices") is Action.ASK


def test_what_names_an_invoice_and_is_not_understood_waits() -> None:
    assert action("FD-3001 and the blue chairs?") is Action.HOLD
    assert action("FD-3001 was rejected by our system for reason 17.") is Action.HOLD
    assert action("A purchase order number is missing on your invoices.") is Action.HOLD
    assert action("FD-3004 was rejected: the PO number is missing.") is Action.HOLD


@pytest.mark.parametrize(
    "text",
    [
        f"Lūdzu pievienojiet pasūtījuma numuru {PO} rēķinam FD-3001 un nosūtiet to vēlreiz mums, paldies liels",
        f"Παρακαλώ προσθέστε τον αριθμό παραγγελίας {PO} στο τιμολόγιο FD-3001 και στείλτε το ξανά",
        f"يرجى إضافة رقم أمر الشراء {PO} إلى الفاتورة FD-3001 وإرسالها مرة أخرى شكرا لكم",
        f"Vui lòng thêm số đơn đặt hàng PO {PO} vào hóa đơn FD-3001 và gửi lại cho chúng tôi",
        f"คุณช่วยเพิ่มหมายเลข PO {PO} ในใบแจ้งหนี้ FD-3001 ด้วยครับ ขอบคุณมากครับ ส่งให้เราอีกครั้ง",
    ],
)
def test_a_language_that_nobody_taught_it_waits_whatever_number_stands_in_it(text: str) -> None:
    assert action(text) is Action.HOLD


def test_a_foreign_mail_about_nothing_of_ours_is_left_alone() -> None:
    assert action("Lūdzu apmeklējiet mūsu jauno veikalu, mums ir ļoti labas cenas visu nedēļu") is Action.IGNORE


# Automatic mail


@pytest.mark.parametrize(
    "how",
    [
        {"headers": (("auto-submitted", "auto-replied"),)},
        {"headers": (("auto-submitted", "Auto-Replied; owner=x"),)},
        {"headers": (("auto-submitted", "auto-replied (vacation)"),)},
        {"headers": (("precedence", "auto_reply"),)},
        *({"headers": ((name, "yes"),)} for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply")),
        {"part_types": ("multipart/report", "text/plain")},
        {"part_types": ("text/plain", "message/disposition-notification")},
        {"part_types": ("text/plain", "message/delivery-status")},
        {"part_types": ("text/plain", "text/calendar")},
        {"sender": "mailer-daemon@tannery.example"},
        {"sender": "postmaster@tannery.example"},
        {"sender": "x@shop.example", "headers": (("list-id", "<news.shop.example>"),)},
        {"sender": "x@shop.example", "headers": (("precedence", "bulk"),)},
    ],
    ids=str,
)
@pytest.mark.parametrize("proof", [None, ()], ids=["proven", "unproven"])
def test_machines_answers_reports_and_lists_are_ignored_proven_or_not(how: dict[str, Any], proof: tuple[()] | None) -> None:
    assert action(f"Please add PO {PO} to FD-3001.", proof=proof, **how) is Action.IGNORE


@pytest.mark.parametrize("value", ["no", "No", "auto-generated", "auto-notified", "no; x=y"])
def test_a_customers_own_system_says_what_it_says(value: str) -> None:
    assert pairs(f"Please add PO {PO} to FD-3001.", headers=(("auto-submitted", value),)) == ONE


def test_an_automatic_out_of_office_notice_and_an_acknowledgement_are_ignored() -> None:
    machine = (("auto-submitted", "auto-generated"),)
    assert action(f"I am on leave until Monday. FD-3001 PO {PO}", headers=machine) is Action.IGNORE
    assert action("Thank you for contacting us. Your request 4500123456 has been received.", headers=machine) is Action.IGNORE
    assert pairs(f"I am on leave until Monday. Please add PO {PO} to FD-3001.") == ONE


# Evidence


def test_a_decision_keeps_the_rules_that_hit_and_missed_and_the_lines_it_read() -> None:
    judgement = judge(f"Hello\nPlease add PO {PO} to FD-3001.\nThanks")
    evidence = judgement.decision.evidence
    assert evidence.lines == (f"Please add PO {PO} to FD-3001.",)
    assert "correction-request" in [hit.rule for hit in evidence.hits]
    assert "remittance" in evidence.misses
    assert not {hit.rule for hit in evidence.hits} & set(evidence.misses)
    assert judgement.decision.requested_by == AP


def test_the_letter_is_written_in_the_customers_language_and_in_ours_where_there_is_no_customer() -> None:
    assert decide(f"Please add PO {PO} to FD-3001.", books=books(language="de")).language == "de"
    assert decide("hello", sender="x@elsewhere.example").language == "en"


def test_judging_twice_comes_to_the_same() -> None:
    message = mail(f"Please add PO {PO} to FD-3001.")
    assert decide(message) == decide(message)


def test_a_note_with_an_invoice_in_a_date_of_ours_is_still_read_by_its_number() -> None:
    known = books(invoice("2026/104", issue_date=date(2026, 4, 10)), invoice("2026/105", status=Status.ISSUED))
    assert pairs(f"put PO {PO} on 2026/105", books=known, sender=JUNE) == [["2026/105", PO]]


def test_an_attached_letter_speaks_like_the_mail() -> None:
    letter = f"Dear Sir or Madam,\n\nplease add PO {PO} to invoice FD-3001 and send it again.\n\nTannery Works GmbH"
    assert pairs("See attached.", attachments=(paper(letter),)) == ONE


# Hostile and odd texts


@pytest.mark.parametrize(
    "text",
    [
        f"PO {PO} " * 3000,
        " ".join(f"PO 45{number:08d}" for number in range(2000)),
        "FD-3001 " * 4000,
        '"' * 60_000,
        "1" * 60_000,
        "4 " * 30_000,
        "1,234." * 10_000,
        "FD-" * 20_000,
        "a@" * 30_000,
        "FD-3001\n\n" * 4000,
        "\u202e" * 60_000,
        "\x00" * 60_000,
    ],
    ids=range(12),
)
def test_a_hostile_text_changes_nothing(text: str) -> None:
    assert decide(text).as_pairs() == []


@given(st.text(st.sampled_from("PO4500123456FD-3001 .,:;?!\n\t>¤¶|\"'()notuse€EUR\u202e\u200b"), max_size=200), st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_text_breaks_the_judging_and_no_letter_leaves_the_customer(text: str, subject: str) -> None:
    decision = decide(text, subject=subject)
    assert decision.reply_to in (None, AP)
    assert all(purchase_orders.fits(change.po, TANNERY.po_format) for change in decision.changes)
    assert all(BOOKS.invoice_by_number[change.invoice].customer == "tannery" for change in decision.changes)
    assert len({change.invoice for change in decision.changes}) == len(decision.changes)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(deadline=None)
def test_an_unproven_sender_and_a_stranger_never_change_anything(text: str, sender: str) -> None:
    given_po = f"{text}\nPlease add PO {PO} to FD-3001."
    for decision in (decide(given_po, proof=()), decide(given_po, sender=sender or "x"), decide(given_po, sender=f"{sender}@evil.example")):
        assert decision.as_pairs() == []
        assert decision.reply_to is None


@pytest.mark.parametrize(
    ("po_format", "written", "po"),
    [
        ("45########-##", "4500123456-10", "4500123456-10"),
        ("#### ######", "4500 123456", "4500 123456"),
        ("@@####", "AB 1234", "AB1234"),
        ("@@####", "ab1234", "ab1234"),
        ("#####", "12345", "12345"),
        ("@@-####", "AB-3002", "AB-3002"),
        ("K/####/##", "K/2026/77", "K/2026/77"),
    ],
)
def test_a_customers_own_format_decides_what_belongs_to_the_number(po_format: str, written: str, po: str) -> None:
    assert pairs(f"PO {written} for FD-3001, please add it.", books=books(po_format=po_format)) == [["FD-3001", po]]


@pytest.mark.parametrize(
    "text",
    [
        "PO 1,250.00 for FD-4001",
        "PO EUR 775.00 for FD-4001",
        "PO 2026-10-01 for FD-4001",
        "PO 01.10.2026 for FD-4001",
        "PO 2026 for FD-4001",
        "PO 12 for FD-4001",
        "PO ABC for FD-4001",
        "PO: pending for FD-4001",
        "PO +49 30 1234567 for FD-4001",
        "PO https://x.example/77-1234 for FD-4001",
        "PO po-77-1234@x.example for FD-4001",
        "PO FD-4001",
        "PO 4001 for FD-4001",
    ],
)
def test_an_amount_a_date_a_year_a_link_and_our_own_number_are_no_po(text: str) -> None:
    assert pairs(f"{text}. Please add it.", sender=LIDO_AP) == []


def test_a_number_called_a_po_that_no_calendar_reaches_is_no_year() -> None:
    assert pairs("PO 2051 for FD-4001. Please add it.", sender=LIDO_AP) == [["FD-4001", "2051"]]
    assert pairs("PO 2031 for FD-4001. Please add it.", sender=LIDO_AP) == []


def test_a_note_in_shorthand_is_an_instruction_and_one_about_two_customers_waits() -> None:
    assert pairs("tannery 3002 4500123456", sender=JUNE) == [["FD-3002", PO]]
    assert pairs(PO, subject="FD-3001", sender=JUNE) == ONE
    assert action(f"put {PO} on FD-3001 and FD-4001", sender=JUNE) is Action.HOLD
    assert action(f"put {PO} on the new one", sender=JUNE) in (Action.HOLD, Action.IGNORE)


# What everyday mails say


@pytest.mark.parametrize(
    "text",
    [
        "The numbers for FD-3001 and FD-3002 are {} and {} respectively.",
        "Die Bestellnummern für FD-3001 und FD-3002 sind in dieser Reihenfolge {} und {}.",
    ],
)
def test_lists_said_to_be_in_the_same_order_belong_together(text: str) -> None:
    assert pairs(text.format(PO, OTHER_PO)) == [["FD-3001", PO], ["FD-3002", OTHER_PO]]


def test_lists_of_which_nothing_is_said_are_not_paired() -> None:
    assert action(f"The PO numbers for FD-3001 and FD-3002 are {PO} and {OTHER_PO}.") is Action.HOLD
    assert action(f"The PO numbers for FD-3001 and FD-3002 are {PO} and {OTHER_PO}, though not necessarily in that order.") is Action.HOLD


def test_an_invoice_that_is_none_of_ours_is_never_taken_for_the_only_open_one() -> None:
    decided = decide("Invoice 2026/0199 has no purchase order number. It must be 77-1234.", sender=LIDO_AP)
    assert (decided.action, decided.reason) == (Action.HOLD, "2026/0199 is no invoice of ours")
    assert action("Ihre Rechnung Nr. 88117 hat keine Bestellnummer.", sender=LIDO_AP) is Action.HOLD


def test_only_the_ticked_boxes_of_a_form_count() -> None:
    form = "We return invoice FD-3001:\n[ ] bill-to address wrong\n[{}] PO number missing\n[ ] wrong tax rate"
    assert action(form.format("X")) is Action.ASK
    assert action(form.format(" ")) is Action.HOLD


@pytest.mark.parametrize(
    "text",
    [
        "For FD-3001 it is either PO-{0} or PO-{1}. Can you put one on and resend?",
        "Please resend FD-3001, but not with {0}.",
        "Can you send FD-3001 again, with the order number this time?",
    ],
)
def test_a_copy_is_not_sent_where_a_number_may_be_meant_that_the_invoice_does_not_show(text: str) -> None:
    assert action(text.format(PO, OTHER_PO)) not in (Action.RESEND, Action.AMEND)


def test_a_number_that_may_stand_instead_of_the_current_one_is_not_passed_over() -> None:
    text = f"FD-3004 shows {OTHER_PO}, please send it again. The wording on file here: {PO}."
    assert action(text) is Action.HOLD


@pytest.mark.parametrize(
    "text",
    [
        "Auf FD-3001 fehlt die Bestellnummer. Diese lautet\n\n{}",
        "The order number on FD-3001 is missing. It reads: {}. Please send a corrected copy.",
        "FD-3001: Bestellnummer fehlt auf der Rechnung, korrekt wäre {}",
        "Auf FD-3001 bitte nicht unsere Dauerbestellung 4500111111, sondern die Bestellnummer {} angeben.",
        "Wir bitten Sie,\n1. FD-3001 mit der Bestellnummer {} neu auszufertigen.",
        "Please state PO {} on FD-3001 and resubmit; nothing else should be touched.",
        "PO is {} - can you whack that on FD-3001 and send it back to me?",
    ],
)
def test_a_number_is_given_in_many_words(text: str) -> None:
    assert pairs(text.format(PO)) == ONE


def test_an_amount_may_name_its_currency_in_a_word() -> None:
    known = books(invoice("FD-3001", total="720.00"), invoice("FD-3002"))
    assert pairs(f"es geht um die rechnung über 720 euro, bestellnummer wär {PO}, bitte nochmal schicken", books=known) == ONE


def test_a_number_for_all_future_invoices_counts_beside_news_of_a_payment() -> None:
    text = (
        "Die Bestellnummer 27-0001 gilt für alle künftigen Rechnungen. Die jetzige wird ganz normal überwiesen, daran ist nichts zu ändern."
    )
    assert pairs(text, sender=LIDO_AP) == [["customer:lido", "27-0001"]]


def test_a_letterhead_below_the_closing_is_no_word_on_bank_details() -> None:
    foot = (
        "Mit freundlichen Grüßen\nIm Auftrag\n\ngez. Scholl\n\nSprechzeiten: Mo-Fr 8-12 Uhr\nBankverbindung: IBAN DE02 1203 0000 0000 2020"
    )
    assert pairs(f"Bitte ergänzen Sie auf FD-3001 die Bestellnummer {PO}.\n\n{foot}") == ONE
