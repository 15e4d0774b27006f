"""The questions that end a matter before any number is looked at: settled, locked, somebody else's, or beyond what the rules can read."""

from __future__ import annotations

from worker.core import automatic
from worker.core.cases import Case
from worker.core.decisions import Action
from worker.core.invoices import Status
from worker.core.patterns import MARKS
from worker.core.readings import Source
from worker.core.verdicts.values import AP_RULES, Matter, Verdict, hold, ignore

_SETTLED = frozenset({"AB", "IP", "AP", "PD", "CA"})
"""Peppol response codes that ask for nothing (UNCL4343 subset)."""
_SPEAKING_ON = ("missing-po", "rejected", "clock-restarted", "po-to-follow", "copy-request", "provenance")
"""The rules by which a mail that approves an invoice, or wants no new one, says or asks something else."""
_DOING = frozenset({Action.AMEND, Action.REMEMBER, Action.RESEND, Action.REISSUE})
"""What is done on somebody's word; a question or an answer to them is not."""
_RIGHT_AND_WRONG = 2
"""How many invoices a sentence names that puts one in the place of another."""


def settled_response(matter: Matter) -> Verdict | None:
    """A Peppol response that only reports progress asks for nothing."""
    responses = matter.case.responses
    if responses and all(response.status in _SETTLED for response in responses):
        return ignore(f"an invoice response with status {responses[0].status}")
    return None


def identity_change(matter: Matter) -> Verdict | None:
    """Who is billed and where money goes is never changed by mail."""
    if matter.case.says("bill-to-change"):
        return hold("the bill-to name, address or tax id is to change", invoices=matter.invoices)
    if matter.case.says("bank-change"):
        return hold("bank details are to be changed or confirmed", invoices=matter.invoices)
    return None


def nothing_asked(matter: Matter) -> Verdict | None:
    """Payments, approvals and "no PO needed" leave nothing to do, unless a number is given for all future invoices beside them."""
    case = matter.case
    if case.says("future-po") and matter.claims:
        return None
    if case.says("remittance") and not _adds_a_po(matter) and not case.says("missing-po", "invalid-po", "rejected", "copy-request"):
        return ignore("a payment or remittance notice")
    if case.says("new-order") and not case.says("missing-po", "rejected") and not (matter.match.named and case.says("correction-request")):
        return ignore("a purchase order for new work")
    if _needs_no_po(matter):
        return ignore("no purchase order is needed")
    if _is_approved(matter):
        return ignore("approved, nothing is asked for")
    return None


def _adds_a_po(matter: Matter) -> bool:
    return bool(matter.new_claims) and matter.match.named


def _needs_no_po(matter: Matter) -> bool:
    """Whether no PO is needed; a PO called missing elsewhere in the mail, or given, says otherwise."""
    case = matter.case
    return case.says("no-po-needed") and not case.says("rejected") and not _called_missing_besides(case) and not matter.new_claims


def _is_approved(matter: Matter) -> bool:
    """Whether the invoice is approved and nothing is asked; a person may still ask for a PO to be added."""
    case = matter.case
    if not case.says("approved") or case.says(*_SPEAKING_ON):
        return False
    return automatic.machine_made(case.message) or not (matter.new_claims and case.says("correction-request"))


def _called_missing_besides(case: Case) -> bool:
    """Whether a sentence calls a PO missing without saying that none is needed; a subject ("no PO") says too little for that."""
    written = (piece for piece in case.spoken if piece.source is not Source.SUBJECT)
    said = (case.rules_of(piece.said(start, end)) for piece in written for start, end in piece.sentences)
    return any("missing-po" in rules and "no-po-needed" not in rules for rules in said)


def wrong_invoice(matter: Matter) -> Verdict | None:
    """A number of another customer, of nobody, or of a locked invoice."""
    if not (matter.case.numbered or matter.claims or matter.case.says(*AP_RULES)):
        return None
    match = matter.match
    if match.foreign:
        return hold(f"{', '.join(match.foreign)} is another customer's invoice", invoices=match.invoices)
    if match.unknown:
        return hold(f"{', '.join(match.unknown)} is no invoice of ours")
    locked = [invoice for invoice in match.invoices if invoice.status is not Status.ISSUED]
    if locked and (matter.case.says(*AP_RULES) or matter.claims):
        return hold(f"invoice {locked[0].number} is {locked[0].status} and locked", invoices=match.invoices)
    return None


def foreign_language(matter: Matter) -> Verdict | None:
    """What is written in a language that no rule file knows is left to a person, whatever numbers stand in it."""
    if matter.case.says(*AP_RULES) and not matter.match.named and matter.case.embeds_a_letter:
        return hold("a letter to somebody else may stand in it", invoices=matter.invoices)
    if matter.case.understood or matter.case.responses:
        return None
    if matter.invoices or matter.claims or matter.misfits or matter.case.says(*AP_RULES):
        return hold("it is written in a language that no rule file knows", invoices=matter.invoices)
    return ignore("nothing about an invoice of ours")


def not_read_whole(matter: Matter, verdict: Verdict) -> Verdict:
    """``verdict``, unless it does something on the word of a mail that was not read to its end: what follows may take all of it back."""
    case = matter.case
    if verdict.action not in _DOING or not (case.message.goes_on or any(piece.cut for piece in case.pieces)):
        return verdict
    return hold("the mail is too long to be read to its end", invoices=matter.invoices)


def told_not_to(matter: Matter, verdict: Verdict) -> Verdict:
    """``verdict``, unless it does something and what the issuer writes above a forward says not to."""
    case = matter.case
    if verdict.action not in _DOING or case.speaker.forwarded is None:
        return verdict
    notes = (piece for piece in case.pieces if piece.source is Source.NOTE)
    sentences = [piece.said(start, end) for piece in notes for start, end in piece.sentences]
    told = (place for place, sentence in enumerate(sentences) if "told-not-to" in case.rules_of(sentence))
    said = next((sentences[place] for place in told if not _put_right(sentences[place : place + 2], case)), None)
    if said is None:
        return verdict
    return hold("our own note above it may say not to do it", invoices=matter.invoices, lines=(said,))


def _put_right(sentences: list[str], case: Case) -> bool:
    """Whether the first of two sentences only says that the wrong invoice was named, and the second which one is meant, and not which."""
    if len(sentences) < 2 or "named-wrongly" not in case.rules_of(sentences[0]) or sentences[1].endswith("?"):
        return False
    return sentences[1].count(MARKS["invoice"]) == _RIGHT_AND_WRONG and case.lexicon.invoice_set_aside.found(sentences[1])
