"""Purchase-order numbers: strings kept as the customer writes them, compared by their normal form, held against a customer's format."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NewType

PoNumber = NewType("PoNumber", str)
"""A purchase-order number exactly as the customer writes it (EN 16931 BT-13); zeros, letters and slashes are part of it."""

_CLASSES = {"#": "[0-9]", "@": "[A-Za-z]"}
_HEAD = re.compile(r"([A-Z]{2,6}) +(?=\S*\d)\S+$")


@lru_cache(maxsize=4096)
def _pattern(po_format: str) -> re.Pattern[str]:
    return re.compile("".join(_CLASSES.get(character, re.escape(character)) for character in po_format), re.IGNORECASE)


def fits(po: str, po_format: str | None) -> bool:
    """Whether the whole of ``po`` has the customer's format: "#" is a digit, "@" a letter, anything else itself; None fits everything."""
    return po_format is None or _pattern(po_format).fullmatch(po) is not None


def plain(text: str) -> str:
    """``text`` with full-width characters narrowed and zero-width ones gone, as a reader sees it."""
    if text.isascii():
        return text
    narrowed = unicodedata.normalize("NFKC", text)
    return "".join(character for character in narrowed if unicodedata.category(character) != "Cf")


def normal_form(po: str) -> str:
    """The form in which two spellings of the same PO number are equal; never printed or stored."""
    squeezed = "".join(plain(po).split()).upper()
    return squeezed if squeezed.isascii() else unicodedata.normalize("NFKC", squeezed)


def common_head(numbers: Iterable[str]) -> str | None:
    """The letters before a space with which all of ``numbers`` begin ("ODA" of "ODA 2026/0990"); None where they have none in common.

    Only capitals count: "order 4711" in the books is a number with its label.
    """
    heads = {match[1] if (match := _HEAD.match(number)) else "" for number in numbers}
    return heads.pop() or None if len(heads) == 1 else None


def same(one: str | None, other: str | None) -> bool:
    """Whether both are the same PO number, whatever their case and spacing; None is the same as nothing."""
    return one is not None and other is not None and normal_form(one) == normal_form(other)
