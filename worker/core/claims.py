"""What each code in a text is claimed to be.

The purchase order, a refused one, an example, or some other number that only looks like one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from worker.core import purchase_orders, texts
from worker.core.invoices import Customer
from worker.core.lexicons import Lexicon
from worker.core.numbers import Kind
from worker.core.patterns import MARKS
from worker.core.purchase_orders import PoNumber
from worker.core.readings import Piece, Placed, Source

_SHORTEST_PO = 3
_IS_CODE = re.compile(r"[\s-]*(?:¤.)?[\s-]*")
_WHOLE_ANSWER_WORDS = 3
_WHOLE_ANSWER_IN_FORMAT = 6
_NEAR = 2
_LONG_FORMAT = 8
_LONGEST_LABEL = 4
"""How many words before a colon may be a label, which says what stands behind it; more are a sentence that brings it."""
_GLUED_LABEL = re.compile(r"^P\.?O\.?[#:.-]?(?=\w)", re.IGNORECASE)
_YEAR = re.compile(r"(?:19\d|20[0-4])\d")
_TOUCHING_BEFORE = re.compile(r"(?<![\w.,:/-])(\d{1,6}|[A-Z]{1,3})(?: ?[-/.] ?| )$")
_TOUCHING_AFTER = re.compile(r"(?: ?[-/] ?\n?| |[(&:+*]|,(?=\d)|\n(?=\d+\b(?![).:])))(\d{1,6}\b(?![.:]\d)|[A-Z]{1,2}\b(?!['.]))")
_ITS_INVOICE = re.compile(rf"{MARKS['invoice']} [-–] $")
_NEXT_INVOICE = re.compile(rf"\n{MARKS['invoice']} [-–] ")
"""An invoice called by its last digits before a dash, in a list of invoices and their numbers: no part of the number beside it."""
_NEXT_PAIR = re.compile(rf"[\s,;]*(?:[^\W\d_]+ )?{MARKS['invoice']} ([^\W\d_]+) ")
_PHONE = re.compile(r"0[\d/-]{8,}")
_LAST_WORD = re.compile(r"([^\W\d_]+)[^\w|]*$")


class Role(StrEnum):
    """What the words around a code make of it."""

    PO = "called a purchase order"
    GIVEN = "given to be used"
    BARE = "not called anything"
    REFUSED = "refused"
    EXAMPLE = "an example"
    DOUBTED = "asked about or supposed"
    PARTIAL = "part of a longer number"
    UNKNOWN = "behind a word that may mean anything"
    NOT_PO = "another kind of number"


TURNED_DOWN = frozenset({Role.REFUSED, Role.EXAMPLE, Role.DOUBTED})
"""The roles of a number that the mail does not give."""
SETTLED = frozenset({Role.REFUSED, Role.EXAMPLE, Role.NOT_PO})
"""The roles of a number of which it is said that it is not to be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A code that may be a PO number, where it stands and how sure its words make it.

    ``fits`` is false where the code is called a PO but has not the customer's format.
    """

    po: PoNumber
    role: Role
    piece: Piece
    placed: Placed
    fits: bool = True

    @property
    def line(self) -> str:
        return self.piece.line(self.placed)


@lru_cache(maxsize=4096)
def format_finder(po_format: str) -> re.Pattern[str]:
    """Finds PO numbers of a format in running text, also with single spaces inside, standing alone."""
    parts = {"#": "[0-9]", "@": "[A-Za-z]"}
    first, *more = (parts.get(character, re.escape(character)) for character in po_format)
    # What stands before is asked behind the first character: an expression that begins with that is found far faster.
    alone = rf"{first}(?<![\w/-]{first})(?<!\d[.,]{first})"
    return re.compile(rf"{' ?'.join([alone, *more])}(?![\w])(?![-/][\w])(?![.,]\d)", re.IGNORECASE)


def read(piece: Piece, customer: Customer, lexicon: Lexicon, *, head: str | None = None) -> list[Claim]:
    """The codes of ``piece`` that may be PO numbers, each with its role, refused and doubted ones too.

    ``head`` are the capitals with which all of the customer's numbers begin ("ODA" of "ODA 2026/0990").
    """
    claims: list[Claim] = []
    previous: Role | None = None
    above: Placed | None = None
    headers = _headers(piece)
    for placed in piece.of(Kind.CODE):
        role = role_of(placed, piece, lexicon, previous, headers)
        if role is Role.BARE and above is not None and previous in (Role.PO, Role.GIVEN) and _is_next_pair(above, placed, piece):
            role = previous
        previous, above = role, placed
        claim = _claim(placed, role, piece, customer, lexicon, head)
        if claim is not None:
            claims.append(claim)
    return claims


def role_of(placed: Placed, piece: Piece, lexicon: Lexicon, previous: Role | None, headers: dict[int, list[str]] | None = None) -> Role:
    """What the words before and after a code, or the head of its column, call it.

    ``previous`` is the role of the code before it in a list.
    """
    before, after = piece.before(placed), piece.after(placed)
    column = _column_role(placed, piece, headers or {}, lexicon)
    if lexicon.example_before.found(before):
        return Role.EXAMPLE
    if lexicon.not_po_before.found(before) or lexicon.not_po_after.found(after) or column is Role.NOT_PO:
        return Role.NOT_PO
    if lexicon.refused_before.found(before) or lexicon.refused_after.found(after):
        return Role.REFUSED
    if _is_doubted(placed, piece, lexicon):
        return Role.DOUBTED
    if lexicon.po_before.found(piece.label(placed) or piece.sentence_before(placed)) or column is Role.PO:
        return Role.PO
    if lexicon.given_before.found(before) or lexicon.given_after.found(after):
        return Role.GIVEN
    if previous is not None and lexicon.lists.found(before):
        return previous
    return Role.GIVEN if _is_whole_answer(placed, piece, lexicon) else Role.BARE


def _is_next_pair(above: Placed, placed: Placed, piece: Piece) -> bool:
    """Whether a code stands to its invoice as the one above it does, without the verb: "FD-1 goes under 4711, FD-2 under 4712"."""
    pair = _NEXT_PAIR.fullmatch(piece.marked, above.end, placed.start)
    return pair is not None and piece.marked.endswith(f" {pair[1]} ", 0, above.start)


def _stands_behind(head: str, placed: Placed, piece: Piece) -> bool:
    """Whether the letters ``head`` stand right before a code, in capitals or not."""
    before = piece.text[max(0, placed.token.start - len(head) - 2) : placed.token.start]
    return re.search(rf"(?<!\w){head} $", before, re.IGNORECASE | re.ASCII) is not None


def _claim(placed: Placed, role: Role, piece: Piece, customer: Customer, lexicon: Lexicon, head: str | None) -> Claim | None:
    if role is Role.NOT_PO:
        return None
    text = placed.token.text
    if placed.token.formatted and customer.po_format is not None:
        if role is Role.BARE and not is_distinctive(customer.po_format):
            return None
        if role is Role.BARE and not _has_letters(customer.po_format) and not _stands_free(placed, piece, lexicon):
            role = Role.UNKNOWN
        return Claim(po=_as_written(text, customer.po_format), role=role, piece=piece, placed=placed)
    if customer.po_format is None and role is Role.BARE and _PHONE.fullmatch(text):
        return None
    glued = _GLUED_LABEL.sub("", text)
    if customer.po_format is not None and glued != text and purchase_orders.fits(glued, customer.po_format):
        return Claim(po=PoNumber(glued), role=role if role in TURNED_DOWN else Role.PO, piece=piece, placed=placed)
    if role is Role.BARE or len(text) < _SHORTEST_PO or _YEAR.fullmatch(text):
        return None
    if role not in TURNED_DOWN and _is_partial(placed, piece, lexicon):
        role = Role.PARTIAL
    if head is not None and customer.po_format is None and _stands_behind(head, placed, piece):
        text = f"{head} {text}"
    return Claim(po=PoNumber(text), role=role, piece=piece, placed=placed, fits=purchase_orders.fits(text, customer.po_format))


def _is_partial(placed: Placed, piece: Piece, lexicon: Lexicon) -> bool:
    """Whether digits or a short word in capitals touch a number on either side, so that nobody can tell where it begins or ends."""
    before = _TOUCHING_BEFORE.search(piece.text, max(0, placed.token.start - 8), placed.token.start)
    after = _TOUCHING_AFTER.match(piece.text, placed.token.end)
    listed = (_ITS_INVOICE.search(piece.before(placed)), _NEXT_INVOICE.match(piece.after(placed)))
    touching = [match[1] for match, invoice in zip((before, after), listed, strict=True) if match is not None and invoice is None]
    return any(not word.isalpha() or (word.casefold() not in lexicon.free_words and not lexicon.po_label.found(word)) for word in touching)


def _as_written(text: str, po_format: str) -> PoNumber:
    """The number as the customer writes it; spaces inside go only where it fits the format only without them."""
    return PoNumber(text) if purchase_orders.fits(text, po_format) else PoNumber(re.sub(r"\s+", "", text))


def _has_letters(po_format: str) -> bool:
    return "@" in po_format or any(map(str.isalpha, po_format))


def is_distinctive(po_format: str) -> bool:
    """Whether a number of this format can hardly be anything else: it has fixed characters of its own, not digits or letters alone."""
    fixed = [character for character in po_format if character not in "#@"]
    return (len(fixed) >= 2 and len(po_format) >= 6) or (any(map(str.isalpha, fixed)) and len(po_format) >= _LONG_FORMAT)


def _is_doubted(placed: Placed, piece: Piece, lexicon: Lexicon) -> bool:
    """Whether a number is asked about ("is it 4711?") or only supposed ("if the PO is 4711"), not given."""
    sentence = piece.sentences_from(placed, 1).strip()
    return lexicon.doubt_before.found(piece.before(placed)) or (sentence.endswith("?") and lexicon.asking.found(sentence))


def _stands_free(placed: Placed, piece: Piece, lexicon: Lexicon) -> bool:
    """Whether nothing, an invoice or a word without a meaning of its own stands right before a number; any other word says what it is.

    A sentence that begins with the number has no word before it. An article right before it ("we booked the 4711") parts it from the words
    before, of which none is its name then.
    """
    sentence = piece.sentence_of(placed.start)
    if sentence and not piece.marked[piece.breaks[sentence - 1] : placed.start].strip():
        return True
    line = re.sub("¤.", "|", piece.before(placed).rpartition("\n")[2].rpartition("¶")[2])
    if line.rstrip().endswith(("=", ">", "!")) or (line.rstrip().endswith(":") and texts.word_count(line) > _LONGEST_LABEL):
        return True
    word = _LAST_WORD.search(line)
    if word is None:
        return True
    if texts.is_unparted(word[1][-1]):
        return word[1].endswith(lexicon.free_endings)
    clause = re.split(r"[^\w\s'-]", line[: word.end(1)])[-1].split()
    return clause[-1].casefold() in lexicon.articles or all(one.casefold() in lexicon.free_words for one in clause[-_NEAR:])


def _is_whole_answer(placed: Placed, piece: Piece, lexicon: Lexicon) -> bool:
    """Whether the text is little more than this one number, or begins with it: the answer to a question that was asked for it."""
    if piece.asked and not piece.marked[: placed.start].strip():
        return True
    if len(piece.placed) > _WHOLE_ANSWER_WORDS:
        return False
    words = texts.word_count(" ".join(word for word in piece.marked.replace("¶", " ").split() if any(map(str.isalnum, word))))
    in_format = placed.token.formatted and _stands_free(placed, piece, lexicon)
    return (
        piece.source in (Source.NEW, Source.NOTE)
        and words <= (_WHOLE_ANSWER_IN_FORMAT if in_format else _WHOLE_ANSWER_WORDS)
        and len(list(piece.of(Kind.CODE))) == 1
        and placed.token.kind is Kind.CODE
    )


def _headers(piece: Piece) -> dict[int, list[str]]:
    """For each row with columns, the cells of the head row above it."""
    found: dict[int, list[str]] = {}
    head: list[str] = []
    for number, row in enumerate(piece.rows()):
        cells = row.split("\t")
        if len(cells) < 2:
            continue
        if "¤" not in row:
            head = cells
        elif head:
            found[number] = head
    return found


def _called(name: str, lexicon: Lexicon) -> Role | None:
    """What a column's head calls its codes, the more special name first: "PO line" and "PR no" are no PO."""
    label = name.strip()
    if lexicon.not_po_before.found(label):
        return Role.NOT_PO
    return Role.PO if lexicon.po_before.found(label) else None


def _column_role(placed: Placed, piece: Piece, headers: dict[int, list[str]], lexicon: Lexicon) -> Role | None:
    """What the head of its column calls a code; a head of two names ("Order / item") calls the codes of a cell with two in turn."""
    head = headers.get(piece.row_of(placed), [])
    row_start = piece.marked.rfind("\n", 0, placed.start) + 1
    place = piece.marked.count("\t", row_start, placed.start)
    if place >= len(head):
        return None
    names, codes = head[place].split("/"), piece.row(placed).split("\t")[place].split("/")
    if len(names) == 1 or len(names) != len(codes) or not all(_IS_CODE.fullmatch(code) for code in codes):
        return _called(head[place], lexicon)
    cell_start = max(piece.marked.rfind("\t", 0, placed.start) + 1, row_start)
    return _called(names[piece.marked.count("/", cell_start, placed.start)], lexicon)
