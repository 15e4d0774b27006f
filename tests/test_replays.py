"""Stored mail judged again by the real program: shown first, recorded when told to, and no effect ever twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples import AP, MAILBOX, MILL, asks_nothing, gives_po, green_slip, mail, own_rules
from tests.servers.installations import ROOT
from tests.servers.villages import Village
from tests.terminals import Terminal
from worker import handling
from worker.demo.servers import Accepted
from worker.edges.ledger import Ledger
from worker.errors import TryAgainLater


class Firm:
    """An installation at work in the terminal's folder, with a mailbox and a post."""

    def __init__(self, village: Village, terminal: Terminal) -> None:
        self.village = village
        self.terminal = terminal
        self.config = terminal.folder / "config.toml"
        self.once()

    def once(self) -> None:
        ended = self.terminal.addendum("once")
        assert ended.code == 0, ended.out + ended.err

    def deal_with(self, *mails: bytes) -> None:
        for raw in mails:
            self.village.imap.deliver(MAILBOX, raw)
        self.once()

    def learn(self) -> None:
        """From now on it knows what a green slip is."""
        own_rules(self.terminal.folder / "my-rules")
        self.config.write_text('rules = "my-rules"\n' + self.config.read_text())

    def mode(self, before: str, now: str) -> None:
        self.config.write_text(self.config.read_text().replace(f'mode = "{before}"', f'mode = "{now}"'))

    def letters(self, to: str) -> list[Accepted]:
        return [letter for letter in self.village.smtp.accepted if letter.recipients == (to,)]

    def states(self, *words: str) -> list[tuple[int, str]]:
        return [(told["mail"], told["state"]) for told in self.terminal.told("replay", *words)]

    def status(self) -> dict[str, object]:
        return self.terminal.told("status")[0]


@pytest.fixture
def firm(village: Village, terminal: Terminal) -> Firm:
    return Firm(village, terminal)


def test_after_a_change_of_rules_a_hold_becomes_an_amendment_with_its_letter_once(firm: Firm) -> None:
    firm.deal_with(green_slip(), asks_nothing())
    assert (firm.status()["holds"], firm.letters(MILL)) == (1, [])
    assert "     1 decided as before" in firm.terminal.addendum("replay").out
    firm.learn()
    shown = firm.terminal.addendum("replay", "--all")
    for part in ("held", "amend", "LS-1050: QX-77120", "1 would be decided differently", "1 decided as before", "--apply"):
        assert part in shown.out
    firm.once()
    assert (firm.status()["holds"], firm.letters(MILL)) == (1, [])

    assert "     1 decided anew" in firm.terminal.addendum("replay", "--all", "--apply").out
    firm.once()
    for _ in range(2):
        assert "There is no stored mail to judge again" in firm.terminal.addendum("replay", "--held", "--apply").out
        ended = firm.terminal.addendum("replay", "--all", "--apply")
        assert (ended.code, "1 led to an amendment or letter already: never acted on again" in ended.out) == (0, True)
        firm.once()
    assert len(firm.letters(MILL)) == 1
    assert firm.status()["holds"] == 0
    [history] = firm.terminal.told("history", "LS-1050")
    [amendment] = history["amendments"]
    [earlier] = amendment["earlier"]
    assert (history["po_number"], amendment["message_id"]) == ("QX-77120", "<slip@mill.example>")
    assert (earlier["status"], earlier["reason"]) == ("held", "The invoice is rejected for a reason that is not understood")
    assert "The mail behind revision 1 was held on" in firm.terminal.addendum("history", "LS-1050").out
    assert "the audit trail is sound" in firm.terminal.addendum("check", "--offline").out
    assert "LS-1050" in firm.terminal.addendum("digest", "--preview").out


def test_a_dry_run_leaves_every_byte_of_the_database(firm: Firm) -> None:
    firm.deal_with(green_slip())
    firm.learn()
    file = firm.terminal.folder / "ledger.db"
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    assert firm.states("--held") == [(1, "differs")]
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_a_mail_that_led_to_a_letter_says_so_and_is_not_acted_on(firm: Firm) -> None:
    firm.deal_with(gives_po())
    assert len(firm.letters(AP)) == 1
    for name in ("1", "<one@orchard.example>", "one@orchard.example"):
        ended = firm.terminal.addendum("replay", name, "--apply")
        assert ended.code == 0
        assert f"led to PO 4500123456 on LS-1041, a letter to {AP}; never" in " ".join(ended.out.split())
    firm.once()
    assert len(firm.letters(AP)) == 1


def test_what_was_only_watched_is_done_when_the_mode_is_auto(firm: Firm) -> None:
    firm.mode("auto", "observe")
    firm.deal_with(gives_po(), asks_nothing())
    assert firm.states("--all") == []
    firm.mode("observe", "auto")
    [told] = firm.terminal.told("replay")
    assert (told["before"]["action"], told["after"]["action"], told["after"]["changes"]) == ("hold", "amend", [["LS-1041", "4500123456"]])
    assert "Would amend" in told["before"]["reason"]
    assert firm.states("--held", "--apply") == [(1, "recorded")]
    firm.once()
    assert len(firm.letters(AP)) == 1


def test_a_mail_older_than_the_last_change_of_its_invoice_is_left_to_a_person(firm: Firm) -> None:
    slip = mail("Please note for invoice LS-1041: green slip 4500123456.", subject="Invoice LS-1041", message_id="<old@orchard.example>")
    firm.deal_with(slip)
    firm.deal_with(gives_po(po="4500999999"))
    firm.learn()
    ended = firm.terminal.addendum("replay", "--held", "--apply")
    assert (ended.code, "LS-1041 was changed after this mail came" in " ".join(ended.out.split())) == (1, True), ended.out
    firm.once()
    assert firm.terminal.told("history", "LS-1041")[0]["po_number"] == "4500999999"
    assert (len(firm.letters(AP)), firm.status()["holds"]) == (1, 1)


def test_two_replays_at_once_act_once(firm: Firm) -> None:
    firm.deal_with(green_slip())
    firm.learn()
    command = [sys.executable, "-m", "worker", "--config", str(firm.config), "replay", "--all", "--apply", "--json"]
    rivals = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]  # noqa: S603  our own program
    printed = [rival.communicate(timeout=120) for rival in rivals]
    assert sum('"recorded"' in out for out, _ in printed) == 1, printed
    firm.once()
    assert len(firm.letters(MILL)) == 1
    assert len(firm.terminal.told("history", "LS-1050")[0]["amendments"]) == 1


def test_a_mail_not_decided_yet_is_left_to_the_next_pass(firm: Firm) -> None:
    firm.village.imap.deliver(MAILBOX, asks_nothing("<new@elsewhere.example>"))
    firm.terminal.addendum("backlog", "--days", "2")
    assert firm.states("--all") == []
    assert firm.states("new@elsewhere.example") == [(1, "undecided")]


def test_a_mail_that_breaks_the_program_is_left_and_the_next_one_goes_on(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.deal_with(mail("Rejected: LS-1050 lacks our green slip QX-1", sender=MILL, message_id="<first@mill.example>"), green_slip())
    firm.learn()
    work_out = handling.work_out

    def troubled(incoming: handling.Incoming, desk: handling.Desk) -> object:
        if incoming.id == 1:
            raise ZeroDivisionError("a secret")
        return work_out(incoming, desk)

    monkeypatch.setattr(handling, "work_out", troubled)
    ended = firm.terminal.addendum("replay", "--apply")
    assert ended.code == 1
    assert ("ZeroDivisionError" in ended.out, "a secret" in ended.out, "1 decided anew" in ended.out) == (True, False, True)


def test_what_was_recorded_before_the_database_went_away_is_told(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    firm.deal_with(green_slip(), mail("Rejected: LS-1050 lacks our green slip QX-1", sender=MILL, message_id="<last@mill.example>"))
    firm.learn()
    stored = Ledger.stored

    def gone(ledger: Ledger, message: int) -> object:
        if message == 2:
            raise TryAgainLater("The database is away.")
        return stored(ledger, message)

    monkeypatch.setattr(Ledger, "stored", gone)
    ended = firm.terminal.addendum("replay", "--apply")
    assert (ended.code, "1 decided anew" in ended.out, ended.err) == (1, True, "addendum: The database is away.\n")


def test_names_that_no_mail_has_and_wrong_usage_are_told(firm: Firm) -> None:
    ended = firm.terminal.addendum("replay", "<nobody@knows.example>")
    assert (ended.code, "No stored mail is called <nobody@knows.example>" in ended.err) == (1, True)
    assert firm.terminal.addendum("replay", "--all", "--held").code == 2
    assert firm.terminal.addendum("replay", "1", "--all").code == 2


def test_without_a_database_there_is_nothing_to_judge_again(village: Village, terminal: Terminal) -> None:
    Path(village.settings.database.removeprefix("sqlite:///")).unlink()
    ended = terminal.addendum("replay")
    assert (ended.code, "There is no database" in ended.err) == (2, True)
