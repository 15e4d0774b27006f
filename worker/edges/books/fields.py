"""Reads single values of the books and says in a sentence what is wrong with one."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TypeVar

from babel.core import get_global

from worker.core.free_mail import FREE_MAIL
from worker.core.purchase_orders import PoNumber

LONGEST = 200
_LONGEST_TEXT = 4000
_LONGEST_MESSAGE_ID = 500

_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@(?P<domain>[^\s@<>,;:\"()\[\]\\]+)")
_DOMAIN = re.compile(r"(?:[\w](?:[\w-]*[\w])?\.)+[^\W\d_](?:[\w-]*[\w])?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")
_NETWORK = re.compile(r"[a-z0-9][a-z0-9_-]*")
_MESSAGE_ID = re.compile(r"<[^\s<>]+>")
_TAX_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ./-]{2,28})[A-Za-z0-9]")
_REGEX_SIGNS = frozenset("\\^$*+?[]{}|")


Words = TypeVar("Words", bound=StrEnum)


def text(value: object, longest: int = _LONGEST_TEXT) -> str:
    """A text in one line, trimmed; raises ValueError if it is empty, too long, or holds characters that nobody sees."""
    if not isinstance(value, str):
        raise ValueError("must be a text")
    trimmed = value.strip()
    if not trimmed:
        raise ValueError("must not be empty")
    if len(trimmed) > longest:
        raise ValueError(f"is longer than {longest} characters")
    if not trimmed.isascii() or not trimmed.isprintable():
        _refuse_unseen(trimmed)
    return trimmed


def name(value: object) -> str:
    return text(value, LONGEST)


def purchase_order(value: object) -> PoNumber:
    return PoNumber(name(value))


def texts(value: object) -> tuple[str, ...]:
    """A list of texts; a single one is a list of one."""
    return tuple(text(each) for each in ([value] if isinstance(value, str) else _listed(value)))


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def day(value: object) -> date:
    """A date as ISO 8601 writes it."""
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{_shown(value)} is not a date; write it as 2026-12-31") from None


def amount(value: object) -> Decimal:
    """An exact decimal with a point, as text or as a JSON number."""
    written = str(value) if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else ""
    if not _AMOUNT.fullmatch(written.strip()):
        raise ValueError(f"{_shown(value)} is not an amount; write it as 1234.50, with a point and without thousands separators")
    return Decimal(written.strip())


def percent(value: object) -> Decimal:
    rate = amount(value)
    if not 0 <= rate <= 100:
        raise ValueError(f"{rate} is not a rate in percent from 0 to 100")
    return rate


def currency(value: object) -> str:
    """An ISO 4217 code."""
    code = name(value)
    if code not in _currencies():
        raise ValueError(f"{_shown(code)} is not a currency code of ISO 4217, such as EUR or USD")
    return code


def email(value: object) -> str:
    address = name(value).lower()
    found = _EMAIL.fullmatch(address)
    if not found or not _DOMAIN.fullmatch(found["domain"]):
        raise ValueError(f"{_shown(value)} is not an e-mail address")
    return address


def emails(value: object) -> tuple[str, ...]:
    return tuple(email(each) for each in _listed(value))


def domain(value: object) -> str:
    """A domain whose every sender speaks for the customer; raises ValueError for one where anybody can get an address."""
    host = name(value).lower()
    if not _DOMAIN.fullmatch(host):
        raise ValueError(f"{_shown(value)} is not a mail domain such as example.com")
    if host in FREE_MAIL:
        raise ValueError(f"anybody can have an address at {host}; put the person's address under contacts instead")
    return host


def domains(value: object) -> tuple[str, ...]:
    return tuple(domain(each) for each in _listed(value))


def networks(value: object) -> tuple[str, ...]:
    return tuple(_matching(each, _NETWORK, "the short name of a network, such as ariba") for each in _listed(value))


def message_ids(value: object) -> tuple[str, ...]:
    """Message-IDs (RFC 5322 §3.6.4), each once."""
    return tuple(
        dict.fromkeys(_matching(each, _MESSAGE_ID, "a Message-ID such as <a1@example.com>", _LONGEST_MESSAGE_ID) for each in _listed(value))
    )


def language(value: object) -> str:
    return _matching(value, _LANGUAGE, "a language code such as en or de")


def tax_id(value: object) -> str:
    return _matching(value, _TAX_ID, "a tax number")


def po_format(value: object) -> str:
    """How a customer's PO numbers look: "#" is a digit, "@" a letter, anything else itself."""
    pattern = name(value)
    if _REGEX_SIGNS & set(pattern):
        raise ValueError(
            f"{_shown(pattern)} looks like a regular expression; write # for a digit, @ for a letter, and anything else as it is"
        )
    if not {"#", "@"} & set(pattern):
        raise ValueError(f"{_shown(pattern)} has neither # (a digit) nor @ (a letter), so it would allow one single number")
    return pattern


def one_of(value: object, words: type[Words]) -> Words:
    for word in words:
        if word == value:
            return word
    raise ValueError(f"{_shown(value)} is none of {', '.join(words)}")


@cache
def _currencies() -> frozenset[str]:
    return frozenset(get_global("all_currencies"))


def _listed(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("must be a list")
    return value


def _matching(value: object, pattern: re.Pattern[str], what: str, longest: int = LONGEST) -> str:
    found = text(value, longest)
    if not pattern.fullmatch(found):
        raise ValueError(f"{_shown(value)} is not {what}")
    return found


def _refuse_unseen(trimmed: str) -> None:
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in trimmed):
        raise ValueError("holds a line break or an invisible character; type it anew in one line")


def _shown(value: object) -> str:
    written = value if isinstance(value, str) else str(value)
    return ascii(written if len(written) <= 60 else written[:57] + "...")
