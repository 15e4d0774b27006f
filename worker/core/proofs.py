"""Whether a mail really comes from its From address, by the receiving host's own Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.core.messages import Message

_DMARC = re.compile(r"(?:^|;)\s*dmarc(?:\s*/\s*\d+)?\s*=\s*([^\s;]+)([^;]*)", re.IGNORECASE)
_HEADER_FROM = re.compile(r"(?<![^\s])header\.from\s*=\s*@?([^\s;]+)", re.IGNORECASE)
_UNREADABLE = "dmarc=unreadable"
_QUOTED = "?"
"""What stands for a quoted string, which may hold anything: no domain, no result and no authserv-id is written so."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether the From address is proven, and the sentence that says how or why not."""

    holds: bool
    sentence: str


def prove(message: Message, trusted_authserv: str) -> Proof:
    """DMARC as seen by ``trusted_authserv``: the topmost header of that id must say pass for the From domain, and none under that
    id otherwise.

    Headers of other ids, ARC sets and anything in the body prove nothing (RFC 8601 §5).
    """
    sender = message.sender
    if sender is None or not sender.domain:
        return Proof(False, "the From header does not name one address")
    if not trusted_authserv:
        return Proof(False, "no trusted authserv-id is configured")
    trusted = [
        rest for value in message.header("authentication-results") for name, rest in [_parted(value)] if name == trusted_authserv.lower()
    ]
    if not trusted:
        return Proof(False, f"no Authentication-Results header of {trusted_authserv}")
    verdicts = [verdict for rest in trusted for verdict in _verdicts(rest, sender.domain)]
    if not _verdicts(trusted[0], sender.domain):
        return Proof(False, f"{trusted_authserv} says nothing about DMARC")
    wrong = next((verdict for verdict in verdicts if verdict != "pass"), None)
    if wrong is not None:
        return Proof(False, f"{trusted_authserv} says dmarc={wrong} for {sender.domain}")
    return Proof(True, f"{trusted_authserv} says dmarc=pass for {sender.domain}")


def _parted(value: str) -> tuple[str, str]:
    """The authserv-id in lower case, and the results without comments and quoted strings.

    The first word alone tells whose header it is: one of ours that goes on oddly is not passed over for one below it, it proves nothing.
    """
    name, _, rest = _without_comments(value).partition(";")
    first, _, version = name.strip().replace("/", " ").partition(" ")
    return first.lower(), rest if not version.strip() or version.strip().isdecimal() else _UNREADABLE


def _verdicts(results: str, domain: str) -> list[str]:
    """The DMARC results in one header; one that is not said of the From's domain alone counts as "other"."""
    found = []
    for result, properties in _DMARC.findall(results):
        named = {name.lower().rstrip(".") for name in _HEADER_FROM.findall(properties)}
        found.append(result.lower() if named == {domain} else "other")
    return found


def _without_comments(value: str) -> str:
    """``value`` with a space for each (nested) comment and a mark for each quoted string (RFC 5322 §3.2.2, §3.2.4).

    What stands in them is anybody's.
    """
    if "(" not in value and '"' not in value:
        return value
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for character in value:
        if escaped:
            escaped = False
        elif character == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            quoted = character != '"'
        elif character == "(":
            depth += 1
            kept.append(" ")
        elif character == ")" and depth:
            depth -= 1
        elif depth == 0 and character == '"':
            quoted = True
            kept.append(_QUOTED)
        elif depth == 0:
            kept.append(character)
    return "".join(kept)
