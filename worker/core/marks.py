"""What the finders of headings share: the value they return, quote marks and blank lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.core.messages import Heading

LONGEST_LINE = 2_000
COLONS = (":", "：")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A heading and the line after it.

    ``forwarded`` is None where a reply and a forward look the same (Outlook); ``marked`` says that marked lines follow; ``languages`` are
    those of its labels.
    """

    heading: Heading
    end: int
    forwarded: bool | None = None
    marked: bool = False
    languages: frozenset[int] = frozenset()


def is_marked(line: str) -> bool:
    """Whether the line starts with a quote mark."""
    return line[:4].lstrip(" ").startswith((">", "＞"))


def unmarked(line: str) -> str:
    """The line without one level of quote marks."""
    rest = line.lstrip(" ")[1:]
    return rest[1:] if rest.startswith((" ", "\xa0")) else rest


def next_text(lines: Sequence[str], at: int) -> int:
    """The first line from ``at`` on that is not blank."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at
