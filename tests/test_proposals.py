"""The papers that leave: with the face that the invoice was issued with, and proven before they go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.edges.ledger.samples import behind_its_back
from tests.samples import NOW, gives_po, mail
from tests.servers.installations import Installation
from tests.test_handling import Clock, Office
from worker import config, shipped, wiring
from worker.config import Config
from worker.edges.documents import Documents
from worker.edges.ledger import Ledger
from worker.edges.pdfs import Reader
from worker.errors import NeedsAPerson
from worker.handling import Desk

ADDRESS = ("Old Lane 1", "Bath")


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    return config.load(Installation(folder=tmp_path, imap_port=1, smtp_port=1).config)


@pytest.fixture
def office(desk: Desk, settings: Config, tmp_path: Path) -> Iterator[Office]:
    clock = Clock()
    with wiring.ledger(settings) as ledger:
        office = Office(replace(desk, ledger=ledger, clock=clock), clock, tmp_path)
        office.import_books(address=ADDRESS, language="en")
        yield office


def said(office: Office, number: str, revision: int) -> str:
    """What the kept PDF of that revision says, on one line."""
    kept = office.ledger.document(number, revision)
    assert kept is not None
    return " ".join(office.desk.press.documents.reading(kept.content).text.split())


def test_an_amended_invoice_keeps_the_customer_that_it_was_issued_to(office: Office) -> None:
    office.import_books(name="Orchard Holding plc", address=["New Road 9", "Leeds"], language="de")
    office.handle(gives_po())

    for revision in (0, 1):
        page = said(office, "LS-1041", revision)
        assert "Orchard Foods Ltd" in page and "Old Lane 1" in page and "Due date" in page
        assert "Holding" not in page and "Leeds" not in page
    assert office.ledger.books().customer_by_id["orchard"].name == "Orchard Holding plc"


def test_an_invoice_amended_before_its_customer_moved_can_be_amended_again(office: Office) -> None:
    office.handle(gives_po())
    office.import_books(name="Orchard Holding plc", address=["New Road 9", "Leeds"])
    office.handle(mail("The correct PO for LS-1041 is 4500999999, not 4500123456.", message_id="<two@orchard.example>"))

    assert office.po("LS-1041") == "4500999999"
    assert "Old Lane 1" in said(office, "LS-1041", 2)


def test_an_amended_invoice_keeps_the_issuer_and_the_account_that_it_was_issued_with(office: Office, settings: Config) -> None:
    before = settings.identity
    moved = replace(before, name="Larkspur & Heirs", address=("Elsewhere 2",), payment=("Another bank",))
    with Ledger.open(settings.database, account=settings.account, now=NOW, issuer=moved) as ledger:
        office.desk = replace(office.desk, ledger=ledger)
        office.handle(gives_po())
        page = said(office, "LS-1041", 1)
    assert before.name in page
    assert "Heirs" not in page and "Elsewhere" not in page and "Another bank" not in page


def test_a_kept_pdf_that_was_changed_is_never_sent_again(office: Office, settings: Config) -> None:
    office.handle(gives_po())
    sent = len(office.letters())
    with behind_its_back(settings.database) as db:
        db.execute(text("UPDATE documents SET content = :forged WHERE revision = 1"), {"forged": b"%PDF forged"})
    office.handle(gives_po(message_id="<two@orchard.example>"))

    assert len(office.letters()) == sent
    [hold] = office.holds()
    assert "was changed in the database" in hold.decision.reason


def test_a_copy_that_was_never_amended_is_read_back_before_it_leaves(office: Office, tmp_path: Path) -> None:
    template = tmp_path / "own" / "invoice.typ"
    template.parent.mkdir()
    shown = (shipped.folder("templates") / "invoice.typ").read_text(encoding="utf-8")
    template.write_text(shown.replace("..invoice.facts.map", "..invoice.facts.slice(0, -1).map"), encoding="utf-8")
    with Reader() as reader:
        office.desk = replace(office.desk, press=replace(office.desk.press, documents=Documents(template, (), reader)))
        office.handle(gives_po("LS-1042", "4500000042"))

    assert office.letters() == []
    [hold] = office.holds()
    assert hold.decision.reason == "The PDF of invoice LS-1042 was not sent: purchase order 4500000042 is not on it."


def test_a_copy_of_another_total_is_refused(office: Office) -> None:
    office.handle(gives_po("LS-1042", "4500000042"))
    kept, invoice = office.ledger.document("LS-1042"), office.ledger.invoice("LS-1042")
    assert kept is not None and invoice is not None
    documents = office.desk.press.documents
    documents.prove_copy(kept.content, invoice=invoice)
    for wrong, told in (
        (replace(invoice, total=Decimal("1200.01")), "its total"),
        (replace(invoice, number="LS-1043"), "its number"),
        (replace(invoice, due_date=NOW.date()), "its due date"),
        (replace(invoice, po_number=None), r"purchase order \(none\)"),
    ):
        with pytest.raises(NeedsAPerson, match=f"was not sent: {told}"):
            documents.prove_copy(kept.content, invoice=wrong)
    with pytest.raises(NeedsAPerson, match="can not be read back"):
        documents.prove_copy(b"%PDF no more", invoice=invoice)
