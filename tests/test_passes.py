"""Passes over a real mailbox: what is taken in, what is left alone, what goes on when a step fails, and a crash at every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from tests.samples import AP, MAILBOX, NOW, OWNER, PASSWORD, asks_nothing, gives_po, mail
from tests.servers.villages import MINUTE, Village
from worker import evenings, intake, passes, wiring
from worker.demo.servers import ImapServer
from worker.edges import mime
from worker.edges.inbox import Inbox, fetching
from worker.edges.ledger import Ledger
from worker.edges.letters import Letter
from worker.errors import SetupError, TryAgainLater
from worker.intake import Intake


class Crash(BaseException):
    """The end of the process, as far as one process can play it."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A call to a part of the worker; ``after`` is whether the crash comes after it or just before."""

    part: type
    call: str
    after: bool

    def bring_down(self, part: Ledger | Inbox) -> None:
        setattr(part, self.call, _falling(getattr(part, self.call), after=self.after))

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} {self.part.__name__}.{self.call}"


STEPS = [
    Step(part=part, call=call, after=after)
    for part, calls in (
        (Ledger, ("receive", "begin", "record", "mark_sending", "mark_sent", "filed", "note_pass")),
        (Inbox, ("select", "fetch", "move")),
    )
    for call in calls
    for after in (False, True)
]


def _falling(call: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def falling(*given: Any, **named: Any) -> Any:
        if after:
            call(*given, **named)
        raise Crash

    return falling


def test_the_first_pass_takes_nothing_from_history_and_the_second_what_came_since(village: Village) -> None:
    village.deliver(gives_po("LS-1042", message_id="<old@orchard.example>"))
    assert village.once().taken_in == 0
    village.deliver(gives_po())
    tally = village.once()
    assert (tally.taken_in, tally.handled, tally.delivered, tally.filed, tally.troubles) == (1, 1, 1, 1, {})
    assert village.once().taken_in == 0
    assert village.amendments("LS-1042") == 0


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_a_crash_at_any_step_leaves_one_amendment_one_letter_and_one_filed_mail(village: Village, step: Step) -> None:
    village.once()
    village.deliver(gives_po())

    with pytest.raises(Crash):
        village.once(change=lambda ledger, inbox: step.bring_down(ledger if step.part is Ledger else inbox))
    for _ in range(3):
        village.once(later=3 * MINUTE)

    assert village.amendments() == 1
    assert len(village.replies()) == 1
    assert len(village.in_folder("Addendum/Done")) == 1
    assert village.in_folder("INBOX") == []
    with village.ledger() as ledger:
        health = ledger.health()
        assert (health.undecided, health.unsent, health.unknown, health.failed, health.last_error) == (0, 0, 0, 0, None)
        assert ledger.verify_chain() == []


def test_mail_that_a_server_shows_late_is_still_found(village: Village) -> None:
    village.once()
    village.deliver(gives_po())
    village.deliver(asks_nothing())
    with village.ledger() as ledger, village.mailbox() as inbox:
        hidden = min(inbox.new_uids(after=0))
        seen = inbox.new_uids
        inbox.new_uids = lambda after: [uid for uid in seen(after) if uid != hidden]
        passes.run(village.round(ledger, inbox))
    assert village.amendments() == 0
    assert village.once().taken_in == 1
    assert village.amendments() == 1


def test_history_below_the_look_back_stays_history(village: Village) -> None:
    for number in range(5):
        village.deliver(gives_po(message_id=f"<old{number}@orchard.example>"))
    village.once()
    village.deliver(asks_nothing())
    assert village.once().taken_in == 1
    assert village.once().taken_in == 0
    assert village.amendments() == 0


def test_mail_a_person_has_read_or_flagged_is_taken_in_all_the_same_and_nothing_is_marked_by_us(village: Village) -> None:
    village.once()
    village.deliver(asks_nothing())
    village.once()
    [stored] = village.imap.stored(MAILBOX, "INBOX")
    assert not any(b"Seen" in flag if isinstance(flag, bytes) else "Seen" in str(flag) for flag in stored.flags)


def test_backlog_takes_in_what_was_there_before_once(village: Village) -> None:
    village.deliver(gives_po("LS-1042", "4500000042", message_id="<ancient@orchard.example>"), at=NOW - timedelta(days=40))
    village.deliver(gives_po(), at=NOW - timedelta(days=3))
    village.once()
    with village.ledger() as ledger, village.mailbox() as inbox:
        drawer = Intake(inbox=inbox, ledger=ledger, folder="INBOX")
        assert intake.backlog(drawer, days=10, now=village.now) == 1
        assert intake.backlog(drawer, days=10, now=village.now) == 0
    assert village.once().handled == 1
    assert village.amendments() == 1


def test_a_mailbox_whose_uids_have_changed_is_read_again_and_nothing_is_done_twice(village: Village) -> None:
    village.deliver(gives_po("LS-1050", "77", message_id="<history@mill.example>"), at=NOW - timedelta(days=1))
    village.once()
    village.deliver(gives_po())
    village.once()
    assert village.amendments() == 1

    with ImapServer({MAILBOX: PASSWORD}) as elsewhere:
        for raw in (gives_po("LS-1050", "77", message_id="<history@mill.example>"),):
            elsewhere.deliver(MAILBOX, raw, at=NOW - timedelta(days=1))
        elsewhere.deliver(MAILBOX, gives_po(), at=village.now)
        elsewhere.deliver(MAILBOX, gives_po("LS-1042", "4500000042", message_id="<new@orchard.example>"), at=village.now + MINUTE)
        village.move_to(elsewhere.port)
        assert village.once(later=2 * MINUTE).taken_in == 1
        assert village.once().taken_in == 0
        elsewhere.deliver(MAILBOX, asks_nothing(), at=village.now)
        assert village.once().taken_in == 1

    assert village.amendments() == 1
    assert [letter.recipients for letter in village.smtp.accepted] == [(AP,), (AP,)]


def test_a_mailbox_that_cannot_be_reached_stops_neither_handling_nor_delivery(village: Village) -> None:
    village.once()
    village.deliver(gives_po())
    with village.ledger() as ledger, village.mailbox() as inbox:
        intake.take_in(Intake(inbox=inbox, ledger=ledger, folder="INBOX"), now=village.now)
    village.move_to(port=1)

    tally = village.once()

    assert (tally.handled, tally.delivered) == (1, 1)
    assert set(tally.troubles) >= {passes.TAKE_IN}
    with village.ledger() as ledger:
        assert "127.0.0.1" in str(ledger.health().last_error)


def test_one_bad_mail_never_stops_the_next(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = mime.parse

    def picky(raw: bytes, **rest: Any) -> Any:
        if b"bad@orchard" in raw:
            raise RuntimeError(raw)
        return parse(raw, **rest)

    monkeypatch.setattr(mime, "parse", picky)
    village.once()
    village.deliver(gives_po(message_id="<bad@orchard.example>"))
    village.deliver(gives_po())
    tally = village.once()
    assert (tally.handled, tally.troubles) == (2, {})
    assert village.amendments() == 1
    for _ in range(3):
        village.once(later=10 * MINUTE)
    assert [b"<bad@orchard.example>" in raw for raw in village.in_folder("Addendum/Waiting")] == [True]


def test_a_template_that_breaks_on_one_letter_is_told_and_the_other_mails_go_on(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    village.once()
    village.deliver(gives_po())
    village.deliver(gives_po("LS-1042", "4500000042", message_id="<two@orchard.example>"))
    with village.ledger() as ledger, village.mailbox() as inbox, monkeypatch.context() as patch:
        round = village.round(ledger, inbox)
        write = round.desk.press.letters.write
        patch.setattr(round.desk.press.letters, "write", lambda reply: _broken() if reply.action == "amend" else write(reply))
        for _ in range(4):
            tally = passes.run(round)
            assert str(tally.troubles[passes.HANDLE]) == "amend.txt.j2, line 1: no moon"
            village.now += 60 * MINUTE
        assert ledger.health().last_error == "amend.txt.j2, line 1: no moon"
        assert ledger.health().failed == 0
    assert len(village.replies()) == 1
    assert village.once().troubles == {}
    assert (village.amendments(), len(village.replies())) == (1, 2)


def test_mails_that_a_template_breaks_on_block_none_behind_them(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    village.once()
    for number in range(passes.MOST_TROUBLED):
        village.deliver(gives_po(message_id=f"<{number}@orchard.example>"))
    village.deliver(gives_po("LS-1042", "4500000042", message_id="<behind@orchard.example>"))
    with village.ledger() as ledger, village.mailbox() as inbox, monkeypatch.context() as patch:
        round = village.round(ledger, inbox)
        write = round.desk.press.letters.write
        patch.setattr(round.desk.press.letters, "write", lambda reply: _broken() if reply.action == "amend" else write(reply))
        passes.run(round)
        tally = passes.run(round)
        assert (tally.handled, tally.troubles) == (1, {})
        assert ledger.health().last_error == "amend.txt.j2, line 1: no moon"
    assert len(village.replies()) == 1


def _broken() -> Letter:
    raise SetupError("amend.txt.j2, line 1: no moon")


def test_a_pass_gives_up_where_every_mail_meets_trouble(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    village.once()
    for number in range(passes.MOST_TROUBLED + 2):
        village.deliver(asks_nothing(f"<{number}@elsewhere.example>"))
    tried = []
    with village.ledger() as ledger, village.mailbox() as inbox:

        def locked(mail: int, **_: object) -> None:
            tried.append(mail)
            raise TryAgainLater("The database is locked.")

        monkeypatch.setattr(ledger, "begin", locked)
        assert str(passes.run(village.round(ledger, inbox)).troubles[passes.HANDLE]) == "The database is locked."
    assert len(tried) == passes.MOST_TROUBLED
    assert village.once().handled == passes.MOST_TROUBLED + 2


def test_a_bug_in_one_step_is_noted_and_the_other_steps_go_on(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    village.once()
    village.deliver(gives_po())
    with village.ledger() as ledger, village.mailbox() as inbox:
        monkeypatch.setattr(ledger, "unfiled", lambda *_, **__: 1 // 0)
        tally = passes.run(village.round(ledger, inbox))
    assert village.amendments() == 1
    assert "ZeroDivisionError" in str(tally.troubles["file"])


def test_filing_that_fails_is_tried_again_and_nothing_is_done_twice(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    village.once()
    village.deliver(gives_po())
    with village.ledger() as ledger, village.mailbox() as inbox:
        monkeypatch.setattr(inbox, "move", _refusing)
        assert str(passes.run(village.round(ledger, inbox)).troubles["file"]) == "no room"
    village.once()
    assert len(village.in_folder("Addendum/Done")) == 1
    assert len(village.replies()) == 1


def test_mail_that_the_server_does_not_move_for_hours_is_told_of_and_moved_in_the_end(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.once()
    village.deliver(gives_po())
    with village.ledger() as ledger, village.mailbox() as inbox:
        monkeypatch.setattr(inbox, "move", _refusing)
        for _ in range(24):
            passes.run(village.round(ledger, inbox))
            village.now += timedelta(hours=1)
        assert (ledger.health().unfiled, ledger.health().filing_error) == (1, "no room")
    village.once()
    assert len(village.in_folder("Addendum/Done")) == 1
    with village.ledger() as ledger:
        assert ledger.health().unfiled == 0


def test_a_mailbox_out_of_reach_is_no_try_to_file(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    village.once()
    village.deliver(gives_po())
    with village.ledger() as ledger, village.mailbox() as inbox, monkeypatch.context() as patch:
        patch.setattr(inbox, "move", _refusing)
        intake.take_in(village.round(ledger, inbox).intake, now=village.now)
        passes.handle_waiting(village.round(ledger, inbox), passes.Tally())
        patch.setattr(inbox, "select", _refusing)
        for _ in range(30):
            with pytest.raises(TryAgainLater):
                passes.file_away(village.round(ledger, inbox))
        assert len(ledger.unfiled("INBOX", ledger.cursor("INBOX").uidvalidity, 10, now=village.now)) == 1
        assert ledger.health().unfiled == 0


def _refusing(*_: object, **__: object) -> None:
    raise TryAgainLater("no room")


def test_a_worker_told_to_stop_finishes_its_mail_and_leaves_the_rest(village: Village) -> None:
    village.once()
    whole = village.now
    village.now += timedelta(minutes=1)
    for number in range(3):
        village.deliver(asks_nothing(f"<{number}@elsewhere.example>"))
    answers = iter([False, True])
    with village.ledger() as ledger, village.mailbox() as inbox:
        tally = passes.run(replace(village.round(ledger, inbox), stopping=lambda: next(answers, True)))
        assert (ledger.health().last_good_pass, ledger.health().newest_mail) == (whole, village.now)
    assert (tally.taken_in, tally.handled) == (3, 1)
    assert village.once().handled == 2


def test_paused_mail_is_still_read_and_its_letter_waits(village: Village) -> None:
    village.once()
    with village.ledger() as ledger:
        ledger.pause(village.now)
    village.deliver(gives_po())
    village.once()
    assert village.amendments() == 1
    assert village.replies() == []
    with village.ledger() as ledger:
        ledger.resume()
    village.once()
    assert len(village.replies()) == 1


def test_a_mail_larger_than_can_be_fetched_waits_for_a_person(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAIL_BYTES", 200)
    monkeypatch.setattr(fetching, "BATCH_BYTES", 100)
    village.once()
    village.deliver(mail("Please put PO 4500123456 on invoice LS-1041.", subject="Documents for you"))
    village.once()
    assert village.amendments() == 0
    with village.ledger() as ledger:
        [hold] = ledger.holds()
        assert "only its headers" in hold.decision.reason


def test_the_digest_goes_out_once_a_day_at_its_hour_also_when_empty(village: Village) -> None:
    sent = []
    for minutes in (0, 8 * 60, 5, 60, 24 * 60, 1):
        village.now += minutes * MINUTE
        with village.ledger() as ledger, village.mailbox() as inbox:
            round = village.round(ledger, inbox)
            evening = wiring.evening(village.settings, round.desk)
            sent.append(evenings.send_if_due(evening))
            passes.run(round)
    assert [day.isoformat() if day else None for day in sent] == [None, "2026-11-22", None, None, "2026-11-23", None]
    digests = [letter.content for letter in village.smtp.accepted if letter.recipients == (OWNER,)]
    assert len(digests) == 2
    assert all(b"Auto-Submitted: auto-generated" in content for content in digests)


def test_the_digests_numbers_add_up_to_all_mail_seen(village: Village) -> None:
    village.once()
    village.deliver(gives_po())
    village.deliver(gives_po("LS-1043", message_id="<paid@orchard.example>"))
    village.deliver(asks_nothing())
    village.once()
    with village.ledger() as ledger:
        tally = ledger.digest_facts(NOW - timedelta(days=1), village.now).tally
    assert (tally.seen, tally.amended, tally.held, tally.ignored) == (3, 1, 1, 1)
    assert tally.adds_up
