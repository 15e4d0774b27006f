"""Large mails: stored and given back piece by piece, to the byte, and together with all that is stored with them or not at all."""

from __future__ import annotations

import random

import pytest

from tests.edges.ledger.samples import FOLDER, LATER, NOW, arrival, count
from worker.edges.ledger import Cursor, Ledger, bulks

LARGE = random.Random(3).randbytes(bulks.LARGE + bulks._PIECE // 2 + 7)  # noqa: S311  only noise
EDGE = LARGE[: bulks.LARGE]


def test_a_large_mail_comes_back_to_the_byte_among_small_ones(ledger: Ledger) -> None:
    taken = ledger.receive([arrival(1), arrival(2, raw=LARGE), arrival(3, raw=EDGE)], None, now=NOW)
    begun = [ledger.begin(message, now=NOW) for message in taken]
    assert [each.raw for each in begun if each is not None] == [arrival(1).raw, LARGE, EDGE]


def test_a_large_mail_seen_again_is_stored_once(ledger: Ledger, url: str) -> None:
    ledger.receive([arrival(1, raw=LARGE)], None, now=NOW)
    assert ledger.receive([arrival(1, raw=LARGE)], None, now=LATER) == []
    assert count(url, "raw_messages") == 1


def test_what_fails_with_a_large_mail_leaves_nothing_of_it(ledger: Ledger, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.edges.ledger.intake._move_cursor", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ledger.receive([arrival(1, raw=LARGE)], Cursor(folder=FOLDER, uidvalidity=1, last_uid=1), now=NOW)
    assert (count(url, "messages"), count(url, "raw_messages")) == (0, 0)


def test_large_mails_are_not_looked_at_ahead(ledger: Ledger) -> None:
    taken = ledger.receive([arrival(1), arrival(2, raw=EDGE)], None, now=NOW)
    assert ledger.raw_mails(taken, largest=1000) == [arrival(1).raw]
