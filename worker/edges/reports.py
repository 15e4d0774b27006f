"""The report of a rehearsal: one HTML page, its cards put by on disk while mails are read and laid out when all are known."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from worker.core.decisions import Action, Decision, Evidence, Hit, PoChange
from worker.core.lines import legible, visible
from worker.core.purchase_orders import PoNumber
from worker.core.rehearsed import INTEREST, Card, LetterText, interest
from worker.edges import words
from worker.edges.stationery import Stationery
from worker.errors import SetupError

TEMPLATE = "report/report.html.j2"
LONGEST_ROW = 300
"""How many characters of a line are shown: strangers write them."""
MOST_LINES = 30
"""How many lines, rules or numbers of one mail are shown."""
MOST_IGNORED = 1000
"""How many of the ignored mails are listed, the last ones; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preface:
    """What stands at the top: whose report, when it was made, which mails by which rules; ``compared`` names the rules before."""

    issuer: str
    made_at: datetime
    place: str
    rules: str
    compared: str = ""


SPECIMEN = Card(
    moment=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    sender="ap@customer.example",
    subject="Invoice INV-2041",
    decision=Decision(
        action=Action.AMEND,
        reason="4500123456 for INV-2041",
        changes=(PoChange(invoice="INV-2041", po=PoNumber("4500123456")),),
        evidence=Evidence(hits=(Hit(rule="missing-po", line="There is no PO."),), lines=("There is no PO.",)),
    ),
    before=Decision(action=Action.HOLD, reason="It is not understood"),
    letter=LetterText(recipient="ap@customer.example", subject="Re: Invoice INV-2041", enclosed=("INV-2041.pdf",), lines=("Hello",)),
)


def check(folders: Sequence[Path]) -> None:
    """Write a specimen; raises SetupError where the template is broken."""
    ignored = replace(SPECIMEN, decision=Decision(action=Action.IGNORE, reason="A newsletter"), before=None, letter=None)
    with tempfile.TemporaryDirectory() as folder, Report(folders, Path(folder) / "report.html", UTC) as report:
        for card in (SPECIMEN, ignored):
            report.add(card)
        report.finish(
            Preface(issuer="Us", made_at=datetime(2026, 11, 22, tzinfo=UTC), place="INBOX", rules="ours", compared="theirs"), read=2
        )


class Report:
    """A report at ``path``; the file appears when it is finished, whole, and only its owner can read it. A context manager.

    Raises SetupError where nothing can be written there, before any mail is read.
    """

    def __init__(self, folders: Sequence[Path], path: Path, zone: tzinfo) -> None:
        if path.suffix.lower() not in (".html", ".htm"):
            raise SetupError(f"The report is a page to be looked at: name it {path}.html, say, and not {path}.")
        self._words = words.read(folders)["en"]
        self._stationery = Stationery(folders)
        self._path = path
        self._zone = zone
        self._counts: Counter[Action] = Counter()
        self._places: dict[Action, list[tuple[int, float, int]]] = {}
        self._ignored: deque[dict[str, Any]] = deque(maxlen=MOST_IGNORED)

    def __enter__(self) -> Self:
        try:
            handle, name = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)
        except OSError as error:
            raise SetupError(f"{self._path} cannot be written ({error.strerror}); name another file with --report.") from None
        self._page, self._written = Path(name), os.fdopen(handle, "w", encoding="utf-8")
        self._cards = tempfile.TemporaryFile()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._cards.close()
        self._written.close()
        self._page.unlink(missing_ok=True)

    def add(self, card: Card) -> None:
        """Put a card by."""
        action = card.decision.action
        self._counts[action] += 1
        if action is Action.IGNORE and card.before is None:
            self._ignored.append(self._heading(card))
            return
        place = self._cards.seek(0, os.SEEK_END)
        self._cards.write(json.dumps(self._told(card)).encode() + b"\n")
        moment = card.moment.timestamp() if card.moment else 0.0
        self._places.setdefault(action, []).append((interest(card.decision), -moment, place))

    def finish(self, preface: Preface, *, read: int) -> None:
        """Write the page: the most interesting first, and of each kind the newest; ``read`` is how many mails there were.

        Raises SetupError for a broken template.
        """
        facts: Mapping[str, object] = {
            "preface": legible(preface),
            "read": read,
            "made_at": self._moment(preface.made_at),
            "counts": [(action, self._counts[action]) for action in INTEREST if self._counts[action]],
            "groups": ((action, len(self._places[action]), self._in_order(action)) for action in INTEREST if action in self._places),
            "ignored": self._ignored,
            "unlisted": self._counts[Action.IGNORE] - len(self._ignored) - len(self._places.get(Action.IGNORE, ())),
        }
        self._stationery.write(TEMPLATE, self._words, facts, self._written)
        self._written.close()
        self._page.replace(self._path)

    def _in_order(self, action: Action) -> Iterator[dict[str, Any]]:
        for _, _, place in sorted(self._places[action]):
            self._cards.seek(place)
            yield json.loads(self._cards.readline())

    def _told(self, card: Card) -> dict[str, Any]:
        decision = card.decision
        return {
            **self._heading(card),
            **_decision(decision),
            "customer": visible(card.customer, limit=LONGEST_ROW),
            "invoices": _lines(decision.invoices),
            "speaker": visible(decision.evidence.speaker, limit=LONGEST_ROW),
            "proof": visible(decision.evidence.proof, limit=LONGEST_ROW),
            "hits": [
                (visible(hit.rule, limit=LONGEST_ROW), visible(hit.line, limit=LONGEST_ROW)) for hit in decision.evidence.hits[:MOST_LINES]
            ],
            "lines": _lines(decision.evidence.lines),
            "before": _decision(card.before) if card.before else None,
            "letter": _letter(card.letter) if card.letter else None,
        }

    def _heading(self, card: Card) -> dict[str, Any]:
        return {
            "moment": self._moment(card.moment) if card.moment else "",
            "sender": visible(card.sender, limit=LONGEST_ROW),
            "subject": visible(card.subject, limit=LONGEST_ROW) or "(no subject)",
        }

    def _moment(self, moment: datetime) -> str:
        try:
            return f"{moment.astimezone(self._zone):%d %b %Y, %H:%M}"
        except (OverflowError, ValueError):  # a date at the end of time
            return ""


def _decision(decision: Decision) -> dict[str, Any]:
    pairs = [[visible(text, limit=LONGEST_ROW) for text in pair] for pair in decision.as_pairs()[:MOST_LINES]]
    return {"action": str(decision.action), "reason": visible(decision.reason, limit=LONGEST_ROW), "pairs": pairs}


def _lines(lines: Sequence[str]) -> list[str]:
    return [visible(line, limit=LONGEST_ROW) for line in lines[:MOST_LINES]]


def _letter(letter: LetterText) -> dict[str, Any]:
    return {**asdict(legible(letter)), "text": "\n".join(visible(line) for line in letter.lines)}
