"""What one commit records of one mail: its decision and every effect of it, prepared beforehand and applied together or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from worker.core.decisions import Decision
from worker.core.invoices import Amendment
from worker.core.purchase_orders import PoNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One version of an invoice's PDF, known by its SHA-256 (hex); revision 0 is the invoice as issued."""

    invoice: str
    revision: int
    sha256: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingLetter:
    """A letter with its bytes and Message-ID fixed before the first try; never sent before ``not_before``.

    ``kind`` is the action that it carries out, or "digest"; ``invoices`` are those it is about, for the caps.
    """

    kind: str
    message_id: str
    sender: str
    recipient: str
    content: bytes = field(repr=False)
    invoices: tuple[str, ...] = ()
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that follows from one mail: ``decision``, and what it changes.

    ``suggested`` is true where the mode wants a person's yes first: nothing of it is then applied or sent, but kept for that yes.
    """

    message: int
    decision: Decision
    amendments: tuple[Amendment, ...] = ()
    documents: tuple[Document, ...] = ()
    letters: tuple[OutgoingLetter, ...] = ()
    standing_po: tuple[str, PoNumber] | None = None
    suggested: bool = False
