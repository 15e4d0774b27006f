"""Text made fit for reading: what a reader sees, with one spelling of quotes, dashes, spaces and digits."""

from __future__ import annotations

import re
import unicodedata

_SAME = (
    {"\u2018": "'", "\u2019": "'", "\u201a": "'", "\u2010": "-", "\u2011": "-"}
    | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2012\u2013\u2014\u2212", "-")
    | {"\u00ba": "\u00b0"}
    | dict.fromkeys("\u00a0\u2007\u202f", " ")
)
OVERRIDES = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
"""Characters that make shown and stored order differ (Unicode bidirectional embeddings, overrides and isolates)."""
_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20e2\u20e4-\u20ff\ufe20-\ufe2f"
"""Marks that are set on the letter before (Unicode combining diacritical marks), all but the frame that makes a digit a keycap."""
_LATIN = "A-Za-z\u00c0-\u024f"
_LIKE_LATIN = (
    "\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69fΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχϲϳϹ\u0531-\u0587\u13a0-\u13fd\uab70-\uabbf\ua4d0-\ua4ff\u2c80-\u2ce4"
)
"""Letters of scripts whose letters pass for Latin ones: Cyrillic, some Greek, Armenian, Cherokee, Lisu, Coptic (Unicode TR 39 §4)."""
_DISGUISE = re.compile(f"[{_MARKS}{_LIKE_LATIN}]")
_CODE = re.compile(rf"[\w{_MARKS}]+(?:[-/.][\w{_MARKS}]+)*")
_MADE_UP = re.compile(rf"[{_MARKS}]|\d[ОоЗзΟο]+\d")
_OF_LATIN, _OF_LIKE_LATIN = re.compile(f"[{_LATIN}]"), re.compile(f"[{_LIKE_LATIN}]")
_LINK = re.compile(r"https?://\S+|[^\s@]{1,64}@\S+")
UNPARTED = "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Letters of scripts that write no spaces between words: kana and Han characters, as the inside of a class."""
_IS_UNPARTED = re.compile(f"[{UNPARTED}]")
_RUN = re.compile(f"[{UNPARTED}]+")
_SEAM = re.compile(rf"(?<=[{UNPARTED}])(?=[A-Za-z0-9#/])|(?<=[A-Za-z0-9/])(?=[{UNPARTED}])")
_WIDE_MARKS = str.maketrans(
    {
        "。": ". ", "｡": ". ", "、": ", ", "､": ", ", "，": ", ", "！": "! ", "？": "? ", "；": "; ",
        **dict.fromkeys("「」『』｢｣《》〈〉", '"'), **dict.fromkeys("【〔〖", "["), **dict.fromkeys("】〕〗", "]"),
    }
)  # fmt: skip
"""The marks of those scripts as others write them, with the space behind them that they do without."""
_TIGHT_MARK = re.compile(f"(?<=[{UNPARTED}][.?!])(?=[{UNPARTED}])|(?<=[{UNPARTED})][?!])(?=\\S)")
_PRINTABLE = frozenset(map(chr, range(0x20, 0x7F))) | {"\n", "\t"}
_PLAIN = _PRINTABLE | {
    letter for letter in map(chr, range(0xC0, 0x250)) if letter.isalpha() and unicodedata.normalize("NFKC", letter) == letter
}
"""What a text needs no cleaning of: Latin letters, accents on them, and what a typewriter writes."""


def clean(text: str) -> str:
    """``text`` with full-width characters narrowed, zero-width ones gone and quotes, dashes, spaces and digits made plain."""
    if text.isascii():
        return text
    # A text has few different characters: asking each of them once is many times faster than asking at every place.
    characters = set(text)
    if characters <= _PLAIN:
        return text
    for character in _SAME.keys() & characters:
        text = text.replace(character, _SAME[character])
    text = unicodedata.normalize("NFKC", text)
    for character in set(text) - _PRINTABLE:
        if unicodedata.category(character) in ("Cf", "Cc"):
            text = text.replace(character, "")
        elif character.isdecimal():
            text = text.replace(character, str(unicodedata.decimal(character)))
    return text


def parted(text: str) -> str:
    """``text`` clean, and in scripts that write without spaces parted where others part it: behind marks, around figures and Latin words.

    A label and its number touch there ("注文番号4500123456です"), and nothing that seeks whole words would find either.
    """
    if not has_unparted(text):
        return clean(text)
    text = clean(text.translate(_WIDE_MARKS))
    return _TIGHT_MARK.sub(" ", _SEAM.sub(" ", text))


def word_count(text: str) -> int:
    """How many words ``text`` has; where none are parted, two characters are one."""
    if not has_unparted(text):
        return len(text.split())
    return len(_RUN.sub(" ", text).split()) + sum((len(run) + 1) // 2 for run in _RUN.findall(text))


def is_unparted(text: str) -> bool:
    """Whether ``text`` begins with a letter of a script that writes no spaces between words."""
    return _IS_UNPARTED.match(text) is not None


def word_start(text: str, at: int, begin: int = 0) -> int:
    """Where the word begins that ``at`` lies in or right behind; not before ``begin``."""
    return max(text.rfind(" ", begin, at), text.rfind("\n", begin, at), begin - 1) + 1


def word_end(text: str, at: int, stop: int) -> int:
    """Where the word ends that ``at`` lies in; not behind ``stop``."""
    return min((spot for mark in (" ", "\n") if (spot := text.find(mark, at, stop)) >= 0), default=stop)


def has_unparted(text: str) -> bool:
    """Whether any letter of ``text`` is of a script that writes no spaces between words."""
    return not text.isascii() and _IS_UNPARTED.search(text) is not None


def without_accents(text: str) -> str:
    """``text`` as people type it who leave out the accents of its letters; letters that are not a plain one with an accent stay."""
    if text.isascii():
        return text
    parted = unicodedata.normalize("NFD", text.replace("ł", "l").replace("Ł", "L"))
    return unicodedata.normalize("NFC", "".join(character for character in parted if not unicodedata.combining(character)))


def disguises(text: str) -> bool:
    """Whether ``text`` holds characters that make a number look other than it is stored.

    Those are characters that turn the reading around, and in a code (a word with a digit in it) marks over its letters and letters of
    two scripts that look alike.
    """
    if text.isascii():
        return False
    if not OVERRIDES.isdisjoint(text):
        return True
    composed = unicodedata.normalize("NFC", text)
    if not _DISGUISE.search(composed):
        return False
    codes = (code for code in _CODE.findall(_LINK.sub(" ", composed)) if any(map(str.isdigit, code)))
    return any(_MADE_UP.search(code) or (_OF_LATIN.search(code) and _OF_LIKE_LATIN.search(code)) for code in codes)


def squeezed(text: str) -> str:
    """``text`` on one line with single spaces."""
    return " ".join(text.split())
