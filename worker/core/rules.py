"""Rules: what a text means, each with a name, a sentence, patterns in many languages and its own examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import Any

from worker.core import lexicons, patterns
from worker.core.catalogues import Catalogue
from worker.core.decisions import Hit
from worker.core.languages import Vocabularies
from worker.core.lexicons import Lexicon
from worker.core.mail_words import MailWords
from worker.core.patterns import Sieve
from worker.core.readings import Piece, Source, read
from worker.core.texts import is_unparted

_TOGETHER = 4
_FILLINGS = {"invoice": "AB-90210", "code": "4500123456", "amount": "1,234.50 EUR", "date": "1 September 2026"}
"""What stands for a placeholder in an example."""
_MEMORY = 6 << 20
_REMEMBERED = 1024
_LONGEST_REMEMBERED = 400
_COMBINATIONS = 24
"""For how many sets of languages at a time the words beside numbers stay compiled, which takes some 10 MB each."""
_IN_ANY_LANGUAGE = ("no_reply", "invoice_before", "order_titles")
"""Keys whose words mean the same in a mail of whatever language, and which may be all that it says in theirs."""
_QUOTATION = re.compile(r'"[^"\n]{25,}"')


class BadRule(ValueError):
    """A rule that does not do what its own examples say; the text names the rule and the example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """How one language says a situation: its patterns as one regular expression, and what takes a hit back."""

    expression: str = field(repr=False)
    unless: Sieve


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One situation that a sentence can describe, in each language; ``unless`` takes a hit back when the same sentence holds it.

    ``stamped`` rules are also read off our own invoice when it comes back, where a stamp may say them. Rules ``on_demand`` are left out
    of the reading of a whole mail: a question puts one text to them. ``by_clause``: what takes a hit back must stand in the same clause,
    so that "and the same" excuses nothing said before the "and". What ``overrules`` names does not hit in a sentence that this rule hits.
    """

    name: str
    sentence: str
    phrases: Mapping[str, Phrases]
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    counterexamples: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    stamped: bool = False
    on_demand: bool = False
    by_clause: bool = False
    overrules: tuple[str, ...] = ()

    def excused(self, text: str, languages: Iterable[str], lexicon: Lexicon) -> bool:
        """Whether a sentence that the patterns hit takes the hit back, in any of ``languages``."""
        spoken = [self.phrases[language] for language in languages if language in self.phrases]
        if not any(phrases.unless.found(text) for phrases in spoken):
            return False
        return not self.by_clause or not any(
            any(_alone(phrases.expression).found(clause) for phrases in spoken)
            and not any(phrases.unless.found(clause) for phrases in spoken)
            for clause in _clauses(text, lexicon)
        )


def _clauses(text: str, lexicon: Lexicon) -> Iterator[str]:
    """The clauses of a sentence; nouns of a list go with what is said of them all: "rates, quantities and VAT stay as they are"."""
    listed = ""
    for clause in lexicon.clause_end.split(text):
        words = [word for word in clause.split() if word.casefold() not in lexicon.list_words]
        listed += f" {clause}"
        if len(words) != 1 or not words[0].isalpha() or is_unparted(words[0]):
            yield listed.strip()
            listed = ""
    if listed:
        yield listed.strip()


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
    """Everything that rules, networks and language files say.

    ``tables`` are the words beside numbers and ``vocabularies`` the commonest words, by language. A language without a vocabulary is
    one to be read in every mail. ``languages`` are those that are read; see ``limited``.
    """

    rules: tuple[Rule, ...]
    networks: tuple[Network, ...]
    mail_words: MailWords
    tables: Mapping[str, Mapping[str, Any]]
    vocabularies: Vocabularies
    languages: frozenset[str]

    def limited(self, spoken: frozenset[str]) -> Rulebook:
        """This rulebook for a mail in the languages ``spoken``, so that no word is taken for one of another language; all if none is."""
        always = self.languages - self.vocabularies.by_language.keys()
        return self._limited((spoken & self.languages) | always) if spoken else self

    @cached_property
    def _limited(self) -> Callable[[frozenset[str]], Rulebook]:
        def limited(languages: frozenset[str]) -> Rulebook:
            made = replace(self, languages=languages)
            vars(made)["_sieves"] = self._sieves
            return made

        return lru_cache(maxsize=_COMBINATIONS)(limited)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the rules that are read of a whole mail."""
        return tuple(dict.fromkeys(rule.name for rule in self.rules if not rule.on_demand))

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words beside numbers in the languages read, and some of all."""
        return lexicons.build(
            table if language in self.languages else {key: table[key] for key in _IN_ANY_LANGUAGE if key in table}
            for language, table in self.tables.items()
        )

    @cached_property
    def _sieves(self) -> dict[str, list[tuple[tuple[Rule, ...], Sieve]]]:
        """The rules by language, a few at a time: all in one automaton would take far longer to warm up, each in its own longer to run."""
        sieves: dict[str, list[tuple[tuple[Rule, ...], Sieve]]] = {}
        for language in sorted({language for rule in self.rules for language in rule.phrases}):
            spoken = tuple(rule for rule in self.rules if language in rule.phrases)
            groups = [spoken[start : start + _TOGETHER] for start in range(0, len(spoken), _TOGETHER)]
            sieves[language] = [(group, Sieve([rule.phrases[language].expression for rule in group], memory=_MEMORY)) for group in groups]
        return sieves

    def compile(self) -> None:
        """Try to compile everything that a mail may be asked. Raises BadPattern."""
        sieves = [sieve for spoken in self._sieves.values() for _, sieve in spoken]
        sieves += [phrases.unless for rule in self.rules for phrases in rule.phrases.values()]
        sieves += [each for one in fields(self.lexicon) if isinstance(each := getattr(self.lexicon, one.name), Sieve)]
        for sieve in sieves:
            sieve.compile()

    def forget(self) -> None:
        """Let go of what was compiled for each language, of which the proof of the rules asks all: mail comes in few."""
        vars(self).pop("_limited", None)

    def said(self, text: str) -> tuple[Rule, ...]:
        """The rules that one sentence of a marked text hits."""
        return self._remembered(text) if len(text) <= _LONGEST_REMEMBERED else self._asked(text)

    @cached_property
    def _remembered(self) -> Callable[[str], tuple[Rule, ...]]:
        """``_asked``, kept for sentences met lately: greetings, footers and notifications are the same from mail to mail, numbers aside."""
        return lru_cache(maxsize=_REMEMBERED)(self._asked)

    def _asked(self, text: str) -> tuple[Rule, ...]:
        spoken = [sieves for language, sieves in self._sieves.items() if language in self.languages]
        hit = {id(group[place]): group[place] for sieves in spoken for group, sieve in sieves for place in sieve.hits(text)}
        return tuple(rule for rule in hit.values() if not rule.excused(text, self.languages, self.lexicon))

    def means(self, text: str, name: str) -> bool:
        """Whether a rule called ``name`` hits ``text``, in whatever language that is."""
        return any(sieve.found(text) and not rule.excused(text, self.languages, self.lexicon) for rule, sieve in self._called.get(name, ()))

    def knows(self, name: str) -> bool:
        """Whether each language read, but for those read in every mail, has patterns of its own for a rule called ``name``."""
        having = {language for rule in self.rules if rule.name == name for language in rule.phrases}
        return self.languages & self.vocabularies.by_language.keys() <= having

    @cached_property
    def _called(self) -> dict[str, list[tuple[Rule, Sieve]]]:
        """The rules by name, each with all that it says in any language."""
        called: dict[str, list[tuple[Rule, Sieve]]] = {}
        for one in self.rules:
            whole = Sieve(["|".join(f"(?:{phrases.expression})" for phrases in one.phrases.values())])
            called.setdefault(one.name, []).append((one, whole))
        return called

    def read(self, piece: Piece, *, quotations: bool = True) -> Iterator[tuple[Rule, Hit]]:
        """Every rule that ``piece`` hits with the sentence it hits in; without ``quotations``, not by what a person quotes at length."""
        for start, end in piece.sentences:
            sentence = piece.said(start, end)
            said = self.said(sentence if quotations else _QUOTATION.sub(" ", sentence))
            overruled = {name for rule in said for name in rule.overrules}
            for rule in said:
                if not rule.on_demand and rule.name not in overruled:
                    yield rule, Hit(rule=rule.name, line=piece.as_written(start, end))

    def network_of(self, domain: str) -> str | None:
        """The network that mail from ``domain`` comes from; None where it is none."""
        while domain:
            if domain in self._network_by_domain:
                return self._network_by_domain[domain]
            domain = domain.partition(".")[2]
        return None

    @cached_property
    def _network_by_domain(self) -> dict[str, str]:
        return {domain: network.name for network in reversed(self.networks) for domain in network.domains}


def rule(
    name: str,
    sentence: str,
    said: Mapping[str, Sequence[str]],
    unless: Mapping[str, Sequence[str]],
    right: Mapping[str, Sequence[str]],
    wrong: Mapping[str, Sequence[str]],
    *,
    stamped: bool = False,
    on_demand: bool = False,
    by_clause: bool = False,
    overrules: Sequence[str] = (),
) -> Rule:
    """A rule from its parts by language. Raises BadPattern naming the pattern, BadRule for a rule without any."""
    if not any(said.values()):
        raise BadRule(f"rule {name!r} has no patterns")
    for patterns_of in (*said.values(), *unless.values()):
        for pattern in patterns_of:
            patterns.check(pattern)
    return Rule(
        name=name,
        sentence=sentence,
        phrases={
            language: Phrases(expression=patterns.whole_words(said.get(language, ())), unless=patterns.anywhere(unless.get(language, ())))
            for language in sorted({*said, *unless})
        },
        examples={language: tuple(texts) for language, texts in right.items()},
        counterexamples={language: tuple(texts) for language, texts in wrong.items()},
        stamped=stamped,
        on_demand=on_demand,
        by_clause=by_clause,
        overrules=tuple(overrules),
    )


def prove(checked: Rule, rulebook: Rulebook) -> None:
    """Run a rule's own examples, each in its language, and let go of what that compiled.

    Raises BadRule naming the first that does not come out as written, BadPattern.
    """
    if any(_alone(phrases.expression).found("") for phrases in checked.phrases.values()):
        raise BadRule(f"rule {checked.name!r} has a pattern that finds nothing in particular: it hits every text, an empty one too")
    for examples, expected in ((checked.examples, True), (checked.counterexamples, False)):
        for language, texts in examples.items():
            _prove(checked, rulebook.limited(frozenset({language})), texts, expected=expected)
    _alone.cache_clear()
    for phrases in checked.phrases.values():
        phrases.unless.forget()


def _prove(checked: Rule, rulebook: Rulebook, texts: Iterable[str], *, expected: bool) -> None:
    sieves = [_alone(phrases.expression) for language, phrases in checked.phrases.items() if language in rulebook.languages]
    for text in texts:
        piece = _example(text, rulebook.lexicon)
        sentences = [piece.said(start, end) for start, end in piece.sentences]
        hit = any(
            any(sieve.found(said) for sieve in sieves) and not checked.excused(said, rulebook.languages, rulebook.lexicon)
            for said in sentences
        )
        if hit is not expected:
            kind = "example" if expected else "counterexample"
            raise BadRule(f"rule {checked.name!r} should {'' if expected else 'not '}match its {kind}: {text}")


def _example(text: str, lexicon: Lexicon) -> Piece:
    for name, filling in _FILLINGS.items():
        text = text.replace("{" + name + "}", filling)
    return read(Source.NEW, text, catalogue=Catalogue([_FILLINGS["invoice"]]), lexicon=lexicon)
