"""Rules: what a text means, each with a name, a sentence, patterns in many languages and its own examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from worker.core import patterns
from worker.core.catalogues import Catalogue
from worker.core.decisions import Hit
from worker.core.invoices import within
from worker.core.lexicons import Lexicon
from worker.core.mail_words import MailWords
from worker.core.patterns import Sieve
from worker.core.readings import Piece, Source, read

_TOGETHER = 4
_FILLINGS = {"invoice": "AB-90210", "code": "4500123456", "amount": "1,234.50 EUR", "date": "1 September 2026"}
"""What stands for a placeholder in an example."""
_MEMORY = 12 << 20
_REMEMBERED = 4096
_LONGEST_REMEMBERED = 400


_QUOTATION = re.compile(r'"[^"\n]{25,}"')


class BadRule(ValueError):
    """A rule that does not do what its own examples say; the text names the rule and the example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One situation that a sentence can describe; ``unless`` takes a hit back when the same sentence holds it.

    ``expression`` is its patterns as one regular expression. ``stamped`` rules are also read off our own invoice when it comes back,
    where a stamp may say them. Rules ``on_demand`` are left out of the reading of a whole mail: a question puts one text to them.
    ``by_clause``: what takes a hit back must stand in the same clause, so that "and the same" excuses nothing said before the "and".
    """

    name: str
    sentence: str
    expression: str = field(repr=False)
    unless: Sieve
    examples: tuple[str, ...] = field(default=(), repr=False)
    counterexamples: tuple[str, ...] = field(default=(), repr=False)
    stamped: bool = False
    on_demand: bool = False
    by_clause: bool = False

    def excused(self, text: str, lexicon: Lexicon) -> bool:
        """Whether a sentence that the patterns hit takes the hit back."""
        if not self.unless.found(text):
            return False
        alone = _alone(self.expression)
        return not self.by_clause or not any(
            alone.found(clause) and not self.unless.found(clause) for clause in lexicon.clause_end.split(text)
        )


@lru_cache(maxsize=256)
def _alone(expression: str) -> Sieve:
    return Sieve([expression])


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A system that carries invoices between companies; mail from its ``domains`` may speak for a customer that lists it."""

    name: str
    sentence: str
    domains: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """Everything that rules, networks and language files say; ``common`` are the commonest words of the languages known."""

    rules: tuple[Rule, ...]
    networks: tuple[Network, ...]
    lexicon: Lexicon
    mail_words: MailWords
    common: frozenset[str]

    @cached_property
    def _sieves(self) -> list[tuple[tuple[Rule, ...], Sieve]]:
        """The rules a few at a time: all in one automaton would take far longer to warm up, each in its own longer to run."""
        groups = [self.rules[start : start + _TOGETHER] for start in range(0, len(self.rules), _TOGETHER)]
        return [(group, Sieve([rule.expression for rule in group], memory=_MEMORY)) for group in groups]

    def said(self, text: str) -> tuple[Rule, ...]:
        """The rules that one sentence of a marked text hits."""
        return self._remembered(text) if len(text) <= _LONGEST_REMEMBERED else self._asked(text)

    @cached_property
    def _remembered(self) -> Callable[[str], tuple[Rule, ...]]:
        """``_asked``, kept for sentences met lately: greetings, footers and notifications are the same from mail to mail, numbers aside."""
        return lru_cache(maxsize=_REMEMBERED)(self._asked)

    def _asked(self, text: str) -> tuple[Rule, ...]:
        hit = [group[place] for group, sieve in self._sieves for place in sieve.hits(text)]
        return tuple(rule for rule in hit if not rule.excused(text, self.lexicon))

    def read(self, piece: Piece, *, quotations: bool = True) -> Iterator[tuple[Rule, Hit]]:
        """Every rule that ``piece`` hits with the sentence it hits in; without ``quotations``, not by what a person quotes at length."""
        for start, end in piece.sentences:
            sentence = piece.marked[start:end].strip(" \n¶")
            for rule in self.said(sentence if quotations else _QUOTATION.sub(" ", sentence)):
                if not rule.on_demand:
                    yield rule, Hit(rule=rule.name, line=piece.as_written(start, end))

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
    on_demand: bool = False,
    by_clause: bool = False,
) -> Rule:
    """A rule from its parts, its patterns by language. Raises BadPattern naming the pattern, BadRule for a rule without any."""
    sought = [pattern for language in said.values() for pattern in language]
    excused = [pattern for language in unless.values() for pattern in language]
    if not sought:
        raise BadRule(f"rule {name!r} has no patterns")
    for pattern in [*sought, *excused]:
        patterns.check(pattern)
    return Rule(
        name=name,
        sentence=sentence,
        expression=patterns.whole_words(sought),
        unless=patterns.anywhere(excused),
        examples=tuple(right),
        counterexamples=tuple(wrong),
        stamped=stamped,
        on_demand=on_demand,
        by_clause=by_clause,
    )


def prove(checked: Rule, lexicon: Lexicon) -> None:
    """Run a rule's own examples. Raises BadRule naming the first that does not come out as written, BadPattern."""
    sieve = Sieve([checked.expression])
    for text, expected in [*((text, True) for text in checked.examples), *((text, False) for text in checked.counterexamples)]:
        piece = _example(text, lexicon)
        sentences = (piece.marked[start:end].strip(" \n¶") for start, end in piece.sentences)
        hit = any(sieve.found(sentence) and not checked.excused(sentence, lexicon) for sentence in sentences)
        if hit is not expected:
            kind = "example" if expected else "counterexample"
            raise BadRule(f"rule {checked.name!r} should {'' if expected else 'not '}match its {kind}: {text}")


def _example(text: str, lexicon: Lexicon) -> Piece:
    for name, filling in _FILLINGS.items():
        text = text.replace("{" + name + "}", filling)
    return read(Source.NEW, text, catalogue=Catalogue([_FILLINGS["invoice"]]), lexicon=lexicon)
