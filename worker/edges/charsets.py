"""Turns the bytes of a mail into text, whatever their charset is called or really is."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

_ALIASES = {
    "utf8mb4": "utf-8",
    "unicode11utf8": "utf-8",
    "unicode11utf7": "utf-7",
    "ascii": "utf-8",
    "usascii": "utf-8",
    "ansix341968": "utf-8",
    "iso88591": "cp1252",
    "latin1": "cp1252",
    "latin": "cp1252",
    "ansi": "cp1252",
    "windows1252": "cp1252",
    "iso88599": "cp1254",
    "iso885911": "cp874",
    "tis620": "cp874",
    "shiftjis": "cp932",
    "xsjis": "cp932",
    "sjis": "cp932",
    "mskanji": "cp932",
    "windows31j": "cp932",
    "iso2022jp": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp_ext",
    "xeucjp": "euc_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "xgbk": "gb18030",
    "cp936": "gb18030",
    "hzgb2312": "hz",
    "big5": "cp950",
    "xbig5": "cp950",
    "cnbig5": "cp950",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "windows949": "cp949",
    "xmaccyrillic": "mac_cyrillic",
    "macintosh": "mac_roman",
}
_WESTERN = frozenset(("cp1252", "iso8859-1", "iso8859-15", "ascii", "mac-roman"))
_JIS = re.compile(rb"\x1b\$[@B]([^\x1b\r\n]*)(?:\x1b\([BJ])?")
_LONGEST_NAME = 60
_NOT_CHARSETS = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem", "palmos"))


def decoded(content: bytes, declared: str | None) -> str:
    """The text of ``content``: by the charset it is declared to have, else by what its bytes look like. Never raises; a NUL is nothing.

    UTF-7 can say halves of characters, which no text may hold: each is read as the replacement character.
    """
    text = _text(content, declared).replace("\x00", "")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _text(content: bytes, declared: str | None) -> str:
    codec = _codec(declared[:_LONGEST_NAME] if declared else declared)
    if codec and codec not in _WESTERN and codec != "utf-8":
        text = _strictly(content, codec)
        if text is not None:
            return text
        if codec.startswith("iso2022_jp") and b"\x1b$" in content:
            return _vendor_japanese(content)
        if content.isascii():
            return content.decode("ascii")
        replaced = content.decode(codec, "replace")
        if _is_mostly_right(replaced):
            return replaced
    if not codec and b"\x1b$" in content:
        return _strictly(content, "iso2022_jp_ext") or _vendor_japanese(content)
    return _strictly(content, "utf-8-sig") or _nearly_utf8(content) or _strictly(content, "cp1252") or content.decode("latin-1")


@lru_cache(maxsize=256)
def _codec(declared: str | None) -> str | None:
    """Python's name for a charset; None for a name that is unknown or is no charset at all."""
    if not declared:
        return None
    name = "".join(mark for mark in declared.lower() if mark.isascii() and mark.isalnum())
    name = _ALIASES.get(name) or _ALIASES.get(name.removeprefix("cs")) or declared.strip().strip("\"'").lower()
    try:
        found = codecs.lookup(name)
        b"a".decode(name)
    except (LookupError, ValueError, TypeError):
        return None
    return None if found.name in _NOT_CHARSETS else found.name


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _vendor_japanese(content: bytes) -> str:
    """ISO-2022-JP with vendors' characters (row 13: ㈱, ①), which are in no codec of that name but in JIS X 0213."""
    wide = _JIS.sub(lambda match: bytes(byte | 0x80 for byte in match[1]), content)
    return wide.decode("euc_jis_2004", "replace")


def _nearly_utf8(content: bytes) -> str | None:
    """UTF-8 that was cut or has a few wrong bytes is better read as that than as Western letters."""
    text = content.decode("utf-8", "replace")
    return text if _is_mostly_right(text) else None


def _is_mostly_right(text: str) -> bool:
    wrong = text.count("\ufffd")
    return sum(not mark.isascii() for mark in text) > 4 * wrong
