"""Specimen replies, digests and cards, made up and complete, to try templates on before a real mail depends on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from worker.core.decisions import Action, Decision, Evidence, Hit, Need, PoChange, Topic
from worker.core.digests import Applied, Digest, FailedPart, Failure, Health, Tally, Waiting, WaitingFor
from worker.core.invoices import Customer, Invoice, Issuer
from worker.core.purchase_orders import PoNumber
from worker.core.rehearsed import Card, LetterText
from worker.core.replies import Change, Provenance, Reply, Step

EVENING = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
ISSUER = Issuer(name="Birkenfeld Studio", addresses=("invoices@birkenfeld.example",), mailbox="invoices@birkenfeld.example")
CUSTOMER = Customer(id="harbour", name="Harbour & Sons Ltd", contacts=("payables@harbour.example",))
PO, OTHER_PO = PoNumber("7700012345"), PoNumber("7700067890")
WITHOUT_PO = Invoice(
    number="B-118", customer="harbour", issue_date=date(2026, 10, 1), due_date=date(2026, 10, 31), currency="EUR", total=Decimal("4800.00")
)
WITH_PO = replace(WITHOUT_PO, number="B-119", currency="GBP", total=Decimal("1250.50"), po_number=PO, revision=1)


def replies(language: str) -> Iterator[Reply]:
    """A reply in ``language`` for every sentence that a letter can hold."""
    blank = Reply(
        action=Action.AMEND, language=language, recipient=CUSTOMER.contacts[0], subject="Re: Your invoice", issuer=ISSUER, customer=CUSTOMER
    )
    added, corrected = Change(invoice=WITH_PO, old_po=None, new_po=PO), Change(invoice=WITH_PO, old_po=OTHER_PO, new_po=PO)
    yield replace(blank, changes=(added,), invoices=(WITH_PO,), subject="")
    yield replace(blank, changes=(added, corrected), asked=(WITHOUT_PO,), standing_po=PO)
    yield replace(blank, action=Action.RESEND, invoices=(WITHOUT_PO, WITH_PO))
    yield replace(blank, action=Action.ASK, need=Need.MISSING, asked=(WITHOUT_PO,))
    yield replace(blank, action=Action.ASK, need=Need.INVALID, asked=(WITHOUT_PO, WITH_PO))
    yield replace(blank, action=Action.ASK)
    yield replace(blank, action=Action.REMEMBER, standing_po=PO, subject="")
    yield replace(blank, action=Action.REMEMBER, standing_po=PO, customer=None)
    yield from _answers(replace(blank, action=Action.ANSWER))


def _answers(blank: Reply) -> Iterator[Reply]:
    steps = tuple(Step(old_po=old, new_po=PO, requested_by=CUSTOMER.contacts[0], day=EVENING.date()) for old in (None, OTHER_PO))
    known = (Provenance(invoice=WITH_PO, steps=steps), Provenance(invoice=WITH_PO), Provenance(invoice=WITHOUT_PO))
    yield replace(blank, topics=tuple(Topic), invoices=(WITHOUT_PO,), provenance=known)
    yield replace(blank, topics=tuple(Topic))


def digests() -> tuple[Digest, ...]:
    """A full evening, an empty one, and one on which everything is wrong."""
    empty = Digest(
        day=EVENING.date(),
        timezone=ZoneInfo("Europe/Berlin"),
        since=EVENING - timedelta(days=1),
        until=EVENING,
        issuer=ISSUER.name,
        mailbox=ISSUER.mailbox,
        tally=Tally(seen=12, ignored=12),
        health=Health(last_good_pass=EVENING - timedelta(minutes=1), newest_mail=EVENING - timedelta(minutes=40)),
    )
    full = replace(
        empty,
        applied=_applied(),
        waiting=_waiting(),
        waiting_before=2,
        failures=_failures(),
        tally=Tally(seen=6, amended=2, held=2, prepared=1, failed=1),
    )
    wrong = replace(
        full,
        tally=Tally(seen=13, ignored=12),
        health=Health(last_error="The server refused the password.", undecided=3, unsent=1, paused=True),
    )
    return full, empty, wrong


def cards() -> tuple[Card, Card]:
    """A card with all that one can hold, and one of an ignored mail."""
    evidence = Evidence(hits=(Hit(rule="missing-po", line="There is no PO."),), lines=(f"PO {PO}",))
    full = Card(
        moment=EVENING,
        sender=CUSTOMER.contacts[0],
        subject="Invoice B-118",
        decision=Decision(action=Action.AMEND, reason=f"{PO} for B-118", changes=(PoChange(invoice="B-118", po=PO),), evidence=evidence),
        customer=CUSTOMER.name,
        before=Decision(action=Action.HOLD, reason="What is wanted is not understood"),
        letter=LetterText(recipient=CUSTOMER.contacts[0], subject="Re: Invoice B-118", enclosed=("B-118.pdf",), lines=("Hello,",)),
    )
    ignored = Decision(action=Action.IGNORE, reason="A newsletter or list mail")
    return full, Card(moment=None, sender="", subject="", decision=ignored)


def _applied() -> tuple[Applied, ...]:
    first = Applied(
        invoice="B-119",
        customer=CUSTOMER.name,
        old_po=None,
        new_po=PO,
        asked_by="m.doyle@harbour.example",
        applied_at=EVENING - timedelta(hours=7, minutes=13),
        subject="Re: Invoice B-119 cannot be processed",
        sent_at=EVENING - timedelta(hours=7, minutes=15),
        message_id="<c4a1.118@mail.harbour.example>",
    )
    return first, replace(first, invoice="B-104", old_po=OTHER_PO, message_id=None, sent_at=None, subject="")


def _waiting() -> tuple[Waiting, ...]:
    look = Waiting(
        needs=WaitingFor.LOOK,
        reason="Two purchase order numbers, and nothing says which is meant.",
        sender="Marta Doyle <m.doyle@harbour.example>",
        subject="PO for your invoice",
        received_at=EVENING - timedelta(hours=3),
        invoices=(WITHOUT_PO.number,),
        customer=CUSTOMER.name,
        message_id="<9a41@mail.harbour.example>",
    )
    reissue = replace(
        look, needs=WaitingFor.REISSUE, reason="The order is for 4,500.00; the invoice is over 4,800.00.", subject="Wrong amount on B-118"
    )
    return (
        look,
        reissue,
        replace(look, needs=WaitingFor.YES, reason="The mail gives the purchase order.", proposal=f"PO {PO} on B-118", customer=None),
    )


def _failures() -> tuple[Failure, ...]:
    mail = Failure(
        part=FailedPart.MAIL,
        reason="It could not be read in three tries.",
        party="scan@harbour.example",
        subject="Scan 17",
        at=EVENING - timedelta(hours=1),
    )
    letter = replace(
        mail, part=FailedPart.LETTER, reason="550 5.1.1 no such mailbox", party=CUSTOMER.contacts[0], subject="Re: Your invoice"
    )
    return mail, letter, replace(letter, part=FailedPart.UNKNOWN, reason="The line dropped after the letter was handed over.")
