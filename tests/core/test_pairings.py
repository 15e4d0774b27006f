"""Which number goes on which invoice, which are set aside, and which questions a pairing leaves to a person."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.samples import BOOKS, LIDO, OTHER_PO, PO, books, case, decide, invoice, paper
from worker.core import counts, matches, mentions, pairings, purchase_orders
from worker.core.decisions import Action
from worker.core.matches import Match

BOTH = [["FD-3001", PO], ["FD-3002", OTHER_PO]]
LIDO_AP = LIDO.contacts[0]


@pytest.mark.parametrize(
    "text",
    [
        f"FD-3001 runs under {PO}, FD-3002 under {OTHER_PO}.",
        f"Please put {PO} on FD-3001 and {OTHER_PO} on FD-3002.",
        f"FD-3001 -> {PO}; FD-3002 -> {OTHER_PO}",
        f"PO {PO} for FD-3001 and PO {OTHER_PO} for FD-3002. Please add them.",
        f"The PO for FD-3001 is {PO}. The PO for FD-3002 is {OTHER_PO}.",
        f"FD-3001: {PO}\nFD-3002: {OTHER_PO}",
    ],
)
def test_numbers_and_invoices_that_take_turns_go_together(text: str) -> None:
    assert decide(text).as_pairs() == BOTH


@pytest.mark.parametrize(
    "text",
    [
        f"FD-3001 and FD-3002 run under {PO}, FD-3003 under {OTHER_PO}. Please add them.",
        f"FD-3001, FD-3002 run under {PO} and FD-3003 under {OTHER_PO}. Please add them.",
        f"FD-3001 und FD-3002 laufen über {PO},\nFD-3003 über {OTHER_PO} (Kostenstelle 47110022). Bitte ergänzen.",
    ],
)
def test_several_invoices_before_one_number_all_get_it(text: str) -> None:
    assert decide(text).as_pairs() == [["FD-3001", PO], ["FD-3002", PO], ["FD-3003", OTHER_PO]]


@pytest.mark.parametrize(
    "text",
    [
        f"FD-3001 or FD-3002 runs under {PO}, FD-3003 under {OTHER_PO}. Please add them.",
        f"FD-3001 and FD-3002 do not run under {PO}, FD-3003 under {OTHER_PO}. Please add them.",
        f"FD-3001 and FD-3002 perhaps run under {PO}, FD-3003 under {OTHER_PO}. Please add them.",
        f"FD-3001 and FD-3002 are late, {PO} for FD-3003 and {OTHER_PO}. Please add them.",
        f"FD-3001 runs under {PO}, for FD-3002 and FD-3003 use {OTHER_PO}.",
        f"FD-3001 and FD-3002 come before {PO}, FD-3003 under {OTHER_PO}. Please add them.",
    ],
)
def test_several_invoices_wait_where_more_is_said_between_them_and_the_number(text: str) -> None:
    assert decide(text).action is Action.HOLD


@pytest.mark.parametrize("known", ["ODA 2026/0990", None])
def test_a_number_is_read_with_the_letters_that_all_the_customers_numbers_begin_with(known: str | None) -> None:
    told = books(invoice("FD-3001"), invoice("FD-3004", po=known), po_format=None)
    decision = decide("L'ordine per la fattura FD-3001 è ODA 2026/1187, vi prego di aggiungerlo.", told)
    assert decision.as_pairs() == [["FD-3001", "ODA 2026/1187" if known else "2026/1187"]]


@pytest.mark.parametrize(
    ("numbers", "head"),
    [
        (["ODA 2026/0990", "ODA 2026/0991"], "ODA"),
        (["ODA 2026/0990", "2026/0991"], None),
        (["ODA 2026/0990", "BDC 2026/0991"], None),
        (["order 4711"], None),
        (["ODA"], None),
        ([], None),
    ],
)
def test_letters_that_only_some_numbers_begin_with_belong_to_none(numbers: list[str], head: str | None) -> None:
    assert purchase_orders.common_head(numbers) == head


@pytest.mark.parametrize(
    "text",
    [
        f"Please put PO {PO} on FD-3001, and FD-3002 stays as it is.",
        f"FD-3001: PO {PO}, FD-3002 will be checked by Tom.",
        f"The PO for FD-3001 is {PO}, while FD-3002 waits for our director.",
        f"The PO for FD-3001 is {PO} and for FD-3002 we are still looking.",
    ],
)
def test_an_invoice_of_which_more_is_said_behind_the_number_is_not_simply_meant_too(text: str) -> None:
    assert decide(text).action is Action.HOLD


def test_last_digits_before_a_dash_in_a_list_are_no_part_of_the_number_behind_it() -> None:
    both = books(invoice("FD-4001", customer="lido"), invoice("FD-4002", customer="lido"))
    listed = decide("Please add the POs:\n\n4001 - AB-77123\n4002 - AB-77124\n", sender=LIDO_AP, books=both)
    assert listed.as_pairs() == [["FD-4001", "AB-77123"], ["FD-4002", "AB-77124"]]
    longer = decide("Please add the PO:\n\n4009 - AB-77123\n", subject="FD-4001", sender=LIDO_AP, books=both)
    assert longer.action is Action.HOLD


def test_an_invoice_whose_number_is_promised_behind_another_ones_number_is_left_out() -> None:
    assert decide(f"The PO for FD-3001 is {PO}, and the PO for FD-3002 will follow.").as_pairs() == [["FD-3001", PO]]


@pytest.mark.parametrize("text", [f"Please put PO {PO} on FD-3001, FD-3002 please.", f"FD-3001 PO {PO}, FD-3002 PO {PO}, please add."])
def test_invoices_that_are_only_listed_around_a_number_get_it_all(text: str) -> None:
    assert decide(text).as_pairs() == [["FD-3001", PO], ["FD-3002", PO]]


@pytest.mark.parametrize(
    "text",
    [
        f"{PO} is for FD-3002, FD-3001 gets {OTHER_PO}, and FD-3003",
        f"FD-3001: {PO} and {OTHER_PO}; FD-3002",
        f"PO {PO} for FD-3001. PO {OTHER_PO} too.",
        f"Please add {PO} and {OTHER_PO} to all three invoices.",
    ],
)
def test_an_unclear_pairing_waits(text: str) -> None:
    assert (decide(text).action, decide(text).as_pairs()) == (Action.HOLD, [])


@pytest.mark.parametrize(
    "head", ["Invoice  |  Order / item  |  Receipt", "Invoice  |  PO  |  Receipt", "Rechnung  |  Bestellung / Pos.  |  WE-Beleg"]
)
def test_a_head_of_two_names_calls_the_codes_of_its_column_in_turn(head: str) -> None:
    rows = "".join(f"FD-300{n}  |  {po} / 00010  |  5000441290\n" for n, po in ((1, PO), (2, OTHER_PO)))
    decided = decide(f"Please add these and send them back:\n\n{head}\n{rows}")
    assert decided.as_pairs() == BOTH


@pytest.mark.parametrize(
    "text",
    [
        f"FD-3001 is fine. It's the ones with no order on them: all three go on {PO}. Please add it.",
        f"Please put PO {PO} on all three, FD-3001 first.",
    ],
)
def test_fewer_invoices_named_than_counted_wait(text: str) -> None:
    assert (decide(text).action, decide(text).as_pairs()) == (Action.HOLD, [])


@pytest.mark.parametrize("what", ["on both lines of FD-3001", "to FD-3001 and send it to both of us", "on both pages of FD-3001"])
def test_a_count_of_something_else_is_none_of_invoices(what: str) -> None:
    assert decide(f"Please add PO {PO} {what}.").as_pairs() == [["FD-3001", PO]]


def test_a_slash_in_a_cell_of_one_code_parts_nothing() -> None:
    rows = f"FD-3001  |  {PO} n/a\nFD-3002  |  {OTHER_PO} n/a\n"
    assert decide(f"Please add these:\n\nInvoice  |  GR/PO no.\n{rows}").as_pairs() == BOTH


def test_one_number_goes_on_all_invoices_that_it_is_said_for() -> None:
    assert decide(f"Use PO {PO} for FD-3001, FD-3002 and FD-3003.").as_pairs() == [[f"FD-300{n}", PO] for n in (1, 2, 3)]


def test_without_numbers_or_invoices_there_is_nothing_to_pair() -> None:
    laid = case("hello FD-3001")
    assert pairings.pair((), matches.find(laid), laid).pairs == ()
    given = case(f"PO {PO} for FD-3001")
    assert pairings.pair(given.claims, Match(), given).pairs == ()
    assert pairings.pair(given.claims, Match(), given).lines == (f"PO {PO} for FD-3001",)


# Mentions and counts


def mentioned(text: str, **how: Any) -> list[str]:
    laid = case(text, **how)
    return [invoice.number for piece in laid.pieces for _, invoice in mentions.of(piece, laid)]


def test_the_customers_own_invoices_are_named_and_others_are_strange() -> None:
    assert mentioned("FD-3001, FD-4001 and FD-9999") == ["FD-3001"]
    assert mentions.strange_numbers(case("FD-3001, FD-4001, FD-4001 and FD-9999")) == (("FD-4001",), ("FD-9999",))
    assert mentions.strange_numbers(case("FD-3001", sender="x@evil.example")) == (("FD-3001",), ())


def test_short_numbers_in_a_list_of_invoices_count_as_its_members() -> None:
    assert mentioned("invoices 3001, 3002 and 3003") == ["FD-3001", "FD-3002", "FD-3003"]
    assert mentioned("FD-3001, 3002") == ["FD-3001", "FD-3002"]
    assert mentioned("our street is 3002 long") == []


def test_what_is_set_aside_is_not_named() -> None:
    assert mentioned("FD-3001, not FD-3002") == ["FD-3001"]
    assert mentioned("all except FD-3002") == []
    assert mentioned("FD-3001 statt FD-3002") == ["FD-3001"]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("all three invoices", 3),
        ("both invoices please", 2),
        ("Alle drei Rechnungen", 3),
        ("these five bills", 5),
        (f"use {PO} for all four", 4),
        ("all three of us", None),
        ("three invoices", None),
        ("invoice", None),
    ],
)
def test_a_count_is_stated_where_it_means_all_of_the_invoices(text: str, count: int | None) -> None:
    assert counts.stated(case(text)) == count


def test_only_the_speakers_new_words_count() -> None:
    quoted = "Thanks.\n\nOn Mon, 2 Nov 2026 at 10:00, Billing <billing@fernhill.example> wrote:\n> all three invoices"
    assert counts.stated(case(quoted)) is None
    assert not counts.all_open(case(quoted.replace("three", "open")))
    assert counts.all_open(case("all open invoices"))


# Matches


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("FD-3001", "the number in the mail"),
        ("invoice over EUR 1,250.00", "the amount"),
        ("invoice of 15 September 2026", "the date"),
        ("all open invoices", "all open invoices"),
        ("all three invoices", "all 3 invoices without a purchase order"),
        ("all four invoices", "all 4 issued invoices"),
    ],
)
def test_a_match_says_how_it_was_found(text: str, how: str) -> None:
    assert matches.find(case(text)).how == how


def test_what_is_only_inferred_says_so() -> None:
    assert matches.find(case("FD-3001")).named
    assert matches.find(case("invoice over EUR 1,250.00")).inferred
    assert matches.find(case("your invoice", sender=LIDO_AP)).by_elimination
    assert matches.find(case("your invoice")).invoices == ()
    assert matches.find(case("FD-3001", sender="x@evil.example")).invoices == ()


def test_an_invoice_found_by_elimination_is_amended_only_on_request() -> None:
    assert decide("Your invoice: PO 77-1234.", sender=LIDO_AP).action is Action.HOLD
    assert decide("Please add PO 77-1234 to your invoice.", sender=LIDO_AP).as_pairs() == [["FD-4001", "77-1234"]]


def test_no_open_invoice_left_waits() -> None:
    paid = books(*BOOKS.invoices[4:6])
    assert decide(f"Please put PO {PO} on all open invoices.", paid).action is Action.HOLD


# What a given number runs into


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (f"The PO {OTHER_PO} on FD-3004 is fine. The payment terms start again from today.", Action.ANSWER),
        (f"Could FD-3004 with PO {OTHER_PO} be dated 1 September 2026?", Action.ANSWER),
        (f"FD-3004 shows PO {OTHER_PO}.", Action.HOLD),
        (f"FD-3004 shows PO {OTHER_PO}, please send a copy.", Action.RESEND),
        (f"PO {PO} on FD-3001 is awaiting approval.", Action.HOLD),
        ("Please reissue the invoice for EUR 900.00.", Action.HOLD),
        ("Please use 4500x for FD-3001", Action.HOLD),
        ("Dear Sir,\nwe write to you.\n\nDear Supplier,\nyour invoice was rejected for no PO number.", Action.HOLD),
        (f'Somebody wrote: "please add PO {PO} to FD-3001 today". We said no.', Action.HOLD),
    ],
)
def test_a_number_in_another_matter_is_not_simply_put_on_the_invoice(text: str, action: Action) -> None:
    decision = decide(text)
    assert (decision.action, decision.as_pairs()) == (action, [])


def test_the_same_po_as_on_another_that_is_there_already_is_sent_again() -> None:
    known = books(invoice("FD-3003", po=OTHER_PO), invoice("FD-3004", po=OTHER_PO))
    assert decide("FD-3003 needs the same PO as on FD-3004 please.", known).as_pairs() == []


def test_an_attached_order_for_the_po_already_there_does_not_contradict_a_new_one() -> None:
    order = f"PURCHASE ORDER\nPO number: {OTHER_PO}\nFernhill Drafting Ltd\nTotal EUR 310.00"
    text = f"See attached orders for FD-3004; please use PO {PO}."
    assert decide(text, attachments=(paper(order),)).as_pairs() == [["FD-3004", PO]]


def test_one_attached_order_and_an_unclear_count_wait() -> None:
    order = f"PURCHASE ORDER\nPO number: {PO}\nFernhill Drafting Ltd\nTotal EUR 9,310.00"
    assert decide("The attached PO is for both invoices, please add it.", attachments=(paper(order),)).action is Action.HOLD


@pytest.mark.parametrize(
    ("how", "action"),
    [
        ({"headers": (("auto-submitted", "auto-generated"),), "sender": "x@shop.example"}, Action.HOLD),
        ({"headers": (("list-id", "<x>"),)}, Action.ASK),
    ],
    ids=str,
)
def test_a_rejection_by_a_system_says_what_it_says(how: dict[str, Any], action: Action) -> None:
    assert decide("Tannery Works rejected FD-3001: no PO number.", **how).action is action


def test_bulk_and_automatic_notices_that_say_nothing_of_ours_are_ignored() -> None:
    machine = (("auto-submitted", "auto-generated"),)
    assert decide("Dear customer, we sell things", sender="x@shop.example", headers=machine).action is Action.IGNORE
    assert decide("Weekly news of the tannery", headers=(("list-id", "<x>"),)).action is Action.IGNORE
    assert decide("see below", subject="Automatic reply: FD-3001").action is Action.IGNORE


def test_a_number_between_two_invoices_of_a_sentence_is_not_surely_for_both() -> None:
    text = f"For FD-3001 it is PO {PO}; FD-3002 I don't know yet. Please add it."
    assert decide(text).action is Action.HOLD
    assert decide(f"FD-3001 is PO {PO}, FD-3002 is PO {PO}. Please add.").as_pairs() == [["FD-3001", PO], ["FD-3002", PO]]


def test_a_number_given_twice_goes_on_the_invoices_beside_either_mention() -> None:
    text = f"Please put PO {PO} on FD-3001. As the panels were ordered together, FD-3002 also goes on PO {PO}."
    assert decide(text).as_pairs() == [["FD-3001", PO], ["FD-3002", PO]]


def test_all_are_meant_where_the_sentence_that_gives_the_number_counts_them() -> None:
    lacking = "Neither of these has an order on: FD-3001 and FD-3002."
    assert decide(f"{lacking} Please put PO {PO} on both of them.").as_pairs() == [["FD-3001", PO], ["FD-3002", PO]]
    later = f"FD-3001: PO {PO}, please add it.\nFD-3002: no order yet, the number will follow.\nI'll look at both again in May."
    assert decide(later).as_pairs() == [["FD-3001", PO]]
