"""How the worker does, as a person and a monitor read it, and what it logs."""

from __future__ import annotations

import io
import json
import logging
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog

from tests.samples import NOW
from worker import logs, states
from worker.core.digests import Health
from worker.states import Routine

WELL = Health(last_good_pass=NOW - timedelta(minutes=1), newest_mail=NOW - timedelta(hours=3), holds=2, last_digest=date(2026, 11, 21))
ROUTINE = Routine(poll=timedelta(seconds=60), at=time(17, 30), timezone=ZoneInfo("Europe/London"))


def test_a_worker_that_looked_just_now_is_well_though_mails_wait_for_a_person() -> None:
    state = states.of(WELL, ROUTINE, now=NOW)
    assert state.troubles == ()
    assert state.lines()[0] == "All is well."
    assert state.as_dict()["last_good_pass_age_seconds"] == 60
    assert any("3 hours ago" in line for line in state.lines())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"last_good_pass": None}, "There was no good pass yet"),
        ({"last_good_pass": NOW - timedelta(hours=5)}, "The last good pass was 5 hours ago"),
        ({"last_good_pass": NOW - timedelta(days=3)}, "3 days ago"),
        ({"last_error": "The server refused the password."}, "The last pass had trouble: The server refused the password."),
        ({"paused": True}, "Sending is paused"),
        ({"last_digest": date(2026, 11, 20)}, "The digest of 2026-11-21 has been missing for more than an hour"),
        ({"digest_error": "digest.txt.j2, line 1: no moon"}, "The digest could not be written, so nobody is told what waits: digest"),
        (
            {"unfiled": 2, "filing_error": "MOVE refused [OVERQUOTA]."},
            "2 mails could not be filed and lie where they came in: MOVE",
        ),
        ({"failed": 3}, "3 mails or letters have failed"),
        ({"unknown": 1}, "Of 1 letters it is not known whether they arrived"),
    ],
)
def test_each_trouble_is_a_sentence_with_what_to_do(change: dict[str, object], says: str) -> None:
    state = states.of(replace(WELL, **change), ROUTINE, now=NOW)
    assert [says in trouble for trouble in state.troubles] == [True]
    assert not state.as_dict()["ok"]


def test_a_digest_is_missing_an_hour_after_its_hour_of_the_issuers_day() -> None:
    auckland = replace(ROUTINE, timezone=ZoneInfo("Pacific/Auckland"))  # 13 hours ahead: 17:30 is 4:30 in UTC
    hours = [NOW.replace(hour=5, minute=29), NOW.replace(hour=5, minute=30)]
    assert [len(states.of(WELL, auckland, now=now).troubles) for now in hours] == [0, 1]


def test_of_a_worker_that_never_worked_no_digest_is_missed() -> None:
    [trouble] = states.of(Health(), ROUTINE, now=NOW.replace(hour=20)).troubles
    assert "no good pass yet" in trouble


@pytest.mark.parametrize(
    ("hour", "missing"), [(18.4, False), (18.6, True), (23.9, True), (24.2, False), (33, False), (42.4, False), (42.6, True)]
)
def test_a_worker_that_has_written_no_digest_yet_owes_that_of_the_day_and_none_of_the_day_before(hour: float, missing: bool) -> None:
    now = NOW.replace(hour=0) + timedelta(hours=hour)  # of 22 November
    troubles = states.of(replace(WELL, last_digest=None, last_good_pass=now), ROUTINE, now=now).troubles
    assert [f"The digest of {now:%Y-%m-%d} has been missing" in trouble for trouble in troubles] == [True] * missing


def test_a_letter_held_back_says_when_it_goes() -> None:
    lines = states.of(replace(WELL, unsent=1, held_back_until=NOW + timedelta(minutes=30)), ROUTINE, now=NOW).lines()
    assert any("held back until" in line and "(in 30 minutes)" in line for line in lines)


def test_a_long_poll_is_not_taken_for_silence() -> None:
    slow = replace(ROUTINE, poll=timedelta(hours=6))
    assert states.of(replace(WELL, last_good_pass=NOW - timedelta(hours=5)), slow, now=NOW).troubles == ()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_logs_are_json_lines_for_programs_and_plain_for_people() -> None:
    pipe, terminal = io.StringIO(), Terminal()
    logs.start(stream=pipe)
    structlog.get_logger().info("mail decided", mail=7, action="amend")
    told = json.loads(pipe.getvalue())
    assert (told["event"], told["mail"], told["level"]) == ("mail decided", 7, "info")
    assert told["timestamp"].endswith("Z")
    logs.start(stream=terminal)
    structlog.get_logger().info("mail decided", mail=7)
    assert "mail decided" in terminal.getvalue()
    assert "{" not in terminal.getvalue()


def test_what_libraries_log_of_a_mail_or_a_pdf_goes_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    pipe = io.StringIO()
    logs.start(stream=pipe)
    logging.getLogger("pdfminer").warning("a customer's text")
    logging.getLogger("apscheduler").error("a customer's text")
    assert pipe.getvalue() == ""
    assert capsys.readouterr().err == ""


def test_a_quiet_log_keeps_warnings() -> None:
    pipe = io.StringIO()
    logs.start(stream=pipe, quiet=True)
    structlog.get_logger().info("pass done")
    structlog.get_logger().warning("letters wait")
    assert [json.loads(line)["event"] for line in pipe.getvalue().splitlines()] == ["letters wait"]
