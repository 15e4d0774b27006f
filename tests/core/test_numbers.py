"""The numbers in a text told apart, our invoices found in every usual writing, and every place of them kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import rulebook
from worker.core import claims, numbers, readings, texts
from worker.core.catalogues import Catalogue, Found
from worker.core.numbers import Kind
from worker.core.patterns import MARKS
from worker.core.readings import Piece, Source

OURS = Catalogue(["FD-3001", "FD-3002", "2026/104", "2026/105", "RE2026-0187", "481516", "77", "AB-90210"])
TEXTS = st.text(st.sampled_from("FD-3001 2026/104 4500123456 .,:;/#-_|\n\t¶€EURPOpo@xy12٣　０\u200b\u202e?!"), max_size=120)


def found(text: str) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(text[start:end], hit.invoices, hit.sure) for start, end, hit in OURS.find(text)]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind.value, token.text) for token in numbers.scan(text, OURS, rulebook().lexicon.months)]


# Invoices


@pytest.mark.parametrize("written", ["FD-3001", "fd-3001", "FD 3001", "FD3001", "FD/3001", "FD: 3001", "FD.3001", "FD #3001", "Fd-3001"])
def test_an_invoice_number_is_known_in_any_usual_writing(written: str) -> None:
    assert found(f"about {written}, please") == [(written, ("FD-3001",), True)]


@pytest.mark.parametrize(
    ("written", "invoice"),
    [("3001", "FD-3001"), ("0187", "RE2026-0187"), ("187", "RE2026-0187"), ("104", "2026/104"), ("90210", "AB-90210")],
)
def test_its_last_digits_alone_may_mean_it_but_are_not_sure(written: str, invoice: str) -> None:
    assert found(f"about {written}") == [(written, (invoice,), False)]


def test_the_last_two_groups_are_known_too() -> None:
    assert found("2026-0187") == [("2026-0187", ("RE2026-0187",), False)]
    assert found("2026/104") == [("2026/104", ("2026/104",), True)]


@pytest.mark.parametrize("written", ["FD-9999", "FD 9999", "AB-11111", "FD-30011", "FD-03001", "FD-3001-1"])
def test_a_number_written_like_ours_that_is_none_of_ours_is_told(written: str) -> None:
    assert found(written) == [(written, (), True)]


@pytest.mark.parametrize("written", ["FDX", "3", "01", "FD", "4500123456", "XFD-3001", "FD-300111", "FD-300", "13001", "30012", ""])
def test_a_number_that_only_holds_ours_is_none(written: str) -> None:
    assert found(written) == []


def test_several_numbers_joined_by_slashes_are_read_one_by_one_where_each_is_ours() -> None:
    assert found("FD-3001/FD-3002") == [("FD-3001", ("FD-3001",), True), ("FD-3002", ("FD-3002",), True)]
    assert found("FD-3001/77-12") == []


def test_a_short_or_purely_numeric_number_is_sure_only_when_it_is_long() -> None:
    assert OURS.look_up("481516") == Found(("481516",), sure=True)
    assert OURS.look_up("77") == Found(("77",), sure=False)


def test_last_digits_that_two_invoices_share_mean_both() -> None:
    assert Catalogue(["A-500", "B-500"]).look_up("500") == Found(("A-500", "B-500"), sure=False)


def test_an_empty_catalogue_finds_nothing() -> None:
    assert list(Catalogue([]).find("FD-3001 4500123456")) == []


@given(st.lists(st.text(max_size=12), max_size=5), st.text(max_size=60))
def test_no_invoice_number_and_no_text_breaks_the_catalogue(ours: list[str], text: str) -> None:
    last = 0
    for start, end, hit in Catalogue(ours).find(text):
        assert last <= start < end <= len(text)
        assert set(hit.invoices) <= set(ours)
        last = end


@given(st.from_regex(r"[A-Z]{2,4}-[0-9]{4,8}", fullmatch=True), st.sampled_from(["{}", "({})", "{}.", "nr {},", "<{}>", "\n{}\n"]))
def test_any_number_of_ours_is_found_as_it_stands(number: str, around: str) -> None:
    assert [hit.invoices for _, _, hit in Catalogue([number]).find(around.format(number))] == [(number,)]


@pytest.mark.parametrize("number", ["7", "A-12", "12/3", "5-0"])
def test_a_number_of_few_figures_is_found_beside_longer_ones(number: str) -> None:
    few = Catalogue(["FD-3001", "2026/104", number])
    assert [hit.invoices for _, _, hit in few.find(f"Please pay {number}, not 99 of the 3 others.")] == [(number,)]


def test_the_last_digits_of_a_number_are_found_though_every_number_has_more() -> None:
    assert [hit.invoices for _, _, hit in Catalogue(["2026/104", "2026/105"]).find("invoice 104")] == [("2026/104",)]


# All numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PO 4500123456 for FD-3001", [("code", "4500123456"), ("invoice", "FD-3001")]),
        ("on 22 November 2026 over EUR 4,800.00", [("date", "22 November 2026"), ("amount", "EUR 4,800.00")]),
        ("order 2026/104 of 2026/11/22", [("invoice", "2026/104"), ("date", "2026/11/22")]),
        ("A-17/B", []),
        ("12", []),
        ("PO-000123", [("code", "PO-000123")]),
        ("X/2026/77-1", [("code", "X/2026/77-1")]),
        ("4500123456.", [("code", "4500123456")]),
        ("4500123456.10", [("code", "4500123456.10")]),
    ],
)
def test_numbers_are_told_apart(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://portal.example/po/4500123456?x=FD-3001",
        "www.example.com/4500123456",
        "po4500123456@tannery.example",
        "<mailto:4500123456@x.example>",
        "+49 (30) 4500-123456",
        "+1 450 012 3456",
    ],
)
def test_addresses_links_and_phone_numbers_are_no_numbers(text: str) -> None:
    assert kinds(text) == []


def piece(text: str, po_format: str | None = None, source: Source = Source.NEW) -> Piece:
    formats = (claims.format_finder(po_format),) if po_format else ()
    return readings.read(source, text, catalogue=OURS, lexicon=rulebook().lexicon, formats=formats)


@given(TEXTS, st.sampled_from([None, "45########", "@@-##", "#", "45 ## ##"]))
def test_every_number_has_its_place_in_the_text_and_in_the_marked_text(text: str, po_format: str | None) -> None:
    read = piece(text, po_format)
    assert texts.clean(read.text) == read.text
    last = 0
    for placed in read.placed:
        token = placed.token
        assert read.text[token.start : token.end] == token.text
        assert read.marked[placed.start : placed.end] == MARKS[token.kind]
        assert last <= token.start < token.end
        assert token.text in read.line(placed) or "\n" in token.text
        assert read.marked[: placed.start].endswith(read.before(placed, 10))
        assert len(read.before(placed, 10)) <= 10
        assert read.after(placed, 10) == read.marked[placed.end : placed.end + 10]
        assert 0 <= read.row_of(placed) < len(read.rows())
        assert read.sentence_of(placed.start) <= len(read.breaks)
        assert len(read.sentences_from(placed, 3)) >= len(read.sentences_from(placed, 1))
        last = token.end
    unmarked = read.marked
    for placed in reversed(read.placed):
        unmarked = unmarked[: placed.start] + placed.token.text + unmarked[placed.end :]
    assert unmarked == read.text


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    read = piece(text, "45########")
    assert [start for start, _ in read.sentences][1:] == [end for _, end in read.sentences][:-1] == list(read.breaks)
    assert "".join(read.marked[start:end] for start, end in read.sentences) == read.marked


def test_an_endless_text_is_read_to_a_bound() -> None:
    assert len(piece("4500123456 " * 20_000).text) < 60_001


def test_blank_lines_part_paragraphs_and_wide_gaps_part_columns() -> None:
    assert readings.tidy("  one   two \n\n \n three  four\n\n") == "one\ttwo\n¶\nthree four"
    assert readings.tidy("| a | b |\na | b") == "a\tb\na | b"
    read = piece("First FD-3001. Second 4500123456! Nr. 77 stays\n\nThird")
    assert [read.marked[start:end].strip(" \n¶") for start, end in read.sentences] == ["First ¤i.", "Second ¤c!", "Nr. ¤i stays", "Third"]
    assert [read.as_written(*span) for span in read.sentences] == ["First FD-3001.", "Second 4500123456!", "Nr. 77 stays", "Third"]


def test_a_number_stands_in_a_sentence_a_row_and_a_line() -> None:
    read = piece("Head\nFD-3001 - 4500123456\nA tail. More. Much more.\n\nAnd again FD-3002")
    code = next(read.of(Kind.CODE))
    assert (read.line(code), read.row_of(code)) == ("FD-3001 - 4500123456", 1)
    assert read.sentences_from(code, 2).endswith("A tail. More.")
    assert "again" not in read.sentences_from(code, 9)


@pytest.mark.parametrize(
    ("po_format", "text", "expected"),
    [
        ("45########", "4500123456", ["4500123456"]),
        ("45########", "4500 123 456", ["4500 123 456"]),
        ("45########", "4 5 0 0 1 2 3 4 5 6", ["4 5 0 0 1 2 3 4 5 6"]),
        ("45########", "(4500123456)", ["4500123456"]),
        ("45########", "45001234567 145001234567 4500123456-1 4500123456/1 x4500123456 4500123456x 1.4500123456 4500123456.1", []),
        ("45########", "4500123456,4500987654", []),
        ("45########", "4500123456, 4500987654", ["4500123456", "4500987654"]),
        ("45########", "4500\n123456", []),
        ("45########", "4500  123456", []),
        ("@@-####", "ab-1234 AB-1234 A-1234 ÄB-1234", ["ab-1234", "AB-1234"]),
        ("PO.#", "PO.1 PO21", ["PO.1"]),
        ("a+b(#)", "a+b(1)", ["a+b(1)"]),
        ("#", "٣ 3", ["3"]),
    ],
)
def test_a_formats_numbers_are_found_standing_alone_with_single_spaces_inside(po_format: str, text: str, expected: list[str]) -> None:
    assert claims.format_finder(po_format).findall(text) == expected


@given(st.text(min_size=1, max_size=12), st.text(max_size=80))
def test_any_format_makes_a_pattern(po_format: str, text: str) -> None:
    for match in claims.format_finder(po_format).finditer(text):
        assert match[0]


def test_an_invoice_number_is_found_without_its_accents() -> None:
    ((_, _, found),) = Catalogue(["TÜ/2026/110"]).find("faktura TU/2026/110")
    assert found.invoices == ("TÜ/2026/110",)


@given(
    st.text(st.sampled_from("abc ,.\n("), max_size=60),
    st.sampled_from([" ", "-", "/", ": ", ". ", " #", "\n"]),
    st.text(st.sampled_from("abc ,.\n)"), max_size=60),
)
def test_a_number_of_several_words_is_found_whatever_stands_around(before: str, gap: str, after: str) -> None:
    ours = Catalogue(["RE-MUSTER-2041", "RE-MUSTER-2042"])
    text = f"{before} RE{gap}MUSTER-2041 {after}"

    assert [hit.invoices for _, _, hit in ours.find(text)] == [("RE-MUSTER-2041",)]
