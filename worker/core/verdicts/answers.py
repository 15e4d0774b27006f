"""The questions that are answered with facts, and those for a copy."""

from __future__ import annotations

from worker.core import purchase_orders
from worker.core.decisions import Action, Need, Topic
from worker.core.numbers import Kind
from worker.core.readings import Source
from worker.core.verdicts import objections, wishes
from worker.core.verdicts.values import Matter, Verdict, answer, ask, hold


def question(matter: Matter) -> Verdict | None:
    """Questions about the past are answered from the records, whatever numbers they quote."""
    case = matter.case
    if case.says("provenance") and matter.invoices:
        return answer(matter, Topic.PROVENANCE, "someone asks when and by whom the purchase order was added")
    if case.says("booked-twice") and matter.invoices:
        topics = (Topic.DUPLICATE, Topic.CLOCK) if case.says("clock-restarted") else (Topic.DUPLICATE,)
        return answer(matter, topics[0], "the amended copy was booked as a new invoice", *topics[1:])
    return None


def backdating(matter: Matter) -> Verdict | None:
    if matter.case.says("backdating") and not matter.case.says("missing-po", "invalid-po"):
        return answer(matter, Topic.BACKDATING, "another invoice date is asked for")
    return None


def clock(matter: Matter) -> Verdict | None:
    if matter.case.says("clock-restarted") and not matter.case.says("missing-po", "invalid-po") and matter.invoices:
        return answer(matter, Topic.CLOCK, "the payment clock is said to start again")
    return None


def copy(matter: Matter) -> Verdict | None:
    if not matter.case.says("copy-request"):
        return None
    if not matter.match.named:
        about = matter.invoices or matter.match.open or matter.case.lexicon.invoice_label.found(matter.case.hits["copy-request"].line)
        return hold("a copy is asked for, but it is not clear of which invoice") if about else None
    if _lacks_what_is_asked(matter):
        return ask(matter, Need.MISSING, "a copy with the purchase order is asked for, and none is given")
    more = objections.unsaid(matter) or _order_spoken_of(matter) or wishes.to_more_than_po(matter)
    if more is not None:
        return hold(f"a copy is asked for, but more may be meant: {more}", invoices=matter.invoices)
    return Verdict(action=Action.RESEND, reason="a copy of the invoice is asked for", invoices=matter.invoices)


def _lacks_what_is_asked(matter: Matter) -> bool:
    """Whether the very sentence that asks for a copy wants a purchase order on it, while no invoice shows one and no number is named."""
    case = matter.case
    if any(invoice.po_number is not None for invoice in matter.invoices):
        return False
    written = [piece for piece in case.spoken if piece.source in (Source.NOTE, Source.NEW)]
    if any(next(piece.of(Kind.CODE), None) is not None for piece in written):
        return False
    said = (case.rules_of(piece.said(start, end)) for piece in written for start, end in piece.sentences)
    return any({"of-an-order", "copy-request"} <= rules for rules in said)


def _order_spoken_of(matter: Matter) -> str | None:
    """A number, even a refused one, that the invoices do not show, or what is said of an order where they show none."""
    shown = [invoice.po_number for invoice in matter.invoices]
    other = next((claim.line for claim in matter.case.claims if not any(purchase_orders.same(claim.po, po) for po in shown)), None)
    if other is not None or None not in shown:
        return other
    for piece in matter.case.spoken:
        for start, end in piece.sentences if piece.source in (Source.NOTE, Source.NEW) else ():
            if "of-an-order" in matter.case.rules_of(piece.said(start, end)):
                return piece.as_written(start, end)
    return None
