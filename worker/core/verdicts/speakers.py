"""The questions about who speaks: automatic mail, our own copies, unproven senders, strangers, replies that lead elsewhere."""

from __future__ import annotations

from worker.core import automatic
from worker.core.cases import Case
from worker.core.numbers import Kind as NumberKind
from worker.core.senders import Kind
from worker.core.verdicts.values import AP_RULES, Verdict, hold, ignore

_NOTIFICATIONS = ("missing-po", "invalid-po", "rejected")
"""What an AP system's notification says."""


def automatic_mail(case: Case) -> Verdict | None:
    """Machines' answers and reports say nothing of their own (RFC 3834); AP systems' notifications do."""
    reason = automatic.answer_or_report(case.message)
    if reason is not None:
        return ignore(reason)
    bulk = automatic.list_mail(case.message)
    if bulk and (case.speaker.kind in (Kind.STRANGER, Kind.NOBODY) or (case.speaker.kind is Kind.CUSTOMER and not _numbers_of_ours(case))):
        return ignore("a newsletter or list mail")
    if automatic.machine_made(case.message) and case.speaker.kind is Kind.STRANGER and not case.says(*_NOTIFICATIONS):
        return ignore("an automatic notice of a stranger")
    machine = automatic.machine_made(case.message) or bulk
    if _is_away(case.message.subject, case) or (machine and case.says("out-of-office")):
        return ignore("an out-of-office notice")
    if machine and case.says("acknowledgement") and not case.says("rejected") and not case.responses:
        return ignore("an automatic acknowledgement")
    return None


def _is_away(subject: str, case: Case) -> bool:
    return case.whole_rulebook.means(subject, "out-of-office")


def outgoing_copy(case: Case) -> Verdict | None:
    if case.speaker.kind is Kind.OUTGOING:
        return ignore("our own outgoing copy")
    return None


def unproven(case: Case) -> Verdict | None:
    """A From address that is not proven decides nothing."""
    if case.speaker.kind is Kind.NOBODY:
        doubtful = case.message.from_headers > 1 or _concerns_us(case)
        return hold("there is no From header that names one address") if doubtful else ignore("unrelated mail without a sender")
    if case.speaker.proof.holds:
        return None
    if case.speaker.kind is Kind.CUSTOMER or _concerns_us(case):
        return hold(f"the sender is not proven: {case.speaker.proof.sentence}")
    return ignore("unrelated mail of an unproven sender")


def stranger(case: Case) -> Verdict | None:
    """Only customers, networks that they list, and ourselves are listened to."""
    if case.speaker.kind is Kind.STRANGER or (case.speaker.kind is Kind.NETWORK and case.customer is None):
        if _concerns_us(case):
            return hold(f"{case.speaker.address} is on nobody's list, but names an invoice or customer of ours")
        return ignore("unrelated mail of a stranger")
    return None


def reply_elsewhere(case: Case) -> Verdict | None:
    if case.speaker.reply_outside is not None:
        return hold(f"the Reply-To {case.speaker.reply_outside.email} lies outside the addresses of whom it speaks for")
    return None


def unknown_customer(case: Case) -> Verdict | None:
    """A forward or a note of ours that names nobody we know."""
    if case.customer is not None:
        return None
    if case.says(*AP_RULES) or _numbers_of_ours(case):
        return hold("it is not clear which customer this is about")
    return ignore("nothing about an invoice of ours")


def _concerns_us(case: Case) -> bool:
    """Whether a mail names an invoice of ours, or a customer in an AP matter."""
    if _numbers_of_ours(case):
        return True
    whole = f"{case.message.subject}\n{case.message.text}"
    named = case.speaker.customer is not None or bool(case.books.directory.named(whole))
    return named and case.says(*AP_RULES)


def _numbers_of_ours(case: Case) -> bool:
    """Whether an invoice of ours is named by its whole number, or by its last digits where they are called an invoice's."""
    if not case.may_name_ours:
        return False
    if any(number in case.books.invoice_by_number for response in case.responses for number in response.invoices):
        return True
    attached = (exhibit.piece for exhibit in case.exhibits if exhibit.piece is not None)
    return any(
        found.invoices and (found.sure or case.lexicon.invoice_before.found(piece.before(placed)))
        for piece in (*case.pieces, *attached)
        for placed in piece.of(NumberKind.INVOICE)
        if (found := placed.token.found) is not None
    )
