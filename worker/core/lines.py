"""One visible line out of any text: what a hostile mail may put into a subject, a name or a PO number, made safe to print and to send."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

Value = TypeVar("Value")

_BREAKS = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_GONE = frozenset({"Cc", "Cf", "Cs", "Cn"})
"""Controls, invisible and direction-changing marks, lone surrogates, and code points that mean nothing."""


def visible(text: str, *, limit: int = 0) -> str:
    """``text`` on one line, without controls, direction or zero-width marks, lone surrogates; cut to ``limit`` characters (0: all)."""
    spaced = _BREAKS.sub(" ", text)
    if not spaced.isascii() or not spaced.isprintable():
        spaced = _BREAKS.sub(" ", "".join(character for character in spaced if unicodedata.category(character) not in _GONE))
    spaced = spaced.strip()
    return spaced if not limit or len(spaced) <= limit else spaced[: limit - 1].rstrip() + "…"


def legible(value: Value, *, limit: int = 0) -> Value:
    """A plain value with every text in it, however deep, made ``visible`` (and cut to ``limit`` characters); nothing else changes."""
    legibly: Value = _legible(value, limit)
    return legibly


def _legible(value: Any, limit: int) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else visible(value, limit=limit)
    if isinstance(value, tuple):
        return tuple(_legible(each, limit) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _legible(getattr(value, each.name), limit) for each in fields(value)})
    return value
