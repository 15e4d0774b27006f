"""Phrases sought in a text all at once, however many there are: a mail is asked for a thousand, and says few."""

from __future__ import annotations

import re
from collections.abc import Iterable

from worker.core.patterns import Sieve

GAP = "…"


class Phrases:
    """Phrases in folded text (see ``mail_words.folded``); one with gaps (``registered office … no``) is said where its pieces follow."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.pieces = [tuple(phrase.split(GAP)) for phrase in phrases]
        self._sieve = Sieve([re.escape(max(pieces, key=len)) for pieces in self.pieces])

    def said(self, text: str) -> list[tuple[str, ...]]:
        """Those that ``text`` says, each as its pieces."""
        try:
            near = [self.pieces[place] for place in self._sieve.hits(text)]
        except MemoryError:
            near = self.pieces
        return [pieces for pieces in near if says(text, pieces)]


def says(text: str, pieces: tuple[str, ...]) -> bool:
    """Whether the pieces of a phrase stand in the text in their order."""
    begin = 0
    for piece in pieces:
        spot = text.find(piece, begin)
        if spot < 0:
            return False
        begin = spot + len(piece)
    return True
