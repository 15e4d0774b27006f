"""The report of a rehearsal: one HTML page, its cards put by on disk while mails are read and laid out when all are known."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from worker.core import specimens
from worker.core.decisions import Action
from worker.core.lines import legible
from worker.core.rehearsed import INTEREST, Card, interest
from worker.edges import report_rows, words
from worker.edges.stationery import Stationery
from worker.errors import SetupError

TEMPLATE = "report/report.html.j2"
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


def check(folders: Sequence[Path]) -> None:
    """Write a specimen; raises SetupError where the template is broken."""
    with tempfile.TemporaryDirectory() as folder, Report(folders, Path(folder) / "report.html", UTC) as report:
        for card in specimens.cards():
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
        if self._path.is_dir():
            raise SetupError(f"{self._path} is a folder; name a file with --report.")
        with self._writing():
            handle, name = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=self._path.parent)
        self._page, self._written = Path(name), os.fdopen(handle, "w", encoding="utf-8")
        self._cards = tempfile.TemporaryFile()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for file in (self._cards, self._written):
            with suppress(OSError):  # what a full disk did not take is of a page that goes away
                file.close()
        self._page.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Turns what the disk refuses into a SetupError."""
        try:
            yield
        except OSError as error:
            raise SetupError(f"{self._path} cannot be written ({error.strerror}); name another file with --report.") from None

    def add(self, card: Card) -> None:
        """Put a card by. Raises SetupError where the disk is full."""
        action = card.decision.action
        self._counts[action] += 1
        if action is Action.IGNORE and card.before is None:
            self._ignored.append(report_rows.heading(card, self._zone))
            return
        with self._writing():
            place = self._cards.seek(0, os.SEEK_END)
            self._cards.write(json.dumps(report_rows.told(card, self._zone)).encode() + b"\n")
        moment = card.moment.timestamp() if card.moment else 0.0
        self._places.setdefault(action, []).append((interest(card.decision), -moment, place))

    def finish(self, preface: Preface, *, read: int) -> None:
        """Write the page: the most interesting first, and of each kind the newest; ``read`` is how many mails there were.

        Raises SetupError for a broken template, and where the page can't be written.
        """
        facts: Mapping[str, object] = {
            "preface": legible(preface),
            "read": read,
            "made_at": report_rows.moment(preface.made_at, self._zone),
            "counts": [(action, self._counts[action]) for action in INTEREST if self._counts[action]],
            "groups": ((action, len(self._places[action]), self._in_order(action)) for action in INTEREST if action in self._places),
            "ignored": list(reversed(self._ignored)),
            "unlisted": self._counts[Action.IGNORE] - len(self._ignored) - len(self._places.get(Action.IGNORE, ())),
        }
        with self._writing():
            self._stationery.write(TEMPLATE, self._words, facts, self._written)
            self._written.close()
            self._page.replace(self._path)

    def _in_order(self, action: Action) -> Iterator[dict[str, Any]]:
        for _, _, place in sorted(self._places[action]):
            self._cards.seek(place)
            yield json.loads(self._cards.readline())
