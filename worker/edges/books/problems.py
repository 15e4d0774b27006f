"""Collects what is wrong in a file, each with its place, so that a person sees all of it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from worker.errors import SetupError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: ``books.json: customers[2]`` or ``invoices.csv:14``; ``joint`` comes between it and a field's name."""

    label: str
    joint: str

    def at(self, name: str) -> str:
        return f"{self.label}{self.joint}{name}"

    def child(self, name: str) -> Place:
        return Place(self.at(name), self.joint)


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that could not be read, and why; it stands in a record until the record is taken apart."""

    why: str


@dataclass(slots=True)
class Problems:
    """What was found wrong so far."""

    found: list[str] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Note a problem in words that any terminal can print, whatever the file holds."""
        self.found.append(f"{where}: {what}".encode("utf-8", "replace").decode())

    def raise_if_any(self) -> None:
        """Raise SetupError with every problem, a line each."""
        if self.found:
            count = "1 problem" if len(self.found) == 1 else f"{len(self.found)} problems"
            raise SetupError(f"Nothing was imported; {count} to put right:\n" + "\n".join(self.found))


def unknown(name: str, known: Iterable[str]) -> str:
    """The sentence for a name that nothing knows, with the likeliest one that was meant."""
    close = get_close_matches(name.lower(), list(known), n=1)
    return f"unknown; did you mean {close[0]}?" if close else f"unknown; known are {', '.join(known)}"
