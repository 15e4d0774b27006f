"""Amounts of money in running text, as English and continental writers put them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from worker.core import texts

SYMBOLS = {
    "€": ("EUR",),
    "£": ("GBP",),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"),
    "¥": ("JPY", "CNY"),
    "円": ("JPY",),
    "元": ("CNY", "TWD"),
    **dict.fromkeys(("人民币", "人民幣", "RMB"), ("CNY",)),
    **dict.fromkeys(("新台币", "新台幣", "新臺幣", "台币", "台幣", "NT$", "NTD"), ("TWD",)),
    **dict.fromkeys(("港币", "港幣", "港元", "HK$"), ("HKD",)),
    **dict.fromkeys(("美元", "美金", "米ドル", "US$"), ("USD",)),
    **dict.fromkeys(("欧元", "歐元", "ユーロ"), ("EUR",)),
    **dict.fromkeys(("日元", "日圆", "日圓"), ("JPY",)),
    **dict.fromkeys(("kr", "kronor", "kroner"), ("SEK", "DKK", "NOK")),
    "zł": ("PLN",),
    "Kč": ("CZK",),
    "Fr.": ("CHF",),
    "R$": ("BRL",),
    **dict.fromkeys(("euro", "Euro", "EURO", "euros", "Euros", "euroa", "euron"), ("EUR",)),
    **dict.fromkeys(("franken", "Franken", "francs"), ("CHF",)),
    "pounds": ("GBP",),
    **dict.fromkeys(("dollar", "Dollar", "dollars", "Dollars"), ("USD", "CAD", "AUD", "NZD", "SGD", "HKD")),
}
_CODES = """
EUR USD GBP CHF JPY CNY RMB TWD SEK DKK NOK PLN CZK HUF RON CAD AUD NZD SGD HKD INR PHP MXN BRL ZAR AED ILS KRW TRY THB
MYR IDR VND
"""
CODES = tuple(_CODES.split())

_TEN_THOUSAND = 10_000


def _any_of(words: Iterable[str]) -> str:
    """An expression for any of ``words``, parted by their first letter: the engine tries one after the other."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())


_CURRENCY = _any_of((*sorted(SYMBOLS, key=len, reverse=True), *CODES))
_IS_NAMED = re.compile(_CURRENCY)
_FIRST = "".join(sorted({re.escape(word[0]) for word in (*SYMBOLS, *CODES)}))
_NUMBER = r"\d(?:\d{0,2}(?:[.,' \u00a0\u202f’]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{0,8}[.,]\d{1,2}|\d{0,8})"
_WITH_CURRENCY = re.compile(
    rf"(?:(?=[{_FIRST}])(?P<before>{_CURRENCY})\s?(?P<one>{_NUMBER})(?:\s?(?P<also>{_CURRENCY})\b)?"
    rf"|(?P<two>{_NUMBER})(?:,?-{{1,2}})?\s?(?P<tens>[万萬]?)\s?(?P<after>{_CURRENCY})(?:(?<=kr)\.(?=\s+[a-zà-ÿ0-9]))?)"
)
_BARE = re.compile(r"\d(?:\d{0,2}(?:[.,' \u00a0\u202f’]\d{3}){1,4}[.,]\d{2}|\d{0,8}[.,]\d{2}|\d{0,2}(?:[.,']\d{3}){1,4})")
"""Begins with a class of characters, as patterns do that a text is read for from end to end: the engine skips to those."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as written: what it may be (a lone separator can mean either), and in which currencies (none named: empty)."""

    readings: tuple[Decimal, ...]
    currencies: tuple[str, ...] = ()


def find(text: str, begin: int = 0, stop: int = sys.maxsize) -> Iterator[tuple[int, int, Amount]]:
    """Every amount in ``text[begin:stop]`` with its place: with a currency beside it, or written with separators."""
    for match in _WITH_CURRENCY.finditer(text, begin, stop) if _IS_NAMED.search(text, begin, stop) else ():
        if not _stands_alone(text, match.start(), match.end()):
            continue
        word = match["also"] or match["before"] or match["after"]
        times = _TEN_THOUSAND if match["tens"] else 1
        read = tuple(times * one for one in readings(match["one"] or match["two"]))
        yield match.start(), match.end(), Amount(read, SYMBOLS.get(word, (word,)))
    for match in _BARE.finditer(text, begin, stop):
        if _stands_alone(text, match.start(), match.end()):
            yield match.start(), match.end(), Amount(readings(match[0]))


def readings(written: str) -> tuple[Decimal, ...]:
    """What a written number may be: "4.800,00" and "4,800.00" are 4800.00; "1.296" may be 1296 or 1.296."""
    digits = re.sub(r"[' \u00a0\u202f’]", "", written)
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return (Decimal(digits),)
    whole, fraction = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
    if len(fraction) != 3:
        return (Decimal(f"{whole}.{fraction}"),)
    return (Decimal(whole + fraction),)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no letter, digit or joining mark touches the span: "4500-12" and "12.50.3" hold no amount."""
    before, after = text[start - 1 : start], text[end : end + 2]
    if _is_joined(before) or before in ("-", "/", "_", "#") or (before in (".", ",") and text[start - 2 : start - 1].isdigit()):
        return False
    return not (_is_joined(after[:1]) or (after[:1] in "-/_.," and after[1:].isalnum() and after[1:].isdigit()))


def _is_joined(beside: str) -> bool:
    return beside.isalnum() and not texts.is_unparted(beside)
