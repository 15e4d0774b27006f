"""The post: what is due in the outbox handed to the mail server, and what may go to whom checked one last time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from worker.edges.inbox import Inbox
from worker.edges.ledger import Ledger
from worker.edges.outbox import Outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Sends what is due. ``inbox`` is where Sent is looked into; ``own`` are the issuer's own addresses that the digest may go to."""

    outbox: Outbox
    ledger: Ledger
    inbox: Inbox
    sent_folder: str
    own: frozenset[str]
    clock: Callable[[], datetime]

    def send(self) -> int:
        """Deliver what is due now; returns how many letters the server took. Raises what keeps it from taking any."""
        delivered = asyncio.run(self.outbox.deliver(self.ledger, now=self.clock, was_sent=self.was_sent, allowed=self.allowed))
        if delivered.problem is not None:
            raise delivered.problem
        return delivered.sent

    def was_sent(self, message_id: str) -> bool | None:
        """Whether the letter lies in the Sent folder; None where there is no such folder."""
        return self.inbox.find_sent(message_id, self.sent_folder)

    def allowed(self, recipient: str) -> bool:
        """Whether the address is on file: for a customer, or as the digest's."""
        return recipient in self.own or any(customer.owns(recipient) for customer in self.ledger.books().customers)
