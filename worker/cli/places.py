"""Where a command is run: which configuration counts, and what its verbs print with."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.table import Table

    from worker.config import Config

Thing = TypeVar("Thing")

PLAIN_WIDTH = 200
"""How wide a table is where nobody's window says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The configuration that a command was given, read when a verb needs it.

    ``own_process`` is true where nothing comes after the command.
    """

    config: Path
    debug: bool = False
    own_process: bool = False

    def configured(self) -> Config:
        from worker import config

        return config.load(self.config)

    def configured_if_there(self) -> Config | None:
        """The configuration, for verbs that do without one; None where there is none at the usual place."""
        return self.configured() if self.config.exists() or self.config != Path("config.toml") else None


def tracked(things: Iterable[Thing], total: int, doing: str) -> Iterator[Thing]:
    """``things`` one by one, with a bar on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield from things
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(things, description=doing, total=total, console=Console(stderr=True), transient=True)


def show_json(value: Any) -> None:
    """One JSON object on one line; dates as ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """A table on stdout, in the window's width; a pipe gets it wide."""
    from rich import box
    from rich.table import Table

    drawn = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*(_cell(value) for value in row))
    show(drawn)


def show(drawn: Table | str) -> None:
    """Something that rich draws, on stdout."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, highlight=False, soft_wrap=False)
    console.print(drawn, markup=False)


def harmless(text: str) -> str:
    """``text`` without what moves or colours a terminal: what came by mail is hostile."""
    return "".join(character if character.isprintable() else " " if character.isspace() else "" for character in text)


def _cell(value: object) -> str:
    from rich.markup import escape

    return escape("" if value is None else harmless(str(value)))
