"""A mail as the core sees it: its headers, its text as blocks that each have an author, and its attachments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox address (RFC 5322 §3.4); ``email`` is lower case."""

    email: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


class BlockKind(StrEnum):
    """What part of a mail's text a block is, as a reader would name it."""

    NEW = "new"
    QUOTED = "quoted"
    FORWARDED = "forwarded"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"
    BANNER = "banner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the lines above a quoted or forwarded text claim about it; every field is hearsay.

    ``author`` has an empty ``email`` where only a name is shown. ``text`` is those lines as they stood; they are in no block's text.
    """

    author: Address | None = None
    recipients: tuple[Address, ...] = ()
    subject: str = ""
    sent: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of lines by one author.

    ``depth`` is 0 for what the sender wrote now and grows by one for each quote or forward it lies in. ``author`` is the sender
    for depth 0, else what the heading claims (None where it names no address). ``text`` has no quote marks.
    """

    kind: BlockKind
    text: str
    depth: int = 0
    author: Address | None = None
    heading: Heading | None = None


_UNREAD = frozenset({"text cut", "read as plain text", "too many parts", "too many headers"})
"""Defects of a mail of which only a part was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a mail; ``text`` is what could be read of it (PDF, XML, plain text), ``problem`` why it could not be.

    ``content`` are its bytes; those of pictures and sounds, which nobody reads, are not kept.
    """

    name: str
    content_type: str
    content: bytes = field(default=b"", repr=False)
    text: str | None = None
    problem: str | None = None


AUTOREPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply")
HEADERS = frozenset(("auto-submitted", "authentication-results", "list-id", "list-post", "precedence", *AUTOREPLY_HEADERS))
"""The headers that a message keeps beside those with a place of their own: a mail comes with forty, and nobody asks for most of them."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One mail, decoded. Nothing here is trusted: who really sent it is for ``senders`` to say.

    ``headers`` holds those of HEADERS, names in lower case, values unfolded and RFC 2047-decoded, topmost first. ``froms`` has one
    entry for each From header's addresses; ``from_headers`` counts those headers. ``text`` is the whole visible text, ``blocks``
    the same text told apart by author. ``nested`` are the message/rfc822 parts, each a message of its own. ``part_types`` lists
    the MIME types met, in order.
    """

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    from_headers: int = 1
    froms: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""
    blocks: Sequence[Block] = ()
    attachments: tuple[Attachment, ...] = ()
    nested: tuple[Message, ...] = ()
    part_types: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def sender(self) -> Address | None:
        """The address in the From header; None where there is none or more than one."""
        return self.froms[0] if len(self.froms) == 1 and self.from_headers == 1 else None

    @property
    def goes_on(self) -> bool:
        """Whether it may say more than was read of it."""
        return not _UNREAD.isdisjoint(self.defects) or any(inside.goes_on for inside in self.nested)

    def header(self, name: str) -> tuple[str, ...]:
        """Every value of the header called ``name``, one of HEADERS, topmost first. Raises KeyError for one that is not kept."""
        if name not in HEADERS:
            raise KeyError(name)
        return tuple([value for called, value in self.headers if called == name])
