"""Whether a text is in a language that the rules know; a text that they can't read is never acted upon."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_TOO_SHORT = 8
_KNOWN_SHARE = 0.2
_FIRST_UNPARTED = 0x2E80
_UNPARTED_SHARE = 0.2


def understood(text: str, common: frozenset[str]) -> bool:
    """Whether enough of the words of ``text`` are among the ``common`` words of known languages; a text of a few words always is.

    Scripts that write words without spaces between count as understood where their words are among ``common`` too.
    """
    words = [word.casefold() for word in _WORD.findall(text)]
    letters = sum(map(len, words))
    unparted = sum(1 for word in words for character in word if ord(character) >= _FIRST_UNPARTED)
    if unparted > _UNPARTED_SHARE * max(letters, 1):
        return any(word in text for word in common if ord(word[0]) >= _FIRST_UNPARTED)
    if len(words) < _TOO_SHORT:
        return True
    return sum(word in common for word in words) >= _KNOWN_SHARE * len(words)
