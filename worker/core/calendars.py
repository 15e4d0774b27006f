"""Dates in running text, as people and systems write them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

Day = tuple[int | None, int, int]
"""Year (None where it is not written), month and day."""

_PARTED = re.compile(r"\d[-./]\d")
_SHORT_FIGURE = re.compile(r"\d(?<!\d\d)\d?(?!\d)")
"""What every date that is written in figures, or with the name of a month, has in it; begun with a figure, to which the engine skips."""
_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\b")
_SHORT = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(?!\d)")
_SLASHED = re.compile(r"(?<![\w/])(\d{1,2})/(\d{1,2})(?![\w/])")
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|\.?[º°o]|\.)?[\s-]{1,2}(?:of |de |d')?([^\W\d_]{3,12})\.?(?:[\s,-]{1,2}(?:de |del )?(\d{4}))?\b"
)
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,12})\.?\s(\d{1,2})(?:st|nd|rd|th)?(?:,?\s(\d{4}))?\b")
_EAST_ASIAN = re.compile(r"(?:(令和)?\s?(?<!\d)(\d{1,4})\s?年\s?)?(?<!\d)(\d{1,2})\s?月\s?(\d{1,2})\s?[日号號]")
_REIWA, _MINGUO = 2018, 1911
"""The years before the first of the Japanese era Reiwa and of the calendar of Taiwan."""


def find(text: str, months: dict[str, int], begin: int = 0, stop: int = sys.maxsize) -> Iterator[tuple[int, int, Day]]:
    """Every date in ``text[begin:stop]`` with its place; ``months`` maps month names in lower case to 1–12."""
    seen: list[tuple[int, int]] = []
    for start, end, day in _all(text, months, begin, stop):
        if any(start < stop and begin < end for begin, stop in seen):
            continue
        seen.append((start, end))
        yield start, end, day


def readings(written: str, day: Day) -> tuple[Day, ...]:
    """The days that a date may mean as it is written: 10/01 is October the first to some and January the tenth to others."""
    year, month, number = day
    return (day, (year, number, month)) if "/" in written and number <= 12 and number != month else (day,)


def _all(text: str, months: dict[str, int], begin: int, stop: int) -> Iterator[tuple[int, int, Day]]:
    parted = _PARTED.search(text, begin, stop) is not None
    if parted:
        for match in _ISO.finditer(text, begin, stop):
            yield from _checked(match, int(match[1]), int(match[2]), int(match[3]))
        for match in _NUMERIC.finditer(text, begin, stop):
            yield from _numeric(match)
    if _SHORT_FIGURE.search(text, begin, stop):
        for match in _DAY_MONTH.finditer(text, begin, stop):
            if (month := months.get(match[2].lower())) is not None:
                yield from _checked(match, int(match[3]) if match[3] else None, month, int(match[1]))
        for match in _MONTH_DAY.finditer(text, begin, stop):
            if (month := months.get(match[1].lower())) is not None:
                yield from _checked(match, int(match[3]) if match[3] else None, month, int(match[2]))
    if text.find("月", begin, stop) >= 0:
        for match in _EAST_ASIAN.finditer(text, begin, stop):
            yield from _checked(match, _east_asian_year(match), int(match[3]), int(match[4]))
    if parted:
        for match in _SHORT.finditer(text, begin, stop):
            yield from _checked(match, None, int(match[2]), int(match[1]))
        for match in _SLASHED.finditer(text, begin, stop):
            first, second = int(match[1]), int(match[2])
            yield from _checked(match, None, *((second, first) if first > 12 else (first, second)))


def _east_asian_year(match: re.Match[str]) -> int | None:
    if match[2] is None:
        return None
    year = int(match[2])
    return year + (_REIWA if match[1] else _MINGUO if 100 <= year < 200 else 0)


def _numeric(match: re.Match[str]) -> Iterator[tuple[int, int, Day]]:
    """Day before month, except that a first number that can only be a day decides, and slashes may be American."""
    first, second = int(match[1]), int(match[3])
    year = int(match[4]) if len(match[4]) == 4 else 2000 + int(match[4])
    month, day = (first, second) if match[2] == "/" and second > 12 else (second, first)
    yield from _checked(match, year, month, day)


def _checked(match: re.Match[str], year: int | None, month: int, day: int) -> Iterator[tuple[int, int, Day]]:
    if 1 <= month <= 12 and 1 <= day <= 31 and (year is None or 1990 <= year <= 2099):
        yield match.start(), match.end(), (year, month, day)
