"""Mail that nobody on this project wrote: who wrote what is told in it too. Skipped where ``../shared/real`` is absent."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.mail_words import all_languages
from worker.core import forwards
from worker.core.invoices import Issuer
from worker.core.messages import Block, BlockKind, Message
from worker.edges import mime

REAL = Path(__file__).parents[2] / "shared" / "real"
FORWARDS = REAL / "forwards" / "test" / "fixtures"
REPLIES = REAL / "replies" / "test"
WORDS = all_languages()
ISSUER = Issuer(name="Studio Northlight", mailbox="billing@northlight.example", addresses=("billing@northlight.example",))
OWN = (BlockKind.NEW, BlockKind.SIGNATURE, BlockKind.BANNER)

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
MARKS = re.compile(r"^(?:\s*(?:>|\||\w{1,20}>))+")
HEADING = re.compile(r":$|-{4}\*?$|^\W*\w+:\W.*@|\d[:.]\d\d")


@pytest.mark.skipif(not FORWARDS.is_dir(), reason="needs the forwarded mail in ../shared/real/forwards")
def test_the_inner_sender_is_found_in_nearly_every_forward_that_shows_one() -> None:
    """The clients of this set name the sender before the recipients, and no note above a forward holds an address.

    So a body shows its inner sender where it shows any address, and the first one is it, whatever the language.
    """
    bodies = [path.read_text("utf-8") for path in sorted(FORWARDS.glob("*_body*.txt"))]
    shown = [(body, found[0]) for body in bodies if (found := ADDRESS.search(body))]
    assert len(bodies) == 190 and len(shown) > 180
    missed = [body for body, address in shown if _inner_sender(body) != address]
    assert len(missed) <= 0.02 * len(shown), missed


def _inner_sender(body: str) -> str | None:
    found = forwards.unwrap(_mail(body, subject="Fwd: Invoice 7"), ISSUER)
    return found.author.email if found and found.author else None


@pytest.mark.skipif(not REPLIES.is_dir(), reason="needs the replies in ../shared/real/replies")
def test_the_senders_own_words_are_told_from_the_quoted_ones_in_most_replies() -> None:
    """Held to the word: what the set keeps of a reply must be read as the sender's own, its quoted lines too where it keeps any."""
    names = [path.name for path in sorted((REPLIES / "emails").glob("*.txt"))]
    assert len(names) == 64
    wrong = [name for name in names if not _is_told_apart(name)]
    assert len(wrong) <= 0.15 * len(names), wrong


@pytest.mark.skipif(not REPLIES.is_dir(), reason="needs the replies in ../shared/real/replies")
def test_marked_lines_that_the_set_keeps_for_context_may_be_read_as_quotes() -> None:
    names = [path.name for path in sorted((REPLIES / "emails").glob("*.txt"))]
    wrong = [name for name in names if not _is_told_apart(name, but_for_marked=True)]
    assert len(wrong) <= 0.08 * len(names), wrong


def _is_told_apart(name: str, *, but_for_marked: bool = False) -> bool:
    kept = {_bare(line) for line in _lines("trimmed", name) if not (but_for_marked and MARKS.match(line))} - {""}
    own = Counter(_bare(line) for block in _blocks(name) if _is_own(block) for line in block.text.split("\n"))
    quoted = Counter(map(_bare, _quoted(name)))
    written = Counter(map(_bare, _lines("emails", name)))
    both = [line for line in own.keys() & quoted.keys() - kept - {""} if own[line] + quoted[line] > written[line]]
    return kept <= own.keys() and not both


def _quoted(name: str) -> list[str]:
    """The quoted lines of a reply: those with marks, else the text of the mail inside it that the set keeps in a file of its own.

    Where there is neither, those below the first line that says who wrote or when, unless a signature begins what was elided.
    """
    elided = _lines("elided", name)
    marked = [line for line in elided if MARKS.match(line)]
    signed = next(filter(str.strip, elided), "").strip() == "--"
    heading = next((at for at, line in enumerate(elided) if HEADING.search(line)), len(elided))
    return marked or _lines("embedded", name) or (elided[heading + 1 :] if not signed else [])


def _lines(folder: str, name: str) -> list[str]:
    path = REPLIES / folder / name
    return path.read_text("utf-8").splitlines() if path.is_file() else []


def _bare(line: str) -> str:
    """A line without its quote marks and spaces."""
    return "".join(MARKS.sub("", line).split())


def _blocks(name: str) -> tuple[Block, ...]:
    return _mail((REPLIES / "emails" / name).read_text("utf-8"), subject="Re: Invoice 7").blocks


def _is_own(block: Block) -> bool:
    return block.depth == 0 and block.kind in OWN


def _mail(body: str, *, subject: str) -> Message:
    header = f"From: Ann <ann@northlight.example>\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    return mime.parse((header + body).encode(), words=WORDS)
