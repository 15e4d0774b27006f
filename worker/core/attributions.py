"""Reads attributions: the line or lines such as ``On Tuesday, Ann <a@b> wrote:`` above a quote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.core.addresses import claimed
from worker.core.mail_words import MailWords, folded
from worker.core.marks import COLONS, Found, is_marked, next_text
from worker.core.messages import Address, Heading

_MOST_WRAPPED = 4
_LONGEST_ATTRIBUTION = 400
_NOT_A_NAME = {"am", "pm", "uhr", "utc", "gmt", "cet", "cest", "mez", "mesz", "est", "edt", "cst", "cdt", "pst", "pdt", "kl", "klo"}
_CLOCK = re.compile(r"\d[:.h時点]\d\d(?!\d)")


def above(lines: Sequence[str], at: int, words: MailWords) -> Found | None:
    """``On Tuesday, A <a@b> wrote:``, wrapped over up to four lines; it starts on the latest line from which it reads whole."""
    wrapped: list[str] = []
    for here in range(at, min(len(lines), at + _MOST_WRAPPED)):
        line = lines[here].strip().strip("*").strip()
        if not line or (is_marked(lines[here]) and not _is_open(wrapped)) or len(line) > _LONGEST_ATTRIBUTION:
            return None
        wrapped.append(line)
        if line.endswith(COLONS):
            below = next_text(lines, here + 1)
            marked = below < len(lines) and is_marked(lines[below])
            found = _attribution(wrapped, words, marked=marked)
            if found is None or found[0] != 0:
                return None
            heading = Heading(author=_attributed_to(" ".join(wrapped), found[1]), text="\n".join(lines[at : here + 1]).strip())
            return Found(heading=heading, end=here + 1, marked=marked)
    return None


def _is_open(wrapped: list[str]) -> bool:
    """Whether the lines so far open an angle bracket, so that a ``>`` at the start of the next one closes it and is no quote mark."""
    return sum(line.count("<") - line.count(">") for line in wrapped) > 0


def _attribution(wrapped: list[str], words: MailWords, *, marked: bool) -> tuple[int, str] | None:
    """On which of the lines the attribution starts, and what stands in its last gap."""
    ending = folded(" ".join(wrapped))
    patterns = [pieces for pieces in words.attributions if ending.endswith(pieces[-1])]
    for opened in (True, False) if patterns else ():
        for start in reversed(range(len(wrapped))):
            joined = " ".join(wrapped[start:])
            if not _tells_who_and_when(joined, marked=marked):
                continue
            plain = folded(joined)
            gaps = (_last_gap(joined, plain, pieces) for pieces in patterns if bool(pieces[0]) is opened)
            gap = next((gap for gap in gaps if gap), None)
            if gap:
                earlier = start > 0 and not opened and not _has_clock(joined) and _has_clock(wrapped[start - 1])
                return (start - 1 if earlier else start), gap
    return None


def _last_gap(text: str, plain: str, pieces: tuple[str, ...]) -> str | None:
    if not plain.startswith(pieces[0]) or not plain.endswith(pieces[-1]):
        return None
    begin, end = len(pieces[0]), len(plain) - len(pieces[-1])
    for piece in pieces[1:-1]:
        spot = plain.find(piece, begin, end)
        if spot < 0:
            return None
        begin = spot + len(piece)
    return (text if len(text) == len(plain) else plain)[begin:end].strip()


def _tells_who_and_when(text: str, *, marked: bool) -> bool:
    if "@" in text or _has_clock(text):
        return True
    return marked and (len(text) <= 80 or any(mark.isdigit() for mark in text))


def _has_clock(text: str) -> bool:
    """Whether a time of day such as 12:46, 12.46 or 12h46 stands in the text."""
    return _CLOCK.search(text) is not None


def _attributed_to(text: str, gap: str) -> Address | None:
    """The author of an attribution; a name that runs into the date before it is cut off at the last figure."""
    found = claimed(gap) or claimed(text)
    if found:
        return Address(found[0].email, _after_figures(found[0].name))
    name = _after_figures(gap)
    return Address("", name) if name else None


def _after_figures(text: str) -> str:
    words = text.split()
    last = max((place for place, word in enumerate(words) if any(mark.isdigit() for mark in word)), default=-1)
    kept = [word for word in words[last + 1 :] if word.strip(",.").lower() not in _NOT_A_NAME]
    return " ".join(kept).strip(" ,\"'<>()")
