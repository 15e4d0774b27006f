"""The program as a process, with a real configuration, against real servers: its whole way, its stop, and SIGKILL at every step."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest
from imapclient import IMAPClient
from sqlalchemy import create_engine, func, select

from tests.samples import AP, MAILBOX, PASSWORD, asks_nothing, gives_po
from tests.servers import certificates as authorities
from tests.servers import postgres
from tests.servers.dovecot import Dovecot
from tests.servers.installations import PASSWORD_VARIABLE, Installation, noon_zone
from tests.servers.killed import STEPS
from worker import config, wiring
from worker.demo.servers import Accepted, ImapServer, SmtpServer
from worker.edges.ledger.tables import outbox

databases = (f"journey_{number}" for number in itertools.count())


class Embedded:
    """pymap inside this process, and SQLite."""

    def __init__(self) -> None:
        self._server = ImapServer({MAILBOX: PASSWORD})

    def __enter__(self) -> Embedded:
        self._server.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.__exit__(None, None, None)

    @property
    def port(self) -> int:
        return self._server.port

    def deliver(self, content: bytes, *, folder: str = "INBOX") -> None:
        self._server.deliver(MAILBOX, content, folder=folder)


class OnDovecot:
    """Dovecot, for the same calls."""

    def __init__(self, folder: Path) -> None:
        self._server = Dovecot(authorities.issue(folder))

    def __enter__(self) -> OnDovecot:
        self._server.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.__exit__(*failure)

    @property
    def port(self) -> int:
        return self._server.port

    def deliver(self, content: bytes, *, folder: str = "INBOX") -> None:
        self._server.deliver(MAILBOX, content, folder=folder)


class Town:
    """An installation with its mailbox and its post: what the program sends lands in ``sent``, with a copy in the Sent folder."""

    def __init__(self, mailbox: Embedded | OnDovecot, smtp: SmtpServer, installation: Installation) -> None:
        self.mailbox = mailbox
        self.smtp = smtp
        self.installation = installation

    def settle(self) -> None:
        """Books imported, and the mailbox watched from now on."""
        settings = config.load(self.installation.config)
        assert wiring.import_books(settings, [self.installation.books], dry_run=False).imported
        assert wiring.backlog(settings, days=1) == 0

    def amendments(self) -> int:
        with wiring.ledger(config.load(self.installation.config)) as ledger:
            return len(ledger.history("LS-1041"))

    def replies(self) -> list[Accepted]:
        return [letter for letter in self.smtp.accepted if letter.recipients == (AP,)]

    def folder(self, name: str) -> list[bytes]:
        with IMAPClient("127.0.0.1", self.mailbox.port, ssl=False, timeout=20) as client:
            client.login(MAILBOX, PASSWORD)
            if not client.folder_exists(name):
                return []
            client.select_folder(name, readonly=True)
            return [answer[b"BODY[]"] for answer in client.fetch(client.search(), ["BODY.PEEK[]"]).values()]

    def queued(self) -> int:
        """How many letters to the customer the outbox has ever had."""
        url = self.installation.database.replace("sqlite:///", f"sqlite:///{self.installation.folder}/")
        engine = create_engine(url)
        with engine.connect() as connection:
            count = connection.scalar(select(func.count()).select_from(outbox).where(outbox.c.recipient == AP))
        engine.dispose()
        return int(count or 0)


@pytest.fixture(params=["embedded servers and SQLite", "Dovecot and PostgreSQL"])
def town(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    real = request.param.startswith("Dovecot")
    opened: Embedded | OnDovecot = OnDovecot(tmp_path) if real else Embedded()
    with opened as mailbox, SmtpServer(keep_copy=lambda letter: mailbox.deliver(letter.content, folder="Sent")) as smtp:
        mailbox.deliver(asks_nothing("<sent-before@larkspur.example>"), folder="Sent")
        installation = Installation(folder=tmp_path, imap_port=mailbox.port, smtp_port=smtp.port, timezone=noon_zone())
        if real:
            with postgres.database(postgres_url(), next(databases)) as url:
                yield Town(mailbox, smtp, replace(installation, database=url))
        else:
            yield Town(mailbox, smtp, installation)


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[Callable[[], str]]:
    """The server's URL; it is started by the first test that asks."""
    running: list[object] = []
    urls: list[str] = []

    def url() -> str:
        if not urls:
            server = postgres.server()
            urls.append(server.__enter__())
            running.append(server)
        return urls[0]

    yield url
    for server in running:
        server.__exit__(None, None, None)


def test_a_rejection_comes_in_and_the_amended_invoice_goes_out(town: Town) -> None:
    installation = town.installation
    town.mailbox.deliver(gives_po("LS-1043", message_id="<history@orchard.example>"))
    installation.addendum("import", str(installation.books))
    installation.addendum("check")
    assert installation.told("once") == {"taken_in": 0, "handled": 0, "delivered": 0, "filed": 0, "troubles": {}}

    town.mailbox.deliver(gives_po())
    town.mailbox.deliver(asks_nothing())
    done = installation.told("once")

    assert (done["taken_in"], done["handled"]) == (2, 2)
    [letter] = town.replies()
    reply = message_from_bytes(letter.content)
    assert reply["In-Reply-To"] == "<one@orchard.example>"
    assert [part.get_filename() for part in reply.walk() if part.get_filename()] == ["LS-1041.pdf"]
    history = installation.told("history", "LS-1041")
    assert (history["po_number"], history["revision"], history["status"]) == ("4500123456", 1, "issued")
    [amendment] = history["amendments"]
    assert (amendment["old"], amendment["new"], amendment["requested_by"]) == (None, "4500123456", AP)
    assert amendment["message_id"] == "<one@orchard.example>"
    assert len(town.folder("Addendum/Done")) == 1
    assert len(town.folder("INBOX")) == 2
    assert installation.told("status")["ok"]
    assert "LS-1041" in installation.addendum("digest", "--preview")
    issued, amended = installation.folder / "issued.pdf", installation.folder / "amended.pdf"
    installation.addendum("pdf", "LS-1041", "--revision", "0", "-o", str(issued))
    installation.addendum("pdf", "LS-1041", "-o", str(amended))
    assert issued.read_bytes() != amended.read_bytes()
    assert installation.told("once")["handled"] == 0


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_there_is_one_amendment_one_letter_queued_and_one_sent(town: Town, step: str) -> None:
    town.settle()
    town.mailbox.deliver(gives_po())

    town.installation.killed_at(step)
    for minutes in (2, 5):
        town.installation.once(minutes_later=minutes)

    assert town.amendments() == 1
    assert town.queued() == 1
    assert len(town.replies()) == 1
    assert len(town.folder("Sent")) == 2
    assert len(town.folder("Addendum/Done")) == 1
    assert town.folder("INBOX") == []


def test_the_running_worker_answers_and_stops_when_asked(town: Town) -> None:
    town.settle()
    with town.installation.running() as worker:
        town.mailbox.deliver(gives_po())
        worker.wait_until(lambda: len(town.replies()) == 1)
        assert worker.stop() < 10
    assert "worker stopped" in worker.log
    assert "4500123456" not in worker.log


def test_a_second_worker_waits_for_the_first_and_says_so(town: Town) -> None:
    with town.installation.running("first") as first:
        first.wait_until(lambda: "worker started" in first.log)
        with town.installation.running("second") as second:
            second.wait_until(lambda: "waiting for another worker" in second.log)
            first.stop()
            second.wait_until(lambda: "worker started" in second.log)
            second.stop()
