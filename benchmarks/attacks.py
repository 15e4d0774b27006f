"""Mails made to take long: very long ones, very deep ones, and texts on which a pattern that backtracks would never end."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

from benchmarks import correspondence

MEGABYTE = 1_000_000
SENDER = "AP <ap@alderfoods.example>"


def _mail(body: str, subtype: str = "plain") -> bytes:
    message = EmailMessage(policy=SMTP)
    domain = SENDER.rpartition("@")[2].rstrip(">")
    message["Authentication-Results"] = f"{correspondence.AUTHSERV}; dmarc=pass header.from={domain}"
    message["From"] = SENDER
    message["To"] = correspondence.MAILBOX
    message["Subject"] = "Invoice HLS-20001"
    message["Message-ID"] = "<long@alderfoods.example>"
    message.set_content(body, subtype=subtype)
    return message.as_bytes()


def prose(size: int = MEGABYTE) -> bytes:
    """A letter of ``size`` bytes that goes on and on about invoices and orders."""
    line = "Your invoice HLS-20001 of 1 October over 1,250.00 EUR shows no purchase order number, please send 4500123456 again.\n"
    return _mail(line * (size // len(line)))


def one_line(size: int = MEGABYTE) -> bytes:
    return _mail("order number for invoice no please not " * (size // 39))


def numbers(size: int = MEGABYTE) -> bytes:
    return _mail("PO 4500123456 not 4500123457 but " * (size // 33))


def nested(depth: int = 50_000) -> bytes:
    return _mail("<div>" * depth + "PO 4500123456" + "</div>" * depth, "html")


def unclosed(count: int = 50_000) -> bytes:
    return _mail("<table><tr><td>" * (count // 3) + "PO 4500123456", "html")


def quoted(depth: int = 2_000) -> bytes:
    return _mail("\n".join(f"{'>' * (place % depth)} your order {place}" for place in range(20_000)))


def almost(size: int = 200_000) -> bytes:
    """Words that nearly are what patterns look for, over and over without an end of the sentence."""
    return _mail(("the order number is not the order number that we " * (size // 49)) + "!")


ALL: dict[str, Callable[[], bytes]] = {
    "1 MB of text": prose,
    "1 MB on one line": one_line,
    "1 MB of numbers": numbers,
    "HTML 50,000 deep": nested,
    "HTML never closed": unclosed,
    "20,000 lines of quotes": quoted,
    "nearly a match": almost,
}
