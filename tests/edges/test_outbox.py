"""The outbox against an SMTP server on loopback that plays what goes wrong, step by step."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from typing import Any

import pytest
import structlog

from tests.edges.fake_ledger import FakeLedger
from tests.edges.real_outbox import RealOutbox
from tests.servers import certificates as authorities
from tests.servers.certificates import Certificates
from tests.servers.smtp import Act, Fault, ScriptedSmtp, Step
from worker.core.outcomes import OutgoingLetter
from worker.edges.outbox import Delivered, Outbox, OutboxSettings, Refused, Tls, next_try
from worker.edges.outbox.caps import Caps
from worker.errors import SetupError, TryAgainLater
from worker.stops import Stop

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ON_FILE = "ap@customer.example"
PASSWORD = "correct-horse"  # noqa: S105  of servers that live for a test


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


class Office:
    """An issuer's outbox: its ledger, its server, and rounds of sending."""

    def __init__(self, server: ScriptedSmtp, ledger: FakeLedger | RealOutbox | None = None) -> None:
        self.server = server
        self.clock = Clock()
        self.ledger = ledger or FakeLedger()
        self.contents: dict[int, bytes] = {}
        self.sent_folder: Callable[[str], bool | None] = lambda message_id: any(
            message_id.encode() in letter.content for letter in server.accepted
        )
        self.looked_up: list[str] = []
        self.outbox = self.open()

    def open(self, password: str = PASSWORD, **settings: Any) -> Outbox:
        where = {"host": self.server.host, "port": self.server.port, "tls": Tls.NONE, "read_seconds": 0.4, "data_seconds": 0.4}
        self.outbox = Outbox(OutboxSettings(**where | settings), lambda: password)
        return self.outbox

    def queue(self, *, kind: str = "amend", recipient: str = ON_FILE, invoices: tuple[str, ...] = (), **more: Any) -> int:
        number = len(self.contents) + 1
        message_id = f"<letter{number}@issuer.example>"
        letter = EmailMessage(policy=CRLF)
        letter["Message-ID"] = message_id
        letter.set_content(f"Corrected copy {number}\n.\n.a line that begins with a dot\n")
        outgoing = {"kind": kind, "message_id": message_id, "sender": "billing@issuer.example", "recipient": recipient}
        filled = OutgoingLetter(**outgoing | {"content": letter.as_bytes(), "invoices": invoices} | more)
        number = self.ledger.queue(filled, now=self.clock())
        self.contents[number] = filled.content
        return number

    def deliver(self, *, allowed: Callable[[str], bool] = lambda recipient: recipient.endswith("@customer.example")) -> Delivered:
        return asyncio.run(self.outbox.deliver(self.ledger, now=self.clock, was_sent=self._was_sent, allowed=allowed))

    def state(self, number: int) -> str:
        return self.ledger.letter(number).state

    def error(self, number: int) -> str:
        return self.ledger.letter(number).last_error or ""

    def _was_sent(self, message_id: str) -> bool | None:
        self.looked_up.append(message_id)
        return self.sent_folder(message_id)


@pytest.fixture
def server() -> Iterator[ScriptedSmtp]:
    with ScriptedSmtp() as server:
        yield server


@pytest.fixture(params=["in memory", "SQLite"])
def office(request: pytest.FixtureRequest, server: ScriptedSmtp, database: str) -> Iterator[Office]:
    if request.param == "in memory":
        yield Office(server)
        return
    with RealOutbox.open(database, account=request.node.name, now=START) as ledger:
        yield Office(server, ledger)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('ledger')}/addendum.db"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return authorities.issue(tmp_path_factory.mktemp("certificates"))


# --- all goes well


def test_a_letter_is_sent_once_with_its_very_bytes_and_the_servers_answer_is_kept(office: Office) -> None:
    number = office.queue()
    assert office.deliver().sent == 1
    assert office.deliver().sent == 0
    [accepted] = office.server.accepted
    letter = office.ledger.letter(number)
    assert (accepted.sender, accepted.recipients) == ("billing@issuer.example", (ON_FILE,))
    assert accepted.content == office.contents[number]
    assert (letter.state, letter.attempts, letter.response) == ("sent", 1, "2.0.0 queued as 1")


def test_a_letter_is_marked_as_being_sent_before_its_bytes_leave(office: Office) -> None:
    states: list[str] = []
    number = office.queue()
    office.server._keep_copy = lambda _: states.append(office.state(number))
    office.deliver()
    assert (states, office.state(number)) == (["sending"], "sent")


def test_many_letters_share_one_connection(office: Office) -> None:
    for _ in range(5):
        office.queue()
    assert office.deliver().sent == 5
    assert office.server.connections == 1


def test_nothing_to_send_calls_no_server(office: Office) -> None:
    assert office.deliver() == Delivered()
    assert office.server.connections == 0


def test_more_letters_than_are_read_at_once_all_go(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.edges.outbox.deliveries.LETTERS_AT_ONCE", 3)
    for _ in range(8):
        office.queue()
    assert office.deliver().sent == 8


def test_a_letter_held_back_waits_for_its_time(office: Office) -> None:
    office.queue(not_before=START + timedelta(minutes=5))
    assert office.deliver().sent == 0
    office.clock.pass_(minutes=5)
    assert office.deliver().sent == 1


def test_a_pause_stops_sending(office: Office) -> None:
    office.queue()
    office.ledger.pause(office.clock())
    assert office.deliver().sent == 0
    assert office.server.accepted == []


def test_a_pause_does_not_stop_the_digest_whose_absence_is_an_alarm(office: Office) -> None:
    letter, digest = office.queue(), office.queue(kind="digest")
    office.ledger.pause(office.clock())
    assert office.deliver().sent == 1
    assert (office.state(letter), office.state(digest)) == ("pending", "sent")


def test_a_letter_stopped_at_the_last_moment_does_not_leave(office: Office) -> None:
    stopped, other = office.queue(), office.queue()
    claim = office.ledger.mark_sending
    office.ledger.mark_sending = lambda letter, *, now: letter != stopped and claim(letter, now=now)
    assert office.deliver().sent == 1
    assert [letter.content for letter in office.server.accepted] == [office.contents[other]]


# --- refused before or after DATA


@pytest.mark.parametrize("step", [Step.MAIL, Step.RCPT, Step.DATA, Step.DOT])
def test_a_passing_refusal_is_tried_again_after_a_minute(office: Office, step: Step) -> None:
    office.server.play(Act(step=step, answer="451 4.3.0 not now"))
    number = office.queue()
    assert office.deliver().retried == 1
    letter = office.ledger.letter(number)
    assert (letter.state, letter.attempts, letter.next_try_at) == ("pending", 1, START + timedelta(minutes=1))
    assert "451 4.3.0 not now" in office.error(number)
    assert office.deliver().sent == 0
    office.clock.pass_(minutes=1)
    assert office.deliver().sent == 1
    assert len(office.server.accepted) == 1


@pytest.mark.parametrize("step", [Step.MAIL, Step.RCPT, Step.DATA, Step.DOT])
def test_a_final_refusal_fails_the_letter_and_the_next_one_goes(office: Office, step: Step) -> None:
    office.server.play(Act(step=step, answer="550 5.1.1 no such mailbox"))
    refused, next_one = office.queue(), office.queue()
    done = office.deliver()
    assert (done.failed, done.sent, done.problem) == (1, 1, None)
    assert (office.state(refused), office.state(next_one)) == ("failed", "sent")
    assert "550 5.1.1 no such mailbox" in office.error(refused)
    office.clock.pass_(days=2)
    office.deliver()
    assert len(office.server.accepted) == 1


def test_a_greylisting_server_gets_the_letter_at_the_second_try() -> None:
    with ScriptedSmtp(greylists=True) as server:
        office = Office(server)
        number = office.queue()
        office.deliver()
        assert (office.state(number), server.accepted) == ("pending", [])
        office.clock.pass_(minutes=1)
        office.deliver()
        assert (office.state(number), len(server.accepted)) == ("sent", 1)


def test_a_letter_refused_for_a_whole_day_fails(office: Office) -> None:
    number = office.queue()
    office.server.play(*[Act(step=Step.RCPT, answer="450 4.2.0 mailbox busy")] * 40)
    for _ in range(60):
        office.deliver()
        office.clock.pass_(minutes=60)
    assert office.state(number) == "failed"
    assert "given up after a day: 450 4.2.0 mailbox busy" in office.error(number)
    assert office.server.offered == 27
    assert office.server.accepted == []


def test_the_pauses_grow_from_a_minute_to_an_hour_and_end_within_a_day() -> None:
    pauses = [next_try(attempts, START) for attempts in range(1, 27)]
    minutes = [(moment - START).total_seconds() / 60 for moment in pauses if moment is not None]
    assert minutes == [1, 5, 15, *[60] * 23]
    assert 23 * 60 < sum(minutes) <= 24 * 60
    assert next_try(27, START) is None


# --- the line breaks


@pytest.mark.parametrize("step", [Step.MAIL, Step.RCPT])
def test_a_line_that_breaks_before_data_is_tried_again(office: Office, step: Step) -> None:
    office.server.play(Act(step=step, answer=Fault.DROP))
    number = office.queue()
    assert office.deliver().retried == 1
    assert (office.state(number), office.server.accepted) == ("pending", [])
    office.clock.pass_(minutes=1)
    assert office.deliver().sent == 1
    assert len(office.server.accepted) == 1


def test_a_connection_that_the_server_closed_between_letters_is_opened_again_at_once(office: Office) -> None:
    office.server.play(None, Act(step=Step.MAIL, answer=Fault.DROP))
    office.queue()
    office.queue()
    assert office.deliver().sent == 2
    assert office.server.connections == 2


@pytest.mark.parametrize(
    ("act", "accepted"),
    [
        (Act(step=Step.BODY, answer=Fault.DROP), 0),
        (Act(step=Step.DOT, answer=Fault.DROP), 0),
        (Act(step=Step.DOT, answer=Fault.DROP, accepts=True), 1),
        (Act(step=Step.DOT, answer=Fault.SILENCE), 0),
        (Act(step=Step.DOT, answer=Fault.SILENCE, accepts=True), 1),
        (Act(step=Step.DOT, answer="gibberish", accepts=True), 1),
    ],
    ids=["mid-body", "after dot", "after dot, accepted", "silence", "silence, accepted", "gibberish, accepted"],
)
def test_a_line_that_breaks_in_data_leaves_the_letter_unknown_and_nothing_is_sent_again(office: Office, act: Act, accepted: int) -> None:
    office.server.play(act)
    number = office.queue()
    assert office.deliver().unknown == 1
    assert office.state(number) == "unknown"
    assert "while the letter was being sent" in office.error(number)
    office.clock.pass_(minutes=1)
    office.deliver()
    assert (office.state(number), len(office.server.accepted)) == ("unknown", accepted)
    assert office.looked_up == []


def test_a_server_that_takes_the_data_command_for_the_letter_has_not_got_it(office: Office) -> None:
    office.server.play(Act(step=Step.DATA, answer="250 2.0.0 ok"))
    number = office.queue()
    assert office.deliver().unknown == 1
    assert (office.state(number), office.server.accepted) == ("unknown", [])


def test_the_next_letter_goes_over_a_new_connection_after_one_broke(office: Office) -> None:
    office.server.play(Act(step=Step.DOT, answer=Fault.DROP))
    broken, next_one = office.queue(), office.queue()
    done = office.deliver()
    assert (done.unknown, done.sent) == (1, 1)
    assert (office.state(broken), office.state(next_one), office.server.connections) == ("unknown", "sent", 2)


@pytest.mark.parametrize("step", [Step.MAIL, Step.RCPT, Step.DOT])
def test_a_server_that_falls_silent_ends_the_round_so_that_no_letter_waits_for_it_in_turn(office: Office, step: Step) -> None:
    office.server.play(*[Act(step=step, answer=Fault.SILENCE)] * 4)
    _, *others = [office.queue() for _ in range(4)]
    done = office.deliver()
    assert isinstance(done.problem, TryAgainLater)
    assert office.server.offered == 1
    assert [office.state(number) for number in others] == ["pending"] * 3


@pytest.mark.parametrize("reply", ["421 4.3.2 shutting down"])
def test_a_server_that_shuts_down_is_no_verdict_on_the_letter(office: Office, reply: str) -> None:
    office.server.play(Act(step=Step.DOT, answer=reply))
    first, second = office.queue(), office.queue()
    office.deliver()
    assert (office.state(first), office.state(second)) == ("pending", "sent")


def test_sending_that_is_broken_off_leaves_the_letter_unknown(office: Office) -> None:
    office.server.play(Act(step=Step.DOT, answer=Fault.SILENCE))
    number = office.queue()
    outbox = office.open(data_seconds=30)

    async def stop_in_the_middle() -> None:
        round_ = asyncio.create_task(outbox.deliver(office.ledger, now=office.clock, was_sent=lambda _: None, allowed=lambda _: True))
        while office.state(number) != "sending":
            await asyncio.sleep(0.01)
        # Python 3.11 swallows a cancellation that comes together with an answer, here that to the DATA command.
        await asyncio.sleep(0.2)
        round_.cancel()
        with pytest.raises(asyncio.CancelledError):
            await round_

    asyncio.run(stop_in_the_middle())
    assert office.state(number) == "unknown"


# --- of unknown fate


def make_unknown(office: Office, *, accepted: bool, kind: str = "amend") -> int:
    office.server.play(Act(step=Step.DOT, answer=Fault.DROP, accepts=accepted))
    number = office.queue(kind=kind)
    office.deliver()
    assert office.state(number) == "unknown"
    office.clock.pass_(minutes=2)
    return number


def test_an_unknown_letter_that_lies_in_the_sent_folder_was_sent(office: Office) -> None:
    number = make_unknown(office, accepted=True)
    assert office.deliver().found_sent == 1
    assert (office.state(number), len(office.server.accepted)) == ("sent", 1)
    assert office.looked_up == ["<letter1@issuer.example>"]


@pytest.mark.parametrize("kind", ["amend", "resend", "ask", "answer", "remember", "digest"])
def test_an_unknown_letter_that_was_looked_for_in_vain_goes_again_with_the_same_bytes(office: Office, kind: str) -> None:
    number = make_unknown(office, accepted=False, kind=kind)
    assert office.deliver().sent == 1
    [accepted] = office.server.accepted
    assert accepted.content == office.contents[number]
    assert office.state(number) == "sent"


def test_a_letter_is_sent_again_by_itself_only_once(office: Office) -> None:
    number = make_unknown(office, accepted=False)
    office.server.play(Act(step=Step.DOT, answer=Fault.DROP))
    office.deliver()
    for _ in range(5):
        office.clock.pass_(minutes=10)
        office.deliver()
    assert (office.state(number), office.server.offered) == ("unknown", 2)


def test_a_letter_that_turns_up_in_sent_later_is_settled_all_the_same(office: Office) -> None:
    office.sent_folder = lambda _: False
    number = make_unknown(office, accepted=True, kind="reissue")
    office.deliver()
    assert office.state(number) == "unknown"
    office.sent_folder = lambda _: True
    office.clock.pass_(minutes=8)
    office.deliver()
    assert (office.state(number), len(office.server.accepted)) == ("sent", 1)


def test_a_letter_that_would_do_harm_twice_waits_for_a_person(office: Office) -> None:
    number = make_unknown(office, accepted=False, kind="reissue")
    office.deliver()
    assert (office.state(number), office.server.accepted) == ("unknown", [])


def test_while_nobody_can_look_into_sent_nothing_is_sent_again(office: Office) -> None:
    office.sent_folder = lambda _: None
    number = make_unknown(office, accepted=False)
    office.deliver()
    assert (office.state(number), office.server.accepted) == ("unknown", [])


def look_for_two_days(office: Office) -> list[float]:
    """After how many minutes an unknown letter was looked for, by rounds of sending each minute."""
    minutes = []
    for minute in range(2, 2 * 24 * 60):
        before = len(office.looked_up)
        office.deliver()
        minutes += [minute] * (len(office.looked_up) - before)
        office.clock.pass_(minutes=1)
    return minutes


def test_a_letter_that_nobody_can_find_is_looked_for_less_and_less_often_and_no_more_after_a_day(office: Office) -> None:
    office.sent_folder = lambda _: None
    number = make_unknown(office, accepted=False)
    assert look_for_two_days(office) == [2, 10, 60, *(60 * hours for hours in range(4, 25, 4))]
    assert office.state(number) == "unknown"


def test_a_letter_that_was_sent_again_and_lost_again_is_looked_for_once(office: Office) -> None:
    office.sent_folder = lambda _: False
    number = make_unknown(office, accepted=False)
    office.server.play(Act(step=Step.DOT, answer=Fault.DROP))
    assert len(look_for_two_days(office)) == 2
    assert (office.state(number), office.server.offered) == ("unknown", 2)


def test_a_sent_folder_out_of_reach_is_looked_into_again_later(office: Office) -> None:
    def out_of_reach(_: str) -> bool | None:
        raise TryAgainLater("the IMAP server is away")

    found = office.sent_folder
    office.sent_folder = out_of_reach
    number = make_unknown(office, accepted=True)
    other = office.queue()
    office.deliver()
    assert (office.state(number), office.state(other)) == ("unknown", "sent")
    office.sent_folder = found
    office.clock.pass_(minutes=8)
    office.deliver()
    assert (office.state(number), len(office.server.accepted)) == ("sent", 2)


def test_a_stop_ends_a_look_into_sent_that_hangs(office: Office) -> None:
    number = make_unknown(office, accepted=True)
    office.sent_folder = lambda _: time.sleep(6)
    started = time.monotonic()
    with Stop(grace=0.1), pytest.raises(SystemExit):
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        office.deliver()
    assert time.monotonic() - started < 3
    assert office.state(number) == "unknown"


def test_a_letter_that_a_crash_left_half_sent_is_looked_up_before_anything_else(office: Office) -> None:
    number = office.queue()
    office.ledger.mark_sending(number, now=office.clock())
    office.deliver()
    assert (office.state(number), office.server.accepted) == ("unknown", [])
    office.clock.pass_(minutes=2)
    assert office.deliver().sent == 1


# --- in which order


def sent(office: Office) -> list[bytes]:
    return [letter.content for letter in office.server.accepted]


def test_a_newer_pdf_of_an_invoice_waits_until_the_older_one_has_gone(office: Office) -> None:
    office.server.play(Act(step=Step.RCPT, answer="451 4.7.1 greylisted"))
    first, second = office.queue(invoices=("INV-2041",)), office.queue(invoices=("INV-2042", "INV-2041"), kind="resend")
    other, question = office.queue(invoices=("INV-2043",)), office.queue(invoices=("INV-2041",), kind="ask")
    office.deliver()
    assert sent(office) == [office.contents[other], office.contents[question]]
    assert office.ledger.mark_sending(second, now=office.clock()) is False
    office.clock.pass_(minutes=1)
    office.deliver()
    assert sent(office)[2:] == [office.contents[first], office.contents[second]]


def test_a_newer_pdf_of_an_invoice_goes_once_the_older_one_has_failed(office: Office) -> None:
    office.server.play(Act(step=Step.RCPT, answer="550 5.1.1 no such mailbox"))
    first, second = office.queue(invoices=("INV-2041",)), office.queue(invoices=("INV-2041",))
    office.deliver()
    assert (office.state(first), office.state(second)) == ("failed", "sent")
    assert office.ledger.requeue(first, now=office.clock()) is False


def test_an_older_pdf_of_unknown_fate_holds_up_no_newer_one_and_never_follows_it(office: Office) -> None:
    office.sent_folder = lambda _: False
    office.server.play(Act(step=Step.DOT, answer=Fault.DROP))
    first, second = office.queue(invoices=("INV-2041",)), office.queue(invoices=("INV-2041",))
    for _ in range(3):
        office.deliver()
        office.clock.pass_(minutes=30)
    assert (office.state(first), office.state(second)) == ("unknown", "sent")
    assert sent(office) == [office.contents[second]]
    assert "a newer PDF of the same invoice" in office.error(first)


# --- to whom, and how much


def test_an_address_that_is_not_on_file_gets_nothing(office: Office) -> None:
    number = office.queue(recipient="stranger@elsewhere.example")
    assert office.deliver().failed == 1
    assert (office.state(number), office.server.offered) == ("failed", 0)
    assert "not on file" in office.error(number)


@pytest.mark.parametrize(
    "recipient",
    [
        "ap@customer.example>\r\nRCPT TO:<stranger@elsewhere.example",
        "stranger@elsewhere.example <ap@customer.example>",
        "ap@customer.example, stranger@elsewhere.example",
        "ap@customer.example\x7f",
        "ap",
        "",
    ],
)
def test_what_is_not_one_plain_address_never_reaches_the_server(office: Office, recipient: str) -> None:
    number = office.queue(recipient=recipient)
    office.deliver(allowed=lambda _: True)
    assert (office.state(number), office.server.offered) == ("failed", 0)


def test_an_address_outside_ascii_goes_where_the_server_takes_it(office: Office) -> None:
    office.queue(recipient="jörg@customer.example")
    office.deliver()
    assert [letter.recipients for letter in office.server.accepted] == [("jörg@customer.example",)]


def test_at_most_three_letters_about_an_invoice_leave_in_a_day(office: Office) -> None:
    numbers = [office.queue(invoices=("INV-2041",), recipient=f"ap{number}@customer.example") for number in range(5)]
    done = office.deliver()
    assert (done.sent, done.postponed) == (3, 1)
    assert [office.state(number) for number in numbers] == ["sent"] * 3 + ["pending"] * 2
    assert "3 letters about invoice INV-2041" in office.error(numbers[3])
    assert office.ledger.letter(numbers[3]).attempts == 0
    office.clock.pass_(hours=12)
    assert office.deliver().sent == 0
    office.clock.pass_(hours=13)
    assert office.deliver().sent == 2


def test_at_most_ten_letters_go_to_one_contact_in_an_hour(office: Office) -> None:
    for number in range(12):
        office.queue(invoices=(f"INV-{number}",))
    other = office.queue(recipient="ap@other.customer.example")
    done = office.deliver(allowed=lambda _: True)
    assert (done.sent, done.postponed, office.state(other)) == (11, 2, "sent")
    office.clock.pass_(minutes=61)
    assert office.deliver().sent == 2


def test_a_cap_on_all_letters_in_an_hour_holds_but_lets_the_digest_through(office: Office) -> None:
    office.open(caps=Caps(per_hour=4))
    for number in range(6):
        office.queue(recipient=f"ap{number}@customer.example")
    digest = office.queue(kind="digest", recipient="me@customer.example")
    done = office.deliver()
    assert (done.sent, done.postponed, office.state(digest)) == (5, 2, "sent")
    office.clock.pass_(minutes=61)
    assert office.deliver().sent == 2


def test_no_more_letters_leave_in_a_minute_than_the_provider_takes(office: Office) -> None:
    office.open(caps=Caps(per_minute=2, per_contact_an_hour=100))
    for _ in range(5):
        office.queue()
    done = office.deliver()
    assert (done.sent, done.postponed) == (2, 0)
    assert done.again_at is not None and START < done.again_at <= START + timedelta(minutes=1)
    office.clock.pass_(seconds=30)
    assert office.deliver().sent == 0
    office.clock.pass_(seconds=31)
    assert office.deliver().sent == 2
    office.clock.pass_(seconds=61)
    assert office.deliver().sent == 1


# --- the server and the set-up


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_a_closed_port_blames_no_letter_and_is_tried_with_growing_pauses(office: Office) -> None:
    number = office.queue()
    port = office.server.port
    office.open(port=closed_port())
    done = office.deliver()
    assert isinstance(done.problem, Refused)
    assert "Nothing answers at 127.0.0.1" in str(done.problem) and "[outbox]" in str(done.problem)
    rests = []
    for _ in range(6):
        done = office.deliver()
        assert done.again_at is not None
        rests.append((done.again_at - office.clock()).total_seconds() / 60)
        office.clock.now = done.again_at
        office.deliver()
    assert rests == [1, 5, 15, 60, 60, 60]
    assert (office.state(number), office.ledger.letter(number).attempts) == ("pending", 0)
    office.clock.pass_(days=3)
    office.open(port=port)
    assert office.deliver().sent == 1


def test_a_ledger_that_is_away_gives_the_mail_server_no_rest(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> list[object]:
        raise TryAgainLater("The database can't be reached.")

    office.queue()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(office.ledger, "due_letters", away)
        done = office.deliver()
        assert (str(done.problem), done.again_at) == ("The database can't be reached.", None)
    assert office.deliver().sent == 1


def test_while_the_server_rests_it_is_left_alone() -> None:
    with ScriptedSmtp({"billing": "another"}) as locked:
        guarded = Office(locked)
        guarded.open(user="billing")
        guarded.queue()
        problem = guarded.deliver().problem
        assert isinstance(problem, Refused)
        guarded.clock.pass_(seconds=30)
        assert guarded.deliver().problem is problem
        assert locked.connections == 1
        guarded.clock.pass_(seconds=31)
        guarded.deliver()
        assert locked.connections == 2


def test_a_wrong_password_says_what_to_check_and_keeps_the_letters(caplog: pytest.LogCaptureFixture) -> None:
    with ScriptedSmtp({"billing": PASSWORD}) as server, structlog.testing.capture_logs() as logs:
        office = Office(server)
        office.open("not-this", user="billing")
        number = office.queue()
        done = office.deliver()
        assert isinstance(done.problem, Refused)
        assert "refused the sign-in of billing (535" in str(done.problem)
        assert "not-this" not in f"{done.problem}{logs}{caplog.text}"
        assert (office.state(number), office.ledger.letter(number).attempts, server.offered) == ("pending", 0, 0)


def test_the_right_password_signs_in() -> None:
    with ScriptedSmtp({"billing": PASSWORD}) as server:
        office = Office(server)
        office.open(user="billing")
        office.queue()
        assert office.deliver().sent == 1


def test_a_server_that_wants_a_sign_in_from_a_client_without_one_blames_the_set_up() -> None:
    with ScriptedSmtp({"billing": PASSWORD}) as server:
        office = Office(server)
        number = office.queue()
        done = office.deliver()
        assert isinstance(done.problem, Refused)
        assert office.state(number) == "pending"


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_letters_go_over_tls_to_a_server_with_a_trusted_certificate(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch, tls: Tls, host: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    with ScriptedSmtp({"billing": PASSWORD}, tls=tls.value, context=certificates.server_context()) as server:
        office = Office(server)
        office.open(host=host, tls=tls, user="billing")
        office.queue()
        assert office.deliver() == Delivered(sent=1)


@pytest.mark.parametrize("tls", [Tls.IMPLICIT, Tls.STARTTLS])
def test_a_certificate_that_nobody_vouches_for_gets_neither_password_nor_letter(certificates: Certificates, tls: Tls) -> None:
    with ScriptedSmtp({"billing": PASSWORD}, tls=tls.value, context=certificates.server_context()) as server:
        office = Office(server)
        asked: list[int] = []
        settings = OutboxSettings(host=server.host, port=server.port, tls=tls, user="billing")
        office.outbox = Outbox(settings, lambda: asked.append(1) or PASSWORD)
        number = office.queue()
        done = office.deliver()
        assert isinstance(done.problem, Refused)
        assert "can't be trusted" in str(done.problem)
        assert (office.state(number), asked, server.offered) == ("pending", [], 0)


def test_a_server_without_starttls_gets_nothing_in_the_clear(office: Office) -> None:
    office.open(tls=Tls.STARTTLS, user="billing")
    office.queue()
    assert "does not offer STARTTLS" in str(office.deliver().problem)
    assert office.server.offered == 0


def test_a_plain_connection_is_for_this_machine_only() -> None:
    with pytest.raises(SetupError, match=r'\[outbox\] tls = "none"'):
        OutboxSettings(host="mail.example.com", port=25, tls=Tls.NONE)


def test_a_server_that_takes_nobody_just_now_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, ScriptedSmtp() as server:
        office = Office(server)
        office.open(port=silent.getsockname()[1], connect_seconds=0.3)
        office.queue()
        assert isinstance(office.deliver().problem, TryAgainLater)


def test_check_tells_what_it_found_and_raises_what_is_wrong(office: Office) -> None:
    [line] = asyncio.run(office.outbox.check())
    assert f"127.0.0.1:{office.server.port} (none), not signed in; offers" in line
    with pytest.raises(Refused, match="Nothing answers"):
        asyncio.run(office.open(port=closed_port()).check())
