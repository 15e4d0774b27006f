"""Somebody at a shell, inside the test's own process."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from worker import cli


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run of the program ended."""

    code: int
    out: str
    err: str


class Terminal:
    """Somebody at a shell, in a folder of their own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.folder = folder

    def addendum(self, *words: object) -> Ended:
        self._monkeypatch.setattr(sys, "argv", ["addendum", *(str(word) for word in words)])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = self._capsys.readouterr()
        return Ended(code=ended.value.code if isinstance(ended.value.code, int) else 1, out=printed.out, err=printed.err)

    def told(self, *words: object) -> list[dict[str, Any]]:
        """The JSON that the program prints, one object a line; it must end well."""
        ended = self.addendum(*words, "--json")
        assert ended.code == 0, ended.out + ended.err
        return [json.loads(line) for line in ended.out.splitlines()]
