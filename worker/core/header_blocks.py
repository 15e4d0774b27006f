"""Reads the header lines that a mail program copies above a quoted or forwarded text: From, Sent, To, Subject."""

from __future__ import annotations

from collections.abc import Sequence

from worker.core.addresses import claimed
from worker.core.mail_words import MailWords, label_of
from worker.core.marks import COLONS, LONGEST_LINE, Found
from worker.core.messages import Address, Heading

_MOST_HEADER_LINES = 60
_LONGEST_LABEL = 40


def below_each_other(lines: Sequence[str], at: int, words: MailWords, *, separated: bool = False) -> Found | None:
    """Consecutive ``From: … Sent: … To: … Subject: …`` lines, folded ones and single blank lines between them included."""
    if at >= len(lines) or _label(lines[at].strip()[:LONGEST_LINE], words) is None:
        return None
    roles: dict[str, str] = {}
    last, speaker, end = "", "", at
    for here in range(at, min(len(lines), at + _MOST_HEADER_LINES)):
        line = lines[here].strip()[:LONGEST_LINE]
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


def _label(line: str, words: MailWords) -> tuple[str, str, str] | None:
    """The role, the folded label and the value of a line such as ``*Gesendet :* heute`` or, as NetEase draws it, ``| 日期 | heute |``."""
    if ":" not in line and "：" not in line and not line.startswith("|"):
        return None
    if line.startswith("|"):
        line = ":".join(line.strip("| ").split("|", 1))
    ends = [spot for colon in COLONS if (spot := line.find(colon, 0, _LONGEST_LABEL)) > 0]
    if not ends:
        return None
    label = label_of(line[: min(ends)])
    role = words.labels.get(label)
    return (role, label, line[min(ends) + 1 :].strip(" *\t\xa0")) if role else None


def _is_amid(lines: Sequence[str], here: int, roles: dict[str, str], words: MailWords) -> bool:
    """Whether a line without a label stands right above the label of a field still to come: it is the rest of the one above."""
    found = _label(lines[here + 1].strip()[:LONGEST_LINE], words) if here + 1 < len(lines) else None
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


def on_one_line(line: str, at: int, words: MailWords) -> Found | None:
    """A header block whose lines were run together: ``From: A <a@b>To: c@dSent: …Subject: …``."""
    line = line[:LONGEST_LINE]
    first = _label(line, words)
    if first is None or first[0] != "from" or sum(map(line.count, COLONS)) < 3:
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
