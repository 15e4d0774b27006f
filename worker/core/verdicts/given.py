"""The questions about a PO number that is given: for which invoice, fitting what is attached, or for all future ones."""

from __future__ import annotations

from collections.abc import Iterator

from worker.core import mentions, pairings, purchase_orders
from worker.core.cases import Case
from worker.core.claims import format_finder, is_distinctive
from worker.core.decisions import Action, Need, PoChange, Topic
from worker.core.invoices import Invoice
from worker.core.purchase_orders import PoNumber
from worker.core.verdicts import objections, wishes
from worker.core.verdicts.values import Matter, Verdict, answer, ask, hold, ignore

Pairs = tuple[tuple[Invoice, PoNumber], ...]
_SAME_AS = frozenset({"same-as", "same-as-elided"})
"""The rules for the number of another invoice, with the word for it or without."""


def unreadable(matter: Matter) -> Verdict | None:
    """Numbers that can't be trusted as they stand: disguised, unsure, or only wondered about."""
    case = matter.case
    if (matter.claims or matter.misfits) and case.disguised:
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
    if not pos or not _for_the_future(case):
        return None
    if len(pos) > 1:
        return hold(f"several numbers are given for future invoices: {', '.join(sorted(pos))}", invoices=matter.invoices)
    (po,) = pos
    if matter.match.named and not case.says("leave-others"):
        return None
    objection = objections.to_numbers(matter) if matter.new_claims else None
    if objection is not None:
        return objection
    return Verdict(
        action=Action.REMEMBER,
        reason=f"{po} is given for all future invoices",
        standing_po=po,
        lines=tuple(claim.line for claim in matter.claims),
    )


def _for_the_future(case: Case) -> bool:
    """Whether a number is given for all future invoices: named or pointed back to in the very sentence that speaks of them."""
    sentences = (piece.said(start, end) for piece in case.spoken for start, end in piece.sentences)
    return any("future-po" in (rules := case.rules_of(said)) and ("¤c" in said or "that-number" in rules) for said in sentences)


def _new_or_any(matter: Matter) -> set[PoNumber]:
    return {claim.po for claim in matter.new_claims} or {claim.po for claim in matter.claims}


def same_as(matter: Matter) -> Verdict | None:
    """The same PO as on another invoice is that invoice's PO."""
    case = matter.case
    if not case.says(*_SAME_AS) or matter.claims:
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
            said = piece.said(start, end)
            asked = said.endswith("?") and not case.lexicon.requests.found(said)
            if _SAME_AS & (rules := case.rules_of(said)) and "rejected" not in rules and not asked:
                named = {invoice.number: invoice for placed, invoice in mentions.of(piece, case) if start <= placed.start < end}
                shown = [invoice for invoice in named.values() if invoice.po_number is not None]
                return shown[0] if len(shown) == 1 else None
    return None


def given(matter: Matter) -> Verdict | None:
    """A PO number for an invoice: amend, or send it again where it already shows that very number."""
    if not matter.claims:
        return None
    case, match = matter.case, matter.match
    if match.open is not None:
        return hold(match.open, lines=tuple(claim.line for claim in matter.claims))
    if not match.invoices:
        return hold("a purchase order is given, but it is not clear for which invoice", lines=tuple(claim.line for claim in matter.claims))
    claims = matter.new_claims
    if not claims:
        return _already_there(matter)
    objection = objections.to_numbers(matter)
    if objection is not None:
        return objection
    pairing = pairings.pair(claims, match, case)
    if pairing.unclear is not None:
        return hold(pairing.unclear, invoices=match.invoices, lines=pairing.lines)
    wrong_order = _wrong_order(matter, pairing.pairs)
    if wrong_order is not None:
        return hold(wrong_order, invoices=match.invoices, lines=pairing.lines)
    return amend(matter, pairing.pairs, pairing.lines)


def amend(matter: Matter, pairs: Pairs, lines: tuple[str, ...]) -> Verdict:
    """The PO numbers on their invoices: an amendment of those that do not show them yet, else the current copies again."""
    changes = tuple(PoChange(invoice=invoice.number, po=po) for invoice, po in pairs if not purchase_orders.same(invoice.po_number, po))
    invoices = tuple(invoice for invoice, _ in pairs)
    if not changes:
        return Verdict(action=Action.RESEND, reason="the invoice already shows that purchase order", invoices=invoices, lines=lines)
    doubt = objections.to_amending(matter, invoices)
    if doubt is not None:
        return hold(doubt, invoices=invoices, lines=lines)
    amended = {change.invoice for change in changes}
    one_po = len({change.po for change in changes}) == 1
    return Verdict(
        action=Action.AMEND,
        reason="; ".join(f"{change.po} for {change.invoice}" for change in changes),
        changes=changes,
        standing_po=changes[0].po if one_po and _for_the_future(matter.case) else None,
        invoices=invoices,
        asked_about=tuple(invoice for invoice in matter.invoices if invoice.number not in amended and _is_missing(invoice, matter)),
        lines=lines,
    )


def _is_missing(invoice: Invoice, matter: Matter) -> bool:
    """Whether another invoice of the same mail is said to lack its PO, and no number is promised for it."""
    return invoice.po_number is None and matter.case.says("missing-po") and not matter.case.says("po-to-follow")


def _already_there(matter: Matter) -> Verdict:
    if matter.case.says("invalid-po"):
        other_number = objections.unsaid(matter)
        if other_number is not None:
            return hold(f"the purchase order on the invoice can't be used, and {other_number} may be another", invoices=matter.invoices)
        return ask(matter, Need.INVALID, "the purchase order on the invoice can't be used and no other is given")
    if objections.wants_another(matter):
        return ask(matter, Need.INVALID, "another purchase order than the one on the invoice is wanted and none is given")
    if matter.case.says("clock-restarted"):
        return answer(matter, Topic.CLOCK, "the payment clock is said to start again")
    if matter.case.says("backdating"):
        return answer(matter, Topic.BACKDATING, "another invoice date is asked for")
    reason = "the invoice already shows that purchase order"
    lines = tuple(claim.line for claim in matter.claims)
    doubt = objections.to_current(matter)
    if doubt is not None:
        return hold(doubt, invoices=matter.invoices, lines=lines)
    other = next(
        (invoice for invoice in matter.invoices if not any(purchase_orders.same(invoice.po_number, c.po) for c in matter.claims)), None
    )
    if other is not None:
        return hold(f"{matter.claims[0].po} is named, which {other.number} does not show", invoices=matter.invoices, lines=lines)
    beyond = wishes.to_more_than_po(matter)
    if beyond is not None:
        return hold(f"more than a copy may be wanted: {beyond}", invoices=matter.invoices, lines=lines)
    if matter.case.says("copy-request", "correction-request", "missing-po", "rejected"):
        return Verdict(action=Action.RESEND, reason=reason, invoices=matter.invoices, lines=lines)
    return hold(f"{reason}, and what is wanted is not understood", invoices=matter.invoices, lines=lines)


def _wrong_order(matter: Matter, pairs: Pairs) -> str | None:
    """Why an attached purchase order contradicts the amendment: other supplier, currency, total, or another number."""
    if matter.case.order_not_in_force is not None:
        return f"the attached order is marked: {matter.case.order_not_in_force}"
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
    case = matter.case
    if case.orders and not matter.orders_say and not matter.claims and case.says("po-attached"):
        return hold("no number of the customer's format stands on the attached order", invoices=matter.invoices)
    if not matter.orders_say or matter.claims:
        return None
    match = matter.match
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
    fitting = {po for attachment in case.parts.attachments for po in _in_name(attachment.name, case.customer.po_format)}
    doubted = "number-in-doubt" in case.rules_of(case.hits["po-in-file-name"].line)
    if len(fitting) != 1 or not matter.invoices or doubted:
        return hold("the purchase order is said to be a file's name, but no single file name fits", invoices=matter.invoices)
    (po,) = fitting
    return amend(matter, tuple((invoice, po) for invoice in matter.invoices), (f"file name {po}",))


def _in_name(name: str, po_format: str | None) -> Iterator[PoNumber]:
    """The PO numbers that a file's name is or, where the customer's are like nothing else, holds ("Order_4500123456.pdf")."""
    stem = name.rpartition(".")[0].strip()
    if stem and any(map(str.isdigit, stem)) and purchase_orders.fits(stem, po_format):
        yield PoNumber(stem)
    elif po_format is not None and is_distinctive(po_format):
        for found in format_finder(po_format).finditer(stem.replace("_", " ")):
            yield PoNumber(found[0] if purchase_orders.fits(found[0], po_format) else "".join(found[0].split()))


def misfit(matter: Matter) -> Verdict | None:
    """A number that is called a PO but has not the customer's format."""
    if matter.misfits and not matter.claims and not matter.orders_say:
        claim = matter.misfits[0]
        po_format = matter.case.customer.po_format if matter.case.customer else ""
        return hold(f"{claim.po} does not have the customer's format {po_format}", invoices=matter.invoices, lines=(claim.line,))
    return None
