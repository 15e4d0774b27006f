"""Phrases sought in a text all at once, however many there are: a mail is asked for a thousand, and says few."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

GAP = "…"

Pieces = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases in folded text (see ``mail_words.folded``); one with gaps (``registered office … no``) is said where its pieces follow."""

    pieces: tuple[Pieces, ...]

    def said(self, text: str) -> list[Pieces]:
        """Those that ``text`` says, each as its pieces."""
        return [pieces for pieces in self.pieces if pieces[0] in text and (len(pieces) == 1 or says(text, pieces))]


class Tables:
    """Tables of phrases by name, of which a text is asked once for all."""

    def __init__(self, tables: Mapping[str, Iterable[str]]) -> None:
        self._names = tuple(tables)
        self._entries = [(name, tuple(phrase.split(GAP))) for name, phrases in tables.items() for phrase in phrases]
        self._automaton = AhoCorasick(
            [max(pieces, key=len) for _, pieces in self._entries], store_patterns=False, implementation=Implementation.ContiguousNFA
        )

    def in_text(self, text: str) -> dict[str, Phrases]:
        """Of each table the phrases that may be said somewhere in ``text``."""
        found: dict[str, list[Pieces]] = {name: [] for name in self._names}
        for place in sorted({place for place, _, _ in self._automaton.find_matches_as_indexes(text, overlapping=True)}):
            name, pieces = self._entries[place]
            found[name].append(pieces)
        return {name: Phrases(tuple(pieces)) for name, pieces in found.items()}


def says(text: str, pieces: Pieces) -> bool:
    """Whether the pieces of a phrase stand in the text in their order."""
    begin = 0
    for piece in pieces:
        spot = text.find(piece, begin)
        if spot < 0:
            return False
        begin = spot + len(piece)
    return True
