"""Rules and the words beside numbers: linear patterns, placeholders, and examples that are run."""

from __future__ import annotations

import time
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.samples import rulebook
from worker.core import lexicons, patterns, rules
from worker.core.catalogues import Catalogue
from worker.core.languages import Vocabularies
from worker.core.patterns import BadPattern, Sieve
from worker.core.readings import Source, read
from worker.core.rules import BadRule, Rule

# Patterns


def test_a_sieve_tells_which_expressions_a_text_holds() -> None:
    sieve = Sieve(["abc", "b+", "xyz"])
    assert sieve.hits("zzABBC abc") == [0, 1]
    assert sieve.hits("nothing") == []
    assert Sieve([]).hits("") == []
    assert not Sieve([]).found("anything")


@pytest.mark.parametrize("text", ["GRÜẞE", "grüße".upper(), "Grüße"])
def test_case_makes_no_difference(text: str) -> None:
    assert Sieve(["GRÜ"]).found(text)
    assert Sieve([r"\PL"]).found("7")
    assert not Sieve([r"\PL"]).found("ABC")


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "(?<=x)y", r"(a)\1", "*", "a**b("])
def test_what_is_no_linear_expression_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(BadPattern, match="is no regular expression") as refused:
        Sieve([pattern]).compile()
    assert repr(pattern) in str(refused.value)


def test_patterns_too_large_for_the_engine_are_refused() -> None:
    with pytest.raises(BadPattern, match="too large"):
        Sieve([rf"\pL{{1,200}}{number}" for number in range(60)], memory=1 << 20).compile()


def test_a_hostile_text_takes_linear_time() -> None:
    sieve = Sieve([patterns.whole_words(["(?:a+)+b", "po{gap}closed"])])
    began = time.perf_counter()
    assert not sieve.found("a" * 200_000)
    assert not sieve.found("po " * 60_000)
    assert time.perf_counter() - began < 2


def test_placeholders_and_spaces_are_written_out() -> None:
    assert patterns.written("{invoice} is {code}") == r"(?:¤i)\s+is\s+(?:¤c)"
    assert patterns.anywhere(["put {code}{gap}on {invoice}"]).found("please put ¤c, by friday, on ¤i")
    assert not patterns.anywhere(["put {code}{gap}on {invoice}"]).found("please put ¤c. Nothing on ¤i")
    assert not patterns.anywhere(["put{gap}on {invoice}"]).found("put ¤c on ¤i")


def test_words_are_whole_words_where_a_script_parts_them() -> None:
    assert patterns.anywhere(["po"]).found("the PO, please")
    assert not patterns.anywhere(["po"]).found("the post")
    assert not patterns.anywhere(["po"]).found("depot")
    assert patterns.anywhere(["注文"]).found("この注文番号")
    assert not patterns.anywhere([]).found("anything")


def test_a_label_stands_right_before_a_number_with_only_links_between() -> None:
    before = patterns.right_before(["order"], ["no\\.", "number", "is"])
    assert before.found("the order ")
    assert before.found("order no. is: #")
    assert before.found("order\n")
    assert not before.found("order of the day ")
    assert not before.found("reorder ")
    assert not before.found("order ¤c and ")
    within = patterns.right_before(["not"], [], within_sentence=True)
    assert within.found("not ")
    assert not within.found("not. ")


def test_a_word_stands_right_after_a_number() -> None:
    after = patterns.right_after(["is closed"])
    assert after.found(" is  closed now")
    assert not after.found(" on Monday is closed")


@settings(deadline=None)  # the first text warms the automata up
@given(st.text(max_size=80))
def test_no_text_breaks_the_shipped_words(text: str) -> None:
    lexicon = rulebook().lexicon
    for sieve in (lexicon.po_before, lexicon.refused_after, lexicon.doubt_before, lexicon.all_open, lexicon.lists):
        sieve.found(text)  # raises where the engine gives up
    rulebook().said(text)


# Lexicons


def test_tables_of_several_languages_become_one_lexicon() -> None:
    lexicon = lexicons.build([{"po_before": ["po"], "months": {"May": 5}}, {"po_before": ["bestellung", "po"], "months": {"mai": 5}}])
    assert lexicon.po_before.found("Bestellung ")
    assert lexicon.po_before.found("PO ")
    assert lexicon.months == {"may": 5, "mai": 5}
    assert not lexicon.totals.found("total")


def test_a_word_may_begin_with_a_letter_beyond_ascii() -> None:
    lexicon = lexicons.build([{"copulas": ["är"], "invoice_not_before": ["ångra"]}])
    assert lexicon.copulas.found("inköpsordern är ")
    assert not lexicon.copulas.found("besvär ")
    assert lexicon.invoice_set_aside.found("men ångra på ¤i")


@pytest.mark.parametrize("table", [{"colour": ["red"]}, {"po_before": "po"}, {"po_before": [1]}, {"counts": {"two": "2"}}])
def test_an_unknown_or_ill_made_key_of_a_lexicon_is_named(table: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=f"numbers.{next(iter(table))}"):
        lexicons.build([table])


# Languages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please find the new order number for the invoice below, thank you", True),
        ("Bitte schicken Sie die Rechnung mit Bestellnummer noch einmal", True),
        ("4500123456", True),
        ("ok thx", True),
        ("", True),
        ("Blah zork wibble frob quux flim grault garply waldo", False),
        ("Παρακαλώ προσθέστε τον αριθμό παραγγελίας στο τιμολόγιο και στείλτε το", False),
    ],
)
def test_a_text_is_understood_by_its_commonest_words(text: str, expected: bool) -> None:
    assert rulebook().vocabularies.understood(text) is expected


def test_scripts_without_spaces_are_understood_by_words_inside_them() -> None:
    for known, expected in (("注文番号", True), ("please", False)):
        vocabularies = Vocabularies(by_language={"ja": frozenset({known})})
        assert vocabularies.understood("請求書に注文番号を追加してください") is expected


FEW = Vocabularies(
    by_language={
        "en": frozenset(["the", "please", "is", "not", "invoice", "a", "with", "number"]),
        "de": frozenset(["die", "bitte", "ist", "nicht", "rechnung", "mit", "nummer"]),
        "es": frozenset(["la", "por", "favor", "no", "es", "factura", "con", "un"]),
        "ja": frozenset(["の", "を", "請求書"]),
    }
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The invoice is not with us", {"en"}),
        ("Die Rechnung ist nicht da, bitte noch einmal", {"de"}),
        ("Die Rechnung ist nicht da, bitte. The invoice is not here, please.", {"de", "en"}),
        ("Die Rechnung ist nicht da, please", {"de"}),
        ("Bitte, the", {"de", "en"}),
        ("請求書の番号を", {"ja"}),
        ("4500123456 / XK-7", set()),
        ("", set()),
    ],
)
def test_the_languages_of_a_text_are_told_by_its_words_in_doubt_one_too_many(text: str, expected: set[str]) -> None:
    assert FEW.spoken_in([text]) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (("la XK-7", "Die Rechnung ist nicht da"), {"de", "es"}),
        (("no", "La factura no es con un"), {"es"}),
        (("a number", "La factura no es con un"), {"en", "es"}),
        (("no a", "The invoice is not with us"), {"en"}),
        (("no a",), {"en", "es"}),
        ((), set()),
    ],
)
def test_a_text_too_short_to_tell_is_in_the_language_of_the_rest_of_the_mail(written: tuple[str, ...], expected: set[str]) -> None:
    assert FEW.spoken_in(written) == expected


@given(st.text(max_size=60))
def test_whatever_is_written_is_in_some_known_languages_or_none(text: str) -> None:
    assert FEW.spoken_in([text]) <= FEW.by_language.keys()


def test_a_mail_is_read_by_the_words_of_its_own_languages_and_those_of_all() -> None:
    whole = rulebook()
    german, either = whole.limited(frozenset({"de"})), whole.limited(frozenset({"de", "en"}))
    assert "missing-po" in {rule.name for rule in german.said("die Bestellnummer fehlt")}
    assert "missing-po" not in {rule.name for rule in german.said("the order number is missing")}
    assert "missing-po" in {rule.name for rule in either.said("the order number is missing")}
    assert german.lexicon.po_before.found("PO no. ")
    assert german.lexicon.no_reply.found("no-reply@")
    assert whole.limited(frozenset()) is whole
    assert whole.limited(frozenset({"de"})) is german


# Rules


def made(said: Iterable[str], right: Iterable[str] = (), wrong: Iterable[str] = (), unless: Iterable[str] = ()) -> Rule:
    return rules.rule("late-chair", "A chair is late.", {"en": [*said]}, {"en": [*unless]}, {"en": [*right]}, {"en": [*wrong]})


def test_a_rule_proves_its_own_examples() -> None:
    rules.prove(made(["chair{gap}late"], ["The chair is late."], ["The chair is blue. It is late."]), rulebook())
    rules.prove(made(["order {code} for {invoice}"], ["Order {code} for {invoice}"], ["Order {amount} for {date}"]), rulebook())


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (made(["chair"], ["The table is late."]), "should match its example: The table is late."),
        (made(["late"], [], ["The table is late."]), "should not match its counterexample: The table is late."),
        (made(["late"], ["The chair is late, never mind"], [], ["never mind"]), "should match its example"),
    ],
)
def test_a_rule_that_fails_its_own_example_is_refused_by_name(rule: Rule, why: str) -> None:
    with pytest.raises(BadRule, match=why) as refused:
        rules.prove(rule, rulebook())
    assert "late-chair" in str(refused.value)


@pytest.mark.parametrize("name", [rule.name for rule in rulebook().rules])
def test_every_shipped_rule_hits_its_examples_and_no_counterexample_in_the_whole_rulebook(name: str) -> None:
    book = rulebook()
    rule = next(rule for rule in book.rules if rule.name == name)
    assert rule.sentence.endswith(".")
    assert rule.examples
    assert rule.counterexamples
    fill = {"invoice": "AB-90210", "code": "4500123456", "amount": "1,234.50 EUR", "date": "1 September 2026"}
    shown = [(rule.examples, True), (rule.counterexamples, False)]
    for language, text, expected in ((language, text, right) for by, right in shown for language, texts in by.items() for text in texts):
        spoken = book.limited(frozenset({language}))
        piece = read(Source.NEW, text.format_map(fill), catalogue=Catalogue(["AB-90210"]), lexicon=spoken.lexicon)
        sentences = [piece.marked[start:end].strip(" \n¶") for start, end in piece.sentences]
        assert any(hit.name == name for sentence in sentences for hit in spoken.said(sentence)) is expected, text


def test_a_hit_keeps_the_very_sentence_that_it_hit_in() -> None:
    piece = read(Source.NEW, "Good day. Our invoice was rejected today. Bye.", catalogue=Catalogue([]), lexicon=rulebook().lexicon)
    assert [(hit.rule, hit.line) for _, hit in rulebook().read(piece)] == [("rejected", "Our invoice was rejected today.")]


@pytest.mark.parametrize(
    ("domain", "network"),
    [
        ("ariba.com", "ariba"),
        ("eu.mail.ariba.com", "ariba"),
        ("xariba.com", None),
        ("ariba.com.evil.example", None),
        ("", None),
        ("com", None),
    ],
)
def test_a_network_is_known_by_its_own_domains(domain: str, network: str | None) -> None:
    assert rulebook().network_of(domain) == network
