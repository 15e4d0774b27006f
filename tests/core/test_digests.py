"""The digest's numbers add up, it says when something is wrong, and it comes once a local day whatever the clocks do."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core import digests, specimens
from worker.core.digests import Health, Tally, WaitingFor

BERLIN = ZoneInfo("Europe/Berlin")
FULL, EMPTY, WRONG = specimens.digests()
FATES = [each.name for each in fields(Tally) if each.name != "seen"]


def at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@given(st.lists(st.sampled_from(FATES)), st.integers(min_value=0, max_value=3))
def test_every_mail_seen_became_exactly_one_thing(fates: list[str], lost: int) -> None:
    counts = {fate: fates.count(fate) for fate in FATES}
    assert Tally(seen=len(fates), **counts).adds_up
    assert Tally(seen=len(fates) + lost, **counts).adds_up is (lost == 0)
    assert Tally(seen=0, **counts).accounted == len(fates)


def test_the_specimen_evenings_add_up() -> None:
    assert FULL.tally.adds_up
    assert EMPTY.tally.adds_up
    assert not WRONG.tally.adds_up


def test_a_lost_mail_is_never_a_quiet_evening() -> None:
    assert EMPTY.quiet
    assert not replace(EMPTY, tally=Tally(seen=13, ignored=12)).quiet


@pytest.mark.parametrize(
    "health",
    [
        Health(),
        Health(last_good_pass=EMPTY.until - timedelta(minutes=61)),
        Health(last_good_pass=EMPTY.until, paused=True),
        Health(last_good_pass=EMPTY.until, last_error="The server refused the password."),
    ],
)
def test_a_worker_in_trouble_is_never_a_quiet_evening(health: Health) -> None:
    ill = replace(EMPTY, health=health)
    assert not ill.quiet
    assert ill.headline == "needs attention"


def test_the_headline_counts_what_was_applied_waits_and_failed() -> None:
    assert replace(FULL, applied=FULL.applied * 2, waiting=FULL.waiting[:1], failures=()).headline == "4 applied, 1 waits"
    assert FULL.headline == "2 applied, 3 wait, 3 failed"
    assert EMPTY.headline == "all quiet (12 mails read)"
    assert replace(EMPTY, tally=Tally(seen=1, asked=1)).headline == "all quiet (1 mail read)"


def test_what_waits_is_told_apart_by_what_it_needs() -> None:
    assert [FULL.waiting_for(needs)[0].needs for needs in WaitingFor] == list(WaitingFor)


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        ("2026-11-22T17:29:59", date(2026, 11, 21), None),
        ("2026-11-22T17:30:00", date(2026, 11, 21), date(2026, 11, 22)),
        ("2026-11-22T17:30:00", date(2026, 11, 22), None),
        ("2026-11-23T00:10:00", date(2026, 11, 22), None),
        ("2026-11-23T00:10:00", date(2026, 11, 21), date(2026, 11, 22)),  # down in the evening, up after midnight
        ("2026-11-26T09:00:00", date(2026, 11, 21), date(2026, 11, 25)),  # down for days: one digest, not four
        ("2026-11-26T09:00:00", date(2026, 11, 25), None),
        ("2026-11-22T09:00:00", None, None),
        ("2026-11-22T18:00:00", None, date(2026, 11, 22)),
        ("2026-11-22T18:00:00", date(2026, 11, 24), None),  # the clock was set back
    ],
)
def test_a_digest_is_due_once_a_local_day(now: str, last: date | None, expected: date | None) -> None:
    assert digests.due(at(now), time(17, 30), BERLIN, last) == expected


def test_a_skipped_hour_does_not_skip_the_digest() -> None:
    half_past_two, yesterday, today = time(2, 30), date(2026, 3, 28), date(2026, 3, 29)
    assert digests.due(at("2026-03-29T01:59:59"), half_past_two, BERLIN, yesterday) is None
    assert digests.due(at("2026-03-29T03:30:00"), half_past_two, BERLIN, yesterday) == today
    assert digests.due(at("2026-03-29T04:00:00"), half_past_two, BERLIN, today) is None


def test_a_repeated_hour_does_not_repeat_the_digest() -> None:
    half_past_two, yesterday, today = time(2, 30), date(2026, 10, 24), date(2026, 10, 25)
    assert digests.due(at("2026-10-25T02:29:00"), half_past_two, BERLIN, yesterday) is None
    assert digests.due(at("2026-10-25T02:30:00"), half_past_two, BERLIN, yesterday) == today
    assert digests.due(at("2026-10-25T02:30:00", fold=1), half_past_two, BERLIN, today) is None


def test_a_day_that_the_calendar_leaves_out_is_no_digest_of_its_own() -> None:
    samoa = ZoneInfo("Pacific/Apia")  # went from 29 to 31 December 2011
    assert digests.due(at("2011-12-31T10:00:00", samoa), time(17, 30), samoa, date(2011, 12, 29)) is None
    assert digests.due(at("2011-12-31T18:00:00", samoa), time(17, 30), samoa, date(2011, 12, 29)) == date(2011, 12, 31)
    assert digests.due(at("2011-12-31T18:00:00", samoa), time(17, 30), samoa, date(2011, 12, 31)) is None


@given(
    st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo", "America/New_York", "Asia/Kathmandu"]),
    st.times().map(lambda hour: hour.replace(second=0, microsecond=0)),
    st.datetimes(min_value=datetime(2016, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001 - hypothesis wants naive bounds
)
def test_polled_all_year_round_every_date_comes_once(zone: str, hour: time, start: datetime) -> None:
    timezone, now = ZoneInfo(zone), start.replace(tzinfo=UTC)
    last = now.astimezone(timezone).date()
    came = []
    for _ in range(20 * 24):
        now += timedelta(hours=1)
        if (day := digests.due(now, hour, timezone, last)) is not None:
            came.append(day)
            last = day
    assert came == [came[0] + timedelta(days=number) for number in range(len(came))]
    assert len(came) in (19, 20)


def test_an_hour_lost_to_a_clock_that_skips_midnight_comes_just_after() -> None:
    toronto = ZoneInfo("America/Toronto")  # 23:30 became 00:30 on 30 March 1919
    late = time(23, 45)
    assert digests.due(at("1919-03-31T00:35:00", toronto), late, toronto, date(1919, 3, 29)) is None
    assert digests.due(at("1919-03-31T00:45:00", toronto), late, toronto, date(1919, 3, 29)) == date(1919, 3, 30)
