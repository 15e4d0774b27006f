"""Judging one mail: lay it out, find the invoices, ask the questions in order, and put the answer into a Decision with its evidence."""

from __future__ import annotations

from dataclasses import dataclass

from worker.core import cases, senders, verdicts
from worker.core.cases import Case
from worker.core.decisions import REPLYING, Decision, Evidence
from worker.core.invoices import Books
from worker.core.messages import Message
from worker.core.rules import Rulebook
from worker.core.senders import Kind
from worker.core.verdicts import Matter, Verdict


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A decision and the case it was taken on, for whoever wants to see how it came about."""

    decision: Decision
    case: Case


def judge(message: Message, books: Books, rulebook: Rulebook) -> Judgement:
    """What is to be done with ``message``; pure, and the same for the same arguments."""
    case = cases.lay_out(message, books, rulebook)
    return Judgement(decision=_decision(case, _verdict(case)), case=case)


def _verdict(case: Case) -> Verdict:
    for ask in verdicts.SPEAKER_ORDER:
        verdict = ask(case)
        if verdict is not None:
            return verdict
    matter = Matter(case=case)
    verdict = next(verdict for ask_of in verdicts.ORDER if (verdict := ask_of(matter)) is not None)
    return verdicts.not_read_whole(matter, verdicts.told_not_to(matter, verdict))


def _decision(case: Case, verdict: Verdict) -> Decision:
    reply_to = None
    if verdict.action in REPLYING and case.customer is not None:
        reply_to = senders.reply_address(case.speaker, case.message, case.customer, case.lexicon)
        if reply_to is None:
            verdict = verdicts.hold(
                f"{verdict.reason}, but there is no address on file to reply to", invoices=verdict.invoices, lines=verdict.lines
            )
    return Decision(
        action=verdict.action,
        reason=_sentence(verdict.reason),
        customer=case.customer.id if case.customer else None,
        changes=verdict.changes,
        standing_po=verdict.standing_po,
        invoices=tuple(invoice.number for invoice in verdict.invoices),
        asked_about=tuple(invoice.number for invoice in verdict.asked_about),
        need=verdict.need,
        topics=verdict.topics,
        requested_by=_requested_by(case),
        reply_to=reply_to,
        language=case.customer.language if case.customer else case.books.issuer.language,
        evidence=_evidence(case, verdict),
    )


def _sentence(reason: str) -> str:
    """``reason`` with a capital letter, unless it begins with an address or a number, which are printed as they are."""
    first = reason.partition(" ")[0]
    return reason[:1].upper() + reason[1:] if first.isalpha() else reason


def _requested_by(case: Case) -> str | None:
    address = case.speaker.address
    if case.speaker.kind is Kind.FORWARDED and case.message.sender is not None:
        inner = address.email if address else "an unnamed sender"
        return f"{inner}, forwarded by {case.message.sender.email}"
    return address.email if address else None


def _evidence(case: Case, verdict: Verdict) -> Evidence:
    hits = case.hits_asked_for
    misses = [] if hits is None else [name for name in case.rulebook.names if name not in hits]
    return Evidence(
        speaker=str(case.speaker),
        proof=case.speaker.proof.sentence,
        hits=tuple((hits or {}).values()),
        misses=tuple(misses),
        lines=verdict.lines,
    )
