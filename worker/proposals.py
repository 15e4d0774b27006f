"""All that a decision would change, worked out before anything is changed: amended invoices, their PDFs read back, and the letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from worker.core import imprints, invoices, replies
from worker.core.decisions import Action, Decision, PoChange
from worker.core.imprints import Imprint
from worker.core.invoices import Amendment, Books, Customer, Invoice, Mode
from worker.core.messages import Address, Message
from worker.core.outcomes import Document, Outcome, OutgoingLetter
from worker.core.replies import Reply
from worker.edges.documents import Documents, fingerprint
from worker.edges.letters import Letters
from worker.errors import NeedsAPerson

WORKER = "addendum"


class Archive(Protocol):
    """Where earlier amendments and PDFs are found: the ledger, or nothing at all in a rehearsal."""

    def amendments(self, invoice: str) -> Sequence[Amendment]:
        """The amendments of the invoice so far, oldest first."""
        ...

    def document(self, invoice: str, revision: int | None = None) -> Document | None:
        """The invoice's PDF as kept, of that revision or the newest; None where none is."""
        ...

    def imprint(self, invoice: str) -> Imprint | None:
        """What the invoice's paper shows besides the invoice, as kept since it came into the books; None where nothing is kept."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the issuer wants it: the address letters come from, its time zone, how far the worker may go, how long letters are held back."""

    sender: Address
    timezone: ZoneInfo
    mode: Mode = Mode.OBSERVE
    hold_back: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What paper is made with."""

    documents: Documents
    letters: Letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One mail and all that is known when it is decided; ``key`` is the mail's identity, the same however often it is fetched."""

    mail: int
    key: str
    message: Message
    books: Books
    archive: Archive
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """One invoice amended: as it is then, by which amendment, and its PDF before and after."""

    invoice: Invoice
    amendment: Amendment
    before: Document
    after: Document


def draw_up(decision: Decision, case: Case, *, press: Press, terms: Terms) -> Outcome:
    """What follows from ``decision``, nothing of it done yet.

    Raises NeedsAPerson when an invoice may not be amended, a PDF does not read back as it must, or the reply's address is not on file.
    """
    amended = [_amend(change, decision, case, press, terms) for change in decision.changes]
    copies = [_copy(number, case, press, terms) for number in decision.invoices] if decision.action is Action.RESEND else []
    letter = _letter(decision, case, amended, copies, press, terms) if decision.reply_to is not None else None
    for each in amended:
        press.documents.prove(each.before.content, each.after.content, invoice=each.invoice, amendment=each.amendment)
    for copy in copies:
        press.documents.prove_copy(copy.content, invoice=case.books.invoice_by_number[copy.invoice])
    return Outcome(
        message=case.mail,
        decision=decision,
        amendments=tuple(each.amendment for each in amended),
        documents=tuple(document for each in amended for document in (each.before, each.after)) + tuple(copies),
        letters=(letter,) if letter else (),
        standing_po=(decision.customer, decision.standing_po) if decision.customer and decision.standing_po else None,
    )


def _amend(change: PoChange, decision: Decision, case: Case, press: Press, terms: Terms) -> Amended:
    invoice, customer = _invoice(change.invoice, case.books)
    amended, amendment = invoices.amend(
        invoice,
        change.po,
        customer,
        requested_by=decision.requested_by or WORKER,
        applied_by=WORKER,
        applied_at=case.now,
        message_id=case.message.message_id,
        reason=decision.reason,
        evidence=decision.evidence.lines,
    )
    before = _current(invoice.number, case, press, terms)
    press.documents.begin_reading(before.content)
    face = _face(invoice, customer, case.books, case.archive)
    after = _print(amended, face, [*case.archive.amendments(invoice.number), amendment], press, terms)
    press.documents.begin_reading(after.content)
    return Amended(invoice=amended, amendment=amendment, before=before, after=after)


def _copy(number: str, case: Case, press: Press, terms: Terms) -> Document:
    copy = _current(number, case, press, terms)
    press.documents.begin_reading(copy.content)
    return copy


def paper(number: str, revision: int | None = None, *, books: Books, archive: Archive, press: Press, terms: Terms) -> Document:
    """The invoice's PDF as it went out in that revision, by default the newest; where none is kept, as it is made from the books.

    Raises NeedsAPerson for an invoice that is not in the books, and for an earlier revision that is not kept.
    """
    invoice, customer = _invoice(number, books)
    if revision is not None and revision > invoice.revision:
        raise NeedsAPerson(f"Invoice {number} has no revision {revision}; the newest is {invoice.revision}, 0 is the invoice as issued.")
    kept = archive.document(number, invoice.revision if revision is None else revision)
    if kept is None and revision not in (None, invoice.revision):
        raise NeedsAPerson(f"The PDF of invoice {number} in revision {revision} was not kept.")
    return kept or _print(invoice, _face(invoice, customer, books, archive), archive.amendments(number), press, terms)


def _current(number: str, case: Case, press: Press, terms: Terms) -> Document:
    return paper(number, books=case.books, archive=case.archive, press=press, terms=terms)


def _face(invoice: Invoice, customer: Customer, books: Books, archive: Archive) -> Imprint:
    """The face that the invoice was issued with; today's only where the books come from a file."""
    return archive.imprint(invoice.number) or imprints.of(invoice, issuer=books.issuer, customer=customer)


def _print(invoice: Invoice, face: Imprint, amendments: Sequence[Amendment], press: Press, terms: Terms) -> Document:
    content = press.documents.render(
        face.on(invoice),
        issuer=face.seller(),
        customer=face.buyer(invoice.customer),
        amendments=amendments,
        timezone=terms.timezone,
    )
    return Document(invoice=invoice.number, revision=invoice.revision, sha256=fingerprint(content), content=content)


def _invoice(number: str, books: Books) -> tuple[Invoice, Customer]:
    invoice = books.invoice_by_number.get(number)
    customer = books.customer_by_id.get(invoice.customer) if invoice else None
    if invoice is None or customer is None:
        raise NeedsAPerson(f"Invoice {number} is not in the books.")
    return invoice, customer


def _letter(
    decision: Decision, case: Case, amended: Sequence[Amended], copies: Sequence[Document], press: Press, terms: Terms
) -> OutgoingLetter:
    reply = _compose(decision, case, amended, copies, terms)
    _on_file(reply.recipient, case.books.customer_by_id.get(decision.customer or ""))
    revision = max((each.invoice.revision for each in amended), default=0)
    message_id = replies.message_id_for(case.key, decision.action, revision, terms.sender.domain)
    content = press.letters.envelope(
        press.letters.write(reply),
        sender=terms.sender,
        recipient=reply.recipient,
        message_id=message_id,
        date=case.now,
        in_reply_to=reply.in_reply_to,
        references=reply.references,
        enclosures=reply.enclosures,
        automatic=reply.automatic,
    )
    return OutgoingLetter(
        kind=decision.action,
        message_id=message_id,
        sender=terms.sender.email,
        recipient=reply.recipient,
        content=content,
        invoices=tuple(invoice.number for invoice in reply.invoices),
        not_before=case.now + terms.hold_back if terms.hold_back else None,
    )


def _compose(decision: Decision, case: Case, amended: Sequence[Amended], copies: Sequence[Document], terms: Terms) -> Reply:
    papers = [(each.after.invoice, each.after.content) for each in amended] + [(copy.invoice, copy.content) for copy in copies]
    return replies.compose(
        decision,
        message=case.message,
        books=case.books,
        timezone=terms.timezone,
        amended=[(each.invoice, each.amendment) for each in amended],
        history=[made for number in decision.invoices for made in case.archive.amendments(number)],
        enclosures=replies.enclose(papers),
    )


def _on_file(recipient: str, customer: Customer | None) -> None:
    # The judgement has chosen the address by the same rule; nothing leaves on one module's word alone.
    if customer is None or not customer.owns(recipient):
        who = customer.name if customer else "any customer"
        raise NeedsAPerson(f"The reply would go to {recipient}, which is not on file for {who}.")
