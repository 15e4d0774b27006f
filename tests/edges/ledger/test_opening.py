"""Opening the database: fresh, again, by two at once, and every way in which it can't be opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, text

from tests.edges.ledger import rivals
from tests.edges.ledger.samples import ACCOUNT, NOW, behind_its_back, books, count, invoice, letter, plain_outcome
from tests.servers import postgres
from worker.core.decisions import Action
from worker.edges.ledger import Ledger, engines, prepared, schemas
from worker.edges.ledger.tables import SCHEMA
from worker.errors import SetupError, TryAgainLater


def test_opening_again_finds_what_was_there(fresh_url: str) -> None:
    with Ledger.open(fresh_url, account=ACCOUNT, now=NOW) as first:
        first.import_books(books(invoice()))
    with Ledger.open(fresh_url, account=ACCOUNT, now=NOW) as again:
        assert again.invoice("LD-7001") == invoice()
    assert count(fresh_url, "accounts") == 1


@pytest.mark.usefixtures("stocked")
def test_two_accounts_in_one_database_do_not_see_each_other(url: str) -> None:
    with Ledger.open(url, account="another@lindqvist.example", now=NOW) as other:
        assert other.books().invoices == ()
        assert other.invoice("LD-7001") is None


def test_the_migrations_make_the_very_tables_that_the_program_declares(fresh_url: str) -> None:
    Ledger.open(fresh_url, account=ACCOUNT, now=NOW).close()
    with behind_its_back(fresh_url) as db:
        assert compare_metadata(MigrationContext.configure(db), SCHEMA) == []


def test_the_newest_migration_is_the_one_that_the_program_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(schemas.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == schemas.NEWEST


def test_what_waited_before_the_second_migration_still_waits(fresh_url: str) -> None:
    with behind_its_back(fresh_url) as db:
        config = Config(attributes={"connection": db})
        config.set_main_option("script_location", str(schemas.MIGRATIONS))
        command.upgrade(config, "0001")
        for table, row in rows_of_a_suggestion():
            db.execute(insert(SCHEMA.tables[table]), row)
    with Ledger.open(fresh_url, account=ACCOUNT, now=NOW) as ledger:
        [hold] = ledger.holds()
        assert ledger.held_outcome(hold.id).letters == (letter(),)
    with behind_its_back(fresh_url) as db:
        assert compare_metadata(MigrationContext.configure(db), SCHEMA) == []


def rows_of_a_suggestion() -> Iterator[tuple[str, dict[str, object]]]:
    """What the first version's tables hold of a mail whose outcome waits for a yes."""
    suggestion = plain_outcome(1, Action.ASK, letters=(letter(),), suggested=True)
    outcome, contents = prepared.write_outcome(suggestion)
    [(sha256, content)] = contents.items()
    moments = {"received_at": NOW, "taken_in_at": NOW, "decided_at": NOW}
    identity = {"message_id": "", "content_hash": "", "folder": "INBOX"}
    yield "accounts", {"id": 1, "name": ACCOUNT, "opened_at": NOW, "books_version": 0, "chain_length": 0, "chain_head": ""}
    decided = {"status": "held", "decision": prepared.write(suggestion.decision), "attempts": 1, "put_offs": 0}
    yield "messages", {"id": 1, "account": 1, **identity, **moments, **decided}
    yield "holds", {"id": 1, "account": 1, "message": 1, "kind": "suggested", "outcome": outcome, "opened_at": NOW}
    yield "hold_contents", {"account": 1, "hold": 1, "sha256": sha256, "content": content}


def test_two_programs_may_open_a_new_database_at_once(fresh_url: str) -> None:
    context = get_context("forkserver")
    with context.Pool(2) as pool:
        assert pool.map(rivals.open_and_close, [fresh_url, fresh_url]) == ["opened", "opened"]
    assert count(fresh_url, "accounts") == 1


@pytest.mark.usefixtures("ledger")
def test_a_database_of_a_newer_program_is_left_alone(url: str) -> None:
    with behind_its_back(url) as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="newer Addendum"):
        Ledger.open(url, account=ACCOUNT, now=NOW)


@pytest.mark.usefixtures("ledger")
def test_a_database_from_before_the_first_release_is_refused_with_what_to_do(url: str) -> None:
    with behind_its_back(url) as db:
        db.execute(text("DROP TABLE imprints"))
    with pytest.raises(SetupError, match=r"has no imprints; move it away.* and import the books again"):
        Ledger.open(url, account=ACCOUNT, now=NOW)


def test_a_database_with_tables_from_before_the_first_release_is_refused_too(url: str) -> None:
    with behind_its_back(url) as db:
        db.execute(text("ALTER TABLE messages DROP COLUMN put_offs"))
    with pytest.raises(SetupError, match=r"before its first release and has no messages\.put_offs; "):
        Ledger.open(url, account=ACCOUNT, now=NOW)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_ledger_that_would_be_lost_at_the_end_is_refused(url: str) -> None:
    with pytest.raises(SetupError, match="names no file"):
        Ledger.open(url, account=ACCOUNT, now=NOW)


@pytest.mark.parametrize(
    ("url", "told"), [("addendum.db", "not a database URL"), ("mysql://host/books", "SQLite or PostgreSQL, not in mysql")]
)
def test_another_kind_of_database_is_refused(url: str, told: str) -> None:
    with pytest.raises(SetupError, match=told):
        Ledger.open(url, account=ACCOUNT, now=NOW)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="nowhere for the database does not exist"):
        Ledger.open(f"sqlite:///{tmp_path}/nowhere/ledger.db", account=ACCOUNT, now=NOW)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="can't be opened"):
        Ledger.open(f"sqlite:///{tmp_path}", account=ACCOUNT, now=NOW)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_text("Dear diary, " * 500)
    with pytest.raises(SetupError, match="is not an SQLite database"):
        Ledger.open(f"sqlite:///{tmp_path}/ledger.db", account=ACCOUNT, now=NOW)


def test_only_the_owner_can_read_a_new_database_file(tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db", account=ACCOUNT, now=NOW):
        for file in tmp_path.glob("ledger.db*"):
            assert file.stat().st_mode & 0o077 == 0, file


def test_a_server_that_is_not_there_is_a_sentence_without_the_password() -> None:
    with pytest.raises(SetupError, match=r"books on 127\.0\.0\.1 can't be reached") as error:
        Ledger.open("postgresql://clerk:open-sesame@127.0.0.1:1/books", account=ACCOUNT, now=NOW)
    assert "open-sesame" not in str(error.value)


def test_a_database_that_the_server_does_not_have_is_named(postgres_server: str) -> None:
    with pytest.raises(SetupError, match="no database absent on"):
        Ledger.open(f"{postgres_server.rpartition('/')[0]}/absent", account=ACCOUNT, now=NOW)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.05)
    yield


@pytest.mark.usefixtures("impatient")
def test_a_locked_database_is_tried_again_later(tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db", account=ACCOUNT, now=NOW) as ledger:
        other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TryAgainLater, match="locked by another program"):
            ledger.pause(NOW)
        other.execute("ROLLBACK")
        other.close()
        ledger.pause(NOW)
        assert ledger.health().paused


def test_a_full_disk_is_tried_again_later_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db", account=ACCOUNT, now=NOW) as ledger:
        with ledger._store.writer.connect() as db:
            db.exec_driver_sql("PRAGMA max_page_count = 60")
        big = tuple(invoice(f"LD-{number}", notes=("x" * 4000,)) for number in range(200))
        with pytest.raises(TryAgainLater, match="is full; free some space"):
            ledger.import_books(books(*big))
        assert ledger.books().invoices == ()


def test_a_server_that_vanishes_from_the_network_is_noticed_within_a_minute(postgres_server: str) -> None:
    with postgres.database(postgres_server, "watched") as url, Ledger.open(url, account=ACCOUNT, now=NOW) as ledger:
        for engine in (ledger._store.writer, ledger._store.counter, ledger._store.reader):
            with engine.connect() as db:
                assert db.connection.driver_connection is not None
                parameters = db.connection.driver_connection.info.get_parameters()
                assert (parameters["keepalives_idle"], parameters["tcp_user_timeout"]) == ("30", "30000")


def test_a_connection_that_the_server_cuts_is_tried_again_and_then_works(postgres_server: str) -> None:
    with postgres.database(postgres_server, "cut") as url, Ledger.open(url, account=ACCOUNT, now=NOW) as ledger:
        ledger.pause(NOW)
        with behind_its_back(postgres_server) as db:
            db.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'addendum'"))
        with pytest.raises(TryAgainLater, match=r"stopping or starting|can't be reached"):
            ledger.resume()
        ledger.resume()
        assert not ledger.health().paused
