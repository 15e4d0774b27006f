"""One invoice as the words that its page shows: every text ready to print, for a template that only has to place them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, time, tzinfo
from typing import Any

from worker.core.invoices import Amendment, Customer, Invoice, Issuer
from worker.edges.wordings import Wording


def of(
    invoice: Invoice, *, issuer: Issuer, customer: Customer, amendments: Sequence[Amendment], timezone: tzinfo, wording: Wording
) -> dict[str, Any]:
    """What ``templates/invoice.typ`` describes in its first lines; strings, and lists and dicts of them."""
    return {
        "language": wording.code,
        "title": f"{wording.invoice} {_clean(invoice.number)}",
        "author": _clean(issuer.name),
        "date": _date_parts(moment(invoice, amendments)),
        "issuer": {"name": _clean(issuer.name), "address": _clean_all(issuer.address), "tax_id": _tax_id(issuer, wording)},
        "customer": {"label": wording.bill_to, "name": _clean(customer.name), "address": _clean_all(customer.address)},
        "heading": wording.invoice,
        "number": _clean(invoice.number),
        "facts": _facts(invoice, wording),
        "amendments": _clean_all([wording.marker(amendment, timezone) for amendment in amendments]),
        "columns": _columns(invoice, wording),
        "lines": _lines(invoice, wording),
        "totals": _totals(invoice, wording),
        "payment": {"label": wording.payment, "lines": _clean_all(issuer.payment)},
        "notes": {"label": wording.notes, "lines": _clean_all(invoice.notes)},
        "page": wording.page,
    }


def figures(invoice: Invoice, wording: Wording) -> list[str]:
    """Every figure of the invoice's lines and totals, as its page shows them."""
    taxed = any(line.tax_rate for line in invoice.lines)
    columns = ("quantity", "unit_price", "tax", "amount") if taxed else ("quantity", "unit_price", "amount")
    return [line[column] for line in _lines(invoice, wording) for column in columns] + [sum_["value"] for sum_ in _totals(invoice, wording)]


def moment(invoice: Invoice, amendments: Sequence[Amendment]) -> datetime:
    """When this version of the invoice came to be: its last amendment, or the start of its issue date (UTC)."""
    if amendments:
        return amendments[-1].applied_at.astimezone(UTC).replace(microsecond=0)
    return datetime.combine(invoice.issue_date, time(), UTC)


def _date_parts(at: datetime) -> dict[str, int]:
    return {"year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute, "second": at.second}


def _tax_id(issuer: Issuer, wording: Wording) -> str:
    return f"{wording.tax_id} {_clean(issuer.tax_id)}" if issuer.tax_id else ""


def _facts(invoice: Invoice, wording: Wording) -> list[dict[str, str]]:
    return [
        {"label": wording.number, "value": _clean(invoice.number)},
        {"label": wording.issue_date, "value": wording.date(invoice.issue_date)},
        {"label": wording.due_date, "value": wording.date(invoice.due_date)},
        {"label": wording.purchase_order, "value": _clean(invoice.po_number or wording.no_purchase_order)},
    ]


def _columns(invoice: Invoice, wording: Wording) -> dict[str, str]:
    taxed = any(line.tax_rate for line in invoice.lines)
    return {
        "description": wording.description,
        "quantity": wording.quantity,
        "unit_price": wording.unit_price,
        "tax": wording.tax if taxed else "",
        "amount": f"{wording.amount} ({invoice.currency})",
    }


def _lines(invoice: Invoice, wording: Wording) -> list[dict[str, str]]:
    return [
        {
            "description": _clean(line.description),
            "quantity": wording.count(line.quantity),
            "unit_price": wording.amount_of(line.unit_price, invoice.currency),
            "tax": wording.rate(line.tax_rate),
            "amount": wording.amount_of(line.net, invoice.currency),
        }
        for line in invoice.lines
    ]


def _totals(invoice: Invoice, wording: Wording) -> list[dict[str, str]]:
    """Net and tax are shown where there is tax, then what is due; an invoice without lines has only that."""
    due = {"label": wording.total, "value": wording.money(invoice.total, invoice.currency)}
    if not any(line.tax_rate for line in invoice.lines):
        return [due]
    taxes = [
        {
            "label": wording.tax_at.replace("{rate}", wording.rate(rate)).replace("{net}", wording.amount_of(base, invoice.currency)),
            "value": wording.amount_of(tax, invoice.currency),
        }
        for rate, base, tax in _taxes(invoice)
    ]
    return [{"label": wording.net, "value": wording.amount_of(invoice.net, invoice.currency)}, *taxes, due]


def _taxes(invoice: Invoice) -> list[tuple[Any, Any, Any]]:
    return [(rate, sum(line.net for line in invoice.lines if line.tax_rate == rate), tax) for rate, tax in invoice.tax_by_rate.items()]


def _clean(text: str) -> str:
    """``text`` without control characters, which no font can show; line breaks stay."""
    return "".join(
        character for character in text.replace("\t", " ") if character == "\n" or unicodedata.category(character) not in ("Cc", "Cs")
    )


def _clean_all(lines: Sequence[str]) -> list[str]:
    return [_clean(line) for line in lines]
