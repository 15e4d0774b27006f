"""What a database complains about becomes a sentence that says who must act, without a secret in it."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy import exc
from sqlalchemy.engine import make_url

from worker.edges.ledger.errors import place, translated
from worker.errors import AddendumError, SetupError, TryAgainLater


def sqlite_error(name: str, text: str = "disk trouble") -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return error


def told(error: Exception) -> AddendumError:
    with pytest.raises(AddendumError) as caught, translated("books on db.example"):
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (psycopg.errors.DiskFull("no space"), TryAgainLater, "is out of disk, memory or connections"),
        (psycopg.errors.TooManyConnections("sorry"), TryAgainLater, "is out of disk, memory or connections"),
        (psycopg.errors.LockNotAvailable("lock"), TryAgainLater, "is locked by another program"),
        (psycopg.errors.DeadlockDetected("deadlock"), TryAgainLater, "changed the same rows"),
        (psycopg.errors.ReadOnlySqlTransaction("ro"), TryAgainLater, "is read-only just now"),
        (psycopg.errors.InsufficientPrivilege("no"), SetupError, "may not do that"),
        (psycopg.errors.InvalidPassword("no"), SetupError, "refuses the user or password"),
        (psycopg.OperationalError('FATAL:  password authentication failed for user "x"'), SetupError, "refuses the user or password"),
        (psycopg.OperationalError("server closed the connection unexpectedly"), TryAgainLater, "can't be reached"),
        (
            psycopg.errors.UndefinedTable('relation "{messages}" does not exist'),
            TryAgainLater,
            'failed: relation "{messages}" does not exist',
        ),
        (sqlite_error("SQLITE_IOERR_WRITE"), TryAgainLater, "gives errors"),
        (sqlite_error("SQLITE_READONLY_DBMOVED"), SetupError, "may not be written"),
        (sqlite_error("SQLITE_CORRUPT_INDEX"), SetupError, "is damaged"),
        (sqlite_error("SQLITE_ERROR", "no such table: {messages}"), TryAgainLater, "failed: no such table: {messages}."),
    ],
)
def test_each_complaint_has_its_sentence(error: Exception, kind: type[AddendumError], sentence: str) -> None:
    translation = told(exc.OperationalError("SELECT 1", {}, error))
    assert type(translation) is kind
    assert sentence in str(translation)
    assert "books on db.example" in str(translation)


def test_a_raw_complaint_of_sqlite_is_translated_too() -> None:
    assert "is locked" in str(told(sqlite_error("SQLITE_BUSY")))


def test_a_pool_that_is_used_up_is_tried_again() -> None:
    assert isinstance(told(exc.TimeoutError("pool")), TryAgainLater)


def test_a_database_is_named_without_its_user_and_password() -> None:
    assert place(make_url("postgresql+psycopg://clerk:open-sesame@db.example/books")) == "books on db.example"
    assert place(make_url("postgresql+psycopg:///books")) == "books on the local socket"
    assert place(make_url("sqlite:///ledger.db")) == "ledger.db"


def test_an_error_that_is_no_databases_is_left_alone() -> None:
    with pytest.raises(ZeroDivisionError), translated("books"):
        raise ZeroDivisionError
