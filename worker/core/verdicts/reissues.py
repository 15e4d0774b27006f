"""The questions whether an amendment can do at all, or the invoice must be voided and issued anew."""

from __future__ import annotations

from worker.core.decisions import Action
from worker.core.invoice_responses import InvoiceResponse
from worker.core.verdicts.values import Matter, Verdict, hold

_DEMANDS = {
    "new-number": "a cancellation or a new invoice number is demanded",
    "amount-change": "the amount must change",
    "tax-change": "the tax must change",
    "currency-change": "the currency must change",
    "scope-change": "the lines must change",
    "split": "the invoice is to be split",
}
"""The rules that an amendment can't satisfy, each with what it demands."""


def reissue(matter: Matter) -> Verdict | None:
    """What an amendment can't do: amount, tax, currency, lines, a split, or an explicit demand for a new number."""
    for response in matter.case.responses:
        verdict = _by_response(response, matter)
        if verdict is not None:
            return verdict
    if matter.case.responses:
        return None
    demanded = next((reason for rule, reason in _DEMANDS.items() if matter.case.says(rule)), None)
    return _reissue(matter, demanded) if demanded else None


def _by_response(response: InvoiceResponse, matter: Matter) -> Verdict | None:
    """A Peppol response demands a credit note by CNF; any reason but the missing reference needs a person."""
    if "CNF" in response.actions:
        return _reissue(matter, "the invoice response demands a credit note (CNF)")
    other = [reason for reason in response.reasons if reason not in ("REF", "NON")]
    if other and "REF" not in response.reasons and response.status in ("RE", "UQ"):
        return hold(f"the invoice response names another reason: {', '.join(other)}", invoices=matter.invoices)
    return None


def _reissue(matter: Matter, reason: str) -> Verdict:
    if not matter.invoices:
        return hold(f"{reason}, but it is not clear for which invoice")
    return Verdict(action=Action.REISSUE, reason=reason, invoices=matter.invoices)
