"""Who speaks in a mail, for which customer, and where a reply may go."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from worker.core import forwards, proofs
from worker.core.forwards import Forwarded
from worker.core.invoices import Books, Customer, Issuer
from worker.core.lexicons import Lexicon
from worker.core.messages import Address, Message
from worker.core.proofs import Proof
from worker.core.rules import Rulebook


class Kind(StrEnum):
    """As whom a mail speaks."""

    CUSTOMER = "customer"
    NETWORK = "network"
    ISSUER = "issuer"
    FORWARDED = "forwarded by the issuer"
    OUTGOING = "our own outgoing copy"
    STRANGER = "stranger"
    NOBODY = "nobody (no single From address)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who speaks: ``address`` is the one that counts (of a forward the inner one), ``customer`` whom it speaks for where that is known.

    ``network`` names the network that wrote it. ``forwarded`` is what the issuer passed on. ``reply_outside`` is a Reply-To that
    leads away from the customer.
    """

    kind: Kind
    address: Address | None
    proof: Proof
    customer: Customer | None = None
    network: str | None = None
    forwarded: Forwarded | None = None
    reply_outside: Address | None = None

    def __str__(self) -> str:
        whom = f" for {self.customer.name}" if self.customer else ""
        network = f" (network {self.network})" if self.network else ""
        return f"{self.address or 'unknown'}{network}, {self.kind}{whom}"


def identify(message: Message, books: Books, rulebook: Rulebook) -> Speaker:
    """Who speaks in ``message``; ``customer`` stays open for networks and unknown inner senders until the invoice is known."""
    issuer, sender = books.issuer, message.sender
    proof = proofs.prove(message, issuer.trusted_authserv)
    if sender is None:
        return Speaker(kind=Kind.NOBODY, address=message.froms[0] if message.froms else None, proof=proof)
    if _ours(sender.email, issuer):
        return _own(message, books, rulebook, proof)
    network = rulebook.network_of(sender.domain)
    customer = books.directory.owner(sender.email)
    if network is not None and customer is None:
        return Speaker(kind=Kind.NETWORK, address=sender, proof=proof, network=network)
    if customer is None:
        return Speaker(kind=Kind.STRANGER, address=sender, proof=proof)
    outside = next((address for address in message.reply_to if not customer.owns(address.email)), None)
    return Speaker(kind=Kind.CUSTOMER, address=sender, proof=proof, customer=customer, reply_outside=outside)


def _ours(email: str, issuer: Issuer) -> bool:
    return email in issuer.addresses or email == issuer.mailbox


def _own(message: Message, books: Books, rulebook: Rulebook, proof: Proof) -> Speaker:
    issuer, sender = books.issuer, message.sender
    recipients = [address.email for address in (*message.to, *message.cc)]
    if any(books.directory.owner(email) for email in recipients):
        return Speaker(kind=Kind.OUTGOING, address=sender, proof=proof)
    if not _addressed_to_mailbox(message, issuer):
        return Speaker(kind=Kind.OUTGOING, address=sender, proof=proof)
    inner = forwards.unwrap(message, issuer)
    outside = next((address for address in message.reply_to if not _ours(address.email, issuer)), None)
    if inner is None:
        return Speaker(kind=Kind.ISSUER, address=sender, proof=proof, reply_outside=outside)
    author = inner.author
    customer = books.directory.owner(author.email) if author else None
    network = rulebook.network_of(author.domain) if author and author.email else None
    return Speaker(
        kind=Kind.FORWARDED, address=author, proof=proof, customer=customer, network=network, forwarded=inner, reply_outside=outside
    )


def _addressed_to_mailbox(message: Message, issuer: Issuer) -> bool:
    return any(address.email == issuer.mailbox for address in message.to)


def reply_address(speaker: Speaker, message: Message, customer: Customer, lexicon: Lexicon) -> str | None:
    """Where a reply to ``customer`` goes: always an address on file for it or in its domains; None when there is none."""
    first_contact = customer.contacts[0].lower() if customer.contacts else None
    if speaker.kind is Kind.CUSTOMER:
        wanted = message.reply_to[0] if message.reply_to else speaker.address
    elif speaker.kind is Kind.FORWARDED:
        wanted = speaker.address
    else:
        return first_contact
    if wanted is None or not customer.owns(wanted.email) or lexicon.no_reply.found(wanted.email.partition("@")[0]):
        return first_contact
    return wanted.email
