"""The words of all languages that say what a number is: read from the ``[numbers]`` tables of the language files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from worker.core import patterns, texts
from worker.core.patterns import Sieve

_NAMES = """
links invoice_before invoice_named invoice_weak_before invoice_not_before invoice_not_after po_before po_phrase given_before given_after
not_po_before not_po_after refused_before refused_after example_before doubt_before free_before articles asking requests lists list_words
tax_number_before copulas all_of all_open no_reply totals net_totals order_titles salutations abbreviations
"""
_LISTS = frozenset(_NAMES.split())
_MOST = {"counts": 99, "months": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What stands beside a number and what it then is; each pattern looks at the text just before or just after the number."""

    invoice_before: Sieve
    invoice_named: Sieve
    invoice_weak_before: Sieve
    invoice_not_before: Sieve
    invoice_not_after: Sieve
    invoice_set_aside: Sieve
    po_before: Sieve
    given_before: Sieve
    given_after: Sieve
    not_po_before: Sieve
    not_po_after: Sieve
    tax_number_before: Sieve
    refused_before: Sieve
    refused_after: Sieve
    example_before: Sieve
    doubt_before: Sieve
    asking: Sieve
    requests: Sieve
    lists: Sieve
    copulas: Sieve
    all_of: Sieve
    all_open: Sieve
    counts: Mapping[str, int]
    months: dict[str, int]
    sentence_end: re.Pattern[str]
    clause_end: re.Pattern[str]
    no_reply: Sieve
    free_words: frozenset[str]
    articles: frozenset[str]
    free_endings: tuple[str, ...]
    list_words: frozenset[str]
    listing: re.Pattern[str]
    po_label: Sieve
    totals: Sieve
    net_totals: Sieve
    order_titles: Sieve
    salutations: Sieve
    invoice_label: Sieve


def build(tables: Iterable[Mapping[str, Any]]) -> Lexicon:
    """One lexicon over the ``[numbers]`` tables of all languages. Raises ValueError naming the key that is wrong."""
    words: dict[str, list[str]] = {name: [] for name in _LISTS}
    named: dict[str, dict[str, int]] = {name: {} for name in _MOST}
    for table in tables:
        _merge(table, words, named)
    links, po = words["links"], words["po_before"]
    return Lexicon(
        invoice_before=patterns.right_before(words["invoice_before"], links),
        invoice_named=patterns.right_before(words["invoice_named"], ()),
        invoice_weak_before=patterns.right_before(words["invoice_weak_before"], ()),
        invoice_not_before=patterns.right_before(words["invoice_not_before"], links, words["invoice_before"]),
        invoice_not_after=patterns.right_after(words["invoice_not_after"]),
        invoice_set_aside=_set_aside(words["invoice_not_before"], words["invoice_not_after"]),
        po_before=patterns.right_before([*po, *words["po_phrase"]], links),
        given_before=patterns.right_before(words["given_before"], links, po),
        given_after=patterns.right_after(words["given_after"]),
        not_po_before=patterns.right_before(words["not_po_before"], links),
        not_po_after=patterns.right_after(words["not_po_after"]),
        tax_number_before=patterns.right_before(words["tax_number_before"], links, within_sentence=True),
        refused_before=patterns.right_before(words["refused_before"], links, po, within_sentence=True),
        refused_after=patterns.right_after(words["refused_after"], words["lists"]),
        example_before=patterns.right_before(words["example_before"], links, po),
        doubt_before=patterns.right_before(words["doubt_before"], links, po, within_sentence=True),
        asking=patterns.right_after(words["asking"]),
        requests=patterns.anywhere(words["requests"]),
        lists=Sieve([rf"¤c[ \n,;/]*(?:{patterns.any_of(words['lists'])})?[ \n,;/]*$"]),
        copulas=Sieve([rf"(?:[:=>]|{patterns.from_word_start(words['copulas'])})[\s¶\"'*(]*$"]),
        all_of=patterns.anywhere(words["all_of"]),
        all_open=patterns.anywhere(words["all_open"]),
        counts=named["counts"],
        months=named["months"],
        sentence_end=_sentence_end(words["abbreviations"]),
        clause_end=_clause_end(words["lists"]),
        free_words=frozenset(words["links"] + words["free_before"] + words["lists"]),
        articles=frozenset(words["articles"]),
        free_endings=tuple(word for word in words["free_before"] if texts.is_unparted(word)),
        list_words=frozenset(words["list_words"]),
        listing=_listing(words["list_words"]),
        po_label=patterns.anywhere(po),
        no_reply=Sieve([patterns.any_of(words["no_reply"])]),
        totals=patterns.anywhere(words["totals"]),
        net_totals=patterns.anywhere(words["net_totals"]),
        order_titles=patterns.anywhere(words["order_titles"]),
        salutations=patterns.anywhere(words["salutations"]),
        invoice_label=patterns.anywhere(words["invoice_before"]),
    )


def check(table: Mapping[str, Any]) -> None:
    """Raises ValueError naming the key of a ``[numbers]`` table that is wrong, or BadPattern the word."""
    words: dict[str, list[str]] = {name: [] for name in _LISTS}
    _merge(table, words, {name: {} for name in _MOST})
    for key, patterns_of in words.items():
        if not all(word.strip() for word in patterns_of):
            raise ValueError(f"[numbers] {key!r} must be a list of words, none of them empty")
        if key != "abbreviations":
            patterns.check_words(patterns_of)


def _set_aside(before: list[str], after: list[str]) -> Sieve:
    """Finds an invoice that is set aside by words before it in its clause, or right behind it."""
    unparted = [word for word in before if any(map(texts.is_unparted, word))]
    parted = [word for word in before if word not in unparted]
    invoice = patterns.MARKS["invoice"]
    return Sieve(
        [
            rf"{patterns.START}(?:{patterns.any_of(parted)})(?:[^\pL\pN.?!;,¤¶][^.?!;,¤¶]*)?{invoice}",
            rf"(?:{patterns.any_of(unparted)})[^.?!;,¤¶]*{invoice}",
            rf"{invoice}\s*(?:{patterns.any_of(after)})",
        ]
    )


def _merge(table: Mapping[str, Any], words: dict[str, list[str]], named: dict[str, dict[str, int]]) -> None:
    for key, value in table.items():
        if key in _LISTS and isinstance(value, list) and all(isinstance(word, str) for word in value):
            words[key] += [word for word in value if word not in words[key]]
        elif (
            key in _MOST and isinstance(value, dict) and all(type(number) is int and 1 <= number <= _MOST[key] for number in value.values())
        ):
            named[key].update({str(word).lower(): number for word, number in value.items()})
        else:
            raise ValueError(f"numbers.{key} is unknown or has a value of the wrong kind")


def _listing(list_words: list[str]) -> re.Pattern[str]:
    """A run of the words that stand in lists, in scripts that write them without spaces between."""
    unparted = sorted((word for word in list_words if texts.is_unparted(word)), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, unparted))})+" if unparted else r"(?!)")


def _sentence_end(abbreviations: list[str]) -> re.Pattern[str]:
    """Where a sentence ends: at a mark before white space, unless an abbreviation stands before it, or at a blank line.

    A number's own mark ("¤c") is no abbreviation. What is sought begins with the few marks it may be: so the rest is only tried at those.
    """
    by_length: dict[int, list[str]] = {}
    for word in abbreviations:
        by_length.setdefault(len(word), []).append(re.escape(word))
    kept = "".join(rf"(?<!\b(?:{'|'.join(words)})[.?!])" for words in by_length.values())
    return re.compile(rf"[.?!¶](?:(?<=¶)|(?=\s)(?:(?<=¤[icad][.?!])|{kept}))", re.IGNORECASE)


def _clause_end(lists: list[str]) -> re.Pattern[str]:
    """Where a sentence is parted again: at a mark, and at a word like "and" or a dash with space around it."""
    joints = "|".join(map(re.escape, lists)) or "&"
    return re.compile(rf"[,;:()\s](?:(?<!\s)|(?:{joints}|-+)\s)", re.IGNORECASE)
