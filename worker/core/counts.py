"""Invoices meant without a number: "all three", "both", "all open invoices"."""

from __future__ import annotations

from collections.abc import Iterator

from worker.core.cases import Case
from worker.core.readings import Piece, Source


def stated(case: Case) -> int | None:
    """The count in "all three", "both open invoices", where it stands beside invoices or a purchase order."""
    for piece in case.spoken:
        if piece.source > Source.SUBJECT:
            continue
        for match in _counts(piece, case):
            return match
    return None


def _counts(piece: Piece, case: Case) -> Iterator[int]:
    start = 0
    while (match := case.lexicon.counted.search(piece.marked[start:])) is not None:
        words = match.group().lower().split()
        number = next(
            (case.lexicon.counts[word.strip(".,;:()*")] for word in reversed(words) if word.strip(".,;:()*") in case.lexicon.counts), None
        )
        around = _clause(piece, start + match.start())
        whole = (len(words) > 1 and case.lexicon.all_of.search(" ".join(words[:-1])) is not None) or case.lexicon.all_of.search(
            words[-1]
        ) is not None
        if number is not None and whole and ("¤c" in around or case.lexicon.invoice_label.search(around) is not None):
            yield number
        start += max(match.end() - 1, match.start() + 1)


def _clause(piece: Piece, position: int) -> str:
    sentence = piece.sentence_of(position)
    start = piece.breaks[sentence - 1] if sentence else 0
    return piece.marked[start : piece.breaks[sentence] if sentence < len(piece.breaks) else None]


def all_open(case: Case) -> bool:
    """Whether the speaker means all open invoices, without a count."""
    return any(case.lexicon.all_open.search(piece.marked) for piece in case.spoken if piece.source <= Source.SUBJECT)
