"""The invoices of a customer by what a mail may say of them, and customers by address and name, each held against asking every one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.core.samples import AP, BOOKS, LIDO, QUARRY, TANNERY, invoice
from worker.core import directories
from worker.core.amounts import Amount
from worker.core.directories import Directory
from worker.core.invoices import Customer, Invoice, Status
from worker.core.receivables import Receivables

ALL = (
    invoice("A-1", total="480.50"),
    invoice("A-2", total="99.00", issue_date=date(2026, 9, 15)),
    invoice("A-3", total="480.50", currency="USD"),
    invoice("A-4", total="480.50", status=Status.PAID),
    invoice("A-5", total="120.00", po="PO 00-7"),
)


def numbers_of(found: tuple[Invoice, ...]) -> list[str]:
    return [invoice.number for invoice in found]


@pytest.mark.parametrize(
    ("readings", "currencies", "found"),
    [
        (["480.5"], ["EUR"], ["A-1"]),
        (["480.50"], ["USD", "CAD"], ["A-3"]),
        (["480.50"], ["EUR", "USD"], ["A-1", "A-3"]),
        (["480.50"], [], []),
        (["480.51"], ["EUR"], []),
        (["1.296", "99"], ["EUR"], ["A-2"]),
    ],
)
def test_an_amount_fits_the_issued_invoices_of_its_value_and_currency(readings: list[str], currencies: list[str], found: list[str]) -> None:
    amount = Amount(tuple(map(Decimal, readings)), tuple(currencies))
    assert numbers_of(Receivables(ALL).over([amount])) == found


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ((None, 9, 15), ["A-2"]),
        ((2026, 9, 15), ["A-2"]),
        ((2025, 9, 15), []),
        ((None, 15, 9), []),
        ((None, 10, 1), ["A-1", "A-3", "A-5"]),
    ],
)
def test_a_date_fits_the_issued_invoices_of_a_day_whose_year_it_does_not_contradict(
    day: tuple[int | None, int, int], found: list[str]
) -> None:
    assert numbers_of(Receivables(ALL).of_days([day])) == found


def test_paid_invoices_are_neither_issued_nor_without_a_purchase_order() -> None:
    assert numbers_of(Receivables(ALL).issued) == ["A-1", "A-2", "A-3", "A-5"]
    assert numbers_of(Receivables(ALL).without_po) == ["A-1", "A-2", "A-3"]


def test_a_purchase_order_is_shown_however_it_is_spelt_and_a_sum_also_of_paid_ones() -> None:
    assert Receivables(ALL).shows("po00-7")
    assert not Receivables(ALL).shows("PO 007")
    assert Receivables((invoice("A-4", total="12.00", status=Status.PAID),)).comes_to(Amount((Decimal(12),), ("EUR",)))
    assert not Receivables(ALL).comes_to(Amount((Decimal("480.50"),)))


def test_books_know_the_receivables_of_each_customer_and_of_nobody() -> None:
    assert BOOKS.receivables(TANNERY).invoices == BOOKS.invoices_by_customer["tannery"]
    assert BOOKS.receivables(TANNERY) is BOOKS.receivables(TANNERY)
    assert BOOKS.receivables(None).invoices == ()
    assert BOOKS.receivables(Customer(id="new", name="New")).issued == ()


DOMAINS = st.sampled_from(["a.example", "b.a.example", "c.example", "example"])


@given(
    st.lists(st.tuples(st.lists(st.sampled_from(["x@a.example", "y@c.example"]), max_size=2), st.lists(DOMAINS, max_size=2)), max_size=5),
    st.sampled_from(["x@a.example", "z@a.example", "z@q.b.a.example", "y@c.example", "n@xa.example", "odd"]),
)
def test_the_owner_of_an_address_is_the_one_that_asking_every_customer_finds(told: list[tuple[list[str], list[str]]], email: str) -> None:
    customers = [
        Customer(id=str(place), name=f"Customer {place}", contacts=tuple(contacts), domains=tuple(domains))
        for place, (contacts, domains) in enumerate(told)
    ]
    owners = [customer for customer in customers if customer.owns(email)]
    chosen = [customer for customer in owners if email in customer.contacts] or owners
    assert Directory(customers).owner(email) == (chosen[0] if len(chosen) == 1 else None)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Dear supplier of Lido Baths plc,", {"lido"}),
        ("for lido  BATHS and Tannery Works", {"lido", "tannery"}),
        ("Quarry & Daughters", {"quarry"}),
        ("Quarry and daughters", set()),
        ("the tannery works late", {"tannery"}),
        ("lido", set()),
        ("", set()),
    ],
)
def test_customers_are_known_by_their_names_with_or_without_their_legal_form(text: str, named: set[str]) -> None:
    assert Directory([TANNERY, LIDO, QUARRY]).named(text).keys() == named


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("灯台工房株式会社 (Lighthouse Works Co., Ltd.)", "Supplier: Lighthouse Works Co., Ltd.", True),
        ("灯台工房株式会社 (Lighthouse Works Co., Ltd.)", "灯台工房 御中", True),
        ("Harbour Toys Limited 港灣玩具有限公司", "港灣玩具有限公司", True),
        ("Harbour Toys (Deutschland) GmbH", "Deutschland", False),
        ("恒光电子（苏州）有限公司", "苏州有限公司", False),
    ],
)
def test_a_company_with_names_in_two_scripts_is_known_by_either(name: str, text: str, named: bool) -> None:
    assert directories.named(text, name) is named


NAMES = [
    "Lido Baths plc",
    "B&B GmbH",
    "Straße & Söhne AG",
    "İzmir Ltd",
    "The Mill",
    "Ærø Møller ApS",
    "灯台工房株式会社 (Lighthouse Works Co., Ltd.)",
    "O'Neil_Works",
]
WORDS = st.sampled_from([*" \n.,_&'", *(word for name in NAMES for word in name.split()), "lido", "STRASSE", "izmir", "ﬁ", "ｂ＆ｂ"])


@given(st.lists(WORDS, max_size=12).map(" ".join), st.sampled_from([NAMES, NAMES[:6]]))
@example("STRASSE & SÖHNE", NAMES[:6])
@example("ｌｉｄｏ Baths", NAMES[:6])
@example("ærø møller", NAMES[:6])
def test_the_customers_named_are_those_that_asking_for_every_name_finds(text: str, names: list[str]) -> None:
    customers = [Customer(id=str(place), name=name, contacts=()) for place, name in enumerate(names)]
    assert Directory(customers).named(text).keys() == {customer.id for customer in customers if directories.named(text, customer.name)}


def test_customers_of_the_same_name_are_all_named() -> None:
    twin = replace(LIDO, id="twin")
    assert Directory([LIDO, twin]).named("Lido Baths").keys() == {"lido", "twin"}
    assert Directory([TANNERY]).owner(AP) == TANNERY
