"""A ledger of its own for each test, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.edges.ledger.samples import ACCOUNT, ISSUER, NOW, books, invoice
from tests.servers import postgres
from worker.edges.ledger import Ledger


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that no ledger was ever opened in."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/ledger.db"
        return
    with postgres.database(request.getfixturevalue("postgres_server"), f"test_{uuid4().hex}") as fresh:
        yield fresh


@pytest.fixture(scope="session")
def sqlite_stencil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("stencil") / "ledger.db"
    Ledger.open(f"sqlite:///{file}", account=ACCOUNT, now=NOW).close()
    return file


@pytest.fixture(scope="session")
def postgres_stencil(postgres_server: str) -> Iterator[str]:
    name = f"stencil_{uuid4().hex}"
    with postgres.database(postgres_server, name) as url:
        Ledger.open(url, account=ACCOUNT, now=NOW).close()
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the tables made: copied, because making them for every test would take most of its time."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_stencil"), tmp_path / "ledger.db")
        yield f"sqlite:///{tmp_path}/ledger.db"
        return
    server, stencil = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_stencil")
    with postgres.database(server, f"test_{uuid4().hex}", like=stencil) as copied:
        yield copied


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger.open(url, account=ACCOUNT, now=NOW, issuer=ISSUER) as opened:
        yield opened


@pytest.fixture
def stocked(ledger: Ledger) -> Ledger:
    """A ledger with one customer and two issued invoices."""
    ledger.import_books(books(invoice("LD-7001"), invoice("LD-7002")))
    return ledger
