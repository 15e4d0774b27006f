"""Which of our invoices a written number means: an index of invoice numbers that knows the usual ways of writing them."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worker.core import texts

_WORD = re.compile(r"[^\W_]+(?:(?:[-/]|\.(?=\d))[^\W_]+)*")
_LONGEST_GAP = 3
_GAP = re.compile(rf"[\s.:#-]{{0,{_LONGEST_GAP}}}")
_FIGURE = re.compile("[0-9]")
_SEPARATORS = re.compile(r"[\s\-/_.]+")
_SURE_DIGITS = 6
_TAIL_DIGITS = 3
_ALIKE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """The invoices that a written number may mean; ``sure`` when its whole number is written, else only its last digits are.

    No invoices at all: the number is written like one of ours, but is none.
    """

    invoices: tuple[str, ...]
    sure: bool


class Catalogue:
    """Finds invoice numbers in text in any usual writing: "INV-2041", "Inv 2041", "inv2041", "2041"."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._whole: dict[str, list[str]] = {}
        self._tails: dict[str, list[str]] = {}
        self._prefixes: set[str] = set()
        self._makes: dict[str, set[int]] = {}
        for number in numbers:
            self._add(number)
        self._longest_prefix = max(map(len, self._prefixes), default=0)
        self._figures = _figures(self._fewest_figures())

    def _fewest_figures(self) -> int:
        """How many figures a number has at the least that is one of ours, ends as one does, or is written like one."""
        return min((_ALIKE_DIGITS, *(len(_FIGURE.findall(number)) for number in (*self._whole, *self._tails))))

    def _add(self, number: str) -> None:
        squeezed = _squeezed(number)
        self._whole.setdefault(squeezed, []).append(number)
        for tail in _tails(number):
            self._tails.setdefault(tail, []).append(number)
        letters = re.match(r"[^\W\d_]+", number)
        if letters:
            self._prefixes.add(letters[0].upper())
            self._makes.setdefault(_make(squeezed), set()).add(_digits(squeezed))

    def find(self, text: str, begin: int = 0, stop: int = sys.maxsize) -> Iterator[tuple[int, int, Found]]:
        """Every place in ``text[begin:stop]`` that may mean an invoice of ours, the longest reading first."""
        end = 0
        for match in self._words(text, begin, min(stop, len(text))):
            word = match[0]
            if match.start() < end or (word.isalpha() and (len(word) > self._longest_prefix or word.upper() not in self._prefixes)):
                continue
            for start, last, written in self._writings(text, match):
                found = self.look_up(written)
                if found is not None and start >= end:
                    end = last
                    yield start, last, found

    def _words(self, text: str, begin: int, stop: int) -> Iterator[re.Match[str]]:
        """The words with as many figures as a number of ours has at the least, and those right before: no other can mean an invoice."""
        read_to = begin
        for figures in self._figures.finditer(text, begin, stop):
            if figures.end() <= read_to:
                continue
            before = texts.word_start(text, figures.start(), read_to) - self._longest_prefix - _LONGEST_GAP
            start = texts.word_start(text, max(read_to, before), read_to)
            read_to = texts.word_end(text, figures.end(), stop)
            yield from _WORD.finditer(text, start, read_to)

    def look_up(self, written: str) -> Found | None:
        """What one written number means; None where it is like none of ours."""
        squeezed = _squeezed(written)
        if squeezed in self._whole:
            return Found(tuple(self._whole[squeezed]), _is_sure(squeezed))
        if written in self._tails:
            return Found(tuple(self._tails[written]), sure=False)
        return Found((), sure=True) if self._is_alike(squeezed) else None

    def _is_alike(self, squeezed: str) -> bool:
        """Whether a number is written like ours: the same letters at the same places, and a digit more or less at the most."""
        digits = _digits(squeezed)
        return digits >= _ALIKE_DIGITS and any(abs(digits - own) <= 1 for own in self._makes.get(_make(squeezed), ()))

    def _writings(self, text: str, match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
        """The readings of a number that begins here: joined to the next word ("INV 2041"), as it stands, or part by part ("2048/2055")."""
        word = match[0]
        if word.upper() in self._prefixes:
            gap = _GAP.match(text, match.end())
            following = _WORD.match(text, gap.end()) if gap else None
            if following is not None:
                yield match.start(), following.end(), f"{word}-{following[0]}"
        if not any(character.isdigit() for character in word):
            return
        yield match.start(), match.end(), word
        if "/" in word and all(self.look_up(part) is not None for part in word.split("/")):
            for part in re.finditer(r"[^/]+", word):
                yield match.start() + part.start(), match.start() + part.end(), part[0]


def _squeezed(number: str) -> str:
    """``number`` in capitals without separators and without accents: "TU/1" and "TÜ-1" are one to those whose keyboard has no "Ü"."""
    if not number.isascii():
        number = "".join(mark for mark in unicodedata.normalize("NFKD", number) if not unicodedata.combining(mark))
    return _SEPARATORS.sub("", number).upper()


def _figures(fewest: int) -> re.Pattern[str]:
    """Finds so many figures in one word, but at least one."""
    return re.compile(rf"[0-9](?:[^\s0-9]*[0-9]){{{max(fewest - 1, 0)}}}")


def _make(squeezed: str) -> str:
    return re.sub(r"\d+", "#", squeezed)


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _is_sure(squeezed: str) -> bool:
    return any(character.isalpha() for character in squeezed) or len(squeezed) >= _SURE_DIGITS


def _tails(number: str) -> set[str]:
    """What people write for short: the last digits, with and without their leading zeros ("0187", "187").

    Or the last two groups ("2026/104").
    """
    groups = list(re.finditer(r"\d+", number))
    if not groups:
        return set()
    last = groups[-1][0]
    short = {last, last.lstrip("0")}
    if len(groups) > 1:
        short.add(number[groups[-2].start() :])
    return {tail for tail in short if tail != number and _digits(tail) >= _TAIL_DIGITS}
