"""What is wrong in a configuration, as sentences that name the file, the line, the key and the way out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from worker.config.sections import Config
from worker.config.values import Section

_MEANINGS = {
    "string_type": "must be text in quotes",
    "path_type": "must be a path in quotes",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false, without quotes",
    "tuple_type": "must be a list in [brackets]",
    "model_type": "must be a table",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "enum": "must be one of {expected}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}


def passwords(written: Mapping[str, object], *, path: Path, text: str) -> list[str]:
    """A sentence for each ``password`` that stands in the configuration itself."""
    return [
        f"{_place(path, text, (table, 'password'))}: [{table}] holds a password; "
        "put it in a file and name that with password_file, or in the environment and name the variable with password_env."
        for table, keys in written.items()
        if isinstance(keys, Mapping) and "password" in keys
    ]


def sentences(error: ValidationError, *, path: Path, text: str) -> list[str]:
    """A sentence for each thing that ``error`` found, in the order of the keys."""
    return [f"{_place(path, text, _keys(detail))}: {_sentence(detail)}" for detail in error.errors()]


def _keys(detail: ErrorDetails) -> tuple[str, ...]:
    return tuple(part for part in detail["loc"] if isinstance(part, str))


def _place(path: Path, text: str, keys: tuple[str, ...]) -> str:
    line = _line(text, keys)
    return f"{path}, line {line}" if line else str(path)


def _line(text: str, keys: tuple[str, ...]) -> int | None:
    """Where the key stands, else where its table begins; None where neither is written."""
    table, found = "", None
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*\[\s*([\w.-]+)\s*\]", line):
            table = heading[1]
            found = number if keys and table == keys[0] else found
        elif (key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)) and (*([table] if table else []), key[1]) == keys[:2]:
            return number
    return found


def _sentence(detail: ErrorDetails) -> str:
    keys = _keys(detail)
    name = _name(keys)
    match detail["type"]:
        case "extra_forbidden":
            return f"{name} is not a key that I know; {_suggestion(keys)}"
        case "missing":
            return f"{name} is missing{_description(keys)}."
        case "value_error":
            return f"{name} {detail['ctx']['error']}.".strip()
        case kind if kind in _MEANINGS:
            return f"{name} {_MEANINGS[kind].format(**detail.get('ctx', {}))}."
    return f"{name}: {detail['msg']}."


def _name(keys: tuple[str, ...]) -> str:
    if not keys:
        return ""
    if len(keys) == 1:
        return f"[{keys[0]}]" if keys[0] in dict(_sections()) else keys[0]
    return f"[{keys[0]}] {keys[1]}"


def _sections() -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            yield name, field.annotation


def _known(section: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in section.model_fields.items()]


def _suggestion(keys: tuple[str, ...]) -> str:
    """The nearest right key: in the same table first, then in any other."""
    sections: dict[str, type[BaseModel]] = dict(_sections())
    here = _known(sections.get(keys[0], Config) if len(keys) > 1 else Config)
    if near := difflib.get_close_matches(keys[-1], here, n=1):
        return f"did you mean {near[0]}?"
    for table, section in sections.items():
        if near := difflib.get_close_matches(keys[-1], _known(section), n=1):
            return f"did you mean {near[0]} in [{table}]?"
    return f"the keys here are {', '.join(here)}."


def _description(keys: tuple[str, ...]) -> str:
    sections: dict[str, type[BaseModel]] = dict(_sections())
    section = sections.get(keys[0]) if len(keys) > 1 else None
    for name, field in (section.model_fields if section else {}).items():
        if (field.alias or name) == keys[1] and field.description:
            return f" ({field.description})"
    return ""
