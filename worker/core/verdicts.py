"""What is to be done with a mail: the questions in the order they are asked, the first one that answers decides.

Each verdict looks at one case and returns a Verdict or None. The order is ``ORDER``, at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from worker.core import automatic, matches, purchase_orders, senders
from worker.core.cases import Case
from worker.core.claims import Claim, Role
from worker.core.decisions import Action, Need, PoChange, Topic
from worker.core.invoices import Invoice, Status
from worker.core.matches import Match
from worker.core.numbers import Kind as NumberKind
from worker.core.papers import Paper
from worker.core.purchase_orders import PoNumber
from worker.core.readings import Source
from worker.core.senders import Kind

_AP_RULES = (
    "missing-po",
    "invalid-po",
    "rejected",
    "copy-request",
    "clock-restarted",
    "booked-twice",
    "backdating",
    "provenance",
    "future-po",
    "amount-change",
    "tax-change",
    "currency-change",
    "new-number",
    "split",
    "bill-to-change",
    "bank-change",
    "remittance",
    "po-to-follow",
    "no-po-needed",
    "correction-request",
)
_REISSUES = ("new-number", "amount-change", "tax-change", "currency-change", "scope-change", "split")
_RESPONSES_SETTLED = frozenset({"AB", "IP", "AP", "PD", "CA"})
_PRICE_REASONS = frozenset({"PRI", "QTY", "ITM", "LEG", "PAY", "QUA", "DEL", "FIN", "REC", "UNR", "OTH"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An action with its reason, and what it is about."""

    action: Action
    reason: str
    changes: tuple[PoChange, ...] = ()
    standing_po: PoNumber | None = None
    invoices: tuple[Invoice, ...] = ()
    asked_about: tuple[Invoice, ...] = ()
    need: Need | None = None
    topics: tuple[Topic, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A case with the invoices it is about and the PO numbers it gives for them."""

    case: Case
    match: Match
    claims: tuple[Claim, ...]
    misfits: tuple[Claim, ...]
    orders_say: tuple[PoNumber, ...]

    @property
    def invoices(self) -> tuple[Invoice, ...]:
        return self.match.invoices


def hold(reason: str, *, invoices: tuple[Invoice, ...] = (), lines: tuple[str, ...] = ()) -> Verdict:
    return Verdict(action=Action.HOLD, reason=reason, invoices=invoices, lines=lines)


def ignore(reason: str) -> Verdict:
    return Verdict(action=Action.IGNORE, reason=reason)


# Who speaks ---------------------------------------------------------------------------------------------------------------------------------


def automatic_mail(case: Case) -> Verdict | None:
    """Machines' answers and reports say nothing of their own (RFC 3834); AP systems' notifications do."""
    reason = automatic.answer_or_report(case.message)
    if reason is not None:
        return ignore(reason)
    subject_only = any(hit.line in case.message.subject for name, hit in case.hits.items() if name == "out-of-office")
    if (automatic.machine_made(case.message) or subject_only) and case.says("out-of-office"):
        return ignore("an out-of-office notice")
    outsider = case.speaker.kind in (Kind.STRANGER, Kind.NOBODY)
    if automatic.list_mail(case.message) and outsider:
        return ignore("a newsletter or list mail")
    if (
        (automatic.machine_made(case.message) or automatic.list_mail(case.message))
        and case.says("acknowledgement")
        and not case.says("rejected")
    ):
        return ignore("an automatic acknowledgement")
    return None


def outgoing_copy(case: Case) -> Verdict | None:
    if case.speaker.kind is Kind.OUTGOING:
        return ignore("our own outgoing copy")
    return None


def unproven(case: Case) -> Verdict | None:
    """A From address that is not proven decides nothing."""
    if case.speaker.kind is Kind.NOBODY:
        return (
            hold("two From headers, or none that names one address")
            if _concerns_us(case) or case.message.from_headers > 1
            else ignore("unrelated mail without a sender")
        )
    if case.speaker.proof.holds:
        return None
    if case.speaker.kind in (Kind.CUSTOMER, Kind.ISSUER, Kind.FORWARDED) or _concerns_us(case):
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
        return hold(f"the Reply-To {case.speaker.reply_outside.email} lies outside the customer's addresses")
    return None


def unknown_customer(case: Case) -> Verdict | None:
    """A forward or a note of ours that names nobody we know."""
    if case.customer is not None:
        return None
    if any(case.says(rule) for rule in _AP_RULES) or _numbers_of_ours(case):
        return hold("it is not clear which customer this is about")
    return ignore("nothing about an invoice of ours")


def _concerns_us(case: Case) -> bool:
    """Whether a mail names an invoice of ours, or a customer in an AP matter."""
    if _numbers_of_ours(case):
        return True
    whole = f"{case.message.subject}\n{case.message.text}"
    named = case.speaker.customer is not None or any(senders.names(whole, customer) for customer in case.books.customers)
    return named and case.says(*_AP_RULES)


def _numbers_of_ours(case: Case) -> bool:
    """Whether an invoice of ours is named by its whole number, or by its last digits where they are called an invoice's."""
    return any(
        found.invoices and (found.sure or case.lexicon.invoice_before.search(piece.before(placed)) is not None)
        for piece in case.pieces
        for placed in piece.of(NumberKind.INVOICE)
        if (found := placed.token.found) is not None
    )


# What it says -------------------------------------------------------------------------------------------------------------------------------


def settled_response(matter: Matter) -> Verdict | None:
    """A Peppol response that only reports progress asks for nothing."""
    responses = matter.case.responses
    if responses and all(response.status in _RESPONSES_SETTLED for response in responses):
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
    """Payments, approvals and "no PO needed" leave nothing to do."""
    case = matter.case
    if case.says("remittance") and not case.says("missing-po", "invalid-po", "rejected", "copy-request"):
        return ignore("a payment or remittance notice")
    if case.says("new-order") and not case.says("missing-po", "rejected") and not (matter.match.named and case.says("correction-request")):
        return ignore("a purchase order for new work")
    if (
        case.says("no-po-needed")
        and not case.says("rejected")
        and _same_line(case, "missing-po", "no-po-needed")
        and not _new_claims(matter)
    ):
        return ignore("no purchase order is needed")
    asked = case.says("missing-po", "rejected", "clock-restarted", "po-to-follow", "copy-request")
    if (
        case.says("approved")
        and not asked
        and (automatic.machine_made(case.message) or not (_new_claims(matter) and case.says("correction-request")))
    ):
        return ignore("approved, nothing is asked for")
    return None


def _same_line(case: Case, weaker: str, stronger: str) -> bool:
    """Whether the weaker rule says no more than the stronger: it missed, or hit in the very same sentence."""
    return weaker not in case.hits or case.hits[weaker].line == case.hits[stronger].line


def wrong_invoice(matter: Matter) -> Verdict | None:
    """A number of another customer, of nobody, or of a locked invoice."""
    match = matter.match
    if match.foreign:
        return hold(f"{', '.join(match.foreign)} is another customer's invoice", invoices=match.invoices)
    if match.unknown and not match.named:
        return hold(f"{', '.join(match.unknown)} is no invoice of ours")
    locked = [invoice for invoice in match.invoices if invoice.status is not Status.ISSUED]
    if locked and (_new_claims(matter) or matter.claims or _asks_for_anything(matter.case)):
        return hold(f"invoice {locked[0].number} is {locked[0].status} and locked", invoices=match.invoices)
    return None


def _asks_for_anything(case: Case) -> bool:
    return any(case.says(rule) for rule in _AP_RULES)


def foreign_language(matter: Matter) -> Verdict | None:
    """What is written in a language that no rule file knows is left to a person, whatever numbers stand in it."""
    if matter.case.understood or matter.case.responses:
        return None
    if matter.invoices or matter.claims or matter.misfits or matter.case.says(*_AP_RULES):
        return hold("it is written in a language that no rule file knows", invoices=matter.invoices)
    return ignore("nothing about an invoice of ours")


def question(matter: Matter) -> Verdict | None:
    """Questions about the past are answered from the records, whatever numbers they quote."""
    case = matter.case
    if case.says("provenance") and matter.invoices:
        return _answer(matter, Topic.PROVENANCE, "someone asks when and by whom the purchase order was added")
    if case.says("booked-twice") and matter.invoices:
        topics = (Topic.DUPLICATE, Topic.CLOCK) if case.says("clock-restarted") else (Topic.DUPLICATE,)
        return _answer(matter, topics[0], "the amended copy was booked as a new invoice", *topics[1:])
    return None


def reissue(matter: Matter) -> Verdict | None:
    """What an amendment can't do: amount, tax, currency, lines, a split, or an explicit demand for a new number."""
    case = matter.case
    for response in case.responses:
        if "CNF" in response.actions:
            return _reissue(matter, "the invoice response demands a credit note (CNF)")
        if _PRICE_REASONS & set(response.reasons) and not {"REF"} & set(response.reasons) and response.status in ("RE", "UQ"):
            return hold(f"the invoice response names another reason: {', '.join(response.reasons)}", invoices=matter.invoices)
    if case.responses:
        return None
    for rule in _REISSUES:
        if case.says(rule):
            return _reissue(
                matter,
                {"new-number": "a cancellation or new invoice number is demanded", "split": "the invoice is to be split"}.get(
                    rule, f"{rule.replace('-', ' ')} is demanded"
                ),
            )
    return None


def _reissue(matter: Matter, reason: str) -> Verdict:
    if not matter.invoices:
        return hold(f"{reason}, but it is not clear for which invoice")
    return Verdict(action=Action.REISSUE, reason=reason, invoices=matter.invoices)


def unreadable(matter: Matter) -> Verdict | None:
    """Numbers that can't be trusted as they stand: disguised, unsure, or only in something that is not read."""
    case = matter.case
    if case.disguised and (matter.claims or matter.misfits):
        return hold("a number holds characters that make it look other than it is", invoices=matter.invoices)
    if case.says("unsure") and (len({claim.po for claim in matter.claims}) > 1):
        return hold("the writer is not sure which purchase order belongs to which invoice", invoices=matter.invoices)
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


def same_as(matter: Matter) -> Verdict | None:
    """ "The same PO as on that invoice" is that invoice's PO."""
    case = matter.case
    if not case.says("same-as") or matter.claims:
        return None
    named = _mentioned_after(case, "same-as")
    source = next((invoice for invoice in named if invoice.po_number is not None), None)
    targets = tuple(invoice for invoice in matter.invoices if invoice is not source)
    if source is None or source.po_number is None or not targets:
        return hold("the same purchase order as on another invoice is wanted, but it is not clear which", invoices=matter.invoices)
    return _amend(matter, tuple((invoice, source.po_number) for invoice in targets), (f"same purchase order as on {source.number}",))


def _mentioned_after(case: Case, rule_name: str) -> list[Invoice]:
    """The invoices named within what a rule found."""
    rule = next(rule for rule in case.rulebook.rules if rule.name == rule_name)
    for piece in case.spoken:
        found = rule.pattern.search(piece.marked)
        if found is not None:
            return [invoice for placed, invoice in matches.mentions(piece, case) if found.start() <= placed.start < found.end() + 2]
    return []


def given(matter: Matter) -> Verdict | None:
    """A PO number for an invoice: amend, or send it again where it already shows that very number."""
    case, match = matter.case, matter.match
    if not matter.claims:
        return None
    if match.open is not None:
        return hold(match.open, lines=tuple(claim.line for claim in matter.claims))
    if not match.invoices:
        return hold("a purchase order is given, but it is not clear for which invoice", lines=tuple(claim.line for claim in matter.claims))
    claims = _without_current(matter)
    if not claims:
        return _already_there(matter)
    if _called_unusable(claims, case):
        return hold(f"{claims[0].po} is the only number given, and called unusable", invoices=match.invoices, lines=(claims[0].line,))
    pairing = matches.pair(claims, match, case)
    if pairing.unclear is not None:
        return hold(pairing.unclear, invoices=match.invoices, lines=pairing.lines)
    wrong_order = _wrong_order(matter, pairing.pairs)
    if wrong_order is not None:
        return hold(wrong_order, invoices=match.invoices, lines=pairing.lines)
    return _amend(matter, pairing.pairs, pairing.lines)


def _called_unusable(claims: tuple[Claim, ...], case: Case) -> bool:
    """Whether the only number given is said, in its own sentence or the next, to be closed, exhausted or invalid."""
    if len({claim.po for claim in claims}) != 1:
        return False
    rule = next((rule for rule in case.rulebook.rules if rule.name == "invalid-po"), None)
    return rule is not None and any(rule.pattern.search(claim.piece.sentences(claim.placed, 2)) is not None for claim in claims)


def _amend(matter: Matter, pairs: tuple[tuple[Invoice, PoNumber], ...], lines: tuple[str, ...]) -> Verdict:
    changes = tuple(PoChange(invoice=invoice.number, po=po) for invoice, po in pairs if not purchase_orders.same(invoice.po_number, po))
    if not changes:
        return Verdict(
            action=Action.RESEND,
            reason="the invoice already shows that purchase order",
            invoices=tuple(invoice for invoice, _ in pairs),
            lines=lines,
        )
    locked = [invoice for invoice, _ in pairs if invoice.status is not Status.ISSUED]
    if locked:
        return hold(f"invoice {locked[0].number} is {locked[0].status} and locked", lines=lines)
    unsure = [
        invoice for invoice, _ in pairs if invoice.po_number is not None and not matter.match.named and matter.match.how.startswith("the ")
    ]
    if unsure:
        return hold(f"invoice {unsure[0].number} has another purchase order and is not named", lines=lines)
    amended = {change.invoice for change in changes}
    return Verdict(
        action=Action.AMEND,
        reason="; ".join(f"{change.po} for {change.invoice}" for change in changes),
        changes=changes,
        standing_po=changes[0].po if matter.case.says("future-po") and len({change.po for change in changes}) == 1 else None,
        invoices=tuple(invoice for invoice, _ in pairs),
        asked_about=tuple(
            invoice
            for invoice in matter.invoices
            if invoice.number not in amended and invoice.po_number is None and _is_missing(invoice, matter)
        ),
        lines=lines,
    )


def _is_missing(invoice: Invoice, matter: Matter) -> bool:
    return matter.case.says("missing-po") and not matter.case.says("po-to-follow") and invoice in matter.invoices


def _already_there(matter: Matter) -> Verdict:
    if matter.case.says("invalid-po"):
        return _ask(matter, Need.INVALID, "the purchase order on the invoice can't be used and no other is given")
    if matter.case.says("clock-restarted"):
        return _answer(matter, Topic.CLOCK, "the payment clock is said to start again")
    if matter.case.says("backdating"):
        return _answer(matter, Topic.BACKDATING, "another invoice date is asked for")
    return Verdict(
        action=Action.RESEND,
        reason="the invoice already shows that purchase order",
        invoices=matter.invoices,
        lines=tuple(claim.line for claim in matter.claims),
    )


def _without_current(matter: Matter) -> tuple[Claim, ...]:
    """The claims that are not just the number that the invoices already show, nor named as refused."""
    current = [invoice.po_number for invoice in matter.invoices]
    return tuple(claim for claim in matter.claims if not any(purchase_orders.same(claim.po, po) for po in current))


def _new_claims(matter: Matter) -> bool:
    return bool(_without_current(matter))


def _new_or_any(matter: Matter) -> set[PoNumber]:
    return {claim.po for claim in _without_current(matter)} or {claim.po for claim in matter.claims}


def _wrong_order(matter: Matter, pairs: tuple[tuple[Invoice, PoNumber], ...]) -> str | None:
    """Why an attached purchase order contradicts the amendment: other supplier, currency, total, or another number."""
    for order in matter.case.orders:
        meant = [invoice for invoice, po in pairs if not order.numbers or any(purchase_orders.same(po, number) for number in order.numbers)]
        if order.numbers and not meant:
            if any(purchase_orders.same(invoice.po_number, number) for invoice, _ in pairs for number in order.numbers):
                continue
            return f"the attached order {order.file_name} bears {', '.join(order.numbers)}, the mail says {', '.join(sorted({po for _, po in pairs}))}"
        mismatch = order.mismatch(meant)
        if mismatch is not None:
            return mismatch
    return None


def given_in_order(matter: Matter) -> Verdict | None:
    """The PO number stands only on an attached purchase order."""
    case, match = matter.case, matter.match
    if not matter.orders_say or matter.claims:
        return None
    if match.open is not None:
        return hold(match.open)
    if not match.invoices:
        return (
            ignore("a purchase order that no invoice of ours is for yet")
            if not case.says("correction-request")
            else hold("a purchase order is attached, but it is not clear for which invoice")
        )
    if len(matter.orders_say) > 1:
        return hold(f"the attached orders bear several numbers: {', '.join(matter.orders_say)}", invoices=match.invoices)
    pairs = tuple((invoice, matter.orders_say[0]) for invoice in match.invoices)
    wrong_order = _wrong_order(matter, pairs)
    if wrong_order is not None:
        return hold(wrong_order, invoices=match.invoices)
    return _amend(matter, pairs, (f"purchase order {matter.orders_say[0]} attached",))


def given_as_file_name(matter: Matter) -> Verdict | None:
    """A file name is a PO only where the text says so."""
    case = matter.case
    if not case.says("po-in-file-name") or matter.claims or case.customer is None:
        return None
    stems = [PoNumber(attachment.name.rpartition(".")[0].strip()) for attachment in case.parts.attachments if attachment.name]
    fitting = [stem for stem in stems if stem and purchase_orders.fits(stem, case.customer.po_format) and any(map(str.isdigit, stem))]
    if len(fitting) != 1 or not matter.invoices:
        return hold("the purchase order is said to be a file's name, but no single file name fits", invoices=matter.invoices)
    return _amend(matter, tuple((invoice, fitting[0]) for invoice in matter.invoices), (f"file name {fitting[0]}",))


def misfit(matter: Matter) -> Verdict | None:
    """A number that is called a PO but has not the customer's format."""
    if matter.misfits and not matter.claims and not matter.orders_say:
        claim = matter.misfits[0]
        po_format = matter.case.customer.po_format if matter.case.customer else ""
        return hold(f"{claim.po} does not have the customer's format {po_format}", invoices=matter.invoices, lines=(claim.line,))
    return None


def backdating(matter: Matter) -> Verdict | None:
    if matter.case.says("backdating") and not matter.case.says("missing-po", "invalid-po"):
        return _answer(matter, Topic.BACKDATING, "another invoice date is asked for")
    return None


def clock(matter: Matter) -> Verdict | None:
    if matter.case.says("clock-restarted") and not matter.case.says("missing-po", "invalid-po") and matter.invoices:
        return _answer(matter, Topic.CLOCK, "the payment clock is said to start again")
    return None


def to_follow(matter: Matter) -> Verdict | None:
    if matter.case.says("po-to-follow") and not matter.case.says("invalid-po"):
        return ignore("the purchase order will follow")
    return None


def elsewhere(matter: Matter) -> Verdict | None:
    """The PO is said to be in an attachment that could not be read or holds none."""
    case = matter.case
    unread = [
        exhibit for exhibit in case.exhibits if exhibit.paper is Paper.UNREAD and not exhibit.attachment.content_type.startswith("image/")
    ]
    if case.says("po-attached") and (unread or (not case.exhibits and not case.says("missing-po"))) and not case.responses:
        return hold("the purchase order is said to be in an attachment that is not read", invoices=matter.invoices)
    return None


def missing(matter: Matter) -> Verdict | None:
    """No usable PO on the invoice and none given: the standing PO, else ask."""
    case, match = matter.case, matter.match
    responded = any("REF" in response.reasons and response.status in ("RE", "UQ") for response in case.responses)
    if not case.says("missing-po", "invalid-po") and not responded:
        return None
    if match.open is not None:
        return hold(match.open)
    if not match.invoices:
        return hold("a purchase order is missing, but it is not clear on which invoice") if case.says("rejected", "missing-po") else None
    standing_po = case.customer.standing_po if case.customer else None
    invalid = case.says("invalid-po") and not case.says("missing-po")
    without = tuple(invoice for invoice in match.invoices if not purchase_orders.same(invoice.po_number, standing_po))
    if standing_po is not None and without and not invalid:
        return _amend(
            matter,
            tuple((invoice, standing_po) for invoice in without if invoice.po_number is None)
            or tuple((invoice, standing_po) for invoice in without),
            ("the customer's standing purchase order",),
        )
    return _ask(matter, Need.INVALID if invalid else Need.MISSING, "the purchase order is missing or invalid and none is given")


def _ask(matter: Matter, need: Need, reason: str) -> Verdict:
    return Verdict(action=Action.ASK, reason=reason, invoices=matter.invoices, asked_about=matter.invoices, need=need)


def _answer(matter: Matter, topic: Topic, reason: str, *more: Topic) -> Verdict:
    if not matter.invoices:
        return hold(f"{reason}, but it is not clear for which invoice")
    return Verdict(action=Action.ANSWER, reason=reason, invoices=matter.invoices, topics=(topic, *more))


def copy(matter: Matter) -> Verdict | None:
    if not matter.case.says("copy-request"):
        return None
    if not matter.match.named:
        return hold("a copy is asked for, but it is not clear of which invoice") if matter.invoices or matter.match.open else None
    return Verdict(action=Action.RESEND, reason="a copy of the invoice is asked for", invoices=matter.invoices)


def anything_else(matter: Matter) -> Verdict | None:
    """What concerns an invoice of ours and is not understood waits for a person; anything else is left alone."""
    case = matter.case
    if case.says("acknowledgement") and not case.says("rejected"):
        return ignore("an acknowledgement")
    if case.says("rejected", "unsure") and matter.invoices:
        return hold("the invoice is rejected for a reason that is not understood", invoices=matter.invoices)
    if matter.match.named and any(
        piece.source <= Source.LETTER and any(True for _ in matches.mentions(piece, case)) for piece in case.spoken
    ):
        return hold("it names an invoice of ours, but what is wanted is not understood", invoices=matter.invoices)
    return ignore("nothing about an invoice of ours")


SPEAKER_ORDER: tuple[Callable[[Case], Verdict | None], ...] = (
    automatic_mail,
    outgoing_copy,
    unproven,
    stranger,
    reply_elsewhere,
    unknown_customer,
)
"""The questions about who speaks, in order."""

ORDER: tuple[Callable[[Matter], Verdict | None], ...] = (
    settled_response,
    identity_change,
    nothing_asked,
    wrong_invoice,
    foreign_language,
    question,
    reissue,
    unreadable,
    standing,
    same_as,
    given,
    given_in_order,
    given_as_file_name,
    misfit,
    backdating,
    clock,
    to_follow,
    elsewhere,
    missing,
    copy,
    anything_else,
)
"""The questions about what it says, in order."""


def usable(case: Case) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """The claims of the strongest evidence that has any, called ones before bare ones; and those that have not the customer's format."""
    called, refused = case.claims
    turned_down = {claim.po for claim in refused}
    for tier in ((Source.NOTE,), (Source.NEW, Source.SUBJECT), (Source.LETTER,), (Source.QUOTED,)):
        fitting = [claim for claim in called if claim.piece.source in tier and claim.fits and claim.po not in turned_down]
        sure = [claim for claim in fitting if claim.role is not Role.BARE]
        if fitting:
            return tuple(sure or fitting), ()
    misfits = tuple(claim for claim in called if not claim.fits and _looks_like_po(claim, case))
    return (), misfits


def _looks_like_po(claim: Claim, case: Case) -> bool:
    """Whether a number of another format is still meant as a PO: it is called one, or begins as the customer's do."""
    if claim.role is Role.PO:
        return True
    po_format = case.customer.po_format if case.customer else None
    fixed = (
        po_format[: next((place for place, character in enumerate(po_format) if character in "#@"), len(po_format))] if po_format else ""
    )
    return len(fixed) >= 2 and claim.po.upper().startswith(fixed.upper())
