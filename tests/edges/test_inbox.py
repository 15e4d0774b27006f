"""The inbox against real IMAP servers on loopback: pymap always, Dovecot where it is installed."""

from __future__ import annotations

import imaplib
import itertools
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import ProtocolError

from tests.servers import certificates as authorities
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot
from tests.servers.imap_pymap import PASSWORD, Pymap
from worker.edges.connections import READ_SECONDS
from worker.edges.inbox import Fetched, Inbox, InboxSettings, Refused, Tls, fetching
from worker.errors import SetupError, TryAgainLater

USERS = [f"billing{number}@issuer.example" for number in range(200)]
numbers = itertools.count()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return authorities.issue(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module", params=["pymap", "dovecot"])
def server(request: pytest.FixtureRequest, certificates: Certificates) -> Iterator[Pymap | Dovecot]:
    opened: Pymap | Dovecot = Pymap(certificates, users=USERS) if request.param == "pymap" else Dovecot(certificates)
    with opened as running:
        yield running


class Mailbox:
    """One user's mailbox on a server: mail arrives, a person uses it, the worker reads it."""

    def __init__(self, server: Pymap | Dovecot) -> None:
        self.server = server
        self.user = USERS[next(numbers)]
        self._open: list[Inbox | IMAPClient] = []

    def deliver(self, content: bytes, *, folder: str = "INBOX", at: datetime | None = None) -> None:
        self.server.deliver(self.user, content, folder=folder, at=at)

    def inbox(self, password: str = PASSWORD, *, port: int | None = None, tls: Tls = Tls.NONE, **settings: object) -> Inbox:
        settings.setdefault("host", self.server.host)
        inbox = Inbox(InboxSettings(port=port or self.server.port, user=self.user, tls=tls, **settings), lambda: password)
        self._open.append(inbox)
        return inbox

    def person(self, folder: str = "INBOX") -> IMAPClient:
        """Somebody with a mail program."""
        client = IMAPClient(self.server.host, self.server.port, ssl=False, timeout=20)
        client.login(self.user, PASSWORD)
        client.select_folder(folder)
        self._open.append(client)
        return client

    def contents(self, folder: str) -> list[bytes]:
        client = self.person(folder)
        return [answer[b"BODY[]"] for answer in client.fetch(client.search(), ["BODY.PEEK[]"]).values()]

    def close(self) -> None:
        for one in self._open:
            if isinstance(one, Inbox):
                one.close()
            else:
                one.__exit__(None, None, None)


@pytest.fixture
def mailbox(server: Pymap | Dovecot) -> Iterator[Mailbox]:
    mailbox = Mailbox(server)
    yield mailbox
    mailbox.close()


def mail(number: int = 1, *, body: bytes = b"Please add PO 4500123456.\r\n") -> bytes:
    return b"From: ap@customer.example\r\nSubject: mail %d\r\nMessage-ID: <m%d@customer.example>\r\n\r\n" % (number, number) + body


def take_in(inbox: Inbox, after: int) -> list[Fetched]:
    inbox.select()
    return list(inbox.fetch(inbox.new_uids(after)))


def only_dovecot(mailbox: Mailbox, why: str) -> None:
    if not isinstance(mailbox.server, Dovecot):
        pytest.skip(why)


# --- taking in


def test_an_empty_folder_has_nothing_new(mailbox: Mailbox) -> None:
    inbox = mailbox.inbox()
    state = inbox.select()
    assert state.exists == 0
    assert state.uidvalidity > 0
    assert inbox.new_uids(state.uidnext - 1) == []
    assert list(inbox.fetch([])) == []


def test_mail_comes_with_its_bytes_its_uid_and_the_moment_it_was_received(mailbox: Mailbox) -> None:
    received = datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC)
    mailbox.deliver(mail(), at=received)
    inbox = mailbox.inbox()
    before = inbox.select().uidnext
    [fetched] = inbox.fetch(inbox.new_uids(0))
    assert fetched == Fetched(uid=before - 1, raw=mail(), received_at=received)
    assert fetched.received_at is not None and fetched.received_at.utcoffset() is not None


def test_only_uids_above_the_mark_are_new(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    inbox = mailbox.inbox()
    first, *others = [fetched.uid for fetched in take_in(inbox, 0)]
    assert inbox.new_uids(first) == others
    assert inbox.new_uids(others[-1]) == []
    assert inbox.new_uids(others[-1] + 1000) == []


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: nul\r\n\r\na\x00b\x00\r\n",
        b"Subject: high \xff\xfe\x80\r\n\r\n" + bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"") + b"\r\n",
        b"\r\n",
        b"no header at all, only text that goes on\r\n",
        b"Subject: parens\r\n\r\n)\r\nA1 OK done\r\n* BYE {12}\r\n",
        b"Subject: no end of line",
    ],
    ids=["NUL", "every byte", "empty", "no headers", "protocol words", "no last line end"],
)
def test_weird_bytes_come_through_as_they_are(mailbox: Mailbox, content: bytes) -> None:
    mailbox.deliver(content)
    [fetched] = take_in(mailbox.inbox(), 0)
    if isinstance(mailbox.server, Dovecot):
        content = content.replace(b"\x00", b"\x80")  # IMAP has no NUL outside BINARY (RFC 9051 §4.3); Dovecot writes this instead
    else:
        content = content.replace(b"that goes on\r\n", b"that goes on\r")  # pymap cuts a mail that has no headers
    assert fetched.raw == content


def test_reading_leaves_mail_unread_and_recent(mailbox: Mailbox) -> None:
    mailbox.deliver(mail())
    inbox = mailbox.inbox()
    [fetched] = take_in(inbox, 0)
    flags = mailbox.person().get_flags([fetched.uid])[fetched.uid]
    assert b"\\Seen" not in flags
    assert b"\\Recent" in flags


def test_a_person_reading_and_deleting_mail_meanwhile_does_no_harm(mailbox: Mailbox) -> None:
    for number in range(4):
        mailbox.deliver(mail(number))
    inbox = mailbox.inbox()
    inbox.select()
    read, deleted, moved, kept = inbox.new_uids(0)
    person = mailbox.person()
    person.add_flags([read], [b"\\Seen"])
    person.add_flags([deleted], [b"\\Deleted"])
    person.expunge()
    person.create_folder("Elsewhere")
    person.move([moved], "Elsewhere")
    assert [fetched.uid for fetched in inbox.fetch([read, deleted, moved, kept])] == [read, kept]


def test_mail_since_a_day_is_found_for_the_backlog(mailbox: Mailbox) -> None:
    today = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for age in (40, 8, 6, 0):
        mailbox.deliver(mail(age), at=today - timedelta(days=age))
    inbox = mailbox.inbox()
    inbox.select()
    everything = inbox.new_uids(0)
    assert inbox.since(date(2026, 11, 15)) == everything[2:]
    assert inbox.since(date(2020, 1, 1)) == everything


def test_a_large_folder_is_searched_in_windows_without_missing_or_doubling(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    only_dovecot(mailbox, "pymap takes the sequence numbers in UID SEARCH for UIDs")
    for number in range(25):
        mailbox.deliver(mail(number))
    inbox = mailbox.inbox()
    inbox.select()
    everything = inbox.new_uids(0)
    monkeypatch.setattr("worker.edges.inbox.states.SEARCH_WINDOW", 10)
    assert len(everything) == 25
    assert inbox.new_uids(0) == everything
    assert inbox.new_uids(everything[4]) == everything[5:]
    assert inbox.since(date(2020, 1, 1)) == everything


def test_sizes_are_known_before_anything_is_fetched(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(body=b"x" * 5000 + b"\r\n"))
    inbox = mailbox.inbox()
    inbox.select()
    [uid] = inbox.new_uids(0)
    assert inbox.sizes([uid, uid + 7]) == {uid: len(mail(body=b"x" * 5000 + b"\r\n"))}


def test_a_mail_above_the_limit_comes_as_headers_with_a_note(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAIL_BYTES", 1000)
    monkeypatch.setattr(fetching, "BATCH_BYTES", 1000)
    mailbox.deliver(mail(1))
    mailbox.deliver(mail(2, body=b"x" * 5000 + b"\r\n"))
    small, large = take_in(mailbox.inbox(), 0)
    assert (small.raw, small.note) == (mail(1), None)
    assert large.raw.startswith(b"From: ap@customer.example") and b"xxx" not in large.raw
    assert large.note is not None and "larger than" in large.note
    assert large.received_at is not None


def test_batches_hold_at_most_fifty_mails_and_eight_megabytes() -> None:
    assert [len(batch) for batch in fetching.batches(dict.fromkeys(range(120), 1000))] == [50, 50, 20]
    assert list(fetching.batches({1: 5_000_000, 2: 5_000_000, 3: 40_000_000, 4: 10, 5: 10})) == [[1], [2], [3], [4, 5]]
    assert list(fetching.batches({})) == []


def test_a_mail_of_forty_megabytes_comes_whole_and_one_above_as_headers(mailbox: Mailbox) -> None:
    only_dovecot(mailbox, "pymap is for small mail")
    line = b"x" * 76 + b"\r\n"
    large = mail(1, body=line * (40 * 1024 * 1024 // len(line) - 2))
    mailbox.deliver(large)
    mailbox.deliver(large + line * 10)
    mailbox.deliver(mail(3))
    whole, headers, small = take_in(mailbox.inbox(), 0)
    assert len(large) < 40 * 1024 * 1024 < len(large + line * 10)
    assert (whole.raw == large, whole.note) == (True, None)
    assert headers.raw.startswith(b"From: ap@customer.example") and len(headers.raw) < 1000
    assert small.raw == mail(3)


class Stubborn:
    """A server's side of FETCH that refuses some items of some mails, as Exchange does with mail that it can't convert."""

    def __init__(self, refused: dict[int, set[str]], said: str = "NO [CANNOT] not convertible") -> None:
        self.refused = refused
        self.said = said

    def fetch(self, uids: list[int], items: list[str]) -> dict[int, dict[bytes, object]]:
        for uid in uids:
            if any(item.startswith(start) for item in items for start in self.refused.get(uid, ())):
                raise imaplib.IMAP4.error(self.said)
        held = {
            "INTERNALDATE": (b"INTERNALDATE", datetime(2026, 11, 22, tzinfo=UTC)),
            "BODY.PEEK[]": (b"BODY[]", b"whole"),
            f"BODY.PEEK[HEADER]<0.{fetching.HEADER_BYTES}>": (b"BODY[HEADER]<0>", b"headers"),
        }
        return {uid: dict(held[item] for item in items) for uid in uids}

    def search(self, criteria: list[str]) -> list[int]:  # noqa: ARG002  all are there
        return [1, 2, 3, 4]


def test_a_mail_that_the_server_cannot_give_out_does_not_stop_the_others() -> None:
    server = Stubborn({2: {"BODY.PEEK[]"}, 3: {"BODY.PEEK"}})
    mails = list(fetching.fetch(server, [1, 2, 3, 4], dict.fromkeys([1, 2, 3, 4], 10)))
    assert [mail.raw for mail in mails] == [b"whole", b"headers", b"", b"whole"]
    assert [mail.note is None for mail in mails] == [True, False, False, True]
    assert mails[2].received_at is not None


class Chatty(Stubborn):
    """A server that only tells of flags somebody changed on the mail whose sequence number is asked for as a UID."""

    def fetch(self, uids: list[int], items: list[str]) -> dict[int, dict[bytes, object]]:  # noqa: ARG002  it is not asked
        return {uids[0]: {b"SEQ": uids[0], b"FLAGS": (b"\\Seen",)}}

    def search(self, criteria: list[str]) -> list[int]:  # noqa: ARG002  it is gone
        return []


def test_news_of_flags_is_not_taken_for_a_mail() -> None:
    assert fetching.sizes(Chatty({}), [3]) == {}
    assert list(fetching.fetch(Chatty({}), [3], {3: 10})) == []
    assert list(fetching.fetch(Chatty({}), [3], {3: 10**9})) == []


class Forgetful(Stubborn):
    """A server that leaves some items out of its answers, or some mails altogether."""

    def __init__(self, *, left_out: set[bytes] = frozenset(), silent_on: set[int] = frozenset()) -> None:
        super().__init__({})
        self.left_out, self.silent_on = left_out, silent_on

    def fetch(self, uids: list[int], items: list[str]) -> dict[int, dict[bytes, object]]:
        sized = {uid: {b"SEQ": uid, fetching.SIZE: 10} for uid in uids}
        answers = sized if items == ["RFC822.SIZE"] else super().fetch(uids, items)
        return {
            uid: {name: said for name, said in answer.items() if name not in self.left_out}
            for uid, answer in answers.items()
            if uid not in self.silent_on
        }


def test_a_mail_without_a_date_is_taken_in_all_the_same() -> None:
    [whole] = fetching.fetch(Forgetful(left_out={fetching.DATE}), [1], {1: 10})
    assert (whole.raw, whole.received_at, whole.note) == (b"whole", None, None)
    [headers] = fetching.fetch(Forgetful(left_out={fetching.DATE, fetching.WHOLE}), [1], {1: 10})
    assert (headers.raw, headers.received_at, headers.note is None) == (b"headers", None, False)


def test_a_mail_whose_size_is_not_told_is_fetched_alone() -> None:
    assert list(fetching.batches(fetching.sizes(Forgetful(left_out={fetching.SIZE}), [1, 2]))) == [[1], [2]]
    assert list(fetching.batches(fetching.sizes(Forgetful(silent_on={2}), [1, 2, 3]))) == [[1], [2], [3]]
    assert fetching.sizes(Forgetful(left_out={fetching.SIZE}), [7]) == {}


class Damaged(Forgetful):
    """A server that refuses the sizes of all mails where one of those asked for is damaged."""

    def __init__(self, damaged: set[int], said: str = "FETCH failed: NO a mail is damaged") -> None:
        super().__init__()
        self.damaged, self.refusal = damaged, said

    def fetch(self, uids: list[int], items: list[str]) -> dict[int, dict[bytes, object]]:
        if self.damaged.intersection(uids) and items == ["RFC822.SIZE"]:
            raise imaplib.IMAP4.error(self.refusal)
        return super().fetch(uids, items)


def test_a_mail_whose_size_the_server_refuses_is_fetched_alone_and_blocks_no_other() -> None:
    assert fetching.sizes(Damaged({3}), [1, 2, 3, 4]) == {1: 10, 2: 10, 3: fetching.BATCH_BYTES, 4: 10}
    with pytest.raises(imaplib.IMAP4.error):
        fetching.sizes(Damaged({3}, "FETCH failed: NO [UNAVAILABLE] later"), [1, 2, 3, 4])


def test_a_mail_that_is_there_and_left_out_of_every_answer_is_not_passed_over() -> None:
    [first, second] = fetching.fetch(Forgetful(silent_on={2}), [1, 2], {1: 10, 2: 10})
    assert (first.raw, second.raw, second.uid) == (b"whole", b"", 2)
    assert second.note is not None
    assert list(fetching.fetch(Forgetful(silent_on={7}), [7], {7: 10})) == []


@pytest.mark.parametrize("said", ["NO [OVERQUOTA] bandwidth", "NO [UNAVAILABLE] later"])
def test_a_server_that_serves_nobody_just_now_is_no_verdict_on_a_mail(said: str) -> None:
    with pytest.raises(imaplib.IMAP4.error):
        list(fetching.fetch(Stubborn({1: {"BODY.PEEK[]"}}, said), [1], {1: 10}))
    with pytest.raises(imaplib.IMAP4.error):
        list(fetching.fetch(Stubborn({1: {"BODY.PEEK", "INTERNALDATE"}}), [1], {1: 10}))


# --- when the mailbox changes under us


def test_a_folder_made_anew_has_another_uidvalidity(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(1), folder="AP")
    inbox = mailbox.inbox(folder="AP")
    before = inbox.select()
    inbox.close()
    person = mailbox.person()
    person.delete_folder("AP")
    if isinstance(mailbox.server, Dovecot):
        time.sleep(1.1)  # Dovecot's UIDVALIDITY is a clock of seconds
    person.create_folder("AP")
    mailbox.deliver(mail(2), folder="AP")
    after = inbox.select()
    assert after.uidvalidity != before.uidvalidity
    assert [fetched.raw for fetched in inbox.fetch(inbox.new_uids(0))] == [mail(2)]


def test_a_folder_made_anew_between_two_calls_starts_the_pass_again(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(1), folder="AP")
    inbox = mailbox.inbox(folder="AP")
    inbox.select()
    person = mailbox.person()
    mailbox.server.drop_connections()
    with pytest.raises(TryAgainLater):
        inbox.new_uids(0)
    person = mailbox.person()
    person.delete_folder("AP")
    if isinstance(mailbox.server, Dovecot):
        time.sleep(1.1)
    person.create_folder("AP")
    mailbox.deliver(mail(2), folder="AP")
    with pytest.raises(TryAgainLater, match="made anew"):
        inbox.new_uids(0)


def test_a_dropped_connection_is_an_error_once_and_the_next_call_recovers(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    inbox = mailbox.inbox()
    inbox.select()
    uids = inbox.new_uids(0)
    mailbox.server.drop_connections()
    with pytest.raises(TryAgainLater):
        list(inbox.fetch(uids))
    assert [fetched.raw for fetched in inbox.fetch(uids)] == [mail(number) for number in range(3)]


def test_a_connection_that_drops_between_batches_loses_nothing(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "BATCH_MAILS", 2)
    for number in range(5):
        mailbox.deliver(mail(number))
    inbox = mailbox.inbox()
    inbox.select()
    uids = inbox.new_uids(0)
    arriving = inbox.fetch(uids)
    taken = [next(arriving), next(arriving)]
    mailbox.server.drop_connections()
    with pytest.raises(TryAgainLater):
        next(arriving)
    taken += inbox.fetch(uids[2:])
    assert [fetched.raw for fetched in taken] == [mail(number) for number in range(5)]


# --- waking up


def test_mail_that_arrives_wakes_the_idle_inbox(mailbox: Mailbox) -> None:
    inbox = mailbox.inbox()
    inbox.select()
    arrival = threading.Timer(0.5, mailbox.deliver, [mail()])
    arrival.start()
    began = time.monotonic()
    assert inbox.idle(20, threading.Event())
    assert time.monotonic() - began < 10
    arrival.join()
    assert [fetched.raw for fetched in take_in(inbox, 0)] == [mail()]


def test_mail_that_came_before_idling_began_wakes_at_once(mailbox: Mailbox) -> None:
    inbox = mailbox.inbox()
    inbox.select()
    mailbox.deliver(mail())
    began = time.monotonic()
    assert inbox.idle(20, threading.Event())
    assert time.monotonic() - began < 3


def test_mail_already_taken_in_does_not_wake(mailbox: Mailbox) -> None:
    inbox = mailbox.inbox()
    inbox.select()
    mailbox.deliver(mail())
    inbox.new_uids(0)
    inbox.select()
    assert not inbox.idle(0.7, threading.Event())


def test_an_idle_inbox_wakes_only_for_mail_and_can_be_used_again(mailbox: Mailbox) -> None:
    mailbox.deliver(mail())
    inbox = mailbox.inbox()
    [fetched] = take_in(inbox, 0)
    person = mailbox.person()
    reading = threading.Timer(0.3, person.add_flags, [[fetched.uid], [b"\\Flagged"]])
    reading.start()
    assert not inbox.idle(1.5, threading.Event())
    reading.join()
    assert inbox.select().exists == 1


def test_stopping_ends_the_waiting_long_before_its_time(mailbox: Mailbox) -> None:
    inbox = mailbox.inbox()
    inbox.select()
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    began = time.monotonic()
    assert not inbox.idle(60, stop)
    assert time.monotonic() - began < 10
    assert inbox.select().exists == 0


def test_a_line_that_drops_while_idling_is_an_error_and_not_a_spin(mailbox: Mailbox) -> None:
    inbox = mailbox.inbox()
    inbox.select()
    threading.Timer(0.5, mailbox.server.drop_connections).start()
    began = time.monotonic()
    with pytest.raises(TryAgainLater):
        inbox.idle(30, threading.Event())
    assert time.monotonic() - began < 5
    assert inbox.select().exists == 0


def test_a_server_without_idle_is_only_waited_for(certificates: Certificates) -> None:
    with Pymap(certificates, users=USERS, without={"IDLE"}) as server:
        mailbox = Mailbox(server)
        inbox = mailbox.inbox()
        inbox.select()
        assert not inbox.idle(0.3, threading.Event())
        mailbox.deliver(mail())
        assert inbox.idle(10, threading.Event())
        assert "offers MOVE, UIDPLUS of" in inbox.check()[1]
        mailbox.close()


def test_polling_an_open_folder_sees_what_came_and_what_went(mailbox: Mailbox) -> None:
    for number in range(3):
        mailbox.deliver(mail(number))
    inbox = mailbox.inbox()
    before = inbox.select()
    assert inbox.select() == before
    mailbox.deliver(mail(3))
    after = inbox.select()
    assert (after.uidnext, after.exists) == (before.uidnext + 1, 4)
    assert len(inbox.new_uids(before.uidnext - 1)) == 1
    person = mailbox.person()
    person.add_flags([before.uidnext - 1], [b"\\Deleted"])
    person.expunge()
    assert inbox.select().exists == 3
    assert inbox.select().uidnext == after.uidnext


def test_idling_arms_itself_again(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.edges.inbox.idling.REARM_SECONDS", 0.4)
    inbox = mailbox.inbox()
    inbox.select()
    arrival = threading.Timer(1.2, mailbox.deliver, [mail()])
    arrival.start()
    assert inbox.idle(20, threading.Event())
    arrival.join()


@pytest.mark.parametrize("tls", [Tls.NONE, Tls.IMPLICIT])
def test_of_120_mails_that_arrive_while_idling_none_is_lost(
    mailbox: Mailbox, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, tls: Tls
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    if tls is Tls.IMPLICIT:
        only_dovecot(mailbox, "the embedded servers do not share their mail")
    inbox = mailbox.inbox(tls=tls, port=mailbox.server.port if tls is Tls.NONE else mailbox.server.tls_port)
    inbox.select()
    arriving = threading.Thread(target=lambda: [mailbox.deliver(mail(number)) or time.sleep(0.005) for number in range(120)])
    arriving.start()
    taken: list[Fetched] = []
    deadline = time.monotonic() + 40
    while len(taken) < 120 and time.monotonic() < deadline:
        inbox.idle(2, threading.Event())
        taken += take_in(inbox, taken[-1].uid if taken else 0)
    arriving.join()
    assert sorted(fetched.raw for fetched in taken) == sorted(mail(number) for number in range(120))


# --- filing


def test_handled_mail_is_filed_into_folders_that_are_made_for_it(mailbox: Mailbox) -> None:
    for number in range(4):
        mailbox.deliver(mail(number))
    inbox = mailbox.inbox()
    state = inbox.select()
    uids = inbox.new_uids(0)
    inbox.move(uids[:2], "Done", uidvalidity=state.uidvalidity)
    inbox.move([uids[2]], "Waiting", uidvalidity=state.uidvalidity)
    assert mailbox.contents("Addendum/Done") == [mail(0), mail(1)]
    assert mailbox.contents("Addendum/Waiting") == [mail(2)]
    assert mailbox.contents("INBOX") == [mail(3)]
    assert {"Addendum/Done", "Addendum/Waiting"} <= {name for _, _, name in mailbox.person().list_sub_folders()}


def test_filing_mail_that_a_person_has_taken_away_is_no_error(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(1))
    mailbox.deliver(mail(2))
    inbox = mailbox.inbox()
    state = inbox.select()
    gone, here = inbox.new_uids(0)
    person = mailbox.person()
    person.add_flags([gone], [b"\\Deleted"])
    person.expunge()
    inbox.move([gone, here, here + 50], "Done", uidvalidity=state.uidvalidity)
    inbox.move([gone, here], "Done", uidvalidity=state.uidvalidity)
    assert mailbox.contents("Addendum/Done") == [mail(2)]


def test_uids_of_another_uidvalidity_move_nothing(mailbox: Mailbox) -> None:
    mailbox.deliver(mail())
    inbox = mailbox.inbox()
    state = inbox.select()
    inbox.move(inbox.new_uids(0), "Done", uidvalidity=state.uidvalidity + 1)
    assert mailbox.contents("INBOX") == [mail()]


def test_mail_stays_where_it_is_when_no_folder_is_configured(mailbox: Mailbox) -> None:
    mailbox.deliver(mail())
    inbox = mailbox.inbox(file_to="")
    state = inbox.select()
    inbox.move(inbox.new_uids(0), "Done", uidvalidity=state.uidvalidity)
    assert mailbox.contents("INBOX") == [mail()]


def test_filing_leaves_mail_unread_and_reading_goes_on_after_it(mailbox: Mailbox) -> None:
    mailbox.deliver(mail(1))
    inbox = mailbox.inbox()
    state = inbox.select()
    uids = inbox.new_uids(0)
    inbox.move(uids, "Done", uidvalidity=state.uidvalidity)
    mailbox.deliver(mail(2))
    assert [fetched.raw for fetched in take_in(inbox, uids[-1])] == [mail(2)]
    person = mailbox.person("Addendum/Done")
    assert all(b"\\Seen" not in flags for flags in person.get_flags(person.search()).values())


@pytest.mark.parametrize(("without", "left"), [({"MOVE"}, []), ({"MOVE", "UIDPLUS"}, [mail(1)])], ids=["UIDPLUS without MOVE", "neither"])
def test_without_move_mail_is_copied_and_only_taken_away_where_that_is_safe(
    certificates: Certificates, without: set[str], left: list[bytes]
) -> None:
    with Pymap(certificates, users=USERS, without=without) as server:
        mailbox = Mailbox(server)
        mailbox.deliver(mail(1))
        mailbox.deliver(mail(2))
        inbox = mailbox.inbox()
        state = inbox.select()
        filed, marked = inbox.new_uids(0)
        mailbox.person().add_flags([marked], [b"\\Deleted"])
        inbox.move([filed], "Done", uidvalidity=state.uidvalidity)
        assert mailbox.contents("Addendum/Done") == [mail(1)]
        assert mailbox.contents("INBOX") == [*left, mail(2)]
        mailbox.close()


def test_folders_are_named_in_the_servers_own_manner(certificates: Certificates) -> None:
    with Dovecot(certificates, separator=".", prefix="INBOX.") as server:
        mailbox = Mailbox(server)
        mailbox.deliver(mail())
        inbox = mailbox.inbox()
        state = inbox.select()
        inbox.move(inbox.new_uids(0), "Done", uidvalidity=state.uidvalidity)
        assert mailbox.contents("INBOX.Addendum.Done") == [mail()]
        mailbox.close()


# --- the folder of sent mail

LETTER = "<0a1b2c3d@issuer.example>"


def sent_letter(message_id: str = LETTER) -> bytes:
    return f"From: billing@issuer.example\r\nSubject: sent\r\nMessage-ID: {message_id}\r\n\r\nhello\r\n".encode()


def test_a_letter_is_found_in_the_sent_folder_by_its_message_id(mailbox: Mailbox) -> None:
    mailbox.deliver(sent_letter(), folder="Sent")
    inbox = mailbox.inbox()
    assert inbox.find_sent(LETTER, "Sent") is True
    assert inbox.find_sent("<another@issuer.example>", "Sent") is False


def test_part_of_a_message_id_is_not_that_message_id(mailbox: Mailbox) -> None:
    mailbox.deliver(sent_letter("<x-0a1b2c3d@issuer.example>"), folder="Sent")
    mailbox.deliver(b"Subject: a\r\nMessage-ID: x" + LETTER.encode() + b"\r\n\r\nhello\r\n", folder="Sent")
    assert mailbox.inbox().find_sent(LETTER, "Sent") is False


@pytest.mark.parametrize(("sealed", "found"), [("0a1b2c3d@issuer.example", True), ("x0a1b2c3d@issuer.example", False)])
def test_a_letter_is_found_where_a_relay_has_given_it_another_message_id(mailbox: Mailbox, sealed: str, found: bool) -> None:
    letter = sent_letter("<of-the-relay@relay.example>").replace(b"\r\n\r\n", f"\r\nX-Addendum-Id: {sealed}\r\n\r\n".encode())
    mailbox.deliver(letter, folder="Sent")
    assert mailbox.inbox().find_sent(LETTER, "Sent") is found


def test_without_a_sent_folder_nobody_can_know(certificates: Certificates) -> None:
    with Pymap(certificates, users=USERS) as server:
        mailbox = Mailbox(server)
        assert mailbox.inbox().find_sent(LETTER, "Sent") is None
        mailbox.close()


def test_a_sent_folder_of_another_name_is_found_by_its_mark(certificates: Certificates) -> None:
    with Dovecot(certificates) as server:
        mailbox = Mailbox(server)
        mailbox.deliver(sent_letter(), folder="Sent")
        assert mailbox.inbox().find_sent(LETTER, "Gesendete Objekte") is True
        mailbox.person().create_folder("Old sent mail")
        assert mailbox.inbox().find_sent(LETTER, "Old sent mail") is True
        mailbox.close()


@pytest.mark.parametrize("hostile", ['<a"@x> OR ALL', "<a@x>\r\nA9 DELETE INBOX", '<a\\"@x>', "a@x", "", "<ä@x>"])
def test_no_strangers_text_becomes_part_of_a_command(mailbox: Mailbox, hostile: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        mailbox.inbox().find_sent(hostile, "Sent")


def test_odd_but_lawful_message_ids_are_looked_up(mailbox: Mailbox) -> None:
    only_dovecot(mailbox, "pymap searches in what is left of the header after parsing it")
    odd = "<a{5}(b)*%+=$!@issuer.example>"
    mailbox.deliver(sent_letter(odd), folder="Sent")
    assert mailbox.inbox().find_sent(odd, "Sent") is True


def test_reading_goes_on_after_a_look_into_sent(mailbox: Mailbox) -> None:
    mailbox.deliver(mail())
    mailbox.deliver(sent_letter(), folder="Sent")
    inbox = mailbox.inbox()
    inbox.select()
    inbox.find_sent(LETTER, "Sent")
    assert [fetched.raw for fetched in inbox.fetch(inbox.new_uids(0))] == [mail()]


# --- what is told of an error

PRIVATE = "PRIVATE-SALARY line 22"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (imaplib.IMAP4.abort(f"command: FETCH => unexpected response: b'{PRIVATE}'"), "its answer made no sense"),
        (imaplib.IMAP4.abort(f"command: FETCH => socket error: unterminated line: b'{PRIVATE}'"), "the line broke"),
        (imaplib.IMAP4.abort(PRIVATE), "it said goodbye"),
        (imaplib.IMAP4.error(f"FETCH failed: [LIMIT] {PRIVATE}"), "FETCH refused [LIMIT]"),
        (imaplib.IMAP4.error(f"UID command error: BAD [b'{PRIVATE}']"), "UID refused"),
        (imaplib.IMAP4.error(f"{PRIVATE} failed: no"), "error"),
        (ProtocolError(f"No literal corresponds to {PRIVATE}"), "its answer made no sense"),
    ],
)
def test_no_piece_of_a_mail_is_told_with_an_error(mailbox: Mailbox, error: imaplib.IMAP4.error, says: str) -> None:
    session = mailbox.inbox()._session
    with pytest.raises(TryAgainLater) as raised, session.talking():
        raise error
    assert says in str(raised.value)
    assert "SALARY" not in str(raised.value)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("select failed: [NOPERM] ask Ann", "(select failed: [NOPERM] ask Ann)"),
        ("select failed: b'[NOPERM] ask Ann'", "(select failed: [NOPERM] ask Ann)"),
        ('CREATE command error: BAD [b"[CANNOT] don\'t use dots"]', "(CREATE command error: BAD [CANNOT] don't use dots)"),
    ],
)
def test_why_a_command_was_refused_is_told_in_the_servers_words(mailbox: Mailbox, error: str, says: str) -> None:
    with pytest.raises(TryAgainLater) as raised, mailbox.inbox()._session.talking():
        raise imaplib.IMAP4.error(error)
    assert says in str(raised.value)


# --- when the set-up is wrong


def test_a_wrong_password_says_so_and_what_to_check(mailbox: Mailbox) -> None:
    with pytest.raises(Refused, match=r"refused the sign-in of billing.*\[inbox\] user and its password") as refusal:
        mailbox.inbox("not this").select()
    assert "not this" not in str(refusal.value)
    assert refusal.value.exit_code == 2


def test_a_password_that_becomes_right_is_taken_at_the_next_try(mailbox: Mailbox) -> None:
    passwords = iter(["old", PASSWORD])
    settings = InboxSettings(host=mailbox.server.host, port=mailbox.server.port, user=mailbox.user, tls=Tls.NONE)
    with Inbox(settings, lambda: next(passwords)) as inbox:
        with pytest.raises(Refused):
            inbox.select()
        assert inbox.select().exists == 0


def test_a_password_outside_ascii_is_refused_by_the_server_and_not_by_an_accident(mailbox: Mailbox) -> None:
    with pytest.raises((Refused, TryAgainLater)):
        mailbox.inbox("pässwörd").select()


def test_a_password_with_a_line_end_is_never_sent(mailbox: Mailbox) -> None:
    with pytest.raises(SetupError, match="control character"):
        mailbox.inbox("secret\r\nA1 LOGOUT").select()


def test_a_closed_port_says_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    inbox = Inbox(InboxSettings(host="127.0.0.1", port=port, user="a", tls=Tls.NONE), lambda: "b")
    with pytest.raises(Refused, match=rf"Nothing answers at 127.0.0.1:{port}; check \[inbox\] host and port"):
        inbox.select()


def test_a_host_that_does_not_exist_says_so() -> None:
    inbox = Inbox(InboxSettings(host="mail.nowhere.invalid", port=993, user="a"), lambda: "b")
    with pytest.raises(Refused, match=r"no server called mail\.nowhere\.invalid"):
        inbox.select()


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = InboxSettings(
            host="127.0.0.1", port=silent.getsockname()[1], user="a", tls=Tls.NONE, connect_seconds=0.3, read_seconds=0.3
        )
        with pytest.raises(TryAgainLater, match="did not answer in time"):
            Inbox(settings, lambda: "b").select()


class Curt(socketserver.StreamRequestHandler):
    """A server with an empty folder that never answers a sign-out."""

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, command = line.split()[:2]
            if command == b"EXAMINE":
                self.wfile.write(b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1]\r\n* OK [UIDNEXT 1]\r\n")
            if command != b"LOGOUT":
                self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n" * (command == b"CAPABILITY") + tag + b" OK done\r\n")


def test_a_server_that_never_answers_a_sign_out_is_left() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Curt) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        inbox = Inbox(InboxSettings(host="127.0.0.1", port=server.server_address[1], user="a", tls=Tls.NONE), lambda: "b")
        assert inbox.select().exists == 0
        began = time.monotonic()
        inbox.close()
        assert time.monotonic() - began < READ_SECONDS / 2
        server.shutdown()


def test_a_missing_folder_names_those_that_are_near(mailbox: Mailbox) -> None:
    mailbox.person().create_folder("Invoices")
    with pytest.raises(Refused, match=r'no folder "Invoises" in the mailbox; there are Invoices'):
        mailbox.inbox(folder="Invoises").select()


def test_a_plain_connection_is_for_this_machine_only() -> None:
    with pytest.raises(SetupError, match=r'\[inbox\] tls = "none" is for servers on this machine only, not for mail.example.com'):
        InboxSettings(host="mail.example.com", port=143, user="a", tls=Tls.NONE)
    for here in ("localhost", "127.0.0.1", "::1", "imap.localhost"):
        InboxSettings(host=here, port=143, user="a", tls=Tls.NONE)


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_trusted_certificate_is_taken(
    mailbox: Mailbox, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, tls: Tls, host: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    port = mailbox.server.tls_port if tls is Tls.IMPLICIT else mailbox.server.starttls_port
    inbox = mailbox.inbox(host=host, port=port, tls=tls)
    assert inbox.select().exists == 0
    assert "IDLE, MOVE, UIDPLUS of" in inbox.check()[1]


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_password_leaves(mailbox: Mailbox, tls: Tls) -> None:
    port = mailbox.server.tls_port if tls is Tls.IMPLICIT else mailbox.server.starttls_port
    asked = []
    inbox = Inbox(InboxSettings(host="127.0.0.1", port=port, user=mailbox.user, tls=tls), lambda: asked.append(1) or PASSWORD)
    with pytest.raises(Refused, match=r"certificate of 127.0.0.1:\d+ can't be trusted .* SSL_CERT_FILE"):
        inbox.select()
    assert asked == []


def test_tls_spoken_to_a_plain_port_says_so(mailbox: Mailbox) -> None:
    with pytest.raises(Refused, match=r"does not speak TLS as \[inbox\] tls says"):
        mailbox.inbox(tls=Tls.IMPLICIT).select()


def test_a_server_that_hides_starttls_never_gets_the_password(certificates: Certificates) -> None:
    with Pymap(certificates, users=USERS) as server:
        asked = []
        settings = InboxSettings(host=server.host, port=server.port, user=USERS[0], tls=Tls.STARTTLS)
        with pytest.raises(Refused, match="does not offer STARTTLS"):
            Inbox(settings, lambda: asked.append(1) or PASSWORD).select()
        assert asked == []


def test_check_tells_what_it_found(mailbox: Mailbox) -> None:
    mailbox.deliver(mail())
    lines = mailbox.inbox().check()
    assert lines[1] == f"signed in as {mailbox.user}; offers IDLE, MOVE, UIDPLUS of IDLE, MOVE, UIDPLUS"
    assert lines[2] == "INBOX holds 1 mails"
    assert "INBOX" in lines[3]


# --- lesser servers


def without(monkeypatch: pytest.MonkeyPatch, word: bytes) -> None:
    """The server leaves ``word`` out of its answer to SELECT."""
    select = IMAPClient.select_folder
    monkeypatch.setattr(
        IMAPClient, "select_folder", lambda *given, **more: {key: said for key, said in select(*given, **more).items() if key != word}
    )


def test_a_server_that_does_not_say_uidnext_is_asked_for_its_last_mail(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        mailbox.deliver(mail(number))
    expected = mailbox.inbox().select()
    without(monkeypatch, b"UIDNEXT")
    assert mailbox.inbox().select() == replace(expected, guessed=True)


def test_a_server_without_lasting_uids_is_refused(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, b"UIDVALIDITY")
    with pytest.raises(Refused, match="no lasting numbers"):
        mailbox.inbox().select()
