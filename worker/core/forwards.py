"""What the issuer forwards: the mail inside, its author, and the issuer's note above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.core.invoices import Issuer
from worker.core.messages import Address, Attachment, Block, BlockKind, Message

_DEEPEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """A forwarded mail read down to its first outside sender.

    ``note`` is what the issuer's own people wrote above it, ``blocks`` the inner mail's text (new text first), ``author`` its
    sender (None where the forward shows no address), ``attachments`` everything that came along.
    """

    note: str
    author: Address | None
    subject: str
    blocks: tuple[Block, ...]
    attachments: tuple[Attachment, ...]
    references: tuple[str, ...] = ()


def unwrap(message: Message, issuer: Issuer) -> Forwarded | None:
    """The mail that ``message`` forwards, as an attached message or in its text; None for a plain note."""
    inner = next((nested for nested in _all_nested(message) if not ours(nested.sender, issuer)), None)
    if inner is not None:
        return Forwarded(
            note=_own_text(message.blocks, issuer),
            author=inner.sender if inner.sender and inner.sender.email else None,
            subject=inner.subject,
            blocks=tuple(inner.blocks),
            attachments=(*inner.attachments, *message.attachments),
            references=(*inner.in_reply_to, *inner.references),
        )
    return _inline(message, issuer)


def _all_nested(message: Message, depth: int = 0) -> list[Message]:
    found: list[Message] = []
    if depth < _DEEPEST:
        for nested in message.nested:
            found += [nested, *_all_nested(nested, depth + 1)]
    return found


def _inline(message: Message, issuer: Issuer) -> Forwarded | None:
    for position, block in enumerate(message.blocks):
        if block.depth > 0 and block.heading is not None and not _written_by_us(block, issuer):
            inner = [_lifted(other, block.depth) for other in message.blocks[position:]]
            return Forwarded(
                note=_own_text(message.blocks[:position], issuer),
                author=block.author if block.author and block.author.email else None,
                subject=block.heading.subject,
                blocks=tuple(inner),
                attachments=message.attachments,
            )
    return None


def _written_by_us(block: Block, issuer: Issuer) -> bool:
    author = block.author or (block.heading.author if block.heading else None)
    return author is not None and ours(author, issuer)


def ours(address: Address | None, issuer: Issuer) -> bool:
    """Whether an address, or a name where a quote shows no address, is the issuer's own."""
    if address is None:
        return False
    if address.email:
        return address.email in issuer.addresses or address.email == issuer.mailbox
    words = set(address.name.casefold().replace(",", " ").split())
    if issuer.name.casefold().split()[:1] and issuer.name.casefold().split()[0] in words:
        return True
    local_parts = {part for email in issuer.addresses for part in email.partition("@")[0].casefold().replace(".", " ").split()}
    return bool(words & local_parts)


def _own_text(blocks: Sequence[Block], issuer: Issuer) -> str:
    return "\n\n".join(
        block.text
        for block in blocks
        if block.kind in (BlockKind.NEW, BlockKind.FORWARDED, BlockKind.QUOTED) and (block.depth == 0 or _written_by_us(block, issuer))
    )


def _lifted(block: Block, by: int) -> Block:
    """A block of the inner mail as that mail's own reader would see it: its own text is new, what lies deeper stays a quote."""
    depth = max(0, block.depth - by)
    kind = BlockKind.NEW if depth == 0 and block.kind in (BlockKind.QUOTED, BlockKind.FORWARDED) else block.kind
    return Block(kind=kind, text=block.text, depth=depth, author=block.author, heading=block.heading)
