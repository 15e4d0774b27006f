"""Taking mail in: every sighting is kept, every message only once, and the cursor moves in the same commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.edges.ledger.samples import FOLDER, LATER, NOW, arrival, count, plain_outcome
from worker.edges.ledger import Arrival, Cursor, Ledger


def at(last_uid: int, uidvalidity: int = 11) -> Cursor:
    return Cursor(folder=FOLDER, uidvalidity=uidvalidity, last_uid=last_uid)


def reached(ledger: Ledger) -> Cursor:
    """How far the folder was read, whenever that began."""
    cursor = ledger.cursor(FOLDER)
    assert cursor is not None
    return replace(cursor, watched_since=None)


def test_the_day_a_folder_was_first_read_is_remembered(ledger: Ledger) -> None:
    ledger.start_cursor(at(20000), now=NOW)
    ledger.receive([arrival(20001)], at(20001), now=LATER)
    cursor = ledger.cursor(FOLDER)
    assert cursor is not None
    assert cursor.watched_since == NOW


def test_a_folder_never_read_has_no_cursor(ledger: Ledger) -> None:
    assert ledger.cursor(FOLDER) is None


def test_a_cursor_started_at_the_end_leaves_history_alone(ledger: Ledger) -> None:
    ledger.start_cursor(at(20000), now=NOW)
    assert reached(ledger) == at(20000)
    assert ledger.cursor("Archive") is None


def test_received_mail_waits_in_the_order_of_its_arrival_with_its_very_bytes(ledger: Ledger) -> None:
    raw = bytes(range(256)) * 3
    taken = ledger.receive([arrival(1), arrival(2, raw=raw)], at(2), now=NOW)
    assert ledger.waiting(NOW) == taken
    begun = ledger.begin(taken[1], now=NOW)
    assert begun is not None
    assert (begun.raw, begun.attempts, begun.received_at, begun.folder, begun.collides) == (raw, 1, NOW, FOLDER, False)
    assert reached(ledger) == at(2)


def test_the_same_sighting_fetched_again_is_a_quiet_no(ledger: Ledger, url: str) -> None:
    ledger.receive([arrival(1), arrival(2)], at(2), now=NOW)
    assert ledger.receive([arrival(1), arrival(2), arrival(2)], at(2), now=NOW) == []
    assert (count(url, "messages"), count(url, "sightings")) == (2, 2)


def again(uid: int, of: int, **changes: Any) -> Arrival:
    """The same mail as ``of``, seen under another UID."""
    return arrival(uid, message_id=arrival(of).message_id, content_hash=arrival(of).content_hash, **changes)


def test_a_redelivered_copy_is_another_sighting_of_the_same_message(ledger: Ledger, url: str) -> None:
    [message] = ledger.receive([arrival(1), again(5, of=1)], at(5), now=NOW)
    assert ledger.waiting(NOW) == [message]
    assert (count(url, "messages"), count(url, "sightings"), count(url, "raw_messages")) == (1, 2, 1)


def test_after_a_change_of_uidvalidity_the_mail_is_known_by_its_content(ledger: Ledger, url: str) -> None:
    ledger.receive([arrival(1), arrival(2)], at(2), now=NOW)
    fresh = [
        again(101, of=1, uidvalidity=12),
        arrival(102, uidvalidity=12),
    ]
    assert len(ledger.receive(fresh, at(102, 12), now=LATER)) == 1
    assert count(url, "messages") == 3
    assert reached(ledger) == at(102, 12)


def test_a_mail_without_a_message_id_is_known_by_its_content_alone(ledger: Ledger) -> None:
    nameless = [arrival(1, message_id=None), arrival(2, message_id=None), arrival(3, message_id=None, content_hash=arrival(1).content_hash)]
    taken = ledger.receive(nameless, at(3), now=NOW)
    assert len(taken) == 2
    assert [begun.collides for message in taken if (begun := ledger.begin(message, now=NOW))] == [False, False]


def test_the_same_message_id_with_other_content_is_taken_in_and_flagged(ledger: Ledger) -> None:
    first, second = ledger.receive([arrival(1), arrival(2, message_id="<1@havn.example>")], at(2), now=NOW)
    begun_first, begun_second = ledger.begin(first, now=NOW), ledger.begin(second, now=NOW)
    assert begun_first is not None and not begun_first.collides
    assert begun_second is not None and begun_second.collides


HOSTILE = ["<" + "x" * 30_000 + "@havn.example>", "<null\0byte@havn.example>", "<\udcff\ud800@havn.example>", "<ünï@havn.example>"]


@pytest.mark.parametrize("message_id", HOSTILE, ids=["overlong", "nul", "surrogates", "umlauts"])
def test_a_hostile_message_id_is_taken_in_once(ledger: Ledger, url: str, message_id: str) -> None:
    assert len(ledger.receive([arrival(1, message_id=message_id)], at(1), now=NOW)) == 1
    assert ledger.receive([arrival(7, message_id=message_id, content_hash=arrival(1).content_hash)], at(7), now=NOW) == []
    assert count(url, "messages") == 1


def test_the_cursor_never_moves_back(ledger: Ledger) -> None:
    ledger.receive([arrival(9)], at(9), now=NOW)
    ledger.receive([arrival(3)], at(3), now=LATER)
    assert reached(ledger) == at(9)


def test_a_look_back_does_not_move_the_cursor(ledger: Ledger) -> None:
    ledger.start_cursor(at(50), now=NOW)
    ledger.receive([arrival(40)], None, now=NOW)
    assert reached(ledger) == at(50)


def test_only_the_uids_of_the_look_back_are_read(ledger: Ledger) -> None:
    ledger.receive([arrival(uid) for uid in range(1, 60)], at(59), now=NOW)
    assert ledger.known_uids(FOLDER, 11, 55) == {56, 57, 58, 59}
    assert ledger.known_uids(FOLDER, 12, 0) == set()


def test_an_empty_batch_only_moves_the_cursor(ledger: Ledger) -> None:
    assert ledger.receive([], at(7), now=NOW) == []
    assert reached(ledger) == at(7)


def test_a_mail_begun_three_times_without_an_end_is_parked_and_never_begun_again(ledger: Ledger) -> None:
    [message] = ledger.receive([arrival(1)], at(1), now=NOW)
    for attempt in (1, 2, 3):
        assert ledger.waiting(NOW) == [message]
        begun = ledger.begin(message, now=NOW)
        assert begun is not None and begun.attempts == attempt
    assert ledger.begin(message, now=NOW) is None
    assert ledger.waiting(NOW) == []
    [failure] = ledger.digest_facts(NOW - timedelta(days=1), NOW).failures
    assert "begun 3 times and never finished" in failure.reason
    assert ledger.health().failed == 1


def test_a_mail_that_failed_rests_before_its_next_try_and_is_given_up_after_three(ledger: Ledger) -> None:
    [message] = ledger.receive([arrival(1)], at(1), now=NOW)
    ledger.begin(message, now=NOW)
    assert ledger.fail(message, "the PDF reader timed out", now=NOW) is False
    assert ledger.waiting(NOW + timedelta(seconds=59)) == []
    second = NOW + timedelta(minutes=1)
    assert ledger.waiting(second) == [message]
    ledger.begin(message, now=second)
    assert ledger.fail(message, "the PDF reader timed out", now=second) is False
    third = second + timedelta(minutes=5)
    assert ledger.waiting(third - timedelta(seconds=1)) == []
    ledger.begin(message, now=third)
    assert ledger.fail(message, "the PDF reader timed out", now=third) is True
    assert ledger.waiting(third + timedelta(days=1)) == []


def test_a_mail_put_off_rests_twice_as_long_each_time_up_to_an_hour_and_no_try_is_counted(ledger: Ledger) -> None:
    [message] = ledger.receive([arrival(1)], at(1), now=NOW)
    now = NOW
    for minutes in (1, 2, 4, 8, 16, 32, 60, 60):
        begun = ledger.begin(message, now=now)
        assert begun is not None and begun.attempts == 1
        ledger.put_off(message, "amend.txt.j2, line 1: no moon", now=now)
        now += timedelta(minutes=minutes)
        assert ledger.waiting(now - timedelta(seconds=1)) == []
        assert ledger.waiting(now) == [message]
    ledger.note_pass(now=now)
    assert ledger.health().last_error == "amend.txt.j2, line 1: no moon"


def test_a_decided_mail_is_neither_begun_nor_failed(ledger: Ledger) -> None:
    [message] = ledger.receive([arrival(1)], at(1), now=NOW)
    ledger.begin(message, now=NOW)
    ledger.record(plain_outcome(message), now=NOW)
    assert ledger.begin(message, now=NOW) is None
    assert ledger.fail(message, "too late", now=NOW) is False
    assert ledger.waiting(LATER) == []
    assert ledger.health().failed == 0


def test_a_mail_of_forty_megabytes_comes_back_whole(ledger: Ledger) -> None:
    raw = bytes(range(251)) * 167_000
    [message] = ledger.receive([arrival(1, raw=raw)], at(1), now=NOW)
    begun = ledger.begin(message, now=NOW)
    assert begun is not None and begun.raw == raw
