"""Tells whether a reader sees the text of an HTML element, from its attributes, its inline style and the rules of the style sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from worker.edges.colours import BLACK, WHITE, Colour, colour
from worker.edges.css import NOTHING, UNKNOWN, Declared, Style, inline

_SMALLEST_FONT = 1.5
_FAR = 500.0
_FAINT = 0.05
_NUMBER = re.compile(r"([-+]?(?:\d{1,9}\.?\d{0,9}|\.\d{1,9}))(px|pt|pc|em|rem|ex|ch|in|cm|mm|q|vw|vh|vmin|vmax|%)?")
_PIXELS = {"pt": 1.33, "pc": 16, "em": 16, "rem": 16, "ex": 8, "ch": 8, "in": 96, "cm": 38, "mm": 3.8, "q": 0.95}
_OF_WHOLE = frozenset(("%", "vw", "vh", "vmin", "vmax"))
_SHRINKING = re.compile(r"scale(?:x|y|z|3d)?\(([^)]*)\)")
_MOVING = re.compile(r"translate(?:x|y|z|3d)?\(([^)]*)\)")
_TURNING = re.compile(r"rotate(?:x|y|3d)\(|matrix|perspective\(")
_PLACES = ("left", "right", "top", "bottom", "inset", "inset-inline", "inset-block")
_PLACED = tuple(f"{place}{end}" for place in _PLACES for end in (("", "-start", "-end") if place.startswith("inset-") else ("",)))
_MARGINS = ("margin", "margin-left", "margin-right", "margin-top", "margin-bottom", "margin-inline-start", "margin-block-start")
_MASKS = ("mask", "mask-image", "-webkit-mask", "-webkit-mask-image", "clip-path", "-webkit-clip-path", "-webkit-text-security")
_SHAPELESS = re.compile(r"none|inherit|initial|unset|inset\(0(?:px|%)?(?:\s+round[^)]*)?\)|")
_ROOMS = ("height", "max-height", "width", "max-width")
_HIDES_NOTHING = frozenset(("color", "font", "font-size", "background", "background-color", "width", "height", "max-width", "opacity"))
_COLOURS = frozenset(("color", "bgcolor", "text"))


@dataclass(frozen=True, slots=True)
class Look:
    """How inherited text looks: the size of its letters in pixels, its colour, the colour behind it and how much it covers.

    ``backdrop`` is None for a picture; ``fill`` is what letters are filled with in place of their colour. Letters that are ``turned``
    stand in another order than they are stored.
    """

    size: float = 16.0
    ink: Colour = BLACK
    backdrop: Colour | None = WHITE
    opacity: float = 1.0
    fill: Colour | None = None
    turned: bool = False

    @property
    def is_seen(self) -> bool:
        """Whether letters of this look can be seen."""
        if self.size < _SMALLEST_FONT or self.opacity < _FAINT or (self.fill or self.ink).alpha < _FAINT:
            return False
        return self.backdrop is None or (self.fill or self.ink).is_seen_on(self.backdrop, self.opacity)


def look(
    tag: str, attributes: Mapping[str, str | None], parent: Look, holding: Sequence[Declared] = (), possible: Sequence[Declared] = ()
) -> Look | None:
    """The look of an element's text; None where neither the element nor anything in it is seen.

    ``holding`` are declarations of style sheets that hold, the weightiest last; ``possible`` are some that may, and hide if they can.
    """
    if "hidden" in attributes or "popover" in attributes:
        return None
    own = inline(attributes.get("style") or "") if attributes else NOTHING
    style = _cascaded(holding, own)
    plain = _look(tag, attributes, parent, style)
    for maybe in possible if plain and plain.is_seen else ():
        other = _look(tag, attributes, parent, style | maybe.plain | maybe.urgent)
        if other is None or not other.is_seen:
            return other
    return plain


def _cascaded(holding: Iterable[Declared], own: Declared) -> Style:
    if not holding:
        return own.plain | own.urgent if own.urgent else own.plain
    style: Style = {}
    for styled in (*holding, own):
        style |= styled.plain
    for styled in (*holding, own):
        style |= styled.urgent
    return style


def _look(tag: str, attributes: Mapping[str, str | None], parent: Look, style: Style) -> Look | None:
    if not style.keys() <= _HIDES_NOTHING and _is_gone(style):
        return None
    turned = _turns(tag, attributes, style)
    if not style and not turned and _COLOURS.isdisjoint(attributes):
        return replace(parent, turned=False) if parent.turned else parent
    return replace(_inked(tag, style, attributes, parent), turned=turned)


def _is_gone(style: Style) -> bool:
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("content-visibility") == "hidden"
        or style.get("mso-hide") == "all"
        or "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", "")
        or UNKNOWN in style
        or any(not _SHAPELESS.fullmatch(style.get(name, "")) for name in _MASKS)
        or _has_no_room(style)
        or _is_elsewhere(style)
        or _is_transformed(style)
    )


def _has_no_room(style: Style) -> bool:
    """Whether what is too large is cut off, and anything is too large."""
    cuts = any(
        word in style.get(name, "") for name in ("overflow", "overflow-x", "overflow-y") for word in ("hidden", "clip", "scroll", "auto")
    )
    if not cuts:
        return False
    return any(_least(style[side], 9.0) <= 1 for side in _ROOMS if side in style) or _least(style.get("line-height"), 9.0) == 0


def _is_elsewhere(style: Style) -> bool:
    if style.get("position", "static") not in ("static", "inherit", "initial", "unset"):
        if style.get("clip", "").startswith("rect"):
            return True
        offsets = [(place, offset) for place in _PLACED if place in style for offset in _lengths(style[place])]
        if any(offset < -_FAR or (offset > 5 * _FAR and place != "top") for place, offset in offsets):
            return True
    return (
        any(length < -_FAR for name in _MARGINS if name in style for length in _lengths(style[name]))
        or abs(_least(style.get("text-indent"), 0.0)) > _FAR
        or _least(style.get("letter-spacing"), 0.0) <= -5
    )


def _is_transformed(style: Style) -> bool:
    """Whether an element is shrunk to nothing, mirrored, turned on its edge, moved away or made transparent."""
    transform = " ".join(style[name] for name in ("transform", "-webkit-transform", "-ms-transform") if name in style)
    shrinking = [*_SHRINKING.findall(transform), style.get("scale", "1"), style.get("zoom", "1")]
    moving = [*_MOVING.findall(transform), style.get("translate", "0")]
    seen = style.get("filter", "") + style.get("-webkit-filter", "")
    return (
        any(float(number) / (100 if unit == "%" else 1) < _FAINT for part in shrinking for number, unit in _NUMBER.findall(part))
        or any(abs(length) > _FAR for part in moving for length in _lengths(part))
        or bool(_TURNING.search(transform))
        or " " in style.get("rotate", "").strip()
        or ("opacity(" in seen and _fraction(seen.partition("opacity(")[2]) < _FAINT)
    )


def _turns(tag: str, attributes: Mapping[str, str | None], style: Style) -> bool:
    if tag == "bdo" and ((attributes.get("dir") or "").lower() != "ltr" or style.get("direction") == "rtl"):
        return True
    return "override" in style.get("unicode-bidi", "") or "reverse" in style.get("flex-direction", "")


def _inked(tag: str, style: Style, attributes: Mapping[str, str | None], parent: Look) -> Look:
    ink = _known(style.get("color")) or _known(attributes.get("color")) or _known(attributes.get("text") if tag == "body" else None)
    ink = ink or parent.ink
    return Look(
        size=_size(style.get("font-size") or _font_size(style.get("font", "")), parent.size),
        ink=ink,
        backdrop=_paper(style.get("background-color") or style.get("background") or attributes.get("bgcolor"), ink, parent.backdrop),
        opacity=parent.opacity * _fraction(style.get("opacity", "1")),
        fill=_known(style.get("-webkit-text-fill-color")) or parent.fill,
    )


def _known(text: str | None) -> Colour | None:
    return colour(text.lower()) if text else None


def _paper(text: str | None, ink: Colour, parent: Colour | None) -> Colour | None:
    """The colour behind; a picture hides what it is, of a gradient it is where it begins, and what is clear shows the parent's."""
    if not text:
        return parent
    text = text.lower()
    if "currentcolor" in text:
        return ink
    inner = text.partition("gradient(")[2] or text
    for word in re.findall(r"[a-z]+\([^()]*\)|#?[\w-]+", inner):
        found = None if word.startswith("url(") else colour(word)
        if found is not None and found.alpha > 0.5:
            return found
    return None if "url(" in text or "gradient(" in text else parent


def _font_size(font: str) -> str:
    sizes = (word.partition("/")[0] for word in font.split() if word[:1].isdigit() or word[:1] == ".")
    return next((size for size in sizes if size.endswith(("px", "pt", "em", "%", "0", "in", "cm", "mm", "vw"))), "")


def _size(size: str, parent: float) -> float:
    """The size of letters in pixels; a word for one is large enough."""
    if not size or size in ("inherit", "unset"):
        return parent
    if "(" in size and "-" in size:
        return 0.0
    found = _NUMBER.search(size)
    if not found:
        return 13.0
    if found[2] in ("em", "%") and not size.startswith("calc"):
        return parent * float(found[1]) / (100 if found[2] == "%" else 1)
    return min(_lengths(size))


def _lengths(text: str) -> list[float]:
    """Each length in ``text`` in pixels; a share of a room that is not known counts as one of a thousand pixels."""
    return [float(number) * (10.0 if unit in _OF_WHOLE else _PIXELS.get(unit, 1.0)) for number, unit in _NUMBER.findall(text)]


def _least(text: str | None, otherwise: float) -> float:
    return min(_lengths(text), default=otherwise) if text else otherwise


def _fraction(text: str) -> float:
    found = _NUMBER.search(text)
    return float(found[1]) / (100 if found[2] == "%" else 1) if found else 1.0
