"""Whether a number that a mail names is given: what says so must be said, for nobody can list the ways to dismiss one."""

from __future__ import annotations

from worker.core import texts
from worker.core.cases import Case
from worker.core.claims import Claim, Role
from worker.core.lexicons import Lexicon
from worker.core.numbers import Kind
from worker.core.patterns import MARKS
from worker.core.readings import Source

_LABEL_WORDS = 3
"""Words in a sentence that says little more than what a number is, the number among them."""
_ROW_WORDS = 6
"""Words in a row of a list that says so."""
_CLOSERS = " \"')]"
"""What may stand between a number and what is said of it."""
_GIVING = frozenset({"number-brought", "future-po", "same-as", "same-as-elided"})
"""The rules for a sentence that gives the number in it, beside one that says before it that it is missing; any other may dismiss it."""


def only_named(claims: tuple[Claim, ...], case: Case) -> Claim | None:
    """A number of which no sentence says that it is the one: "order 4711, which you quote, means nothing to us", however that is put.

    Told only in the languages whose files say how a number is given.
    """
    if case.by_machine or not case.rulebook.knows("number-brought"):
        return None
    given = {claim.po for claim in claims if claim.piece.source > Source.LETTER or _gives(claim, case)}
    return next((claim for claim in claims if claim.po not in given), None)


def is_told(claim: Claim, lexicon: Lexicon) -> bool:
    """Whether the words right beside a number, or a request in its sentence, say that it is to be used."""
    return (
        claim.role is Role.GIVEN
        or any(sieve.found(claim.piece.before(claim.placed)) for sieve in (lexicon.copulas, lexicon.given_before))
        or lexicon.given_after.found(claim.piece.after(claim.placed))
        or lexicon.requests.found(claim.piece.sentences_from(claim.placed, 1))
    )


def gives_outright(claim: Claim, case: Case) -> bool:
    """Whether the words beside a number or a request give it, or in such a script its sentence as well, whose labels tell too little."""
    return is_told(claim, case.lexicon) or (texts.has_unparted(_between_numbers(claim)) and _is_brought(claim, case))


def _gives(claim: Claim, case: Case) -> bool:
    """Whether the words beside a number, its row or its sentence give it, or ask for it to be put somewhere."""
    if _goes_on(claim) or _is_topic(claim) or _echoes(claim, case):
        after = case.lexicon.given_after.found(claim.piece.after(claim.placed))
        return after or case.lexicon.requests.found(claim.piece.clause(claim.placed)) or _is_brought(claim, case)
    return is_told(claim, case.lexicon) or _is_labelled(claim) or _in_a_list(claim) or _is_brought(claim, case)


def _is_brought(claim: Claim, case: Case) -> bool:
    """Whether a number's sentence says that it is the one, in words that are not ours."""
    part = _between_numbers(claim)
    said = case.rules_of(claim.piece.sentences_from(claim.placed, 1)) | case.rules_of(part)
    lacking = "missing-po" in said and "missing-po" in case.rules_of(_up_to_clause_end(claim, case))
    return (lacking or bool(said & _GIVING)) and "number-from-us" not in case.rules_of(part)


def _up_to_clause_end(claim: Claim, case: Case) -> str:
    """A number's sentence as far as the clause that it stands in: what lacks a number is told before it."""
    piece, place = claim.piece, claim.placed.start
    begin = piece.sentences[piece.sentence_of(place)][0]
    return next((piece.said(begin, end) for start, end in piece.clauses(case.lexicon) if start <= place < end), "")


def _goes_on(claim: Claim) -> bool:
    """Whether something is said of a number behind it in a script without spaces, where a label looks like the subject of a sentence."""
    return texts.is_unparted(claim.piece.after(claim.placed).lstrip(_CLOSERS))


def _is_topic(claim: Claim) -> bool:
    """Whether a clause in such a script goes on behind a comma, with what is to be said of the number that it names."""
    after = claim.piece.after(claim.placed).lstrip(_CLOSERS)
    return after.startswith(",") and texts.is_unparted(after.lstrip(", "))


def _echoes(claim: Claim, case: Case) -> bool:
    """Whether a number in such a script is only repeated from our own mail, whatever label stands before it."""
    part = _between_numbers(claim)
    return texts.has_unparted(part) and "number-from-us" in case.rules_of(part)


def _is_labelled(claim: Claim) -> bool:
    """Whether little more than what a number is stands in its clause, invoices and marks aside: "PO 4711 / INV-1"."""
    words = [word for word in claim.piece.clause(claim.placed).split() if any(map(str.isalnum, word)) and MARKS[Kind.INVOICE] not in word]
    return texts.word_count(" ".join(words)) <= _LABEL_WORDS


def _in_a_list(claim: Claim) -> bool:
    """Whether a number stands in a row of a table or a list, where it is the row's label that speaks and no sentence."""
    row = claim.piece.row(claim.placed)
    own_row = "\n" in claim.piece.sentences_from(claim.placed, 1).strip(" \n") and not row.rstrip().endswith((".", "!", "?", ","))
    return "\t" in row or claim.piece.label(claim.placed) is not None or (own_row and texts.word_count(row) <= _ROW_WORDS)


def _between_numbers(claim: Claim) -> str:
    """What of a number's sentence stands between the numbers before and behind it, those of invoices aside."""
    piece, sentence = claim.piece, claim.piece.sentence_of(claim.placed.start)
    start, end = piece.sentences[sentence]
    others = [other for other in piece.of(Kind.CODE) if start <= other.start < end]
    start = max((other.end for other in others if other.end <= claim.placed.start), default=start)
    end = min((other.start for other in others if other.start >= claim.placed.end), default=end)
    return piece.said(start, end)
