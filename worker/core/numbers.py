"""The numbers in a text, told apart by what they are: invoices of ours, amounts, dates, and codes that may be purchase orders."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from worker.core import amounts, calendars, texts
from worker.core.amounts import Amount
from worker.core.catalogues import Catalogue, Found

MASKED = re.compile(
    r"https?://\S+|www\.\S+|<mailto:[^>\s]*>|(?<![\w.+-])[\w.+-]+@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}|\+\d[\d\s()./-]{6,24}\d"
)
"""URLs, e-mail addresses and international phone numbers: never evidence for any number."""
_OF_MASKED = ("@", "://", "www.", "<mailto:", "+")

CODE = re.compile(r"[^\W_]+(?:(?:[-/_]|\.(?=\d))[^\W_]+)*")
_FIGURES = re.compile(r"[0-9]+")
_BESIDE = 40
"""Within how many characters of a figure stand the words that belong to it, such as a month or a currency."""
MINIMUM_DIGITS = 3
_LONG_CODE = 8
Span = tuple[int, int]


class Kind(StrEnum):
    """What a number in a text is."""

    INVOICE = "invoice"
    CODE = "code"
    AMOUNT = "amount"
    DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A number at ``text[start:end]``; ``found`` names the invoices it may mean, ``amount`` and ``day`` its value.

    ``formatted`` is true for a code that has the customer's own PO format.
    """

    kind: Kind
    start: int
    end: int
    text: str
    formatted: bool = False
    found: Found | None = None
    amount: Amount | None = None
    day: tuple[int | None, int, int] | None = None


def scan(text: str, catalogue: Catalogue, months: dict[str, int], formats: tuple[re.Pattern[str], ...] = ()) -> tuple[Token, ...]:
    """Every number in ``text`` in order; ``text`` must be plain (``texts.clean``).

    ``formats`` find PO numbers of the customer's own format.
    """
    if any(mark in text for mark in _OF_MASKED):
        text = MASKED.sub(lambda match: " " * len(match[0]), text)
    spans = [*_with_figures(text)]
    invoices = list(_invoices(text, catalogue))
    taken: list[Token] = []
    for tokens in (
        (token for token in invoices if token.found and token.found.sure and token.found.invoices),
        _formatted(text, formats),
        _dates(text, spans, months),
        _amounts(text, spans),
        invoices,
        _codes(text, spans),
    ):
        for token in tokens:
            place = bisect.bisect(taken, token.start, key=lambda other: other.start)
            free_before = place == 0 or taken[place - 1].end <= token.start
            if free_before and (place == len(taken) or token.end <= taken[place].start):
                taken.insert(place, token)
    return tuple(taken)


def _with_figures(text: str) -> Iterator[Span]:
    """The figures of ``text`` with whole words beside them, run together where they touch: nowhere else can a number of any kind be."""
    start = end = -1
    for figures in _FIGURES.finditer(text):
        if figures.end() + _BESIDE <= end:
            continue
        begin = texts.word_start(text, max(figures.start() - _BESIDE, 0))
        if begin > end:
            if end >= 0:
                yield start, end
            start = begin
        end = texts.word_end(text, figures.end() + _BESIDE, len(text))
    if end >= 0:
        yield start, end


def _formatted(text: str, formats: tuple[re.Pattern[str], ...]) -> Iterator[Token]:
    for pattern in formats:
        for match in pattern.finditer(text):
            yield Token(kind=Kind.CODE, start=match.start(), end=match.end(), text=match[0], formatted=True)


def _invoices(text: str, catalogue: Catalogue) -> Iterator[Token]:
    for start, end, found in catalogue.find(text):
        yield Token(kind=Kind.INVOICE, start=start, end=end, text=text[start:end], found=found)


def _dates(text: str, spans: Sequence[Span], months: dict[str, int]) -> Iterator[Token]:
    for span in spans:
        for start, end, day in calendars.find(text, months, *span):
            yield Token(kind=Kind.DATE, start=start, end=end, text=text[start:end], day=day)


def _amounts(text: str, spans: Sequence[Span]) -> Iterator[Token]:
    for span in spans:
        for start, end, amount in amounts.find(text, *span):
            yield Token(kind=Kind.AMOUNT, start=start, end=end, text=text[start:end], amount=amount)


def _codes(text: str, spans: Sequence[Span]) -> Iterator[Token]:
    for span in spans:
        for match in CODE.finditer(text, *span):
            if match[0].isalpha():
                continue
            digits = sum(map(str.isdigit, match[0]))
            if digits >= MINIMUM_DIGITS or (digits == MINIMUM_DIGITS - 1 and len(match[0]) >= _LONG_CODE and match[0].isupper()):
                yield Token(kind=Kind.CODE, start=match.start(), end=match.end(), text=match[0])
