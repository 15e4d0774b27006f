"""What is taken into the ledger and what is not, when folders and mails are not as they should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.samples import NOW
from worker.edges import mime
from worker.edges.inbox import Fetched, FolderState
from worker.edges.ledger import Ledger
from worker.intake import Intake, take_in

DAY = timedelta(days=1)


@dataclass
class Folder:
    """A folder of a mail server in memory, which can be restored from a backup and moved to another server, as real ones are."""

    uidvalidity: int = 7
    uidnext: int = 1
    mails: dict[int, tuple[bytes, datetime]] = field(default_factory=dict)
    fetched: int = 0
    guessed: bool = False

    def deliver(self, raw: bytes, *, at: datetime = NOW) -> None:
        self.mails[self.uidnext] = (raw, at)
        self.uidnext += 1

    def restore(self, last_uid: int) -> None:
        """As it stood when ``last_uid`` was the newest mail."""
        self.mails = {uid: mail for uid, mail in self.mails.items() if uid <= last_uid}
        self.uidnext = last_uid + 1

    def select(self) -> FolderState:
        return FolderState(uidvalidity=self.uidvalidity, uidnext=self.uidnext, exists=len(self.mails), guessed=self.guessed)

    def new_uids(self, after: int) -> list[int]:
        return sorted(uid for uid in self.mails if uid > after)

    def since(self, day: date) -> list[int]:
        return sorted(uid for uid, (_, at) in self.mails.items() if at.date() >= day)

    def fetch(self, uids: Iterable[int]) -> Iterator[Fetched]:
        for uid in uids:
            self.fetched += 1
            yield Fetched(uid=uid, raw=self.mails[uid][0], received_at=self.mails[uid][1])


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(f"sqlite:///{tmp_path}/ledger.db", account="billing", now=NOW) as ledger:
        yield ledger


def mail(name: object, *, written: datetime | None = NOW) -> bytes:
    date = f"Date: {written:%a, %d %b %Y %H:%M:%S +0000}\r\n" if written else ""
    return f"Message-ID: <{name}@orchard.example>\r\n{date}Subject: {name}\r\n\r\n{name}".encode()


def watched(folder: Folder, ledger: Ledger) -> Intake:
    """The folder, which has just begun to be watched."""
    drawer = Intake(inbox=folder, ledger=ledger, folder="INBOX")
    assert take_in(drawer, now=NOW) == 0
    return drawer


def test_a_mail_whose_identity_cannot_be_read_is_stored_and_keeps_none_behind_it_out(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = mime.identity

    def failing(raw: bytes) -> mime.Identity:
        if b"bad" in raw:
            raise MemoryError
        return known(raw)

    monkeypatch.setattr(mime, "identity", failing)
    folder = Folder()
    drawer = watched(folder, ledger)
    for name in ("bad", "good"):
        folder.deliver(mail(name))
    assert take_in(drawer, now=NOW) == 2
    folder.uidvalidity += 1
    assert take_in(drawer, now=NOW) == 0


def test_a_folder_put_back_to_an_earlier_state_loses_none_of_the_mail_that_gets_uids_a_second_time(ledger: Ledger) -> None:
    folder = Folder()
    drawer = watched(folder, ledger)
    for number in range(300):
        folder.deliver(mail(number))
    assert take_in(drawer, now=NOW) == 300
    folder.restore(last_uid=250)
    taken = []
    for number in range(80):
        folder.deliver(mail(f"new {number}"))
        if number % 8 == 0:
            taken.append(take_in(drawer, now=NOW))
    assert sum([*taken, take_in(drawer, now=NOW)]) == 80
    assert take_in(drawer, now=NOW) == 0


def test_a_folder_put_back_is_read_anew_once_and_not_with_every_pass(ledger: Ledger) -> None:
    folder = Folder()
    drawer = watched(folder, ledger)
    for number in range(30):
        folder.deliver(mail(number))
    take_in(drawer, now=NOW)
    folder.restore(last_uid=20)
    assert take_in(drawer, now=NOW) == 0
    before = folder.fetched
    folder.deliver(mail("new"))
    assert [take_in(drawer, now=NOW) for _ in range(3)] == [1, 0, 0]
    assert folder.fetched == before + 1


def test_a_folder_whose_next_uid_is_only_guessed_was_not_put_back_when_its_newest_mail_goes(ledger: Ledger) -> None:
    folder = Folder(guessed=True)
    drawer = watched(folder, ledger)
    for number in range(30):
        folder.deliver(mail(number))
    take_in(drawer, now=NOW)
    folder.restore(last_uid=20)
    before = folder.fetched
    assert take_in(drawer, now=NOW) == 0
    assert folder.fetched == before


def test_a_worker_started_after_a_folder_was_put_back_takes_in_what_came_since(ledger: Ledger) -> None:
    folder = Folder()
    for number in range(30):
        folder.deliver(mail(f"history {number}", written=NOW - 400 * DAY), at=NOW - 400 * DAY)
    drawer = watched(folder, ledger)
    folder.restore(last_uid=20)
    folder.deliver(mail("new"))
    assert take_in(drawer, now=NOW + DAY) == 1


def test_history_that_was_given_the_date_of_a_move_to_another_server_stays_history(ledger: Ledger) -> None:
    folder = Folder()
    for number in range(30):
        folder.deliver(mail(number, written=NOW - 400 * DAY), at=NOW - 400 * DAY)
    drawer = watched(folder, ledger)
    moved = NOW + 20 * DAY
    folder.mails = {uid: (raw, moved) for uid, (raw, _) in folder.mails.items()}
    folder.uidvalidity += 1
    folder.deliver(mail("new", written=moved), at=moved)
    folder.deliver(mail("undated", written=None), at=moved)
    folder.deliver(mail("long on its way", written=NOW - DAY / 2), at=moved)
    assert take_in(drawer, now=moved) == 3


def test_after_a_long_absence_a_folder_whose_uids_have_changed_is_read_back_to_the_last_good_pass(ledger: Ledger) -> None:
    folder = Folder()
    drawer = watched(folder, ledger)
    ledger.note_pass(now=NOW + DAY)
    folder.uidvalidity += 1
    folder.deliver(mail("missed", written=NOW + 2 * DAY), at=NOW + 2 * DAY)
    assert take_in(drawer, now=NOW + 40 * DAY) == 1
