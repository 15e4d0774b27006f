"""Text made fit for reading: what a reader sees, with one spelling of quotes, dashes, spaces and digits."""

from __future__ import annotations

import re
import unicodedata

_SAME = (
    {"\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2010": "-", "\u2011": "-"}
    | dict.fromkeys("\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u00a0\u2007\u202f", " ")
)
OVERRIDES = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
"""Characters that make shown and stored order differ (Unicode bidirectional embeddings, overrides and isolates)."""
PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def clean(text: str) -> str:
    """``text`` with full-width characters narrowed, zero-width ones gone and quotes, dashes and spaces made plain."""
    if text.isascii():
        return text
    # A text has few different characters: asking each of them once is many times faster than asking at every place.
    for character in _SAME.keys() & set(text):
        text = text.replace(character, _SAME[character])
    text = unicodedata.normalize("NFKC", text)
    for character in set(text) - {"\n", "\t"}:
        if unicodedata.category(character) in ("Cf", "Cc"):
            text = text.replace(character, "")
    return text


def disguises(text: str) -> bool:
    """Whether ``text`` holds characters that make a number look other than it is stored."""
    return not text.isascii() and not OVERRIDES.isdisjoint(text)


def squeezed(text: str) -> str:
    """``text`` on one line with single spaces."""
    return " ".join(text.split())
