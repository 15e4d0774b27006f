"""Reads the colours of HTML and CSS, and tells whether ink can be told from paper."""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass

_NAMES = (
    "aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc bisque ffe4c4 black 000000 "
    "blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate "
    "d2691e coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b "
    "darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 darkkhaki bdb76b darkmagenta 8b008b darkolivegreen 556b2f darkorange "
    "ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f "
    "darkturquoise 00ced1 darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dodgerblue 1e90ff firebrick b22222 "
    "floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 "
    "green 008000 greenyellow adff2f honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender "
    "e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 lightcoral f08080 lightcyan e0ffff "
    "lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa "
    "lightskyblue 87cefa lightslategray 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00 limegreen 32cd32 linen faf0e6 "
    "magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db mediumseagreen "
    "3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 "
    "mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 olive 808000 olivedrab 6b8e23 "
    "orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093 "
    "papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080 rebeccapurple 663399 red "
    "ff0000 rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee "
    "sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan "
    "d2b48c teal 008080 thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 "
    "yellow ffff00 yellowgreen 9acd32 "
    # The system's colours, as a page in daylight has them.
    "windowtext 000000 canvastext 000000 fieldtext 000000 buttontext 000000 infotext 000000 "
    "window ffffff canvas ffffff field ffffff background ffffff infobackground ffffff highlighttext ffffff buttonhighlight ffffff"
)
_NAMED = dict(zip(_NAMES.split()[::2], _NAMES.split()[1::2], strict=True))
_HEX = re.compile(r"[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8}")
_NUMBER = re.compile(r"([-+]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})(?:e-?\d)?)(%|deg|turn|g?rad)?")
_TURNS = {"turn": 360.0, "rad": 57.29578, "grad": 0.9}
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


def colour(text: str) -> Colour | None:
    """The colour that ``text``, in lower case, names (CSS Color 4); CLEAR where it can not be known, None where it is none.

    Digits without their "#" are one too: old mail has them.
    """
    text = text.strip()
    if text == "transparent":
        return CLEAR
    if name := _NAMED.get(text.replace("grey", "gray")):
        return _hex(name)
    function, bracket, rest = text.partition("(")
    if bracket:
        return _function(function.strip(), rest)
    return _hex(text.removeprefix("#")) if _HEX.fullmatch(text.removeprefix("#")) else None


def _hex(digits: str) -> Colour:
    wide = digits if len(digits) > 4 else "".join(2 * digit for digit in digits)
    parts = [int(wide[place : place + 2], 16) for place in range(0, len(wide), 2)]
    return Colour(parts[0], parts[1], parts[2], parts[3] / 255 if len(parts) > 3 else 1.0)


def _function(name: str, rest: str) -> Colour:
    numbers = _NUMBER.findall(rest)
    if name.removesuffix("a") not in ("rgb", "hsl") or not 3 <= len(numbers) <= 4 or "(" in rest:
        return CLEAR
    alpha = _share(numbers[3][0], numbers[3][1], 1.0) if len(numbers) == 4 else 1.0
    if name.startswith("rgb"):
        red, green, blue = (255 * _share(number, unit, 255.0) for number, unit in numbers[:3])
    else:
        turn = float(numbers[0][0]) * _TURNS.get(numbers[0][1], 1.0) / 360
        parts = colorsys.hls_to_rgb(turn % 1, _share(numbers[2][0], "%", 1.0), _share(numbers[1][0], "%", 1.0))
        red, green, blue = (255 * part for part in parts)
    return Colour(red, green, blue, alpha)


def _share(number: str, unit: str, whole: float) -> float:
    return min(1.0, max(0.0, float(number) / (100 if unit == "%" else whole)))
