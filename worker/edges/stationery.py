"""The Jinja2 side of the letters: a sandbox over the template folders that leaves nothing out in silence and says where an error is."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from babel.dates import format_skeleton
from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from worker.core.digests import Digest
from worker.edges.words import Words
from worker.errors import SetupError


class Stationery:
    """Templates from ``folders``, the first that has one wins; what they print is escaped, except in those named ``.txt``."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in folders]),
            autoescape=lambda name: name is None or ".txt" not in name,
            undefined=StrictUndefined,
            finalize=_there,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters |= {"day": _day, "short_day": _short_day, "money": _money, "moment": _moment, "mid": _mid}

    def compile(self) -> None:
        """Compile every template in the folders; SetupError naming file and line of the first that cannot be."""
        for name in self._environment.list_templates(extensions=["j2"]):
            with self._translated(name):
                self._environment.get_template(name)

    def render(self, name: str, words: Words, facts: Mapping[str, object]) -> str:
        """The template called ``name`` filled with ``facts``, in the language of ``words``.

        Raises SetupError naming the template's file and line for whatever is wrong with it.
        """
        with self._translated(name):
            return self._environment.get_template(name).render(facts, words=words, say=words.say, language=words.language)

    def write(self, name: str, words: Words, facts: Mapping[str, object], file: TextIO) -> None:
        """The same into ``file``, piece by piece, so that a long one is never in memory as a whole; the same errors."""
        with self._translated(name):
            template = self._environment.get_template(name)
            file.writelines(template.generate(facts, words=words, say=words.say, language=words.language))

    @contextmanager
    def _translated(self, name: str) -> Iterator[None]:
        try:
            yield
        except TemplateNotFound as error:
            raise SetupError(f"There is no template {error.name} in {' or '.join(map(str, self._folders))}.") from error
        except TemplateSyntaxError as error:
            raise SetupError(f"{error.filename or name}, line {error.lineno}: {error.message}") from error
        except SetupError:
            raise
        except OSError as error:
            if error.filename is None:  # no template that can't be opened, but a page that can't be written
                raise
            raise SetupError(f"{error.filename} cannot be read ({error.strerror}).") from error
        except Exception as error:  # a template is a program of the user's: whatever it raises is theirs to mend
            raise SetupError(f"{_place(error, name)}: {error or type(error).__name__}") from error


def _there(value: object) -> object:
    if value is None:
        raise ValueError("there is nothing to print here (None)")
    return value


@pass_context
def _day(context: Context, value: date) -> str:
    return _words(context).day(value)


@pass_context
def _money(context: Context, amount: Decimal, currency: str) -> str:
    return _words(context).money(amount, currency)


@pass_context
def _short_day(context: Context, value: date) -> str:
    return format_skeleton("MMMMd", value, locale=_words(context).locale)


@pass_context
def _moment(context: Context, value: datetime, digest: Digest) -> str:
    """A moment on the reader's clock: "09:14" on the digest's own day, else "Sun 22 Nov, 09:14"."""
    locale, local = _words(context).locale, value.astimezone(digest.timezone)
    clock = format_skeleton("Hm", local, locale=locale)
    return clock if local.date() == digest.day else f"{format_skeleton('EdMMM', local, locale=locale)}, {clock}"


def _mid(message_id: str) -> str:
    """A link that opens the mail itself in mail programs that follow RFC 2392."""
    return "mid:" + quote(message_id.strip("<>"), safe="@.")


def _words(context: Context) -> Words:
    words = context["words"]
    assert isinstance(words, Words)
    return words


def _place(error: Exception, name: str) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else name
