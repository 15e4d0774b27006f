"""The audit trail: it only grows, and whatever is done to it behind the ledger's back shows."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.edges.ledger.samples import NOW, amending, behind_its_back, document, plain_outcome, take_in, without_triggers
from worker.core.decisions import Action
from worker.edges.ledger import Ledger
from worker.errors import NeedsAPerson


@pytest.fixture
def written(stocked: Ledger) -> Ledger:
    """A ledger with four entries: three on one invoice, one on another."""
    one, two, three, four = take_in(stocked, 1, 2, 3, 4)
    stocked.record(amending(stocked, one, "4500000001"), now=NOW)
    stocked.record(amending(stocked, two, "4500000002"), now=NOW)
    stocked.record(amending(stocked, three, "4500000003", number="LD-7002"), now=NOW)
    stocked.record(amending(stocked, four, "4500000004"), now=NOW)
    return stocked


def test_a_trail_as_written_is_sound(written: Ledger) -> None:
    assert written.verify_chain() == []
    entries = [*written.history("LD-7001"), *written.history("LD-7002")]
    assert sorted(entry.sequence for entry in entries) == [1, 2, 3, 4]
    assert len({entry.hash for entry in entries}) == 4


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE amendments SET new_po = '666' WHERE sequence = 1",
        "DELETE FROM amendments WHERE sequence = 4",
        "DELETE FROM amendments",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove_an_entry(written: Ledger, url: str, change: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), behind_its_back(url) as db:
        db.execute(text(change))
    assert written.verify_chain() == []


def test_the_trail_can_not_be_emptied_at_one_blow(written: Ledger, url: str) -> None:
    blow = "DELETE FROM amendments" if url.startswith("sqlite") else "TRUNCATE amendments"
    with pytest.raises(DBAPIError, match="append-only"), behind_its_back(url) as db:
        db.execute(text(blow))
    assert written.verify_chain() == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # PostgreSQL knows no REPLACE
@pytest.mark.parametrize(
    "key", ["id, sequence, invoice", "2, 5, NULL", "NULL, 2, NULL", "NULL, 5, invoice"], ids=["all", "id", "sequence", "revision"]
)
def test_no_entry_is_written_over_by_one_of_the_same_key(written: Ledger, url: str, key: str) -> None:
    others = "account, revision, kind, customer, new_po, requested_by, applied_by, applied_at, reason, evidence, previous_hash, hash"
    replacing = f"REPLACE INTO amendments (id, sequence, invoice, {others}) SELECT {key}, {others} FROM amendments WHERE sequence = 2"  # noqa: S608 - constants
    with pytest.raises(DBAPIError, match="append-only"), behind_its_back(url) as db:
        db.execute(text(replacing))
    assert written.verify_chain() == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # PostgreSQL need not be told
def test_the_ledgers_own_connections_ask_the_triggers_on_delete_too(ledger: Ledger) -> None:
    for engine in (ledger._store.writer, ledger._store.counter, ledger._store.reader):
        with engine.connect() as db:
            assert db.execute(text("PRAGMA recursive_triggers")).scalar_one() == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("new_po", "'666'"),
        ("requested_by", "'nobody'"),
        ("evidence", "'[]'"),
        ("old_sha256", "NULL"),
        ("applied_at", "'2020-01-01 00:00:00'"),
    ],
)
def test_an_edited_entry_shows(written: Ledger, url: str, column: str, value: str) -> None:
    with without_triggers(url) as db:
        db.execute(text(f"UPDATE amendments SET {column} = {value} WHERE sequence = 1"))  # noqa: S608 - of the parameters above
    assert written.verify_chain() == ["Audit entry 1 (LD-7001) was changed after it was written."]


def test_a_removed_entry_shows(written: Ledger, url: str) -> None:
    with without_triggers(url) as db:
        db.execute(text("DELETE FROM amendments WHERE sequence = 2"))
    assert written.verify_chain() == ["Audit entry 3 (LD-7002) comes after entry 1: entries were removed, added or moved."]


def test_a_removed_last_entry_shows_in_the_trail_and_in_the_invoice(written: Ledger, url: str) -> None:
    with without_triggers(url) as db:
        db.execute(text("DELETE FROM amendments WHERE sequence = 4"))
    ended, disagreeing = written.verify_chain()
    assert "ends with entry 3, but 4 were written" in ended
    assert disagreeing == "Invoice LD-7001 is at revision 3, but its last audit entry made revision 2."


def test_an_added_entry_shows(written: Ledger, url: str) -> None:
    with without_triggers(url) as db:
        columns = "account, kind, customer, new_po, requested_by, applied_by, applied_at, reason, evidence, previous_hash, hash"
        forged = f"INSERT INTO amendments (sequence, {columns}) SELECT 5, {columns} FROM amendments WHERE sequence = 3"  # noqa: S608 - constants
        db.execute(text(forged))
    problems = written.verify_chain()
    assert any(problem.startswith("Audit entry 5") for problem in problems)
    assert any("ends with entry 5, but 4 were written" in problem for problem in problems)


def test_two_entries_that_changed_places_show(written: Ledger, url: str) -> None:
    with without_triggers(url) as db:
        for old, new in ((2, 90), (3, 2), (90, 3)):
            db.execute(text(f"UPDATE amendments SET sequence = {new} WHERE sequence = {old}"))  # noqa: S608 - of the numbers above
    assert len(written.verify_chain()) >= 2


def test_an_invoice_changed_past_the_trail_shows(written: Ledger, url: str) -> None:
    with behind_its_back(url) as db:
        db.execute(text("UPDATE invoices SET po_number = '666' WHERE number = 'LD-7002'"))
    assert written.verify_chain() == ["Invoice LD-7002 shows purchase order 666, but its last audit entry gave it 4500000003."]


def test_a_revision_without_any_entry_shows(stocked: Ledger, url: str) -> None:
    with behind_its_back(url) as db:
        db.execute(text("UPDATE invoices SET po_number = '666', revision = 1 WHERE number = 'LD-7002'"))
    assert stocked.verify_chain() == ["Invoice LD-7002 is at revision 1, but its last audit entry made revision 0."]


def test_a_pdf_changed_in_the_database_shows_and_is_not_given_out(written: Ledger, url: str) -> None:
    with behind_its_back(url) as db:
        db.execute(text("UPDATE documents SET content = :forged WHERE invoice = 'LD-7001' AND revision = 3"), {"forged": b"%PDF forged"})
    assert written.verify_chain() == ["The PDF of invoice LD-7001 in revision 3 was changed in the database after it was kept."]
    with pytest.raises(NeedsAPerson, match="LD-7001 in revision 3 was changed in the database"):
        written.document("LD-7001")
    assert written.document("LD-7001", 2) is not None


def test_a_pdf_changed_together_with_its_hash_shows_by_the_audit_trail(written: Ledger, url: str) -> None:
    forged = document("LD-7002", 1, b"%PDF forged")
    with behind_its_back(url) as db:
        change = text("UPDATE documents SET content = :content, sha256 = :sha256 WHERE invoice = 'LD-7002' AND revision = 1")
        db.execute(change, {"content": forged.content, "sha256": forged.sha256})
    changed, gone = written.verify_chain()
    assert changed == "The PDF of invoice LD-7002 in revision 1 was changed in the database after it was kept."
    assert gone == "The PDF of invoice LD-7002 in revision 1 that an audit entry names is not kept any more."
    with pytest.raises(NeedsAPerson):
        written.document("LD-7002")


def test_a_pdf_that_was_removed_shows(written: Ledger, url: str) -> None:
    with behind_its_back(url) as db:
        db.execute(text("DELETE FROM documents WHERE invoice = 'LD-7001' AND revision = 0"))
    assert written.verify_chain() == ["The PDF of invoice LD-7001 in revision 0 that an audit entry names is not kept any more."]


def test_a_pdf_that_no_amendment_names_yet_is_known_by_its_own_hash(stocked: Ledger, url: str) -> None:
    [message] = take_in(stocked, 1)
    stocked.record(plain_outcome(message, Action.RESEND, documents=(document("LD-7001", 0),)), now=NOW)
    assert stocked.verify_chain() == []
    with behind_its_back(url) as db:
        db.execute(text("UPDATE documents SET content = :forged"), {"forged": b"%PDF forged"})
    assert len(stocked.verify_chain()) == 1
