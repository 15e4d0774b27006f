"""Gathers what several files hold into one set of books, and checks what only shows across records."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from worker.core.invoices import Books, Customer, Invoice, Issuer
from worker.edges.books import amounts, records
from worker.edges.books.problems import Place, Problems


@dataclass(slots=True)
class Shelf:
    """The books read so far; ``places`` remembers where each invoice stood."""

    problems: Problems
    known_customers: Collection[str] = ()
    issuer: Issuer | None = None
    customers: dict[str, Customer] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    customer_places: dict[str, Place] = field(default_factory=dict)
    invoice_places: dict[str, Place] = field(default_factory=dict)

    def add_issuer(self, record: object, place: Place) -> None:
        if self.issuer is not None:
            self.problems.add(place.label, "stands in two files; keep one")
        self.issuer = records.issuer(record, place, self.problems) or self.issuer

    def add_customer(self, record: object, place: Place) -> None:
        self._note_place(record, "id", place, self.customer_places)
        found = records.customer(record, place, self.problems)
        if found is not None:
            self.customers.setdefault(found.id, found)

    def add_invoice(self, record: object, place: Place, line_places: Sequence[Place] = ()) -> None:
        self._note_place(record, "number", place, self.invoice_places)
        found = records.invoice(record, place, self.problems, line_places)
        if found is not None:
            self._check(found, place)
            self.invoices.setdefault(found.number, found)

    def books(self) -> Books:
        """The books; raises SetupError with every problem found."""
        for invoice in self.invoices.values():
            if invoice.customer not in self.customer_places and invoice.customer not in self.known_customers:
                what = f"there is no customer {invoice.customer!r} in these files or in the books so far"
                self.problems.add(self.invoice_places[invoice.number].at("customer"), what)
        self.problems.raise_if_any()
        return Books(
            issuer=self.issuer or Issuer(name=""), customers=tuple(self.customers.values()), invoices=tuple(self.invoices.values())
        )

    def _check(self, invoice: Invoice, place: Place) -> None:
        wrong_total = amounts.problem(invoice)
        if wrong_total:
            self.problems.add(place.at("total"), wrong_total)
        if invoice.due_date < invoice.issue_date:
            self.problems.add(place.at("due_date"), f"{invoice.due_date} is before the issue date {invoice.issue_date}")

    def _note_place(self, record: object, key: str, place: Place, places: dict[str, Place]) -> None:
        """Two records of one name are a problem, even where the first could not be read."""
        name = record.get(key) if isinstance(record, dict) else None
        if not isinstance(name, str):
            return
        first = places.setdefault(name.strip(), place)
        if first is not place:
            self.problems.add(place.at(key), f"{name.strip()!r} stands already at {first.label}")
