"""The demo as anyone starts it: it ends well by itself, tells what happened, and leaves what came of it."""

from __future__ import annotations

import email
import email.policy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.servers.installations import ROOT
from worker.core.decisions import Action
from worker.demo import days, exhibits, journeys, samples
from worker.demo.days import Evening
from worker.edges.pdfs import Reader
from worker.errors import SetupError

AMENDED = {
    "INV-7301": "4500291466",
    "INV-7302": "4500291502",
    "INV-7303": "4500291630",
    "INV-7304": "HM-204418",
    "INV-7305": "HM-204425",
    "INV-7307": "FH/2026/0881",
    "INV-7308": "FH/2026/0894",
    "INV-7309": "EC0071386",
    "INV-7310": "4700083155",
    "INV-7312": "B-41877",
}
IN_GERMAN = {"INV-7310", "INV-7312"}


@dataclass(frozen=True)
class Shown:
    """The demo as a process: how it ended, what it printed, and where its results lie."""

    code: int
    out: str
    err: str
    folder: Path


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "worker", "demo", "-o", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)  # noqa: S603  our own program
    return Shown(done.returncode, done.stdout, done.stderr, folder)


@pytest.fixture(scope="module")
def evening() -> Evening:
    return days.live(tuple(samples.mails()))


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader() as reading:
        yield reading


def opened(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""


def test_the_demo_ends_well_and_tells_every_mail_with_its_decision(shown: Shown) -> None:
    assert (shown.code, shown.err) == (0, "")
    for action in Action:
        assert str(action) in shown.out
    for invoice, po in AMENDED.items():
        assert f"{invoice} ← {po}" in shown.out
    assert "Rechnung INV-7310 zurückgewiesen" in shown.out
    assert "2 in INBOX, 13 in Addendum/Done, 3 in Addendum/Waiting" in shown.out


def test_every_amended_invoice_shows_its_purchase_order_and_its_marker(shown: Shown, reader: Reader) -> None:
    assert {path.stem for path in shown.folder.glob("*.pdf")} == set(AMENDED)
    for invoice, po in AMENDED.items():
        text = reader.read((shown.folder / f"{invoice}.pdf").read_bytes()).text
        assert po in text
        assert invoice in text
        if invoice not in IN_GERMAN:
            assert "Amended 19 November 2026: purchase order number" in text
    assert "(was: 4500288170)" in reader.read((shown.folder / "INV-7303.pdf").read_bytes()).text


def test_an_amended_page_is_left_as_a_picture(shown: Shown) -> None:
    picture = (shown.folder / "amended.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (1241, 1754)


def test_the_letters_go_to_addresses_on_file_with_the_amended_pdfs(shown: Shown) -> None:
    letters = [opened(path) for path in sorted((shown.folder / "letters").iterdir())]
    assert len(letters) == 13
    enclosed = {part.get_filename(): part.get_content() for letter in letters for part in letter.iter_attachments()}
    for invoice, po in AMENDED.items():
        assert enclosed[f"{invoice}.pdf"] == (shown.folder / f"{invoice}.pdf").read_bytes()
        assert any(invoice in text_of(letter) and po in text_of(letter) for letter in letters)
    assert not [letter for letter in letters if "brightwater-utilities.example" in letter["To"] or "ariba.com" in letter["To"]]


def test_the_digest_names_what_was_amended_what_waits_and_all_that_was_seen(shown: Shown) -> None:
    for digest in ((shown.folder / "digest.txt").read_text(), (shown.folder / "digest.html").read_text()):
        assert "10 applied, 3 wait" in digest
        for invoice, po in AMENDED.items():
            assert invoice in digest
            assert po in digest
        assert "INV-7306" in digest
    assert "18 seen: 9 amended" in (shown.folder / "digest.txt").read_text()
    assert opened(shown.folder / "digest.eml")["To"] == samples.OWNER


def test_another_run_gives_the_same_and_leaves_what_is_not_the_demos(shown: Shown, evening: Evening, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "99-stale.eml").write_text("of an earlier run")
    (tmp_path / "mine.pdf").write_text("not the demo's")
    (tmp_path / exhibits.LIST).write_text("letters/99-stale.eml\n../outside\n")
    (tmp_path.parent / "outside").write_text("of somebody else")
    exhibits.leave(evening, tmp_path)
    assert not (tmp_path / "letters" / "99-stale.eml").exists()
    assert (tmp_path / "mine.pdf").read_text() == "not the demo's"
    assert (tmp_path.parent / "outside").exists()
    names = (tmp_path / exhibits.LIST).read_text().splitlines()
    assert names == (shown.folder / exhibits.LIST).read_text().splitlines()
    assert not [name for name in names if (tmp_path / name).read_bytes() != (shown.folder / name).read_bytes()]


def test_the_demo_says_what_is_not_as_it_must_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = tuple(samples.mails())[:2]
    monkeypatch.setattr(samples, "mails", lambda: iter(few))
    assert journeys.run(tmp_path / "out") == 1
    told = capsys.readouterr()
    assert "INV-7301 ← 4500291466" in told.out
    assert told.err == "addendum: No mail led to answer, ask, hold, reissue, remember, resend.\n"


def test_a_letter_or_mail_too_few_is_a_sentence(
    evening: Evening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    poorer = replace(evening, decided=evening.decided[1:], letters=evening.letters[1:], digests=(), troubles=("The post is late.",))
    monkeypatch.setattr(days, "live", lambda _: poorer)
    assert journeys.run(tmp_path / "out") == 1
    assert capsys.readouterr().err.splitlines() == [
        "addendum: The post is late.",
        "addendum: 18 mails came in, but 17 were decided.",
        "addendum: The worker sent 14 letters, but the mail server has 12.",
        "addendum: There should be one digest, and there are 0.",
    ]


def test_a_folder_that_cannot_be_written_is_one_sentence(evening: Evening, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match=r"cannot be written .*; name another folder with -o"):
        exhibits.leave(evening, tmp_path / "file" / "out")


def test_without_its_mail_servers_the_demo_says_what_to_install() -> None:
    without = "import sys; sys.modules['aiosmtpd'] = None; sys.argv = ['addendum', 'demo']; from worker.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", without], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  our own program
    assert done.returncode == 2
    assert done.stderr == "addendum: The demo's own mail servers are not installed; get them with: pip install 'addendum[demo]'\n"
