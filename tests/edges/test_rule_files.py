"""Reading rules, networks and languages: a wrong file stops the start and says which file, which key, which line."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker import shipped, wiring
from worker.edges import rule_files
from worker.errors import SetupError

RULE = """name = "late-chair"
sentence = "A chair is late."

[patterns]
en = ["chair{gap}late"]

[examples]
en = ["The chair is late."]

[counterexamples]
en = ["The chair is blue."]
"""
NETWORK = """name = "pigeon"
sentence = "Pigeon post."
domains = ["Pigeon.example"]
"""
LANGUAGE = """words = "the a Chair is"

[numbers]
po_before = ["po"]
"""


def folder(root: Path, **files: str) -> Path:
    """A folder of rules with one file of each kind, changed or added to as told by "kind__name" → text."""
    told = {"situations__chair": RULE, "networks__pigeon": NETWORK, "languages__en": LANGUAGE, **files}
    for name, text in told.items():
        kind, _, stem = name.partition("__")
        (root / kind).mkdir(parents=True, exist_ok=True)
        (root / kind / f"{stem}.toml").write_text(text, encoding="utf-8")
    return root


def refused(*folders: Path) -> str:
    """What is said when the folders are refused."""
    with pytest.raises(SetupError) as error:
        rule_files.load(folders)
    return str(error.value)


def test_a_folder_becomes_a_rulebook(tmp_path: Path) -> None:
    book = rule_files.load([folder(tmp_path)])
    assert [rule.name for rule in book.rules] == ["late-chair"]
    assert not book.rules[0].stamped
    assert book.said("My CHAIR came late") == book.rules
    assert book.network_of("mail.pigeon.example") == "pigeon"
    assert book.vocabularies.by_language == {"en": {"the", "a", "chair", "is"}}
    assert book.lexicon.po_before.found("PO ")


def test_the_labels_of_a_networks_forms_count_in_mail_of_every_language(tmp_path: Path) -> None:
    told = 'name = "pigeon"\nsentence = "Pigeon post."\n\n[fields]\npo = ["Loft (no.)"]\nneither = ["Ring #"]\ninvoice = ["Coop bill"]\n'
    book = rule_files.load([folder(tmp_path, networks__pigeon=told)])
    for rulebook in (book, book.limited(frozenset({"en"}))):
        assert rulebook.lexicon.po_before.found("Loft (no.): ")
        assert rulebook.lexicon.not_po_before.found("Ring # ")
        assert rulebook.lexicon.invoice_named.found("Coop bill ")
    assert book.network_of("pigeon.example") is None


def test_the_shipped_rules_load_and_every_network_has_a_name_of_its_own() -> None:
    book = rule_files.load([shipped.folder("rules")])
    names = [rule.name for rule in book.rules]
    assert len(set(names)) == len(names) > 25
    domains = [domain for network in book.networks for domain in network.domains]
    assert len(set(domains)) == len(domains)
    assert all(domain == domain.lower() and "." in domain for domain in domains)


def test_a_file_of_the_users_own_goes_before_the_shipped_one_of_the_same_name_and_the_rest_stays(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "networks").mkdir(parents=True)
    (mine / "networks" / "ariba.toml").write_text(NETWORK, encoding="utf-8")
    (mine / "situations").mkdir()
    (mine / "situations" / "late_chair.toml").write_text(RULE, encoding="utf-8")
    shipped_alone = rule_files.load([shipped.folder("rules")])
    both = rule_files.load([mine, shipped.folder("rules")])
    assert len(both.rules) == len(shipped_alone.rules) + 1
    assert len(both.networks) == len(shipped_alone.networks)
    assert both.network_of("ariba.com") is None
    assert both.network_of("pigeon.example") == "pigeon"


def test_a_rule_may_take_back_and_may_be_stamped(tmp_path: Path) -> None:
    told = RULE.replace('"A chair is late."', '"A chair is late."\nstamped = true') + '\n[unless]\nen = ["never mind"]\n'
    book = rule_files.load([folder(tmp_path, situations__chair=told)])
    assert book.rules[0].stamped
    assert book.said("the chair is late, never mind") == ()


def test_a_language_may_be_written_without_its_accents(tmp_path: Path) -> None:
    chair = RULE.replace("[patterns]", '[patterns]\npl = ["krzesło jest spóźnione", "śpi"]')
    language = 'accents_left_out = true\nwords = "krzesło jest"\n\n[numbers]\npo_before = ["zamówienie"]\nlinks = ["są"]\n'
    book = rule_files.load([folder(tmp_path, situations__chair=chair, languages__pl=language)])
    assert all(book.said(text) for text in ("Krzesło jest spóźnione", "krzeslo jest spoznione", "krzeslo jest spóźnione", "śpi", "spi"))
    assert not book.said("spinacz") and not book.said("wyśpi")
    assert "krzeslo" in book.vocabularies.common
    assert book.lexicon.po_before.found("zamowienie sa ")


def test_letters_of_a_language_may_be_typed_as_others(tmp_path: Path) -> None:
    chair = RULE.replace("[patterns]", '[patterns]\nde = ["grüße", "[äö]hre", "gemäß"]')
    numbers = '[numbers]\npo_before = ["für"]\nlinks = ["über"]\nmonths = { "märz" = 3 }\n'
    language = f'letters_typed_as = {{ "ä" = "ae", "ü" = "ue", "ß" = "ss" }}\nwords = "grüße"\n\n{numbers}'
    book = rule_files.load([folder(tmp_path, situations__chair=chair, languages__de=language)])
    assert all(book.said(text) for text in ("grüße", "gruesse", "Grüsse", "ähre", "gemaess", "gemäß!"))
    assert not book.said("gruse") and not book.said("aehre") and not book.said("gemaesse")
    assert {"grüsse", "gruesse"} <= book.vocabularies.common  # casefolded
    assert book.lexicon.po_before.found("fuer ueber ") and book.lexicon.months["maerz"] == 3


def test_patterns_may_share_pieces(tmp_path: Path) -> None:
    pieces = '[pieces.en]\nbe = "is|was"\nlate = "{be} (?:very )?late"\n\n[patterns]\n'
    shared = RULE.replace("[patterns]\n", pieces).replace("[patterns]\nen = [", '[patterns]\nen = ["sofa {late}", ')
    book = rule_files.load([folder(tmp_path, situations__chair=shared)])
    assert book.said("the sofa was very late") and not book.said("the sofa is") and not book.said("the sofa was latency")


def test_a_pattern_that_begins_with_a_piece_begins_with_a_word(tmp_path: Path) -> None:
    pieces = '[pieces.en]\nmust = "shall|ska"\n\n[patterns]\n'
    shared = RULE.replace("[patterns]\n", pieces).replace("[patterns]\nen = [", '[patterns]\nen = ["{must} go", ')
    book = rule_files.load([folder(tmp_path, situations__chair=shared)])
    assert book.said("it ska go") and not book.said("svenska go")


def test_words_end_where_they_end_in_every_spelling(tmp_path: Path) -> None:
    chair = RULE.replace("[patterns]", '[patterns]\nde = ["menü", "\\\\[für\\\\]"]')
    language = 'accents_left_out = true\nletters_typed_as = { "ü" = "ue" }\nwords = "menü für"\n'
    book = rule_files.load([folder(tmp_path, situations__chair=chair, languages__de=language)])
    assert all(book.said(text) for text in ("menü", "menu", "menue", "[für]", "[fuer]", "[fur]"))
    assert not any(book.said(text) for text in ("menüs", "menus", "menues"))
    assert {"fuer", "menue", "menu"} <= book.vocabularies.common and "fur" not in book.vocabularies.common


def test_nothing_at_all_is_said_with_the_folders_that_were_looked_in(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    said = refused(tmp_path / "one", tmp_path / "two")
    assert "No rules were found" in said
    assert str(tmp_path / "one" / "languages") in said
    assert str(tmp_path / "two" / "languages") in said


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("situations__chair", "name = ", "The rule file cannot be read"),
        ("languages__en", 'letters_typed_as = { "ue" = "ü" }\n', "letters_typed_as names small letters"),
        ("languages__en", "letters_typed_as = 3\n", "letters_typed_as must be a table"),
        ("languages__en", 'letters_typed_as = { "o" = "u" }\n', "letters_typed_as names small letters"),
        ("languages__en", 'letters_typed_as = { "å" = "ä" }\n', "letters_typed_as names small letters"),
        ("situations__chair", RULE.replace("[patterns]", "[pieces.en]\nbe = 3\n\n[patterns]"), "pieces.en must hold texts"),
        ("situations__chair", RULE.replace("[patterns]", '[pieces.en]\ncode = "x"\n\n[patterns]'), "pieces.en must hold texts"),
        ("situations__chair", RULE.replace("sentence", "sentense"), "Unknown key 'sentense'; known are"),
        ("situations__chair", RULE.replace('name = "late-chair"', 'name = " "'), "name must be a text"),
        ("situations__chair", RULE.replace('sentence = "A chair is late."', "sentence = 7"), "sentence must be a text"),
        ("situations__chair", RULE.replace('name = "late-chair"', 'name = "late-chair"\nstamped = "yes"'), "stamped must be true or false"),
        ("situations__chair", RULE.replace('["chair{gap}late"]', '"chair"'), "patterns must hold a list of texts for each language"),
        ("situations__chair", RULE.replace('["chair{gap}late"]', "[7]"), "patterns must hold a list of texts for each language"),
        ("situations__chair", RULE.replace('[patterns]\nen = ["chair{gap}late"]', 'patterns = ["chair"]'), "patterns must hold a list"),
        ("situations__chair", RULE.replace("chair{gap}late", "chair(late"), "is no regular expression"),
        ("situations__chair", RULE.replace("chair{gap}late", "chair {kolour} late"), "unknown placeholder {kolour}"),
        ("situations__chair", RULE.replace("The chair is late.", "The chair {code.x} is blue."), "should match its example"),
        ("situations__chair", RULE.replace('["chair{gap}late"]', "[]"), "has no patterns"),
        ("situations__chair", RULE + '\n[unless]\nen = ["("]\n', "'(' is no regular expression"),
        ("networks__pigeon", NETWORK.replace("Pigeon.example", ""), "domains must be a list of domain names"),
        ("networks__pigeon", NETWORK.replace('["Pigeon.example"]', '"pigeon.example"'), "domains must be a list of domain names"),
        ("networks__pigeon", NETWORK.replace('["Pigeon.example"]', "[7]"), "domains must be a list of domain names"),
        ("networks__pigeon", NETWORK.replace('name = "pigeon"', ""), "The network is wrong: name must be a text"),
        ("networks__pigeon", NETWORK + 'host = "x"', "Unknown key 'host'"),
        ("networks__pigeon", NETWORK.replace('domains = ["Pigeon.example"]', ""), "domains must be a list of domain names"),
        ("networks__pigeon", NETWORK + "fields = 7", "fields must be a table"),
        ("networks__pigeon", NETWORK + '[fields]\ncolour = ["red"]', "fields.colour must be one of invoice, po, neither"),
        ("networks__pigeon", NETWORK + '[fields]\npo = ["  "]', "fields.po must be one of"),
        ("languages__en", "words = 7", "words must be a text of words"),
        ("languages__en", '[numbers]\npo_befor = ["po"]', "The language file is wrong: numbers.po_befor"),
        ("languages__en", '[numbers]\npo_before = "po"', "numbers.po_before is unknown or has a value of the wrong kind"),
        ("languages__en", '[mail]\nform = ["From"]', "The language file is wrong"),
        ("languages__en", "[number]", "Unknown key 'number'"),
        ("languages__en", "numbers = 7", "numbers must be a table"),
        ("languages__en", "mail = 7", "mail must be a table"),
        ("languages__en", "[numbers]\nmonths = { may = 50 }", "numbers.months"),
        ("languages__en", "[numbers]\nmonths = { may = true }", "numbers.months"),
        ("languages__en", '[numbers]\npo_before = ["("]', "is no regular expression"),
        ("languages__en", '[numbers]\npo_before = [""]', "'po_before' must be a list of words, none of them empty"),
        ("languages__en", '[mail]\nbanners = ["…"]', '"banners" must be a list of words, none of them empty'),
        ("situations__chair", RULE.replace('["chair{gap}late"]', '["(?:chair)?"]'), "hits every text"),
        ("situations__chair", RULE.replace('["chair{gap}late"]', '[""]'), "hits every text"),
        ("situations__chair", "a = " + "[" * 3000 + "]" * 3000, "nested too deep"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong_in_it(tmp_path: Path, name: str, text: str, why: str) -> None:
    said = refused(folder(tmp_path, **{name: text}))
    assert why in said
    kind, _, stem = name.partition("__")
    assert f"in {tmp_path / kind / stem}.toml" in said


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        (RULE.replace("The chair is late.", "The table is late."), "should match its example: The table is late.", 8),
        (RULE.replace("The chair is blue.", "This chair is so late."), "should not match its counterexample: This chair is so late.", 11),
    ],
)
def test_an_example_that_comes_out_otherwise_is_named_with_its_line(tmp_path: Path, text: str, why: str, line: int) -> None:
    said = refused(folder(tmp_path, situations__chair=text))
    assert why in said
    assert said.endswith(f"chair.toml:{line}")


def test_a_file_of_another_name_adds_to_the_rule_whose_name_it_bears(tmp_path: Path) -> None:
    ours = RULE.replace("chair", "stool")
    book = rule_files.load([folder(tmp_path, situations__another=ours.replace('"late-stool"', '"late-chair"'))])
    said = {
        sentence: {rule.name for rule in book.said(sentence)} for sentence in ("The chair is late.", "The stool is late.", "It is late.")
    }
    assert said == {"The chair is late.": {"late-chair"}, "The stool is late.": {"late-chair"}, "It is late.": set()}


def test_a_file_that_is_no_text_or_can_not_be_opened_is_named(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "situations" / "chair.toml").write_bytes(b'name = "\xff\xfe"')
    assert "The rule file cannot be read" in refused(root)
    (root / "situations" / "chair.toml").unlink()
    (root / "situations" / "chair.toml").mkdir()
    assert "The rule file cannot be read" in refused(root)


def test_a_broken_file_of_the_users_own_is_not_passed_over_for_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "networks").mkdir()
    (tmp_path / "networks" / "ariba.toml").write_text("name = ", encoding="utf-8")
    assert str(tmp_path / "networks" / "ariba.toml") in refused(tmp_path, shipped.folder("rules"))


def test_a_shipped_rule_file_has_a_name_like_its_file() -> None:
    for path in sorted((shipped.folder("rules") / "situations").glob("*.toml")):
        assert f'name = "{path.stem.replace("_", "-")}"' in path.read_text(encoding="utf-8")


def test_a_folder_that_is_none_and_files_that_would_never_be_read_are_named(tmp_path: Path) -> None:
    assert "is no folder of rules" in refused(tmp_path / "nowhere")
    (tmp_path / "a" / "situation").mkdir(parents=True)
    assert "situation would never be read" in refused(tmp_path / "a")
    folder(tmp_path / "b")
    (tmp_path / "b" / "situations" / "x.tml").write_text(RULE)
    assert "x.tml would never be read" in refused(tmp_path / "b")
    folder(tmp_path / "c")
    (tmp_path / "c" / "x.toml").write_text(RULE)
    assert "x.toml would never be read" in refused(tmp_path / "c")


def test_a_rule_without_examples_is_refused(tmp_path: Path) -> None:
    bare = 'name = "bare"\nsentence = "A chair."\n[patterns]\nen = ["chair"]\n'
    assert "has no examples" in refused(folder(tmp_path, situations__bare=bare))


def test_no_network_speaks_from_where_anybody_can_have_an_address(tmp_path: Path) -> None:
    open_to_all = 'name = "anybody"\nsentence = "Anybody."\ndomains = ["gmail.com"]\n'
    assert "Anybody can have an address at gmail.com" in refused(folder(tmp_path, networks__anybody=open_to_all))


def test_an_excuse_of_a_rule_by_clause_counts_in_its_own_clause_only(tmp_path: Path) -> None:
    excused = RULE.replace("[examples]", '[unless]\nen = ["blue"]\n\n[examples]')
    text = "The chair is late, the blue one is here."
    assert rule_files.load([folder(tmp_path / "whole", situations__chair=excused)]).said(text) == ()
    by_clause = excused.replace("[patterns]", "by_clause = true\n\n[patterns]", 1)
    [hit] = rule_files.load([folder(tmp_path / "clause", situations__chair=by_clause)]).said(text)
    assert hit.name == "late-chair"


def test_rules_too_large_for_the_engine_stop_the_start(tmp_path: Path) -> None:
    words = ", ".join(f"'\\pL{{1,200}}{number}'" for number in range(400))
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "xx.toml").write_text(f"[numbers]\npo_before = [{words}]\n", encoding="utf-8")

    with pytest.raises(SetupError, match="can't be used: the patterns are too large"):
        wiring.describe_rules(None, tmp_path)


def test_a_rule_file_may_begin_with_a_byte_order_mark_and_must_be_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "situations" / "chair.toml"
    file.parent.mkdir()
    file.write_bytes(b"\xef\xbb\xbf" + RULE.encode())
    assert "late-chair" in {rule.name for rule in rule_files.load([tmp_path, shipped.folder("rules")]).rules}
    file.write_bytes(RULE.replace("A chair", "A ch\u00e4ir").encode("latin-1"))
    with pytest.raises(SetupError, match="save it as UTF-8"):
        rule_files.load([tmp_path, shipped.folder("rules")])


def test_a_folder_of_rules_that_cannot_be_read_is_never_passed_over(tmp_path: Path) -> None:
    (tmp_path / "situations").write_text("no folder")
    with pytest.raises(SetupError, match="cannot be read"):
        rule_files.load([tmp_path, shipped.folder("rules")])
