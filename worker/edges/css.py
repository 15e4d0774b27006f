"""Reads CSS declarations, as far as they matter to whether a text is seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

Style = dict[str, str]

_LONGEST_STYLE = 8_000
_TOKEN = re.compile(r"""/\*.*?(?:\*/|\Z)|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\\([0-9a-f]{1,6})\s?|\\(.)""", re.DOTALL)
_STRUCTURE = re.compile(r"[{}();:,>+~|\s]")
_IMPORTANT = re.compile(r"!\s*important\s*$")
_INSETS = "left right top bottom inset inset-inline inset-block inset-inline-start inset-inline-end inset-block-start inset-block-end"
_MARGINS = "margin margin-left margin-right margin-top margin-bottom margin-inline-start margin-block-start"
MATTERS = frozenset(
    f"{_INSETS} {_MARGINS} display visibility content-visibility opacity filter -webkit-filter mso-hide overflow overflow-x overflow-y "
    "position clip clip-path -webkit-clip-path mask mask-image -webkit-mask -webkit-mask-image transform -webkit-transform -ms-transform "
    "scale rotate translate zoom text-indent letter-spacing line-height height max-height width max-width font font-size "
    "color -webkit-text-fill-color background background-color -webkit-text-security text-decoration text-decoration-line "
    "unicode-bidi direction flex-direction".split()
)
UNKNOWN = "(unknown)"
"""The name of a declaration whose value stands in a variable, where no text can be said to be seen without it."""
_NEEDED = frozenset(("display", "visibility", "opacity", "font-size", "color", "-webkit-text-fill-color"))
_KEYWORDS = {
    "display": re.compile(
        r"none|block|inline|flow|flow-root|contents|flex|grid|list-item|inherit|initial|unset|revert|[a-z-]*(?:table|inline-)[a-z-]*|-\w.*"
    ),
    "visibility": re.compile(r"hidden|collapse|visible|inherit|initial|unset|revert"),
    "opacity": re.compile(r"[-+.\d].*|.*\(.*|inherit|initial|unset"),
    "font-size": re.compile(r"[-+.\d].*|.*\(.*|[a-z-]+"),
}
"""What browsers take for these; they pass over anything else, and keep what was said before."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Declarations by name; the urgent are those that ``!important`` puts above all others (CSS Cascade 4 §6.4.2). Not to be changed."""

    plain: Style
    urgent: Style

    def __bool__(self) -> bool:
        return bool(self.plain or self.urgent)

    def then(self, later: Declared) -> Declared:
        """Both, the later above the earlier."""
        return Declared(self.plain | later.plain, self.urgent | later.urgent)


NOTHING = Declared({}, {})
_HIDDEN = Declared({}, {"display": "none"})


@lru_cache(maxsize=1024)
def inline(text: str) -> Declared:
    """The declarations of a ``style`` attribute; one that is too long to be read is taken to hide."""
    return _HIDDEN if len(text) > _LONGEST_STYLE else declared(tidy(text))


def tidy(css: str) -> str:
    """``css`` in lower case without comments, escapes spelt out (CSS Syntax 3 §4.3.7) and nothing in strings that looks like structure."""
    return _TOKEN.sub(_spelt, css.lower())


def _spelt(match: re.Match[str]) -> str:
    code, escaped = match.groups()
    if code or escaped:
        letter = escaped or (chr(int(code, 16)) if 0 < int(code, 16) < 0x110000 else "_")
        return letter.lower() if letter.isalnum() or letter in "-_" else "_"
    return "" if match.group().startswith("/*") else _STRUCTURE.sub("_", match.group())


def declared(text: str) -> Declared:
    """The declarations in tidy ``text`` that matter."""
    plain: Style = {}
    urgent: Style = {}
    for declaration in text.split(";"):
        name, _, value = declaration.partition(":")
        if (name := name.strip()) in MATTERS:
            value = value.strip()
            bare = _IMPORTANT.sub("", value).strip()
            if "var(" in bare and name in _NEEDED:
                name = UNKNOWN
            if name not in _KEYWORDS or _KEYWORDS[name].fullmatch(bare):
                (plain if bare == value else urgent)[name] = bare
    return Declared(plain, urgent) if plain or urgent else NOTHING
