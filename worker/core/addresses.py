"""Mailbox addresses: those of real header fields, and those that the lines above a quoted text claim."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worker.core.messages import Address

_LONGEST = 20_000
_NEVER_IN_DOMAIN = frozenset("<>\"'(),;:")
_NEVER_IN_LOCAL = frozenset('<>"@')
_OPENERS = {"<": ">", "(": ")", "[": "]", "＜": "＞", "（": "）"}
_AROUND_NAME = " \t\xa0\"'`,;:<>()[]＜＞（）*“”‘’«»、，；"
_CLASS = re.escape(" \t\r\n\xa0\u3000<>()[]{}\"',;:|“”‘’«»＜＞（）、，；")
"""What ends an address in free text, as the inside of a class."""
_AROUND_AT = re.compile(f"([^@{_CLASS}]*)@[^{_CLASS}]*")


def mailboxes(field: str) -> tuple[Address, ...]:
    """The addresses of a From, To, Cc or Reply-To field body (RFC 5322 §3.4), those in groups included; what is no address is left out."""
    return tuple(address for part in _entries(field[:_LONGEST]) for address in _entry(part))


def claimed(text: str) -> tuple[Address, ...]:
    """The addresses in free text such as ``A, B <a@b<mailto:a@b>>; 'c@d' [mailto:c@d]``, each with the name that stands before it."""
    text = text[:_LONGEST]
    spots = list(_spots(text))
    found: list[Address] = []
    begin = 0
    for place, (start, end) in enumerate(spots):
        following = spots[place + 1] if place + 1 < len(spots) else None
        if following and _is_name_of(text, end, following[0]):
            continue
        email = text[start:end].lower()
        if not found or found[-1].email != email:
            found.append(Address(email, _name(text[begin:start], email)))
        begin = end
    return tuple(found)


def _spots(text: str) -> Iterator[tuple[int, int]]:
    for match in _AROUND_AT.finditer(text):
        end = match.start() + len(match[0].rstrip(".*"))
        if match[1] and end > match.end(1) + 1:
            yield match.start(), end


def _is_name_of(text: str, end: int, following: int) -> bool:
    """Whether the address that ends here is only the display name of the next one: ``a@b <c@d>``."""
    between = text[end:following]
    opened = between.strip(" \t\xa0\"'")
    return opened.lower() in ("<", "(", "[", "[mailto:", "＜")


def _name(text: str, email: str) -> str:
    name = text.replace("mailto:", " ").strip(_AROUND_NAME)
    return "" if name.lower() == email else " ".join(name.split())


def _entries(field: str) -> Iterator[str]:
    """The comma-separated entries of an address list; commas in quotes, comments and angle brackets do not separate."""
    if "," not in field and ";" not in field:
        yield field
        return
    start, closer, quoted, escaped = 0, "", False, False
    for at, mark in enumerate(field):
        if escaped:
            escaped = False
        elif mark == "\\":
            escaped = quoted or closer == ")"
        elif mark == '"' and closer != ")":
            quoted = not quoted
        elif quoted:
            continue
        elif closer:
            closer = "" if mark == closer else closer
        elif mark in "<(":
            closer = _OPENERS[mark]
        elif mark in ",;":
            yield field[start:at]
            start = at + 1
    yield field[start:]


def _entry(part: str) -> Iterator[Address]:
    bare, brackets = _without_comments(part)
    if not brackets:
        email = bare.rpartition(":")[2].strip() if '"' not in bare else bare.strip()
        if _is_address(email):
            yield Address(email.lower())
        return
    name = " ".join(bare.rpartition(":")[2].replace('"', " ").split()) if _names_a_group(bare) else _phrase(bare)
    for inside in brackets:
        email = "".join(inside.rpartition(":")[2].split())
        if _is_address(email):
            yield Address(email.lower(), name)


def _names_a_group(bare: str) -> bool:
    return ":" in bare and '"' not in bare


def _phrase(bare: str) -> str:
    return " ".join(bare.replace('\\"', "\0").replace('"', "").replace("\0", '"').replace("\\\\", "\\").split())


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or not _is_of_one_word(domain) or not _NEVER_IN_DOMAIN.isdisjoint(domain):
        return False
    quoted = len(local) > 2 and local[0] == local[-1] == '"'
    return quoted or (_is_of_one_word(local) and _NEVER_IN_LOCAL.isdisjoint(local))


def _is_of_one_word(text: str) -> bool:
    return text.split() == [text]


def _without_comments(part: str) -> tuple[str, list[str]]:
    """The text outside comments and angle brackets, and what the angle brackets hold."""
    if '"' not in part and "(" not in part and part.count("<") == 1:
        name, _, inside = part.partition("<")
        inside, _, rest = inside.partition(">")
        return name + rest, [inside]
    bare: list[str] = []
    brackets: list[str] = []
    at, quoted = 0, False
    while at < len(part):
        mark = part[at]
        if mark == '"' and part[max(0, at - 1) : at] != "\\":
            quoted = not quoted
        if not quoted and mark in "<(":
            end = part.find(_OPENERS[mark], at)
            end = len(part) if end < 0 else end
            if mark == "<":
                brackets.append(part[at + 1 : end])
            at = end + 1
            continue
        bare.append(mark)
        at += 1
    return "".join(bare), brackets
