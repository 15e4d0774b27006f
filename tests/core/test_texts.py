"""Text as a reader sees it: one spelling of quotes, dashes, spaces and digits, and nothing hidden."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core.texts import clean, disguises, squeezed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("４５００１２３４５６", "4500123456"),
        ("ＰＯ：４５", "PO:45"),
        ("45\u200b00\u200d12\ufeff34\u00ad56", "4500123456"),
        ("FD‑3001 FD–3001 FD—3001 FD−3001", "FD-3001 FD-3001 FD-3001 FD-3001"),
        ("“a” ‘b’ „c‚", "\"a\" 'b' \"c'"),
        ("1\u00a0234\u202f567\u2007", "1 234 567 "),
        ("plain 4500123456\tstays\n", "plain 4500123456\tstays\n"),
        ("Größe 4.800,00 €", "Größe 4.800,00 €"),
        ("a\u202eb\u2066c\u2069", "abc"),
    ],
)
def test_what_looks_the_same_reads_the_same(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaning_twice_changes_nothing_more_and_leaves_nothing_hidden(text: str) -> None:
    once = clean(text + "ä")
    assert clean(once) == once
    assert not {unicodedata.category(character) for character in once if character not in "\n\t"} & {"Cf", "Cc"}


@pytest.mark.parametrize("character", "\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
def test_a_change_of_reading_direction_is_a_disguise(character: str) -> None:
    assert disguises(f"PO {character}6543210054")


@pytest.mark.parametrize("text", ["", "PO 4500123456", "４５００", "45\u200b00", "שלום 4500123456", "\u200e4500", "\u202c"])
def test_other_letters_and_marks_are_none(text: str) -> None:
    assert not disguises(text)


def test_squeezed_text_is_one_line() -> None:
    assert squeezed(" a\n\tb  c ") == "a b c"
