"""What comes attached: purchase orders that must fit the invoice, our own invoice sent back, letters, and Peppol responses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import AP, ISSUER, LIDO, OTHER_PO, PO, books, case, decide, invoice, paper, rulebook
from worker.core import invoice_responses, papers
from worker.core.decisions import Action, Decision
from worker.core.messages import Attachment
from worker.core.papers import Paper, PurchaseOrder
from worker.core.purchase_orders import PoNumber

ORDER = f"""PURCHASE ORDER
Tannery Works GmbH
PO number: {PO}
Supplier: Fernhill Drafting Ltd
Date: 1 October 2026

Drafting   1   1,250.00

Total EUR 1,250.00
"""
ENCLOSED = "Hello, please find attached the PO for FD-3001, add it and send the invoice again."
OURS = "Fernhill Drafting Ltd\nINVOICE FD-3001\nDrafting 1,250.00\nTotal EUR 1,250.00\n"


def with_order(text: str | None, body: str = ENCLOSED, name: str = "order.pdf") -> Decision:
    return decide(body, attachments=(paper(text, name),))


# Purchase orders


def test_the_number_on_an_attached_order_is_the_po() -> None:
    decision = with_order(ORDER)
    assert (decision.as_pairs(), decision.reply_to) == ([["FD-3001", PO]], AP)
    assert with_order(ORDER, f"{ENCLOSED} The PO is {PO}.").as_pairs() == [["FD-3001", PO]]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("Fernhill Drafting Ltd", "Otherwise Ltd", "made out to another supplier"),
        ("Fernhill Drafting Ltd", "Fernhill Drafters Ltd", "made out to another supplier"),
        ("EUR", "USD", "is in USD, invoice FD-3001 in EUR"),
        ("Total EUR 1,250.00", "Total $ 1,250.00", "invoice FD-3001 in EUR"),
        ("Total EUR 1,250.00", "Total EUR 1,249.99", "below 1250.00"),
        ("Total EUR 1,250.00", "Net total EUR 1,249.99", "below 1250.00"),
        ("Total EUR 1,250.00", "Net total EUR 9,250.00\nGrand total EUR 1,000.00", "below 1250.00"),
    ],
)
def test_an_order_of_another_supplier_or_currency_or_below_the_invoice_waits(old: str, new: str, why: str) -> None:
    for body in (ENCLOSED, f"{ENCLOSED} The PO is {PO}."):
        decision = with_order(ORDER.replace(old, new), body)
        assert (decision.action, decision.as_pairs()) == (Action.HOLD, [])
        assert why in decision.reason


@pytest.mark.parametrize(
    "new",
    ["Total EUR 9,000.00", "Total 1,250.00\nCurrency: EUR", "Total EUR 1.250,00", "Gesamtbetrag 1.250,00 EUR", ""],
)
def test_an_order_at_or_above_the_invoice_or_without_totals_is_good(new: str) -> None:
    assert with_order(ORDER.replace("Total EUR 1,250.00", new)).as_pairs() == [["FD-3001", PO]]


def test_an_order_that_contradicts_the_mail_waits() -> None:
    assert "the mail says" in with_order(ORDER, f"Please add PO {OTHER_PO} to FD-3001.").reason
    assert with_order(ORDER, f"Please add PO {OTHER_PO} to FD-3001.").action is Action.HOLD


def test_two_orders_with_two_numbers_wait() -> None:
    both = (paper(ORDER), paper(ORDER.replace(PO, OTHER_PO), "other.pdf"))
    assert decide(ENCLOSED, attachments=both).action is Action.HOLD


def test_an_order_for_no_invoice_of_ours_is_left_alone_and_one_to_be_added_somewhere_waits() -> None:
    assert with_order(ORDER, "Please find our order attached.").action is Action.IGNORE
    assert with_order(ORDER, "Please add the attached PO to the invoice.").action is Action.HOLD


def test_an_order_is_weighed_against_all_invoices_that_it_is_for() -> None:
    order = PurchaseOrder(
        file_name="x", numbers=(PoNumber(PO),), made_out_to_us=True, currencies=frozenset({"EUR"}), totals=(Decimal(1500),), net=False
    )
    assert order.mismatch([invoice("A-1")]) is None
    assert order.mismatch([invoice("A-1"), invoice("A-2", total="250.00")]) is None
    assert "below 1500.01" in str(order.mismatch([invoice("A-1"), invoice("A-2", total="250.01")]))


def test_net_is_weighed_with_net() -> None:
    line = invoice("A-1").lines[0]
    taxed = invoice("A-1", total="1487.50", lines=(line,))
    order = PurchaseOrder(file_name="x", numbers=(), made_out_to_us=True, currencies=frozenset(), totals=(Decimal("1250.00"),), net=True)
    assert order.mismatch([taxed]) is None
    assert order.mismatch([invoice("A-1", total="1487.50", lines=())]) is not None


@pytest.mark.parametrize(("text", "name"), [(None, "order.pdf"), ("", "order.pdf"), (None, "orders.xlsx")])
def test_a_po_said_to_be_in_something_unread_waits(text: str | None, name: str) -> None:
    assert with_order(text, name=name).action is Action.HOLD
    assert with_order(text, "The PO for FD-3001 is in the attached workbook.", name).action is Action.HOLD
    assert decide("Please see attached PO for FD-3001.").action is Action.HOLD


def test_a_file_name_is_a_po_only_where_the_text_says_so() -> None:
    said = "The file name is the PO number. Please add it to FD-3001."
    assert with_order(None, said, f"{PO}.pdf").as_pairs() == [["FD-3001", PO]]
    assert with_order(None, "Please add the PO to FD-3001, see attached.", f"{PO}.pdf").as_pairs() == []
    assert with_order(None, said, "45001.pdf").action is Action.HOLD
    assert decide(said, attachments=(paper(None, f"{PO}.pdf"), paper(None, f"{OTHER_PO}.pdf"))).action is Action.HOLD


@pytest.mark.parametrize("name", [f"Order_{PO}.pdf", f"PO {PO} - Tannery.pdf", "scan 4500 123456.pdf"])
def test_a_file_name_may_hold_the_po_among_other_words(name: str) -> None:
    said = "The file name is the PO number. Please add it to FD-3001."
    assert with_order(None, said, name).as_pairs() == [["FD-3001", PO]]
    assert with_order(None, "The file name is wrong, it is the number of another order. FD-3001.", name).as_pairs() == []
    assert decide(said, attachments=(paper(None, name), paper(None, f"Order_{OTHER_PO}.pdf"))).action is Action.HOLD


def test_a_day_in_a_file_name_is_no_po_of_plain_digits() -> None:
    said = "The file name is the PO number. Please add it to FD-3001."
    assert decide(said, books(po_format="########"), attachments=(paper(None, "scan_20261105.pdf"),)).as_pairs() == []


# Kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ORDER, Paper.ORDER),
        ("Bestellung\nBestellnummer 4500123456\nLieferant Fernhill Drafting Ltd", Paper.ORDER),
        (OURS, Paper.OWN_INVOICE),
        (f"{OURS}\nReturned: no purchase order", Paper.OWN_INVOICE),
        (f"Dear Sir or Madam,\nplease add the purchase order {PO} to FD-3001.", Paper.LETTER),
        ("Some scanned page", Paper.LETTER),
        ("INVOICE FD-3001 of somebody else", Paper.LETTER),
        ("Fernhill Drafting Ltd brochure", Paper.LETTER),
        (" \n ", Paper.UNREAD),
        (None, Paper.UNREAD),
    ],
)
def test_a_document_is_known_by_its_head(text: str | None, kind: Paper) -> None:
    assert case("x", attachments=(paper(text),)).exhibits[0].paper is kind


def test_a_piece_that_was_not_read_is_no_document() -> None:
    assert papers.kind_of(None, ISSUER, rulebook().lexicon) is Paper.UNREAD


def test_our_own_invoice_sent_back_names_the_invoice_but_its_po_is_no_evidence() -> None:
    decision = decide("Rejected: no PO number on it.", attachments=(paper(f"{OURS}PO number: {PO}\n", "scan.pdf"),))
    assert (decision.action, decision.invoices) == (Action.ASK, ("FD-3001",))


def test_a_stamp_on_our_invoice_says_why_it_came_back() -> None:
    stamped = paper(f"RETURNED - PO NUMBER MISSING\n{OURS}", "scan.pdf")
    assert decide("Please see attached.", attachments=(stamped,)).action is Action.ASK


def test_a_file_named_after_the_invoice_tells_which() -> None:
    assert decide("Rejected: PO number missing.", attachments=(paper(None, "FD-3002_scan.pdf"),)).invoices == ("FD-3002",)


# Peppol invoice responses

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_NAMES = f'xmlns="{_UBL}:ApplicationResponse-2" xmlns:cac="{_UBL}:CommonAggregateComponents-2" xmlns:cbc="{_UBL}:CommonBasicComponents-2"'


def response(
    status: str = "RE",
    *,
    reasons: tuple[str, ...] = ("REF",),
    actions: tuple[str, ...] = ("NIN",),
    texts: tuple[str, ...] = (),
    po: str = "",
    term: str = "BT-13",
    invoice: str = "FD-3001",
    prolog: str = "",
) -> Attachment:
    """An invoice response with these codes and texts."""
    inside = "".join(f'<cbc:StatusReasonCode listID="OPStatusReason">{code}</cbc:StatusReasonCode>' for code in reasons)
    inside += "".join(f'<cbc:StatusReasonCode listID="OPStatusAction">{code}</cbc:StatusReasonCode>' for code in actions)
    inside += "".join(f"<cbc:StatusReason>{text}</cbc:StatusReason>" for text in texts)
    if po:
        inside += f"<cac:Condition><cbc:AttributeID>{term}</cbc:AttributeID><cbc:Description>{po}</cbc:Description></cac:Condition>"
    xml = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<ApplicationResponse {_NAMES}><cac:DocumentResponse><cac:Response>'
        f"<cbc:ResponseCode>{status}</cbc:ResponseCode><cac:Status>{inside}</cac:Status></cac:Response>"
        f"<cac:DocumentReference><cbc:ID>{invoice}</cbc:ID></cac:DocumentReference></cac:DocumentResponse></ApplicationResponse>"
    )
    return paper(xml, "response.xml", "application/xml", xml.encode())


def responded(**how: Any) -> Decision:
    return decide("An invoice response is attached.", attachments=(response(**how),))


@pytest.mark.parametrize(
    ("how", "action", "changes"),
    [
        ({}, Action.ASK, []),
        ({"status": "UQ"}, Action.ASK, []),
        ({"po": PO}, Action.AMEND, [["FD-3001", PO]]),
        ({"texts": (f"Please add PO {PO}.",)}, Action.AMEND, [["FD-3001", PO]]),
        ({"po": PO, "term": "BT-14"}, Action.ASK, []),
        ({"actions": ("CNF",)}, Action.REISSUE, []),
        ({"actions": ("CNF",), "po": PO}, Action.REISSUE, []),
        ({"reasons": ("PRI",), "actions": ()}, Action.HOLD, []),
        ({"reasons": ("LEG", "REF")}, Action.ASK, []),
        ({"invoice": "FD-3005", "po": PO}, Action.HOLD, []),
        ({"invoice": "FD-4001", "po": PO}, Action.HOLD, []),
        ({"invoice": "FD-9999", "po": PO}, Action.HOLD, []),
    ],
    ids=str,
)
def test_a_response_says_what_its_codes_say(how: dict[str, Any], action: Action, changes: list[list[str]]) -> None:
    decision = responded(**how)
    assert (decision.action, decision.as_pairs()) == (action, changes)


def test_a_response_speaks_though_its_system_only_says_that_one_was_created() -> None:
    text, machine = "An invoice response has been created for your document.", (("auto-submitted", "auto-generated"),)
    assert decide(text, attachments=(response(po=PO),), headers=machine).as_pairs() == [["FD-3001", PO]]
    assert decide(text, headers=machine).action is Action.IGNORE


@pytest.mark.parametrize("status", ["AB", "IP", "AP", "PD", "CA"])
def test_a_response_that_only_reports_progress_is_ignored(status: str) -> None:
    assert responded(status=status, reasons=(), actions=()).action is Action.IGNORE


def test_a_response_is_read_whole() -> None:
    read = invoice_responses.read(response(texts=("one", " "), po=PO))
    assert read is not None
    assert (read.status, read.reasons, read.actions) == ("RE", ("REF",), ("NIN",))
    assert (read.texts, read.invoices, read.purchase_orders) == (("one",), ("FD-3001",), (PO,))


BOMB = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "attachment",
    [
        response(prolog=BOMB),
        response(prolog='<!DOCTYPE x SYSTEM "file:///etc/passwd">'),
        response(invoice="&xxe;"),
        paper(None, "x.xml"),
        paper("plain text about an ApplicationResponse", "x.txt", "text/plain", b"plain text about an ApplicationResponse"),
        paper("<ApplicationResponse/>", "x.xml", "text/xml", b"<ApplicationResponse/>"),
        paper("<ApplicationResponse>", "x.xml", "text/xml", b"<ApplicationResponse>"),
        paper("ApplicationResponse", "x.xml", "text/xml", b""),
        paper("ApplicationResponse" + " " * 1_000_001, "x.xml", "text/xml", b"<a/>"),
        paper("<Other>ApplicationResponse</Other>", "x.xml", "text/xml", b"<Other>ApplicationResponse</Other>"),
    ],
    ids=range(10),
)
def test_what_is_no_plain_response_is_not_read(attachment: Attachment) -> None:
    assert invoice_responses.read(attachment) is None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-7", "utf-32"])
def test_entities_in_another_encoding_than_the_text_shows_are_not_expanded(encoding: str) -> None:
    shown = response()
    hidden = response(prolog='<!DOCTYPE x [<!ENTITY a "4500123456">]>', po="&a;").content.decode()
    read = invoice_responses.read(paper(shown.text, "x.xml", "text/xml", hidden.replace("UTF-8", encoding).encode(encoding)))
    assert read is None or read.purchase_orders in ((), ("",))


@given(st.binary(max_size=200), st.text(max_size=50))
def test_no_bytes_break_the_reading(content: bytes, text: str) -> None:
    assert invoice_responses.read(paper(f"ApplicationResponse{text}", "x.xml", "text/xml", content)) is None


def test_a_customer_without_a_format_takes_the_number_that_the_order_calls_its_own() -> None:
    order = ORDER.replace(PO, "K-778").replace("EUR 1,250.00", "EUR 775.00")
    assert decide("The PO for FD-4001 is attached, please add it.", sender=LIDO.contacts[0], attachments=(paper(order),)).as_pairs() == [
        ["FD-4001", "K-778"]
    ]


def test_a_proposed_number_that_does_not_fit_or_that_the_mail_contradicts_waits() -> None:
    assert responded(po="45001234567").action is Action.HOLD
    assert decide(f"Use PO {OTHER_PO} for FD-3001", attachments=(response(po=PO),)).action is Action.HOLD


@pytest.mark.parametrize("proof", [None, ()], ids=["proven", "unproven"])
def test_a_stranger_whose_attachment_names_an_invoice_waits(proof: tuple[()] | None) -> None:
    letter = paper(f"Dear Sir, please add PO {PO} to invoice FD-3001")
    for attachment in (letter, response(po=PO)):
        decision = decide("See attached.", sender="x@evil.example", proof=proof, attachments=(attachment,))
        assert (decision.action, decision.reply_to) == (Action.HOLD, None)
