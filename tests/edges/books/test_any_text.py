"""Whatever text a file holds, it becomes books or a SetupError, never another exception."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.core.invoices import Books
from worker.edges.books import read_books
from worker.edges.books.csv_files import CUSTOMER_COLUMNS, INVOICE_COLUMNS, LINE_COLUMNS
from worker.errors import SetupError

FIELDS = sorted(
    {*CUSTOMER_COLUMNS, *INVOICE_COLUMNS, *LINE_COLUMNS, "lines", "policy", "issuer", "customers", "invoices", "description", "quantity"}
)
VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["2026-10-01", "EUR", "JPY", "1.190,00", "119.00", "a@b.example", "<a@b.example>", "45##", "auto", "paid", "yes", "a1", "100"]
    ),
)
CELLS = st.lists(st.lists(VALUES, max_size=8), max_size=5)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), inner, max_size=6),
    max_leaves=20,
)
HEADERS = st.lists(st.sampled_from([*CUSTOMER_COLUMNS, *INVOICE_COLUMNS, *LINE_COLUMNS]), min_size=1, max_size=10, unique=True)


def read_or_refuse(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "books"
        file.write_bytes(content)
        try:
            assert isinstance(read_books([file], known_customers={"a1"}), Books)
        except SetupError as error:
            assert str(error).encode().splitlines()[1:]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    read_or_refuse(content)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    read_or_refuse(text.encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from(["issuer", "customers", "invoices"]), TREES | st.lists(TREES, max_size=3)))
def test_any_json(tree: object) -> None:
    read_or_refuse(json.dumps(tree).encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=200)
@given(HEADERS, CELLS, st.sampled_from(",;\t"))
def test_any_rows_under_a_known_header(header: list[str], rows: list[list[str]], delimiter: str) -> None:
    lines = [delimiter.join(cells) for cells in (["number", *header], *rows)]
    read_or_refuse("\n".join(lines).encode("utf-8", "surrogatepass"))
