"""Reads a sentence without what it says of other numbers than the purchase order: those are not to be printed, whatever is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worker.core import claims, purchase_orders
from worker.core.cases import Case
from worker.core.claims import SETTLED, Claim, Role
from worker.core.numbers import Kind
from worker.core.patterns import MARKS
from worker.core.readings import Piece, Placed

_SHORT_NUMBER = re.compile(r"(?<![\w¤])[^\W\d]{0,3}[-/]?\d+")
_ASIDE = re.compile(r"\([^()¶]*¤c[^()¶]*\)")


def without_brackets(said: str) -> str:
    """A sentence about a number without what it says of others in brackets: "PO 4711 (cost centre 12, not to be printed)"."""
    bare = _ASIDE.sub(" ", said)
    return bare if "¤c" in bare else said


def without_asides(piece: Piece, start: int, end: int, case: Case) -> str:
    """A sentence without its clauses by which another number than the PO need not be printed: "the cost centre is 4711, only for us"."""
    if "not-needed" not in case.rules_of(piece.said(start, end)):
        return piece.marked[start:end]
    return "".join(piece.marked[place:stop] for place, stop, aside in _clauses(piece, start, end, case) if not aside)


def is_aside(piece: Piece, position: int, case: Case) -> bool:
    """Whether the clause at ``position`` only says of another number that it need not be printed."""
    start, end = piece.sentences[piece.sentence_of(position)]
    return any(aside and place <= position < stop for place, stop, aside in _clauses(piece, start, end, case))


def said_of(claim: Claim, case: Case) -> str:
    """A number's sentence without the clauses in which only numbers of another kind stand: what they say is said of those."""
    piece, sentence = claim.piece, claim.piece.sentence_of(claim.placed.start)
    said: list[str] = []
    read_to = None
    for start, end in piece.clauses(case.lexicon):
        if piece.sentence_of(start) == sentence:
            roles = {claims.role_of(placed, piece, case.lexicon, None) for placed in piece.of(Kind.CODE) if start <= placed.start < end}
            said += (piece.marked[start if read_to is None else read_to : start], "" if roles == {Role.NOT_PO} else piece.marked[start:end])
            read_to = end
    return _in_its_row("".join(said).partition("¶")[0], piece.row(claim.placed))


def _clauses(piece: Piece, start: int, end: int, case: Case) -> Iterator[tuple[int, int, bool]]:
    """Where each clause of a sentence begins and ends, and whether it is an aside.

    That is what is said of another number up to where it is said not to be needed: "the cost centre 4711 is an old one, ignore it".
    """
    parts = [(part.start(), part.end()) for part in case.lexicon.clause_end.finditer(piece.marked, start, end)] + [(end, end)]
    about_another, waiting = False, list[tuple[int, int]]()
    for (stop, next_start), place in zip(parts, (start, *(after for _, after in parts)), strict=False):
        codes = [placed for placed in piece.of(Kind.CODE) if place <= placed.start < next_start]
        clause = piece.said(place, stop)
        if codes:
            yield from ((*one, False) for one in waiting)
            waiting, about_another = [], all(_is_another_kind(placed, piece, case) for placed in codes)
        waiting.append((place, next_start))
        not_needed = "not-needed" in case.rules_of(clause)
        if (about_another and not_needed) or not about_another:
            aside = not_needed and (about_another or (not codes and _names_another_kind(clause, case)))
            yield from ((*one, aside) for one in waiting)
            waiting = []
    yield from ((*one, False) for one in waiting)


def _is_another_kind(placed: Placed, piece: Piece, case: Case) -> bool:
    """Whether a code is refused, or called another kind of number, or is called nothing and can't be a PO of the customer's."""
    role = claims.role_of(placed, piece, case.lexicon, None)
    if any(purchase_orders.same(placed.token.text, claim.po) and claim.role not in SETTLED for claim in case.claims):
        return False
    return role in (Role.NOT_PO, Role.REFUSED) or (role is Role.BARE and not placed.token.formatted)


def _names_another_kind(clause: str, case: Case) -> bool:
    """Whether a number too short to be a PO is called another kind in ``clause``: "project P-8"."""
    return any(case.lexicon.not_po_before.found(clause[: match.start()]) for match in _SHORT_NUMBER.finditer(clause))


def _in_its_row(said: str, row: str) -> str:
    """``said`` without the rows of other invoices, where the number stands in a list of them, an invoice at the head of each row."""
    head = MARKS[Kind.INVOICE]
    listed = row.lstrip().startswith(head)
    return "\n".join(line for line in said.split("\n") if not listed or line.strip() in row or not line.lstrip().startswith(head))
