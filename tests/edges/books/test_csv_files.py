"""CSV books: columns by their header, amounts by their only reading, and every bad line by its number."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from worker.core.invoices import Mode, Status
from worker.edges.books import read_books
from worker.edges.books.cells import plain_amount
from worker.errors import SetupError

HEADER = "number;customer;issue_date;due_date;currency;total;line_description;line_quantity;line_unit_price;line_tax_rate"
ROW = "LD-7001;havn;2026-10-01;2026-10-31;EUR;119.00;;;;"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_lines(*lines: str, name: str = "invoices.csv", encoding: str = "utf-8", end: str = "\n") -> Path:
        file = tmp_path / name
        file.write_bytes(end.join((*lines, "")).encode(encoding))
        return file

    return write_lines


def problems(*files: Path) -> list[str]:
    with pytest.raises(SetupError) as error:
        read_books(files, known_customers={"havn"})
    return [line.rpartition("/")[2] for line in str(error.value).splitlines()[1:]]


def test_customers_and_invoices_come_from_two_files_in_any_order(write: Write) -> None:
    invoices = write(HEADER, ROW)
    customers = write(
        "id,name,contacts,domains,networks,requires_po,po_format,standing_po,language,address,mode",
        '"havn","Havn, Shipping",AP@havn.example m@havn.example,havn.example,ariba coupa,'
        "Yes,45########,4500000000,de,Kajgade 4 | 2100 København,auto",
        name="customers.csv",
    )
    books = read_books([invoices, customers])
    [customer] = books.customers
    assert (customer.name, customer.contacts, customer.networks) == (
        "Havn, Shipping",
        ("ap@havn.example", "m@havn.example"),
        ("ariba", "coupa"),
    )
    assert (customer.requires_po, customer.po_format, customer.standing_po) == (True, "45########", "4500000000")
    assert (customer.language, customer.address, customer.mode) == ("de", ("Kajgade 4", "2100 København"), Mode.AUTO)
    assert books.invoices[0].total == Decimal("119.00")


def test_rows_of_one_number_are_the_lines_of_one_invoice(write: Write) -> None:
    file = write(
        HEADER,
        "LD-1;havn;2026-10-01;2026-10-31;EUR;369.00;Cover;1;100.00;19",
        "LD-2;havn;2026-10-01;2026-10-31;EUR;5.00;;;;",
        "LD-1;;;;;;Proofs;2;125.00;0",
    )
    first, second = read_books([file], known_customers={"havn"}).invoices
    assert [(line.description, line.quantity, line.unit_price) for line in first.lines] == [("Cover", 1, 100), ("Proofs", 2, 125)]
    assert (second.number, second.lines) == ("LD-2", ())


def test_the_optional_columns_of_an_invoice_are_read(write: Write) -> None:
    header = "Number,Customer,Issue date,Due date,Currency,Total,PO number,Status,Sent message IDs,Notes"
    row = "A-1,havn,2026-10-01,2026-10-31,EUR,5,007/A,paid,<a@x.example> <b@x.example>,Thank you | See you"
    [invoice] = read_books([write(header, row)], known_customers={"havn"}).invoices
    assert (invoice.po_number, invoice.status, invoice.notes) == ("007/A", Status.PAID, ("Thank you", "See you"))
    assert invoice.sent_message_ids == ("<a@x.example>", "<b@x.example>")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_file_may_come_as_spreadsheets_write_it(write: Write, delimiter: str, encoding: str, end: str) -> None:
    lines = [line.replace(";", delimiter) for line in (HEADER, "LD-ä;havn;2026-10-01;2026-10-31;EUR;5.00;;;;", "", ";;;;;;;;;")]
    [invoice] = read_books([write(*lines, encoding=encoding, end=end)], known_customers={"havn"}).invoices
    assert invoice.number == "LD-ä"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1234.50", "1234.50"),
        ("-5", "-5"),
        ("1.234", "1.234"),
        ("1234,5", "1234.5"),
        ("1234,50", "1234.50"),
        ("0,1234", "0.1234"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567,8", "1234567.8"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("-1.234,50", "-1234.50"),
        ("1.234,567", "1234.567"),
    ],
)
def test_an_amount_that_has_one_reading_is_read(written: str, read: str) -> None:
    assert plain_amount(written) == read


@pytest.mark.parametrize(
    ("written", "told"), [("1,234", "two ways"), ("-1,234", "two ways"), ("12,34,567", "not an amount"), ("1.23.4,5", "not an amount")]
)
def test_an_amount_that_has_two_readings_or_none_is_refused(written: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        plain_amount(written)


@pytest.mark.parametrize(
    "written", ["1 234.50", "1'234.50", "€5", "5 EUR", "NaN", "1e5", "٣", ".", ",", "-", "1..2", "1,", "--1", "1234,567.0"]
)
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        plain_amount(written)


def test_every_bad_line_is_told_with_its_number_and_column(write: Write) -> None:
    file = write(
        HEADER,
        "",
        "LD-1;havn;2026-10-01;2026-10-31;EUR;1,190;;;;",
        'LD-2;havn;2026-10-01;2026-10-31;EUR;5.00;"two',
        'lines";1;5.00;0',
        "LD-3;ghost;1.10.2026;2026-10-31;EUX;5.00;;;;",
        "LD-4;havn;2026-10-01;2026-10-31;EUR;9.00;x;1;five;0",
        "LD-4;;;;USD;;;2;4.00;0",
        ";havn;2026-10-01;2026-10-31;EUR;9.00;;;;",
        "LD-5;havn;2026-10-01;2026-10-31;EUR;9.00;;;;;surplus",
        "LD-2;;;;;;;;;",
    )
    assert problems(file) == [
        "invoices.csv:9: number: is missing; every line of an invoice repeats its number",
        "invoices.csv:10: has 11 cells, but the header names 10 columns; is a separator inside a cell not quoted?",
        "invoices.csv:3: total: '1,190' can be read in two ways; write it with a decimal point and without thousands separators",
        "invoices.csv:11: number: invoice LD-2 stands already at line 4, and this row adds no line to it",
        "invoices.csv:4: line_description: holds a line break or an invisible character; type it anew in one line",
        "invoices.csv:6: issue_date: '1.10.2026' is not a date; write it as 2026-12-31",
        "invoices.csv:6: currency: 'EUX' is not a currency code of ISO 4217, such as EUR or USD",
        "invoices.csv:8: currency: is not what line 7 says of invoice LD-4",
        "invoices.csv:7: line_unit_price: 'five' is not an amount; write it as 1234.50",
        "invoices.csv:8: line_description: is missing",
    ]


def test_an_invoice_that_stands_in_two_files_is_told_of(write: Write) -> None:
    with pytest.raises(SetupError, match=r"more\.csv:2: number: 'LD-7001' stands already at .*invoices\.csv:2"):
        read_books([write(HEADER, ROW), write(HEADER, ROW, name="more.csv")], known_customers={"havn"})


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((), "invoices.csv:1: the file is empty; its first line must name the columns"),
        (
            ("a;b", "1;2"),
            "invoices.csv:1: the first line must name the columns: a file of invoices has a column number, one of customers a column id",
        ),
        (("", "number;custommer", "1;2"), "invoices.csv:2: column custommer: unknown; did you mean customer?"),
        (("number;total;Total", "1;2;3"), "invoices.csv:1: column total: stands twice"),
        (("id;name;number",), "invoices.csv:1: column id: unknown"),
        (("number;total", '"1;2'), "invoices.csv:2: is not CSV (unexpected end of data); look at the quotes"),
        (("number;total", '"1"x;2'), "invoices.csv:2: is not CSV"),
    ],
)
def test_a_file_of_the_wrong_make_is_told_of(write: Write, lines: tuple[str, ...], told: str) -> None:
    assert problems(write(*lines))[0].startswith(told)


def test_a_file_in_an_old_encoding_is_told_of_with_the_line(write: Write) -> None:
    assert problems(write(HEADER, ROW, ROW.replace("7001", "ä"), encoding="latin-1")) == [
        "invoices.csv:3: is not UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8)"
    ]


@pytest.mark.parametrize(("cell", "told"), [("ja", "'ja' is neither yes nor no"), ("2", "'2' is neither yes nor no")])
def test_a_yes_or_no_is_nothing_else(write: Write, cell: str, told: str) -> None:
    assert problems(write("id,name,requires_po,mode", f"a,A,{cell},never")) == [
        f"invoices.csv:2: requires_po: {told}",
        "invoices.csv:2: policy: mode: 'never' is none of observe, suggest, auto",
    ]
