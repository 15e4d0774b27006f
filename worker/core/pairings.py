"""Which PO number goes on which invoice, where a mail names several of either."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from worker.core import counts, mentions, purchase_orders
from worker.core.cases import Case
from worker.core.claims import Claim, Role, role_of
from worker.core.invoices import Invoice
from worker.core.matches import Match
from worker.core.numbers import Kind
from worker.core.purchase_orders import PoNumber
from worker.core.readings import Piece, Placed, Source

_PUTTING_OFF = frozenset({"po-to-follow", "missing-po", "leave-others", "rejected"})
"""The rules by which an invoice named beside others is left out."""
_LEAVING_OUT = frozenset({"po-to-follow", "leave-others"})
_MOST_LINKING = 2
_SURELY_OTHER = frozenset({Role.NOT_PO, Role.REFUSED, Role.EXAMPLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Which PO number goes on which invoice; ``unclear`` says why that can't be told."""

    pairs: tuple[tuple[Invoice, PoNumber], ...] = ()
    lines: tuple[str, ...] = ()
    unclear: str | None = None


def pair(claims: tuple[Claim, ...], match: Match, case: Case) -> Pairing:
    """The claims on the invoices: row by row or sentence by sentence, or one PO on all of them."""
    distinct = {claim.po for claim in claims}
    lines = tuple(dict.fromkeys(claim.line for claim in claims))
    if not distinct or not match.invoices:
        return Pairing(lines=lines)
    if len(distinct) == 1 and (other := _lookalike(claims[0], match, case)) is not None:
        return Pairing(lines=lines, unclear=f"{other} looks like another purchase order than {claims[0].po}")
    if len(distinct) == 1:
        meant = _meant(claims, match, case)
        if meant is None:
            return Pairing(lines=lines, unclear=f"{claims[0].po} stands beside some of the invoices; what the others get is not clear")
        count = _counted(claims, case)
        if count > len(meant):
            return Pairing(lines=lines, unclear=f"{claims[0].po} may be for the {count} open invoices, and not just for {meant[0].number}")
        some = (_between(claims[0], meant, case) or _some_of_them(claims[0], case)) if len(meant) > 1 else None
        if some is not None:
            return Pairing(lines=lines, unclear=f"not all of the invoices may be meant: {some}")
        return Pairing(pairs=tuple((invoice, claims[0].po) for invoice in meant), lines=lines)
    ways = (_by_place, _by_turns, _by_groups, _in_order)
    by_place = next((pairs for way in ways if (pairs := way(claims, match, case))), None)
    if by_place is None:
        several = ", ".join(sorted(distinct))
        return Pairing(
            lines=lines,
            unclear=f"{several} are named and nothing tells which belongs to {', '.join(invoice.number for invoice in match.invoices)}",
        )
    return Pairing(pairs=by_place, lines=lines)


def _counted(claims: tuple[Claim, ...], case: Case) -> int:
    """How many invoices a count beside a number may mean, with a number or without; 0 where no such number of them is open."""
    receivables = case.books.receivables(case.customer)
    open_ones = {len(receivables.without_po), len(receivables.issued)}
    stated = (counts.stated_beside(claim, case) for claim in claims)
    return max((count for count in stated if count in open_ones and count is not None), default=0)


def _lookalike(claim: Claim, match: Match, case: Case) -> str | None:
    """Another code of the same make in the same sentence or the next, which no invoice meant shows: it may be the PO as well."""
    make, shown = _make(claim.po), [invoice.po_number for invoice in match.invoices]
    first = claim.piece.sentence_of(claim.placed.start)
    for placed in claim.piece.of(Kind.CODE):
        near = claim.piece.sentence_of(placed.start) - first in (0, 1)
        other = _make(placed.token.text) == make and not any(
            purchase_orders.same(placed.token.text, po) for po in (claim.placed.token.text, *shown)
        )
        if near and other and role_of(placed, claim.piece, case.lexicon, None) not in _SURELY_OTHER:
            return placed.token.text
    return None


def _make(code: str) -> str:
    return re.sub(r"[^\W\d_]", "@", re.sub(r"\d", "#", code))


def _meant(claims: tuple[Claim, ...], match: Match, case: Case) -> tuple[Invoice, ...] | None:
    """The invoices that one PO is for: those in a row or sentence of its own if it shares one, else all but those that are put off.

    None where the mail names others elsewhere without a word on what they get.
    """
    claim = claims[0]
    together = tuple({invoice.number: invoice for one in claims for invoice in _beside(one, case)}.values())
    if "\t" in claim.piece.row(claim.placed) and together:
        return tuple(invoice for invoice in match.invoices if invoice in together)
    if len(match.invoices) > 1 and together and not _for_all(claim, case):
        chosen = tuple(invoice for invoice in match.invoices if invoice in together and not _left_out(invoice, claim, case))
        others = [invoice for invoice in match.invoices if invoice not in together]
        if chosen and all(_put_off(invoice, case) for invoice in others):
            return chosen
        if chosen and others:
            return None
    if any(counts.stated_beside(one, case) == len(match.invoices) > 1 for one in claims):
        return match.invoices
    return tuple(invoice for invoice in match.invoices if not _put_off(invoice, case)) or match.invoices


def _between(claim: Claim, meant: tuple[Invoice, ...], case: Case) -> str | None:
    """What stands between invoices of one sentence where they are not simply listed: they may not all be meant, or others besides."""
    if _for_all(claim, case):
        return None
    piece = claim.piece
    for (one, _), (other, _) in pairwise(found for found in mentions.of(piece, case) if found[1] in meant):
        between = piece.marked[one.end : other.start]
        apart = piece.sentence_of(one.start) != piece.sentence_of(other.start) or "\n" in between or "\t" in between
        given, _, behind = between.rpartition("¤c")
        known = case.lexicon.list_words | (case.lexicon.free_words if given else frozenset())
        listed = all(word.casefold() in known or _is_listing(word, case) for word in _words(behind)) and not re.search(
            r"\s-+\s|\.\.", behind
        )
        if not apart and (not listed or _goes_on(claim, between, other, case)):
            return piece.as_written(one.start, other.end)
    return None


def _is_listing(word: str, case: Case) -> bool:
    return word.casefold() in case.lexicon.list_words or case.lexicon.listing.fullmatch(word) is not None


def _goes_on(claim: Claim, between: str, other: Placed, case: Case) -> bool:
    """Whether more is said of an invoice behind the number and another invoice: "A on FT-1, FT-2 is being checked"."""
    piece = claim.piece
    clause = re.split(r"[.?!¶]", case.lexicon.clause_end.split(piece.marked[other.end :], maxsplit=1)[0], maxsplit=1)[0]
    known = case.lexicon.list_words | case.lexicon.free_words
    set_apart = claim.placed.start < other.start and ("," in between or "¤c" in between)
    return set_apart and "¤c" not in clause and any(word.casefold() not in known for word in _words(clause))


def _words(marked: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", re.sub("¤.", " ", marked))


def _some_of_them(claim: Claim, case: Case) -> str | None:
    """A sentence about the number or an invoice that sets one of them apart."""
    piece = claim.piece
    places = [claim.placed.start, *(placed.start for placed, _ in mentions.of(piece, case))]
    for start, end in (piece.sentences[number] for number in sorted({piece.sentence_of(place) for place in places})):
        if "some-of-them" in case.rules_of(piece.said(start, end)):
            return piece.as_written(start, end)
    return None


def _for_all(claim: Claim, case: Case) -> bool:
    return counts.stated_with(claim, case) and claim.role in (Role.PO, Role.GIVEN)


def _put_off(invoice: Invoice, case: Case) -> bool:
    """Whether what is said of ``invoice`` is that its number follows, is missing still, or that it stays as it is."""
    for piece in case.spoken:
        if invoice.number in piece.asked and not any(map(bool, piece.of(Kind.CODE))) and case.rules_of(piece.marked) & _PUTTING_OFF:
            return True
        for placed, mentioned in mentions.of(piece, case):
            if mentioned is invoice and piece.source <= Source.LETTER:
                said = _said_of(placed, piece)
                if "¤c" not in said and case.rules_of(said) & _PUTTING_OFF:
                    return True
    return False


def _left_out(invoice: Invoice, claim: Claim, case: Case) -> bool:
    """Whether the sentence that gives a number says of ``invoice``, behind whatever it names before, that its own number follows."""
    piece, sentence = claim.piece, claim.piece.sentence_of(claim.placed.start)
    for placed, mentioned in mentions.of(piece, case):
        if mentioned is invoice and piece.sentence_of(placed.start) == sentence:
            said = _said_of(placed, piece)
            behind = said[said.rfind("¤c", 0, said.rfind("¤i")) + 2 :] if "¤c" in said else ""
            if "¤c" not in behind and case.rules_of(behind) & _LEAVING_OUT:
                return True
    return False


def _said_of(placed: Placed, piece: Piece) -> str:
    """The row or paragraph part from an invoice's mention up to the next one."""
    following = next((other.start for other in piece.of(Kind.INVOICE) if other.start > placed.start), len(piece.marked))
    paragraph = piece.marked.find("¶", placed.end)
    following = min(following, paragraph) if paragraph >= 0 else following
    sentence = piece.sentence_of(placed.start)
    start = piece.breaks[sentence - 1] if sentence else 0
    row_start = piece.marked.rfind("\n", 0, placed.start) + 1
    return piece.marked[max(start, row_start) : following]


def _beside(claim: Claim, case: Case) -> tuple[Invoice, ...]:
    """The invoices in the claim's own row and sentence, else in its row, else in its sentence, else in the question above it."""
    piece = claim.piece
    row, sentence = piece.row_of(claim.placed), piece.sentence_of(claim.placed.start)
    found = [(placed, invoice) for placed, invoice in mentions.of(piece, case)]
    in_row = {invoice.number: invoice for placed, invoice in found if piece.row_of(placed) == row}
    in_sentence = {invoice.number: invoice for placed, invoice in found if piece.sentence_of(placed.start) == sentence}
    both = tuple(invoice for number, invoice in in_row.items() if number in in_sentence)
    asked = tuple(case.books.invoice_by_number[number] for number in piece.asked)
    return both or tuple(in_row.values()) or tuple(in_sentence.values()) or asked


def _by_place(claims: tuple[Claim, ...], match: Match, case: Case) -> tuple[tuple[Invoice, PoNumber], ...] | None:
    """Each PO with the one invoice in its row, its sentence or the question above it; None unless every PO has one and no invoice two."""
    pairs: dict[str, tuple[Invoice, PoNumber]] = {}
    for claim in claims:
        beside = [invoice for invoice in _beside(claim, case) if invoice in match.invoices]
        if len(beside) != 1 or _shares_place(claim, claims):
            return None
        invoice = beside[0]
        if pairs.get(invoice.number, (invoice, claim.po))[1] != claim.po:
            return None
        pairs[invoice.number] = (invoice, claim.po)
    return tuple(pairs.values())


def _by_turns(claims: tuple[Claim, ...], match: Match, case: Case) -> tuple[tuple[Invoice, PoNumber], ...] | None:
    """Invoices and POs that take turns in one sentence, each with its neighbour: "FD-1 runs under A, FD-2 under B"."""
    pos, invoices = _in_one_sentence(claims, match, case)
    turns = [start in pos for start in sorted([*pos, *invoices])]
    if not pos or any(one == other for one, other in pairwise(turns)):
        return None
    return _one_by_one(pos, invoices)


def _by_groups(claims: tuple[Claim, ...], match: Match, case: Case) -> tuple[tuple[Invoice, PoNumber], ...] | None:
    """Several invoices with one PO behind them, then more with theirs: "FD-1 and FD-2 run under A, FD-3 under B".

    Between an invoice and its PO stands the same word each time, and a verb at the most: more might deny or doubt it.
    """
    piece, sentence = claims[0].piece, claims[0].piece.sentence_of(claims[0].placed.start)
    if any(claim.piece is not piece or piece.sentence_of(claim.placed.start) != sentence for claim in claims):
        return None
    named = [(placed, invoice, None) for placed, invoice in mentions.of(piece, case) if piece.sentence_of(placed.start) == sentence]
    given = [(claim.placed, None, claim.po) for claim in claims]
    if sorted(invoice.number for _, invoice, _ in named) != sorted(invoice.number for invoice in match.invoices):
        return None
    pairs: list[tuple[Invoice, PoNumber]] = []
    waiting: list[Invoice] = []
    links: set[str] = set()
    end = None
    for placed, invoice, po in sorted([*named, *given], key=lambda found: found[0].start):
        between = "" if end is None else piece.marked[end : placed.start]
        end = placed.end
        if invoice is not None and "¤" not in between and all(_is_listing(word, case) for word in _words(between)):
            waiting.append(invoice)
        elif po is not None and waiting and "¤" not in between and 0 < len(linking := _words(between)) <= _MOST_LINKING:
            pairs += [(one, po) for one in waiting]
            links.add(linking[-1])
            waiting = []
        else:
            return None
    return tuple(pairs) if not waiting and len(links) == 1 and _some_of_them(claims[0], case) is None else None


def _in_order(claims: tuple[Claim, ...], match: Match, case: Case) -> tuple[tuple[Invoice, PoNumber], ...] | None:
    """As many POs as invoices, one list behind the other in one sentence or the next, said to be in the same order."""
    piece = claims[0].piece
    pos, invoices = _in_one_sentence(claims, match, case)
    if not pos:
        pos, invoices = _in_one_sentence(claims, match, case, above=1)
    apart = bool(pos) and (max(invoices) < min(pos) or max(pos) < min(invoices))
    start, end = piece.sentences[piece.sentence_of(claims[0].placed.start)]
    if not apart or "in-order" not in case.rules_of(piece.said(start, end)):
        return None
    return _one_by_one(pos, invoices)


def _in_one_sentence(
    claims: tuple[Claim, ...], match: Match, case: Case, *, above: int = 0
) -> tuple[dict[int, PoNumber], dict[int, Invoice]]:
    """The POs and the invoices of one sentence by their places; nothing unless it names them all, and as many of each.

    The invoices stand so many sentences ``above``.
    """
    piece, sentence = claims[0].piece, claims[0].piece.sentence_of(claims[0].placed.start)
    if any(claim.piece is not piece or piece.sentence_of(claim.placed.start) != sentence for claim in claims):
        return {}, {}
    pos = {claim.placed.start: claim.po for claim in claims}
    named = mentions.of(piece, case)
    invoices = {placed.start: invoice for placed, invoice in named if piece.sentence_of(placed.start) == sentence - above}
    each_once = len({invoice.number for invoice in invoices.values()}) == len(invoices) == len(match.invoices)
    return (pos, invoices) if each_once and len(pos) == len(invoices) else ({}, {})


def _one_by_one(pos: dict[int, PoNumber], invoices: dict[int, Invoice]) -> tuple[tuple[Invoice, PoNumber], ...]:
    return tuple((invoices[one], pos[other]) for one, other in zip(sorted(invoices), sorted(pos), strict=True))


def _shares_place(claim: Claim, claims: tuple[Claim, ...]) -> bool:
    """Whether another PO stands in the claim's row and sentence with it."""
    return any(other.po != claim.po and other.piece is claim.piece and _place(other) == _place(claim) for other in claims)


def _place(claim: Claim) -> tuple[int, int]:
    return claim.piece.row_of(claim.placed), claim.piece.sentence_of(claim.placed.start)
