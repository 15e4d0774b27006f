"""Finds customers by an address or by their name in a text, however many there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick

from worker.core import texts

if TYPE_CHECKING:
    from worker.core.invoices import Customer

_FORMS = """
gmbh ag se kg ohg ug ek inc inc. llc llp lp ltd ltd. limited plc corp corp. co co. company sa s.a. sas sarl spa s.p.a.
srl s.r.l. bv b.v. nv n.v. ab as a/s oy oyj aps s.r.o. a.s. sp. z o.o. k.k. kk dac pty pvt pvt. mbh aör lda ltda s.l.
sl gbr e.v. ev
"""
_LEGAL_FORMS = frozenset(_FORMS.split())
_EAST_ASIAN_FORMS = re.compile(r"(?:株式|有限|合同|合資)会社|\((?:株|有|同)\)|(?:股份)?有限公司")
_WORDS = re.compile(r"[\w&]+")
_SEAM = re.compile(rf"[()]|(?<=[^{texts.UNPARTED}\s])\s+(?=[{texts.UNPARTED}])|(?<=[{texts.UNPARTED}])\s+(?=[^{texts.UNPARTED}\s])")
"""Where a company's name may end and its name in another script begin."""
_SHORTEST_NAME = 4
_LETTERS = 2
"""By how many letters names are sought in scripts that write no spaces between words."""


class Directory:
    """The customers by their addresses, domains and names."""

    def __init__(self, customers: Iterable[Customer]) -> None:
        self._by_contact: dict[str, list[Customer]] = {}
        self._by_domain: dict[str, list[Customer]] = {}
        self._by_first_word: dict[str, list[tuple[str, Customer]]] = {}
        self._by_first_letters: dict[str, list[tuple[str, Customer]]] = {}
        for customer in customers:
            self._add(customer)
        self._first_words = AhoCorasick(self._by_first_word)

    def _add(self, customer: Customer) -> None:
        for contact in customer.contacts:
            self._by_contact.setdefault(contact, []).append(customer)
        for domain in customer.domains:
            self._by_domain.setdefault(domain, []).append(customer)
        for spelling in spellings(customer.name):
            if texts.is_unparted(spelling):
                self._by_first_letters.setdefault(spelling[:_LETTERS], []).append((spelling, customer))
            else:
                self._by_first_word.setdefault(spelling.partition(" ")[0], []).append((f" {spelling} ", customer))

    def owner(self, email: str) -> Customer | None:
        """The customer that ``email`` belongs to; None when it belongs to none, or to several."""
        met = self._by_contact.get(email) or self._of_domain(email)
        owners = list({customer.id: customer for customer in met}.values())
        return owners[0] if len(owners) == 1 else None

    def _of_domain(self, email: str) -> Iterator[Customer]:
        domain = email.rpartition("@")[2]
        while domain:
            yield from self._by_domain.get(domain, ())
            domain = domain.partition(".")[2]

    def named(self, text: str) -> dict[str, Customer]:
        """The customers that ``text`` names, with or without their legal form, by id."""
        unspaced = self._by_first_letters and not text.isascii()
        if not unspaced and not self._first_words.find_matches_as_indexes(texts.clean(text).casefold()):
            return {}
        spoken = words(text)
        padded = f" {spoken} "
        met = [pair for word in dict.fromkeys(spoken.split()) for pair in self._by_first_word.get(word, ())]
        if unspaced:
            runs = dict.fromkeys(spoken[place : place + _LETTERS] for place in range(len(spoken)))
            met += [pair for run in runs for pair in self._by_first_letters.get(run, ())]
        return {customer.id: customer for spelling, customer in met if spelling in padded}


def named(text: str, name: str) -> bool:
    """Whether ``text`` holds a company's ``name``, with or without its legal form."""
    spoken = f" {words(text)} "
    return any((spelling if texts.is_unparted(spelling) else f" {spelling} ") in spoken for spelling in spellings(name))


@lru_cache(maxsize=16)
def words(text: str) -> str:
    """The words of ``text`` in lower case, one space apart; remembered, because one text is asked for several names."""
    return " ".join(_WORDS.findall(texts.clean(text).casefold().replace("_", " ")))


@lru_cache(maxsize=4096)
def spellings(company: str) -> tuple[str, ...]:
    """A company's name as ``words`` spells it, in full and without its legal form; each name alone of one that has two scripts."""
    parts = [part for part in _SEAM.split(texts.clean(company)) if part.strip()]
    cores = [_core(company), *(map(_core, parts) if all(map(_has_legal_form, parts)) else ())]
    return tuple(dict.fromkeys(name for name in (words(company), *cores) if len(name) >= _SHORTEST_NAME))


def _core(company: str) -> str:
    """A company's name without its legal form."""
    plain = _EAST_ASIAN_FORMS.sub(" ", texts.clean(company)).lower().replace(",", " ")
    return words(" ".join(word for word in plain.split() if word not in _LEGAL_FORMS))


def _has_legal_form(company: str) -> bool:
    return _core(company) != words(company)
