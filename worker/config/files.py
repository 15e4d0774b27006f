"""Reads config.toml into a Config."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from worker.config import complaints
from worker.config.sections import Config
from worker.errors import SetupError


def load(path: Path) -> Config:
    """The configuration in ``path``; relative paths in it are taken from the folder that it lies in.

    Raises SetupError, one line for each thing that is wrong.
    """
    return parse(_read(path), path)


def parse(text: str, path: Path, *, is_draft: bool = False) -> Config:
    """The configuration that ``text`` is, or would be in ``path`` where it ``is_draft`` and has no lines that anyone could look at.

    Raises SetupError, one line for each thing that is wrong.
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{path} is not valid TOML: {error}.") from None
    if secrets := complaints.passwords(written, path=path, text=text):
        raise SetupError("\n".join(secrets))
    try:
        return Config.model_validate(written, context={"folder": path.resolve().parent})
    except ValidationError as error:
        raise SetupError("\n".join(complaints.sentences(error, path=path, text="" if is_draft else text))) from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SetupError(
            f"There is no configuration at {path}; write one with `addendum init`, or name yours with --config or ADDENDUM_CONFIG."
        ) from None
    except IsADirectoryError:
        raise SetupError(f"{path} is a folder; --config takes the file itself.") from None
    except UnicodeDecodeError:
        raise SetupError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror}); see that this user may read it.") from None
