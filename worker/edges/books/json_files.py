"""Reads books.json: the issuer, the customers and the invoices as nested records."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from worker.edges.books.problems import Place, Problems, unknown
from worker.edges.books.shelf import Shelf

_PARTS = ("issuer", "customers", "invoices")


def read(name: str, text: str, shelf: Shelf, problems: Problems) -> None:
    """Put what the file ``name`` holds onto ``shelf``; what is wrong goes to ``problems``."""
    try:
        content = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_without_doubles)
    except json.JSONDecodeError as error:
        problems.add(f"{name}:{error.lineno}", f"is not JSON ({error.msg})")
    except RecursionError:
        problems.add(name, "is nested too deeply to be books")
    except ValueError as error:
        problems.add(name, str(error))
    else:
        _take_parts(name, content, shelf, problems)


def _take_parts(name: str, content: object, shelf: Shelf, problems: Problems) -> None:
    if not isinstance(content, dict):
        problems.add(name, f"must be a table with {', '.join(_PARTS)}")
        return
    for key in (key for key in content if key not in _PARTS):
        problems.add(f"{name}: {key}", unknown(key, _PARTS))
    if content.get("issuer") is not None:
        shelf.add_issuer(content["issuer"], Place(f"{name}: issuer", "."))
    for record, place in _listed(name, content, "customers", problems):
        shelf.add_customer(record, place)
    for record, place in _listed(name, content, "invoices", problems):
        shelf.add_invoice(record, place)


def _listed(name: str, content: dict[str, object], part: str, problems: Problems) -> Iterator[tuple[object, Place]]:
    listed = content.get(part)
    if listed is None:
        return
    if not isinstance(listed, list):
        problems.add(f"{name}: {part}", "must be a list")
        return
    for at, record in enumerate(listed):
        yield record, Place(f"{name}: {part}[{at}]", ".")


def _refuse_constant(constant: str) -> None:
    raise ValueError(f"{constant} is not an amount")


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """JSON lets a key stand twice and quietly takes the last; for books that would hide a mistake."""
    table = dict(pairs)
    if len(table) != len(pairs):
        double, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"the field {double} stands twice in one table")
    return table
