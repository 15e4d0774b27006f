"""Writes the lines of an HTML mail as its elements come, in the order of the document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto

from worker.edges.looks import Look, look
from worker.edges.sheets import Names, Sheet

_DEEPEST_MARKS = 25
_LONGEST_ATTRIBUTION = 300
_SHORT = 60
_RULE = "_" * 32
_SPACES = re.compile(r"[ \t\r\n\f]+")

Attributes = Mapping[str, str | None]


def tags_of(names: str) -> frozenset[str]:
    return frozenset(names.split())


VOID = tags_of("area base br col embed hr img input link meta param source track wbr")
_UNSEEN = tags_of(
    "script noscript style head title template iframe object audio video canvas svg select option optgroup datalist noembed noframes map "
    "del s strike"
)
"""What no reader is shown, and what is struck out: that stands no longer."""
_PARAGRAPHS = tags_of("p h1 h2 h3 h4 h5 h6")
_QUOTES = tags_of("blockquote div")
_BLOCKS = tags_of(
    "address article aside center dd details dir div dl dt fieldset figcaption figure footer form header legend li main menu nav ol "
    "section summary table tbody tfoot thead tr ul caption blockquote pre body html"
)


_NO_NAMES: Names = frozenset()


class _Fold(Enum):
    """Whether what stands here is seen, is folded away, or is but for a summary that is still to come."""

    OPEN = auto()
    AWAY = auto()
    TO_ITS_SUMMARY = auto()


class _Row:
    """A table row: whether its cell, still empty, begins a line or joins the cell before; and on which line that one began."""

    def __init__(self) -> None:
        self.begins = False
        self.joins = False
        self.line = -1


class Page:
    """The lines that the elements write, told in the order of the document."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.lines: list[str] = []
        self.line: list[str] = []
        self.marks = 0
        self.line_marks = 0
        self.gap = 0
        self.kept = 0
        self.looks: list[Look] = [Look()]
        self.folds: list[_Fold] = [_Fold.OPEN]
        self.rows: list[_Row] = []
        self.quotes: list[bool] = []
        self.quoted = False

    def open(self, tag: str, attributes: Attributes) -> bool:
        """Begin an element; False where nothing in it is seen, and then it is not to be closed."""
        if tag in _UNSEEN or (tag == "dialog" and "open" not in attributes):
            return False
        names = self.sheet.names(tag, attributes) if self.sheet else _NO_NAMES
        shown = self._look(tag, attributes, names)
        if shown is None:
            return False
        if tag == "br":
            self._break_line()
        elif tag == "hr":
            self._block(1)
            self._write(_RULE)
            self._block(1)
        elif tag in ("td", "th"):
            self._cell()
        elif tag in _BLOCKS or tag in _PARAGRAPHS:
            self._block(_gap(tag, attributes))
        if tag not in VOID:
            self.looks.append(shown)
            self.folds.append(self._folds(tag, attributes))
            self.sheet.enter(names)
            self._enter(tag, attributes)
        return True

    def _look(self, tag: str, attributes: Attributes, names: Names) -> Look | None:
        holding, possible = self.sheet.rules_for(names) if self.sheet else ((), ())
        if not (attributes or holding or possible or tag == "bdo" or self.looks[-1].turned):
            return self.looks[-1]
        return look(tag, attributes, self.looks[-1], holding, possible)

    def _folds(self, tag: str, attributes: Attributes) -> _Fold:
        """Of ``<details>`` that are not open, only the first summary is seen."""
        above = self.folds[-1]
        if tag == "summary" and above is _Fold.TO_ITS_SUMMARY:
            self.folds[-1] = _Fold.AWAY
            return _Fold.OPEN
        if above is not _Fold.OPEN:
            return _Fold.AWAY
        return _Fold.TO_ITS_SUMMARY if tag == "details" and "open" not in attributes else _Fold.OPEN

    def _enter(self, tag: str, attributes: Attributes) -> None:
        if tag == "tr":
            self.rows.append(_Row())
        elif tag in _QUOTES:
            self.quotes.append(self._is_quote(tag, attributes))
            self.marks += self.quotes[-1]
            self.quoted = self.quoted or self.quotes[-1]
        elif tag in ("pre", "textarea"):
            self.kept += 1
        if self.looks[-1].turned:
            self._write("\u202e")

    def close(self, tag: str, attributes: Attributes) -> None:
        """End an element that ``open`` began."""
        if self.looks.pop().turned:
            self._write("\u202c")
        self.folds.pop()
        self.sheet.leave()
        if tag in _BLOCKS or tag in _PARAGRAPHS:
            self._block(_gap(tag, attributes))
        if tag == "tr" and self.rows:
            self.rows.pop()
        elif tag in _QUOTES:
            self.marks -= self.quotes.pop()
        elif tag in ("pre", "textarea"):
            self.kept -= 1

    def say(self, text: str) -> None:
        """Text between tags."""
        if not self.looks[-1].is_seen or self.folds[-1] is not _Fold.OPEN:
            return
        if self.kept:
            for place, line in enumerate(text.replace("\r", "").split("\n")):
                if place:
                    self._break_line()
                self._write(line)
            return
        text = _SPACES.sub(" ", text)
        if text == " " and (not self.line or self.gap):
            return
        if text.startswith(" ") and self.line and self.line[-1].endswith(" "):
            text = text[1:]
        self._write(text)

    def text(self) -> str:
        self._flush()
        lines = "\n".join(line.replace("\xa0", " ").rstrip() for line in self.lines)
        return lines.strip("\n")

    def _write(self, text: str) -> None:
        if not text:
            return
        row = self.rows[-1] if self.rows else None
        if row and row.joins:
            self.gap, row.joins = 0, False
        if self.gap:
            self._flush()
            if self.gap == 2 and not (row and row.begins) and self.lines and self.lines[-1].strip("> "):
                self.lines.append(_marked("", min(self.marks, self.line_marks)))
            self.gap = 0
        if row and row.begins:
            self._begin_cells()
        if not self.line:
            text = text if self.kept else text.lstrip(" ")
            self.line_marks = self.marks
        if text:
            self.line.append(text)

    def _flush(self) -> None:
        if self.line:
            self.lines.append(_marked("".join(self.line), self.line_marks))
            self.line = []

    def _break_line(self) -> None:
        if self.line and not self.gap:
            self._flush()
            self.line_marks = self.marks
            return
        self._flush()
        self.gap = 0
        self.lines.append(_marked("", self.marks))

    def _block(self, gap: int) -> None:
        self.gap = max(self.gap, gap)

    def _cell(self) -> None:
        """A cell goes on the line of the one before it, parted by a tab, where that one has a single line."""
        if not self.rows:
            self._block(1)
            return
        row = self.rows[-1]
        if self.line and len(self.lines) == row.line:
            self.line.append("\t")
            row.joins = True
        else:
            self._block(1)
            row.begins, row.joins = True, False

    def _is_quote(self, tag: str, attributes: Attributes) -> bool:
        """Whether an element holds quoted text. A bare ``<blockquote>`` sets text apart, unless what stands above it may be an attribution.

        A ``gmail_quote`` division is no quote by itself: it holds forwards and attributions too.
        """
        names = (attributes.get("class") or "").lower()
        if tag == "div":
            return "yahoo_quoted" in names
        style = (attributes.get("style") or "").replace(" ", "").lower()
        if "cite" in attributes or attributes.get("type") == "cite" or "quote" in names or "cite" in names or "border-left:" in style:
            return True
        return self.quoted or _may_attribute(self._line_above())

    def _line_above(self) -> str:
        if self.line:
            return "".join(self.line[-9:])[-_LONGEST_ATTRIBUTION:]
        return next((line for line in reversed(self.lines[-5:]) if line.strip()), "")

    def _begin_cells(self) -> None:
        for row in reversed(self.rows):
            if not row.begins:
                break
            row.begins, row.line = False, len(self.lines)


def _gap(tag: str, attributes: Attributes) -> int:
    if tag not in _PARAGRAPHS:
        return 1
    style = (attributes.get("style") or "").replace(" ", "").lower()
    flat = "mso" in (attributes.get("class") or "").lower() or style.startswith(("margin:0", "margin-top:0")) or ";margin:0" in style
    return 1 if flat else 2


def _may_attribute(line: str) -> bool:
    """Whether a line may say who wrote what follows: short or with a date or address, and a colon at its end."""
    line = line.strip()
    return line.endswith((":", "：")) and (len(line) <= _SHORT or any(mark.isdigit() or mark == "@" for mark in line))


def _marked(line: str, marks: int) -> str:
    return "> " * min(marks, _DEEPEST_MARKS) + line.strip(" ") if marks else line.rstrip(" ")
