"""A mail read as evidence: pieces of text, each with who stands behind it, with every number in it found and marked."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from worker.core import numbers, texts
from worker.core.catalogues import Catalogue
from worker.core.lexicons import Lexicon
from worker.core.numbers import Kind, Token
from worker.core.patterns import MARKS

SPACE = " \n¶"
"""What stands between sentences of a marked text."""
_LONGEST = 60_000
_LINE_END = re.compile(r"\n")
_LEADER = re.compile(r"(?<=\w) ?\.{2,} ?(?=\w)")
"""The dots between a label and its value in a form."""
_LABEL = re.compile(r"[^:=¤¶]{2,40}[:=]\s*")
_WRAP = re.compile(f"(?<=[^\\t\\n]{{23}}[{texts.UNPARTED}])\n(?=[{texts.UNPARTED}])")
"""Where a long line was broken within a sentence, in scripts that break lines anywhere, within words too."""
_TICKED = re.compile(r"\s*(?:[\[(]\s?[xX✓✔✗✘]\s?[\])]|[☑☒✓✔])\s*\w")
_BOXES = ("[", "(", "☑", "☒", "✓", "✔")
_ARRANGING = ("|", "..", "\t", "  ", *_BOXES)
"""What columns, leaders and boxes are made of: a text without any of it has none."""
_BLANK_LINES = re.compile(r"\n(?:¶?\n)+")
_DOUBLE_SPACE = re.compile(r"(?<=\S) {2}(?=\S)")
_COLUMN = re.compile(r"[ \t]*\t[ \t]*|[ ]{3,}")
_UNTICKED = re.compile(r"\s*(?:\[\s*_?\s*\]|\(\s+\)|[☐□❏])\s*\w")


class Source(IntEnum):
    """Where a piece of evidence stands, the strongest first.

    What our own side, or somebody who is not the customer's, wrote in quoted mail only tells which invoice is meant.
    """

    NOTE = 0
    NEW = 1
    SUBJECT = 2
    LETTER = 3
    QUOTED = 4
    OURS = 5
    OTHERS = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """A number of a piece with its place in the piece's marked text."""

    token: Token
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Marked:
    """A text with a mark in each number's place, where its sentences end and where its lines do."""

    text: str
    marked: str
    placed: tuple[Placed, ...]
    breaks: tuple[int, ...]
    lines: tuple[int, ...]


class Piece:
    """A run of text by one author, read once somebody asks: most of what a mail quotes decides nothing."""

    def __init__(self, source: Source, text: str, read_as: Callable[[str], _Marked], asked: tuple[str, ...]) -> None:
        """``asked`` are the invoices named in the question that this text stands under, where it answers between quoted lines."""
        self.source = source
        self.asked = asked
        self.cut = len(text) > _LONGEST  # whether the text goes on for longer than is read
        self._written = text
        self._read_as = read_as

    @cached_property
    def _reading(self) -> _Marked:
        return self._read_as(self._written[:_LONGEST])

    @cached_property
    def text(self) -> str:
        """The text, tidied."""
        return self._reading.text

    @cached_property
    def marked(self) -> str:
        """The text with a mark in each number's place, so that rules need not know the numbers."""
        return self._reading.marked

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """The numbers."""
        return self._reading.placed

    @cached_property
    def breaks(self) -> tuple[int, ...]:
        """Where sentences of the marked text end."""
        return self._reading.breaks

    @cached_property
    def _has_columns(self) -> bool:
        return "\t" in self.marked

    def before(self, placed: Placed, length: int = 140) -> str:
        """The text before a number; in a row with columns only that of its own row."""
        start = max(0, placed.start - length)
        if not self._has_columns:
            return self.marked[start : placed.start]
        row = self.marked.rfind("\n", 0, placed.start) + 1
        end = self.marked.find("\n", placed.end)
        if self.marked.count("\t", row, end if end >= 0 else None) > 1:
            start = max(start, row)
        return self.marked[start : placed.start]

    def sentence_before(self, placed: Placed) -> str:
        """The text before a number, in its own sentence or, where it begins a paragraph, also in the one above."""
        before = self.before(placed)
        sentence = self.sentence_of(placed.start)
        start = self.breaks[sentence - 1] if sentence else 0
        if not start or self.marked[start - 1] == "¶":
            return before
        return before[max(0, len(before) - (placed.start - start)) :]

    def label(self, placed: Placed) -> str | None:
        """What stands before a number in its own line of a form, where each line has a label and a colon; None where it is no such line."""
        above, _, own = self.marked[: placed.start].rpartition("\n")
        is_form = _LABEL.fullmatch(own) and _LABEL.match(above.rpartition("\n")[2])
        return own if is_form else None

    def clauses(self, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
        """Where each clause of the marked text begins and ends: sentences, parted again at marks, new lines and words like "and"."""
        for start, end in self.sentences:
            for part in lexicon.clause_end.finditer(self.marked, start, end):
                yield start, part.start()
                start = part.end()
            yield start, end

    def after(self, placed: Placed, length: int = 140) -> str:
        return self.marked[placed.end : placed.end + length]

    def line(self, placed: Placed) -> str:
        """The line of the text that the number stands in."""
        start = self.text.rfind("\n", 0, placed.token.start) + 1
        end = self.text.find("\n", placed.token.end)
        return self.text[start : end if end >= 0 else None].strip()

    def sentence_of(self, position: int) -> int:
        """Which sentence of the marked text ``position`` lies in."""
        return bisect.bisect_right(self.breaks, position)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Where each sentence of the marked text begins and ends."""
        return [*zip((0, *self.breaks), (*self.breaks, len(self.marked)), strict=True)]

    def said(self, start: int, end: int) -> str:
        """The marked text from ``start`` to ``end`` without the space around it, as rules read it."""
        return self.marked[start:end].strip(SPACE)

    def as_written(self, start: int, end: int) -> str:
        """The marked text from ``start`` to ``end`` with its numbers as they were written, on one line."""
        parts: list[str] = []
        for placed in self.placed:
            if start <= placed.start < end:
                parts += (self.marked[start : placed.start], placed.token.text)
                start = placed.end
        return " ".join("".join([*parts, self.marked[start:end]]).replace("¶", " ").split())

    def sentences_from(self, placed: Placed, count: int) -> str:
        """The sentence that a number stands in, and those after it up to ``count``, of the same paragraph."""
        first = self.sentence_of(placed.start)
        start = self.breaks[first - 1] if first else 0
        last = first + count - 1
        end = self.breaks[last] if last < len(self.breaks) else len(self.marked)
        return self.marked[start:end].partition("¶")[0]

    def row(self, placed: Placed) -> str:
        """The row of the marked text that a number stands in."""
        end = self.marked.find("\n", placed.end)
        return self.marked[self.marked.rfind("\n", 0, placed.start) + 1 : end if end >= 0 else None]

    def clause(self, placed: Placed) -> str:
        """What of a number's sentence stands in its own row."""
        sentence = self.sentence_of(placed.start)
        start = max(self.marked.rfind("\n", 0, placed.start) + 1, self.breaks[sentence - 1] if sentence else 0)
        end = self.marked.find("\n", placed.end)
        stop = self.breaks[sentence] if sentence < len(self.breaks) else len(self.marked)
        return self.marked[start : min(end, stop) if end >= 0 else stop]

    def row_of(self, placed: Placed) -> int:
        """Which line of the marked text a number stands in."""
        return bisect.bisect_left(self._reading.lines, placed.start)

    def rows(self) -> list[str]:
        return self.marked.split("\n")

    def of(self, kind: Kind) -> Iterator[Placed]:
        return (placed for placed in self.placed if placed.token.kind is kind)


def read(
    source: Source,
    text: str,
    *,
    catalogue: Catalogue,
    lexicon: Lexicon,
    formats: tuple[re.Pattern[str], ...] = (),
    question: str = "",
) -> Piece:
    """``text`` as a piece of evidence, tidied, its numbers found.

    ``formats`` find the customer's own PO numbers, ``question`` stands above it.
    """

    def read_as(written: str) -> _Marked:
        tidied = tidy(written)
        marked, placed = _mark(tidied, numbers.scan(tidied, catalogue, lexicon.months, formats))
        return _Marked(
            text=tidied,
            marked=marked,
            placed=placed,
            breaks=tuple(match.end() for match in lexicon.sentence_end.finditer(marked)),
            lines=tuple(match.start() for match in _LINE_END.finditer(marked)),
        )

    asked = (found for _, _, found in catalogue.find(texts.parted(question)) if found.sure and len(found.invoices) == 1)
    return Piece(source, text, read_as, tuple(dict.fromkeys(number for found in asked for number in found.invoices)))


def tidy(text: str) -> str:
    """``text`` plain, each line without outer or doubled spaces, a ¶ in place of blank lines, a tab between columns."""
    text = texts.parted(text)
    arranged = any(mark in text for mark in _ARRANGING)
    lines = [_columns(line) for line in _chosen(text.splitlines())] if arranged else [line.strip() for line in text.splitlines()]
    joined = "\n".join(lines)
    joined = _WRAP.sub("", joined) if texts.has_unparted(joined) else joined
    return _BLANK_LINES.sub("\n¶\n", joined).strip("\n¶ ")


def _chosen(lines: list[str]) -> list[str]:
    """``lines`` without the boxes of a form that are not ticked, where others are."""
    boxed = [line for line in lines if line.lstrip()[:1] in _BOXES]
    return [line for line in lines if not _UNTICKED.match(line)] if any(map(_TICKED.match, boxed)) else lines


def _columns(line: str) -> str:
    if ".." in line:
        line = _LEADER.sub(": ", line)
    if line.count("|") > 1:
        line = line.strip().strip("|").replace("|", "\t")
    line = line.strip()
    if "\t" not in line and "  " not in line:
        return line
    return _COLUMN.sub("\t", _DOUBLE_SPACE.sub(" ", line))


def _mark(text: str, tokens: tuple[Token, ...]) -> tuple[str, tuple[Placed, ...]]:
    parts: list[str] = []
    placed: list[Placed] = []
    length = position = 0
    for token in tokens:
        parts += (text[position : token.start], MARKS[token.kind])
        length += token.start - position
        placed.append(Placed(token, length, length + len(MARKS[token.kind])))
        length += len(MARKS[token.kind])
        position = token.end
    return "".join([*parts, text[position:]]), tuple(placed)
