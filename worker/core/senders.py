"""Who speaks in a mail, for which customer, and where a reply may go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from worker.core import forwards, proofs, texts
from worker.core.forwards import Forwarded
from worker.core.invoices import Books, Customer, Issuer
from worker.core.lexicons import Lexicon
from worker.core.messages import Address, Message
from worker.core.proofs import Proof
from worker.core.rules import Rulebook

_FORMS = """
gmbh ag se kg ohg ug ek inc inc. llc llp lp ltd ltd. limited plc corp corp. co co. company sa s.a. sas sarl spa s.p.a.
srl s.r.l. bv b.v. nv n.v. ab as a/s oy oyj aps s.r.o. a.s. sp. z o.o. k.k. kk dac pty pvt pvt. mbh aör lda ltda s.l.
sl gbr e.v. ev
"""
_LEGAL_FORMS = frozenset(_FORMS.split())
_EAST_ASIAN_FORMS = re.compile(r"(?:株式|有限|合同|合資)会社|\((?:株|有|同)\)|(?:股份)?有限公司")
_BETWEEN_WORDS = re.compile(r"(?:[^\w&]|_)+")


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
    customer = owner(sender.email, books)
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
    if any(owner(email, books) for email in recipients):
        return Speaker(kind=Kind.OUTGOING, address=sender, proof=proof)
    if not _addressed_to_mailbox(message, issuer):
        return Speaker(kind=Kind.OUTGOING, address=sender, proof=proof)
    inner = forwards.unwrap(message, issuer)
    outside = next((address for address in message.reply_to if not _ours(address.email, issuer)), None)
    if inner is None:
        return Speaker(kind=Kind.ISSUER, address=sender, proof=proof, reply_outside=outside)
    author = inner.author
    customer = owner(author.email, books) if author else None
    network = rulebook.network_of(author.domain) if author and author.email else None
    return Speaker(
        kind=Kind.FORWARDED, address=author, proof=proof, customer=customer, network=network, forwarded=inner, reply_outside=outside
    )


def _addressed_to_mailbox(message: Message, issuer: Issuer) -> bool:
    return any(address.email == issuer.mailbox for address in message.to)


def owner(email: str, books: Books) -> Customer | None:
    """The customer that ``email`` belongs to; None when it belongs to none, or to several."""
    owners = [customer for customer in books.customers if customer.owns(email)]
    exact = [customer for customer in owners if email in customer.contacts]
    chosen = exact or owners
    return chosen[0] if len(chosen) == 1 else None


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


def names(text: str, customer: Customer) -> bool:
    """Whether ``text`` names ``customer``, with or without its legal form."""
    return named(text, customer.name)


def named(text: str, name: str) -> bool:
    """Whether ``text`` holds a company's ``name``, with or without its legal form."""
    spoken = f" {_words(text)} "
    return any((spelling if texts.is_unparted(spelling) else f" {spelling} ") in spoken for spelling in _spellings(name))


@lru_cache(maxsize=4096)
def _spellings(company: str) -> list[str]:
    full = _words(company)
    plain = _EAST_ASIAN_FORMS.sub(" ", texts.clean(company)).lower().replace(",", " ")
    core = " ".join(word for word in plain.split() if word not in _LEGAL_FORMS)
    return [name for name in (full, _words(core)) if len(name) >= 4]


@lru_cache(maxsize=16)
def _words(text: str) -> str:
    """The words of ``text`` in lower case, one space apart; remembered, because a text is asked for every customer's name in turn."""
    return _BETWEEN_WORDS.sub(" ", texts.clean(text).casefold()).strip()
