"""What an invoice's paper shows besides the invoice itself, as it was when the invoice came into the books."""

from __future__ import annotations

from dataclasses import dataclass, replace

from worker.core.invoices import Customer, Invoice, Issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """Seller and buyer as the paper names them (EN 16931 BG-4, BG-7), how to pay, the notes, and the language of its words.

    It never changes, whatever becomes of customer and issuer: an invoice that was issued keeps the face that it was issued with.
    """

    issuer: str
    issuer_address: tuple[str, ...] = ()
    tax_id: str = ""
    payment: tuple[str, ...] = ()
    customer: str
    customer_address: tuple[str, ...] = ()
    language: str = "en"
    notes: tuple[str, ...] = ()

    def seller(self) -> Issuer:
        """The issuer, as far as paper shows it."""
        return Issuer(name=self.issuer, address=self.issuer_address, tax_id=self.tax_id, payment=self.payment)

    def buyer(self, ident: str) -> Customer:
        """The customer ``ident``, as far as paper shows it."""
        return Customer(id=ident, name=self.customer, address=self.customer_address, language=self.language)

    def on(self, invoice: Invoice) -> Invoice:
        """The invoice with the notes that it was issued with."""
        return replace(invoice, notes=self.notes)


def of(invoice: Invoice, *, issuer: Issuer, customer: Customer) -> Imprint:
    """What the paper of ``invoice`` shows if it is made now."""
    return Imprint(
        issuer=issuer.name,
        issuer_address=issuer.address,
        tax_id=issuer.tax_id,
        payment=issuer.payment,
        customer=customer.name,
        customer_address=customer.address,
        language=customer.language,
        notes=invoice.notes,
    )
