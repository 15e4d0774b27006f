"""Reads attributions: the line or lines such as ``On Tuesday, Ann <a@b> wrote:`` above a quote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.core.addresses import claimed
from worker.core.mail_words import MailWords, folded
from worker.core.marks import Found, is_marked, next_text
from worker.core.messages import Address, Heading

_MOST_WRAPPED = 4
_LONGEST_ATTRIBUTION = 400
_LONGEST_NAME_LINE = 80
_BEFORE_A_NAME = """
am pm a. m. p. a.m. p.m. h uhr kl kl. klo o godz. hod. utc gmt bst ist cet cest mez mesz seč selč wet west eet eest msk est edt cst cdt mst
mdt pst pdt brt brst jst hkt sgt aest aedt nzst nzdt
"""
_NOT_A_NAME = frozenset(_BEFORE_A_NAME.split())
"""What stands between the date and the name: halves of the day, words for the hour, and time zones."""
_CLOCK = re.compile(r"\d[:.h時点]\d\d(?!\d)")
_FIGURE = re.compile(r"\d")
_BETWEEN = re.compile(r"([，、])")
_DATED = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2} (?:(?:\d{1,2}:\d\d )?[^\d<>]{0,80}<[^<>\s]+@[^<>\s]+>|\d{1,2}:\d\d GMT[+-]\d\d:\d\d [^\d:]{2,60})"
)
"""What Gmail wrote in languages that it had no words for: "2013/7/20 Ann <a@b>", "2016-03-03 17:21 GMT+01:00 Ann"."""
_DATED_AND_SIGNED = re.compile(r"[^\d<>]{0,20}\d[^<>]{0,40}\d[:.h時点]\d\d[^<>]{0,120}< ?[^<>\s]+@[^<>\s]+ ?> ?[:：]")
"""Date, time and address with nothing but a colon after them, as Apple Mail and Gmail write in some languages."""

_Gaps = tuple[str, ...]


def nearing(lines: Sequence[str], words: MailWords) -> list[bool]:
    """For each line whether an attribution that starts there could end: which most lines of a mail are told from by their last mark."""
    near = [False] * len(lines)
    for at, line in enumerate(lines):
        if line and (line[-1] in words.attribution_marks or "@" in line or "*" in line[-3:] or line[-1].isspace() or "GMT" in line):
            first, highest = at, max(0, at - 2 * _MOST_WRAPPED + 1)
            while first > highest and (lines[first - 1].strip() or _goes_on_below(lines, first - 1)):
                first -= 1
            near[first : at + 1] = [True] * (at + 1 - first)
    return near


def above(lines: Sequence[str], at: int, words: MailWords) -> Found | None:
    """``On Tuesday, A <a@b> wrote:``, wrapped over up to four lines; it starts on the latest line from which it reads whole."""
    wrapped: list[str] = []
    for here in range(at, min(len(lines), at + 2 * _MOST_WRAPPED)):
        line = lines[here].strip().strip("*").strip()
        line = _unescaped(line) if "&" in line else line
        if not line and wrapped and _goes_on_below(lines, here):
            continue
        if not line or (is_marked(lines[here]) and not _is_open(wrapped)) or len(line) > _LONGEST_ATTRIBUTION:
            return None
        wrapped.append(line)
        if line[-1] in words.attribution_marks or _DATED.fullmatch(line):
            return _found(lines, at, here, wrapped, words)
        if len(wrapped) == _MOST_WRAPPED:
            return None
    return None


def _unescaped(line: str) -> str:
    """The line with the angle brackets that Zoho writes as HTML in plain text."""
    return line.replace("&lt;", "<").replace("&gt;", ">")


def _goes_on_below(lines: Sequence[str], blank: int) -> bool:
    """Whether an address that a program made a paragraph of its own stands below a blank line."""
    return blank + 1 < len(lines) and lines[blank + 1].lstrip().startswith("<")


def _is_open(wrapped: list[str]) -> bool:
    """Whether the lines so far open an angle bracket, so that a ``>`` at the start of the next one closes it and is no quote mark."""
    return sum(line.count("<") - line.count(">") for line in wrapped) > 0


def _found(lines: Sequence[str], at: int, last: int, wrapped: list[str], words: MailWords) -> Found | None:
    below = next_text(lines, last + 1)
    marked = below < len(lines) and is_marked(lines[below])
    found = _attribution(wrapped, words, marked=marked)
    if found is None or found[0] != 0:
        return None
    heading = Heading(author=_attributed_to(" ".join(wrapped), found[1]), text="\n".join(lines[at : last + 1]).strip())
    return Found(heading=heading, end=last + 1, marked=marked)


def _attribution(wrapped: list[str], words: MailWords, *, marked: bool) -> tuple[int, _Gaps] | None:
    """On which of the lines the attribution starts, and what stands in its gaps."""
    ending = _plain(" ".join(wrapped))
    said = words.attributions.keys() & {ending[-length:] for length in words.attribution_end_lengths}
    patterns = [pieces for _, pieces in sorted(pattern for end in said for pattern in words.attributions[end])]
    for opened in (True, False) if patterns else ():
        fitting = [pieces for pieces in patterns if bool(pieces[0]) is opened]
        for start in reversed(range(len(wrapped))) if fitting else ():
            joined = " ".join(wrapped[start:])
            if _tells_who_and_when(joined, marked=marked) and (pieces := _follows(joined, fitting)):
                start = start if opened else _with_lines_above(wrapped, start)
                whole = " ".join(wrapped[start:])
                return start, _gaps(whole, _plain(whole), pieces) or ()
    return _without_words(wrapped)


def _follows(text: str, patterns: list[tuple[str, ...]]) -> tuple[str, ...] | None:
    plain = _plain(text)
    return next((pieces for pieces in patterns if _gaps(text, plain, pieces)), None)


def _without_words(wrapped: list[str]) -> tuple[int, _Gaps] | None:
    for start in reversed(range(len(wrapped))):
        joined = " ".join(wrapped[start:])
        if _DATED.fullmatch(joined) or _DATED_AND_SIGNED.fullmatch(joined):
            return start, (joined,)
    return None


def _with_lines_above(wrapped: list[str], start: int) -> int:
    """Where an attribution that starts with its author really starts: the name or the date may stand in the line above its address."""
    if start and wrapped[start - 1].endswith("<"):
        start -= 1
    if start and wrapped[start].startswith("<") and _is_name_line(wrapped[start - 1]):
        start -= 1
    return start - (start > 0 and not _has_clock(" ".join(wrapped[start:])) and _has_clock(wrapped[start - 1]))


def _is_name_line(line: str) -> bool:
    return len(line) <= _LONGEST_NAME_LINE and not line.endswith((".", "!", "?", ":", ";")) and not any(map(str.isdigit, line))


def _plain(text: str) -> str:
    return folded(text).replace("：", ":")


def _gaps(text: str, plain: str, pieces: tuple[str, ...]) -> _Gaps | None:
    """What stands in the gaps of a pattern, the last one first; None where the text does not follow it or the last gap is empty.

    ``plain`` is the text folded, with plain colons.
    """
    if not plain.startswith(pieces[0]) or not plain.endswith(pieces[-1]):
        return None
    begin, end = len(pieces[0]), len(plain) - len(pieces[-1])
    written = text if len(text) == len(plain) else plain
    gaps: list[str] = []
    for piece in pieces[1:-1]:
        spot = plain.find(piece, begin, end)
        if spot < 0:
            return None
        gaps.insert(0, written[begin:spot].strip())
        begin = spot + len(piece)
    last = written[begin:end].strip()
    return (last, *gaps) if last else None


def _tells_who_and_when(text: str, *, marked: bool) -> bool:
    if "@" in text or _has_clock(text):
        return True
    return marked and (len(text) <= 80 or any(mark.isdigit() for mark in text))


def _has_clock(text: str) -> bool:
    """Whether a time of day such as 12:46, 12.46 or 12h46 stands in the text."""
    return _CLOCK.search(text) is not None


def _attributed_to(text: str, gaps: _Gaps) -> Address | None:
    """The author of an attribution; a name that runs into the date before it is cut off at the last figure."""
    found = (next(filter(None, map(claimed, gaps)), ()) or claimed(text)) if "@" in text else ()
    if found:
        return Address(found[0].email, _after_figures(found[0].name))
    name = next(filter(None, map(_after_figures, gaps)), "")
    return Address("", name) if name else None


def _after_figures(text: str) -> str:
    """The name in a text that begins with a date and a time of day."""
    words = _BETWEEN.sub(r"\1 ", text).split()
    last = max((place for place, word in enumerate(words) if _FIGURE.search(word)), default=-1)
    kept = words[last + 1 :]
    while kept and kept[0].strip(",，、").casefold() in _NOT_A_NAME:
        kept = kept[1:]
    return " ".join(kept).strip(" ,\"'<>()«»“”„，、「」")
