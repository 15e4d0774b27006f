"""What is said besides a number: of other numbers, of what stood above, of another topic, and what "please correct" points back to."""

from __future__ import annotations

import pytest

from tests.core.samples import JUNE, MAILBOX, OTHER_PO, PO, books, decide, invoice, paper
from worker.core.decisions import Action

TWO = books(invoice("FD-3001"), invoice("FD-3002"))


@pytest.mark.parametrize(
    "text",
    [
        "The order for FD-3001 is {} (cost centre 104477, you don't need to print this). Please add it.",
        "The last mail was a mistake. Please add PO {} to FD-3001.",
        "The number that we quoted first belongs to a caterer of the same name. The correct order for FD-3001 is {}.",
        "Please put order {} on FD-3001. Rates, quantities and VAT remain unaltered.",
        "Fresh PO {} is created for FD-3001. Please send the amended invoice with the fresh PO.",
        "Could I trouble you to mark FD-3001 with our order {}?",
        "Are you able to add {} to FD-3001?",
        "Please add PO {} to FD-3001. Also, thank you for the quick drawing.",
        "The order is {} and was left off FD-3001. Please correct.",
    ],
)
def test_what_is_said_of_something_else_does_not_keep_a_number_back(text: str) -> None:
    assert decide(text.format(PO)).as_pairs() == [["FD-3001", PO]]


@pytest.mark.parametrize(
    "text",
    [
        "Please add PO {} to FD-3001. That was a mistake.",
        "Please add PO {} to FD-3001. Sorry, it belongs to our sister company.",
        "Please write order {} on FD-3001. Your people promised us the longer term in spring. Please correct.",
        "Please write order {} on FD-3001. Also the crates came without their lids.",
        "Please write order {} on FD-3001. PS: I look again and {} is the order of the other shipyard.",
        "Please add {} to FD-3001 once your vendor packet clears Compliance.",
        "Please add {} to FD-3001. VAT, rates and the rest must change too.",
    ],
)
def test_what_may_be_said_of_the_number_or_the_invoice_does(text: str) -> None:
    assert decide(text.replace("{}", PO)).action is Action.HOLD


def test_numbers_for_the_former_and_the_latter_go_with_the_invoices_named_just_before() -> None:
    text = f"FD-3001 and FD-3002 came back. Use {PO} for the former and {OTHER_PO} for the latter and send them again."
    assert decide(text, TWO).as_pairs() == [["FD-3001", PO], ["FD-3002", OTHER_PO]]
    turned = f"FD-3001 and FD-3002 came back. Use {PO} for the latter and {OTHER_PO} for the former and send them again."
    assert decide(turned, TWO).action is Action.HOLD


def test_an_order_that_refers_to_our_invoice_is_not_that_invoice() -> None:
    text = f"TANNERY WORKS GMBH\n\nPURCHASE ORDER\nPO No.: {PO}\nTo: Fernhill Drafting Ltd\nRef: your invoice FD-3001\n\nTotal EUR 1,250.00"
    said = "PFA the order towards your invoice FD-3001. Please share the bill quoting it."
    assert decide(said, attachments=(paper(text, "order.pdf"),)).as_pairs() == [["FD-3001", PO]]


def test_a_number_that_our_own_note_refuses_does_not_contradict_the_one_it_gives() -> None:
    note = f"She wants {PO} on FD-3001. Forget {OTHER_PO}, that one belongs to a job we haven't even quoted yet."
    assert decide(note, sender=JUNE, to=(MAILBOX,)).as_pairs() == [["FD-3001", PO]]


def test_an_invoice_that_has_a_bare_number_is_known_by_it_in_brackets() -> None:
    bare = books(invoice("9041"), invoice("9042"))
    text = f"{PO} is for the wraps (9041) and {OTHER_PO} is for the stickers (9042). Please add them."
    assert decide(text, bare).as_pairs() == [["9041", PO], ["9042", OTHER_PO]]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Any invoice above 500 USD needs a PO. Please add {} to FD-3001.", [["FD-3001", PO]]),
        ("You billed more than 500 USD. Please add {} to FD-3001.", []),
        ("The PO for FD-3001 just never got forwarded to you guys. {}. Please send an updated invoice.", [["FD-3001", PO]]),
        ("Please add {} to FD-3001. Disregard - legal put a freeze on this.", []),
    ],
)
def test_a_threshold_is_no_amount_to_change_and_a_number_may_begin_a_sentence(text: str, pairs: list[list[str]]) -> None:
    assert decide(text.format(PO)).as_pairs() == pairs


@pytest.mark.parametrize(
    ("rest", "changes"),
    [
        ("", [["FD-3001", PO]]),
        (", please", [["FD-3001", PO]]),
        (", and a lower rate", []),
    ],
)
def test_another_date_is_granted_with_the_number_unless_more_is_wanted_behind_it(rest: str, changes: list[list[str]]) -> None:
    assert decide(f"PO {PO} is for FD-3001. Could it carry 31 October rather than today's date{rest}?").as_pairs() == changes
