"""Where a text names invoices of the customer, in full or by their last digits, and which it sets aside."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worker.core import texts
from worker.core.cases import Case
from worker.core.invoices import Invoice
from worker.core.numbers import Kind
from worker.core.readings import Piece, Placed, Source

_YEARS = range(1990, 2036)
"""What a bare number behind a mere preposition rather is than an invoice."""
_SENTENCE = 3
"""From how many words on what stands before a colon is no label of the number, but a sentence that brings it."""


def of(piece: Piece, case: Case) -> tuple[tuple[Placed, Invoice], ...]:
    """The customer's invoices that ``piece`` names and does not set aside ("not 2043"), with their places."""
    found = case.mentioned.get(id(piece))
    if found is None:
        found = case.mentioned[id(piece)] = tuple(_find(piece, case))
    return found


def _find(piece: Piece, case: Case) -> Iterator[tuple[Placed, Invoice]]:
    listed = False
    for placed in piece.of(Kind.INVOICE):
        accepted = _accepted(placed, piece, case, listed)
        listed = accepted is not None
        if accepted is not None and not _is_set_aside(placed, piece, case):
            yield placed, accepted


def _is_set_aside(placed: Placed, piece: Piece, case: Case) -> bool:
    lexicon = case.lexicon
    return lexicon.invoice_not_before.found(piece.before(placed)) or lexicon.invoice_not_after.found(piece.after(placed))


def _accepted(placed: Placed, piece: Piece, case: Case, listed: bool) -> Invoice | None:
    """The customer's invoice that a number means; its last digits alone count only where the words around say that they are an invoice."""
    found = placed.token.found
    own = [case.books.invoice_by_number[number] for number in found.invoices] if found else []
    own = [invoice for invoice in own if case.customer is not None and invoice.customer == case.customer.id]
    if found is None or len(own) != 1:
        return None
    if found.sure or listed:
        return own[0]
    whole = _is_in_brackets(placed, piece) and placed.token.text == own[0].number
    return own[0] if whole or _is_called_invoice(placed, piece, case) or _is_named_again(placed, piece, own[0], case) else None


def _is_called_invoice(placed: Placed, piece: Piece, case: Case) -> bool:
    """Whether the words before a short number let it be an invoice.

    That is a word for invoices, a bare preposition, the customer's name, or nothing.
    """
    before = piece.before(placed)
    if case.lexicon.not_po_before.found(before):
        return False
    if placed.token.text.isdigit() and int(placed.token.text) in _YEARS:
        return before.rstrip().endswith("#") or case.lexicon.invoice_label.found(before.rpartition(" ")[0].rpartition(" ")[2])
    if case.lexicon.invoice_before.found(before):
        return True
    if case.lexicon.invoice_weak_before.found(before):
        return True
    line = re.sub("¤.", "|", before.rpartition("\n")[2].rpartition("¶")[2])
    if line.rstrip().endswith(":") and texts.word_count(line) >= _SENTENCE:
        return True
    word = re.search(r"([^\W\d_]*)[\s#:(/,.&+-]*$", line)
    last = word[1].casefold() if word else ""
    return not last or (case.customer is not None and last in case.customer.name.casefold().split())


def _is_named_again(placed: Placed, piece: Piece, invoice: Invoice, case: Case) -> bool:
    """Whether a short number stands alone in brackets, and the subject names that invoice too: "the panels (0421) must wait"."""
    if not _is_in_brackets(placed, piece):
        return False
    subjects = (other for other in case.pieces if other.source is Source.SUBJECT and other is not piece)
    return any(named is invoice for other in subjects for _, named in of(other, case))


def _is_in_brackets(placed: Placed, piece: Piece) -> bool:
    return piece.marked[: placed.start].endswith("(") and piece.marked.startswith(")", placed.end)


def strange_numbers(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numbers that the speaker writes in full and that are another customer's or nobody's; a tax number is no invoice, however alike."""
    foreign: list[str] = []
    unknown: list[str] = []
    written = (piece for piece in case.pieces if piece.source <= Source.SUBJECT)
    for piece in written:
        for placed in piece.of(Kind.INVOICE):
            found = placed.token.found
            if found is None or not found.sure:
                continue
            owners = {case.books.invoice_by_number[number].customer for number in found.invoices}
            if not owners and not case.lexicon.tax_number_before.found(piece.before(placed).rpartition("\n")[2]):
                unknown.append(placed.token.text)
            elif owners and (case.customer is None or case.customer.id not in owners):
                foreign.append(placed.token.text)
    return tuple(dict.fromkeys(foreign)), tuple(dict.fromkeys(unknown))
