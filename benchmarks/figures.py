"""A measured figure beside the limit that it has to keep, and the table that all of them are printed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """``measured`` in ``unit``; ``limit`` is the most it may be, or with ``at_least`` the least; ``detail`` are the times behind it."""

    name: str
    measured: float
    limit: float
    unit: str = "x"
    at_least: bool = False
    detail: str = ""

    @property
    def ok(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


class NotMeasurable(Exception):
    """Something that a benchmark needs is not on this machine; the text says what, and how to get it."""


def table(figures: Iterable[Figure]) -> str:
    """One line a figure: what was measured, the limit, whether it is kept, and the times behind it."""
    rows = [("figure", "measured", "limit", "", "")]
    for figure in figures:
        least = "≥" if figure.at_least else "≤"
        limit = f"{least} {figure.limit:g} {figure.unit}"
        rows.append((figure.name, f"{figure.measured:.2f} {figure.unit}", limit, "ok" if figure.ok else "MISSED", figure.detail))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)).rstrip() for row in rows)
