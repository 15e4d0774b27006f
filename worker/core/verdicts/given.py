"""The questions about a PO number that is given: for which invoice, fitting what is attached, or for all future ones."""

from __future__ import annotations

from decimal import Decimal

from worker.core import mentions, numbers, pairings, purchase_orders
from worker.core.cases import Case
from worker.core.claims import SETTLED, Claim, Role
from worker.core.decisions import Action, Need, PoChange, Topic
from worker.core.invoices import Invoice, Status
from worker.core.numbers import Kind
from worker.core.purchase_orders import PoNumber
from worker.core.readings import Source
from worker.core.verdicts.values import Matter, Verdict, answer, ask, hold, ignore

_ANSWERED = frozenset({"backdating", "clock-restarted", "booked-twice", "provenance", "future-po", "out-of-office"})
"""The rules that know what a clause asks for, and that an amendment may go along with."""

Pairs = tuple[tuple[Invoice, PoNumber], ...]


def unreadable(matter: Matter) -> Verdict | None:
    """Numbers that can't be trusted as they stand: disguised, unsure, or only wondered about."""
    case = matter.case
    if case.disguised and (matter.claims or matter.misfits):
        return hold("a number holds characters that make it look other than it is", invoices=matter.invoices)
    if case.says("unsure") and len({claim.po for claim in matter.claims}) > 1:
        return hold("the writer is not sure which purchase order belongs to which invoice", invoices=matter.invoices)
    if matter.doubted and not matter.claims and not matter.orders_say:
        claim = matter.doubted[0]
        return hold(f"{claim.po} is {claim.role}, not given", invoices=matter.invoices, lines=(claim.line,))
    return None


def standing(matter: Matter) -> Verdict | None:
    """A PO number for all future invoices; older ones stay as they are unless the mail names them too."""
    case, pos = matter.case, _new_or_any(matter)
    if not case.says("future-po") or not pos:
        return None
    if len(pos) > 1:
        return hold(f"several numbers are given for future invoices: {', '.join(sorted(pos))}", invoices=matter.invoices)
    (po,) = pos
    if matter.match.named and not case.says("leave-others"):
        return None
    return Verdict(
        action=Action.REMEMBER,
        reason=f"{po} is given for all future invoices",
        standing_po=po,
        lines=tuple(claim.line for claim in matter.claims),
    )


def _new_or_any(matter: Matter) -> set[PoNumber]:
    return {claim.po for claim in matter.new_claims} or {claim.po for claim in matter.claims}


def same_as(matter: Matter) -> Verdict | None:
    """The same PO as on another invoice is that invoice's PO."""
    case = matter.case
    if not case.says("same-as") or matter.claims:
        return None
    source = _shown_beside(case)
    targets = tuple(invoice for invoice in matter.invoices if invoice is not source and invoice.po_number is None)
    if source is None or source.po_number is None or not targets:
        return hold("the same purchase order as on another invoice is wanted, but it is not clear which", invoices=matter.invoices)
    return amend(matter, tuple((invoice, source.po_number) for invoice in targets), (f"same purchase order as on {source.number}",))


def _shown_beside(case: Case) -> Invoice | None:
    """The one invoice that shows a PO in the sentence that speaks of the same one; None where there is none or more than one."""
    for piece in case.spoken:
        for start, end in piece.sentences:
            if "same-as" in case.rules_of(piece.marked[start:end]):
                named = {invoice.number: invoice for placed, invoice in mentions.of(piece, case) if start <= placed.start < end}
                shown = [invoice for invoice in named.values() if invoice.po_number is not None]
                return shown[0] if len(shown) == 1 else None
    return None


def given(matter: Matter) -> Verdict | None:
    """A PO number for an invoice: amend, or send it again where it already shows that very number."""
    case, match = matter.case, matter.match
    if not matter.claims:
        return None
    if match.open is not None:
        return hold(match.open, lines=tuple(claim.line for claim in matter.claims))
    if not match.invoices:
        return hold("a purchase order is given, but it is not clear for which invoice", lines=tuple(claim.line for claim in matter.claims))
    claims = matter.new_claims
    if not claims:
        return _already_there(matter)
    if case.says("po-to-follow") and len(match.invoices) == 1:
        return hold("a number is given, and another is said to follow", invoices=match.invoices, lines=(claims[0].line,))
    if _called_unusable(claims, case):
        return hold(f"{claims[0].po} is the only number given, and called unusable", invoices=match.invoices, lines=(claims[0].line,))
    noted = _noted(matter)
    if noted is not None:
        return hold(f"our own note names {noted}, the mail itself {claims[0].po}", invoices=match.invoices, lines=(claims[0].line,))
    other = _another(matter)
    if other is not None:
        return hold(f"{other.po} may be the purchase order as well as {claims[0].po}", invoices=match.invoices, lines=(other.line,))
    doubtful = _doubtful(claims, case)
    if doubtful is not None:
        return hold(f"{doubtful.po} is named, but denied, put off or doubted", invoices=match.invoices, lines=(doubtful.line,))
    pairing = pairings.pair(claims, match, case)
    if pairing.unclear is not None:
        return hold(pairing.unclear, invoices=match.invoices, lines=pairing.lines)
    wrong_order = _wrong_order(matter, pairing.pairs)
    if wrong_order is not None:
        return hold(wrong_order, invoices=match.invoices, lines=pairing.lines)
    return amend(matter, pairing.pairs, pairing.lines)


def _noted(matter: Matter) -> str | None:
    """A number in our own note above a forward, where what is to be applied is another that the mail itself gives."""
    for piece in matter.case.pieces:
        for placed in piece.of(Kind.CODE) if piece.source is Source.NOTE else ():
            fits = matter.case.customer is None or purchase_orders.fits(placed.token.text, matter.case.customer.po_format)
            if fits and not any(purchase_orders.same(placed.token.text, claim.po) for claim in matter.claims):
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
    return any("invalid-po" in case.rules_of(claim.piece.sentences_from(claim.placed, 2)) for claim in claims)


def _doubtful(claims: tuple[Claim, ...], case: Case) -> Claim | None:
    """A claim whose own sentence denies or doubts it; excused where it is another number or invoice that is denied there."""
    for claim in claims:
        piece, sentence = claim.piece, claim.piece.sentence_of(claim.placed.start)
        said = piece.clause(claim.placed) if case.by_machine else piece.sentences_from(claim.placed, 1)
        refused = (other for other in case.claims if other.role is Role.REFUSED and other.piece is piece)
        excused = any(piece.sentence_of(other.placed.start) == sentence for other in refused) or case.lexicon.invoice_set_aside.found(said)
        if excused or piece.source is Source.QUOTED:
            continue
        names = case.rules_of(said)
        if "number-in-doubt" in names or (said.rstrip(" ¶\n").endswith("?") and not case.lexicon.requests.found(said)):
            return claim
    return None


def amend(matter: Matter, pairs: Pairs, lines: tuple[str, ...]) -> Verdict:
    """The PO numbers on their invoices: an amendment of those that do not show them yet, else the current copies again."""
    changes = tuple(PoChange(invoice=invoice.number, po=po) for invoice, po in pairs if not purchase_orders.same(invoice.po_number, po))
    invoices = tuple(invoice for invoice, _ in pairs)
    if not changes:
        return Verdict(action=Action.RESEND, reason="the invoice already shows that purchase order", invoices=invoices, lines=lines)
    doubt = _doubt(matter, invoices)
    if doubt is not None:
        return hold(doubt, invoices=invoices, lines=lines)
    amended = {change.invoice for change in changes}
    one_po = len({change.po for change in changes}) == 1
    return Verdict(
        action=Action.AMEND,
        reason="; ".join(f"{change.po} for {change.invoice}" for change in changes),
        changes=changes,
        standing_po=changes[0].po if matter.case.says("future-po") and one_po else None,
        invoices=invoices,
        asked_about=tuple(invoice for invoice in matter.invoices if invoice.number not in amended and _is_missing(invoice, matter)),
        lines=lines,
    )


def _doubt(matter: Matter, invoices: tuple[Invoice, ...]) -> str | None:
    """Why these invoices should not be amended after all: locked, or not named and either showing another PO or not asked to be changed."""
    for invoice in invoices:
        if invoice.status is not Status.ISSUED:
            return f"invoice {invoice.number} is {invoice.status} and locked"
        if matter.match.inferred and invoice.po_number is not None:
            return f"invoice {invoice.number} has another purchase order and is not named"
    if matter.case.says("beyond-po") and matter.case.speaker.network is None and not matter.case.responses:
        return f"more than the purchase order may be meant to change: {matter.case.hits['beyond-po'].line}"
    if matter.case.speaker.network is None and not matter.case.responses:
        beyond = _other_amount(matter) or _other_request(matter.case) or _beside_the_po(matter.case)
        if beyond is not None:
            return f"more than the purchase order may be meant to change: {beyond}"
    if matter.match.by_elimination and not matter.case.says("correction-request", "copy-request"):
        return f"no invoice is named and no change is asked for; {matter.match.how} would fit"
    return None


def _other_amount(matter: Matter) -> str | None:
    """An amount of money in the mail that is not what the invoices come to."""
    invoices = matter.case.books.invoices_by_customer.get(matter.case.customer.id, ()) if matter.case.customer else ()
    sums = [(sum(invoice.total for invoice in matter.invoices), invoice.currency) for invoice in matter.invoices]
    known = [*((amount, invoice.currency) for invoice in invoices for amount in (invoice.total, invoice.net)), *sums]
    for piece in matter.case.spoken:
        for placed in piece.of(Kind.AMOUNT) if piece.source in (Source.NOTE, Source.NEW) else ():
            amount = placed.token.amount
            if amount is not None and amount.currencies and not any(numbers.fits_amount(amount, Decimal(one), of) for one, of in known):
                return piece.line(placed)
    return None


def _other_request(case: Case) -> str | None:
    """A clause that asks for something that no rule knows."""
    for piece in case.spoken:
        if piece.source in (Source.NOTE, Source.NEW):
            for start, end in piece.clauses(case.lexicon):
                names = case.rules_of(piece.marked[start:end].strip(" \n¶"))
                if "other-request" in names and not names & _ANSWERED:
                    return piece.as_written(start, end)
    return None


def _beside_the_po(case: Case) -> str | None:
    """A sentence about what else the invoice says."""
    for piece in case.spoken:
        if piece.source in (Source.NOTE, Source.NEW):
            for start, end in piece.sentences:
                sentence = piece.marked[start:end].strip(" \n¶")
                names = case.rules_of(sentence)
                if "beside-the-po" in names and not names & _ANSWERED and "\t" not in sentence:
                    return piece.as_written(start, end)
    return None


def _is_missing(invoice: Invoice, matter: Matter) -> bool:
    """Whether another invoice of the same mail is said to lack its PO, and no number is promised for it."""
    return invoice.po_number is None and matter.case.says("missing-po") and not matter.case.says("po-to-follow")


def _already_there(matter: Matter) -> Verdict:
    if matter.case.says("invalid-po"):
        return ask(matter, Need.INVALID, "the purchase order on the invoice can't be used and no other is given")
    if matter.case.says("clock-restarted"):
        return answer(matter, Topic.CLOCK, "the payment clock is said to start again")
    if matter.case.says("backdating"):
        return answer(matter, Topic.BACKDATING, "another invoice date is asked for")
    reason = "the invoice already shows that purchase order"
    lines = tuple(claim.line for claim in matter.claims)
    if matter.case.says("copy-request", "correction-request", "missing-po", "rejected"):
        return Verdict(action=Action.RESEND, reason=reason, invoices=matter.invoices, lines=lines)
    return hold(f"{reason}, and what is wanted is not understood", invoices=matter.invoices, lines=lines)


def _wrong_order(matter: Matter, pairs: Pairs) -> str | None:
    """Why an attached purchase order contradicts the amendment: other supplier, currency, total, or another number."""
    for order in matter.case.orders:
        meant = [invoice for invoice, po in pairs if not order.numbers or any(purchase_orders.same(po, number) for number in order.numbers)]
        if order.numbers and not meant:
            if any(purchase_orders.same(invoice.po_number, number) for invoice, _ in pairs for number in order.numbers):
                continue
            said = ", ".join(sorted({po for _, po in pairs}))
            return f"the attached order {order.file_name} bears {', '.join(order.numbers)}, the mail says {said}"
        mismatch = order.mismatch(meant)
        if mismatch is not None:
            return mismatch
    return None


def given_in_order(matter: Matter) -> Verdict | None:
    """The PO number stands only on an attached purchase order."""
    case, match = matter.case, matter.match
    if case.orders and not matter.orders_say and not matter.claims and case.says("po-attached"):
        return hold("no number of the customer's format stands on the attached order", invoices=match.invoices)
    if not matter.orders_say or matter.claims:
        return None
    if match.open is not None:
        return hold(match.open)
    if not match.invoices and case.says("correction-request"):
        return hold("a purchase order is attached, but it is not clear for which invoice")
    if not match.invoices:
        return ignore("a purchase order that no invoice of ours is for yet")
    if len(matter.orders_say) > 1:
        return hold(f"the attached orders bear several numbers: {', '.join(matter.orders_say)}", invoices=match.invoices)
    pairs = tuple((invoice, matter.orders_say[0]) for invoice in match.invoices)
    wrong_order = _wrong_order(matter, pairs)
    if wrong_order is not None:
        return hold(wrong_order, invoices=match.invoices)
    return amend(matter, pairs, (f"purchase order {matter.orders_say[0]} attached",))


def given_as_file_name(matter: Matter) -> Verdict | None:
    """A file name is a PO only where the text says so."""
    case = matter.case
    if not case.says("po-in-file-name") or matter.claims or case.customer is None:
        return None
    stems = [PoNumber(attachment.name.rpartition(".")[0].strip()) for attachment in case.parts.attachments if attachment.name]
    fitting = [stem for stem in stems if stem and purchase_orders.fits(stem, case.customer.po_format) and any(map(str.isdigit, stem))]
    if len(fitting) != 1 or not matter.invoices:
        return hold("the purchase order is said to be a file's name, but no single file name fits", invoices=matter.invoices)
    return amend(matter, tuple((invoice, fitting[0]) for invoice in matter.invoices), (f"file name {fitting[0]}",))


def misfit(matter: Matter) -> Verdict | None:
    """A number that is called a PO but has not the customer's format."""
    if matter.misfits and not matter.claims and not matter.orders_say:
        claim = matter.misfits[0]
        po_format = matter.case.customer.po_format if matter.case.customer else ""
        return hold(f"{claim.po} does not have the customer's format {po_format}", invoices=matter.invoices, lines=(claim.line,))
    return None
