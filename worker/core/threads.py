"""Which conversation a reply belongs to: the AP person's own mail, also when the issuer forwarded it (RFC 5322 §3.6.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from worker.core.invoices import Issuer
from worker.core.lines import visible
from worker.core.messages import BlockKind, Message

LONGEST_SUBJECT = 200
LONGEST_ID = 900
LONGEST_CHAIN = 20
"""How many References are kept, the first and the newest ones; a line may hold 998 characters (RFC 5322 §2.1.1), a header not much more."""

_PREFIX = re.compile(r"([^\W\d_]+\.?)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*")
_PREFIXES = frozenset(
    {"re", "aw", "sv", "vs", "antw", "antwort", "odp", "r", "rif", "res", "ynt", "vá", "bls", "atb", "回复", "回覆", "答复", "返信"}
    | {"fw", "fwd", "wg", "tr", "rv", "enc", "i", "vl", "vb", "pd", "videresend", "i\u0307lt", "转发", "轉寄", "転送"}
)
"""What mail programs put before the subject of a reply or a forward, casefolded."""
_TAG = re.compile(r"\[(?:external|extern|externe|ext)(?: (?:e-?mail|sender))?\]:?\s*|external:\s*", re.IGNORECASE)
_ID = re.compile(r"<?([!-;=?-~]+)>?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Where a reply goes in a conversation; ``subject`` is empty where the AP person wrote no mail that we have."""

    subject: str = ""
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()


def thread_of(message: Message, issuer: Issuer) -> Thread:
    """The thread of a reply to ``message``; of what the issuer wrote only the mail forwarded inside counts: its own note is private."""
    theirs = _outside(message, issuer)
    if theirs is None:
        return Thread(subject=_forwarded_subject(message, issuer))
    parent = _message_ids([theirs.message_id or ""])
    return Thread(subject=reply_subject(theirs.subject), in_reply_to=parent[0] if parent else None, references=_chain(theirs, parent))


def reply_subject(subject: str) -> str:
    """``subject`` behind exactly one "Re: ", on one line; empty stays empty."""
    bare = visible(subject)
    while (shorter := _without_prefix(bare)) is not None:
        bare = shorter
    return visible(f"Re: {bare}", limit=LONGEST_SUBJECT) if bare else ""


def _chain(theirs: Message, parent: tuple[str, ...]) -> tuple[str, ...]:
    before = _message_ids(theirs.references) or (_message_ids(theirs.in_reply_to) if len(theirs.in_reply_to) == 1 else ())
    chain = tuple(dict.fromkeys([*(one for one in before if one not in parent), *parent]))
    return chain if len(chain) <= LONGEST_CHAIN else (chain[0], *chain[1 - LONGEST_CHAIN :])


def _without_prefix(subject: str) -> str | None:
    if tag := _TAG.match(subject):
        return subject[tag.end() :]
    prefix = _PREFIX.match(subject)
    return subject[prefix.end() :] if prefix and prefix[1].rstrip(".").casefold() in _PREFIXES else None


def _message_ids(found: Iterable[str]) -> tuple[str, ...]:
    matches = (_ID.fullmatch(one.strip()) for one in found)
    return tuple(f"<{match[1]}>" for match in matches if match and len(match[1]) <= LONGEST_ID)


def _outside(message: Message, issuer: Issuer) -> Message | None:
    if message.sender is None or message.sender.email not in issuer.addresses:
        return message
    return next((found for inner in message.nested if (found := _outside(inner, issuer))), None)


def _forwarded_subject(message: Message, issuer: Issuer) -> str:
    headings = (block.heading for block in message.blocks if block.kind in (BlockKind.FORWARDED, BlockKind.QUOTED))
    theirs = (heading for heading in headings if heading and not (heading.author and heading.author.email in issuer.addresses))
    return reply_subject(next((heading.subject for heading in theirs if heading.subject.strip()), ""))
