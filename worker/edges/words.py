"""The sentences of the letters: a TOML file for each language, the user's own laid over the shipped one sentence by sentence."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from worker.core.invoices import Invoice
from worker.errors import SetupError

LONGEST_UNBROKEN = 24
"""Up to how many characters a number, a date or an amount stays on one line in HTML."""

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language: its code (ISO 639), the file that it comes from, how it writes dates and amounts, and its sentences by "table.name"."""

    language: str
    source: Path
    locale: Locale
    sentences: Mapping[str, str]

    @pass_eval_context
    def say(self, context: EvalContext, name: str, about: Invoice | None = None, /, **facts: object) -> str:
        """The sentence called ``name`` with facts in its braces: those of the invoice that it is ``about``, and others.

        Facts are escaped where the template is HTML. Raises SetupError when the language has no such sentence or the
        sentence wants a fact that there is not.
        """
        if not context.autoescape:
            return self.plain(name, about, **facts)
        escaped = {key: _unbroken(fact) for key, fact in self._shown(about, facts).items()}
        return Markup(self._filled(name, str(escape(self._sentence(name))), escaped))  # noqa: S704 - sentence and facts are escaped

    def plain(self, name: str, about: Invoice | None = None, /, **facts: object) -> str:
        """The same as text; the same errors."""
        return self._filled(name, self._sentence(name), self._shown(about, facts))

    def day(self, value: date) -> str:
        return format_date(value, format="long", locale=self.locale)

    def money(self, amount: Decimal, currency: str) -> str:
        return format_currency(amount, currency, locale=self.locale)

    def _shown(self, about: Invoice | None, facts: Mapping[str, object]) -> dict[str, str]:
        known = {**self._facts(about), **facts} if about else facts
        return {key: self.day(fact) if isinstance(fact, date) else str(fact) for key, fact in known.items() if fact is not None}

    def _facts(self, invoice: Invoice) -> dict[str, object]:
        total = self.money(invoice.total, invoice.currency)
        return {"number": invoice.number, "date": invoice.issue_date, "due": invoice.due_date, "total": total}

    def _sentence(self, name: str) -> str:
        if name not in self.sentences:
            raise SetupError(f'{self.source} has no sentence "{name}"; add it, the English words show what it says.')
        return self.sentences[name]

    def _filled(self, name: str, sentence: str, facts: Mapping[str, str]) -> str:
        for slot in _SLOT.findall(sentence):
            if slot not in facts:
                raise SetupError(f'{self.source}: the sentence "{name}" asks for {{{slot}}}, but only {_listed(facts)} can stand there.')
        return _SLOT.sub(lambda found: facts[found[1]], sentence)


def read(folders: Sequence[Path]) -> dict[str, Words]:
    """Every language in the folders' ``letters/words``, by its code; the first folder that has a sentence wins.

    Raises SetupError naming the file and the key for a broken file, and where there is no English.
    """
    found = {path.stem for folder in folders for path in (folder / "letters" / "words").glob("*.toml")}
    if "en" not in found:
        raise SetupError(
            f"No letters/words/en.toml in {' or '.join(str(folder) for folder in folders)}; the letters have no words without it."
        )
    return {language: _language(language, folders) for language in sorted(found)}


def names(file: Path) -> set[str]:
    """The names of the sentences in one file of words, as "table.name"; SetupError where it is broken."""
    return set(_sentences(file))


def _language(language: str, folders: Sequence[Path]) -> Words:
    paths = [path for folder in folders if (path := folder / "letters" / "words" / f"{language}.toml").is_file()]
    sentences: dict[str, str] = {}
    for path in reversed(paths):
        sentences |= _sentences(path)
    return Words(
        language=language,
        source=paths[0],
        locale=_locale(sentences.pop("locale", language), paths[0]),
        sentences=sentences,
    )


def _sentences(path: Path) -> dict[str, str]:
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SetupError(f"{path} cannot be read as TOML: {error}.") from error
    sentences: dict[str, str] = {}
    for name, entry in tables.items():
        for key, sentence in (
            {name: entry} if isinstance(entry, str) else {f"{name}.{key}": each for key, each in _table(entry, name, path)}
        ).items():
            if not isinstance(sentence, str):
                raise SetupError(f"{path}: {key} is to be a sentence in quotes.")
            sentences[key] = sentence
    return sentences


def _table(entry: object, name: str, path: Path) -> list[tuple[str, object]]:
    if not isinstance(entry, dict):
        raise SetupError(f"{path}: {name} is to be a table of sentences.")
    return list(entry.items())


def _locale(code: str, path: Path) -> Locale:
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError) as error:
        raise SetupError(
            f'{path}: locale = "{code}" is no locale that dates and amounts can be written in; try "en_GB" or "de_DE".'
        ) from error


def _unbroken(fact: str) -> str:
    escaped = str(escape(fact))
    return f'<span style="white-space:nowrap">{escaped}</span>' if len(fact) <= LONGEST_UNBROKEN else escaped


def _listed(facts: Mapping[str, str]) -> str:
    return ", ".join(f"{{{fact}}}" for fact in sorted(facts)) or "no fact"
