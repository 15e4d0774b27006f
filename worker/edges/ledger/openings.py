"""Opens the ledger's database: connects, brings the tables up to date and finds the account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import URL

from worker.edges.ledger import engines, schemas
from worker.edges.ledger.errors import place, translated
from worker.edges.ledger.stores import Store, account_of, known_account
from worker.errors import SetupError, TryAgainLater


def open_store(url: str, account: str, now: datetime) -> Store:
    """The account's store at ``url``; raises SetupError where it can't be opened now, for whatever reason."""
    parsed = engines.read_url(url)
    try:
        return _open(parsed, account, now)
    except TryAgainLater as error:
        raise SetupError(str(error)) from error


def open_to_read(url: str, account: str) -> Store:
    """The account's store at ``url`` as it is, through connections that can change nothing.

    Raises SetupError where there is nothing to be read.
    """
    parsed = engines.read_url(url)
    where, reader = place(parsed), engines.onlooker(parsed)
    try:
        with translated(where), reader.begin() as db:
            schemas.expect_ready(db)
            number = known_account(db, account)
    except TryAgainLater as error:
        reader.dispose()
        raise SetupError(str(error)) from error
    except BaseException:
        reader.dispose()
        raise
    return Store(where=where, writer=reader, counter=reader, reader=reader, account=number, name=account)


def _open(url: URL, account: str, now: datetime) -> Store:
    where = place(url)
    writer = engines.writer(url)
    try:
        with translated(where), writer.begin() as db:
            schemas.bring_up_to_date(db)
            number = account_of(db, account, now)
    except BaseException:
        writer.dispose()
        raise
    return Store(where=where, writer=writer, counter=engines.counter(url), reader=engines.reader(url), account=number, name=account)
