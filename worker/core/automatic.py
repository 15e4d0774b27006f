"""Whether a mail was written by a machine, told by its structure first (RFC 3834, RFC 3464, RFC 8098) and its words last."""

from __future__ import annotations

from worker.core.messages import AUTOREPLY_HEADERS, Message

_REPORTS = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
    }
)
_DAEMONS = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})


def answer_or_report(message: Message) -> str | None:
    """Why ``message`` is a bounce, receipt, automatic answer or invitation that says nothing of its own; None if it is none."""
    if _REPORTS & set(message.part_types) or any(part.startswith("multipart/report") for part in message.part_types):
        return "a delivery report or read receipt (RFC 3464, RFC 8098)"
    if message.sender is not None and message.sender.email.partition("@")[0] in _DAEMONS:
        return "a mail system's own message"
    if (
        "auto-replied" in submitted(message)
        or any(message.header(name) for name in AUTOREPLY_HEADERS)
        or "auto_reply" in _precedence(message)
    ):
        return "an automatic answer (RFC 3834)"
    if "text/calendar" in message.part_types:
        return "a calendar invitation"
    return None


def machine_made(message: Message) -> bool:
    """Whether a machine sent ``message`` of its own accord (RFC 3834 §5): Auto-Submitted other than "no"."""
    values = submitted(message)
    return bool(values) and values != {"no"}


def list_mail(message: Message) -> bool:
    """Whether ``message`` went to a list or in bulk (RFC 2919, RFC 2369)."""
    return bool(message.header("list-id") or message.header("list-post")) or bool(_precedence(message) & {"list", "bulk", "junk"})


def submitted(message: Message) -> set[str]:
    """The keywords of Auto-Submitted, in lower case, without parameters."""
    return {value.partition(";")[0].partition("(")[0].strip().lower() for value in message.header("auto-submitted")}


def _precedence(message: Message) -> set[str]:
    return {value.strip().lower() for value in message.header("precedence")}
