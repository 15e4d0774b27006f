"""The command line: what each verb prints, how errors look, and what the exit codes say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.samples import AP, MAILBOX, asks_nothing, books_file, gives_po, mail
from tests.servers.installations import ROOT, Installation
from tests.servers.villages import Village
from tests.stopping import stopping_when
from tests.terminals import Terminal
from worker import cli, config

VERBS = (
    *("init", "check", "import", "run", "once", "rehearse", "explain", "replay"),
    *("history", "pdf", "digest", "status", "pause", "resume", "backlog", "demo"),
)


@pytest.fixture
def installed(terminal: Terminal) -> Installation:
    """A configuration in the terminal's folder, for servers that are not there."""
    installation = Installation(folder=terminal.folder, imap_port=1, smtp_port=1)
    assert installation.config.exists()
    return installation


def test_help_names_every_verb_and_loads_nothing_that_takes_its_time() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "worker", "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert not any(slow in done.stderr for slow in ("sqlmodel", "pdfplumber", "apscheduler", "jinja2"))
    for verb in (*VERBS, "rules"):
        assert f"  {verb} " in done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_with_an_example(terminal: Terminal, verb: str) -> None:
    ended = terminal.addendum(verb, "--help")
    assert ended.code == 0
    assert "Example: addendum " in ended.out


def test_wrong_usage_ends_with_2(terminal: Terminal) -> None:
    assert terminal.addendum("bogus").code == 2
    assert terminal.addendum("history").code == 2
    assert terminal.addendum("backlog", "--days", "0").code == 2


def test_a_missing_configuration_is_one_sentence_and_ends_with_2(terminal: Terminal) -> None:
    ended = terminal.addendum("status")
    assert ended.code == 2
    assert ended.err.startswith("addendum: There is no configuration at config.toml; write one with `addendum init`")
    assert "Traceback" not in ended.err


def test_init_writes_a_configuration_that_is_valid_and_never_overwrites_it(terminal: Terminal) -> None:
    assert (
        terminal.addendum("init", "--name", "Atelier Böhm", "--mailbox", "Rechnung@boehm.example", "--timezone", "Europe/Berlin").code == 0
    )
    written = config.load(terminal.folder / "config.toml")
    assert written.issuer.name == "Atelier Böhm"
    assert written.inbox.host == "imap.boehm.example"
    assert written.outbox.sender.email == "rechnung@boehm.example"
    before = (terminal.folder / "config.toml").read_text()
    again = terminal.addendum("init", "--name", "Other", "--mailbox", "nobody")
    assert (again.code, (terminal.folder / "config.toml").read_text()) == (2, before)
    assert "not overwritten" in again.err


def test_init_refuses_what_is_no_address(terminal: Terminal) -> None:
    assert "is no mail address" in terminal.addendum("init", "--name", "X", "--mailbox", "billing").err


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--timezone", "Europe/Londn", "config.toml: [issuer] timezone must be a time zone such as Europe/Berlin, not 'Europe/Londn'."),
        ("--digest-to", "ana", "config.toml: [digest] to must be an address such as billing@example.com"),
        ("--name", "Larkspur\nStudio", "config.toml: [issuer] name must be one line without control characters"),
        ("--name", "Larkspur\x7f", "config.toml: [issuer] name must be one line without control characters"),
    ],
)
def test_init_writes_nothing_that_would_not_be_valid(terminal: Terminal, option: str, value: str, says: str) -> None:
    ended = terminal.addendum("init", "--name", "X", "--mailbox", "billing@larkspur.example", option, value)
    assert (ended.code, says in ended.err) == (2, True)
    assert not (terminal.folder / "config.toml").exists()


def test_check_offline_looks_at_all_that_is_here(installed: Installation, terminal: Terminal) -> None:
    ended = terminal.addendum("check", "--offline")
    assert ended.code == 0, ended.out
    assert "will be made at the first start" in ended.out
    terminal.addendum("import", installed.books)
    assert "the audit trail is sound" in terminal.addendum("check", "--offline").out


def test_check_says_what_to_do_about_servers_that_are_not_there(installed: Installation, terminal: Terminal) -> None:
    ended = terminal.addendum("check", "--json")
    failed = [finding["what"] for line in ended.out.splitlines() if (finding := json.loads(line))["state"] == "failed"]
    assert (ended.code, failed) == (2, ["inbox", "outbox"])
    assert str(installed.imap_port) in ended.out


def test_check_names_what_is_wrong_in_the_configuration(installed: Installation, terminal: Terminal) -> None:
    installed.config.write_text(installed.config.read_text().replace("poll_seconds", "pol_seconds"))
    ended = terminal.addendum("check")
    assert ended.code == 2
    assert "did you mean poll_seconds?" in ended.out


def test_check_advises_against_what_will_be_regretted(installed: Installation, terminal: Terminal) -> None:
    text = installed.config.read_text().replace("mx.larkspur.example", "").replace("[digest]", '[digest]\nat = "02:30"')
    installed.config.write_text(text.replace('password_env = "ADDENDUM_TEST_PASSWORD"', 'password_file = "secret"'))
    (terminal.folder / "secret").write_text("x")
    (terminal.folder / "secret").chmod(0o644)
    ended = terminal.addendum("check", "--offline")
    assert ended.code == 0
    assert [line.split()[1] for line in ended.out.splitlines() if line.startswith("advice")] == ["inbox", "digest", "inbox"]


def test_books_are_imported_shown_and_never_half(installed: Installation, terminal: Terminal) -> None:
    assert "Nothing was imported." in terminal.addendum("import", "--dry-run", installed.books).out
    assert json.loads(terminal.addendum("import", "--json", installed.books).out)["invoices"]["added"] == 4
    history = json.loads(terminal.addendum("history", "LS-1042", "--json").out)
    assert history == {
        "number": "LS-1042",
        "customer": "orchard",
        "revision": 0,
        "po_number": "4500000042",
        "status": "issued",
        "amendments": [],
    }
    assert "LS-1042: revision 0, PO 4500000042, issued" in terminal.addendum("history", "LS-1042").out
    changed = json.loads(installed.books.read_text())
    changed["invoices"][0]["total"] = "1300.00"
    changed["invoices"][0]["lines"][0]["unit_price"] = "1300.00"
    other = terminal.folder / "other.json"
    other.write_text(json.dumps(changed))
    refused = terminal.addendum("import", other)
    assert refused.code == 1
    assert "LS-1041" in refused.err


def test_an_invoice_that_is_not_in_the_books_is_one_sentence(installed: Installation, terminal: Terminal) -> None:
    terminal.addendum("import", installed.books)
    for verb in (["history", "LS-9999"], ["pdf", "LS-9999", "-o", "x.pdf"]):
        ended = terminal.addendum(*verb)
        assert ended.code == 1
        assert ended.err.startswith("addendum: Invoice LS-9999 is not in the books")


def test_a_network_that_no_rule_file_knows_is_told_of(installed: Installation, terminal: Terminal) -> None:
    books = json.loads(installed.books.read_text())
    books["customers"][0]["networks"] = ["ariba", "copua", "sidewalk"]
    installed.books.write_text(json.dumps(books))
    told = terminal.addendum("import", "--dry-run", terminal.folder / "books.json").out
    assert "no mail can come from the network copua, which no rule file knows; did you mean coupa?" in told
    assert "the network sidewalk, which no rule file knows; those with rules are ariba, basware," in told
    assert "network ariba" not in told


def test_the_pdf_of_an_invoice_is_written_to_a_file(installed: Installation, terminal: Terminal) -> None:
    terminal.addendum("import", installed.books)
    assert terminal.addendum("pdf", "LS-1041", "-o", "LS-1041.pdf").code == 0
    assert (terminal.folder / "LS-1041.pdf").read_bytes().startswith(b"%PDF")
    assert "has no revision 3; the newest is 0" in terminal.addendum("pdf", "LS-1041", "--revision", "3", "-o", "x.pdf").err
    for nowhere in ("no/such/folder.pdf", "."):
        ended = terminal.addendum("pdf", "LS-1041", "-o", nowhere)
        assert (ended.code, "cannot be written" in ended.err) == (2, True)


@pytest.mark.usefixtures("installed")
def test_status_says_by_its_exit_code_that_something_needs_a_look(terminal: Terminal) -> None:
    ended = terminal.addendum("status", "--json")
    assert (ended.code, json.loads(ended.out)["ok"]) == (1, False)
    assert "There was no good pass yet" in terminal.addendum("status").out


@pytest.mark.usefixtures("installed")
def test_pause_shows_in_status_until_resume(terminal: Terminal) -> None:
    terminal.addendum("pause")
    assert json.loads(terminal.addendum("status", "--json").out)["paused"]
    terminal.addendum("resume")
    assert not json.loads(terminal.addendum("status", "--json").out)["paused"]


@pytest.mark.usefixtures("installed")
def test_the_digest_can_be_read_before_it_goes_out(terminal: Terminal) -> None:
    text, html = terminal.addendum("digest", "--preview").out, terminal.addendum("digest", "--html").out
    assert "No mail came in." in text
    assert "<html" in html


def test_a_rehearsal_answers_for_every_mail_in_files_folders_and_mboxes(terminal: Terminal) -> None:
    mails = terminal.folder / "mails"
    (mails / "deep").mkdir(parents=True)
    (mails / "a.eml").write_bytes(gives_po())
    (mails / "deep" / "b.eml").write_bytes(asks_nothing())
    box = b"".join(
        b"From x@y.example Sun Nov 22 10:00:00 2026\n" + raw.replace(b"\r\n", b"\n") + b"\n" for raw in (gives_po(), asks_nothing())
    )
    (terminal.folder / "archive.mbox").write_bytes(box)
    ended = terminal.addendum("rehearse", "--books", books_file(terminal.folder), "--json", mails, "archive.mbox")
    answers = {answer["file"]: answer for answer in map(json.loads, ended.out.splitlines())}
    assert ended.code == 0
    assert set(answers) == {"a.eml", "deep/b.eml", "archive.mbox#1", "archive.mbox#2"}
    for name in ("a.eml", "archive.mbox#1"):
        assert (answers[name]["action"], answers[name]["changes"], answers[name]["reply_to"]) == ("amend", [["LS-1041", "4500123456"]], AP)
        assert answers[name]["reason"]
    assert answers["deep/b.eml"]["action"] == "ignore"


def test_a_rehearsal_without_json_is_a_table_with_a_sum(terminal: Terminal) -> None:
    (terminal.folder / "a.eml").write_bytes(gives_po())
    ended = terminal.addendum("rehearse", "--books", books_file(terminal.folder), "a.eml")
    assert "LS-1041: 4500123456" in ended.out
    assert "1 mail: 1 amend" in ended.out


def test_a_rehearsal_of_nothing_that_is_there_says_so(terminal: Terminal) -> None:
    ended = terminal.addendum("rehearse", "--books", books_file(terminal.folder), "nowhere.eml")
    assert ended.code == 2
    assert "nowhere.eml cannot be read" in ended.err
    assert terminal.addendum("rehearse", "--books", "no-books.json", "a.eml").code == 2


def test_an_explanation_shows_speaker_proof_blocks_rules_decision_and_letter(terminal: Terminal) -> None:
    (terminal.folder / "a.eml").write_bytes(gives_po())
    ended = terminal.addendum("explain", "--books", books_file(terminal.folder), "a.eml")
    assert ended.code == 0
    for part in (
        "Decision   amend LS-1041: 4500123456",
        AP,
        "Rules that hit",
        "Rules that missed",
        "[new, depth 0",
        "Enclosed: LS-1041.pdf",
    ):
        assert part in ended.out
    told = json.loads(terminal.addendum("explain", "--books", "books.json", "a.eml", "--json").out)
    assert told["reply_to"] == AP
    assert "Subject: Re: Invoice LS-1041" in told["letter"]


def test_an_explanation_by_the_ledger_changes_nothing_in_it(installed: Installation, terminal: Terminal) -> None:
    terminal.addendum("import", installed.books)
    (terminal.folder / "a.eml").write_bytes(gives_po())
    assert "Decision   amend" in terminal.addendum("explain", "a.eml").out
    assert json.loads(terminal.addendum("history", "LS-1041", "--json").out)["amendments"] == []


def test_a_mail_that_is_no_reason_for_a_letter_has_none(terminal: Terminal) -> None:
    (terminal.folder / "a.eml").write_bytes(mail("PO 4500123456 for LS-1041", proven=False))
    ended = terminal.addendum("explain", "--books", books_file(terminal.folder), "a.eml")
    assert "Decision   hold" in ended.out
    assert "The letter" not in ended.out


def test_hostile_text_cannot_move_the_terminal(terminal: Terminal) -> None:
    (terminal.folder / "a.eml").write_bytes(mail("Please see \x1b[2J\x1b]0;owned\x07 PO 4500123456 for LS-1041"))
    assert "\x1b" not in terminal.addendum("explain", "--books", books_file(terminal.folder), "a.eml").out
    assert "\x1b" not in terminal.addendum("rehearse", "--books", "books.json", "a.eml").out


def test_rules_of_ones_own_are_checked_with_their_examples(terminal: Terminal) -> None:
    assert terminal.addendum("rules", "check").out.startswith("ok: ")
    own = terminal.folder / "my-rules" / "situations"
    own.mkdir(parents=True)
    (own / "odd.toml").write_text("name = 3")
    ended = terminal.addendum("rules", "check", "my-rules")
    assert ended.code == 2
    assert "odd.toml" in ended.err


def test_a_reader_that_goes_away_is_no_error_worth_words(terminal: Terminal) -> None:
    (terminal.folder / "mails").mkdir()
    for number in range(200):
        (terminal.folder / "mails" / f"{number:03}.eml").write_bytes(asks_nothing(f"<{number}@x.example>"))
    command = f"{sys.executable} -m worker rehearse --books {books_file(terminal.folder)} --json {terminal.folder}/mails | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT, check=False)  # noqa: S602  a command line as the documentation shows it
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_an_unexpected_error_is_one_sentence_with_its_place(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path) -> None:
        raise ZeroDivisionError(f"a secret of {path}")

    monkeypatch.setattr(config, "load", broken)
    ended = terminal.addendum("status")
    assert ended.code == 1
    assert ended.err.startswith("addendum: An error inside Addendum (ZeroDivisionError")
    assert "a secret" not in ended.err
    monkeypatch.setattr(sys, "argv", ["addendum", "--debug", "status"])
    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_the_configuration_can_be_named_in_the_environment(
    installed: Installation, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = terminal.folder / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("ADDENDUM_CONFIG", os.fspath(installed.config))
    assert terminal.addendum("import", installed.books).code == 0
    assert MAILBOX in installed.config.read_text()


OwnTemplates = Callable[[dict[str, str]], None]


@pytest.fixture
def own_templates(installed: Installation, terminal: Terminal) -> OwnTemplates:
    """Gives the installation a folder "mine" with templates of the user's own, by their names."""

    def write(contents: dict[str, str]) -> None:
        for name, content in contents.items():
            file = terminal.folder / "mine" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        installed.config.write_text('templates = "mine"\n' + installed.config.read_text())

    return write


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{{ reply.nonsense }}", "letters/amend.txt.j2"),
        ("", "letters/amend.txt.j2 makes a letter that does not name the invoice"),
    ],
)
def test_check_names_a_template_of_ones_own_that_is_broken_or_silent(
    own_templates: OwnTemplates, terminal: Terminal, content: str, says: str
) -> None:
    own_templates({"letters/amend.txt.j2": content})
    ended = terminal.addendum("check", "--offline")
    assert (ended.code, says in ended.out) == (2, True)


def test_a_template_whose_name_is_misspelt_is_told_of(own_templates: OwnTemplates, terminal: Terminal) -> None:
    letter = "Corrected: {{ (reply.invoices + reply.asked)|map(attribute='number')|join }}"
    names = ("ammend.txt.j2", "RESEND.txt.j2", "footer.txt.j2", "reissue.txt.j2", "answer.txt.j2")
    words = '[letter]\nregard = "Yours"\nabout = "{numbers}"\nmotto = "We deliver"\n'
    own_templates({**{f"letters/{name}": letter for name in names}, "letters/words/en.toml": words})
    told = [line for line in terminal.addendum("check", "--offline").out.splitlines() if line.startswith("advice   templates")]
    slips = ["letters/resend.txt.j2?", "letters/amend.txt.j2?", "letter.regards?"]
    assert [line.rpartition("did you mean ")[2] for line in told] == slips


@pytest.mark.parametrize("content", ["fine\n{% for x in %}", "fine\n{{ reply.custommer }}"])
@pytest.mark.parametrize("verb", ["once", "run"])
def test_no_worker_starts_with_a_letter_that_it_could_not_write(
    own_templates: OwnTemplates, terminal: Terminal, verb: str, content: str
) -> None:
    own_templates({"letters/amend.txt.j2": content})
    ended = terminal.addendum(verb)
    assert ended.code == 2
    assert "mine/letters/amend.txt.j2, line 2: " in ended.err


@pytest.mark.parametrize("verb", ["run", "once"])
def test_no_worker_starts_with_an_invoice_that_it_could_not_print(own_templates: OwnTemplates, terminal: Terminal, verb: str) -> None:
    own_templates({"invoice.typ": "\n#nothing-of-that-name"})
    ended = terminal.addendum(verb)
    assert ended.code == 2
    assert "mine/invoice.typ, line 2: unknown variable" in ended.err


def test_one_pass_tells_what_it_did(village: Village, terminal: Terminal) -> None:
    assert "taken in 0, handled 0" in terminal.addendum("once").out
    village.imap.deliver(MAILBOX, gives_po())
    done = json.loads(terminal.addendum("once", "--json").out)
    assert (done["taken_in"], done["handled"], done["filed"], done["troubles"]) == (1, 1, 1, {})
    assert len(village.replies()) == 1
    assert "LS-1041: revision 1, PO 4500123456, issued" in terminal.addendum("history", "LS-1041").out
    assert terminal.addendum("status").code == 0


def test_one_pass_over_servers_that_refuse_ends_with_2_and_says_what_to_do(installed: Installation, terminal: Terminal) -> None:
    ended = terminal.addendum("once")
    assert ended.code == 2
    assert f"Nothing answers at 127.0.0.1:{installed.imap_port}; check [inbox] host and port" in ended.err
    assert "Nothing answers" in terminal.addendum("status").out


def test_the_backlog_is_taken_in_when_asked_for(village: Village, terminal: Terminal) -> None:
    village.imap.deliver(MAILBOX, gives_po())
    assert "Took in 1 mail" in terminal.addendum("backlog", "--days", "30").out
    assert json.loads(terminal.addendum("once", "--json").out)["handled"] == 1


def test_the_program_runs_until_it_is_told_to_stop(village: Village, terminal: Terminal) -> None:
    terminal.addendum("once")
    village.imap.deliver(MAILBOX, gives_po())
    with stopping_when(lambda: len(village.replies()) == 1):
        assert terminal.addendum("run").code == 0


def test_what_is_no_mail_is_not_explained(terminal: Terminal) -> None:
    (terminal.folder / "paper.pdf").write_bytes(b"%PDF-1.7\n\x00\xff")
    ended = terminal.addendum("explain", "--books", books_file(terminal.folder), "paper.pdf")
    assert (ended.code, "is no mail" in ended.err) == (2, True)


def test_a_rehearsal_of_nothing_says_what_is_read(terminal: Terminal) -> None:
    (terminal.folder / "empty").mkdir()
    ended = terminal.addendum("rehearse", "--books", books_file(terminal.folder), "empty")
    assert (ended.code, "There is no mail in empty" in ended.err) == (2, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_a_full_disk_does_not_take_is_told_of_in_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "worker", "rules", "check"], stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "addendum: Something could not be written: No space left on device. Make room and run it again.\n"
