"""Patterns as rule files write them, made into regular expressions without catastrophic backtracking (RE2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import re2

MARKS = {"invoice": "¤i", "code": "¤c", "amount": "¤a", "date": "¤d"}
"""What stands in a marked text for a number of that kind."""
GAP = r"(?:[^.?!;¤¶]|¤[iad]){0,70}"
"""What ``{gap}`` means in a pattern: up to 70 characters of the same sentence without another code."""
NOTHING = r"[^\x{0}-\x{10FFFF}]"
"""A pattern that nothing matches."""
_UNPARTED = 0x2E80
"""From this code point on, scripts write words without spaces between."""
_SOFT_LINKS = r"[\s:#=>()\[\],\"'*/|-]"
_LINKS = r"[\s:#=>()\[\].,\"'*/¶|-]"


class Match(Protocol):
    """The part of a regular expression match that is used here."""

    def start(self) -> int: ...
    def end(self) -> int: ...
    def group(self) -> str: ...


class Pattern(Protocol):
    """A compiled pattern; ``search`` finds it anywhere, ``match`` at the beginning."""

    def search(self, text: str) -> Match | None: ...
    def match(self, text: str) -> Match | None: ...


class BadPattern(ValueError):
    """A pattern that is no regular expression; the text names it and what is wrong."""


def written(pattern: str) -> str:
    """The regular expression for a pattern: placeholders filled in, a space meaning any white space."""
    for name, mark in MARKS.items():
        pattern = pattern.replace("{" + name + "}", f"(?:{mark})")
    return pattern.replace("{gap}", GAP).replace(" ", r"\s+")


def compiled(expression: str) -> Pattern:
    """``expression`` compiled without regard to case. Raises BadPattern."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 64 << 20
    try:
        pattern: Pattern = re2.compile(expression, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise BadPattern(f"{expression!r}: {reason}") from error
    return pattern


def any_of(words: Iterable[str]) -> str:
    """An expression for any of the patterns ``words``; for none of them, one that nothing matches."""
    return "|".join(written(word) for word in words) or NOTHING


def anywhere(patterns: Iterable[str]) -> Pattern:
    """One pattern that finds any of ``patterns`` as whole words."""
    return compiled("|".join(_whole_words(written(pattern)) for pattern in patterns) or NOTHING)


def right_before(patterns: Iterable[str], links: Iterable[str], also: Iterable[str] = (), *, within_sentence: bool = False) -> Pattern:
    """One pattern that finds any of ``patterns`` at the end of a text, with only linking words and ``also`` between.

    A label and its number may stand in two sentences ("no. 4711", "the number: ¶ 4711"); what ``within_sentence`` is asked for may not.
    """
    joints = _SOFT_LINKS if within_sentence else _LINKS
    bridge = rf"(?:{joints}+(?:{any_of([*links, *also])}))*"
    words = "|".join(_from_word_start(written(pattern)) for pattern in patterns) or NOTHING
    return compiled(rf"(?:{words}){bridge}{joints}*$")


def right_after(patterns: Iterable[str]) -> Pattern:
    """One pattern that finds any of ``patterns`` at the beginning of a text."""
    return compiled(rf"^{_SOFT_LINKS}*(?:{any_of(patterns)})")


def _whole_words(expression: str) -> str:
    last = expression[-1:]
    ends = r"(?:[^\pL\pN]|$)" if last.isalpha() and ord(last) < _UNPARTED and expression[-2:-1] != "\\" else ""
    return rf"(?:{_from_word_start(expression)}){ends}"


def _from_word_start(expression: str) -> str:
    """``expression`` beginning where a word begins, in scripts that part words."""
    first = expression.removeprefix("(?:")[:1]
    return rf"(?:^|[^\pL\pN])(?:{expression})" if first.isalnum() and ord(first) < _UNPARTED else rf"(?:{expression})"
