"""What the tests of the whole way share."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.samples import MAILBOX, PASSWORD, asks_nothing
from tests.servers.installations import PASSWORD_VARIABLE, Installation
from tests.servers.villages import Village
from tests.terminals import Terminal
from worker import config, wiring
from worker.demo.servers import ImapServer, SmtpServer
from worker.edges import books
from worker.handling import Desk


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """What a test says about logs holds for that test alone."""
    level = logging.getLogger().level
    yield
    structlog.reset_defaults()
    logging.getLogger().setLevel(level)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Rules and templates for every test; each brings a ledger of its own."""
    folder = tmp_path_factory.mktemp("desk")
    with wiring.desk(config.load(Installation(folder=folder, imap_port=1, smtp_port=1).config)) as desk:
        yield desk


@pytest.fixture
def village(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Village]:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    imap = ImapServer({MAILBOX: PASSWORD})
    with imap, SmtpServer(keep_copy=lambda letter: imap.deliver(MAILBOX, letter.content, folder="Sent")) as smtp:
        imap.deliver(MAILBOX, asks_nothing("<sent-before@larkspur.example>"), folder="Sent")
        village = Village(imap, smtp, tmp_path, desk)
        with village.ledger() as ledger:
            assert ledger.import_books(books.read_books([Installation(folder=tmp_path, imap_port=1, smtp_port=1).books])).imported
        yield village


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ADDENDUM_CONFIG", raising=False)
    return Terminal(monkeypatch, capsys, tmp_path)
