"""Finds the lines that mail programs put above a quoted or forwarded text: separators, header blocks and attributions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worker.core import attributions, header_blocks
from worker.core.mail_words import MailWords, folded
from worker.core.marks import COLONS, LONGEST_LINE, Found, is_marked, next_text
from worker.core.messages import Heading

_RULES = "-–—―_=*#~ \t\u2500"
_BEGINNINGS = frozenset((*_RULES, *COLONS, "|", ">", "＞", "\xa0"))
_LONGEST_SEPARATOR = 80
_SHORTEST_ON_ONE_LINE = 20


def find(lines: Sequence[str], at: int, words: MailWords, *, attributed: bool = True) -> Found | None:
    """The heading that starts at line ``at``, if one does; not ``attributed`` where none can be an attribution."""
    line = lines[at].strip()[:LONGEST_LINE]
    if not line:
        return None
    return (
        _separated(lines, at, line, words)
        or header_blocks.below_each_other(lines, at, words)
        or header_blocks.on_one_line(line, at, words)
        or (attributions.above(lines, at, words) if attributed else None)
    )


def may_begin(line: str, words: MailWords) -> bool:
    """Whether ``line`` may be a separator, hold a label or carry a quote mark: most lines of a mail are told from those by a look."""
    return line[:1] in _BEGINNINGS or ":" in line or "：" in line or line[:2].casefold() in words.separator_starts


def _separated(lines: Sequence[str], at: int, line: str, words: MailWords) -> Found | None:
    """A separator line, with the header block that follows it or stands in the rest of the line (Yahoo)."""
    separator = _separator(line, words)
    if separator is None:
        return None
    forwarded, rest = separator
    below = next_text(lines, at + 1)
    if rest:
        block = header_blocks.on_one_line(rest, at, words)
    else:
        block = (
            header_blocks.below_each_other(lines, below, words, separated=True)
            or header_blocks.on_one_line(lines[below].strip(), below, words)
            if below < len(lines)
            else None
        )
    marked = below < len(lines) and is_marked(lines[below])
    if block:
        heading = replace(block.heading, text="\n".join(lines[at : block.end]).strip())
        return Found(heading=heading, end=block.end, forwarded=forwarded, languages=block.languages)
    strong = bool(line.strip(_RULES)) and line[:4].strip(_RULES) == "" and len(line) - len(line.lstrip(_RULES)) >= 4
    if not line.strip(_RULES) or not (marked or strong):
        return None
    return Found(heading=Heading(text=line), end=at + 1, forwarded=forwarded, marked=marked)


def _separator(line: str, words: MailWords) -> tuple[bool | None, str] | None:
    """Whether a separator says that it forwards, and what follows it on its line; None where the line is no separator."""
    if len(line) > _LONGEST_SEPARATOR and not line.startswith(("-", "_", "=")):
        return None
    core = folded(line.strip(_RULES + "".join(COLONS)))
    if not core:
        return (None, "") if len(line) >= 5 else None
    if core in words.forward_separators:
        return True, ""
    if core in words.original_separators:
        return None, ""
    if not line.startswith(("-", "_", "=")) or len(core) < _SHORTEST_ON_ONE_LINE:
        return None
    for phrases, forwarded in ((words.forward_separators, True), (words.original_separators, None)):
        for phrase in phrases:
            if core.startswith(phrase):
                return forwarded, line.strip(_RULES)[len(phrase) :].strip(_RULES)
    return None
