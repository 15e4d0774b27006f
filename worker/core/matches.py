"""Which invoices a mail is about, and which PO number goes on which of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worker.core import numbers
from worker.core.cases import Case
from worker.core.claims import Claim, Role
from worker.core.invoices import Invoice, Status
from worker.core.numbers import Kind
from worker.core.papers import Paper
from worker.core.purchase_orders import PoNumber
from worker.core.readings import Piece, Placed, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The customer's invoices that a mail speaks of and how they were found.

    ``named`` is true when the mail names them by number or answers the mail that brought them. ``foreign`` and ``unknown`` are numbers of other
    customers and of none. ``open`` is why no set of invoices could be told, where the mail speaks of several without naming them.
    """

    invoices: tuple[Invoice, ...] = ()
    how: str = ""
    named: bool = False
    foreign: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    open: str | None = None


def find(case: Case) -> Match:
    """The invoices that ``case`` is about, by the strongest evidence that names any: number, thread, attachment, quote, amount or date, the only open one."""
    foreign, unknown = _strange_numbers(case)
    for how, found in _by_number(case):
        if found:
            return Match(invoices=found, how=how, named=True, foreign=foreign, unknown=unknown)
    counted_open = _all_open(case)
    if counted_open is not None:
        return counted_open
    for how, found in (("the amount", _by_amount(case)), ("the date", _by_date(case))):
        if len(found) == 1:
            return Match(invoices=found, how=how, foreign=foreign, unknown=unknown)
        if found:
            return Match(
                how=how,
                foreign=foreign,
                unknown=unknown,
                open=f"{how} fits {len(found)} invoices: {', '.join(invoice.number for invoice in found)}",
            )
    return Match(invoices=_only_open(case), how="the only invoice without a purchase order", foreign=foreign, unknown=unknown)


def mentions(piece: Piece, case: Case) -> Iterator[tuple[Placed, Invoice]]:
    """The customer's invoices that ``piece`` names and does not set aside ("not 2043")."""
    listed = False
    for placed in piece.of(Kind.INVOICE):
        accepted = _accepted(placed, piece, case, listed)
        listed = accepted is not None
        if accepted is not None and case.lexicon.invoice_not_before.search(piece.before(placed)) is None:
            yield placed, accepted


def _accepted(placed: Placed, piece: Piece, case: Case, listed: bool) -> Invoice | None:
    """The customer's invoice that a number means; its last digits alone count only where the words around say that they are an invoice."""
    found = placed.token.found
    own = [case.books.invoice_by_number[number] for number in found.invoices] if found else []
    own = [invoice for invoice in own if case.customer is not None and invoice.customer == case.customer.id]
    if found is None or len(own) != 1:
        return None
    if found.sure or listed or piece.source is Source.NOTE or piece.source is Source.SUBJECT:
        return own[0]
    before = piece.before(placed)
    if case.lexicon.not_po_before.search(before) is not None:
        return None
    called = case.lexicon.invoice_before.search(before) or case.lexicon.invoice_weak_before.search(before)
    return own[0] if called is not None or not before.strip() else None


def _by_number(case: Case) -> Iterator[tuple[str, tuple[Invoice, ...]]]:
    by_source = {source: [piece for piece in case.pieces if piece.source is source] for source in Source}
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
    yield "the number in the quoted subject or text", _named([*by_source[Source.QUOTED], *by_source[Source.OURS]], case)


def _named(pieces: Iterable[Piece], case: Case) -> tuple[Invoice, ...]:
    return tuple({invoice.number: invoice for piece in pieces for _, invoice in mentions(piece, case)}.values())


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


def _issued(case: Case) -> tuple[Invoice, ...]:
    invoices = case.books.invoices_by_customer.get(case.customer.id, ()) if case.customer else ()
    return tuple(invoice for invoice in invoices if invoice.status is Status.ISSUED)


def _strange_numbers(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Numbers that the speaker writes in full and that are another customer's or nobody's."""
    foreign: list[str] = []
    unknown: list[str] = []
    for piece in case.pieces:
        for placed in piece.of(Kind.INVOICE):
            found = placed.token.found
            if found is None or not found.sure or piece.source > Source.SUBJECT:
                continue
            owners = {case.books.invoice_by_number[number].customer for number in found.invoices}
            if not owners:
                unknown.append(placed.token.text)
            elif case.customer is None or case.customer.id not in owners:
                foreign.append(placed.token.text)
    return tuple(dict.fromkeys(foreign)), tuple(dict.fromkeys(unknown))


def _stated_count(case: Case) -> int | None:
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


def _all_open(case: Case) -> Match | None:
    """The invoices meant by "all three" or "all open invoices": those without a purchase order if the count fits them, else all issued ones if it fits those."""
    count = _stated_count(case)
    issued = _issued(case)
    without = tuple(invoice for invoice in issued if invoice.po_number is None)
    if count is None:
        if any(case.lexicon.all_open.search(piece.marked) for piece in case.spoken if piece.source <= Source.SUBJECT):
            return (
                Match(invoices=without, how="all open invoices") if without else Match(open="no open invoice is without a purchase order")
            )
        return None
    for invoices, how in ((without, f"all {count} invoices without a purchase order"), (issued, f"all {count} issued invoices")):
        if len(invoices) == count:
            return Match(invoices=invoices, how=how)
    return Match(open=f"{count} invoices are meant, but {len(without)} are without a purchase order and {len(issued)} issued in all")


def _by_amount(case: Case) -> tuple[Invoice, ...]:
    written = [placed.token.amount for piece in case.pieces if piece.source <= Source.SUBJECT for placed in piece.of(Kind.AMOUNT)]
    return tuple(
        invoice
        for invoice in _issued(case)
        if any(
            amount is not None and amount.currencies and numbers.fits_amount(amount, invoice.total, invoice.currency) for amount in written
        )
    )


def _by_date(case: Case) -> tuple[Invoice, ...]:
    written = [placed.token.day for piece in case.pieces if piece.source <= Source.SUBJECT for placed in piece.of(Kind.DATE)]
    return tuple(
        invoice for invoice in _issued(case) if any(day is not None and numbers.fits_day(day, invoice.issue_date) for day in written)
    )


def _only_open(case: Case) -> tuple[Invoice, ...]:
    without = tuple(invoice for invoice in _issued(case) if invoice.po_number is None)
    speaks = any(case.lexicon.invoice_label.search(piece.marked) for piece in case.spoken)
    return without if len(without) == 1 and speaks else ()


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
    if len(distinct) == 1:
        return Pairing(pairs=tuple((invoice, claims[0].po) for invoice in _meant(claims[0], match, case)), lines=lines)
    by_place = _by_place(claims, match, case)
    if by_place is None:
        several = ", ".join(sorted(distinct))
        return Pairing(
            lines=lines,
            unclear=f"{several} are named and nothing tells which belongs to {', '.join(invoice.number for invoice in match.invoices)}",
        )
    return Pairing(pairs=by_place, lines=lines)


def _meant(claim: Claim, match: Match, case: Case) -> tuple[Invoice, ...]:
    """The invoices that one PO is for: of those in its own row or sentence if it shares one, leaving out those that are put off there."""
    together = _beside(claim, case)
    if len(match.invoices) > 1 and together and not _for_all(claim, case):
        chosen = tuple(invoice for invoice in match.invoices if invoice in together)
        others = [invoice for invoice in match.invoices if invoice not in together]
        if chosen and all(_put_off(invoice, case) for invoice in others):
            return chosen
    return tuple(invoice for invoice in match.invoices if not _put_off(invoice, case)) or match.invoices


def _for_all(claim: Claim, case: Case) -> bool:
    return _stated_count(case) is not None and claim.role in (Role.PO, Role.GIVEN)


def _put_off(invoice: Invoice, case: Case) -> bool:
    """Whether what is said of ``invoice`` is that its number follows, is missing still, or that it stays as it is."""
    rules = [rule for rule in case.rulebook.rules if rule.name in ("po-to-follow", "missing-po", "leave-others", "rejected")]
    for piece in case.spoken:
        for placed, mentioned in mentions(piece, case):
            if mentioned is invoice and piece.source <= Source.LETTER:
                said = _said_of(placed, piece)
                if "¤c" not in said and any(rule.pattern.search(said) is not None for rule in rules):
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
    """The invoices in the claim's own row, else in its sentence, else in the question above it."""
    piece = claim.piece
    found = [(placed, invoice) for placed, invoice in mentions(piece, case)]
    row = tuple({invoice.number: invoice for placed, invoice in found if piece.row_of(placed) == piece.row_of(claim.placed)}.values())
    if row:
        return row
    sentence = piece.sentence_of(claim.placed.start)
    near = tuple({invoice.number: invoice for placed, invoice in found if piece.sentence_of(placed.start) == sentence}.values())
    return near or tuple(case.books.invoice_by_number[number] for number in piece.asked)


def _by_place(claims: tuple[Claim, ...], match: Match, case: Case) -> tuple[tuple[Invoice, PoNumber], ...] | None:
    """Each PO with the one invoice in its row, its sentence or the question above it; None unless every one has exactly one, and no invoice two."""
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


def _shares_place(claim: Claim, claims: tuple[Claim, ...]) -> bool:
    """Whether another PO stands in the claim's row with it."""
    return any(
        other.po != claim.po and other.piece is claim.piece and other.piece.row_of(other.placed) == claim.piece.row_of(claim.placed)
        for other in claims
    )
