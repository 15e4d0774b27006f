"""Importing books: what is safe is updated, an issued invoice is never touched, and a refusal leaves everything as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.edges.ledger.samples import ISSUER, NOW, amending, books, count, customer, invoice, plain_outcome, take_in
from worker.core.decisions import Action
from worker.core.invoices import Line, Mode, Status
from worker.core.purchase_orders import PoNumber
from worker.edges.ledger import ImportTally, Ledger


def test_books_come_back_as_they_were_imported(ledger: Ledger) -> None:
    rich = customer(
        "rich",
        contacts=("b@rich.example", "a@rich.example"),
        networks=("ariba",),
        po_format="45########",
        standing_po=PoNumber("4500000000"),
        language="ja",
        address=("株式会社リッチ", "東京都"),
        mode=Mode.SUGGEST,
    )
    given = books(invoice("B-2"), invoice("A-1", customer="rich", po_number=PoNumber("007/ä")), customers=(rich, customer()))
    report = ledger.import_books(given)
    assert (report.customers, report.invoices, report.imported) == (ImportTally(added=2), ImportTally(added=2), True)
    assert (ledger.books().customers, ledger.books().invoices) == (given.customers, given.invoices)


@pytest.mark.parametrize("amount", ["0.1", "12345678901234.56", "1200", "0.30", "99999999999999999.999999", "-0.05"])
def test_amounts_are_kept_digit_for_digit(ledger: Ledger, amount: str) -> None:
    line = Line(description="x", quantity=Decimal(amount), unit_price=Decimal(amount), tax_rate=Decimal("7.7"))
    ledger.import_books(books(invoice(total=Decimal(amount), lines=(line,))))
    found = ledger.invoice("LD-7001")
    assert found is not None
    assert [str(each) for each in (found.total, found.lines[0].quantity, found.lines[0].unit_price)] == [amount] * 3


def test_importing_the_same_again_changes_nothing(stocked: Ledger) -> None:
    before = stocked.books()
    report = stocked.import_books(books(invoice("LD-7001"), invoice("LD-7002")))
    assert (report.customers, report.invoices) == (ImportTally(unchanged=1), ImportTally(unchanged=2))
    assert stocked.books() is before


def test_what_is_safe_is_updated(stocked: Ledger) -> None:
    moved = customer(name="Havn A/S", contacts=("new@havn.example", "ap@havn.example"), domains=("havn.example", "havn-group.example"))
    paid = invoice(
        status=Status.PAID, notes=("Paid, thank you.",), sent_message_ids=("<second@lindqvist.example>",), po_number=PoNumber("123")
    )
    report = stocked.import_books(books(paid, customers=(moved,)))
    assert (report.customers, report.invoices) == (ImportTally(updated=1), ImportTally(updated=1))
    assert stocked.books().customers == (moved,)
    assert stocked.invoice("LD-7001") == replace(paid, sent_message_ids=("<LD-7001@lindqvist.example>", "<second@lindqvist.example>"))
    assert stocked.books().invoice_by_number["LD-7001"] == stocked.invoice("LD-7001")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"issue_date": date(2026, 10, 2)}, "issue date"),
        ({"due_date": date(2027, 1, 1)}, "due date"),
        ({"currency": "EUR"}, "currency"),
        ({"total": Decimal("1000.14")}, "total"),
        ({"lines": ()}, "lines"),
        ({"customer": "other"}, "customer"),
    ],
)
def test_an_issued_invoice_is_never_changed_and_the_refusal_stops_the_whole_import(
    stocked: Ledger, change: dict[str, object], told: str
) -> None:
    report = stocked.import_books(books(invoice(**change), invoice("LD-9999"), customers=(customer(), customer("other"))))
    assert report.refusals == (f"Invoice LD-7001 was issued with another {told}; an issued invoice is never changed.",)
    assert not report.imported
    assert stocked.books().invoices == (invoice("LD-7001"), invoice("LD-7002"))
    assert [each.id for each in stocked.books().customers] == ["havn"]


def test_a_void_invoice_stays_void(stocked: Ledger) -> None:
    stocked.import_books(books(invoice(status=Status.VOID)))
    report = stocked.import_books(books(invoice()))
    assert report.refusals == ("Invoice LD-7001 is void and can't become issued again.",)


def test_an_amended_invoice_keeps_its_po_whatever_the_file_says_and_the_report_tells(stocked: Ledger) -> None:
    [message] = take_in(stocked, 1)
    stocked.record(amending(stocked, message, "4500000001"), now=NOW)
    report = stocked.import_books(books(invoice(po_number=PoNumber("OLD-1"))))
    assert report.notes == ("Invoice LD-7001 keeps purchase order 4500000001; the file says OLD-1.",)
    assert stocked.import_books(books(invoice())).notes == ()
    assert stocked.books().invoice_by_number["LD-7001"].po_number == "4500000001"
    assert stocked.verify_chain() == []


def test_a_standing_po_learned_by_mail_outlives_an_import(stocked: Ledger) -> None:
    [message] = take_in(stocked, 1)
    stocked.record(plain_outcome(message, Action.REMEMBER, standing_po=("havn", PoNumber("4500777777"))), now=NOW)
    report = stocked.import_books(books(customers=(customer(name="Havn"),)))
    assert report.notes == ("Havn Shipping A/S keeps standing purchase order 4500777777, which came by mail.",)
    assert stocked.books().customer_by_id["havn"] == customer(name="Havn", standing_po=PoNumber("4500777777"))


def test_a_standing_po_that_never_came_by_mail_follows_the_file(ledger: Ledger) -> None:
    ledger.import_books(books(customers=(customer(standing_po=PoNumber("1")),)))
    ledger.import_books(books(customers=(customer(standing_po=PoNumber("2")),)))
    assert ledger.books().customer_by_id["havn"].standing_po == "2"


def test_an_invoice_of_a_customer_nobody_knows_is_refused(ledger: Ledger) -> None:
    report = ledger.import_books(books(invoice(customer="ghost")))
    assert report.refusals == ("Invoice LD-7001 is of customer ghost, who is not in the books; import the customer first.",)
    assert ledger.books().customers == ()


def test_an_invoice_of_a_customer_imported_before_is_taken(stocked: Ledger) -> None:
    assert stocked.import_books(books(invoice("LD-7003"), customers=())).imported


def test_a_dry_run_reports_the_same_and_changes_nothing(stocked: Ledger, url: str) -> None:
    given = books(invoice(status=Status.PAID), invoice("LD-7003"), customers=(customer(name="Havn"),))
    rehearsed = stocked.import_books(given, dry_run=True)
    assert (count(url, "invoices"), rehearsed.imported) == (2, False)
    assert stocked.books().customers == (customer(),)
    assert stocked.import_books(given) == replace(rehearsed, dry_run=False)


def test_an_invoice_keeps_the_face_that_it_came_with_through_every_import(stocked: Ledger) -> None:
    before = stocked.imprint("LD-7001")
    assert before is not None
    assert (before.issuer, before.customer, before.notes) == (ISSUER.name, customer().name, ("Thank you.",))
    moved = customer(name="Havn Global A/S", address=("Kaj 9",), language="da")
    assert stocked.import_books(books(invoice("LD-7001", notes=("New.",)), invoice("LD-7003"), customers=[moved])).imported
    assert stocked.imprint("LD-7001") == before
    after = stocked.imprint("LD-7003")
    assert after is not None
    assert (after.customer, after.customer_address, after.language) == ("Havn Global A/S", ("Kaj 9",), "da")
    assert stocked.imprint("LD-9999") is None


def test_an_invoice_that_comes_without_its_customer_has_the_face_of_the_customer_in_the_ledger(stocked: Ledger) -> None:
    stocked.import_books(books(invoice("LD-7003"), customers=[]))
    face = stocked.imprint("LD-7003")
    assert face is not None
    assert face.customer == customer().name
