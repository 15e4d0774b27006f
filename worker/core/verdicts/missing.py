"""The questions about a PO number that is not there: to follow, in something not read, or to be asked for."""

from __future__ import annotations

from worker.core import matches, mentions, purchase_orders, texts
from worker.core.cases import Case
from worker.core.claims import TURNED_DOWN, Role
from worker.core.decisions import Need
from worker.core.numbers import Kind
from worker.core.papers import Paper
from worker.core.purchase_orders import PoNumber
from worker.core.readings import Source
from worker.core.verdicts import objections
from worker.core.verdicts.given import amend
from worker.core.verdicts.values import AP_RULES, Matter, Verdict, ask, hold, ignore

_FEW_WORDS = 6
_WEIGHTY = tuple(rule for rule in AP_RULES if rule not in ("correction-request", "copy-request", "rejected", "remittance", "future-po"))
"""The rules that a customer's mail hardly hits by chance."""


def to_follow(matter: Matter) -> Verdict | None:
    if matter.case.says("po-to-follow") and not matter.case.says("invalid-po"):
        return ignore("the purchase order will follow")
    return None


def elsewhere(matter: Matter) -> Verdict | None:
    """The PO is said to be in an attachment that could not be read or holds none."""
    case = matter.case
    papers = [exhibit for exhibit in case.exhibits if not exhibit.attachment.content_type.startswith("image/")]
    unread = [exhibit for exhibit in papers if exhibit.paper is Paper.UNREAD]
    own = all(exhibit.paper is Paper.OWN_INVOICE for exhibit in papers)
    if case.says("po-attached") and papers and own and not matter.claims and not case.says("missing-po", "invalid-po", "rejected"):
        return hold("the purchase order is said to be attached, but that is our own invoice", invoices=matter.invoices)
    if case.says("po-attached") and (unread or (not case.exhibits and not case.says("missing-po"))) and not case.responses:
        return hold("the purchase order is said to be in an attachment that is not read", invoices=matter.invoices)
    return None


def missing(matter: Matter) -> Verdict | None:
    """No usable PO on the invoice and none given: the standing PO, else ask."""
    case = matter.case
    responded = any("REF" in response.reasons and response.status in ("RE", "UQ") for response in case.responses)
    if not case.says("missing-po", "invalid-po") and not responded and not _another_asked_for(matter):
        return None
    match = matter.match
    if match.open is not None:
        return hold(match.open)
    if not match.invoices:
        return hold("a purchase order is missing, but it is not clear on which invoice")
    invalid = case.says("invalid-po") or _refuses_current(matter)
    shown = [invoice for invoice in match.invoices if invoice.po_number is not None]
    if shown and not invalid and len(shown) == len(match.invoices):
        return hold(f"a purchase order is called missing, but {shown[0].number} shows {shown[0].po_number}", invoices=match.invoices)
    unsaid = objections.unsaid(matter)
    if unsaid is not None:
        return hold(f"a purchase order is called missing, but {unsaid} stands in the mail", invoices=match.invoices)
    if case.says("beyond-po"):
        return hold("a purchase order is called missing, but more may be meant to change", invoices=match.invoices)
    if case.says("po-to-follow"):
        return hold("a purchase order is called unusable, and another is said to follow", invoices=match.invoices)
    standing_po = case.customer.standing_po if case.customer else None
    without = tuple(invoice for invoice in match.invoices if invoice.po_number is None)
    if standing_po is not None and without and (_spoken_of(standing_po, case) or _another_wanted(case)):
        return hold(
            f"a purchase order is called missing, but another than {standing_po}, the standing one, may be wanted", invoices=match.invoices
        )
    if standing_po is not None and without:
        return amend(matter, tuple((invoice, standing_po) for invoice in without), ("the customer's standing purchase order",))
    return ask(matter, Need.INVALID if invalid and shown else Need.MISSING, "the purchase order is missing or invalid and none is given")


def _another_asked_for(matter: Matter) -> bool:
    """Whether a number is turned down and the right one asked for, of an invoice that the mail names: "that is not ours, which is it?"."""
    case = matter.case
    if not matter.match.named or not any(claim.role in TURNED_DOWN for claim in case.claims):
        return False
    written = (piece for piece in case.spoken if piece.source is Source.NEW)
    sentences = (piece.said(start, end) for piece in written for start, end in piece.sentences)
    return any("¤c" not in said and "number-wanted" in case.rules_of(said) for said in sentences)


def _spoken_of(po: PoNumber, case: Case) -> bool:
    """Whether the mail names that very number, without giving it: then it may be the one that can't be used."""
    codes = (placed.token.text for piece in case.spoken for placed in piece.of(Kind.CODE))
    return any(purchase_orders.same(code, po) for code in codes)


def _another_wanted(case: Case) -> bool:
    sentences = (piece.said(start, end) for piece in case.spoken for start, end in piece.sentences)
    return any("not-the-standing" in case.rules_of(said) for said in sentences)


def _refuses_current(matter: Matter) -> bool:
    """Whether the mail refuses the very number that an invoice shows."""
    refused = [claim.po for claim in matter.case.claims if claim.role is Role.REFUSED]
    return any(purchase_orders.same(invoice.po_number, po) for invoice in matter.invoices for po in refused)


def _answers_our_guess(matter: Matter) -> bool:
    """Whether a few words answer a mail of ours that asks about a number; our own number is no evidence, but silence would lose it."""
    case = matter.case
    said = [piece for piece in case.pieces if piece.source is Source.NEW]
    if sum(texts.word_count(piece.marked) for piece in said) not in range(1, _FEW_WORDS + 1):
        return False
    asked = (piece for piece in case.pieces if piece.source is Source.OURS and "?" in piece.marked and "¤c" in piece.marked)
    return any(case.lexicon.po_label.found(piece.marked) for piece in asked)


def anything_else(matter: Matter) -> Verdict | None:
    """What concerns an invoice of ours and is not understood waits for a person; anything else is left alone."""
    case = matter.case
    if case.says("acknowledgement") and not case.says("rejected"):
        return ignore("an acknowledgement")
    if case.says("rejected", "unsure") and matter.invoices:
        return hold("the invoice is rejected for a reason that is not understood", invoices=matter.invoices)
    if matches.may_be_open(case) and matter.match.open is not None:
        return hold(matter.match.open)
    if any(piece.source <= Source.LETTER and mentions.of(piece, case) for piece in case.spoken):
        return hold("it names an invoice of ours, but what is wanted is not understood", invoices=matter.invoices)
    if any(case.lexicon.po_label.found(piece.marked) for piece in case.spoken if piece.source is Source.NEW) and matter.match.named:
        return hold("it answers about a purchase order, but gives no number of its own", invoices=matter.invoices)
    if _answers_our_guess(matter) and matter.match.named:
        return hold("it answers a question of ours about a number, but gives none", invoices=matter.invoices)
    weighty = next((rule for rule in _WEIGHTY if rule in case.hits), None)
    if weighty is None and case.says("future-po") and "of-an-order" in case.rules_of(case.hits["future-po"].line):
        weighty = "future-po"
    if weighty is not None:
        return hold(f"it seems to be about an invoice, but not which: {case.hits[weighty].line}")
    return ignore("nothing about an invoice of ours")
