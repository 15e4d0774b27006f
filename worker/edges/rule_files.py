"""Reading rules, networks and language files from folders of TOML; every error names file and key, and rules prove their own examples."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from worker.core import blocks, lexicons, patterns, rules
from worker.core.free_mail import FREE_MAIL
from worker.core.languages import Vocabularies
from worker.core.patterns import BadPattern
from worker.core.rules import BadRule, Network, Rule, Rulebook
from worker.core.texts import without_accents
from worker.errors import SetupError

_RULE_KEYS = frozenset(
    {"name", "sentence", "pieces", "patterns", "unless", "examples", "counterexamples", "stamped", "on_demand", "by_clause", "overrules"}
)
_NETWORK_KEYS = frozenset({"name", "sentence", "domains", "fields"})
_FIELDS = {"invoice": ("invoice_before", "invoice_named"), "po": ("po_before",), "neither": ("not_po_before",)}
"""Under which of the words beside numbers the labels of a network's forms count."""
_LANGUAGE_KEYS = frozenset({"words", "mail", "numbers", "accents_left_out", "letters_typed_as"})
_PIECE = re.compile("[a-z]+")
_ACCENTED = re.compile(r"[^\x00-\x7f\W\d_]")
_SHORTEST_NAMED = 3
_SHORTEST_UNACCENTED = 4
"""A shorter word without its accents is too often one of another language."""
_MERE_WORDS = frozenset({"links", "free_before", "lists", "list_words", "abbreviations"})
"""The words beside numbers that are also compared as they stand, not only as patterns."""
_KINDS = ("situations", "networks", "languages")
_NOTES = frozenset({".md", ".txt"})


def load(folders: Sequence[Path]) -> Rulebook:
    """The rulebook of ``folders``; a file in an earlier folder goes before the one of the same name in a later.

    Raises SetupError naming the file, what is wrong in it and, for an example, the text that came out otherwise.
    """
    state = [(path, path.lstat()) for folder in folders for path in sorted(folder.rglob("*"))]
    return _loaded(tuple(folders), tuple((path, found.st_mtime_ns, found.st_size) for path, found in state))


@lru_cache(maxsize=4)
def _loaded(folders: tuple[Path, ...], _state: tuple[tuple[Path, int, int], ...]) -> Rulebook:
    """The rulebook of folders in the state that they are in: thousands of examples need no second proof while no file changes."""
    for folder in folders:
        _expect_rules(folder)
    tables = dict(_read_all(folders, "languages", _LANGUAGE_KEYS))
    typed = {path.stem: _typing(path, table) for path, table in tables.items()}
    situations = {path: _rule(path, table, typed) for path, table in _read_all(folders, "situations", _RULE_KEYS)}
    systems = dict(_read_all(folders, "networks", _NETWORK_KEYS))
    labels = {f"network {path.stem}": _fields(path, table) for path, table in systems.items()}
    rulebook = Rulebook(
        rules=tuple(situations.values()),
        networks=tuple(_network(path, table) for path, table in systems.items()),
        mail_words=_mail_words(tables),
        tables=_numbers(tables, typed) | labels,
        vocabularies=Vocabularies(
            by_language={path.stem: words for path, table in tables.items() if (words := _words(path, table, typed[path.stem]))}
        ),
        languages=frozenset({*(path.stem for path in tables), *labels, *(name for rule in situations.values() for name in rule.phrases)}),
    )
    for path, rule in situations.items():
        with _wrong_rule(path):
            rules.prove(rule, rulebook)
    rulebook.forget()
    return rulebook


def _expect_rules(folder: Path) -> None:
    """Raises SetupError for a folder of rules that is none, or that holds what would never be read."""
    if not folder.is_dir():
        raise SetupError(f"{folder} is no folder of rules; it should hold {', '.join(_KINDS)} with .toml files in them.")
    for path in _inside(folder):
        lost = path.suffix == ".toml" or (path.is_dir() and path.name not in _KINDS)
        if lost and not path.name.startswith((".", "_")):
            raise SetupError(f"{path} would never be read; the folders of rules are {', '.join(_KINDS)}.")
    for kind in _KINDS:
        wrong = next((path for path in _inside(folder / kind) if path.suffix != ".toml" and path.suffix not in _NOTES), None)
        if wrong is not None and not wrong.name.startswith("."):
            raise SetupError(f"{wrong} would never be read; rule files end in .toml.")


def _inside(folder: Path) -> list[Path]:
    """What a folder holds, in order; nothing where there is none. Raises SetupError where it can't be read: its rules would be lost."""
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SetupError(f"{folder} cannot be read ({error.strerror}).") from None


def _read_all(folders: Iterable[Path], kind: str, keys: frozenset[str]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every file of one kind by name, the first folder that has it winning."""
    chosen: dict[str, Path] = {}
    for folder in folders:
        for path in _inside(folder / kind):
            if path.suffix == ".toml":
                chosen.setdefault(path.name, path)
    if not chosen:
        raise SetupError(f"No rules were found: none of {', '.join(str(folder / kind) for folder in folders)} holds a .toml file.")
    for name in sorted(chosen):
        yield chosen[name], _read(chosen[name], keys)


def _read(path: Path, keys: frozenset[str]) -> Mapping[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        table = tomllib.loads(text)
    except OSError as error:
        raise SetupError(f"The rule file cannot be read: {error.strerror}, in {path}") from error
    except UnicodeDecodeError:
        raise SetupError(f"The rule file cannot be read: it is not in UTF-8; save it as UTF-8, in {path}") from None
    except RecursionError:
        raise SetupError(f"The rule file cannot be read: its lists are nested too deep, in {path}") from None
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"The rule file cannot be read: {error}, in {path}") from error
    unknown = sorted(set(table) - keys)
    if unknown:
        line = next((f":{number}" for number, line in enumerate(text.splitlines(), 1) if unknown[0] in line), "")
        raise SetupError(f"Unknown key {unknown[0]!r}; known are {', '.join(sorted(keys))}, in {path}{line}")
    return table


def _numbers(languages: Mapping[Path, Mapping[str, Any]], typed: Mapping[str, _Typing]) -> dict[str, Mapping[str, Any]]:
    """The words beside numbers by language."""
    for path, table in languages.items():
        try:
            lexicons.check(_table(table, "numbers"))
        except ValueError as error:
            raise SetupError(f"The language file is wrong: {error}, in {path}") from error
    return {
        path.stem: {key: _as_typed(key, value, typed[path.stem]) for key, value in _table(table, "numbers").items()}
        for path, table in languages.items()
    }


@dataclass(frozen=True, slots=True)
class _Typing:
    """How else the words of a language are typed: without their accents, or some letters as others ("ü" as "ue")."""

    unaccented: bool = False
    letters: Mapping[str, str] = field(default_factory=dict)

    def pattern(self, pattern: str) -> str:
        """``pattern``, finding its words in either spelling."""
        return patterns.respelt(pattern, self.letters, unaccented=self.unaccented) if self.letters or self.unaccented else pattern

    def spellings(self, word: str, shortest: int = 0) -> list[str]:
        """``word`` as it is typed otherwise; without its accents only where it has as many letters as ``shortest``."""
        bare = [without_accents(word)] if self.unaccented and len(word) >= shortest else []
        return [*bare, word.translate({ord(letter): typed for letter, typed in self.letters.items()})]


def _typing(path: Path, table: Mapping[str, Any]) -> _Typing:
    try:
        unaccented, letters = _flag(table, "accents_left_out"), _table(table, "letters_typed_as")
    except ValueError as error:
        raise SetupError(f"The language file is wrong: {error}, in {path}") from error
    for letter, typed in letters.items():
        if not (_ACCENTED.fullmatch(letter) and isinstance(typed, str) and _PIECE.fullmatch(typed)):
            raise SetupError(f'letters_typed_as names small letters with what is typed for them, such as {{ "ü" = "ue" }}, in {path}')
    return _Typing(unaccented, letters)


def _as_typed(key: str, value: Any, typing: _Typing) -> Any:
    """The words beside numbers, also as they are typed otherwise."""
    if isinstance(value, dict):
        return {**{spelling: number for word, number in value.items() for spelling in typing.spellings(word)}, **value}
    if key in _MERE_WORDS:
        return [*dict.fromkeys([*value, *(spelling for word in value for spelling in typing.spellings(word))])]
    return [*map(typing.pattern, value)]


def _fields(path: Path, table: Mapping[str, Any]) -> dict[str, list[str]]:
    """The labels of a network's forms as words beside numbers: they stand in mail that is passed on, too, and in whatever language."""
    words: dict[str, list[str]] = {}
    fields = table.get("fields", {})
    if not isinstance(fields, dict):
        raise SetupError(f"fields must be a table, in {path}")
    for kind, labels in fields.items():
        if kind not in _FIELDS or not isinstance(labels, list) or not all(isinstance(label, str) and label.strip() for label in labels):
            raise SetupError(f"fields.{kind} must be one of {', '.join(_FIELDS)} with a list of labels, in {path}")
        for key in _FIELDS[kind]:
            words.setdefault(key, []).extend(re.escape(label).replace(r"\ ", " ") for label in labels)
    return words


def _mail_words(languages: Mapping[Path, Mapping[str, Any]]) -> blocks.MailWords:
    for path, table in languages.items():
        try:
            blocks.mail_words([_table(table, "mail")])
        except ValueError as error:
            raise SetupError(f"The language file is wrong: {error}, in {path}") from error
    return blocks.mail_words(table.get("mail", {}) for table in languages.values())


def _words(path: Path, table: Mapping[str, Any], typing: _Typing) -> frozenset[str]:
    """The common words of a language; a file that only adds to how mail is read may have none."""
    words = table.get("words", "")
    if not isinstance(words, str):
        raise SetupError(f"words must be a text of words, in {path}")
    common = words.casefold().split()
    return frozenset([*common, *(spelling for word in common for spelling in typing.spellings(word, _SHORTEST_UNACCENTED))])


def _rule(path: Path, table: Mapping[str, Any], typed: Mapping[str, _Typing]) -> Rule:
    """``typed`` is how else the words of each language are typed."""
    with _wrong_rule(path):
        pieces = _pieces(table)
        made = rules.rule(
            _text(table, "name"),
            _text(table, "sentence"),
            _typed_in(typed, pieces, _by_language(table, "patterns")),
            _typed_in(typed, pieces, _by_language(table, "unless")),
            _by_language(table, "examples"),
            _by_language(table, "counterexamples"),
            stamped=_flag(table, "stamped"),
            on_demand=_flag(table, "on_demand"),
            by_clause=_flag(table, "by_clause"),
            overrules=_names(table, "overrules"),
        )
        if not any(made.examples.values()):
            raise BadRule(f"rule {made.name!r} has no examples; add some that its patterns must find")
    return made


def _pieces(table: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """By language what a rule's patterns share, by name, each filled with those above it."""
    made: dict[str, dict[str, str]] = {}
    for language, texts in _table(table, "pieces").items():
        if not isinstance(texts, dict):
            raise ValueError("pieces must hold a table for each language")
        for name, text in texts.items():
            if not isinstance(text, str) or not _PIECE.fullmatch(name) or name in (*patterns.MARKS, "gap"):
                raise ValueError(f"pieces.{language} must hold texts with names of small letters, other than gap and those of numbers")
            above = made.setdefault(language, {})
            above[name] = patterns.joined(_filled(text, above))
    return made


def _filled(text: str, pieces: Mapping[str, str]) -> str:
    for name, piece in pieces.items():
        text = text.replace(f"{{{name}}}", piece)
    return text


def _typed_in(
    typed: Mapping[str, _Typing], pieces: Mapping[str, Mapping[str, str]], said: Mapping[str, Sequence[str]]
) -> dict[str, Sequence[str]]:
    """``said`` with its pieces filled in, each pattern in all the spellings of its language."""
    return {
        language: [typed.get(language, _Typing()).pattern(_filled(text, pieces.get(language, {}))) for text in texts]
        for language, texts in said.items()
    }


@contextmanager
def _wrong_rule(path: Path) -> Iterator[None]:
    """Turns what is wrong with a rule into a SetupError that names its file and line."""
    try:
        yield
    except (ValueError, BadPattern, BadRule) as error:
        raise SetupError(f"The rule is wrong: {error}, in {path}{_line_of(path, error)}") from error


def _network(path: Path, table: Mapping[str, Any]) -> Network:
    domains = table.get("domains", [])
    nothing = not domains and not table.get("fields")
    if not isinstance(domains, list) or nothing or not all(isinstance(domain, str) and "." in domain for domain in domains):
        raise SetupError(f'domains must be a list of domain names such as ["network.example"], in {path}')
    anybodys = next((domain for domain in domains if domain.lower() in FREE_MAIL), None)
    if anybodys is not None:
        raise SetupError(f"Anybody can have an address at {anybodys}; no network speaks from there, in {path}")
    try:
        return Network(name=_text(table, "name"), sentence=_text(table, "sentence"), domains=tuple(domain.lower() for domain in domains))
    except ValueError as error:
        raise SetupError(f"The network is wrong: {error}, in {path}") from error


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise ValueError(f"{key} must be a table")
    return value


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} must be a text")
    return value


def _flag(table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise ValueError(f"{key} must be true or false")
    return value


def _names(table: Mapping[str, Any], key: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"{key} must be a list of names")
    return value


def _by_language(table: Mapping[str, Any], key: str) -> dict[str, list[str]]:
    value = table.get(key, {})
    if not isinstance(value, dict) or not all(
        isinstance(words, list) and all(isinstance(word, str) for word in words) for words in value.values()
    ):
        raise ValueError(f"{key} must hold a list of texts for each language")
    return value


def _line_of(path: Path, error: Exception) -> str:
    """ ":12" where line 12 is the one that holds the pattern or example that the error names."""
    told = str(error)
    lines = enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1)
    named = [(len(text), number) for number, line in lines for text in _quoted(line) if text in told]
    longest, number = max(named, default=(0, 0))
    return f":{number}" if longest > _SHORTEST_NAMED else ""


def _quoted(line: str) -> list[str]:
    """The texts that a line of TOML holds, as they read once the file is read."""
    try:
        texts = tomllib.loads(f"line = [{line.strip().rstrip(',').rpartition('= ')[2].strip('[]')}]")["line"]
    except tomllib.TOMLDecodeError:
        return []
    return [text for text in texts if isinstance(text, str)]
