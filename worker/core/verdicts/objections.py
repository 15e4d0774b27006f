"""What speaks against applying a number that a mail gives: doubts about the number, and whatever else the mail wants changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from worker.core import claims, mentions, purchase_orders, texts
from worker.core.cases import Case
from worker.core.claims import SETTLED, Claim, Role
from worker.core.decisions import Need
from worker.core.invoices import Invoice, Status
from worker.core.numbers import Kind
from worker.core.patterns import MARKS
from worker.core.readings import Piece, Placed, Source
from worker.core.verdicts import giving
from worker.core.verdicts.values import Matter, Verdict, ask, hold

_FEW_WORDS = 6
_SHORT_NUMBER = re.compile(r"(?<![\w¤])[^\W\d]{0,3}[-/]?\d+")
_QUESTION_WORDS = 3
_LONGEST_HEAD = 14
"""Words in a line that is the head of a quoted mail rather than a sentence."""
_ASIDE = re.compile(r"\([^()¶]*¤c[^()¶]*\)")
_WANTING = (
    *("correction-request", "copy-request", "missing-po", "invalid-po", "rejected", "future-po"),
    *("same-as", "same-as-elided", "po-attached"),
)
"""The rules that speak for a change: something is asked for, or said to be wrong with the invoice."""
_UNKNOWN_WISHES = frozenset({"other-request", "clause-not-understood"})
"""The rules for a clause that may want what no rule knows."""
_BESIDE = frozenset({"beside-the-po", "left-off", "own-change"})
"""The rules for what else an invoice says, or what has changed with the customer."""
_ANSWERED = frozenset({"backdating", "clock-restarted", "booked-twice", "provenance", "future-po", "out-of-office"})
"""The rules that know what a clause asks for, and that an amendment may go along with."""
_NOT_TAKING_BACK = frozenset({"leave-others", "legal-notice"})
"""The rules for a sentence that takes nothing back, whatever its words."""
_ANOTHER_WANTED = frozenset({"not-the-standing", "number-wanted"})
"""The rules for a sentence that wants a number, so that one given above it is hardly the right one."""
_QUESTIONS_KNOWN = frozenset({*_WANTING, "backdating", "booked-twice", "clock-restarted", "provenance", "acknowledgement"})
"""The rules for a question below a number that leaves the number as it is."""


def to_numbers(matter: Matter) -> Verdict | None:
    """Why the numbers given can't be trusted as they stand: another is to follow, or may be meant, or they are denied or doubted."""
    case, claims = matter.case, matter.new_claims
    first = claims[0]
    if first.piece.source is Source.QUOTED and not case.handed_on:
        return hold(f"{first.po} stands only in mail quoted below", invoices=matter.invoices, lines=(first.line,))
    copied = next((claim for claim in claims if _below_our_address(claim, case)), None)
    if copied is not None:
        return hold(f"{copied.po} stands below an address of ours and may be our own words", invoices=matter.invoices, lines=(copied.line,))
    current = next((claim for claim in matter.claims if claim not in claims), None)
    if current is not None and any(_together(current, claim) for claim in claims):
        return hold(f"{first.po} is named beside {current.po}, which the invoice shows", invoices=matter.invoices, lines=(first.line,))
    noted, other, doubtful = _noted(matter), _another(matter), _doubtful(claims, matter)
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
    if noted is not None:
        return hold(f"our own note names {noted}, the mail itself {first.po}", invoices=matter.invoices, lines=(first.line,))
    if other is not None:
        return hold(f"{other.po} may be the purchase order as well as {first.po}", invoices=matter.invoices, lines=(other.line,))
    if doubtful is not None:
        if wants:
            return _ask_instead(doubtful, matter)
        return hold(f"{doubtful.po} is named, but denied, put off or doubted", invoices=matter.invoices, lines=(doubtful.line,))
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
    return wanted and "not-the-standing" not in case.rules_of(claim.piece.sentences_from(claim.placed, 1).strip(" \n¶"))


def _said_below(claim: Claim, matter: Matter) -> Iterator[str]:
    """The sentences below a number that hold none, of several invoices only as far as no other one is named."""
    piece = claim.piece
    for start, end in piece.sentences:
        said = piece.marked[start:end].strip(" \n¶")
        if start > claim.placed.start and "¤i" in said and len(matter.invoices) > 1:
            return
        if start > claim.placed.start and "¤c" not in said:
            yield said


def to_current(matter: Matter) -> str | None:
    """Why the number that an invoice shows may be the wrong one, though no other is surely given for it."""
    other = _another(matter)
    off = next(
        (
            claim
            for claim in matter.claims
            if "taken-off" in matter.case.rules_of(claim.piece.sentences_from(claim.placed, 1).strip(" \n¶"))
        ),
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
    taken_back = _taken_back(case)
    if taken_back is not None:
        return f"what it says may be taken back, put off or only reported: {taken_back}"
    beyond = to_more_than_po(matter)
    if beyond is not None:
        return f"more than the purchase order may be meant to change: {beyond}"
    if not case.says(*_WANTING) and not _given_outright(matter) and not _noted_for(matter):
        return "a number is named, but nothing says that it is to be put on an invoice"
    if matter.match.by_elimination and not case.says("correction-request", "copy-request"):
        return f"no invoice is named and no change is asked for; {matter.match.how} would fit"
    return None


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
    sentences = (piece.marked[start:end] for piece in _written_now(case) for start, end in piece.sentences)
    return any("other-invoice" in case.rules_of(sentence.strip(" \n¶")) for sentence in sentences)


def _given_for_another(matter: Matter) -> bool:
    """Whether a number is given in words, up to the end of its row, that name no invoice and speak of one that is not sent yet."""
    said = [_up_to_row_end(claim) for claim in matter.new_claims]
    return not matter.case.says("future-po") and any("¤i" not in one and "other-invoice" in matter.case.rules_of(one) for one in said)


def _up_to_row_end(claim: Claim) -> str:
    """What of a number's sentence stands before the end of its row."""
    sentence, row = claim.piece.sentences_from(claim.placed, 1), claim.piece.clause(claim.placed)
    return (sentence.partition(row)[0] + row).strip(" \n¶")


def _given_outright(matter: Matter) -> bool:
    """Whether the words right beside a number give it, so that no request need be made besides."""
    if matter.case.by_machine or matter.case.responses or matter.orders_say:
        return True
    return any(
        giving.is_told(claim, matter.case.lexicon) or texts.word_count(claim.piece.marked) <= _FEW_WORDS for claim in matter.new_claims
    )


def _noted_for(matter: Matter) -> bool:
    """Whether our own note above a forward names every invoice that a number is for: it is passed on to be put there."""
    notes = [piece for piece in matter.case.pieces if piece.source is Source.NOTE and "?" not in piece.marked]
    named = {invoice for note in notes for _, invoice in mentions.of(note, matter.case)}
    return bool(named) and named == set(matter.invoices)


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
    for piece in _written_now(matter.case):
        for placed in piece.of(Kind.AMOUNT):
            amount = placed.token.amount
            if amount is None or not amount.currencies or receivables.comes_to(amount):
                continue
            fitting = together in amount.readings and not currencies.isdisjoint(amount.currencies)
            said = matter.case.rules_of(piece.row(placed).strip(" \n¶")) | matter.case.rules_of(
                piece.sentences_from(placed, 1).strip(" \n¶")
            )
            if not fitting and not said & {"letterhead", "threshold"}:
                return piece.line(placed)
    return None


def _other_request(case: Case) -> str | None:
    """A clause that asks for something that no rule knows, or in which nothing is known at all."""
    for piece in _written_now(case):
        for start, end in piece.clauses(case.lexicon):
            said = piece.marked[start:end].strip(" \n¶")
            names = case.rules_of(said)
            known = _is_answered(said, names) or _in_a_notice(piece, start, case) or _is_aside(piece, start, case)
            if names & _UNKNOWN_WISHES and not known:
                return piece.as_written(start, end)
    return None


def _in_a_notice(piece: Piece, place: int, case: Case) -> bool:
    """Whether the sentence at ``place`` is one of a legal notice, which may stand on one line with the request above it."""
    start, end = piece.sentences[piece.sentence_of(place)]
    return "legal-notice" in case.rules_of(piece.marked[start:end].strip(" \n¶"))


def _is_aside(piece: Piece, position: int, case: Case) -> bool:
    """Whether the clause at ``position`` only says of another number that it need not be printed."""
    start, end = piece.sentences[piece.sentence_of(position)]
    return any(aside and place <= position < stop for place, stop, aside in _clauses(piece, start, end, case))


def _beside_the_po(case: Case) -> str | None:
    """A sentence about what else the invoice says, or of another topic that no rule knows; rows of a table list it and ask for nothing."""
    for piece in _written_now(case):
        for start, end in piece.sentences:
            sentence = _without_asides(piece, start, end, case).strip(" \n¶")
            names = case.rules_of(sentence)
            answered = _is_answered(sentence, names) and not _BESIDE & case.rules_of(_behind_the_answered(piece, start, end, case))
            harmless = names & {"legal-notice", "found-right"} or answered or "\t" in sentence
            if harmless or not names & {*_BESIDE, "another-topic"}:
                continue
            known = "¤c" in sentence or names & {*_WANTING, "of-an-order", "that-number"}
            if names & _BESIDE or not known:
                return piece.as_written(start, end)
    return None


def _behind_the_answered(piece: Piece, start: int, end: int, case: Case) -> str:
    """What a sentence says behind the clause that is answered: "could it be dated 31 May, and at the lower rate"."""
    behind = end
    for first, last in piece.clauses(case.lexicon):
        said = piece.marked[first:last].strip(" \n¶")
        if start <= first < end and _is_answered(said, case.rules_of(said)):
            behind = last
    return piece.marked[behind:end].strip(" \n¶")


def _points_at_something_else(case: Case) -> str | None:
    """A wish that does not say what is to change ("please correct") behind a sentence that speaks neither of an order nor of an invoice."""
    for piece in _written_now(case):
        above = (0, 0)
        for start, end in piece.sentences:
            wish, before = (piece.marked[one:other].strip(" \n¶") for one, other in ((start, end), above))
            if "points-back" in case.rules_of(wish) and _is_beside_the_point(before, case):
                return piece.as_written(above[0], end)
            above = (start, end)
    return None


def _is_beside_the_point(said: str, case: Case) -> bool:
    """Whether a sentence of some length speaks of nothing that an amendment is about."""
    about = {*_WANTING, *_ANSWERED, "of-an-order", "that-number"}
    named = "¤c" in said or "¤i" in said
    return texts.word_count(said) > _FEW_WORDS and not named and not about & case.rules_of(said)


def _is_answered(said: str, names: frozenset[str]) -> bool:
    """Whether a rule knows what ``said`` asks for; what is to be on future invoices is known only where it is a number."""
    return bool(names & _ANSWERED) and (names & _ANSWERED != {"future-po"} or "¤c" in said or "that-number" in names)


def _without_brackets(said: str) -> str:
    """A sentence about a number without what it says of others in brackets: "PO 4711 (cost centre 12, not to be printed)"."""
    bare = _ASIDE.sub(" ", said)
    return bare if "¤c" in bare else said


def _taken_back(case: Case) -> str | None:
    """A sentence that takes back, puts off or only reports what the mail says; excused where it is said of another number.

    That is one that is refused, or one that an invoice shows and that is called closed or the like in the very sentence.

    What is called a mistake stands above the word: a number that is given further down puts it right.
    """
    receivables = case.books.receivables(case.customer)
    for piece in (piece for piece in case.spoken if piece.source is Source.NEW):
        given = min((claim.placed.start for claim in case.claims if claim.role not in SETTLED and claim.piece is piece), default=0)
        refused = {piece.sentence_of(claim.placed.start) for claim in case.claims if claim.role is Role.REFUSED and claim.piece is piece}
        shown = {piece.sentence_of(claim.placed.start) for claim in case.claims if claim.piece is piece and receivables.shows(claim.po)}
        for place, (start, end) in enumerate(piece.sentences):
            names = case.rules_of(_without_asides(piece, start, end, case).strip(" \n¶"))
            below = case.rules_of(piece.marked[max(start, given) : end].strip(" \n¶")) if end > given else frozenset()
            taken_back = "taken-back" in names or "called-mistaken" in below
            excused = refused & {place, place - 1} or ("invalid-po" in names and place in shown)
            if taken_back and not excused and not names & _NOT_TAKING_BACK:
                return piece.as_written(start, end)
    return None


def _without_asides(piece: Piece, start: int, end: int, case: Case) -> str:
    """A sentence without its clauses by which another number than the PO need not be printed: "the cost centre is 4711, only for us"."""
    if "not-needed" not in case.rules_of(piece.marked[start:end].strip(" \n¶")):
        return piece.marked[start:end]
    return "".join(piece.marked[place:stop] for place, stop, aside in _clauses(piece, start, end, case) if not aside)


def _clauses(piece: Piece, start: int, end: int, case: Case) -> Iterator[tuple[int, int, bool]]:
    """Where each clause of a sentence begins and ends, and whether it is an aside.

    That is what is said of another number up to where it is said not to be needed: "the cost centre 4711 is an old one, ignore it".
    """
    parts = [(part.start(), part.end()) for part in case.lexicon.clause_end.finditer(piece.marked, start, end)] + [(end, end)]
    about_another, waiting = False, list[tuple[int, int]]()
    for (stop, next_start), place in zip(parts, (start, *(after for _, after in parts)), strict=False):
        codes = [placed for placed in piece.of(Kind.CODE) if place <= placed.start < next_start]
        clause = piece.marked[place:stop].strip(" \n¶")
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


def _only_these(piece: Piece, sentence: int, matter: Matter) -> bool:
    """Whether the invoices named in a sentence are all among those that the mail is about."""
    start, end = piece.sentences[sentence]
    meant = {invoice.number for invoice in matter.invoices}
    found = [placed.token.found for placed in piece.of(Kind.INVOICE) if start <= placed.start < end]
    named = {number for one in found if one is not None for number in one.invoices}
    return bool(named) and named <= meant


def _written_now(case: Case) -> Iterator[Piece]:
    """What the speaker, or the issuer above a forward, has just written."""
    return (piece for piece in case.spoken if piece.source in (Source.NOTE, Source.NEW))


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
    """Whether a number's own sentence calls it so, or the next one, where that does not speak of a former number instead."""
    own, both = claim.piece.sentences_from(claim.placed, 1), claim.piece.sentences_from(claim.placed, 2)
    if "invalid-po" in case.rules_of(own):
        return True
    return "invalid-po" in case.rules_of(both) and "former-order" not in case.rules_of(both[len(own) :].strip(" \n¶"))


def _asks_for_another(claims: tuple[Claim, ...], matter: Matter, rule: str) -> bool:
    """Whether a later sentence, without a number, says that one is missing or wanted: then the number above can't be the right one."""
    case = matter.case
    wanted = any(rule in case.rules_of(said) for said in _said_below(claims[-1], matter))
    return wanted and bool(matter.invoices) and matter.match.named and not case.says("beyond-po", "future-po")


def _doubtful(claims: tuple[Claim, ...], matter: Matter) -> Claim | None:
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
        names = case.rules_of(said if alone else _said_of(claim, case))
        if not alone:
            said = _without_asides(piece, *piece.sentences[sentence], case).partition("¶")[0]
            names &= case.rules_of(_without_brackets(said).strip(" \n¶"))
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
    kept = kept.strip(" \n¶")
    return left_out and not kept.endswith("?") and "number-in-doubt" not in case.rules_of(kept)


def _said_of(claim: Claim, case: Case) -> str:
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


def _in_its_row(said: str, row: str) -> str:
    """``said`` without the rows of other invoices, where the number stands in a list of them, an invoice at the head of each row."""
    head = MARKS[Kind.INVOICE]
    listed = row.lstrip().startswith(head)
    return "\n".join(line for line in said.split("\n") if not listed or line == row or not line.lstrip().startswith(head))
