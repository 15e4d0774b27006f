"""Reads CSV files: one row a customer, or one row an invoice or each of its lines; the header tells which."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from worker.edges.books import cells
from worker.edges.books.problems import Place, Problems, unknown
from worker.edges.books.shelf import Shelf

CUSTOMER_COLUMNS = (
    "id",
    "name",
    "contacts",
    "domains",
    "networks",
    "requires_po",
    "po_format",
    "standing_po",
    "language",
    "address",
    "mode",
)
INVOICE_COLUMNS = ("number", "customer", "issue_date", "due_date", "currency", "total", "po_number", "status", "sent_message_ids", "notes")
LINE_COLUMNS = ("line_description", "line_quantity", "line_unit_price", "line_tax_rate")
_KNOWN = frozenset(CUSTOMER_COLUMNS + INVOICE_COLUMNS + LINE_COLUMNS)
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class _Row:
    """One row's filled cells by column, and the line it begins in."""

    line: int
    cells: dict[str, str]


def read(name: str, text: str, shelf: Shelf, problems: Problems) -> None:
    """Put what the file ``name`` holds onto ``shelf``; what is wrong goes to ``problems``."""
    delimiter = _delimiter(text)
    rows = _numbered(name, text, delimiter, problems)
    first = next(rows, None)
    if first is None:
        problems.add(f"{name}:1", "the file is empty; its first line must name the columns")
        return
    header = [_column(cell) for cell in first[1]]
    if "number" in header:
        _read_invoices(name, _rows(name, header, rows, problems, INVOICE_COLUMNS + LINE_COLUMNS, first[0]), shelf, problems)
    elif "id" in header:
        _read_customers(name, _rows(name, header, rows, problems, CUSTOMER_COLUMNS, first[0]), shelf)
    else:
        problems.add(
            f"{name}:{first[0]}",
            "the first line must name the columns: a file of invoices has a column number, one of customers a column id",
        )


def _delimiter(text: str) -> str:
    """The sign that cuts the header into the most columns that we know."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=lambda sign: sum(_column(cell.strip('" ')) in _KNOWN for cell in header.split(sign)))


def _column(cell: str) -> str:
    return "_".join(cell.strip().lower().split())


def _numbered(name: str, text: str, delimiter: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the line that it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            problems.add(f"{name}:{line}", f"is not CSV ({error}); look at the quotes")
            return
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1


def _rows(
    name: str, header: list[str], rows: Iterator[tuple[int, list[str]]], problems: Problems, known: tuple[str, ...], first_line: int
) -> Iterator[_Row]:
    if not _header_is_sound(f"{name}:{first_line}", header, known, problems):
        return
    for line, row in rows:
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            problems.add(
                f"{name}:{line}",
                f"has {len(row)} cells, but the header names {len(header)} columns; is a separator inside a cell not quoted?",
            )
            continue
        yield _Row(line, {column: cell.strip() for column, cell in zip(header, row, strict=False) if column and cell.strip()})


def _header_is_sound(where: str, header: list[str], known: tuple[str, ...], problems: Problems) -> bool:
    before = len(problems.found)
    for column in dict.fromkeys(header):
        if column and column not in known:
            problems.add(f"{where}: column {column}", unknown(column, known))
        elif column and header.count(column) > 1:
            problems.add(f"{where}: column {column}", "stands twice")
    return len(problems.found) == before


def _read_customers(name: str, rows: Iterator[_Row], shelf: Shelf) -> None:
    for row in rows:
        shelf.add_customer(cells.customer(row.cells), Place(f"{name}:{row.line}", ": "))


def _read_invoices(name: str, rows: Iterator[_Row], shelf: Shelf, problems: Problems) -> None:
    """Rows of one number are one invoice; what stands in a later row must agree with the first."""
    gathered: dict[str, list[_Row]] = {}
    for row in rows:
        if "number" not in row.cells:
            problems.add(f"{name}:{row.line}: number", "is missing; every line of an invoice repeats its number")
        else:
            gathered.setdefault(row.cells["number"], []).append(row)
    for first, *more in gathered.values():
        for row in more:
            _check_agreement(name, row, first, problems)
        record = cells.invoice(_part(first, INVOICE_COLUMNS))
        with_lines = [row for row in (first, *more) if _part(row, LINE_COLUMNS)]
        record["lines"] = [cells.line(_part(row, LINE_COLUMNS)) for row in with_lines]
        shelf.add_invoice(record, Place(f"{name}:{first.line}", ": "), [Place(f"{name}:{row.line}", ": line_") for row in with_lines])


def _part(row: _Row, columns: tuple[str, ...]) -> dict[str, str]:
    return {column: row.cells[column] for column in columns if column in row.cells}


def _check_agreement(name: str, row: _Row, first: _Row, problems: Problems) -> None:
    number = row.cells["number"]
    if not _part(row, LINE_COLUMNS):
        problems.add(f"{name}:{row.line}: number", f"invoice {number} stands already at line {first.line}, and this row adds no line to it")
    for column, cell in _part(row, INVOICE_COLUMNS).items():
        if cell != first.cells.get(column):
            problems.add(f"{name}:{row.line}: {column}", f"is not what line {first.line} says of invoice {number}")
