"""Who speaks in a mail, for whom, and where a reply may go: nothing ever to a stranger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core.samples import (
    AP,
    AUTHSERV,
    BOOKS,
    ISSUER,
    JUNE,
    LIDO,
    MAILBOX,
    PO,
    TANNERY,
    books,
    decide,
    mail,
    paper,
    passes,
    rulebook,
    told,
)
from worker.core import directories, forwards, senders
from worker.core.decisions import Action
from worker.core.invoices import Books, Customer
from worker.core.messages import Address, Message
from worker.core.senders import Kind, Speaker

GIVES = f"Hello,\n\nplease add PO {PO} to invoice FD-3001 and send it again.\n\nThank you"
CHANGE = [["FD-3001", PO]]


def speaker(message: Message, known: Books = BOOKS) -> Speaker:
    return senders.identify(message, known, rulebook())


# Customers


@pytest.mark.parametrize(
    "sender", [AP, "someone.else@tannery.example", "x@mail.eu.tannery.example", "buyer@tannery-group.example", "AP@Tannery.Example".lower()]
)
def test_a_contact_or_an_authenticated_address_in_the_customers_domain_or_a_subdomain_speaks_for_it(sender: str) -> None:
    assert told(decide(GIVES, sender=sender)) == (Action.AMEND, CHANGE, sender)


@pytest.mark.parametrize(
    "sender",
    [
        "ap@tannery.example.evil.example",
        "ap@xtannery.example",
        "ap@tannery-example.example",
        "ap@tanneryexample",
        "ap@example",
        "ap@tannery-group.example",
        "ap@tann\u0435ry.example",
        "ap@tannery.exampl\u0435",
        "ap@tannery.example@evil.example",
        '"ap@tannery.example"@evil.example',
        "ap.tannery.example@evil.example",
        "ap@.tannery.example.",
    ],
)
def test_a_lookalike_is_a_stranger_and_naming_an_invoice_makes_it_wait(sender: str) -> None:
    decision = decide(GIVES, sender=sender)
    assert told(decision) == (Action.HOLD, [], None)


def test_an_authenticated_contact_speaks_though_its_domain_is_not_listed_but_its_neighbour_does_not() -> None:
    assert decide(GIVES, sender="buyer@tannery-group.example").action is Action.AMEND
    assert decide(GIVES, sender="other@tannery-group.example").action is Action.HOLD


def test_a_display_name_proves_nothing() -> None:
    for name in (AP, "Tannery Works GmbH", f"{AP} <{AP}>", MAILBOX):
        message = replace(mail(GIVES, sender="x@evil.example"), froms=(Address("x@evil.example", name),))
        assert decide(message).action is Action.HOLD
        assert speaker(message).kind is Kind.STRANGER


@pytest.mark.parametrize(
    "proof", [(), (passes(AP, "fail"),), (passes(AP, "none"),), (passes("x@evil.example"),), (passes(AP, authserv="x.example"),)]
)
def test_an_unproven_sender_of_a_known_matter_waits_and_of_any_other_is_ignored(proof: tuple[tuple[str, str], ...]) -> None:
    assert decide(GIVES, proof=proof).action is Action.HOLD
    assert decide(GIVES, sender="x@elsewhere.example", proof=proof).action is Action.HOLD
    assert decide("We sell shoes at half the price today.", sender="x@elsewhere.example", proof=proof).action is Action.IGNORE


def test_an_unproven_stranger_who_names_a_customer_in_an_ap_matter_waits() -> None:
    text = "Tannery Works rejected the invoice because no PO number is shown on it."
    assert decide(text, sender="x@elsewhere.example", proof=()).action is Action.HOLD
    assert decide(text, sender="x@elsewhere.example").action is Action.HOLD
    assert decide("Tannery Works is a nice place.", sender="x@elsewhere.example").action is Action.IGNORE


def test_two_from_headers_or_two_from_addresses_wait() -> None:
    message = mail(GIVES)
    assert decide(replace(message, from_headers=2)).action is Action.HOLD
    assert decide(replace(message, froms=(Address(AP), Address("x@evil.example")))).action is Action.HOLD
    assert decide(replace(mail("Our autumn offers"), from_headers=2)).action is Action.HOLD
    assert decide(replace(mail("Our autumn offers"), from_headers=0, froms=())).action is Action.IGNORE
    assert decide(replace(message, from_headers=0, froms=())).action is Action.HOLD


def test_an_address_in_two_customers_domains_speaks_for_neither() -> None:
    twin = Customer(id="twin", name="Twin Tannery", contacts=("ap@twin.example",), domains=("tannery.example",))
    known = replace(BOOKS, customers=(*BOOKS.customers, twin))
    assert known.directory.owner("x@tannery.example") is None
    assert known.directory.owner(AP) == TANNERY
    assert decide(GIVES, known, sender="x@tannery.example").action is Action.HOLD
    assert decide(GIVES, known, sender=AP).action is Action.AMEND


# Networks


def test_a_network_speaks_for_a_customer_that_lists_it_and_the_reply_goes_to_the_first_contact() -> None:
    text = f"Tannery Works GmbH has disputed invoice FD-3001.\nComment: please add PO number {PO}."
    for reply_to in ((), ("reply+x@evil.example",), ("no-reply@coupahost.com",)):
        decision = decide(text, sender="do_not_reply@tannery.coupahost.com", reply_to=reply_to)
        assert told(decision) == (Action.AMEND, CHANGE, AP)


def test_a_network_that_the_customer_does_not_list_is_a_stranger() -> None:
    text = f"Tannery Works GmbH has disputed invoice FD-3001.\nComment: please add PO number {PO}."
    assert decide(text, sender="noreply@basware.com").action is Action.HOLD
    assert decide(text, sender="noreply@coupahost.com", headers=(("auto-submitted", "auto-generated"),)).action is Action.AMEND
    assert decide(text, sender="noreply@basware.com", headers=(("auto-submitted", "auto-generated"),)).action is Action.HOLD
    assert (
        decide(text.replace("FD-3001", "FD-4001").replace("Tannery Works GmbH", "Lido Baths"), sender="noreply@ariba.com").action
        is Action.HOLD
    )


@pytest.mark.parametrize("sender", ["x@ariba.com.evil.example", "x@coupahost.com.example", "x@evilariba.com", "x@coupahost.co"])
def test_a_network_lookalike_is_a_stranger(sender: str) -> None:
    assert decide(f"Tannery Works GmbH: add PO {PO} to FD-3001.", sender=sender).action is Action.HOLD


def test_an_unproven_network_waits() -> None:
    assert decide(f"Tannery Works GmbH: add PO {PO} to FD-3001.", sender="x@ariba.com", proof=()).action is Action.HOLD


# Replies


@pytest.mark.parametrize(
    ("reply_to", "expected"),
    [
        ((), (Action.AMEND, AP)),
        (("clerk@tannery.example",), (Action.AMEND, "clerk@tannery.example")),
        (("buyer@tannery-group.example",), (Action.AMEND, "buyer@tannery-group.example")),
        (("x@evil.example",), (Action.HOLD, None)),
        (("clerk@tannery.example", "x@evil.example"), (Action.HOLD, None)),
        (("x@tannery.example.evil.example",), (Action.HOLD, None)),
        (("office@lido.example",), (Action.HOLD, None)),
        ((MAILBOX,), (Action.HOLD, None)),
        (("no-reply@tannery.example",), (Action.AMEND, AP)),
    ],
)
def test_a_reply_goes_to_the_reply_to_only_where_it_is_the_customers(
    reply_to: tuple[str, ...], expected: tuple[Action, str | None]
) -> None:
    decision = decide(GIVES, sender=AP, reply_to=reply_to)
    assert (decision.action, decision.reply_to) == expected


@pytest.mark.parametrize(
    "local",
    [
        "noreply",
        "no-reply",
        "no_reply",
        "do-not-reply",
        "donotreply",
        "no-responder",
        "invoices-noreply",
        "keine-antwort",
        "nicht-antworten",
        "ne-pas-repondre",
        "nepasrepondre",
        "non-rispondere",
        "no-responda",
        "niet-beantwoorden",
        "nao-responder",
        "svara-inte",
        "nie-odpowiadac",
    ],
)
def test_no_reply_mailboxes_get_no_letter_the_first_contact_does(local: str) -> None:
    assert told(decide(GIVES, sender=f"{local}@tannery.example")) == (Action.AMEND, CHANGE, AP)


def test_a_system_mailbox_takes_the_reply_itself() -> None:
    decision = decide(GIVES, sender="workflow@tannery.example", headers=(("auto-submitted", "auto-generated"),))
    assert told(decision) == (Action.AMEND, CHANGE, "workflow@tannery.example")


def test_without_an_address_on_file_nothing_is_sent() -> None:
    known = books(contacts=())
    decision = decide(f"Tannery Works GmbH rejected FD-3001: please add PO {PO}.", known, sender="x@ariba.com")
    assert told(decision) == (Action.HOLD, [], None)
    assert "no address on file" in decision.reason


# The issuer


def test_a_plain_note_of_the_issuer_to_the_mailbox_is_an_instruction_and_the_customer_gets_the_reply() -> None:
    assert told(decide(f"put {PO} on FD-3001", sender=JUNE)) == (Action.AMEND, CHANGE, AP)
    assert told(decide(f"put {PO} on FD-3001", sender=MAILBOX)) == (Action.AMEND, CHANGE, AP)


@pytest.mark.parametrize("proof", [(), (passes(JUNE, "fail"),), (passes("x@evil.example"),)])
def test_the_issuer_itself_must_be_proven(proof: tuple[tuple[str, str], ...]) -> None:
    assert decide(f"put {PO} on FD-3001", sender=JUNE, proof=proof).action is Action.HOLD
    assert decide(forwarded(), sender=JUNE, subject="Fwd: FD-3001", proof=proof).action is Action.HOLD


def test_a_neighbour_in_the_issuers_domain_is_no_issuer() -> None:
    assert decide(f"put {PO} on FD-3001", sender="stranger@fernhill.example").action is Action.HOLD
    assert decide(f"put {PO} on FD-3001", sender="june.hale@x.fernhill.example").action is Action.HOLD


@pytest.mark.parametrize(
    "to",
    [(AP,), (MAILBOX, AP), ("clerk@tannery.example", MAILBOX), (JUNE,), (), ("someone@elsewhere.example",)],
    ids=lambda to: " ".join(to) or "nobody",
)
def test_a_mail_of_the_issuer_to_a_customer_or_past_the_mailbox_is_its_own_copy(to: tuple[str, ...]) -> None:
    assert decide(f"Here is FD-3001 with PO {PO}", sender=JUNE, to=to).action is Action.IGNORE
    copied = replace(mail(f"Here is FD-3001 with PO {PO}", sender=JUNE), cc=(Address(AP),))
    assert decide(copied).action is Action.IGNORE


# Forwards


def forwarded(author: str = AP, text: str = GIVES, note: str = "", name: str = "") -> str:
    return (
        f"{note}\n\n---------- Forwarded message ---------\nFrom: {name} <{author}>\nDate: Mon, 2 Nov 2026 at 10:00\n"
        f"Subject: FD-3001\nTo: <{MAILBOX}>\n\n{text}"
    )


def test_a_forward_is_read_as_the_inner_mail_and_answered_to_its_sender_where_that_is_the_customers() -> None:
    decision = decide(forwarded(), sender=JUNE, subject="Fwd: FD-3001")
    assert told(decision) == (Action.AMEND, CHANGE, AP)
    assert decision.requested_by == f"{AP}, forwarded by {JUNE}"
    assert told(decide(forwarded("clerk@tannery.example"), sender=JUNE, subject="Fwd: FD-3001")) == (
        Action.AMEND,
        CHANGE,
        "clerk@tannery.example",
    )


@pytest.mark.parametrize("author", ["x@elsewhere.example", "clerk@tannery.example.evil.example", "office@freelance.example"])
def test_the_issuer_vouches_for_an_unknown_inner_sender_but_the_letter_goes_to_the_first_contact(author: str) -> None:
    assert told(decide(forwarded(author), sender=JUNE, subject="Fwd: FD-3001")) == (Action.AMEND, CHANGE, AP)


def test_an_inner_no_reply_sender_gets_no_letter() -> None:
    assert decide(forwarded("noreply@tannery.example"), sender=JUNE, subject="Fwd: x").reply_to == AP


def test_a_forward_that_shows_no_address_is_answered_to_the_first_contact() -> None:
    text = f"\n\n-----Original Message-----\nFrom: Accounts Payable\nSent: Monday\nTo: Billing\nSubject: FD-3001\n\n{GIVES}"
    assert told(decide(text, sender=JUNE, subject="FW: FD-3001")) == (Action.AMEND, CHANGE, AP)


def test_a_forward_of_a_forward_is_read_down_to_the_first_outside_sender() -> None:
    inner = forwarded()
    outer = (
        f"fyi\n\n---------- Forwarded message ---------\nFrom: Billing <{MAILBOX}>\nDate: Tue, 3 Nov 2026\n"
        f"Subject: Fwd: FD-3001\nTo: <{JUNE}>\n{inner}"
    )
    assert told(decide(outer, sender=JUNE, subject="Fwd: Fwd: FD-3001")) == (Action.AMEND, CHANGE, AP)


def test_an_attached_mail_is_the_inner_mail_however_deep_our_own_forwards_go() -> None:
    inner = mail(GIVES, subject="FD-3001", proof=())
    own = mail("see attached", sender=MAILBOX, nested=(inner,), proof=())
    for nested in ((inner,), (own,)):
        assert told(decide("please handle", sender=JUNE, nested=nested)) == (Action.AMEND, CHANGE, AP)


def test_mails_nested_without_end_are_not_followed() -> None:
    inner = mail(GIVES, subject="FD-3001")
    for _ in range(8):
        inner = mail("", sender=MAILBOX, nested=(inner,))
    assert forwards.unwrap(mail("", sender=JUNE, nested=(inner,)), ISSUER) is None


def test_the_issuers_note_above_a_forward_beats_what_is_forwarded() -> None:
    decision = decide(forwarded(note="they mean FD-3002, and the PO is 4500555555"), sender=JUNE, subject="Fwd: FD-3001")
    assert decision.as_pairs() == [["FD-3002", "4500555555"]]


def test_a_stranger_can_not_speak_by_forwarding_the_customer() -> None:
    assert decide(forwarded(), sender="x@evil.example", subject="Fwd: FD-3001").action is Action.HOLD
    assert decide("see attached", sender="x@evil.example", nested=(mail(GIVES),)).action is Action.HOLD


def test_a_forward_that_names_nobody_waits_in_an_ap_matter_and_is_ignored_else() -> None:
    asks = "We can not pay your invoice: no purchase order number is shown on it. Please resubmit."
    for text, action in ((asks, Action.HOLD), ("Lunch on Friday with everybody?", Action.IGNORE)):
        assert (
            decide(forwarded("x@elsewhere.example", text).replace("FD-3001", "hello"), sender=JUNE, subject="Fwd: hello").action is action
        )


def test_a_forwarded_network_mail_is_answered_to_the_first_contact() -> None:
    text = f"Tannery Works GmbH disputed invoice FD-3001: add PO {PO}"
    assert told(decide(forwarded("noreply@coupahost.com", text), sender=JUNE, subject="Fwd: x")) == (Action.AMEND, CHANGE, AP)


def test_our_own_people_are_known_by_name_where_a_quote_shows_no_address() -> None:
    assert forwards.ours(Address("", "June Hale"), ISSUER)
    assert forwards.ours(Address("", "Hale, June"), ISSUER)
    assert forwards.ours(Address(JUNE), ISSUER)
    assert not forwards.ours(Address("", "Otto Krause"), ISSUER)
    assert not forwards.ours(Address("june.hale@evil.example", "June Hale"), ISSUER)
    assert not forwards.ours(None, ISSUER)


# Words for people


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Tannery Works GmbH", "Tannery Works has refused", True),
        ("Tannery Works GmbH", "TANNERY  WORKS\nGMBH", True),
        ("Tannery Works GmbH", "the tannery-works refused", True),
        ("Tannery Works GmbH", "Tannery Worksmith", False),
        ("Tannery Works GmbH", "the Tannery", False),
        ("Quarry & Daughters Inc.", "Quarry & Daughters says no", True),
        ("Quarry & Daughters Inc.", "Quarry and Daughters says no", False),
        ("Lido Baths plc", "Ｌｉｄｏ Baths PLC", True),
        ("Oy AB", "ab oy", False),
    ],
)
def test_a_company_is_named_with_or_without_its_legal_form(name: str, text: str, expected: bool) -> None:
    assert directories.named(text, name) is expected


def test_a_speaker_prints_as_a_person_would_say_it() -> None:
    assert str(speaker(mail("x"))) == f"{AP}, customer for {TANNERY.name}"
    assert str(speaker(mail("x", sender="a@ariba.com"))) == "a@ariba.com (network ariba), network"
    assert str(speaker(Message())) == "unknown, nobody (no single From address)"


def test_the_decision_says_who_spoke_and_how_that_was_proven() -> None:
    evidence = decide(GIVES).evidence
    assert (evidence.speaker, evidence.proof) == (f"{AP}, customer for {TANNERY.name}", f"{AUTHSERV} says dmarc=pass for tannery.example")


def test_a_customer_can_not_speak_of_anothers_invoice() -> None:
    assert decide(f"Please add PO {PO} to FD-4001.").action is Action.HOLD
    assert decide(f"Please add PO {PO} to FD-3001 and FD-4001.").action is Action.HOLD
    assert decide("Please add PO 77-123 to FD-4001.", sender=LIDO.contacts[0]).as_pairs() == [["FD-4001", "77-123"]]


@pytest.mark.parametrize("how", [{"attachments": (paper(None, "x.pdf"),)}, {"part_types": ("text/plain", "application/octet-stream")}])
def test_a_broken_second_attachment_changes_nothing(how: dict[str, Any]) -> None:
    assert told(decide(GIVES, **how)) == (Action.AMEND, CHANGE, AP)
