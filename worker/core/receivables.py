"""The invoices of one customer, found by what a mail may say of them, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from worker.core import purchase_orders
from worker.core.amounts import Amount

if TYPE_CHECKING:
    from worker.core.invoices import Invoice


@dataclass(frozen=True)
class Receivables:
    """``invoices`` are all of the customer's; every answer keeps their order."""

    invoices: tuple[Invoice, ...]

    @cached_property
    def issued(self) -> tuple[Invoice, ...]:
        """Those that are neither paid nor void."""
        return tuple(invoice for invoice in self.invoices if invoice.status == "issued")

    @cached_property
    def without_po(self) -> tuple[Invoice, ...]:
        """The issued ones that show no purchase order."""
        return tuple(invoice for invoice in self.issued if invoice.po_number is None)

    def over(self, amounts: Iterable[Amount]) -> tuple[Invoice, ...]:
        """The issued invoices whose total is one of ``amounts``; an amount without a currency is none."""
        keys = [(reading, currency) for amount in amounts for reading in amount.readings for currency in amount.currencies]
        return self._at(place for key in keys for place in self._by_total.get(key, ()))

    def of_days(self, days: Iterable[tuple[int | None, int, int]]) -> tuple[Invoice, ...]:
        """The issued invoices of one of ``days``, each a year (or None for any), month and day."""
        found = ((year, place) for year, month, day in days for place in self._by_day.get((month, day), ()))
        return self._at(place for year, place in found if year in (None, self.issued[place].issue_date.year))

    def comes_to(self, amount: Amount) -> bool:
        """Whether an invoice comes to ``amount`` with or without tax, in one of its currencies."""
        return any((reading, currency) in self._sums for reading in amount.readings for currency in amount.currencies)

    def shows(self, po: str) -> bool:
        """Whether an invoice already shows the purchase order ``po``, however it is spelt."""
        return purchase_orders.normal_form(po) in self._po_forms

    def _at(self, places: Iterable[int]) -> tuple[Invoice, ...]:
        return tuple(self.issued[place] for place in sorted(set(places)))

    @cached_property
    def _by_total(self) -> dict[tuple[Decimal, str], list[int]]:
        found: dict[tuple[Decimal, str], list[int]] = {}
        for place, invoice in enumerate(self.issued):
            found.setdefault((invoice.total, invoice.currency), []).append(place)
        return found

    @cached_property
    def _by_day(self) -> dict[tuple[int, int], list[int]]:
        found: dict[tuple[int, int], list[int]] = {}
        for place, invoice in enumerate(self.issued):
            found.setdefault((invoice.issue_date.month, invoice.issue_date.day), []).append(place)
        return found

    @cached_property
    def _sums(self) -> frozenset[tuple[Decimal, str]]:
        return frozenset((money, invoice.currency) for invoice in self.invoices for money in (invoice.total, invoice.net))

    @cached_property
    def _po_forms(self) -> frozenset[str]:
        return frozenset(purchase_orders.normal_form(invoice.po_number) for invoice in self.invoices if invoice.po_number is not None)
