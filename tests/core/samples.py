"""Books of an invented issuer and mails to it as plain values, for judging without any file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from worker import shipped
from worker.core import blocks, judgements
from worker.core.cases import Case, lay_out
from worker.core.decisions import Action, Decision
from worker.core.invoices import Books, Customer, Invoice, Issuer, Line, Status
from worker.core.judgements import Judgement
from worker.core.messages import Address, Attachment, Message
from worker.core.purchase_orders import PoNumber
from worker.core.rules import Rulebook
from worker.edges import rule_files

AUTHSERV = "mx.fernhill.example"
MAILBOX = "billing@fernhill.example"
JUNE = "june.hale@fernhill.example"
AP = "ap@tannery.example"
PO = "4500123456"
OTHER_PO = "4500987654"

ISSUER = Issuer(name="Fernhill Drafting Ltd", addresses=(MAILBOX, JUNE), mailbox=MAILBOX, trusted_authserv=AUTHSERV)


def invoice(number: str, customer: str = "tannery", **other: Any) -> Invoice:
    """An issued invoice over 1250.00 EUR without a PO, but for what is told."""
    total = Decimal(other.pop("total", "1250.00"))
    po = other.pop("po", None)
    blank = Invoice(
        number=number,
        customer=customer,
        issue_date=date(2026, 10, 1),
        due_date=date(2026, 10, 31),
        currency="EUR",
        total=total,
        po_number=PoNumber(po) if po else None,
        sent_message_ids=(f"<{number.lower()}@fernhill.example>",),
        lines=(Line(description="Drafting", quantity=Decimal(1), unit_price=total, tax_rate=Decimal(0)),),
    )
    return replace(blank, **other)


TANNERY = Customer(
    id="tannery",
    name="Tannery Works GmbH",
    contacts=(AP, "buyer@tannery-group.example"),
    domains=("tannery.example",),
    networks=("coupa", "ariba"),
    requires_po=True,
    po_format="45########",
)
LIDO = Customer(id="lido", name="Lido Baths plc", contacts=("office@lido.example",), domains=("lido.example",))
QUARRY = Customer(
    id="quarry",
    name="Quarry & Daughters Inc.",
    contacts=("payables@quarry.example",),
    domains=("quarry.example",),
    po_format="PO-######",
    standing_po=PoNumber("PO-000777"),
)
CUSTOMERS = (TANNERY, LIDO, QUARRY)
INVOICES = (
    invoice("FD-3001"),
    invoice("FD-3002", total="480.50"),
    invoice("FD-3003", total="99.00", issue_date=date(2026, 9, 15)),
    invoice("FD-3004", po=OTHER_PO, total="310.00"),
    invoice("FD-3005", status=Status.PAID, total="20.00"),
    invoice("FD-3006", status=Status.VOID, total="30.00"),
    invoice("FD-4001", "lido", total="775.00"),
    invoice("FD-5001", "quarry", total="640.00"),
)
BOOKS = Books(issuer=ISSUER, customers=CUSTOMERS, invoices=INVOICES)


def books(*invoices: Invoice, **tannery: Any) -> Books:
    """The sample books with these invoices instead, and the first customer changed as told."""
    return Books(issuer=ISSUER, customers=(replace(TANNERY, **tannery), LIDO, QUARRY), invoices=invoices or INVOICES)


@cache
def rulebook() -> Rulebook:
    """The shipped rules, networks and languages."""
    return rule_files.load([shipped.folder("rules")])


def passes(sender: str, result: str = "pass", authserv: str = AUTHSERV) -> tuple[str, str]:
    """The header by which the mailbox's own server vouches for ``sender``'s domain, or does not."""
    return "authentication-results", f"{authserv}; spf=pass; dmarc={result} header.from={sender.rpartition('@')[2]}"


def mail(
    text: str,
    *,
    sender: str = AP,
    subject: str = "",
    to: tuple[str, ...] = (MAILBOX,),
    reply_to: tuple[str, ...] = (),
    proof: tuple[tuple[str, str], ...] | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    references: tuple[str, ...] = (),
    **other: Any,
) -> Message:
    """A mail with ``text`` told apart by author; its sender is proven unless ``proof`` says otherwise."""
    author = Address(sender)
    return Message(
        message_id="<sample@tannery.example>",
        froms=(author,),
        to=tuple(map(Address, to)),
        reply_to=tuple(map(Address, reply_to)),
        subject=subject,
        references=references,
        headers=((passes(sender),) if proof is None else proof) + headers,
        text=text,
        blocks=blocks.split(text, sender=author, words=rulebook().mail_words, subject=subject),
        **{"part_types": ("text/plain",), **other},
    )


def paper(text: str | None, name: str = "paper.pdf", content_type: str = "application/pdf", content: bytes = b"%PDF") -> Attachment:
    """An attachment with what could be read of it."""
    return Attachment(name=name, content_type=content_type, content=content, text=text)


def case(text: str | Message, books: Books = BOOKS, **how: Any) -> Case:
    """A mail laid out for judging."""
    return lay_out(mail(text, **how) if isinstance(text, str) else text, books, rulebook())


def judge(text: str | Message, books: Books = BOOKS, **how: Any) -> Judgement:
    """What is to be done with a mail, with the case it was decided on."""
    return judgements.judge(mail(text, **how) if isinstance(text, str) else text, books, rulebook())


def decide(text: str | Message, books: Books = BOOKS, **how: Any) -> Decision:
    """What is to be done with a mail."""
    return judge(text, books, **how).decision


def told(decision: Decision) -> tuple[Action, list[list[str]], str | None]:
    """What a decision comes to: the action, the changes, and where the reply goes."""
    return decision.action, decision.as_pairs(), decision.reply_to
