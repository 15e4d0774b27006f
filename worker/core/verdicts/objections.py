"""What speaks against applying a number that a mail gives: doubts about it, and what else the mail wants changed."""

from __future__ import annotations

from collections.abc import Iterator

from worker.core import claims, mentions, purchase_orders, texts
from worker.core.cases import Case
from worker.core.claims import SETTLED, Claim, Role
from worker.core.decisions import Need
from worker.core.invoices import Invoice, Status
from worker.core.numbers import Kind
from worker.core.readings import SPACE, Source
from worker.core.verdicts import giving
from worker.core.verdicts.asides import without_brackets
from worker.core.verdicts.doubts import doubtful, taken_back
from worker.core.verdicts.values import WANTING, Matter, Verdict, ask, hold
from worker.core.verdicts.wishes import to_more_than_po, written_now

_FEW_WORDS = 6
_MOST_CLAIMS = 200
"""Numbers given in one mail that are weighed against each other; no statement of open invoices is as long."""
_REPLACING = frozenset(
    {"invalid-po", "correction-request", "former-order", "called-mistaken", "named-wrongly", "new-order", "rejected", "missing-po"}
)
"""The rules that speak for another number in place of the one that an invoice shows."""
_QUESTION_WORDS = 3
_LONGEST_HEAD = 14
"""Words in a line that is the head of a quoted mail rather than a sentence."""
_ANOTHER_WANTED = frozenset({"not-the-standing", "number-wanted"})
"""The rules for a sentence that wants a number, so that one given above it is hardly the right one."""
_QUESTIONS_KNOWN = frozenset({*WANTING, "backdating", "booked-twice", "clock-restarted", "provenance", "acknowledgement"})
"""The rules for a question below a number that leaves the number as it is."""


def to_numbers(matter: Matter) -> Verdict | None:
    """Why the numbers given can't be trusted as they stand: another is to follow, or may be meant, or they are denied or doubted."""
    case, claims = matter.case, matter.new_claims
    first = claims[0]
    if len(claims) > _MOST_CLAIMS:
        return hold(f"{len(claims)} numbers are given, more than can be told apart", invoices=matter.invoices, lines=(first.line,))
    if first.piece.source is Source.QUOTED and not case.handed_on:
        return hold(f"{first.po} stands only in mail quoted below", invoices=matter.invoices, lines=(first.line,))
    copied = next((claim for claim in claims if _below_our_address(claim, case)), None)
    if copied is not None:
        return hold(f"{copied.po} stands below an address of ours and may be our own words", invoices=matter.invoices, lines=(copied.line,))
    current = next((claim for claim in matter.claims if claim not in claims), None)
    if current is not None and any(_together(current, claim) for claim in claims):
        return hold(f"{first.po} is named beside {current.po}, which the invoice shows", invoices=matter.invoices, lines=(first.line,))
    if case.says("po-to-follow") and len(matter.invoices) == 1:
        return hold("a number is given, and another is said to follow", invoices=matter.invoices, lines=(first.line,))
    wants = _asks_for_another(claims, matter, "number-wanted")
    if _called_unusable(claims, case):
        if wants or _asks_for_another(claims, matter, "missing-po"):
            return _ask_instead(first, matter)
        return hold(f"{first.po} is the only number given, and called unusable", invoices=matter.invoices, lines=(first.line,))
    wanted = next((claim for claim in claims if _another_wanted_below(claim, matter)), None)
    if wanted is not None:
        if wants:
            return _ask_instead(wanted, matter)
        return hold(f"another number than {wanted.po} is asked for below it", invoices=matter.invoices, lines=(wanted.line,))
    noted = _noted(matter)
    if noted is not None:
        return hold(f"our own note names {noted}, the mail itself {first.po}", invoices=matter.invoices, lines=(first.line,))
    other = _another(matter)
    if other is not None:
        return hold(f"{other.po} may be the purchase order as well as {first.po}", invoices=matter.invoices, lines=(other.line,))
    doubted = doubtful(claims, matter)
    if doubted is not None:
        if wants:
            return _ask_instead(doubted, matter)
        return hold(f"{doubted.po} is named, but denied, put off or doubted", invoices=matter.invoices, lines=(doubted.line,))
    questioned = next((claim for claim in claims if _questioned_below(claim, matter)), None)
    if questioned is not None and not _noted_for(matter):
        return hold(f"what is asked below {questioned.po} may be about it", invoices=matter.invoices, lines=(questioned.line,))
    idle = giving.only_named(claims, case)
    if idle is not None and not _noted_for(matter):
        if wants:
            return _ask_instead(idle, matter)
        return hold(f"{idle.po} is named, but no sentence gives it", invoices=matter.invoices, lines=(idle.line,))
    return None


def _ask_instead(claim: Claim, matter: Matter) -> Verdict:
    return ask(matter, Need.MISSING, f"{claim.po} can't be used, and another number is wanted")


def _questioned_below(claim: Claim, matter: Matter) -> bool:
    """Whether a question without a number, in the number's paragraph or the next, asks for no change and no copy: "who gave you that?"."""
    case, piece = matter.case, claim.piece
    near = "¶".join(piece.marked[claim.placed.end :].split("¶")[:2])
    return any(
        said.endswith("?")
        and said in near
        and texts.word_count(said) >= _QUESTION_WORDS
        and case.lexicon.asking.found(said)
        and not case.lexicon.requests.found(said)
        and not case.rules_of(said) & _QUESTIONS_KNOWN
        for said in _said_below(claim, matter)
    )


def _another_wanted_below(claim: Claim, matter: Matter) -> bool:
    """Whether a sentence further down, which gives no number itself, speaks of another one: "without another order number it waits".

    Where the number itself was called a new one, that one is meant; where the number used so far is refused, the one that is given.
    """
    case, customer = matter.case, matter.case.customer
    refused = [other.po for other in case.claims if other.role is Role.REFUSED]
    if any(case.books.receivables(customer).shows(po) or (customer and purchase_orders.same(po, customer.standing_po)) for po in refused):
        return False
    wanted = any(case.rules_of(said) & _ANOTHER_WANTED for said in _said_below(claim, matter))
    return wanted and "not-the-standing" not in case.rules_of(claim.piece.sentences_from(claim.placed, 1))


def _said_below(claim: Claim, matter: Matter) -> Iterator[str]:
    """The sentences below a number that hold none, of several invoices only as far as no other one is named."""
    piece = claim.piece
    for start, end in piece.sentences:
        said = piece.said(start, end)
        if start > claim.placed.start and "¤i" in said and len(matter.invoices) > 1:
            return
        if start > claim.placed.start and "¤c" not in said:
            yield said


def wants_another(matter: Matter) -> bool:
    """Whether a sentence behind the number that an invoice shows wants another one."""
    return _asks_for_another(matter.claims, matter, "number-wanted")


def to_current(matter: Matter) -> str | None:
    """Why the number that an invoice shows may be the wrong one, though no other is surely given for it."""
    other = _another(matter)
    off = next(
        (claim for claim in matter.claims if "taken-off" in matter.case.rules_of(claim.piece.sentences_from(claim.placed, 1))),
        None,
    )
    if off is not None:
        return f"{off.po}, which the invoice shows, is to be taken off"
    return None if other is None else f"{other.po} may be the purchase order, and not {matter.claims[0].po}, which the invoice shows"


def to_amending(matter: Matter, invoices: tuple[Invoice, ...]) -> str | None:
    """Why ``invoices`` should not be amended: locked, not surely meant, or because more than the PO may be meant to change."""
    case = matter.case
    for invoice in invoices:
        if invoice.status is not Status.ISSUED:
            return f"invoice {invoice.number} is {invoice.status} and locked"
        if matter.match.inferred and _another_meant(case):
            return f"another invoice than {invoice.number} may be meant, which is not named"
        if _given_for_another(matter):
            return f"the number may be for an invoice that is not sent yet, and not for {invoice.number}"
        if matter.match.inferred and invoice.po_number is not None:
            return f"invoice {invoice.number} has another purchase order and is not named"
        if invoice.po_number is not None and matter.match.named and not _is_replaced(invoice, matter):
            return f"invoice {invoice.number} has another purchase order, and nothing says that it is to be replaced"
    denied = taken_back(case)
    if denied is not None:
        return f"what it says may be taken back, put off or only reported: {denied}"
    beyond = to_more_than_po(matter)
    if beyond is not None:
        return f"more than the purchase order may be meant to change: {beyond}"
    if not case.says(*WANTING) and not _given_outright(matter) and not _noted_for(matter):
        return "a number is named, but nothing says that it is to be put on an invoice"
    if matter.match.by_elimination and not case.says("correction-request", "copy-request"):
        return f"no invoice is named and no change is asked for; {matter.match.how} would fit"
    return None


def _is_replaced(invoice: Invoice, matter: Matter) -> bool:
    """Whether a sentence that gives a new number, names ``invoice`` or writes the number that it shows speaks of a replacement.

    The new number's own sentence may as well just name the invoice, and any may write the number that goes.
    """
    case = matter.case
    for piece in case.spoken:
        given = {piece.sentence_of(claim.placed.start) for claim in matter.new_claims if claim.piece is piece}
        named = {piece.sentence_of(placed.start) for placed, one in mentions.of(piece, case) if one is invoice}
        codes = [placed for placed in piece.of(Kind.CODE) if purchase_orders.same(invoice.po_number, placed.token.text)]
        if given & named or codes:
            return True
        if any(not _REPLACING.isdisjoint(case.rules_of(piece.said(*piece.sentences[one]))) for one in given | named):
            return True
    return False


def unsaid(matter: Matter) -> str | None:
    """A number of the customer's own format in what is said that is neither refused, nor of another kind, nor on an invoice already."""
    case = matter.case
    receivables = case.books.receivables(case.customer)
    for piece in case.spoken:
        for placed in piece.of(Kind.CODE) if piece.source in (Source.NOTE, Source.NEW) else ():
            known = not placed.token.formatted or receivables.shows(placed.token.text)
            if not known and claims.role_of(placed, piece, case.lexicon, None) not in SETTLED:
                return placed.token.text
    return None


def _another_meant(case: Case) -> bool:
    """Whether the mail speaks of an invoice by words that do not fit one that is already sent and open."""
    sentences = (piece.marked[start:end] for piece in written_now(case) for start, end in piece.sentences)
    return any("other-invoice" in case.rules_of(sentence) for sentence in sentences)


def _given_for_another(matter: Matter) -> bool:
    """Whether a number is given in words, up to the end of its row, that name no invoice and speak of one that is not sent yet."""
    said = [_up_to_row_end(claim) for claim in matter.new_claims]
    return not matter.case.says("future-po") and any("¤i" not in one and "other-invoice" in matter.case.rules_of(one) for one in said)


def _up_to_row_end(claim: Claim) -> str:
    """What of a number's sentence stands before the end of its row."""
    sentence, row = claim.piece.sentences_from(claim.placed, 1), claim.piece.clause(claim.placed)
    return (sentence.partition(row)[0] + row).strip(SPACE)


def _given_outright(matter: Matter) -> bool:
    """Whether the words right beside a number give it, so that no request need be made besides."""
    if matter.case.by_machine or matter.case.responses or matter.orders_say:
        return True
    return any(
        giving.gives_outright(claim, matter.case) or texts.word_count(claim.piece.marked) <= _FEW_WORDS for claim in matter.new_claims
    )


def _noted_for(matter: Matter) -> bool:
    """Whether our own note above a forward names every invoice that a number is for: it is passed on to be put there."""
    notes = [piece for piece in matter.case.pieces if piece.source is Source.NOTE and "?" not in piece.marked]
    named = {invoice for note in notes for _, invoice in mentions.of(note, matter.case)}
    return bool(named) and named == set(matter.invoices)


def _together(one: Claim, other: Claim) -> bool:
    piece = one.piece
    return piece is other.piece and piece.sentence_of(one.placed.start) == piece.sentence_of(other.placed.start)


def _below_our_address(claim: Claim, case: Case) -> bool:
    """Whether an address of ours stands alone with its name and a date above a number: a quoted mail's head that nothing else tells."""
    if claim.piece.source is not Source.NEW or case.by_machine:
        return False
    above = claim.piece.text[: claim.placed.token.start].casefold().splitlines()
    ours = (*case.books.issuer.addresses, case.books.issuer.mailbox)
    return any(email in line and len(line.split()) <= _LONGEST_HEAD and any(map(str.isdigit, line)) for line in above for email in ours)


def _noted(matter: Matter) -> str | None:
    """A number in our own note above a forward, where what is to be applied is another that the mail itself gives."""
    for piece in matter.case.pieces:
        for placed in piece.of(Kind.CODE) if piece.source is Source.NOTE else ():
            fits = matter.case.customer is None or purchase_orders.fits(placed.token.text, matter.case.customer.po_format)
            refused = claims.role_of(placed, piece, matter.case.lexicon, None) in SETTLED
            if fits and not refused and not any(purchase_orders.same(placed.token.text, claim.po) for claim in matter.claims):
                return placed.token.text
    return None


def _another(matter: Matter) -> Claim | None:
    """A number of the customer's format that the mail neither gives nor refuses, and that no invoice shows: it may be the right one."""
    settled = {claim.po for claim in matter.claims} | {claim.po for claim in matter.case.claims if claim.role in SETTLED}
    shown = [invoice.po_number for invoice in matter.invoices]
    for claim in matter.case.claims:
        open_role = claim.role is Role.UNKNOWN or (claim.role is Role.BARE and claim.fits)
        elsewhere = claim.po in settled or any(purchase_orders.same(claim.po, po) for po in shown)
        if open_role and not elsewhere and claim.piece.source <= Source.SUBJECT:
            return claim
    return None


def _called_unusable(claims: tuple[Claim, ...], case: Case) -> bool:
    """Whether the only number given is said, in its own sentence or the next, to be closed, exhausted or invalid."""
    if len({claim.po for claim in claims}) != 1 or any(claim.role is Role.REFUSED for claim in case.claims):
        return False
    return any(_unusable(claim, case) for claim in claims)


def _unusable(claim: Claim, case: Case) -> bool:
    """Whether a number's own sentence calls it so, or the next one, where that does not speak of a former or another number instead."""
    own, both = claim.piece.sentences_from(claim.placed, 1), claim.piece.sentences_from(claim.placed, 2)
    sentence = claim.piece.sentence_of(claim.placed.start)
    here, below = (
        [placed for placed in claim.piece.of(Kind.CODE) if claim.piece.sentence_of(placed.start) == one] for one in (sentence, sentence + 1)
    )
    again = sum(purchase_orders.same(placed.token.text, claim.po) for placed in here) > 1
    if "invalid-po" in case.rules_of(own if again else without_brackets(own)):
        return True
    next_one = both[len(own) :]
    if "invalid-po" not in case.rules_of(both) or "former-order" in case.rules_of(next_one):
        return False
    others = bool(below) and all(claims.role_of(placed, claim.piece, case.lexicon, None) is Role.NOT_PO for placed in below)
    return not others or "that-number" in case.rules_of(next_one)


def _asks_for_another(claims: tuple[Claim, ...], matter: Matter, rule: str) -> bool:
    """Whether a later sentence, without a number, says that one is missing or wanted: then the number above can't be the right one."""
    case = matter.case
    wanted = any(rule in case.rules_of(said) for said in _said_below(claims[-1], matter))
    return wanted and bool(matter.invoices) and matter.match.named and not case.says("beyond-po", "future-po")
