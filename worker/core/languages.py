"""Which languages a text is written in, by their commonest words; a text in a language that no rule can read is never acted upon."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from worker.core import texts

_PLAIN_MARKS = '\t\n\r\v\f.,;:!?()[]{}<>"*=|/_&+#'
_SPACES = bytes.maketrans(f"{_PLAIN_MARKS}0123456789".encode(), b" " * len(_PLAIN_MARKS) + b"0" * 10)
_OTHER_MARKS = frozenset("\u00a0«»„“”…¿¡、。，；：！？「」『』（）")
_ASCII = frozenset(map(chr, range(0x80)))
_LONGEST = 20_000
_TOO_SHORT = 8
_KNOWN_SHARE = 0.2
_FIRST_UNPARTED = 0x2E80
_UNPARTED = re.compile("[\u2e80-\U0010ffff]")
_UNPARTED_SHARE = 0.2
_SURE = 4
_SECOND = 2
_REMEMBERED = 8


@dataclass(frozen=True, kw_only=True)
class Vocabularies:
    """The commonest words of each language, case-folded."""

    by_language: Mapping[str, frozenset[str]]

    @cached_property
    def common(self) -> frozenset[str]:
        """The words of all languages together."""
        return frozenset().union(*self.by_language.values())

    @cached_property
    def _languages_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for language, words in self.by_language.items():
            for word in words:
                found.setdefault(word, []).append(language)
        return found

    @cached_property
    def _unparted(self) -> tuple[str, ...]:
        """Words of scripts that write no spaces between words."""
        return tuple(word for word in self.common if ord(word[0]) >= _FIRST_UNPARTED)

    def spoken_in(self, written: Iterable[str]) -> frozenset[str]:
        """The languages of the texts of one mail, in doubt one too many; none where no word of them is known.

        The language with the most words of a text comes first; another one is spoken too when it knows at least two of the words left
        over, single letters aside. Where few words are known, a language that knows one less counts too. A text too short to tell is in
        the language of the others, where no language knows more of it.
        """
        told = [(met, self._known(met)) for met in map(self._met, written) if met]
        sure = frozenset().union(*(self._told(met, known) for met, known in told if max(known.values()) >= _SURE))
        found = set(sure)
        for met, known in told:
            most = max(known.values())
            if most < _SURE:
                found |= {language for language in sure if known.get(language) == most} or self._told(met, known)
        return frozenset(found)

    def _met(self, text: str) -> frozenset[str]:
        """The words of ``text`` that any language knows."""
        return self._words_of(text[:_LONGEST])[1]

    @cached_property
    def _words_of(self) -> Callable[[str], tuple[list[str], frozenset[str]]]:
        """The words of a text and those known of them, kept for the few texts of one mail."""

        def words_of(text: str) -> tuple[list[str], frozenset[str]]:
            words = _words(text)
            met = self.common.intersection(words)
            return words, met.union(word for word in self._unparted if word in text) if _has_unparted(text) else met

        return lru_cache(maxsize=_REMEMBERED)(words_of)

    def _known(self, met: Iterable[str]) -> Mapping[str, int]:
        """How many of the words ``met`` each language knows that knows any."""
        return Counter(chain.from_iterable(map(self._languages_of.__getitem__, met)))

    def _told(self, met: frozenset[str], known: Mapping[str, int]) -> frozenset[str]:
        """The languages whose words were ``met``, of which each knows as many as ``known`` says."""
        most = max(known.values())
        found = {language for language, count in known.items() if count == most or (most < _SURE and count >= most - 1)}
        while True:
            left = met.difference(*map(self.by_language.__getitem__, found))
            counts = self._known(word for word in left if len(word) > 1)
            most = max(counts.values(), default=0)
            if most < _SECOND:
                return frozenset(found)
            found |= {language for language, count in counts.items() if count == most}

    def understood(self, text: str) -> bool:
        """Whether enough of the words of ``text`` are known in some language; a text of a few words always is.

        Scripts that write words without spaces between count as understood where their words are known too.
        """
        words, met = self._words_of(text[:_LONGEST])
        if _is_unparted(text, words):
            return bool(met.intersection(self._unparted)) or texts.word_count(text) < _TOO_SHORT
        if len(words) < _TOO_SHORT:
            return True
        return sum(map(self.common.__contains__, words)) >= _KNOWN_SHARE * len(words)


def _words(text: str) -> list[str]:
    """The words of ``text``, case-folded, those with an apostrophe also in halves; no numbers, nor letters of numbers ("AL-3001")."""
    text = text.casefold().replace("’", "'")
    others = frozenset() if text.isascii() else frozenset(text) - _ASCII
    for mark in _OTHER_MARKS & others:
        text = text.replace(mark, " ")
    # Bytes are translated many times faster than characters, and no byte of a longer character is a mark or a digit.
    marked = f" {text} ".encode("utf-8", "surrogatepass").translate(_SPACES)
    for around in (b" '", b"' ", b" -", b"- "):
        marked = marked.replace(around, b" ") if around in marked else marked
    words = marked.decode("utf-8", "surrogatepass").split()
    if b"0" in marked:
        words = [word for word in words if "0" not in word]
    if any(map(str.isdigit, others)):
        words = [word for word in words if word.isascii() or not any(map(str.isdigit, word))]
    return words + [half for word in words if "'" in word for half in word.split("'")] if b"'" in marked else words


def _has_unparted(text: str) -> bool:
    return not text.isascii() and _UNPARTED.search(text) is not None


def _is_unparted(text: str, words: list[str]) -> bool:
    """Whether much of a text is in scripts that write no spaces between words."""
    if not _has_unparted(text):
        return False
    letters = "".join(words)
    return sum(map(_FIRST_UNPARTED.__le__, map(ord, letters))) > _UNPARTED_SHARE * max(len(letters), 1)
