"""The letter that answers a mail, as a plain value: to whom, in which thread, about what, with which PDFs, but not in which words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from worker.core import threads
from worker.core.decisions import REPLYING, Action, Decision, Need, Topic
from worker.core.invoices import Amendment, Books, Customer, Invoice, Issuer
from worker.core.messages import Message
from worker.core.purchase_orders import PoNumber

AUTOMATIC: dict[Action, str | None] = {
    Action.AMEND: None,
    Action.RESEND: None,
    Action.ASK: "auto-replied",
    Action.ANSWER: "auto-replied",
    Action.REMEMBER: "auto-replied",
}
"""What Auto-Submitted (RFC 3834 §5) says for each action; None leaves the header out.

A requested PDF goes as a normal letter: ticket software in AP inboxes parks automatic mail, and a parked invoice is an unpaid invoice.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A PDF that goes with a letter; ``name`` is safe as a file name everywhere."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The purchase order of one invoice added (``old_po`` None) or corrected; ``invoice`` is as it stands now."""

    invoice: Invoice
    old_po: PoNumber | None
    new_po: PoNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One amendment as the customer is told of it; ``day`` is the issuer's local date."""

    old_po: PoNumber | None
    new_po: PoNumber
    requested_by: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where the PO number on one invoice comes from: its amendments, oldest first; none when it was never amended."""

    invoice: Invoice
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A letter before it has words.

    ``subject`` is the AP person's own behind one "Re: ", or empty where there is no mail of theirs to answer. ``invoices`` are those spoken
    of, as they stand now; ``asked`` those whose PO the letter asks for. ``automatic`` is the value of Auto-Submitted (RFC 3834 §5) or None.
    """

    action: Action
    language: str
    recipient: str
    subject: str
    issuer: Issuer
    customer: Customer | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    automatic: str | None = None
    changes: tuple[Change, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    asked: tuple[Invoice, ...] = ()
    need: Need | None = None
    standing_po: PoNumber | None = None
    topics: tuple[Topic, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()


def compose(
    decision: Decision,
    *,
    message: Message,
    books: Books,
    timezone: ZoneInfo,
    amended: Sequence[tuple[Invoice, Amendment]] = (),
    history: Sequence[Amendment] = (),
    enclosures: Sequence[Enclosure] = (),
) -> Reply:
    """The letter that carries out ``decision``.

    ``books`` are as before it, ``amended`` holds each invoice as after it, ``history`` the amendments of the invoices spoken of so far.
    Raises ValueError for a decision that sends no letter (hold, ignore, reissue).
    """
    if decision.action not in REPLYING or decision.reply_to is None:
        raise ValueError(f"a decision to {decision.action} sends no letter")
    thread = threads.thread_of(message, books.issuer)
    invoices = _spoken_of(decision, books, amended)
    return Reply(
        action=decision.action,
        language=decision.language,
        recipient=decision.reply_to,
        subject=thread.subject,
        issuer=books.issuer,
        customer=books.customer_by_id.get(decision.customer or ""),
        in_reply_to=thread.in_reply_to,
        references=thread.references,
        automatic=AUTOMATIC[decision.action],
        changes=tuple(Change(invoice=invoice, old_po=made.old_po, new_po=made.new_po) for invoice, made in amended),
        invoices=invoices,
        asked=_asked_about(decision, books),
        need=decision.need,
        standing_po=decision.standing_po,
        topics=decision.topics,
        provenance=tuple(_provenance(invoice, history, timezone) for invoice in invoices) if Topic.PROVENANCE in decision.topics else (),
        enclosures=tuple(enclosures),
    )


def enclose(documents: Iterable[tuple[str, bytes]]) -> tuple[Enclosure, ...]:
    """PDFs given as (invoice number, content), each named by its invoice number; no two names are the same, whatever their case."""
    taken: set[str] = set()
    enclosed = []
    for number, content in documents:
        name = _untaken(file_name(number), taken)
        taken.add(name.casefold())
        enclosed.append(Enclosure(name=name, content=content))
    return tuple(enclosed)


def file_name(number: str) -> str:
    """An invoice number as the name of its PDF: letters, digits, dot, dash and underscore stay, anything else becomes an underscore."""
    safe = re.sub(r"[^\w.-]+", "_", number).strip("._-")[:80]
    return f"{safe or 'invoice'}.pdf"


def message_id_for(key: str, kind: str, revision: int, domain: str) -> str:
    """The Message-ID of a letter, the same whenever it is made again: from the mail's key, the letter's kind and the invoice's revision."""
    digest = hashlib.sha256("\n".join((key, kind, str(revision))).encode("utf-8", "surrogatepass")).hexdigest()
    return f"<{digest}@{domain}>"


def _spoken_of(decision: Decision, books: Books, amended: Sequence[tuple[Invoice, Amendment]]) -> tuple[Invoice, ...]:
    after = {invoice.number: invoice for invoice, _ in amended}
    numbers = dict.fromkeys([*after, *decision.invoices])
    known = (after.get(number) or books.invoice_by_number.get(number) for number in numbers)
    return tuple(invoice for invoice in known if invoice is not None)


def _asked_about(decision: Decision, books: Books) -> tuple[Invoice, ...]:
    numbers = decision.asked_about or (decision.invoices if decision.action is Action.ASK else ())
    return tuple(books.invoice_by_number[number] for number in numbers if number in books.invoice_by_number)


def _provenance(invoice: Invoice, history: Sequence[Amendment], timezone: ZoneInfo) -> Provenance:
    of_this = sorted((made for made in history if made.invoice == invoice.number), key=lambda made: made.revision)
    return Provenance(invoice=invoice, steps=tuple(_step(made, timezone) for made in of_this))


def _step(made: Amendment, timezone: ZoneInfo) -> Step:
    day = made.applied_at.astimezone(timezone).date()
    return Step(old_po=made.old_po, new_po=made.new_po, requested_by=made.requested_by, day=day)


def _untaken(name: str, taken: set[str]) -> str:
    stem, candidate, count = name.removesuffix(".pdf"), name, 1
    while candidate.casefold() in taken:
        count += 1
        candidate = f"{stem}-{count}.pdf"
    return candidate
