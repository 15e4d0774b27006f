"""One mail, from bytes to a recorded decision: gather, decide, apply. Read this first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from worker import intake, mishaps, proposals
from worker.core import judgements
from worker.core.decisions import REPLYING, Action, Decision
from worker.core.imprints import Imprint
from worker.core.invoices import Amendment, Books, Mode
from worker.core.outcomes import Document, Outcome
from worker.core.rules import Rulebook
from worker.edges import mime
from worker.edges.ledger import Incoming, Ledger
from worker.edges.pdfs import Allowance, PdfReading
from worker.errors import AddendumError, NeedsAPerson, SetupError, TryAgainLater
from worker.limits import OutOfTime, Stopped, time_limit
from worker.proposals import Case, Press, Terms

log = structlog.get_logger()

LONGEST = timedelta(seconds=60)
"""How long one mail may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a mail is worked on with; ``begin_pdf`` has a PDF read that ``read_pdf`` will be asked for soon."""

    ledger: Ledger
    rulebook: Rulebook
    press: Press
    terms: Terms
    read_pdf: Callable[[bytes], PdfReading]
    begin_pdf: Callable[[bytes], None]
    clock: Callable[[], datetime]
    longest: timedelta = LONGEST


@dataclass(frozen=True, slots=True)
class Kept:
    """Earlier amendments and PDFs, as the ledger keeps them."""

    ledger: Ledger

    def amendments(self, invoice: str) -> list[Amendment]:
        return [entry.amendment for entry in self.ledger.history(invoice)]

    def document(self, invoice: str, revision: int | None = None) -> Document | None:
        return self.ledger.document(invoice, revision)

    def imprint(self, invoice: str) -> Imprint | None:
        return self.ledger.imprint(invoice)


def handle(mail: int, desk: Desk) -> None:
    """Decide one received mail and record all that follows from it in one commit.

    One that takes too long or meets a bug is kept for a retry, and given up after the third try. Raises TryAgainLater and SetupError for
    what is no fault of the mail's (the ledger, the disk, a template): it rests for a while, so that it blocks none behind it. That try is
    not counted, nor is one that a stop of the worker cuts off. The mail's time limit needs the main thread.
    """
    incoming = desk.ledger.begin(mail, now=desk.clock())
    if incoming is None:
        return
    try:
        with time_limit(desk.longest.total_seconds()):
            outcome = work_out(incoming, desk)
        _record(outcome, desk)
    except OutOfTime:
        _give_back(incoming, desk, f"It took longer than {desk.longest.total_seconds():.0f} seconds.")
    except Stopped:
        _leave_for_later(incoming, desk)
    except SystemExit:
        _leave_for_later(incoming, desk)
        raise
    except (TryAgainLater, SetupError) as trouble:
        _leave_for_later(incoming, desk, trouble)
        raise
    except AddendumError as error:
        _give_back(incoming, desk, str(error))
    except Exception as error:  # one bad mail never stops the next
        _give_back(incoming, desk, mishaps.sentence(error))


def work_out(incoming: Incoming, desk: Desk) -> Outcome:
    """What follows from the mail; nothing is changed or sent yet."""
    case = _gather(incoming, desk)
    decision = _decide(incoming, case, desk)
    return _prepare(decision, case, desk)


def _gather(incoming: Incoming, desk: Desk) -> Case:
    return Case(
        mail=incoming.id,
        key=mime.identity(incoming.raw).content_hash,
        message=mime.parse(incoming.raw, words=desk.rulebook.mail_words, read_pdf=Allowance(desk.read_pdf)),
        books=desk.ledger.books(),
        archive=Kept(desk.ledger),
        now=desk.clock(),
    )


def _decide(incoming: Incoming, case: Case, desk: Desk) -> Decision:
    decision = judgements.judge(case.message, case.books, desk.rulebook).decision
    # First of all, for nobody knows what the rest of such a mail is about.
    decision = unless_partial(incoming.raw, decision)
    if decision.action is Action.IGNORE or incoming.raw.startswith(intake.PARTIAL):
        return decision
    if incoming.collides:
        return held(decision, "An earlier mail has the same Message-ID and other content; one of the two is not what it seems.")
    return decision


def unless_partial(raw: bytes, decision: Decision) -> Decision:
    """``decision``, but a hold where only the mail's headers were read."""
    partial = raw.startswith(intake.PARTIAL)
    return held(decision, "The mail could not be fetched whole, only its headers were read.") if partial else decision


def _prepare(decision: Decision, case: Case, desk: Desk) -> Outcome:
    mode = mode_for(decision, case.books, desk.terms)
    if decision.action in REPLYING and mode is Mode.OBSERVE:
        return Outcome(message=case.mail, decision=held(decision, f"Would {summary(decision)} (the mode is observe). {decision.reason}"))
    try:
        outcome = proposals.draw_up(decision, case, press=desk.press, terms=desk.terms)
    except NeedsAPerson as doubt:
        return Outcome(message=case.mail, decision=held(decision, str(doubt)))
    return replace(outcome, suggested=decision.action in REPLYING and mode is Mode.SUGGEST)


def mode_for(decision: Decision, books: Books, terms: Terms) -> Mode:
    """The customer's own mode where it has one, else the account's."""
    customer = books.customer_by_id.get(decision.customer or "")
    return (customer.mode if customer else None) or terms.mode


def held(decision: Decision, reason: str) -> Decision:
    """``decision`` as a hold: nothing of it is applied, its evidence stays."""
    return replace(decision, action=Action.HOLD, reason=reason, changes=(), standing_po=None, reply_to=None)


def summary(decision: Decision) -> str:
    """The decision in a few words: what would be put where."""
    pairs = ", ".join(f"{what}: {po}" for what, po in decision.as_pairs())
    return f"{decision.action} {pairs or ', '.join(decision.invoices)}".strip()


def _record(outcome: Outcome, desk: Desk) -> None:
    try:
        desk.ledger.record(outcome, now=desk.clock())
    except NeedsAPerson as doubt:
        outcome = Outcome(message=outcome.message, decision=held(outcome.decision, str(doubt)))
        desk.ledger.record(outcome, now=desk.clock())
    log.info("mail decided", mail=outcome.message, action=str(outcome.decision.action), suggested=outcome.suggested)


def _leave_for_later(incoming: Incoming, desk: Desk, trouble: AddendumError | None = None) -> None:
    try:
        if trouble is None:
            desk.ledger.take_back(incoming.id)
        else:
            desk.ledger.put_off(incoming.id, str(trouble), now=desk.clock())
    except AddendumError as error:  # what led here matters more, and it is raised already
        log.warning("try not taken back", mail=incoming.id, error=str(error))


def _give_back(incoming: Incoming, desk: Desk, why: str) -> None:
    given_up = desk.ledger.fail(incoming.id, why, now=desk.clock())
    log.warning("mail not decided", mail=incoming.id, why=why, attempt=incoming.attempts, given_up=given_up)
