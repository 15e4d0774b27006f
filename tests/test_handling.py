"""One mail from bytes to a recorded outcome, on a real ledger with real PDFs and letters."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message as Sealed
from pathlib import Path
from typing import Any

import pytest

from tests.samples import AP, BOOKS, MAILBOX, NOW, OWNER, asks_nothing, gives_po, mail
from tests.servers.installations import Installation
from worker import config, handling, wiring
from worker.core.invoices import Mode
from worker.core.outcomes import OutgoingLetter
from worker.edges import books, mime
from worker.edges.ledger import Arrival, Hold, Ledger
from worker.edges.pdfs import PdfReading
from worker.errors import NeedsAPerson, SetupError, TryAgainLater
from worker.handling import Desk
from worker.intake import PARTIAL
from worker.proposals import Terms
from worker.stops import Stop


class Clock:
    """A clock that goes on when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, span: timedelta) -> None:
        self.now += span


class Office:
    """A desk with a ledger, and a mailbox that mail is put into by hand."""

    def __init__(self, desk: Desk, clock: Clock, folder: Path) -> None:
        self.desk = desk
        self.clock = clock
        self._folder = folder
        self._uid = 0

    @property
    def ledger(self) -> Ledger:
        return self.desk.ledger

    def import_books(self, **customer: Any) -> None:
        """The sample books, the first customer changed as told."""
        told = {**BOOKS, "customers": [{**BOOKS["customers"][0], **customer}, *BOOKS["customers"][1:]]}
        path = self._folder / "books.json"
        path.write_text(json.dumps(told))
        assert self.ledger.import_books(books.read_books([path])).imported

    def receive(self, raw: bytes) -> int:
        self._uid += 1
        identity = mime.identity(raw)
        arrival = Arrival(
            folder="INBOX",
            uidvalidity=1,
            uid=self._uid,
            raw=raw,
            received_at=NOW,
            message_id=identity.message_id,
            content_hash=identity.content_hash,
        )
        [number] = self.ledger.receive([arrival], None, now=self.clock())
        return number

    def handle(self, raw: bytes) -> None:
        handling.handle(self.receive(raw), self.desk)

    def terms(self, **changes: Any) -> None:
        self.desk = replace(self.desk, terms=replace(self.desk.terms, **changes))

    def po(self, number: str) -> str | None:
        invoice = self.ledger.invoice(number)
        assert invoice is not None
        return invoice.po_number

    def letters(self) -> list[OutgoingLetter]:
        return [queued.letter for queued in self.ledger.due_letters(self.clock() + timedelta(days=1), 100)]

    def holds(self) -> list[Hold]:
        return self.ledger.holds()

    def counts(self) -> dict[str, int]:
        tally = self.ledger.digest_facts(NOW - timedelta(days=1), self.clock()).tally
        return {name: count for name in tally.__slots__ if (count := getattr(tally, name)) and name != "seen"}


@pytest.fixture
def office(desk: Desk, tmp_path: Path) -> Iterator[Office]:
    clock = Clock()
    settings = config.load(Installation(folder=tmp_path, imap_port=1, smtp_port=1).config)
    with wiring.ledger(settings) as ledger:
        office = Office(replace(desk, ledger=ledger, clock=clock), clock, tmp_path)
        office.import_books()
        yield office


def headers_alone() -> bytes:
    """What is fetched of a large mail; its headers name no invoice."""
    raw = mail("Please put PO 4500123456 on invoice LS-1041.", subject="Documents for you")
    return raw[: raw.index(b"\r\n\r\n") + 4]


def sealed(letter: OutgoingLetter) -> Sealed:
    return message_from_bytes(letter.content)


def test_a_po_given_becomes_an_amendment_with_its_documents_and_a_letter_in_one_go(office: Office) -> None:
    office.handle(gives_po())

    assert office.po("LS-1041") == "4500123456"
    [entry] = office.ledger.history("LS-1041")
    assert (entry.old_po, entry.new_po, entry.requested_by, entry.applied_by) == (None, "4500123456", AP, "addendum")
    issued, amended = office.ledger.document("LS-1041", 0), office.ledger.document("LS-1041", 1)
    assert issued is not None
    assert amended is not None
    assert (entry.old_sha256, entry.new_sha256) == (issued.sha256, amended.sha256)
    [letter] = office.letters()
    reply = sealed(letter)
    assert (letter.recipient, letter.sender, letter.kind) == (AP, MAILBOX, "amend")
    assert reply["In-Reply-To"] == "<one@orchard.example>"
    assert reply["Auto-Submitted"] is None
    [pdf] = [part.get_payload(decode=True) for part in reply.walk() if part.get_content_type() == "application/pdf"]
    assert pdf == amended.content
    assert office.counts() == {"amended": 1}


def test_the_same_mail_handled_twice_has_one_effect(office: Office) -> None:
    number = office.receive(gives_po())
    handling.handle(number, office.desk)
    handling.handle(number, office.desk)

    assert len(office.ledger.history("LS-1041")) == 1
    assert len(office.letters()) == 1


def test_a_second_correction_goes_on_from_the_first(office: Office) -> None:
    office.handle(gives_po())
    correct = mail("The correct PO for LS-1041 is 4500999999, not 4500123456.", message_id="<two@orchard.example>")
    office.handle(correct)

    assert [(entry.old_po, entry.new_po, entry.revision) for entry in office.ledger.history("LS-1041")] == [
        (None, "4500123456", 1),
        ("4500123456", "4500999999", 2),
    ]
    before, after = office.ledger.history("LS-1041")
    assert before.new_sha256 == after.old_sha256


def test_a_po_that_is_there_already_is_sent_again_and_changes_nothing(office: Office) -> None:
    office.handle(gives_po("LS-1042", "4500000042"))

    assert office.ledger.history("LS-1042") == []
    [letter] = office.letters()
    assert letter.kind == "resend"
    assert [part.get_filename() for part in sealed(letter).walk() if part.get_filename()] == ["LS-1042.pdf"]


def test_a_rejection_without_a_po_is_answered_with_the_question(office: Office) -> None:
    office.handle(mail("We reject invoice LS-1041 because the purchase order number is missing on it."))

    [letter] = office.letters()
    assert (letter.kind, sealed(letter)["Auto-Submitted"]) == ("ask", "auto-replied")
    assert office.po("LS-1041") is None


def test_a_paid_invoice_is_a_hold_and_nobody_is_written_to(office: Office) -> None:
    office.handle(gives_po("LS-1043"))

    assert office.letters() == []
    assert [hold.kind for hold in office.holds()] == ["hold"]


def test_an_unproven_sender_changes_nothing_and_gets_no_answer(office: Office) -> None:
    office.handle(mail("Please put PO 4500123456 on invoice LS-1041.", proven=False))

    assert office.po("LS-1041") is None
    assert office.letters() == []
    assert office.counts() == {"held": 1}


def test_mail_that_is_none_of_our_business_is_counted_and_left(office: Office) -> None:
    office.handle(asks_nothing())
    assert office.counts() == {"ignored": 1}


def test_observe_shows_what_would_be_done_and_does_nothing(office: Office) -> None:
    office.terms(mode=Mode.OBSERVE)
    office.handle(gives_po())

    assert office.po("LS-1041") is None
    assert office.letters() == []
    [hold] = office.holds()
    assert "Would amend LS-1041: 4500123456" in hold.decision.reason


def test_suggest_prepares_everything_and_waits_for_a_yes(office: Office) -> None:
    office.terms(mode=Mode.SUGGEST)
    office.handle(gives_po())

    assert office.po("LS-1041") is None
    assert office.letters() == []
    [hold] = office.holds()
    assert hold.kind == "suggested"
    prepared = office.ledger.held_outcome(hold.id)
    assert [amendment.new_po for amendment in prepared.amendments] == ["4500123456"]
    assert [letter.recipient for letter in prepared.letters] == [AP]


def test_a_customers_own_mode_goes_before_the_accounts(office: Office) -> None:
    decided = books.read_books([office._folder / "books.json"])
    customer = replace(decided.customers[0], mode=Mode.OBSERVE)
    office.ledger.import_books(replace(decided, customers=(customer, *decided.customers[1:])))
    office.handle(gives_po())
    assert office.po("LS-1041") is None


def test_letters_can_be_held_back_so_that_a_person_may_stop_them(office: Office) -> None:
    office.terms(hold_back=timedelta(minutes=10))
    office.handle(gives_po())

    assert office.ledger.due_letters(NOW + timedelta(minutes=9), 10) == []
    assert len(office.ledger.due_letters(NOW + timedelta(minutes=10), 10)) == 1


def test_a_message_id_seen_before_with_other_content_is_looked_at_by_a_person(office: Office) -> None:
    office.handle(gives_po())
    office.handle(gives_po("LS-1041", "4500777777"))

    assert office.po("LS-1041") == "4500123456"
    [hold] = office.holds()
    assert "same Message-ID" in hold.decision.reason


def test_a_mail_that_could_not_be_fetched_whole_is_looked_at_by_a_person(office: Office) -> None:
    office.handle(PARTIAL + b"larger than 40 MB\r\n" + headers_alone())

    assert office.counts() == {"held": 1}
    assert "only its headers" in office.holds()[0].decision.reason


def test_a_mail_of_which_nothing_at_all_could_be_fetched_is_looked_at_by_a_person(office: Office) -> None:
    office.handle(PARTIAL + b"the server gave none of it\r\n")
    assert office.counts() == {"held": 1}


def test_a_reply_to_an_address_that_is_not_on_file_is_never_written(office: Office) -> None:
    incoming = office.ledger.begin(office.receive(gives_po()), now=NOW)
    assert incoming is not None
    case = handling._gather(incoming, office.desk)
    decision = replace(handling._decide(incoming, case, office.desk), reply_to="ap@orchard.example.evil.example")

    outcome = handling._prepare(decision, case, office.desk)

    assert outcome.letters == ()
    assert outcome.amendments == ()
    assert outcome.decision.reason == "The reply would go to ap@orchard.example.evil.example, which is not on file for Orchard Foods Ltd."


def test_a_pdf_that_reads_otherwise_than_it_must_does_not_leave(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    render = office.desk.press.documents.render

    def careless(invoice: Any, **rest: Any) -> bytes:
        return render(replace(invoice, total=invoice.total + invoice.revision, lines=()), **rest)

    monkeypatch.setattr(office.desk.press.documents, "render", careless)
    office.handle(gives_po())

    assert office.po("LS-1041") is None
    assert office.letters() == []
    assert len(office.holds()) == 1


def test_a_mail_that_takes_too_long_is_tried_three_times_and_then_parked(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        time.sleep(5)

    monkeypatch.setattr(mime, "parse", slow)
    office.desk = replace(office.desk, longest=timedelta(seconds=0.05))
    number = office.receive(gives_po())
    for _ in range(3):
        assert office.ledger.waiting(office.clock()) == [number]
        handling.handle(number, office.desk)
        office.clock.wait(timedelta(minutes=10))

    assert office.ledger.waiting(office.clock()) == []
    assert office.counts() == {"failed": 1}
    [failure] = office.ledger.digest_facts(NOW - timedelta(days=1), office.clock()).failures
    assert "longer than" in failure.reason


def test_a_bug_met_by_one_mail_is_told_without_its_text_and_the_next_mail_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = mime.parse

    def picky(raw: bytes, **rest: Any) -> Any:
        if b"LS-1041" in raw:
            raise KeyError("4500123456 of a customer")
        return parse(raw, **rest)

    monkeypatch.setattr(mime, "parse", picky)
    office.handle(gives_po())
    office.handle(gives_po("LS-1042", "4500000042", message_id="<two@orchard.example>"))
    office.clock.wait(timedelta(minutes=10))
    monkeypatch.undo()
    for number in office.ledger.waiting(office.clock()):
        handling.handle(number, office.desk)

    assert office.po("LS-1041") == "4500123456"
    assert office.counts() == {"amended": 1, "resent": 1}


def test_what_is_wrong_with_the_set_up_is_told_and_is_never_the_mails_failure(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: bytes) -> PdfReading:
        raise SetupError("The process that reads PDFs does not run.")

    number = office.receive(gives_po())
    with monkeypatch.context() as patch:
        patch.setattr(office.desk.press.documents, "reading", broken)
        for _ in range(5):
            assert office.ledger.waiting(office.clock()) == [number]
            with pytest.raises(SetupError, match="does not run"):
                handling.handle(number, office.desk)
            office.clock.wait(timedelta(hours=1))
    handling.handle(number, office.desk)

    assert office.po("LS-1041") == "4500123456"
    assert office.counts() == {"amended": 1}


def test_a_full_disk_is_never_the_mails_failure(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> bool:
        raise TryAgainLater("The disk with the database is full; free some space, nothing was lost.")

    number = office.receive(gives_po())
    with monkeypatch.context() as patch:
        patch.setattr(office.ledger, "record", full)
        for _ in range(5):
            with pytest.raises(TryAgainLater, match="disk"):
                handling.handle(number, office.desk)
    office.clock.wait(timedelta(hours=1))
    assert office.ledger.waiting(office.clock()) == [number]
    handling.handle(number, office.desk)

    assert office.po("LS-1041") == "4500123456"


def test_a_mail_that_a_stop_cuts_off_is_begun_anew_at_the_next_start(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def hanging(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    number = office.receive(gives_po())
    with monkeypatch.context() as patch:
        patch.setattr(mime, "parse", hanging)
        for _ in range(4):
            with Stop(grace=0.05):
                handling.handle(number, office.desk)
    assert office.ledger.waiting(office.clock()) == [number]
    handling.handle(number, office.desk)

    assert office.po("LS-1041") == "4500123456"


def test_a_mail_that_a_stop_cuts_off_while_it_is_recorded_is_begun_anew_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> bool:
        raise SystemExit(0)

    number = office.receive(gives_po())
    monkeypatch.setattr(office.ledger, "record", stopped)
    for _ in range(4):
        with pytest.raises(SystemExit):
            handling.handle(number, office.desk)
    assert office.ledger.waiting(office.clock()) == [number]


def test_an_invoice_that_was_paid_meanwhile_makes_the_mail_a_hold(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    record = office.ledger.record
    refusals = iter([NeedsAPerson("Invoice LS-1041 has changed meanwhile.")])

    def refusing_once(outcome: Any, *, now: datetime) -> bool:
        for refusal in refusals:
            raise refusal
        return record(outcome, now=now)

    monkeypatch.setattr(office.ledger, "record", refusing_once)
    office.handle(gives_po())

    assert office.po("LS-1041") is None
    assert [hold.decision.reason for hold in office.holds()] == ["Invoice LS-1041 has changed meanwhile."]


def test_a_standing_po_is_kept_for_the_customer(office: Office) -> None:
    office.handle(mail("Please use PO 4500555555 for all future invoices.", subject="Standing purchase order"))

    customer = office.ledger.books().customer_by_id["orchard"]
    assert customer.standing_po == "4500555555"
    assert [letter.kind for letter in office.letters()] == ["remember"]


def test_a_note_of_the_issuers_own_is_an_instruction_answered_to_the_customer(office: Office) -> None:
    office.handle(mail("put PO 4500123456 on LS-1041", subject="PO", sender=OWNER))

    assert office.po("LS-1041") == "4500123456"
    [letter] = office.letters()
    assert letter.recipient == AP
    assert "<one@orchard.example>" not in letter.content.decode()


def test_a_terms_default_is_to_observe() -> None:
    assert Terms.__dataclass_fields__["mode"].default is Mode.OBSERVE
