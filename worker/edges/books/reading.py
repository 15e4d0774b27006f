"""Reads files of books, whatever their kind, all together or not at all."""

from __future__ import annotations

import codecs
from collections.abc import Collection, Sequence
from pathlib import Path

from worker.core.invoices import Books
from worker.edges.books import csv_files, json_files
from worker.edges.books.problems import Problems
from worker.edges.books.shelf import Shelf
from worker.errors import SetupError


def read_books(paths: Sequence[Path], *, known_customers: Collection[str] = ()) -> Books:
    """The books in ``paths``, each a books.json or a CSV of customers or of invoices; invoices may be of ``known_customers`` (ids) too.

    Raises SetupError that lists every problem as "file:line: what", so that nothing is half imported.
    """
    problems = Problems()
    shelf = Shelf(problems, known_customers)
    for path in paths:
        text = _text(path, problems)
        if text is not None:
            kind = json_files if text.lstrip()[:1] in {"{", "["} else csv_files
            kind.read(str(path), text, shelf, problems)
    return shelf.books()


def _text(path: Path, problems: Problems) -> str | None:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{path} can't be read ({error.strerror}); check its name and who may read it.") from error
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(f"{path}:{line}", "is not UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8)")
        return None
