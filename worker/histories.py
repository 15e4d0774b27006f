"""What became of one invoice: as it stands, and every amendment of it with its documents."""

from __future__ import annotations

from typing import Any

from worker.edges.ledger import AuditEntry, Ledger
from worker.errors import NeedsAPerson


def of(number: str, ledger: Ledger) -> dict[str, Any]:
    """The invoice's history in the form that ``history --json`` prints. Raises NeedsAPerson for a number that is not in the books."""
    invoice = ledger.invoice(number)
    if invoice is None:
        raise NeedsAPerson(f"Invoice {number} is not in the books; import it, or look at its spelling.")
    return {
        "number": invoice.number,
        "customer": invoice.customer,
        "revision": invoice.revision,
        "po_number": invoice.po_number,
        "status": str(invoice.status),
        "amendments": [_amendment(entry) for entry in ledger.history(number)],
    }


def _amendment(entry: AuditEntry) -> dict[str, Any]:
    return {
        "revision": entry.revision,
        "old": entry.old_po,
        "new": entry.new_po,
        "requested_by": entry.requested_by,
        "applied_by": entry.applied_by,
        "applied_at": entry.applied_at.isoformat(),
        "message_id": entry.message_id,
        "reason": entry.reason,
        "old_sha256": entry.old_sha256,
        "new_sha256": entry.new_sha256,
        "hash": entry.hash,
    }
