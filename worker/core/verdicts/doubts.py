"""Whether what a mail says of a number denies, doubts or takes back that it is to be used."""

from __future__ import annotations

from worker.core import mentions
from worker.core.cases import Case
from worker.core.claims import SETTLED, Claim, Role
from worker.core.numbers import Kind
from worker.core.patterns import MARKS
from worker.core.readings import SPACE, Piece, Source
from worker.core.verdicts.asides import said_of, without_asides, without_brackets
from worker.core.verdicts.values import Matter

_NOT_TAKING_BACK = frozenset({"leave-others", "legal-notice"})
"""The rules for a sentence that takes nothing back, whatever its words."""


def doubtful(claims: tuple[Claim, ...], matter: Matter) -> Claim | None:
    """A given number that a sentence denies or doubts; excused where it is another number or invoice that is denied there."""
    case = matter.case
    given = {claim.po for claim in claims}
    for claim in (claim for claim in case.claims if claim.po in given and (claim in claims or claim.role not in SETTLED)):
        piece, sentence = claim.piece, claim.piece.sentence_of(claim.placed.start)
        alone = case.by_machine or "\t" in piece.row(claim.placed)
        said = piece.clause(claim.placed) if alone else piece.sentences_from(claim.placed, 1)
        refused = (other for other in case.claims if other.role is Role.REFUSED and other.piece is piece)
        if any(piece.sentence_of(other.placed.start) == sentence for other in refused):
            continue
        if case.lexicon.invoice_set_aside.found(said) and not _only_these(piece, sentence, matter):
            continue
        names = case.rules_of(said if alone else said_of(claim, case))
        if not alone:
            said = without_asides(piece, *piece.sentences[sentence], case).partition("¶")[0]
            names &= case.rules_of(without_brackets(said))
        doubted = "number-in-doubt" in names or (said.rstrip(" ¶\n").endswith("?") and not case.lexicon.requests.found(said))
        if doubted and not _doubts_only_an_invoice(claim, matter):
            return claim
    return None


def _doubts_only_an_invoice(claim: Claim, matter: Matter) -> bool:
    """Whether only an invoice is doubted beside a number, and our own note names the right one: "it is on 4711, I think that's FT-1?"."""
    case, piece = matter.case, claim.piece
    noted = any(True for note in case.pieces if note.source is Source.NOTE for _ in mentions.of(note, case))
    if not noted or piece.source is Source.NOTE:
        return False
    meant = {placed.start for placed, invoice in mentions.of(piece, case) if invoice in matter.invoices}
    start, end = piece.sentences[piece.sentence_of(claim.placed.start)]
    kept, left_out = "", False
    for first, last in (clause for clause in piece.clauses(case.lexicon) if start <= clause[0] < end):
        clause = piece.marked[first:last]
        other = MARKS[Kind.INVOICE] in clause and MARKS[Kind.CODE] not in clause and not any(first <= place < last for place in meant)
        kept, left_out = kept if other else f"{kept} {clause}", left_out or other
    kept = kept.strip(SPACE)
    return left_out and not kept.endswith("?") and "number-in-doubt" not in case.rules_of(kept)


def _only_these(piece: Piece, sentence: int, matter: Matter) -> bool:
    """Whether the invoices named in a sentence are all among those that the mail is about."""
    start, end = piece.sentences[sentence]
    meant = {invoice.number for invoice in matter.invoices}
    found = [placed.token.found for placed in piece.of(Kind.INVOICE) if start <= placed.start < end]
    named = {number for one in found if one is not None for number in one.invoices}
    return bool(named) and named <= meant


def taken_back(case: Case) -> str | None:
    """A sentence that takes back, puts off or only reports what the mail says.

    It is excused where it is said of another number: one that is refused, or one that an invoice shows and that is called closed in the
    very sentence. What is called a mistake counts only below the first number given, which puts right what stands above it.
    """
    receivables = case.books.receivables(case.customer)
    for piece in (piece for piece in case.spoken if piece.source is Source.NEW):
        given = min((claim.placed.start for claim in case.claims if claim.role not in SETTLED and claim.piece is piece), default=0)
        refused = {piece.sentence_of(claim.placed.start) for claim in case.claims if claim.role is Role.REFUSED and claim.piece is piece}
        shown = {piece.sentence_of(claim.placed.start) for claim in case.claims if claim.piece is piece and receivables.shows(claim.po)}
        for place, (start, end) in enumerate(piece.sentences):
            names = case.rules_of(without_asides(piece, start, end, case))
            below = case.rules_of(piece.marked[max(start, given) : end]) if end > given else frozenset()
            denied = "taken-back" in names or "called-mistaken" in below
            excused = refused & {place, place - 1} or ("invalid-po" in names and place in shown)
            if denied and not excused and not names & _NOT_TAKING_BACK:
                return piece.as_written(start, end)
    return None
