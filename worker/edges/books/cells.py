"""Turns the cells of a CSV row into the same records that books.json holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from worker.edges.books.problems import Unread

Cells = Mapping[str, str]

_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)*")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")


def customer(row: Cells) -> dict[str, object]:
    record = _converted(row, {"contacts": _words, "domains": _words, "networks": _words, "requires_po": _yes_no, "address": _parts})
    if "mode" in record:
        record["policy"] = {"mode": record.pop("mode")}
    return record


def invoice(row: Cells) -> dict[str, object]:
    return _converted(row, {"total": plain_amount, "sent_message_ids": _words, "notes": _parts})


def line(row: Cells) -> dict[str, object]:
    amounts = dict.fromkeys(("line_quantity", "line_unit_price", "line_tax_rate"), plain_amount)
    return {column.removeprefix("line_"): value for column, value in _converted(row, amounts).items()}


def plain_amount(cell: str) -> str:
    """An amount with a decimal point and nothing else, from any writing that has one reading only; raises ValueError for the others."""
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"{cell[:60]!r} is not an amount; write it as 1234.50")
    decimal = max(cell.rfind("."), cell.rfind(","))
    whole, mark, fraction = cell[:decimal], cell[decimal], cell[decimal + 1 :]
    if decimal < 0 or (mark == "." and not re.search("[.,]", whole)):
        return cell
    if mark in whole:
        return _ungrouped(cell)
    if mark == "," and len(fraction) == 3 and "." not in whole:
        raise ValueError(f"{cell!r} can be read in two ways; write it with a decimal point and without thousands separators")
    return f"{_ungrouped(whole)}.{fraction}"


def _ungrouped(whole: str) -> str:
    if whole.lstrip("-").isdigit():
        return whole
    if not _GROUPED.fullmatch(whole):
        raise ValueError(f"{whole!r} is not an amount; write it as 1234.50")
    return whole.replace(".", "").replace(",", "")


def _converted(row: Cells, how: Mapping[str, Callable[[str], object]]) -> dict[str, object]:
    return {column: _cell(cell, how.get(column, str)) for column, cell in row.items()}


def _cell(cell: str, read: Callable[[str], object]) -> object:
    try:
        return read(cell)
    except ValueError as error:
        return Unread(str(error))


def _words(cell: str) -> list[str]:
    return cell.split()


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _yes_no(cell: str) -> bool:
    known = _YES_NO.get(cell.lower())
    if known is None:
        raise ValueError(f"{cell[:60]!r} is neither yes nor no")
    return known
