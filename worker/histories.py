"""What became of one invoice: as it stands, and every amendment of it with its documents."""

from __future__ import annotations

from typing import Any

from worker.edges.ledger import AuditEntry, Earlier, Ledger
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
        "amendments": [_amendment(entry, ledger) for entry in ledger.history(number)],
    }


def _amendment(entry: AuditEntry, ledger: Ledger) -> dict[str, Any]:
    earlier = ledger.replays(entry.message) if entry.message is not None else []
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
        "earlier": [_earlier(each) for each in earlier],
    }


def _earlier(earlier: Earlier) -> dict[str, Any]:
    """What was decided of the amendment's mail before it was judged again."""
    return {
        "status": earlier.status,
        "reason": earlier.reason,
        "decided_at": earlier.decided_at.isoformat(),
        "replaced_at": earlier.replaced_at.isoformat(),
    }
