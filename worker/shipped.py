"""Finds the rules and templates that come with Addendum, in an installed package and in a checkout alike."""

from __future__ import annotations

from pathlib import Path
from typing import Literal


def folder(name: Literal["rules", "templates"]) -> Path:
    """The shipped folder called ``name``."""
    package = Path(__file__).resolve().parent
    installed = package / "shipped" / name
    return installed if installed.is_dir() else package.parent / name


def after(own: Path | None, name: Literal["rules", "templates"]) -> tuple[Path, ...]:
    """The user's own folder, where there is one, before the shipped one: what is looked for is taken from the first that has it."""
    return (folder(name),) if own is None else (own, folder(name))


def alone_or_after(other: Path, name: Literal["rules", "templates"]) -> tuple[Path, ...]:
    """Another folder as it was meant: one with at least half of the shipped files is a whole set, of another version say, and stands alone;
    a smaller one goes before the shipped one, as a user's own does."""
    files = [path.relative_to(folder(name)) for path in folder(name).rglob("*.*") if path.is_file()]
    is_whole = 2 * sum((other / file).is_file() for file in files) >= len(files)
    return (other,) if is_whole else after(other, name)


def example_config() -> Path:
    """The complete, commented configuration that ``addendum init`` starts from."""
    package = Path(__file__).resolve().parent
    installed = package / "shipped" / "config.example.toml"
    return installed if installed.is_file() else package.parent / "config.example.toml"
