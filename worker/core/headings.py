"""Finds the lines that mail programs put above a quoted or forwarded text: separators, header blocks and attributions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.core.addresses import claimed
from worker.core.mail_words import MailWords, folded
from worker.core.messages import Address, Heading

_LONGEST_LINE = 2_000
_MOST_HEADER_LINES = 60
_MOST_WRAPPED = 4
_LONGEST_LABEL = 40
_LONGEST_ATTRIBUTION = 400
_RULES = "-–—―_=*#~ \t\u2500"
_COLONS = (":", "：")
_NOT_A_NAME = {"am", "pm", "uhr", "utc", "gmt", "cet", "cest", "mez", "mesz", "est", "edt", "cst", "cdt", "pst", "pdt", "kl", "klo"}
_CLOCK = re.compile(r"\d[:.h時点]\d\d(?!\d)")
_LONGEST_SEPARATOR = 80
_SHORTEST_ON_ONE_LINE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A heading and the line after it.

    ``forwarded`` is None where a reply and a forward look the same (Outlook); ``marked`` says that marked lines follow; ``languages`` are
    those of its labels.
    """

    heading: Heading
    end: int
    forwarded: bool | None = None
    marked: bool = False
    languages: frozenset[int] = frozenset()


def is_marked(line: str) -> bool:
    """Whether the line starts with a quote mark."""
    return line[:4].lstrip(" ").startswith((">", "＞"))


def unmarked(line: str) -> str:
    """The line without one level of quote marks."""
    rest = line.lstrip(" ")[1:]
    return rest[1:] if rest.startswith((" ", "\xa0")) else rest


def find(lines: Sequence[str], at: int, words: MailWords) -> Found | None:
    """The heading that starts at line ``at``, if one does."""
    line = lines[at].strip()[:_LONGEST_LINE]
    if not line:
        return None
    return (
        _separated(lines, at, line, words)
        or _header_block(lines, at, words)
        or _on_one_line(line, at, words)
        or _attributed(lines, at, words)
    )


def _separated(lines: Sequence[str], at: int, line: str, words: MailWords) -> Found | None:
    """A separator line, with the header block that follows it or stands in the rest of the line (Yahoo)."""
    separator = _separator(line, words)
    if separator is None:
        return None
    forwarded, rest = separator
    below = _next_text(lines, at + 1)
    if rest:
        block = _on_one_line(rest, at, words)
    else:
        block = (
            _header_block(lines, below, words, separated=True) or _on_one_line(lines[below].strip(), below, words)
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
    core = folded(line.strip(_RULES + "".join(_COLONS)))
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


def _next_text(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _label(line: str, words: MailWords) -> tuple[str, str, str] | None:
    """The role, the folded label and the value of a line such as ``*Gesendet :* heute``."""
    ends = [spot for colon in _COLONS if (spot := line.find(colon, 0, _LONGEST_LABEL)) > 0]
    if not ends:
        return None
    label = folded(line[: min(ends)]).strip(" *_\t\ufeff")
    role = words.labels.get(label)
    return (role, label, line[min(ends) + 1 :].strip(" *\t\xa0")) if role else None


def _header_block(lines: Sequence[str], at: int, words: MailWords, *, separated: bool = False) -> Found | None:
    """Consecutive ``From: … Sent: … To: … Subject: …`` lines, folded ones and single blank lines between them included."""
    if at >= len(lines) or _label(lines[at].strip()[:_LONGEST_LINE], words) is None:
        return None
    roles: dict[str, str] = {}
    last, speaker, end = "", "", at
    for here in range(at, min(len(lines), at + _MOST_HEADER_LINES)):
        line = lines[here].strip()[:_LONGEST_LINE]
        found = _label(line, words)
        if not line:
            if here > end or not last:
                break
            continue
        if found and found[0] in roles and found[0] != "other" and found[0] != "cc":
            break
        if found:
            last = found[0]
            roles[last] = f"{roles[last]}; {found[2]}" if last in roles else found[2]
            speaker = found[1] if last == "from" else speaker
        elif last and here == end and (_continues(lines[here], last, roles[last]) or _is_amid(lines, here, roles, words)):
            roles[last] = f"{roles[last]} {line}".strip()
        else:
            break
        end = here + 1
    if not _is_enough(roles, separated=separated):
        return None
    return Found(heading=_heading(roles, "\n".join(lines[at:end])), end=end, languages=words.speakers.get(speaker, frozenset()))


def _is_amid(lines: Sequence[str], here: int, roles: dict[str, str], words: MailWords) -> bool:
    """Whether a line without a label stands right above the label of a field still to come: it is the rest of the one above."""
    found = _label(lines[here + 1].strip()[:_LONGEST_LINE], words) if here + 1 < len(lines) else None
    return found is not None and found[0] not in roles


def _continues(line: str, role: str, so_far: str) -> bool:
    text = line.strip()
    if role in ("to", "cc"):
        return "@" in text or so_far.endswith((",", ";")) or (not so_far and len(text) < 200)
    if role == "from":
        return (not so_far and len(text) < 200) or (text.startswith(("<", "[", "(")) and "@" in text)
    if role == "subject":
        return line[:1] in " \t" and bool(so_far)
    return not so_far and len(text) < 80


def _is_enough(roles: dict[str, str], *, separated: bool) -> bool:
    """Prose may hold a line or two that look like labels (``De: …``, ``A: …``); a header block shows who, and more."""
    if "from" not in roles or not roles["from"]:
        return False
    others = {"sent", "to", "subject"} & roles.keys()
    if separated or "@" in roles["from"]:
        return bool(others)
    return "subject" in others and len(others) >= 2


def _heading(roles: dict[str, str], text: str) -> Heading:
    recipients = claimed(roles.get("to", "")) + claimed(roles.get("cc", ""))
    return Heading(
        author=_author(roles["from"]),
        recipients=recipients,
        subject=roles.get("subject", ""),
        sent=roles.get("sent", ""),
        text=text.strip(),
    )


def _author(text: str) -> Address | None:
    found = claimed(text)
    if found:
        return found[0]
    name = " ".join(text.strip(" \t\"'<>*").split())
    return Address("", name) if name else None


def _on_one_line(line: str, at: int, words: MailWords) -> Found | None:
    """A header block whose lines were run together: ``From: A <a@b>To: c@dSent: …Subject: …``."""
    line = line[:_LONGEST_LINE]
    first = _label(line, words)
    if first is None or first[0] != "from" or sum(map(line.count, _COLONS)) < 3:
        return None
    languages = words.speakers[first[1]]
    spots = sorted(_label_spots(line, languages, words))
    roles: dict[str, str] = {}
    for place, (start, end, role) in enumerate(spots):
        stop = spots[place + 1][0] if place + 1 < len(spots) else len(line)
        if start >= 0 and role not in roles:
            roles[role] = line[end:stop].strip(" *\t")
    if len(roles.keys() & {"from", "sent", "to", "subject"}) < 3 or not _is_enough(roles, separated=False):
        return None
    return Found(heading=_heading(roles, line), end=at + 1, languages=languages)


def _label_spots(line: str, languages: frozenset[int], words: MailWords) -> list[tuple[int, int, str]]:
    earliest: dict[str, tuple[int, int, str]] = {}
    for spelling, role, spoken in words.spellings:
        if languages & spoken:
            for colon in (":", " :", "\xa0:"):
                spot = _label_spot(line, spelling, colon)
                if spot >= 0 and (role not in earliest or spot < earliest[role][0]):
                    earliest[role] = (spot, spot + len(spelling) + len(colon), role)
    return list(earliest.values())


def _label_spot(line: str, spelling: str, colon: str) -> int:
    """Where a label stands in a line; one of a letter or two only after what ends an address or a word."""
    spot = line.find(spelling + colon)
    while spot > 0 and len(spelling) <= 2 and line[spot - 1] not in "> \"';":
        spot = line.find(spelling + colon, spot + 1)
    return spot


def _attributed(lines: Sequence[str], at: int, words: MailWords) -> Found | None:
    """``On Tuesday, A <a@b> wrote:``, wrapped over up to four lines; it starts on the latest line from which it reads whole."""
    wrapped: list[str] = []
    for here in range(at, min(len(lines), at + _MOST_WRAPPED)):
        line = lines[here].strip().strip("*").strip()
        if not line or (is_marked(lines[here]) and not _is_open(wrapped)) or len(line) > _LONGEST_ATTRIBUTION:
            return None
        wrapped.append(line)
        if line.endswith(_COLONS):
            below = _next_text(lines, here + 1)
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
