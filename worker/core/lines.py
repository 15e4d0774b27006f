"""One visible line out of any text: what a hostile mail may put into a subject, a name or a PO number, made safe to print and to send."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_GONE = frozenset({"Cc", "Cf", "Cs", "Cn"})
"""Controls, invisible and direction-changing marks, lone surrogates, and code points that mean nothing."""


def visible(text: str, *, limit: int = 0) -> str:
    """``text`` on one line, without controls, direction or zero-width marks, lone surrogates; cut to ``limit`` characters (0: all)."""
    spaced = _BREAKS.sub(" ", text)
    if not spaced.isascii() or not spaced.isprintable():
        spaced = "".join(character for character in spaced if unicodedata.category(character) not in _GONE)
    spaced = spaced.strip(" ")
    return spaced if not limit or len(spaced) <= limit else spaced[: limit - 1].rstrip() + "…"
