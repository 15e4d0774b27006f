"""Rules: what a text means, each with a name, a sentence, patterns in many languages and its own examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from worker.core import patterns
from worker.core.catalogues import Catalogue
from worker.core.decisions import Hit
from worker.core.invoices import within
from worker.core.lexicons import Lexicon
from worker.core.mail_words import MailWords
from worker.core.patterns import Pattern
from worker.core.readings import Piece, Source, read


class BadRule(ValueError):
    """A rule that does not do what its own examples say; the text names the rule and the example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One situation that a text can describe. ``unless`` takes a hit back when it is found in the same sentence.

    ``stamped`` rules are also read off our own invoice when it comes back, where a stamp may say them.
    """

    name: str
    sentence: str
    pattern: Pattern
    unless: Pattern
    examples: tuple[str, ...] = field(default=(), repr=False)
    counterexamples: tuple[str, ...] = field(default=(), repr=False)
    stamped: bool = False

    def find(self, piece: Piece) -> Hit | None:
        """The first place in ``piece`` that this rule means, as the line it stands in; None for a miss."""
        text, position = piece.marked, 0
        while (match := self.pattern.search(text[position:])) is not None:
            start, end = position + match.start(), position + match.end()
            sentence = _sentence(piece, start, end)
            if self.unless.search(sentence) is None:
                return Hit(rule=self.name, line=sentence.strip())
            position = max(end, position + 1)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A system that carries invoices between companies; mail from its ``domains`` may speak for a customer that lists it."""

    name: str
    sentence: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Everything that rules, networks and language files say; ``common`` are the commonest words of the languages known."""

    rules: tuple[Rule, ...]
    networks: tuple[Network, ...]
    lexicon: Lexicon
    mail_words: MailWords
    common: frozenset[str]

    def network_of(self, domain: str) -> str | None:
        """The network that mail from ``domain`` comes from; None where it is none."""
        return next((network.name for network in self.networks if any(within(domain, own) for own in network.domains)), None)


def rule(
    name: str,
    sentence: str,
    said: Mapping[str, Iterable[str]],
    unless: Mapping[str, Iterable[str]],
    right: Iterable[str],
    wrong: Iterable[str],
    *,
    stamped: bool = False,
) -> Rule:
    """A rule from its parts, its patterns by language. Raises patterns.BadPattern."""
    return Rule(
        name=name,
        sentence=sentence,
        pattern=patterns.anywhere([pattern for language in said.values() for pattern in language]),
        unless=patterns.anywhere([pattern for language in unless.values() for pattern in language]),
        examples=tuple(right),
        counterexamples=tuple(wrong),
        stamped=stamped,
    )


def prove(checked: Rule, lexicon: Lexicon) -> None:
    """Run a rule's own examples. Raises BadRule naming the first that does not come out as written."""
    for text, expected in [*((text, True) for text in checked.examples), *((text, False) for text in checked.counterexamples)]:
        if (checked.find(_example(text, lexicon)) is not None) is not expected:
            raise BadRule(
                f"rule {checked.name!r} should {'' if expected else 'not '}match its {'example' if expected else 'counterexample'}: {text}"
            )


def _example(text: str, lexicon: Lexicon) -> Piece:
    filled = text.format_map({"invoice": "AB-90210", "code": "4500123456", "amount": "1,234.50 EUR", "date": "1 September 2026"})
    return read(Source.NEW, filled, catalogue=Catalogue(["AB-90210"]), months=lexicon.months)


def _sentence(piece: Piece, start: int, end: int) -> str:
    """The sentence or lines around a match in the marked text."""
    first, last = piece.sentence_of(start), piece.sentence_of(max(start, end - 1))
    begins = piece.breaks[first - 1] if first else 0
    ends = piece.breaks[last] if last < len(piece.breaks) else len(piece.marked)
    return piece.marked[begins:ends]
