"""The one change that an issued invoice may see, and the purchase-order numbers it may see it by."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import BOOKS, LIDO, OTHER_PO, PO, TANNERY, invoice
from worker.core import purchase_orders
from worker.core.catalogues import Found
from worker.core.invoices import Amendment, Books, Customer, Invoice, Line, NotAmendable, Status, amend, within
from worker.core.purchase_orders import PoNumber
from worker.errors import NeedsAPerson

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def amended(plain: Invoice, po: str, customer: Customer = TANNERY) -> tuple[Invoice, Amendment]:
    return amend(
        plain,
        PoNumber(po),
        customer,
        requested_by="ap@tannery.example",
        applied_by="addendum",
        applied_at=NOW,
        message_id="<m@x>",
        reason="asked",
        evidence=["the line"],
    )


def test_an_amendment_changes_the_po_and_the_revision_and_nothing_else() -> None:
    before = invoice("FD-3004", po=OTHER_PO, revision=2)
    after, amendment = amended(before, PO)
    changed = {field.name for field in fields(Invoice) if getattr(before, field.name) != getattr(after, field.name)}
    assert changed == {"po_number", "revision"}
    assert (after.po_number, after.revision) == (PO, 3)
    assert (amendment.old_po, amendment.new_po, amendment.revision, amendment.invoice) == (OTHER_PO, PO, 3, "FD-3004")
    assert (amendment.requested_by, amendment.applied_at, amendment.evidence) == ("ap@tannery.example", NOW, ("the line",))


@pytest.mark.parametrize(
    ("plain", "po", "customer", "why"),
    [
        (invoice("A-1", status=Status.PAID), PO, TANNERY, "is paid"),
        (invoice("A-1", status=Status.VOID), PO, TANNERY, "is void"),
        (invoice("A-1"), PO, LIDO, "is not an invoice of Lido Baths plc"),
        (invoice("A-1"), "", TANNERY, "no purchase order number"),
        (invoice("A-1"), " \t", TANNERY, "no purchase order number"),
        (invoice("A-1"), "45001234567", TANNERY, "does not have the format"),
        (invoice("A-1"), f" {PO}", TANNERY, "does not have the format"),
        (invoice("A-1"), f"{PO}\n", TANNERY, "does not have the format"),
        (invoice("A-1"), "４５００１２３４５６", TANNERY, "does not have the format"),
        (invoice("A-1", po=PO), PO, TANNERY, "already shows"),
        (invoice("A-1", "lido", po="ab-1"), "AB-1", LIDO, "already shows"),
        (invoice("A-1", "lido", po="4500 1"), "45001", LIDO, "already shows"),
    ],
)
def test_what_may_not_be_amended_is_refused_with_a_sentence_for_a_person(plain: Invoice, po: str, customer: Customer, why: str) -> None:
    with pytest.raises(NotAmendable, match=why) as refused:
        amended(plain, po, customer)
    assert isinstance(refused.value, NeedsAPerson)
    assert str(refused.value).endswith((".", ")."))


@given(st.text(min_size=1, max_size=20))
def test_any_po_is_kept_as_it_is_written(po: str) -> None:
    if po.strip():
        assert amended(invoice("A-1", "lido"), po, LIDO)[0].po_number == po


# Formats


@pytest.mark.parametrize(
    ("po", "po_format", "fits"),
    [
        (PO, "45########", True),
        (PO, None, True),
        ("anything at all", None, True),
        ("4500123456 ", "45########", False),
        ("45001234567", "45########", False),
        ("٤٥٠٠١٢٣٤٥٦", "##########", False),
        ("PO-000123", "PO-######", True),
        ("po-000123", "PO-######", True),
        ("PO.1", "PO.#", True),
        ("POx1", "PO.#", False),
        ("AB-12", "@@-##", True),
        ("ÄB-12", "@@-##", False),
        ("A1-12", "@@-##", False),
        ("", "#", False),
        ("4500 123", "4500 ###", True),
    ],
)
def test_a_number_fits_a_format_whole_or_not_at_all(po: str, po_format: str | None, fits: bool) -> None:
    assert purchase_orders.fits(po, po_format) is fits


@given(st.text(max_size=15), st.text(max_size=15))
def test_no_format_and_no_number_break_the_comparison(po: str, po_format: str) -> None:
    assert purchase_orders.fits(po, po_format) in (True, False)
    assert purchase_orders.same(po, f" {po}\u200b")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (PO, PO, True),
        (PO, "4500 123 456", True),
        (PO, "４５００１２３４５６", True),
        (PO, "45001\u200b23456", True),
        ("po-1", "PO-1", True),
        ("0123", "123", False),
        ("45-1", "451", False),
        (None, None, False),
        (None, PO, False),
        (PO, None, False),
    ],
)
def test_two_spellings_are_the_same_number_whatever_their_case_and_spacing(one: str | None, other: str | None, same: bool) -> None:
    assert purchase_orders.same(one, other) is same


# Books


def test_a_domain_lies_within_itself_and_its_parents_only() -> None:
    assert within("tannery.example", "tannery.example")
    assert within("a.b.tannery.example", "tannery.example")
    assert not within("xtannery.example", "tannery.example")
    assert not within("tannery.example", "a.tannery.example")
    assert not within("tannery.example.evil.example", "tannery.example")
    assert not within("tannery.example", "")
    assert not within("", "")


def test_the_books_find_by_number_customer_and_sent_mail() -> None:
    assert BOOKS.invoice_by_number["FD-3001"].customer == "tannery"
    assert BOOKS.customer_by_id["lido"] == LIDO
    assert [one.number for one in BOOKS.invoices_by_customer["lido"]] == ["FD-4001"]
    assert BOOKS.invoice_by_message_id["<fd-3002@fernhill.example>"].number == "FD-3002"
    assert Books(issuer=BOOKS.issuer).invoices_by_customer == {}


def test_books_take_newer_versions_of_what_they_hold_and_what_is_new() -> None:
    newer, added = invoice("FD-3001", po=PO), invoice("FD-3099")
    same = BOOKS.with_changes([replace(LIDO, name="Lido")], [newer])
    assert (same.invoice_by_number["FD-3001"].po_number, same.customer_by_id["lido"].name) == (PO, "Lido")
    assert len(same.invoices) == len(BOOKS.invoices)
    assert same.catalogue.look_up("FD-3001") == BOOKS.catalogue.look_up("FD-3001")
    more = BOOKS.with_changes([], [added])
    assert more.catalogue.look_up("FD-3099") == Found(("FD-3099",), sure=True)
    assert BOOKS.invoice_by_number["FD-3001"].po_number is None


def test_totals_are_added_by_rate_and_rounded_once() -> None:
    def line(quantity: str, price: str, rate: str) -> Line:
        return Line(description="x", quantity=Decimal(quantity), unit_price=Decimal(price), tax_rate=Decimal(rate))

    lines = (line("3", "0.335", "19"), line("1", "0.05", "19"), line("2", "10", "7"), line("1", "1", "0"))
    taxed = replace(invoice("A-1", issue_date=date(2026, 1, 1)), lines=lines)
    assert lines[0].net == Decimal("1.01")
    assert taxed.net == Decimal("22.06")
    assert taxed.tax_by_rate == {Decimal(0): Decimal("0.00"), Decimal(7): Decimal("1.40"), Decimal(19): Decimal("0.20")}
    assert taxed.gross == Decimal("23.66")
