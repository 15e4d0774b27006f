"""Reads the colours of HTML and CSS, and tells whether ink can be told from paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tinycss2 import color4

_SYSTEMS = {
    **dict.fromkeys(("windowtext", "canvastext", "fieldtext", "buttontext", "infotext"), "#000000"),
    **dict.fromkeys(
        ("window", "canvas", "field", "background", "infobackground", "highlighttext", "buttonhighlight"),
        "#ffffff",
    ),
}
"""The system's colours, as a page in daylight has them."""
_HEX = re.compile(r"[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8}")
_OF_HUE = ("hsl", "hwb")
"""Spaces of which browsers cut what is more than 100 %, and tinycss2 does not."""
_LONGEST = 200
_LEAST_DISTANCE = 28.0
"""How far ink must lie from paper, of 255, to be seen: #e0e0e0 on white is about there."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour in sRGB, 0 to 255 each, and how much it covers, 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def is_seen_on(self, paper: Colour, opacity: float = 1.0) -> bool:
        """Whether an eye tells this ink, covering no more than ``opacity``, from that paper; it is keenest on green and dullest on blue."""
        red, green, blue = self.red - paper.red, self.green - paper.green, self.blue - paper.blue
        return float((0.3 * red**2 + 0.59 * green**2 + 0.11 * blue**2) ** 0.5) * self.alpha * opacity > _LEAST_DISTANCE


BLACK, WHITE, CLEAR = Colour(0, 0, 0), Colour(255, 255, 255), Colour(0, 0, 0, 0)


@lru_cache(maxsize=1024)
def colour(text: str) -> Colour | None:
    """The colour that ``text``, in lower case, names (CSS Color 4); CLEAR where it can not be known, None where it is none.

    Digits without their "#" are one too: old mail has them.
    """
    text = text.strip()
    text = f"#{text}" if _HEX.fullmatch(text) else _SYSTEMS.get(text, text)
    unknown = CLEAR if "(" in text else None
    if len(text) > _LONGEST:
        return unknown
    try:
        found = color4.parse_color(text)
        if found is None or found == "currentcolor" or (found.space in _OF_HUE and not all(map(_is_share, found.coordinates[1:]))):
            return unknown
        red, green, blue, alpha = found.to("srgb")
    except (NotImplementedError, ValueError, ArithmeticError):  # a space that tinycss2 only reads, or a number that no colour has
        return unknown
    return Colour(_of_255(red), _of_255(green), _of_255(blue), alpha)


def _is_share(percent: float | None) -> bool:
    return percent is None or 0 <= percent <= 100


def _of_255(share: float) -> float:
    return 255 * min(1.0, max(0.0, share))
