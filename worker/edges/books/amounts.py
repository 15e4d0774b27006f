"""Holds an invoice's total against its lines and their tax."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision

from worker.core.invoices import Invoice, Line


def problem(invoice: Invoice) -> str | None:
    """What is wrong with the total, or None.

    With lines it must be their sum and tax to the last digit. Tax may be rounded once a rate (EN 16931 BR-CO-17) or once a line,
    half up; in currencies without decimals also down, as is the custom in Japan.
    """
    digits = _smallest(invoice.currency)
    if invoice.total < 0:
        return f"{invoice.total} is below zero; a credit note is not an invoice that gets a purchase order"
    if invoice.total != invoice.total.quantize(digits):
        return f"{invoice.total} has more decimals than {invoice.currency} has"
    if not invoice.lines:
        return None
    sums = {add(invoice, digits, rounding) for add in (_by_rate, _by_line) for rounding in _roundings(digits)}
    if invoice.total in sums:
        return None
    return f"{invoice.total} is not what the lines and their tax add up to ({' or '.join(str(each) for each in sorted(sums))})"


def _roundings(digits: Decimal) -> tuple[str, ...]:
    return (ROUND_HALF_UP, ROUND_DOWN) if digits == 1 else (ROUND_HALF_UP,)


def _by_rate(invoice: Invoice, digits: Decimal, rounding: str) -> Decimal:
    bases: dict[Decimal, Decimal] = {}
    for line in invoice.lines:
        bases[line.tax_rate] = bases.get(line.tax_rate, Decimal(0)) + _net(line, digits)
    return sum((base + (base * rate / 100).quantize(digits, rounding) for rate, base in bases.items()), Decimal(0))


def _by_line(invoice: Invoice, digits: Decimal, rounding: str) -> Decimal:
    nets = [(_net(line, digits), line.tax_rate) for line in invoice.lines]
    return sum((net + (net * rate / 100).quantize(digits, rounding) for net, rate in nets), Decimal(0))


def _net(line: Line, digits: Decimal) -> Decimal:
    return (line.quantity * line.unit_price).quantize(digits, ROUND_HALF_UP)


@cache
def _smallest(currency: str) -> Decimal:
    return Decimal(1).scaleb(-get_currency_precision(currency))
