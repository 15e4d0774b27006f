"""Tells a text's own words from what programs and habits add to it: warning banners on top, signatures and legal footers below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from worker.core import texts
from worker.core.mail_words import MailWords, folded
from worker.core.messages import BlockKind

_LONGEST_LINE = 1_000
_LONGEST_CLOSING = 60
_MOST_CLOSING_WORDS = 8
_MOST_CLOSINGS = 50
_LONGEST_SIGNATURE = 15
_LONGEST_BANNER_TOP = 12
_LEGAL_BELOW_A_CLOSING = 3
_LEGAL_ANYWHERE = 5
_LONGEST_FIGURES = 4
_LABELLED = re.compile(r"[a-z] ?[:.] ?[+(]?\d[\d ()/.-]{5,}")
"""A phone number behind one letter, "T: 0117 496 0000"."""
_STREET_OR_TOWN = re.compile(r"(?:[^\W\d_][\w.'-]*\.? ){1,3}\d{1,4} ?[a-z]?|(?:[a-z]{1,2}[ -]?)?\d{4,5} [^\W\d_][\w./() -]{2,40}")
"""Lines of a postal address without a comma: "Harbour Street 14", "72336 Balingen"."""
_RULES = ("--", "—", "–", "- --", "__")

_LONGEST_UNPARTED_NAME = 30
_SPOKEN = re.compile("[、，：；]|[\u3041-\u3096]{3}")
"""What no name or post holds in a script without spaces: marks, and hiragana in a row as verbs have them."""

Part = tuple[BlockKind | None, str]


def told_apart(lines: Sequence[str], words: MailWords) -> list[Part]:
    """The text in runs, in order: None marks the author's own words. Every line that is not blank is in exactly one run."""
    plain = [folded(line.strip()[:_LONGEST_LINE]) for line in lines]
    kinds: list[BlockKind | None] = [None] * len(lines)
    _mark_banners(plain, kinds, words)
    _mark_disclaimers(plain, kinds, words)
    _mark_legal_paragraphs(plain, kinds, words)
    _mark_signatures(lines, plain, kinds, words)
    _mark_card(lines, plain, kinds, words)
    return _runs(lines, plain, kinds)


def _mark_banners(plain: list[str], kinds: list[BlockKind | None], words: MailWords) -> None:
    """Warnings at the top, up to the first line that is none; a line with a figure in it is never taken for one."""
    warned = False
    for at, line in enumerate(plain[:_LONGEST_BANNER_TOP]):
        if not line:
            warned = False
            continue
        bare = line.strip("*-_=!⚠️ .:[]()|")
        is_warning = (
            any(phrase in line for phrase in words.banners)
            or bare in words.banner_lines
            or line in words.banner_lines
            or (warned and not bare)
        )
        goes_on = warned and plain[at - 1] and len(plain[at - 1]) > 60 and line[0].islower() and not plain[at - 1].endswith((".", "!", ":"))
        asks = any(phrase in line for phrase in words.reply_above)
        if asks or ((is_warning or goes_on) and not _has_figures(line)):
            kinds[at] = BlockKind.BANNER
            warned = True
        else:
            return


def _mark_disclaimers(plain: list[str], kinds: list[BlockKind | None], words: MailWords) -> None:
    """From a legal phrase to the end of its paragraph."""
    whole = "\n".join(plain)
    phrases = [phrase for phrase in words.disclaimers if phrase in whole]
    legal = False
    for at, line in enumerate(plain) if phrases else ():
        legal = bool(line) and (legal or any(phrase in line for phrase in phrases))
        if legal and kinds[at] is None:
            kinds[at] = BlockKind.DISCLAIMER


def _mark_signatures(lines: Sequence[str], plain: list[str], kinds: list[BlockKind | None], words: MailWords) -> None:
    closings = 0
    for at, line in enumerate(plain):
        if kinds[at] is not None or not line:
            continue
        if line.startswith(words.mobile_signatures) and not _has_figures(line.rstrip("0123456789")):
            kinds[at] = BlockKind.SIGNATURE
        elif line in _RULES:
            end = len(plain) if sum(map(bool, plain[at:])) <= _LONGEST_SIGNATURE else at
            _mark(kinds, at, end)
        elif closings < _MOST_CLOSINGS and _is_closing(line, words):
            closings += 1
            _mark(kinds, at, _signature_end(lines, plain, kinds, at, words))


def _mark_legal_paragraphs(plain: list[str], kinds: list[BlockKind | None], words: MailWords) -> None:
    """A paragraph in the words of a legal notice, whatever its sentences: some of them below a closing, many anywhere else.

    One with figures as long as an order number is left in the text.
    """
    closed = False
    for start, end in _paragraphs(plain):
        text = " ".join(plain[start:end])
        legal = sum(word in text for word in words.legal_words)
        enough = _LEGAL_BELOW_A_CLOSING if closed else _LEGAL_ANYWHERE
        if legal >= enough and not _has_long_figures(text) and not any(kinds[start:end]):
            kinds[start:end] = [BlockKind.DISCLAIMER] * (end - start)
        closed = closed or any(_is_closing(line, words) or line in _RULES for line in plain[start:end])


def _paragraphs(plain: list[str]) -> Iterator[tuple[int, int]]:
    """Where each run of lines that are not blank begins and ends."""
    start = None
    for at, line in enumerate([*plain, ""]):
        if line and start is None:
            start = at
        elif not line and start is not None:
            yield start, at
            start = None


def _mark_card(lines: Sequence[str], plain: list[str], kinds: list[BlockKind | None], words: MailWords) -> None:
    """A last paragraph that is a visiting card: a name, then only names and at least one phone, postal box or the like."""
    own = [bool(line) and kinds[at] is None for at, line in enumerate(plain)]
    if True not in own:
        return
    end = len(own) - own[::-1].index(True)
    start = end - 1
    while start and own[start - 1]:
        start -= 1
    card = range(start, end)
    if True not in own[:start] or not 2 <= len(card) <= _LONGEST_SIGNATURE or not _is_name(lines[start].strip(), words):
        return
    told = [_is_contact(plain[at], words) for at in card]
    fits = all(told[at - start] or _is_name(lines[at].strip(), words) or _is_postal(plain[at]) for at in card)
    if any(told) and fits and not any(_may_be_content(plain[at], words) for at in card):
        _mark(kinds, start, end)


def _mark(kinds: list[BlockKind | None], start: int, end: int) -> None:
    for at in range(start, end):
        kinds[at] = kinds[at] or BlockKind.SIGNATURE


def _is_closing(line: str, words: MailWords) -> bool:
    if len(line) > _LONGEST_CLOSING or _has_figures(line):
        return False
    bare = line.rstrip(" ,.!-–—。！，\u3000")
    if bare in words.closings:
        return True
    return line.startswith(words.long_closings) and len(line.split()) <= _MOST_CLOSING_WORDS


def _signature_end(lines: Sequence[str], plain: list[str], kinds: list[BlockKind | None], start: int, words: MailWords) -> int:
    """Where the signature below a closing ends; ``start`` where it is none.

    It must run to the end of the text, or else it reaches only as far as its last line with a phone, postal box or the like: words that
    may be content are left in the text rather than taken away.
    """
    contact = start
    for at in range(start + 1, len(plain)):
        if not plain[at] or kinds[at] is not None:
            continue
        if at - start > 2 * _LONGEST_SIGNATURE:
            return contact
        if _is_contact(plain[at], words):
            contact = at + 1
        elif not (_is_name(lines[at].strip(), words) or _is_postal(plain[at])) or _may_be_content(plain[at], words):
            return contact
    return len(plain)


def _may_be_content(line: str, words: MailWords) -> bool:
    return any(stop in line for stop in words.signature_stops)


def _is_contact(line: str, words: MailWords) -> bool:
    if _may_be_content(line, words) or len(line) > 200 or line.endswith("?"):
        return False
    if line.startswith("+") or ("@" in line and len(line.split()) <= 4) or _LABELLED.match(line):
        return True
    return (len(line.split()) <= 14 or "|" in line) and any(mark in line and _has_word(line, mark) for mark in words.contact_marks)


def _has_word(line: str, word: str) -> bool:
    spot = line.find(word)
    while spot >= 0:
        after = line[spot + len(word) : spot + len(word) + 1]
        if texts.is_unparted(word) or ((spot == 0 or not line[spot - 1].isalpha()) and not (word[-1].isalpha() and after.isalpha())):
            return True
        spot = line.find(word, spot + 1)
    return False


def _is_name(line: str, words: MailWords) -> bool:
    """A name, post or firm: few words, each with a capital, and no figures."""
    parts = line.replace("/", " ").replace("|", " ").replace("&", " ").replace("-", " ").replace("–", " ").split()
    if not parts or len(parts) > 9 or _has_figures(line) or line.endswith(("?", "!", ":", "。", "：", "？", "！")):
        return False
    if texts.is_unparted(line):
        return len(line) <= _LONGEST_UNPARTED_NAME and not _SPOKEN.search(line)
    return all(not part[0].isalpha() or part[0].isupper() or part.lower() in words.name_particles for part in parts)


def _is_postal(line: str) -> bool:
    """A street or town line: words and short figures (house number, post code), nothing as long as an order number."""
    runs = "".join(mark if mark.isdigit() else " " for mark in line).split()
    short = bool(runs) and len(line) <= 80 and all(len(run) <= 5 for run in runs) and sum(map(str.isalpha, line)) >= 6
    return short and ("," in line or _STREET_OR_TOWN.fullmatch(line) is not None)


def _has_figures(line: str) -> bool:
    return any(mark.isdigit() for mark in line)


def _has_long_figures(text: str) -> bool:
    return any(sum(map(str.isdigit, word)) > _LONGEST_FIGURES for word in text.split())


def _runs(lines: Sequence[str], plain: list[str], kinds: list[BlockKind | None]) -> list[Part]:
    runs: list[tuple[BlockKind | None, list[str]]] = []
    for at, line in enumerate(lines):
        if runs and (not plain[at] or kinds[at] == runs[-1][0]):
            runs[-1][1].append(line)
        elif plain[at]:
            runs.append((kinds[at], [line]))
    return [(kind, "\n".join(run).strip("\n")) for kind, run in runs]
