"""Amounts and dates as English, continental and East Asian writers put them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.samples import rulebook
from worker.core import amounts, calendars


def read_amounts(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """What each amount may be and its currencies; "x|y" where it may be either."""
    return [("|".join(map(str, found.readings)), found.currencies) for _, _, found in amounts.find(text)]


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("EUR 4.800,00", "4800.00", "EUR"),
        ("4,800.00 EUR", "4800.00", "EUR"),
        ("€4,800.00", "4800.00", "EUR"),
        ("4800.00€", "4800.00", "EUR"),
        ("CHF 4'800.00", "4800.00", "CHF"),
        ("4 800,00 PLN", "4800.00", "PLN"),
        ("4\u202f800,00 EUR", "4800.00", "EUR"),
        ("£480", "480", "GBP"),
        ("1.234.567,89 EUR", "1234567.89", "EUR"),
        ("USD 0.50", "0.50", "USD"),
        ("480,- EUR", "480", "EUR"),
        ("¥120,000", "120000", "JPY"),
        ("120000円", "120000", "JPY"),
        ("48万円", "480000", "JPY"),
        ("金額4,800円です", "4800", "JPY"),
        ("人民币48,000.00元整", "48000.00", "CNY"),
        ("RMB 4,800", "4800", "CNY"),
        ("NT$120,000", "120000", "TWD"),
        ("1 250,50 zł", "1250.50", "PLN"),
        ("99,90 Kč", "99.90", "CZK"),
        ("Fr. 250.00", "250.00", "CHF"),
        ("R$ 1.250,00", "1250.00", "BRL"),
        ("4 800,00 kronor", "4800.00", "SEK"),
        ("4.800 kroner", "4800", "DKK"),
        ("4 800 euroa", "4800", "EUR"),
    ],
)
def test_an_amount_with_a_currency_is_read(text: str, value: str, currency: str) -> None:
    found = read_amounts(f"We pay {text} today")
    assert [reading for reading, _ in found][:1] == [value]
    assert currency in found[0][1]


@pytest.mark.parametrize(("text", "value"), [("4,800.00", "4800.00"), ("4.800,00", "4800.00"), ("480.50", "480.50"), ("1'250", "1250")])
def test_an_amount_without_a_currency_needs_separators(text: str, value: str) -> None:
    assert read_amounts(f"total {text} due")[0] == (value, ())


@pytest.mark.parametrize(
    "text", ["4800", "4500-12.50", "v12.50.3", "#480.50", "x480.50", "480.50x", "12/480.50", "FD-480.50", "4500123456", ""]
)
def test_a_number_that_is_part_of_something_else_is_no_amount(text: str) -> None:
    assert read_amounts(text) == []


def test_a_dollar_may_be_anyones_and_a_code_beside_it_says_whose() -> None:
    assert read_amounts("$480.00")[0][1][:2] == ("USD", "CAD")
    assert read_amounts("$480.00 CAD")[0] == ("480.00", ("CAD",))
    assert read_amounts("480.00 kr")[0][1] == ("SEK", "DKK", "NOK")


@pytest.mark.parametrize(("text", "written"), [("480 kr. fra juni", "480 kr."), ("480 kr. Den er", "480 kr"), ("480 kr.", "480 kr")])
def test_the_dot_of_an_abbreviated_currency_is_its_own_where_the_sentence_goes_on(text: str, written: str) -> None:
    ((start, end, _),) = amounts.find(text)
    assert text[start:end] == written


@given(st.integers(0, 999_999_999), st.integers(0, 99), st.sampled_from([",.", ".,", " ,", "'."]))
def test_any_amount_written_in_any_usual_way_is_read_back(whole: int, cents: int, marks: str) -> None:
    written = f"{whole:,}".replace(",", marks[0]) + marks[1] + f"{cents:02}"
    assert read_amounts(f"sum {written} EUR.")[0] == (f"{whole}.{cents:02}", ("EUR",))


@given(st.text("0123456789.,' -/#€$EURkr\n\u00a0٣४"))
def test_no_text_breaks_the_reading_of_amounts(text: str) -> None:
    for start, end, found in amounts.find(text):
        assert 0 <= start < end <= len(text)
        assert found.readings


def read_dates(text: str) -> list[calendars.Day]:
    return [day for _, _, day in calendars.find(text, rulebook().lexicon.months)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-22", (2026, 11, 22)),
        ("2026/11/22", (2026, 11, 22)),
        ("22.11.2026", (2026, 11, 22)),
        ("22.11.26", (2026, 11, 22)),
        ("22/11/2026", (2026, 11, 22)),
        ("11/22/2026", (2026, 11, 22)),
        ("22-11-2026", (2026, 11, 22)),
        ("22 November 2026", (2026, 11, 22)),
        ("22nd of November 2026", (2026, 11, 22)),
        ("22-Nov-2026", (2026, 11, 22)),
        ("November 22, 2026", (2026, 11, 22)),
        ("Nov. 22 2026", (2026, 11, 22)),
        ("22. November 2026", (2026, 11, 22)),
        ("2026年11月22日", (2026, 11, 22)),
        ("2026 年 11 月 22 日", (2026, 11, 22)),
        ("11月22号", (None, 11, 22)),
        ("令和8年11月22日", (2026, 11, 22)),
        ("115年11月22日", (2026, 11, 22)),
        ("11月22日", (None, 11, 22)),
        ("1 October", (None, 10, 1)),
        ("October 1st", (None, 10, 1)),
        ("1. Oktober", (None, 10, 1)),
        ("1.10.", (None, 10, 1)),
        ("3. März", (None, 3, 3)),
        ("1° ottobre", (None, 10, 1)),
        ("15/09", (None, 9, 15)),
    ],
)
def test_a_date_is_read_however_it_is_written(text: str, expected: calendars.Day) -> None:
    assert read_dates(f"dated {text} by us") == [expected]


@pytest.mark.parametrize(
    "text", ["2026-13-01", "32.01.2026", "00/00/2026", "1889-01-01", "12 Foober 2026", "4500/12/3456", "1.2.3.4", "", "99.99."]
)
def test_what_no_calendar_holds_is_no_date(text: str) -> None:
    assert read_dates(text) == []


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%d-%b-%Y"]))
def test_any_day_is_read_back(day: date, form: str) -> None:
    assert read_dates(f"on {day.strftime(form)}.") == [(day.year, day.month, day.day)]


@given(st.text("0123456789./- ,janmayoctober年月日٣\n"))
def test_no_text_breaks_the_reading_of_dates_and_none_overlap(text: str) -> None:
    last = 0
    for start, end, (_, month, day) in sorted(calendars.find(text, rulebook().lexicon.months)):
        assert last <= start < end <= len(text)
        assert 1 <= month <= 12
        assert 1 <= day <= 31
        last = end
