"""Rehearsals: the real mailbox read and left as it was, rules compared, and the report that is safe to look at."""

from __future__ import annotations

import json
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from imapclient import IMAPClient

from tests.samples import AP, MAILBOX, PASSWORD, asks_nothing, books_file, gives_po, green_slip, mail, own_rules
from tests.servers import certificates as authorities
from tests.servers.dovecot import Dovecot
from tests.servers.installations import PASSWORD_VARIABLE, Installation
from tests.terminals import Terminal
from worker import config, proposals, rehearsals, shipped, wiring
from worker.demo.servers import ImapServer
from worker.edges import mime
from worker.edges.inbox import Inbox
from worker.errors import NeedsAPerson
from worker.rehearsals import Mail, mailboxes

HOSTILE = '</title><script>alert(1)</script><img src=x onerror=alert(2)> " onmouseover="alert(3)'
NOW = datetime.now(UTC)


def numbered(count: int) -> list[bytes]:
    return [asks_nothing(f"<{number}@elsewhere.example>") for number in range(count)]


@dataclass(frozen=True, kw_only=True)
class Place:
    """An installation whose mailbox is on a real server, looked at from beside."""

    server: ImapServer | Dovecot
    installation: Installation

    def deliver(self, *mails: bytes, at: datetime = NOW) -> None:
        for raw in mails:
            self.server.deliver(MAILBOX, raw, at=at)

    def looked_at(self) -> dict[str, dict[int, tuple[tuple[bytes, ...], bytes]]]:
        """Every folder with its mails, their flags and bytes."""
        with IMAPClient("127.0.0.1", self.server.port, ssl=False, timeout=20) as client:
            client.login(MAILBOX, PASSWORD)
            folders = sorted(name for _, _, name in client.list_folders())
            return {name: self._mails(client, name) for name in folders}

    def _mails(self, client: IMAPClient, name: str) -> dict[int, tuple[tuple[bytes, ...], bytes]]:
        client.select_folder(name, readonly=True)
        answers = client.fetch(client.search(), ["FLAGS", "BODY.PEEK[]"]) if client.search() else {}
        return {uid: (tuple(sorted(answer[b"FLAGS"])), answer[b"BODY[]"]) for uid, answer in answers.items()}

    def uids(self) -> list[int]:
        return sorted(self.looked_at()["INBOX"])

    def database(self) -> tuple[bytes, int]:
        file = self.installation.folder / "ledger.db"
        return file.read_bytes(), file.stat().st_mtime_ns


@pytest.fixture(params=["embedded", "Dovecot"])
def place(request: pytest.FixtureRequest, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    folder = terminal.folder
    with ImapServer({MAILBOX: PASSWORD}) if request.param == "embedded" else Dovecot(authorities.issue(folder)) as server:
        installation = Installation(folder=folder, imap_port=server.port, smtp_port=1, mode="observe")
        assert terminal.addendum("--config", installation.config, "import", installation.books).code == 0
        yield Place(server=server, installation=installation)


def test_the_mailbox_and_the_database_are_left_as_they_were(place: Place, terminal: Terminal) -> None:
    place.deliver(gives_po(), asks_nothing(), green_slip())
    with IMAPClient("127.0.0.1", place.server.port, ssl=False, timeout=20) as client:
        client.login(MAILBOX, PASSWORD)
        client.select_folder("INBOX")
        _, flagged, seen = client.search()
        client.set_flags([flagged], [b"\\Flagged"])
        client.set_flags([seen], [b"\\Seen"])
    before, database = place.looked_at(), place.database()
    ended = terminal.addendum("rehearse", "--mailbox", "--days", "90", "--report", "report.html")
    assert ended.code == 0, ended.err
    assert (place.looked_at(), place.database()) == (before, database)
    assert [b"\\Seen" in flags for flags, _ in before["INBOX"].values()] == [False, False, True]
    lines = [line.split() for line in ended.out.splitlines()]
    assert [line[:2] for line in lines if line and line[0].isdigit()][-3:-1] == [["1", "hold"], ["1", "ignore"]]
    assert "LS-1041: 4500123456" in ended.out
    assert "Autumn offers" not in ended.out
    assert "3 mails: 1 amend" in ended.out
    told = json.loads(terminal.addendum("status", "--json").out)
    assert (told["undecided"], told["holds"]) == (0, 0)


def test_only_the_last_days_are_read_and_each_mail_is_told_with_what_it_is_known_by(place: Place, terminal: Terminal) -> None:
    place.deliver(gives_po(message_id="<old@orchard.example>"), at=NOW - timedelta(days=100))
    place.deliver(gives_po(), at=NOW - timedelta(days=80))
    [answer] = terminal.told("rehearse", "--mailbox")
    assert (answer["file"], answer["action"], answer["from"]) == (f"INBOX#{place.uids()[1]}", "amend", f"Accounts Payable <{AP}>")
    assert (answer["subject"], answer["received_at"][:10]) == ("Invoice LS-1041", f"{NOW - timedelta(days=80):%Y-%m-%d}")
    assert terminal.told("rehearse", "--mailbox", "--days", "30") == []
    assert "0 mails in INBOX, the last 30 days." in terminal.addendum("rehearse", "--mailbox", "--days", "30").out


def test_rules_are_compared_over_the_mailbox(place: Place, terminal: Terminal) -> None:
    place.deliver(gives_po(), asks_nothing(), green_slip())
    own_rules(terminal.folder / "mine")
    [answer] = terminal.told("rehearse", "--mailbox", "--since-rules", "mine")
    assert (answer["before"]["action"], answer["before"]["changes"], answer["action"]) == ("amend", [["LS-1050", "QX-77120"]], "hold")


def test_a_line_that_breaks_on_the_way_is_opened_again_and_no_mail_is_told_twice(place: Place) -> None:
    place.deliver(*numbered(120))
    settings = config.load(place.installation.config)
    with wiring.inbox(settings) as inbox:
        source = rehearsals.in_mailbox(inbox, "INBOX", days=9, now=NOW + timedelta(hours=1))
        names = [next(source.mails).name for _ in range(40)]
        place.server.drop_connections()
        names += [each.name for each in source.mails]
    assert names == [f"INBOX#{uid}" for uid in place.uids()]


def test_a_large_mailbox_is_read_piece_by_piece(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    fetch = Inbox.fetch

    def counting(inbox: Inbox, uids: list[int]) -> Iterator[object]:
        asked.append(len(uids))
        return fetch(inbox, uids)

    monkeypatch.setattr(mailboxes, "AT_ONCE", 10)
    monkeypatch.setattr(Inbox, "fetch", counting)
    place.deliver(*numbered(35))
    with wiring.inbox(config.load(place.installation.config)) as inbox:
        source = rehearsals.in_mailbox(inbox, "INBOX", days=9, now=NOW + timedelta(hours=1))
        assert (source.total, next(source.mails).name, asked) == (35, f"INBOX#{place.uids()[0]}", [10])
        assert len(list(source.mails)) == 34
    assert asked == [10, 10, 10, 5]


def test_without_books_in_a_database_the_verb_says_what_to_do(terminal: Terminal) -> None:
    Installation(folder=terminal.folder, imap_port=1, smtp_port=1).config.touch()
    (terminal.folder / "a.eml").write_bytes(gives_po())
    ended = terminal.addendum("rehearse", "a.eml")
    assert (ended.code, "addendum import" in ended.err, "--books" in ended.err) == (2, True, True)
    assert not (terminal.folder / "ledger.db").exists()


def test_files_are_judged_by_the_database_where_no_books_are_named(terminal: Terminal) -> None:
    installation = Installation(folder=terminal.folder, imap_port=1, smtp_port=1)
    terminal.addendum("--config", installation.config, "import", installation.books)
    (terminal.folder / "a.eml").write_bytes(gives_po())
    assert [answer["action"] for answer in terminal.told("rehearse", "a.eml")] == ["amend"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "--mailbox"),
        (["--mailbox", "a.eml"], "not both"),
        (["--days", "3", "a.eml"], "goes with --mailbox"),
        (["a.eml"], "--books FILE"),
        (["--books", "books.json", "--report", "report.txt", "a.eml"], "name it report.txt.html"),
        (["--books", "books.json", "--report", "no/where.html", "a.eml"], "cannot be written"),
        (["--books", "books.json", "--since-rules", "nowhere", "a.eml"], "nowhere is no folder of rules"),
    ],
)
def test_wrong_usage_says_what_is_right(terminal: Terminal, words: list[str], says: str) -> None:
    (terminal.folder / "a.eml").write_bytes(gives_po())
    books_file(terminal.folder)
    ended = terminal.addendum("rehearse", *words)
    assert (ended.code, says in ended.err) == (2, True), ended.err


class Page(HTMLParser):
    """What a browser would make of a page: its tags with their attributes, and its text."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def report(terminal: Terminal, *words: str) -> tuple[str, Page]:
    books_file(terminal.folder)
    ended = terminal.addendum("rehearse", "--books", "books.json", "--report", "report.html", *words)
    assert (ended.code, "The report: report.html" in ended.out) == (0, True), ended.err
    content = (terminal.folder / "report.html").read_text(encoding="utf-8")
    return content, Page(content)


def test_the_report_shows_each_mail_with_its_evidence_and_the_letter_the_most_interesting_first(terminal: Terminal) -> None:
    for name, raw in (("a", asks_nothing()), ("b", mail("Please see.\r\nPO 4500123456 for LS-1041", proven=False)), ("c", gives_po())):
        (terminal.folder / f"{name}.eml").write_bytes(raw)
    _, page = report(terminal, "a.eml", "b.eml", "c.eml")
    for part in (
        "3 mails of a.eml, b.eml, c.eml",
        "PO number 4500123456 on LS-1041",
        f"Accounts Payable <{AP}>, 22 Nov 2026",
        "mx.larkspur.example says dmarc=pass for orchard.example",
        "missing-po: we cannot process invoice LS-1041 without a purchase order.",
        "Please add PO number 4500123456 and resend it.",
        f"The letter to {AP}",
        "Subject: Re: Invoice LS-1041",
        "Enclosed: LS-1041.pdf",
        "Corrected copy of invoice LS-1041",
        "Orchard Foods Ltd, LS-1041",
    ):
        assert part in page.text
    assert page.text.index("Would be amended 1") < page.text.index("Would be held for you 1") < page.text.index("Would be ignored 1")
    assert "Our autumn offers" not in page.text
    assert stat.S_IMODE((terminal.folder / "report.html").stat().st_mode) == 0o600
    assert sorted(path.name for path in terminal.folder.iterdir() if path.name.startswith(".")) == []


def test_what_a_hostile_mail_says_is_text_in_the_report_and_nothing_is_loaded(terminal: Terminal) -> None:
    spoken = f"{HOSTILE} https://evil.example/x.js\r\n\r\nPO number 4500123456 for LS-1041, please add it. {HOSTILE}\r\n\u202ekcab \x1b[2J"
    (terminal.folder / "a.eml").write_bytes(mail(spoken, subject=HOSTILE, sender=AP).replace(b"Accounts Payable", b'"<b>x</b>"'))
    (terminal.folder / "b.eml").write_bytes(mail("Our offers.", subject=HOSTILE, sender="news@elsewhere.example"))
    content, page = report(terminal, "a.eml", "b.eml")
    assert HOSTILE.split(">")[0] in page.text
    assert {tag for tag, _ in page.tags} <= {
        *("html", "head", "meta", "title", "style", "body", "main", "div", "h1", "h2", "p", "table", "tr", "td", "section", "article"),
        *("span", "strong", "details", "summary", "pre", "dl", "dt", "dd", "ul", "li", "br"),
    }
    attributes = {name for _, given in page.tags for name in given}
    assert attributes <= {"lang", "charset", "http-equiv", "content", "name", "class", "style"}
    assert not any(loads in content.partition("<main>")[0] for loads in ("url(", "@import", "http:", "https:"))
    assert "default-src 'none'" in content
    assert not {"\u202e", "\x1b"} & set(content)


def test_the_report_of_a_comparison_shows_before_and_after_of_what_changes_and_nothing_else(terminal: Terminal) -> None:
    own_rules(terminal.folder / "mine")
    for name, raw in (("a", gives_po()), ("b", asks_nothing()), ("c", green_slip())):
        (terminal.folder / f"{name}.eml").write_bytes(raw)
    _, page = report(terminal, "--since-rules", "mine", "a.eml", "b.eml", "c.eml")
    assert "before: amend" in page.text
    assert "now: hold" in page.text
    assert [tag for tag, _ in page.tags].count("article") == 1
    assert "Invoice LS-1041" not in page.text
    assert "Autumn offers" not in page.text


def test_a_comparison_prints_only_what_changes(terminal: Terminal) -> None:
    own_rules(terminal.folder / "mine")
    for name, raw in (("a", gives_po()), ("c", green_slip())):
        (terminal.folder / f"{name}.eml").write_bytes(raw)
    words = ("rehearse", "--books", books_file(terminal.folder), "--since-rules", "mine", "a.eml", "c.eml")
    ended = terminal.addendum(*words)
    assert "1 of 2 mails would be decided differently: 1 amend → hold" in ended.out
    assert ("amend → hold" in ended.out, "a.eml" in ended.out) == (True, False)
    assert [answer["file"] for answer in terminal.told(*words)] == ["c.eml"]
    assert "0 of 1 mail would be decided differently." in terminal.addendum(*words[:-1]).out


def test_a_whole_set_of_other_rules_stands_alone(terminal: Terminal) -> None:
    ours = shipped.folder("rules")
    whole = terminal.folder / "older"
    for file in ours.rglob("*.toml"):
        copy = whole / file.relative_to(ours)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    assert shipped.alone_or_after(whole, "rules") == (whole,)
    assert shipped.alone_or_after(own_rules(terminal.folder / "mine"), "rules") == (terminal.folder / "mine", ours)


def test_a_mail_that_breaks_the_program_or_takes_too_long_is_a_hold_and_the_next_one_goes_on(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse = mime.parse

    def troubled(raw: bytes, **also: object) -> object:
        if b"breaks" in raw:
            raise ZeroDivisionError("a secret")
        if b"lasts" in raw:
            time.sleep(5)
        return parse(raw, **also)

    monkeypatch.setattr(mime, "parse", troubled)
    with wiring.rehearsal(None, books_file(terminal.folder)) as rehearsal:
        quick = replace(rehearsal, longest=timedelta(seconds=0.2))
        judged = [quick.judge(Mail(name=word, raw=mail(word))) for word in ("breaks", "lasts")]
        assert rehearsal.judge(Mail(name="good", raw=gives_po())).decision.action == "amend"
    assert [each.decision.action for each in judged] == ["hold", "hold"]
    assert "ZeroDivisionError" in judged[0].decision.reason
    assert "a secret" not in judged[0].decision.reason
    assert "takes longer" in judged[1].decision.reason


def test_a_report_template_of_ones_own_that_is_broken_is_told_of_before_any_mail_is_read(terminal: Terminal) -> None:
    (terminal.folder / "mine" / "report").mkdir(parents=True)
    (terminal.folder / "mine" / "report" / "report.html.j2").write_text(
        "fine\n{% for _, _, cards in groups %}{{ cards.nonsense }}{% endfor %}"
    )
    installation = Installation(folder=terminal.folder, imap_port=1, smtp_port=1)
    installation.config.write_text('templates = "mine"\n' + installation.config.read_text())
    (terminal.folder / "a.eml").write_bytes(gives_po())
    ended = terminal.addendum("rehearse", "--books", installation.books, "--report", "report.html", "a.eml")
    assert (ended.code, "mine/report/report.html.j2, line 2: " in ended.err, ended.out) == (2, True, "")
    checked = terminal.addendum("check", "--offline")
    assert (checked.code, "mine/report/report.html.j2, line 2: " in checked.out) == (2, True)


def test_a_letter_that_could_not_be_made_is_a_hold_in_the_report(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def doubting(*_: object, **__: object) -> None:
        raise NeedsAPerson("The total reads differently.")

    monkeypatch.setattr(proposals, "draw_up", doubting)
    (terminal.folder / "a.eml").write_bytes(gives_po())
    _, page = report(terminal, "a.eml")
    assert "Would be held for you 1" in page.text
    assert "The total reads differently." in page.text
    assert "The letter to" not in page.text


def test_a_report_that_a_full_disk_does_not_take_is_told_of_and_leaves_nothing_behind(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = terminal.folder / ".report"
    begun.touch()
    monkeypatch.setattr(tempfile, "mkstemp", lambda **_: (os.open("/dev/full", os.O_WRONLY), str(begun)))
    (terminal.folder / "a.eml").write_bytes(gives_po())

    ended = terminal.addendum("rehearse", "--books", books_file(terminal.folder), "--report", "report.html", "a.eml")

    assert ended.code == 2
    assert "report.html cannot be written (No space left on device)" in ended.err
    assert not begun.exists()
    assert not (terminal.folder / "report.html").exists()
