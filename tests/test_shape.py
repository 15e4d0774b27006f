"""The shape of the program: who may import whom, and how a module begins."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path.relative_to(ROOT) for folder in ("worker", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py"))


def test_core_edges_and_shells_keep_to_their_import_contracts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert not broken, capsys.readouterr().out


@pytest.mark.parametrize("module", [path for path in MODULES if (ROOT / path).stat().st_size], ids=str)
def test_every_module_opens_with_one_sentence_on_what_it_is_for(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse((ROOT / module).read_text(encoding="utf-8"))) or ""
    first = docstring.splitlines()[0] if docstring else ""
    assert first.endswith("."), f"{module} opens with {first!r}"
