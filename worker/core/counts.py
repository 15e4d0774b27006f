"""Invoices meant without a number: "all three", "both", "all open invoices"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worker.core import texts
from worker.core.cases import Case
from worker.core.claims import Claim
from worker.core.readings import Piece, Source

_NEAR = 6
"""How many characters from a count the word for all of them may stand, in scripts without spaces between words."""


def stated(case: Case) -> int | None:
    """The count in "all three", "both open invoices", where it stands beside invoices or a purchase order."""
    for piece in case.spoken:
        if piece.source > Source.SUBJECT:
            continue
        for count in _counts(piece, case):
            return count
    return None


def stated_with(claim: Claim, case: Case) -> bool:
    """Whether a count is stated in the claim's own sentence, after it, or in another piece; one before it may have led up to it."""
    for piece in case.spoken:
        start = claim.piece.breaks[sentence - 1] if piece is claim.piece and (sentence := piece.sentence_of(claim.placed.start)) else 0
        if piece.source <= Source.SUBJECT and next(_counts(piece, case, start), None) is not None:
            return True
    return False


def stated_beside(claim: Claim, case: Case) -> int | None:
    """The count stated in the claim's own sentence: "they both go on 4711"."""
    start, end = claim.piece.sentences[claim.piece.sentence_of(claim.placed.start)]
    return next(_counts(claim.piece, case, start, end), None)


def _counts(piece: Piece, case: Case, begin: int = 0, stop: int | None = None) -> Iterator[int]:
    for start, end in piece.sentences:
        if start < begin or (stop is not None and end > stop):
            continue
        sentence = piece.marked[start:end]
        if "¤c" not in sentence and not case.lexicon.invoice_label.found(sentence):
            continue
        words = [word.strip(".,;:()*!?").casefold() for word in sentence.split()]
        for place, word in enumerate(words):
            if word in case.lexicon.counts and case.lexicon.all_of.found(" ".join(words[max(0, place - 1) : place + 1])):
                yield case.lexicon.counts[word]
        yield from _unparted(sentence, case)


def _unparted(sentence: str, case: Case) -> Iterator[int]:
    """Counts in scripts without spaces between words: "3件とも", "这两张发票"."""
    joined = "".join(sentence.split())
    for word, count in case.lexicon.counts.items():
        if not texts.is_unparted(word[-1]):
            continue
        for met in re.finditer(rf"(?<!\d){re.escape(word)}", joined):
            if case.lexicon.all_of.found(joined[max(0, met.start() - _NEAR) : met.end() + _NEAR]):
                yield count


def all_open(case: Case) -> bool:
    """Whether the speaker means all open invoices, without a count."""
    return any(case.lexicon.all_open.found(piece.marked) for piece in case.spoken if piece.source <= Source.SUBJECT)
