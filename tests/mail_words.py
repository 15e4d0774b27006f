"""The mail words of all shipped languages, as the worker itself has them."""

from __future__ import annotations

import tomllib

from worker import shipped
from worker.core.blocks import MailWords, mail_words


def all_languages() -> MailWords:
    """The words of every file in rules/languages."""
    files = sorted((shipped.folder("rules") / "languages").glob("*.toml"))
    return mail_words(tomllib.loads(file.read_text("utf-8")).get("mail", {}) for file in files)
