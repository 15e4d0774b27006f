"""The ledger: everything that Addendum knows and has done, in one database, each step in a commit of its own."""

from worker.edges.ledger.decided import Decided
from worker.edges.ledger.facade import Ledger
from worker.edges.ledger.values import (
    Arrival,
    AuditEntry,
    Counts,
    Cursor,
    DigestFacts,
    DigestMark,
    Earlier,
    Hold,
    ImportReport,
    ImportTally,
    Incoming,
    QueuedLetter,
    Sighting,
    Stored,
)

__all__ = [
    "Arrival",
    "AuditEntry",
    "Counts",
    "Cursor",
    "Decided",
    "DigestFacts",
    "DigestMark",
    "Earlier",
    "Hold",
    "ImportReport",
    "ImportTally",
    "Incoming",
    "Ledger",
    "QueuedLetter",
    "Sighting",
    "Stored",
]
