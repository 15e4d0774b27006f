"""Patterns as rule files write them, run on an engine without catastrophic backtracking (RE2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import re2

from worker.core.texts import without_accents

MARKS = {"invoice": "¤i", "code": "¤c", "amount": "¤a", "date": "¤d"}
"""What stands in a marked text for a number of that kind."""
GAP = r"(?:[^.?!;¤¶]|¤[iad])*"
"""What ``{gap}`` means in a pattern: anything of the same sentence up to the next code. (A bounded repeat would blow up the automaton.)"""
NOTHING = r"[^\x{0}-\x{10FFFF}]"
"""A pattern that nothing matches."""
_UNPARTED = 0x2E80
"""From this code point on, scripts write words without spaces between."""
START = r"(?:^|[^\pL\pN])"
"""Where a word begins; ``\\b`` knows no letters beyond ASCII."""
_END = r"(?:[^\pL\pN]|$)"
_SOFT_LINKS = r"[\s:#=>()\[\],\"'*/|-]"
_LINKS = r"[\s:#=>()\[\].,\"'*/¶|-]"
_TOKEN = re.compile(r"\\[pP](?:\{\w+\}|\w)|\\.|[^\\]+", re.DOTALL)
_RANGES = {r"\pL": r"a-z\x{c0}-\x{1fff}\x{2c00}-\x{10ffff}", r"\pN": "0-9"}
"""Lower-case letters and everything from À on but the blocks of punctuation and signs; plain texts have digits in one spelling only."""
_CHARACTER = re.compile(r"\\.|.", re.DOTALL)
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_EITHER = re.compile(r"\[([^\x00-\x7f])[a-z]\]|\(\?:([^\x00-\x7f])(?:\|[a-z]+)+\)")
"""A letter in several spellings, as ``respelt`` writes it: with its accent or without, or in other letters."""
_ALWAYS = "(?:)"
_MEMORY = 5 << 20


class BadPattern(ValueError):
    """A pattern that is no regular expression; the text names it and what is wrong."""


class Sieve:
    """Expressions sought in a text all at once, without regard to case; the time is linear in the text, whatever they say.

    They are compiled when a text is first asked of them: most languages' never are.
    """

    def __init__(self, expressions: Sequence[str], *, memory: int = _MEMORY) -> None:
        """``memory`` in bytes bounds what the engine keeps."""
        self._expressions = expressions
        self._memory = memory
        self._always = len(expressions)

    @cached_property
    def _compiled(self) -> Any:
        return self._made()

    def _made(self) -> Any:
        found = re2.Set.SearchSet(_options(self._memory))
        for expression in [*self._expressions, _ALWAYS]:
            try:
                found.Add(_lowered(expression))
            except re2.error as error:
                raise BadPattern(f"{expression!r} is no regular expression") from error
        try:
            found.Compile()
        except re2.error as error:
            raise BadPattern(f"the patterns are too large for {self._memory >> 20} MB") from error
        return found

    def compile(self) -> None:
        """Raises BadPattern where that would be raised once a text is asked; keeps nothing, for most are never asked."""
        self._made()

    def forget(self) -> None:
        """Let go of what was compiled, until a text is asked again."""
        vars(self).pop("_compiled", None)

    def hits(self, text: str) -> list[int]:
        """Which of the expressions ``text`` holds, by their place, in order.

        Raises MemoryError when the engine gives up, which it does not tell from a miss by itself, and BadPattern at the first time.
        """
        found = sorted(self._compiled.Match(text.lower()) or ())
        if not found or found[-1] != self._always:
            raise MemoryError("the pattern engine ran out of memory")
        return found[:-1]

    def found(self, text: str) -> bool:
        """Whether ``text`` holds any of the expressions."""
        return bool(self.hits(text))


def check(pattern: str) -> None:
    """Raises BadPattern when ``pattern`` is no pattern by itself, or holds a placeholder that nobody knows."""
    unknown = next((name for name in _PLACEHOLDER.findall(pattern) if name not in MARKS and name != "gap"), None)
    if unknown is not None:
        raise BadPattern(
            f"unknown placeholder {{{unknown}}} in {pattern!r}; known are {{gap}}, {', '.join('{' + name + '}' for name in MARKS)}"
        )
    try:
        re2.Set.SearchSet(_options(_MEMORY)).Add(_lowered(written(pattern)))
    except re2.error as error:
        raise BadPattern(f"{pattern!r} is no regular expression") from error


def check_words(words: Sequence[str]) -> None:
    """Raises BadPattern naming the first of ``words`` that is no pattern; asks of each only where they are none together."""
    try:
        re2.Set.SearchSet(_options(_MEMORY)).Add(_lowered(any_of(words)))
    except re2.error:
        for word in words:
            check(word)
        raise BadPattern(f"{any_of(words)!r} is no regular expression") from None


@lru_cache(maxsize=4)
def _options(memory: int) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = memory
    return options


def _lowered(expression: str) -> str:
    """``expression`` in lower case but for its escapes: lower case needs a far smaller automaton than folding case does.

    A letter (``\\pL``) and a digit (``\\pN``) become a few ranges, for as Unicode has them they are hundreds, in each of a thousand places.
    """
    inside = False
    parts: list[str] = []
    for token in _TOKEN.findall(expression):
        if token in _RANGES:
            parts.append(_RANGES[token] if inside else f"[{_RANGES[token]}]")
            continue
        if not token.startswith("\\"):
            inside = inside if not {"[", "]"} & set(token) else token.rfind("[") > token.rfind("]")
            token = token.lower()
        parts.append(token)
    return "".join(parts)


def written(pattern: str) -> str:
    """The regular expression for a pattern: placeholders filled in, a space meaning any white space, " ?" meaning none or any."""
    for name, mark in MARKS.items():
        pattern = pattern.replace("{" + name + "}", f"(?:{mark})")
    return pattern.replace("{gap}", GAP).replace(" ?", r"\s*").replace(" ", r"\s+")


def joined(piece: str) -> str:
    """``piece`` as one thing beside others: in a group of its own where it is a choice."""
    depth, inside = 0, False
    for character in _CHARACTER.findall(piece):
        inside = character == "[" or (inside and character != "]")
        depth += 0 if inside else (character == "(") - (character == ")")
        if character == "|" and not depth and not inside:
            return f"(?:{piece})"
    return piece


def respelt(pattern: str, letters: Mapping[str, str], *, unaccented: bool = False) -> str:
    """``pattern`` finding its words also as they are typed otherwise.

    That is with other letters for some ("fuer" for "für"; not within a class of characters), and with ``unaccented`` without their
    accents: "zamówienie" and "zamowienie".
    """
    inside = False
    parts: list[str] = []
    for character in _CHARACTER.findall(pattern):
        inside = character == "[" or (inside and character != "]")
        bare = without_accents(character) if unaccented else character
        spellings = dict.fromkeys((character, bare, *([] if inside else [letters.get(character, character)])))
        if len(spellings) == 1:
            parts.append(character)
        elif inside:
            parts.append("".join(spellings))
        else:
            parts.append(f"[{character}{bare}]" if len(spellings) == 2 and bare != character else f"(?:{'|'.join(spellings)})")
    return "".join(parts)


def any_of(words: Iterable[str]) -> str:
    """An expression for any of the patterns ``words``; for none of them, one that nothing matches."""
    return "|".join(written(word) for word in words) or NOTHING


def whole_words(patterns: Iterable[str]) -> str:
    """An expression that finds any of ``patterns`` as whole words."""
    return _bounded([written(pattern) for pattern in patterns], ends=True)


def anywhere(patterns: Iterable[str]) -> Sieve:
    """Finds any of ``patterns`` as whole words."""
    return Sieve([whole_words(patterns)])


def from_word_start(patterns: Iterable[str]) -> str:
    """An expression for any of ``patterns`` from where a word begins."""
    return _bounded(written(pattern) for pattern in patterns)


def right_before(patterns: Iterable[str], links: Iterable[str], also: Iterable[str] = (), *, within_sentence: bool = False) -> Sieve:
    """Finds any of ``patterns`` at the end of a text, with only linking words and ``also`` between.

    A label and its number may stand in two sentences ("no. 4711", "the number: ¶ 4711"); what ``within_sentence`` is asked for may not.
    """
    joints = _SOFT_LINKS if within_sentence else _LINKS
    between = [*links, *also]
    touching = any_of(word for word in between if not _begins_word(word))
    bridge = rf"(?:{joints}+(?:{any_of(between)})|{touching})*"
    words = _bounded(written(pattern) for pattern in patterns)
    return Sieve([rf"(?:{words}){bridge}{joints}*$"])


def right_after(patterns: Iterable[str], lists: Iterable[str] = ()) -> Sieve:
    """Finds any of ``patterns`` at the beginning of a text, also behind more codes joined by the words of ``lists``."""
    more = rf"(?:[\s,]*(?:{any_of(lists)})?[\s,]*{MARKS['code']})*" if lists else ""
    return Sieve([rf"^{more}{_SOFT_LINKS}*(?:{any_of(patterns)})"])


def _bounded(expressions: Iterable[str], *, ends: bool = False) -> str:
    """Any of ``expressions`` from where a word begins, in scripts that part words, and with ``ends`` to where it ends.

    The boundaries are written once for all expressions that need them: as classes of Unicode letters they are large.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for expression in expressions:
        start = START if _begins_word(expression) else ""
        last = _EITHER.sub(r"\1\2", expression)[-2:]
        end = _END if ends and _parts_words(last[-1:]) and not last.startswith("\\") else ""
        groups.setdefault((start, end), []).append(expression)
    return "|".join(f"{start}(?:{'|'.join(group)}){end}" for (start, end), group in groups.items()) or NOTHING


def _begins_word(expression: str) -> bool:
    """Whether ``expression`` begins with a letter or digit of a script that parts words, with or without its accent."""
    return _parts_words(_EITHER.sub(r"\1\2", expression).removeprefix("(?:")[:1])


def _parts_words(character: str) -> bool:
    return character.isalnum() and ord(character) < _UNPARTED
