"""Writes decisions and whole outcomes as JSON and reads them back, their bytes apart by SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from worker.core.decisions import Decision
from worker.core.outcomes import Outcome


def write(value: object) -> str:
    """A dataclass as JSON text that both databases can hold."""
    plain: object = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    return json.dumps(plain, ensure_ascii=False, default=_plain)


def read_decision(text: str) -> Decision:
    decision: Decision = _adapter(Decision).validate_python(json.loads(text))
    return decision


def write_outcome(outcome: Outcome) -> tuple[str, dict[str, bytes]]:
    """An outcome as JSON text without its bytes, and those bytes by SHA-256."""
    contents = [document.content for document in outcome.documents] + [letter.content for letter in outcome.letters]
    by_hash = {_sha256(content): content for content in contents}
    documents = tuple(replace(document, content=b"") for document in outcome.documents)
    letters = tuple(replace(letter, content=b"") for letter in outcome.letters)
    bare = asdict(replace(outcome, documents=documents, letters=letters))
    return write({"outcome": bare, "contents": [_sha256(content) for content in contents]}), by_hash


def read_outcome(text: str, by_hash: Mapping[str, bytes]) -> Outcome:
    stored = json.loads(text)
    outcome: Outcome = _adapter(Outcome).validate_python(stored["outcome"])
    contents = [by_hash[sha256] for sha256 in stored["contents"]]
    documents = tuple(replace(each, content=content) for each, content in zip(outcome.documents, contents, strict=False))
    letters = tuple(replace(each, content=content) for each, content in zip(outcome.letters, contents[len(documents) :], strict=True))
    return replace(outcome, documents=documents, letters=letters)


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("ascii")
    raise TypeError(f"{type(value).__name__} can't be written as JSON")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
