"""Text as a reader sees it: one spelling of quotes, dashes, spaces and digits, and nothing hidden."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core.texts import clean, disguises, parted, squeezed, without_accents, word_count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("４５００１２３４５６", "4500123456"),
        ("ＰＯ：４５", "PO:45"),
        ("45\u200b00\u200d12\ufeff34\u00ad56", "4500123456"),
        ("FD‑3001 FD–3001 FD—3001 FD−3001", "FD-3001 FD-3001 FD-3001 FD-3001"),
        ("“a” ‘b’ „c‚", "\"a\" 'b' \"c'"),
        ("«\u00a0a\u00a0» »b«", '" a " "b"'),
        ("pedido n\u00ba 4500", "pedido n\u00b0 4500"),
        ("1\u00a0234\u202f567\u2007", "1 234 567 "),
        ("plain 4500123456\tstays\n", "plain 4500123456\tstays\n"),
        ("Größe 4.800,00 €", "Größe 4.800,00 €"),
        ("a\u202eb\u2066c\u2069", "abc"),
    ],
)
def test_what_looks_the_same_reads_the_same(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("注文番号4500123456です。", "注文番号 4500123456 です. "),
        ("发票INV-2041，订单号：４５００。请查收！", "发票 INV-2041, 订单号:4500. 请查收! "),
        ("发票号是多少?请告知", "发票号是多少? 请告知"),
        ("「PO番号」と【至急】", '"PO 番号"と[至急]'),
        ("注文番号/4500/金額", "注文番号 /4500/ 金額"),
        ("plain, with no space.at all", "plain, with no space.at all"),
    ],
)
def test_what_touches_without_a_space_is_parted(text: str, expected: str) -> None:
    assert parted(text) == expected


@pytest.mark.parametrize(("text", "count"), [("two words", 2), ("発注番号", 2), ("請求書 FD-3001 を再送", 5), ("", 0)])
def test_two_characters_without_spaces_count_as_a_word(text: str, count: int) -> None:
    assert word_count(text) == count


@given(
    st.text(
        st.characters(
            min_codepoint=0x20, max_codepoint=0x24F, exclude_categories=["Cc", "Cf"], exclude_characters="\u00a0\u00ab\u00bb\u00ba"
        )
    )
)
def test_of_latin_letters_only_those_that_stand_for_others_are_changed(text: str) -> None:
    assert clean(text) == (text if text.isascii() else unicodedata.normalize("NFKC", text))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaning_twice_changes_nothing_more_and_leaves_nothing_hidden(text: str) -> None:
    once = clean(text + "ä")
    assert clean(once) == once
    assert not {unicodedata.category(character) for character in once if character not in "\n\t"} & {"Cf", "Cc"}


@pytest.mark.parametrize("character", "\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
def test_a_change_of_reading_direction_is_a_disguise(character: str) -> None:
    assert disguises(f"PO {character}6543210054")


@pytest.mark.parametrize(
    "text",
    [
        "PO \u041eF-6666",
        "PO OF-\u0410123",
        "PO P\u039f-6666",
        "PO 45\u041e\u041e123456",
        "PO 4500123456\u0308",
        "PO OF-6666\u0336",
        "PO O\u0336F\u0336-\u03366\u033666",
        "PO 4500\u20d2123",
        "订单\u041eF6666",
    ],
)
def test_a_code_of_two_scripts_or_with_marks_over_it_is_a_disguise(text: str) -> None:
    assert disguises(text)


@pytest.mark.parametrize("text", ["", "PO 4500123456", "４５００", "45\u200b00", "שלום 4500123456", "\u200e4500", "\u202c"])
@pytest.mark.parametrize(
    "beside",
    [
        "",
        "Größe Ægir-12 Nº5 Müller2 M\u0075\u0308ller3",
        "Đặt hàng e\u0302\u0301 số 12",
        "рахунок INV-2041 на 2041-й квартал, 15шт",
        "τιμολόγιο INV-2041, 5kΩ, 10µm, 3Δt",
        "请把订单号PO4500123456加到发票INV-2041上",
        "注文番号PO4500です。",
        "위해 PO4500를",
        "أمر الشراء PO4500",
        "1\ufe0f\u20e3 zuerst",
        "d\u0336o\u0336n\u0336e\u0336",
        "https://x.example/рахунок/a1 іван1@x.example",
    ],
)
def test_other_letters_and_marks_are_none(text: str, beside: str) -> None:
    assert not disguises(f"{text} {beside}")


def test_squeezed_text_is_one_line() -> None:
    assert squeezed(" a\n\tb  c ") == "a b c"


@pytest.mark.parametrize(
    "text", ["a1" * 200_000 + " О", "1О" * 200_000, "1" + "О" * 400_000, "a1-" * 100_000 + "\u0301", "@" * 400_000 + "О"]
)
def test_text_that_wants_to_be_slow_is_judged(text: str) -> None:
    assert disguises(text) in (True, False)


@pytest.mark.parametrize(
    ("text", "bare"), [("zamówienie żółte Łódź", "zamowienie zolte Lodz"), ("příliš žluťoučký", "prilis zlutoucky"), ("2 – č", "2 – c")]
)
def test_accents_are_left_out_as_people_leave_them_out(text: str, bare: str) -> None:
    assert without_accents(text) == bare
