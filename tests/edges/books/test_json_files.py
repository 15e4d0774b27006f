"""books.json: what is read, and every mistake told with its path."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from worker.core.invoices import Issuer, Line, Mode, Status
from worker.edges.books import read_books
from worker.errors import SetupError

CUSTOMER: dict[str, Any] = {"id": "havn", "name": "Havn Shipping A/S", "contacts": ["ap@havn.example"]}
INVOICE: dict[str, Any] = {
    "number": "LD-7001",
    "customer": "havn",
    "issue_date": "2026-10-01",
    "due_date": "2026-10-31",
    "currency": "EUR",
    "total": "119.00",
}
LINE = {"description": "Illustration", "quantity": "1", "unit_price": "100.00", "tax_rate": "19"}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a books.json of customers and invoices, or of any text."""

    def write_books(*, customers: object = (CUSTOMER,), invoices: object = (), text: str | None = None, **more: object) -> Path:
        file = tmp_path / "books.json"
        file.write_text(text if text is not None else json.dumps({"customers": customers, "invoices": invoices, **more}), encoding="utf-8")
        return file

    return write_books


def problems(file: Path) -> list[str]:
    with pytest.raises(SetupError) as error:
        read_books([file])
    return [line.removeprefix(str(file)) for line in str(error.value).splitlines()[1:]]


def test_the_example_in_the_documentation_is_read_as_it_stands(write: Write) -> None:
    documentation = Path(__file__).parents[3] / "docs" / "books.md"
    [example] = re.findall(r"```json\n(.*?)```", documentation.read_text(encoding="utf-8"), re.DOTALL)
    books = read_books([write(text=example)])
    assert books.issuer == Issuer(
        name="Lindqvist & Daughters",
        addresses=("billing@lindqvist.example", "ida@lindqvist.example"),
        mailbox="billing@lindqvist.example",
        trusted_authserv="mx.lindqvist.example",
    )
    [customer], [invoice] = books.customers, books.invoices
    assert (customer.contacts, customer.po_format, customer.standing_po) == (("ap@havn.example", "mette@havn.example"), "45########", None)
    assert (customer.mode, customer.address[-1]) == (Mode.SUGGEST, "2100 København Ø")
    assert (invoice.issue_date, invoice.total, invoice.status) == (date(2026, 10, 1), Decimal("1000.13"), Status.ISSUED)
    illustration = Line(description="Illustration, October", quantity=Decimal(2), unit_price=Decimal("400.05"), tax_rate=Decimal(25))
    assert invoice.lines == (illustration,)


def test_the_least_that_books_need_is_little(write: Write) -> None:
    books = read_books([write(invoices=[INVOICE])])
    assert books.issuer == Issuer(name="")
    assert books.invoice_by_number["LD-7001"].po_number is None
    assert read_books([write(text="{}")]).invoices == ()


def test_addresses_and_domains_are_compared_in_lower_case(write: Write) -> None:
    [customer] = read_books([write(customers=[{**CUSTOMER, "contacts": ["AP@Havn.Example"], "domains": ["HAVN.example"]}])]).customers
    assert (customer.contacts, customer.domains) == (("ap@havn.example",), ("havn.example",))


def test_a_po_number_is_kept_exactly_as_written(write: Write) -> None:
    [invoice] = read_books([write(invoices=[{**INVOICE, "po_number": "007/ä-B 1"}])]).invoices
    assert invoice.po_number == "007/ä-B 1"


def test_an_amount_as_a_json_number_loses_nothing(write: Write) -> None:
    text = json.dumps({"customers": [CUSTOMER], "invoices": [{**INVOICE, "total": 0}]}).replace('"total": 0', '"total": 0.10')
    assert str(read_books([write(text=text)]).invoices[0].total) == "0.10"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"contcts": []}, "contcts: unknown; did you mean contacts?"),
        ({"id": None}, "id: is missing"),
        ({"name": "  "}, "name: must not be empty"),
        ({"name": 7}, "name: must be a text"),
        ({"name": "x" * 201}, "name: is longer than 200 characters"),
        ({"name": "Havn\u202eA/S"}, "name: holds a line break or an invisible character; type it anew in one line"),
        ({"contacts": "ap@havn.example"}, "contacts: must be a list"),
        ({"contacts": ["ap.havn.example"]}, "contacts: 'ap.havn.example' is not an e-mail address"),
        ({"contacts": ["ap@havn"]}, "contacts: 'ap@havn' is not an e-mail address"),
        ({"domains": ["@havn.example"]}, "domains: '@havn.example' is not a mail domain such as example.com"),
        ({"domains": ["com"]}, "domains: 'com' is not a mail domain such as example.com"),
        ({"domains": ["gmail.com"]}, "domains: anybody can have an address at gmail.com; put the person's address under contacts instead"),
        ({"networks": ["SAP Ariba"]}, "networks: 'SAP Ariba' is not the short name of a network, such as ariba"),
        ({"requires_po": "yes"}, "requires_po: must be true or false"),
        (
            {"po_format": "45[0-9]{8}"},
            "po_format: '45[0-9]{8}' looks like a regular expression; write # for a digit, @ for a letter, and anything",
        ),
        (
            {"po_format": "4500000000"},
            "po_format: '4500000000' has neither # (a digit) nor @ (a letter), so it would allow one single number",
        ),
        ({"po_format": "45##", "standing_po": "99"}, "standing_po: 99 does not have the format 45## of the customer's po_format"),
        ({"language": "German"}, "language: 'German' is not a language code such as en or de"),
        ({"address": [""]}, "address: must not be empty"),
        ({"policy": {"mode": "autopilot"}}, "policy.mode: 'autopilot' is none of observe, suggest, auto"),
        ({"policy": {"mod": "auto"}}, "policy.mod: unknown; did you mean mode?"),
        ({"policy": "auto"}, "policy: must be a table of fields"),
    ],
)
def test_a_mistake_in_a_customer_is_told_with_its_path(write: Write, change: dict[str, object], told: str) -> None:
    [problem] = problems(write(customers=[{**CUSTOMER, **change}]))
    assert problem.startswith(f": customers[0].{told}")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"number": None}, "number: is missing"),
        ({"customer": "ghost"}, "customer: there is no customer 'ghost' in these files or in the books so far"),
        ({"issue_date": "01.10.2026"}, "issue_date: '01.10.2026' is not a date; write it as 2026-12-31"),
        ({"issue_date": "20261001"}, "issue_date: '20261001' is not a date"),
        ({"issue_date": "2026-02-30"}, "issue_date: '2026-02-30' is not a date"),
        ({"issue_date": 20261001}, "issue_date: '20261001' is not a date"),
        ({"due_date": "2026-09-30"}, "due_date: 2026-09-30 is before the issue date 2026-10-01"),
        ({"currency": "Euro"}, "currency: 'Euro' is not a currency code of ISO 4217"),
        ({"total": "1.190,00"}, "total: '1.190,00' is not an amount; write it as 1234.50"),
        ({"total": True}, "total: 'True' is not an amount"),
        ({"total": "1e3"}, "total: '1e3' is not an amount"),
        ({"total": "9" * 30}, f"total: '{'9' * 30}' is not an amount"),
        ({"total": "-5.00"}, "total: -5.00 is below zero; a credit note is not an invoice"),
        ({"total": "119.001"}, "total: 119.001 has more decimals than EUR has"),
        ({"currency": "JPY", "total": "119.5"}, "total: 119.5 has more decimals than JPY has"),
        ({"status": "open"}, "status: 'open' is none of issued, paid, void"),
        ({"sent_message_ids": ["a@b"]}, "sent_message_ids: 'a@b' is not a Message-ID such as <a1@example.com>"),
        ({"lines": {}}, "lines: must be a list"),
        ({"lines": [LINE, {**LINE, "tax_rate": "119"}]}, "lines[1].tax_rate: 119 is not a rate in percent from 0 to 100"),
        ({"lines": [{**LINE, "unit": "h"}]}, "lines[0].unit: unknown"),
        ({"lines": [{**LINE, "unit_price": "100.01"}]}, "total: 119.00 is not what the lines and their tax add up to (119.01)"),
        ({"paid": True}, "paid: unknown; known are"),
    ],
)
def test_a_mistake_in_an_invoice_is_told_with_its_path(write: Write, change: dict[str, object], told: str) -> None:
    [problem] = problems(write(invoices=[{**INVOICE, **change}]))
    assert problem.startswith(f": invoices[0].{told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"customers": [\n{"id": "a" "b"}]}', ":2: is not JSON"),
        ("[1, 2]", ": must be a table with issuer, customers, invoices"),
        ('{"customrs": []}', ": customrs: unknown; did you mean customers?"),
        ('{"customers": {}}', ": customers: must be a list"),
        ('{"\\ud800": 1}', ": ?: unknown; known are issuer, customers, invoices"),
        ('{"customers": 5}', ": customers: must be a list"),
        ('{"customers": [5]}', ": customers[0]: must be a table of fields"),
        ('{"issuer": []}', ": issuer: must be a table of fields"),
        ('{"invoices": [], "invoices": []}', ": the field invoices stands twice in one table"),
        ('{"invoices": [{"total": NaN}]}', ": NaN is not an amount"),
        ("[" * 100_000, ": is nested too deeply to be books"),
    ],
)
def test_a_file_of_the_wrong_make_is_told_of(write: Write, text: str, told: str) -> None:
    assert problems(write(text=text))[0].startswith(told)


def test_an_issuer_in_two_files_is_one_too_many(write: Write, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"issuer": {"name": "Lindqvist"}}')
    with pytest.raises(SetupError, match="issuer: stands in two files; keep one"):
        read_books([other, write(issuer={"name": "Lindqvist & Daughters"})])


def test_every_mistake_is_told_at_once_and_nothing_is_read(write: Write) -> None:
    broken = write(
        customers=[{**CUSTOMER, "contcts": []}], invoices=[{**INVOICE, "total": "?"}, {**INVOICE, "number": "LD-7002", "currency": "?"}]
    )
    assert len(problems(broken)) == 3


def test_two_of_one_name_are_told_with_the_place_of_the_first(write: Write) -> None:
    customer, invoice = problems(write(customers=[CUSTOMER, CUSTOMER], invoices=[INVOICE, {**INVOICE, "total": "5"}]))
    assert customer.startswith(": customers[1].id: 'havn' stands already at ") and customer.endswith("books.json: customers[0]")
    assert invoice.startswith(": invoices[1].number: 'LD-7001' stands already at ")


@pytest.mark.parametrize(
    ("lines", "currency", "total"),
    [
        # Three lines of 0.335 tax each: rounded once 1.01, rounded a line 3 x 0.34 = 1.02.
        ([("1", "1.675", "20")] * 3, "EUR", "6.05"),
        ([("1", "1.675", "20")] * 3, "EUR", "6.06"),
        ([("3", "33.335", "0")], "EUR", "100.01"),
        ([("1", "100.00", "19"), ("1", "-10.00", "19")], "EUR", "107.10"),
        ([("1", "1005", "10")], "JPY", "1106"),
        ([("1", "1005", "10")], "JPY", "1105"),
        ([("1", "1.0005", "0")], "KWD", "1.001"),
    ],
)
def test_a_total_may_round_its_tax_for_each_rate_or_for_each_line(
    write: Write, lines: list[tuple[str, str, str]], currency: str, total: str
) -> None:
    written = [{"description": "x", "quantity": quantity, "unit_price": price, "tax_rate": rate} for quantity, price, rate in lines]
    [invoice] = read_books([write(invoices=[{**INVOICE, "currency": currency, "total": total, "lines": written}])]).invoices
    assert str(invoice.total) == total


def test_a_total_off_by_a_cent_in_either_way_of_rounding_is_refused(write: Write) -> None:
    written = [{"description": "x", "quantity": "1", "unit_price": "1.675", "tax_rate": "20"}] * 3
    [problem] = problems(write(invoices=[{**INVOICE, "total": "6.07", "lines": written}]))
    assert "add up to (6.05 or 6.06)" in problem


def test_invoices_may_be_of_customers_known_from_before(write: Write) -> None:
    file = write(customers=[], invoices=[INVOICE])
    assert read_books([file], known_customers={"havn"}).invoices[0].customer == "havn"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"absent\.json can't be read \(No such file or directory\)"):
        read_books([tmp_path / "absent.json"])
