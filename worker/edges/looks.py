"""Tells whether a reader sees the text of an HTML element, from its attributes, its inline style and the simple rules of a style sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

Colour = tuple[int, int, int]
Style = dict[str, str]
Sheet = Mapping[str, Style]

_LONGEST_STYLE = 4_000
_LONGEST_SHEET = 100_000
_MOST_RULES = 2_000
_SMALLEST_FONT = 1.5
_OFF_SCREEN = -500.0
_NEAR = 12
_WHITE: Colour = (255, 255, 255)
_NAMED: dict[str, Colour] = {"white": _WHITE, "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_LENGTH = re.compile(r"-?\d{0,9}\.?\d{1,9}")
_SELECTOR = re.compile(r"[a-z0-9]*[.#]?[\w-]+")
_MATTERS = frozenset(
    (
        *("display", "visibility", "opacity", "mso-hide", "overflow", "position", "clip", "left", "top", "text-indent", "margin-left"),
        *("height", "max-height", "width", "max-width", "font", "font-size", "color", "background", "background-color"),
    )
)


@dataclass(frozen=True, slots=True)
class Look:
    """How inherited text looks: whether its letters have a size, its colour, and the colour behind it (None: a picture or unknown)."""

    tiny: bool = False
    colour: Colour | None = (0, 0, 0)
    backdrop: Colour | None = _WHITE

    @property
    def is_seen(self) -> bool:
        """Whether letters of this look can be seen."""
        if self.tiny or self.colour is None:
            return False
        return self.backdrop is None or any(abs(ink - paper) > _NEAR for ink, paper in zip(self.colour, self.backdrop, strict=True))


def sheet(css: str) -> dict[str, Style]:
    """The rules of a style sheet whose selectors are one tag, class or id; those inside ``@media`` and the like hold elsewhere."""
    css = _without_comments(css[:_LONGEST_SHEET].lower()).replace("<!--", "").replace("-->", "")
    rules: dict[str, Style] = {}
    at = 0
    for _ in range(_MOST_RULES):
        start = css.find("{", at)
        if start < 0:
            break
        end = css.find("}", start)
        end = len(css) if end < 0 else end
        selectors = css[at:start].rpartition(";")[2].strip()
        if selectors.startswith("@"):
            at = _after_block(css, start)
            continue
        style = _style(css[start + 1 : end])
        for selector in selectors.split(",") if style else ():
            if _SELECTOR.fullmatch(selector.strip()):
                rules.setdefault(selector.strip(), {}).update(style)
        at = end + 1
    return rules


def _without_comments(css: str) -> str:
    first, *rest = css.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def _after_block(css: str, start: int) -> int:
    depth, at = 1, start + 1
    while depth:
        closing = css.find("}", at)
        if closing < 0:
            return len(css)
        opening = css.find("{", at, closing)
        depth, at = (depth + 1, opening + 1) if opening >= 0 else (depth - 1, closing + 1)
    return at


def look(tag: str, attributes: Mapping[str, str | None], parent: Look, rules: Sheet) -> Look | None:
    """The look of an element's text; None where neither the element nor anything in it is seen."""
    style = _styles(tag, attributes, rules)
    if "hidden" in attributes or (style and _is_gone(style)):
        return None
    colour, bgcolor = attributes.get("color"), attributes.get("bgcolor")
    if not style and not colour and not bgcolor:
        return parent
    return _inked(style, colour or "", bgcolor or "", parent)


def _styles(tag: str, attributes: Mapping[str, str | None], rules: Sheet) -> Style:
    inline = attributes.get("style")
    if not rules:
        return _style(inline.lower()) if inline else {}
    style: Style = dict(rules.get(tag, ()))
    for name in (attributes.get("class") or "").lower().split():
        style.update(rules.get(f".{name}", ()))
        style.update(rules.get(f"{tag}.{name}", ()))
    style.update(rules.get(f"#{(attributes.get('id') or '').lower()}", ()))
    style.update(_style(inline.lower()) if inline else ())
    return style


def _style(text: str) -> Style:
    style: Style = {}
    for declaration in text[:_LONGEST_STYLE].split(";"):
        name, _, value = declaration.partition(":")
        if (name := name.strip()) in _MATTERS:
            style[name] = value.replace("!important", "").strip()
    return style


def _is_gone(style: Style) -> bool:
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse") or style.get("mso-hide") == "all":
        return True
    if _number(style.get("opacity"), 1.0) < 0.05:
        return True
    if style.get("overflow") == "hidden" and any(
        _number(style.get(side), 9.0) <= 1 for side in ("height", "max-height", "width", "max-width")
    ):
        return True
    placed = style.get("position") in ("absolute", "fixed")
    if placed and (
        any(_number(style.get(side), 0.0) < _OFF_SCREEN for side in ("left", "top")) or style.get("clip", "").startswith("rect(")
    ):
        return True
    return _number(style.get("text-indent"), 0.0) < _OFF_SCREEN or _number(style.get("margin-left"), 0.0) < 2 * _OFF_SCREEN


def _inked(style: Style, colour: str, bgcolor: str, parent: Look) -> Look:
    look = parent
    if size := style.get("font-size") or _font_size(style.get("font", "")):
        look = replace(look, tiny=_is_tiny(size, parent))
    if ink := style.get("color") or colour:
        look = replace(look, colour=_colour(ink, parent.colour))
    if paper := style.get("background-color") or style.get("background") or bgcolor:
        look = replace(look, backdrop=_paper(paper, parent.backdrop))
    return look


def _font_size(font: str) -> str:
    return next(
        (
            word.partition("/")[0]
            for word in font.split()
            if word[:1].isdigit() and word.partition("/")[0].endswith(("px", "pt", "em", "0"))
        ),
        "",
    )


def _is_tiny(size: str, parent: Look) -> bool:
    if size.endswith(("em", "%")) and not size.endswith("rem"):
        return parent.tiny or _number(size, 1.0) < 0.05
    return size[:1] in "0123456789." and _number(size, 12.0) < _SMALLEST_FONT


def _number(text: str | None, otherwise: float) -> float:
    found = _LENGTH.match(text) if text else None
    return float(found.group()) if found else otherwise


def _colour(text: str, otherwise: Colour | None) -> Colour | None:
    """The colour named; None for a transparent one; ``otherwise`` where the name is not known."""
    text = text.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    if text == "transparent":
        return None
    if text.startswith("#"):
        return _hex(text[1:], otherwise)
    if text.startswith(("rgb(", "rgba(")):
        parts = _LENGTH.findall(text)[:4]
        if len(parts) == 4 and float(parts[3]) < 0.05:
            return None
        return (int(float(parts[0])), int(float(parts[1])), int(float(parts[2]))) if len(parts) >= 3 else otherwise
    if len(text) == 6 and (plain := _hex(text, None)):
        return plain
    return (
        (128, 64, 64) if text.isalpha() and text not in ("inherit", "initial", "unset", "currentcolor", "windowtext", "auto") else otherwise
    )


def _hex(digits: str, otherwise: Colour | None) -> Colour | None:
    wide = "".join(2 * digit for digit in digits) if len(digits) in (3, 4) else digits
    try:
        return int(wide[0:2], 16), int(wide[2:4], 16), int(wide[4:6], 16)
    except ValueError:
        return otherwise


def _paper(text: str, parent: Colour | None) -> Colour | None:
    """The colour behind; a picture hides what it is, and a transparent or unnamed one shows the parent's."""
    if "url(" in text or "gradient" in text:
        return None
    for word in [text, *text.split()]:
        if word.startswith(("#", "rgb")) or word in _NAMED:
            return _colour(word, parent) or parent
    known = text.isalpha() and text not in ("none", "transparent", "inherit", "initial", "unset", "window", "auto")
    return None if known else parent
