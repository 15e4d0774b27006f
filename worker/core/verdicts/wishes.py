"""What a person wants, or may want, changed besides the purchase order."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from worker.core import texts
from worker.core.cases import Case
from worker.core.numbers import Kind
from worker.core.readings import SPACE, Piece, Source
from worker.core.verdicts.asides import is_aside, without_asides
from worker.core.verdicts.values import WANTING, Matter

_FEW_WORDS = 6
_UNKNOWN_WISHES = frozenset({"other-request", "clause-not-understood"})
"""The rules for a clause that may want what no rule knows."""
_BESIDE = frozenset({"beside-the-po", "left-off", "own-change"})
"""The rules for what else an invoice says, or what has changed with the customer."""
_ANSWERED = frozenset({"backdating", "clock-restarted", "booked-twice", "provenance", "future-po", "out-of-office"})
"""The rules that know what a clause asks for, and that an amendment may go along with."""


def to_more_than_po(matter: Matter) -> str | None:
    """The line by which a person wants, or may want, something else changed than the PO."""
    case = matter.case
    if case.says("beyond-po"):
        return case.hits["beyond-po"].line
    return _other_amount(matter) or _other_request(case) or _beside_the_po(case) or _points_at_something_else(case)


def _other_amount(matter: Matter) -> str | None:
    """An amount of money in the mail that is not what the invoices come to, nor a letterhead's capital or a rule's threshold."""
    receivables = matter.case.books.receivables(matter.case.customer)
    together = sum((invoice.total for invoice in matter.invoices), Decimal(0))
    currencies = {invoice.currency for invoice in matter.invoices}
    for piece in written_now(matter.case):
        for placed in piece.of(Kind.AMOUNT):
            amount = placed.token.amount
            if amount is None or not amount.currencies or receivables.comes_to(amount):
                continue
            fitting = together in amount.readings and not currencies.isdisjoint(amount.currencies)
            said = matter.case.rules_of(piece.row(placed)) | matter.case.rules_of(piece.sentences_from(placed, 1))
            if not fitting and not said & {"letterhead", "threshold"}:
                return piece.line(placed)
    return None


def _other_request(case: Case) -> str | None:
    """A clause that asks for something that no rule knows, or in which nothing is known at all."""
    for piece in written_now(case):
        for start, end in piece.clauses(case.lexicon):
            said = piece.said(start, end)
            names = case.rules_of(said)
            if not names & _UNKNOWN_WISHES or _is_answered(said, names):
                continue
            if not _in_a_notice(piece, start, case) and not is_aside(piece, start, case):
                return piece.as_written(start, end)
    return None


def _in_a_notice(piece: Piece, place: int, case: Case) -> bool:
    """Whether the sentence at ``place`` is one of a legal notice, which may stand on one line with the request above it."""
    start, end = piece.sentences[piece.sentence_of(place)]
    return "legal-notice" in case.rules_of(piece.said(start, end))


def _beside_the_po(case: Case) -> str | None:
    """A sentence about what else the invoice says, or of another topic that no rule knows; rows of a table list it and ask for nothing."""
    for piece in written_now(case):
        for start, end in piece.sentences:
            sentence = without_asides(piece, start, end, case).strip(SPACE)
            names = case.rules_of(sentence)
            answered = _is_answered(sentence, names) and not _BESIDE & case.rules_of(_behind_the_answered(piece, start, end, case))
            harmless = names & {"legal-notice", "found-right"} or answered or "\t" in sentence
            if harmless or not names & {*_BESIDE, "another-topic"}:
                continue
            known = "¤c" in sentence or names & {*WANTING, "of-an-order", "that-number"}
            if names & _BESIDE or not known:
                return piece.as_written(start, end)
    return None


def _behind_the_answered(piece: Piece, start: int, end: int, case: Case) -> str:
    """What a sentence says behind the clause that is answered: "could it be dated 31 May, and at the lower rate"."""
    behind = end
    for first, last in piece.clauses(case.lexicon):
        said = piece.said(first, last)
        if start <= first < end and _is_answered(said, case.rules_of(said)):
            behind = last
    return piece.said(behind, end)


def _points_at_something_else(case: Case) -> str | None:
    """A wish that does not say what is to change ("please correct") behind a sentence that speaks neither of an order nor of an invoice."""
    for piece in written_now(case):
        above = (0, 0)
        for start, end in piece.sentences:
            wish, before = (piece.said(one, other) for one, other in ((start, end), above))
            if "points-back" in case.rules_of(wish) and _is_beside_the_point(before, case):
                return piece.as_written(above[0], end)
            above = (start, end)
    return None


def _is_beside_the_point(said: str, case: Case) -> bool:
    """Whether a sentence of some length speaks of nothing that an amendment is about."""
    about = {*WANTING, *_ANSWERED, "of-an-order", "that-number"}
    named = "¤c" in said or "¤i" in said
    return texts.word_count(said) > _FEW_WORDS and not named and not about & case.rules_of(said)


def _is_answered(said: str, names: frozenset[str]) -> bool:
    """Whether a rule knows what ``said`` asks for; what is to be on future invoices is known only where it is a number."""
    return bool(names & _ANSWERED) and (names & _ANSWERED != {"future-po"} or "¤c" in said or "that-number" in names)


def written_now(case: Case) -> Iterator[Piece]:
    """What the speaker, or the issuer above a forward, has just written."""
    return (piece for piece in case.spoken if piece.source in (Source.NOTE, Source.NEW))
