"""Sending what the ledger's outbox holds, over SMTP: every letter once, or a person is told why not."""

from worker.edges.connections import Refused, Tls
from worker.edges.outbox.deliveries import Outbox
from worker.edges.outbox.retries import next_try
from worker.edges.outbox.rounds import Delivered
from worker.edges.outbox.sign_ins import OutboxSettings

__all__ = ["Delivered", "Outbox", "OutboxSettings", "Refused", "Tls", "next_try"]
