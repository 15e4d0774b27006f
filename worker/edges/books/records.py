"""Turns the records of a file into customers, invoices and the issuer, whichever way the file wrote them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from worker.core import purchase_orders
from worker.core.invoices import Customer, Invoice, Issuer, Line, Mode, Status
from worker.edges.books import fields
from worker.edges.books.problems import Place, Problems, Unread, unknown

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Field:
    """How a field is read; null is as good as absent."""

    read: Callable[[object], Any]
    required: bool = False


_ISSUER = {
    "name": _Field(fields.name, required=True),
    "addresses": _Field(fields.emails),
    "mailbox": _Field(fields.email),
    "trusted_authserv": _Field(fields.name),
    "address": _Field(fields.texts),
    "tax_id": _Field(fields.tax_id),
    "payment": _Field(fields.texts),
    "language": _Field(fields.language),
}

_CUSTOMER = {
    "id": _Field(fields.name, required=True),
    "name": _Field(fields.name, required=True),
    "contacts": _Field(fields.emails),
    "domains": _Field(fields.domains),
    "networks": _Field(fields.networks),
    "requires_po": _Field(fields.flag),
    "po_format": _Field(fields.po_format),
    "standing_po": _Field(fields.purchase_order),
    "language": _Field(fields.language),
    "address": _Field(fields.texts),
}

_POLICY = {"mode": _Field(partial(fields.one_of, words=Mode))}

_INVOICE = {
    "number": _Field(fields.name, required=True),
    "customer": _Field(fields.name, required=True),
    "issue_date": _Field(fields.day, required=True),
    "due_date": _Field(fields.day, required=True),
    "currency": _Field(fields.currency, required=True),
    "total": _Field(fields.amount, required=True),
    "po_number": _Field(fields.purchase_order),
    "status": _Field(partial(fields.one_of, words=Status)),
    "sent_message_ids": _Field(fields.message_ids),
    "notes": _Field(fields.texts),
}

_LINE = {
    "description": _Field(fields.text, required=True),
    "quantity": _Field(fields.amount, required=True),
    "unit_price": _Field(fields.amount, required=True),
    "tax_rate": _Field(fields.percent, required=True),
}


def issuer(record: object, place: Place, problems: Problems) -> Issuer | None:
    values = _take(record, _ISSUER, place, problems)
    return None if values is None else Issuer(**values)


def customer(record: object, place: Place, problems: Problems) -> Customer | None:
    values = _take(record, _CUSTOMER, place, problems, also=("policy",))
    policy = _optional(record, "policy", {})
    mode = _take(policy, _POLICY, place.child("policy"), problems)
    if values is None or mode is None:
        return None
    found = Customer(**values, **mode)
    if found.standing_po is not None and not purchase_orders.fits(found.standing_po, found.po_format):
        problems.add(place.at("standing_po"), f"{found.standing_po} does not have the format {found.po_format} of the customer's po_format")
        return None
    return found


def invoice(record: object, place: Place, problems: Problems, line_places: Sequence[Place] = ()) -> Invoice | None:
    """The invoice; ``line_places`` say where each of its lines stands, if not within the record."""
    values = _take(record, _INVOICE, place, problems, also=("lines",))
    lines = _lines(_optional(record, "lines", []), place, problems, line_places)
    return None if values is None or lines is None else Invoice(**values, lines=lines)


def _lines(given: object, place: Place, problems: Problems, places: Sequence[Place]) -> tuple[Line, ...] | None:
    if not isinstance(given, list):
        problems.add(place.at("lines"), "must be a list")
        return None
    places = places or [place.child(f"lines[{at}]") for at in range(len(given))]
    read = [_line(record, where, problems) for record, where in zip(given, places, strict=True)]
    kept = tuple(line for line in read if line is not None)
    return kept if len(kept) == len(read) else None


def _line(record: object, place: Place, problems: Problems) -> Line | None:
    values = _take(record, _LINE, place, problems)
    return None if values is None else Line(**values)


def _optional(record: object, key: str, default: object) -> object:
    value = record.get(key) if isinstance(record, dict) else None
    return default if value is None else value


def _take(
    record: object, known: Mapping[str, _Field], place: Place, problems: Problems, also: tuple[str, ...] = ()
) -> dict[str, Any] | None:
    """The record's values by field, or None once anything in it is a problem."""
    if not isinstance(record, dict):
        problems.add(place.label, "must be a table of fields")
        return None
    before = len(problems.found)
    for key in (key for key in record if key not in known and key not in also):
        problems.add(place.at(key), unknown(key, (*known, *also)))
    values: dict[str, Any] = {}
    for key, each in known.items():
        value = record.get(key)
        if isinstance(value, Unread):
            problems.add(place.at(key), value.why)
        elif value is not None:
            _read_field(key, each, value, values, place, problems)
        elif each.required:
            problems.add(place.at(key), "is missing")
    return values if len(problems.found) == before else None


def _read_field(key: str, known: _Field, value: object, values: dict[str, Any], place: Place, problems: Problems) -> None:
    try:
        values[key] = known.read(value)
    except ValueError as error:
        problems.add(place.at(key), str(error))
