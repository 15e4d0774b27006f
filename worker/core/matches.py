"""Which invoices a mail is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from worker.core import calendars, counts, mentions
from worker.core.cases import Case
from worker.core.invoices import Invoice
from worker.core.numbers import Kind
from worker.core.papers import Paper
from worker.core.readings import Piece, Placed, Source

_ELIMINATION = "the only invoice without a purchase order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The customer's invoices that a mail speaks of and how they were found.

    ``named`` is true when the mail names them by number or answers the mail that brought them, ``inferred`` when only their amount,
    their date or their being the only open one tells, ``by_elimination`` when the last. ``foreign`` and ``unknown`` are numbers of other
    customers and of none. ``open`` is why no set of invoices could be told, where the mail speaks of several without naming them.
    """

    invoices: tuple[Invoice, ...] = ()
    how: str = ""
    named: bool = False
    inferred: bool = False
    by_elimination: bool = False
    foreign: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    open: str | None = None


def find(case: Case) -> Match:
    """The invoices that ``case`` is about, by the strongest evidence there is.

    Number, thread, attachment, quoted text, a stated count, amount, date, and last the only open one.
    """
    foreign, unknown = mentions.strange_numbers(case)
    named = next(((how, found) for how, found in _by_number(case) if found), None)
    if named is not None:
        return Match(invoices=named[1], how=named[0], named=True, foreign=foreign, unknown=unknown)
    match = _all_open(case) or _inferred(case)
    return replace(match, foreign=foreign, unknown=unknown or _called_invoices(case))


def may_be_open(case: Case) -> bool:
    """Whether ``find`` may leave it open which invoices are meant: only where a number or a word for invoices stands in what is said."""
    if case.numbered:
        return True
    written = [piece for piece in case.spoken if piece.source <= Source.SUBJECT]
    return any(case.lexicon.all_open.found(piece.marked) or case.lexicon.invoice_label.found(piece.marked) for piece in written)


def _called_invoices(case: Case) -> tuple[str, ...]:
    """Numbers that are none of ours and called an invoice, where none of ours is named: the mail is about those."""
    return tuple(
        placed.token.text
        for piece in case.pieces
        for placed in (piece.of(Kind.CODE) if piece.source <= Source.SUBJECT else ())
        if not placed.token.formatted and _is_named_invoice(placed, piece, case)
    )


def _is_named_invoice(placed: Placed, piece: Piece, case: Case) -> bool:
    sentence = piece.sentence_of(placed.start)
    said = piece.marked[piece.breaks[sentence - 1] if sentence else 0 : placed.start]
    return case.lexicon.invoice_named.found(said) and not case.lexicon.po_label.found(said)


def _inferred(case: Case) -> Match:
    by_amount, by_date = _by_amount(case), _by_date(case)
    if by_amount and by_date and not set(by_amount) & set(by_date):
        return Match(open=f"the amount fits {by_amount[0].number} and the date {by_date[0].number}")
    for how, found in (("the amount", by_amount), ("the date", by_date)):
        if len(found) == 1:
            return Match(invoices=found, how=how, inferred=True)
        if found:
            return Match(how=how, open=f"{how} fits {len(found)} invoices: {', '.join(invoice.number for invoice in found)}")
    return Match(invoices=_only_open(case), how=_ELIMINATION, inferred=True, by_elimination=True)


def _by_number(case: Case) -> Iterator[tuple[str, tuple[Invoice, ...]]]:
    by_source: dict[Source, list[Piece]] = {source: [] for source in Source}
    for piece in case.pieces:
        by_source[piece.source].append(piece)
    letters = [exhibit.piece for exhibit in case.exhibits if exhibit.piece is not None and exhibit.paper in (Paper.LETTER, Paper.ORDER)]
    copies = [exhibit.piece for exhibit in case.exhibits if exhibit.piece is not None and exhibit.paper is Paper.OWN_INVOICE]
    yield "the number in our own note", _named(by_source[Source.NOTE], case)
    yield "the number in the mail", _named(by_source[Source.NEW], case)
    yield "the number in the response", _responded(case)
    yield "the number in the subject", _named(by_source[Source.SUBJECT], case)
    yield "the mail that it answers", _by_thread(case)
    yield "the number in the attached letter", _named(letters, case)
    yield "the number on our invoice sent back", _named(copies, case)
    yield "the attached file's name", _by_file_name(case)
    yield (
        "the number in the quoted subject or text",
        _named([*by_source[Source.QUOTED], *by_source[Source.OURS], *by_source[Source.OTHERS]], case),
    )


def _named(pieces: Iterable[Piece], case: Case) -> tuple[Invoice, ...]:
    return tuple({invoice.number: invoice for piece in pieces for _, invoice in mentions.of(piece, case)}.values())


def _responded(case: Case) -> tuple[Invoice, ...]:
    return _own(case, (number for response in case.responses for number in response.invoices))


def _by_thread(case: Case) -> tuple[Invoice, ...]:
    known = case.books.invoice_by_message_id
    return _own(case, (known[reference].number for reference in case.parts.references if reference in known))


def _by_file_name(case: Case) -> tuple[Invoice, ...]:
    found = (
        number
        for attachment in case.parts.attachments
        for _, _, hit in case.books.catalogue.find(attachment.name.rpartition(".")[0].replace("_", " "))
        if hit.sure
        for number in hit.invoices
    )
    return _own(case, found)


def _own(case: Case, invoice_numbers: Iterable[str]) -> tuple[Invoice, ...]:
    invoices = (case.books.invoice_by_number.get(number) for number in dict.fromkeys(invoice_numbers))
    return tuple(
        invoice for invoice in invoices if invoice is not None and case.customer is not None and invoice.customer == case.customer.id
    )


def _all_open(case: Case) -> Match | None:
    """The invoices meant by "all three" or "all open invoices".

    Those without a purchase order if the count fits them, else all issued ones if it fits those.
    """
    count = counts.stated(case)
    receivables = case.books.receivables(case.customer)
    issued, without = receivables.issued, receivables.without_po
    if count is None and not counts.all_open(case):
        return None
    if count is None:
        return Match(invoices=without, how="all open invoices", open=None if without else "no open invoice is without a purchase order")
    for invoices, how in ((without, f"all {count} invoices without a purchase order"), (issued, f"all {count} issued invoices")):
        if len(invoices) == count:
            return Match(invoices=invoices, how=how)
    return Match(open=f"{count} invoices are meant, but {len(without)} are without a purchase order and {len(issued)} issued in all")


def _by_amount(case: Case) -> tuple[Invoice, ...]:
    written = (placed.token.amount for piece in case.pieces if piece.source <= Source.SUBJECT for placed in piece.of(Kind.AMOUNT))
    return case.books.receivables(case.customer).over(amount for amount in written if amount is not None)


def _by_date(case: Case) -> tuple[Invoice, ...]:
    written = (placed.token for piece in case.pieces if piece.source <= Source.SUBJECT for placed in piece.of(Kind.DATE))
    days = (day for token in written if token.day is not None for day in calendars.readings(token.text, token.day))
    return case.books.receivables(case.customer).of_days(days)


def _only_open(case: Case) -> tuple[Invoice, ...]:
    without = case.books.receivables(case.customer).without_po
    speaks = any(case.lexicon.invoice_label.found(piece.marked) for piece in case.spoken)
    return without if len(without) == 1 and speaks else ()
