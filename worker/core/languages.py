"""Which languages a text is written in, by their commonest words; a text in a language that no rule can read is never acted upon."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from worker.core import texts

_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:'[^\W\d_]++)?(?![-_/.]?\d)")
"""A word, but not the letters of a number such as "AL-3001"."""
_LONGEST = 20_000
_TOO_SHORT = 8
_KNOWN_SHARE = 0.2
_FIRST_UNPARTED = 0x2E80
_UNPARTED_SHARE = 0.2
_SURE = 4
_SECOND = 2


@dataclass(frozen=True, kw_only=True)
class Vocabularies:
    """The commonest words of each language, case-folded."""

    by_language: Mapping[str, frozenset[str]]

    @cached_property
    def common(self) -> frozenset[str]:
        """The words of all languages together."""
        return frozenset().union(*self.by_language.values())

    @cached_property
    def _languages_of(self) -> dict[str, tuple[str, ...]]:
        return {word: tuple(name for name, words in self.by_language.items() if word in words) for word in self.common}

    @cached_property
    def _unparted(self) -> tuple[str, ...]:
        """Words of scripts that write no spaces between words."""
        return tuple(word for word in self.common if ord(word[0]) >= _FIRST_UNPARTED)

    def spoken_in(self, written: Iterable[str]) -> frozenset[str]:
        """The languages of the texts of one mail; one too short to tell is in that of the others, where no language knows more of it."""
        found: set[str] = set()
        unsure: list[str] = []
        for text in written:
            if max(self._known(self._met(text)).values(), default=0) < _SURE:
                unsure.append(text)
            else:
                found |= self.spoken(text)
        sure = frozenset(found)
        for text in unsure:
            known = self._known(self._met(text))
            most = max(known.values(), default=0)
            found |= {language for language in sure if known[language] == most} or self.spoken(text)
        return frozenset(found)

    def spoken(self, text: str) -> frozenset[str]:
        """The languages that ``text`` is in, in doubt one too many; none where no word of it is known.

        The language with the most words comes first; another one is spoken too when it knows at least two of the words left over, single
        letters aside. Where few words are known, a language that knows one less counts too.
        """
        met = self._met(text)
        found: set[str] = set()
        while met:
            known = self._known(met)
            most = max(known.values())
            if found and most < _SECOND:
                break
            best = {language for language, count in known.items() if count == most or (not found and most < _SURE and count >= most - 1)}
            found |= best
            met = frozenset(word for word in met.difference(*map(self.by_language.__getitem__, best)) if len(word) > 1)
        return frozenset(found)

    def _met(self, text: str) -> frozenset[str]:
        """The words of ``text`` that any language knows."""
        text = text[:_LONGEST].casefold()
        met = self.common.intersection(_WORD.findall(text))
        return met if text.isascii() else met.union(word for word in self._unparted if word in text)

    def _known(self, met: Iterable[str]) -> Counter[str]:
        """How many of the words ``met`` each language knows."""
        return Counter(language for word in met for language in self._languages_of[word])

    def understood(self, text: str) -> bool:
        """Whether enough of the words of ``text`` are known in some language; a text of a few words always is.

        Scripts that write words without spaces between count as understood where their words are known too.
        """
        if texts.word_count(text) < _TOO_SHORT:
            return True
        words = _WORD.findall(text.casefold())
        if _is_unparted(text, words):
            return any(word in text for word in self._unparted)
        if len(words) < _TOO_SHORT:
            return True
        return sum(map(self.common.__contains__, words)) >= _KNOWN_SHARE * len(words)


def _is_unparted(text: str, words: list[str]) -> bool:
    """Whether much of a text is in scripts that write no spaces between words."""
    if text.isascii():
        return False
    letters = "".join(words)
    return sum(map(_FIRST_UNPARTED.__le__, map(ord, letters))) > _UNPARTED_SHARE * max(len(letters), 1)
