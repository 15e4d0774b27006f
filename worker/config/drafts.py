"""A first config.toml for an issuer: the example with its own names in it."""

from __future__ import annotations

import json
import re
import zoneinfo
from contextlib import suppress
from pathlib import Path

from worker import shipped
from worker.config import files
from worker.edges import envelopes
from worker.errors import SetupError


def write(
    path: Path,
    *,
    name: str,
    mailbox: str,
    imap: str | None = None,
    smtp: str | None = None,
    timezone: str | None = None,
    digest_to: str | None = None,
) -> None:
    """Write a configuration to ``path``, guessing from the mailbox what is not told.

    Raises SetupError where one is there already, and where it would not be valid, before anything is written.
    """
    with suppress(OSError):  # what keeps anyone from looking keeps from writing too, and is told then
        if path.exists():
            raise _taken(path)
    mailbox = mailbox.strip().lower()
    domain = mailbox.rpartition("@")[2]
    if not domain or domain == mailbox:
        raise SetupError(f"{mailbox} is no mail address; write it as billing@example.com.")
    if not envelopes.is_writable(mailbox):
        raise SetupError(f"No letter can come from {mailbox}; write the domain in its ASCII form (xn--…).")
    text = shipped.example_config().read_text(encoding="utf-8")
    for table, key, value in (
        ("issuer", "name", name),
        ("issuer", "addresses", [mailbox]),
        ("issuer", "address", []),
        ("issuer", "tax_id", ""),
        ("issuer", "payment", []),
        ("issuer", "timezone", timezone or _timezone()),
        ("inbox", "host", imap or f"imap.{domain}"),
        ("inbox", "user", mailbox),
        ("inbox", "trusted_authserv", ""),
        ("outbox", "host", smtp or f"smtp.{domain}"),
        ("outbox", "user", mailbox),
        ("outbox", "from", f"{name} <{mailbox}>" if name.isascii() and name.replace(" ", "").isalnum() else mailbox),
        ("digest", "to", digest_to or mailbox),
    ):
        text = _with(text, table, key, value)
    files.parse(text, path, is_draft=True)
    _create(path, text)


def _with(text: str, table: str, key: str, value: object) -> str:
    """``text`` with the value of one key replaced; comments and all else stay."""
    start = re.search(rf"^\[{table}\]", text, re.MULTILINE)
    line = re.compile(rf"^{key} = (\[.*\]|\"[^\"]*\"|\S+)", re.MULTILINE)
    found = line.search(text, start.end()) if start else None
    if found is None:
        raise AssertionError(f"the example configuration has no [{table}] {key}")
    return f"{text[: found.start(1)]}{_toml(value)}{text[found.end(1) :]}"


def _timezone() -> str:
    """This machine's time zone by name, where it says so; else UTC."""
    try:
        linked = Path("/etc/localtime").resolve().as_posix().rpartition("zoneinfo/")[2]
        zoneinfo.ZoneInfo(linked)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        return "UTC"
    return linked


def _create(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            try:
                file.write(text)
                file.flush()
            except OSError:
                path.unlink()
                raise
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise SetupError(f"{path} cannot be written ({error.strerror}).") from None


def _toml(value: object) -> str:
    """Text or a list of texts as TOML: as JSON, but for the one control character that JSON lets stand."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _taken(path: Path) -> SetupError:
    return SetupError(f"{path} is there already and is not overwritten; edit it, or name another with --config.")
