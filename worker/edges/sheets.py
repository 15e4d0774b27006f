"""Reads style sheets: which of their declarations hold for an element, and which only may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from worker.edges.css import Declared, declared, tidy

Names = frozenset[str]
Attributes = Mapping[str, str | None]

_LONGEST_SHEET = 200_000
_MOST_RULES = 4_000
_MOST_CHAINS = 200
_MOST_STEPS = 200_000
_DEEPEST = 150
_PHONE, _DESKTOP = 1_000.0, 1_600.0
_BRACKETS = re.compile(r"\([^()]*\)")
_ATTRIBUTE = re.compile(r"\[\s*([\w-]+)\s*(?:([~|^$*]?=)\s*[\"']?([^\"'\]]*?)[\"']?\s*(?:\b[is]\s*)?)?\]")
_NAMESPACE = re.compile(r"[\w*-]*\|(?!=)")
_STEP = re.compile(r"(\s*[>+~]\s*|\s+)")
_PIECE = re.compile(r"\[[^\]]*\]|::?[\w-]+|[.#]?[\w-]+")
_PASSING = re.compile(
    r"::?(?:hover|active|focus(?:-within|-visible)?|visited|target|before|after|selection|placeholder|marker|backdrop|-\w[\w-]*)"
)
"""What holds for a moment, or for what is no text of the element."""
_WIDTH = re.compile(r"\((min|max)-(?:device-)?width:\s*(\d{1,6}(?:\.\d+)?)(px|em|rem)?")
_OTHER_MEDIA = re.compile(r"\b(?:print|speech|aural|braille|embossed|handheld|projection|tty|tv)\b|prefers-color-scheme:\s*dark")
_MAY_HOLD = ("@supports", "@layer", "@container", "@scope", "@-moz-document", "@starting-style")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a selector asks of an element, of those that it is in, of those beside it and of what came before.

    ``exact`` when it asks nothing that is not looked at.
    """

    wants: Names
    within: tuple[Names, ...]
    beside: Names
    after: Names
    exact: bool
    weight: tuple[int, int, int, int]
    styled: Declared


@dataclass(slots=True)
class Sheet:
    """The rules of all style sheets of a mail that a screen shows, and the elements that are open."""

    _rules: dict[str, list[Rule]] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _count: int = 0
    _chains: int = 0
    _steps: int = 0
    _above: list[Names] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _present: dict[str, int] = field(default_factory=dict)
    _beside: list[set[str]] = field(default_factory=lambda: [set()])
    _told: list[dict[tuple[Names, int, int], tuple[list[Declared], list[Declared]]]] = field(default_factory=lambda: [{}])

    def __bool__(self) -> bool:
        return bool(self._rules)

    def add(self, css: str, media: str = "") -> None:
        """Take in a style sheet. One that is too long to be read hides everything: nobody needs it to show something."""
        if media.strip():
            css = f"@media {media} {{ {css} }}"
        if len(css) > _LONGEST_SHEET:
            self._hide_all()
            return
        for preludes, written in _blocks(tidy(css.replace("<!--", "").replace("-->", ""))):
            if styled := declared(written):
                self._add_block(preludes, styled)

    def _hide_all(self) -> None:
        self._add(Rule(frozenset(), (), frozenset(), frozenset(), False, (0, 0, 0, 0), Declared({"display": "none"}, {})))

    def _add_block(self, preludes: Sequence[str], styled: Declared) -> None:
        conditions = [prelude for prelude in preludes if prelude.startswith("@")]
        if not all(map(_may_hold, conditions)):
            return
        selectors = [prelude for prelude in preludes if not prelude.startswith("@")]
        if not selectors:
            return
        exact = len(selectors) == 1 and all(map(_is_plain, conditions))
        chosen = selectors[-1].replace("&", "").strip() or selectors[0]
        while (bare := _BRACKETS.sub("", chosen)) != chosen:
            chosen = bare
        for selector in chosen.split(","):
            self._add_selector(selector, exact, styled)

    def _add_selector(self, selector: str, exact: bool, styled: Declared) -> None:
        self._count += 1
        if self._count > _MOST_RULES:
            return self._hide_all() if self._count == _MOST_RULES + 1 else None
        steps = _STEP.split(_NAMESPACE.sub("", _ATTRIBUTE.sub(_attribute, selector.strip())))
        parts = [_PIECE.findall(part) for part in steps[::2]]
        if any(_PASSING.fullmatch(piece) for part in parts for piece in part):
            return None
        exact = exact and not any(piece[0] == ":" or piece.endswith("?]") for part in parts for piece in part)
        exact = exact and all(step.isspace() for step in steps[1::2])
        names = [frozenset(piece.replace("?]", "]") for piece in part if piece[0] != ":") for part in parts]
        pairs = [(part, step.strip() in ("+", "~")) for part, step in zip(names, steps[1::2], strict=False)]
        within = tuple(part for part, is_beside in pairs if part and not is_beside)
        beside = pairs[-1][0] if pairs and pairs[-1][1] else frozenset()
        after = frozenset(name for part, is_beside in pairs if is_beside for name in part)
        self._chains += bool(within) or len(names[-1]) > 1
        if self._chains > _MOST_CHAINS and (within or len(names[-1]) > 1):
            exact, within = False, ()
            names[-1] = frozenset(sorted(names[-1])[:1])
        weight = (*_specificity([*within, names[-1]]), self._count)
        return self._add(Rule(names[-1], within, beside, after, exact, weight, styled))

    def _add(self, rule: Rule) -> None:
        key = max(rule.wants, key=_rarity, default="*")
        self._known.update(rule.wants, rule.after, *rule.within)
        rules = self._rules.setdefault(key, [])
        if rules and replace(rules[-1], weight=rule.weight, styled=rule.styled) == rule:
            rules[-1] = replace(rule, styled=rules[-1].styled.then(rule.styled))
        else:
            rules.append(rule)

    def names(self, tag: str, attributes: Attributes) -> Names:
        """What selectors may know an element that begins by, as far as any does."""
        names = frozenset(name for name in _names(tag, attributes) if name in self._known)
        self._seen |= names
        self._beside[-1] |= names
        return names

    def enter(self, names: Names) -> None:
        """The element is open: what comes is in it."""
        self._above.append(names)
        self._beside.append(set())
        self._told.append({})
        for name in names:
            self._present[name] = self._present.get(name, 0) + 1

    def leave(self) -> None:
        """The element that was entered last is closed."""
        self._beside.pop()
        self._told.pop()
        for name in self._above.pop():
            self._present[name] -= 1

    def rules_for(self, names: Names) -> tuple[list[Declared], list[Declared]]:
        """The declarations that hold for an element, the weightiest last, and those that may hold."""
        # What stands side by side under the same names is judged once.
        told, key = self._told[-1], (names, len(self._seen), len(self._beside[-1]))
        if key not in told:
            told[key] = self._rules_for(names)
        return told[key]

    def _rules_for(self, names: Names) -> tuple[list[Declared], list[Declared]]:
        found = [
            (rule, sure) for key in ("*", *names) for rule in self._rules.get(key, ()) if (sure := self._fits(rule, names)) is not None
        ]
        found.sort(key=lambda each: each[0].weight)
        return [rule.styled for rule, sure in found if sure], [rule.styled for rule, sure in found if not sure]

    def _fits(self, rule: Rule, names: Names) -> bool | None:
        """Whether the rule surely holds; None where it surely does not."""
        if not (rule.wants <= names and rule.beside <= self._beside[-1] and rule.after <= self._seen):
            return None
        if not all(self._present.get(name) for part in rule.within for name in part):
            return None
        if len(rule.within) < 2 and all(len(part) == 1 for part in rule.within):
            return rule.exact
        if len(self._above) > _DEEPEST or self._steps > _MOST_STEPS:
            return False
        self._steps += len(self._above)
        left = list(rule.within)
        for above in reversed(self._above):
            if left and left[-1] <= above:
                left.pop()
        return None if left else rule.exact


def _names(tag: str, attributes: Attributes) -> Iterator[str]:
    yield tag
    for name, value in attributes.items():
        value = (value or "").lower()
        yield f"[{name}]"
        yield f"[{name}={value.strip()}]"
        if name == "class":
            yield from (f".{_plain(word)}" for word in value.split())
        elif name == "id":
            yield f"#{_plain(value.strip())}"


def _plain(name: str) -> str:
    return re.sub(r"[^\w-]", "_", name)


def _rarity(name: str) -> int:
    return 3 if name[0] == "#" else 2 if name[0] == "." else 1 if name[0] == "[" else 0


def _specificity(parts: Iterable[Names]) -> tuple[int, int, int]:
    marks = [name[0] for part in parts for name in part]
    ids, classes = marks.count("#"), marks.count(".") + marks.count("[")
    return ids, classes, len(marks) - ids - classes


def _attribute(match: re.Match[str]) -> str:
    """An attribute as elements are known by; with a question mark where only its presence is looked at."""
    name, sign, value = match.groups()
    if not sign:
        return f"[{name}]"
    return f"[{name}={value}]" if sign == "=" and re.fullmatch(r"[\w-]+", value) else f"[{name}?]"


def _blocks(css: str) -> Iterator[tuple[list[str], str]]:
    """Each block's declarations, with the selectors and conditions that it stands under."""
    open_blocks: list[tuple[str, list[str]]] = []
    at = 0
    for mark in re.finditer(r"[{};]", css):
        text, at = css[at : mark.start()].strip(), mark.end()
        if mark.group() == "{" and len(open_blocks) < 20:
            open_blocks.append((text, []))
        elif open_blocks:
            open_blocks[-1][1].append(text)
            if mark.group() == "}":
                yield [prelude for prelude, _ in open_blocks], ";".join(open_blocks.pop()[1])
    if open_blocks:
        open_blocks[-1][1].append(css[at:])
    while open_blocks:
        yield [prelude for prelude, _ in open_blocks], ";".join(open_blocks.pop()[1])


@lru_cache(maxsize=256)
def _may_hold(condition: str) -> bool:
    """Whether a conditional group may hold on the screen of a desk; what is no such group styles no element."""
    if not condition.startswith("@media"):
        return condition.startswith(_MAY_HOLD)
    return any(_shows_on_screen(query) for query in condition.removeprefix("@media").split(","))


def _shows_on_screen(query: str) -> bool:
    if re.match(r"\s*not\b", query):
        return not re.search(r"\b(?:all|screen)\b", query)
    if _OTHER_MEDIA.search(query):
        return False
    for bound, number, unit in _WIDTH.findall(query):
        pixels = float(number) * (16 if unit in ("em", "rem") else 1)
        if pixels < _PHONE if bound == "max" else pixels > _DESKTOP:
            return False
    return True


def _is_plain(condition: str) -> bool:
    return condition.startswith("@media") and condition.removeprefix("@media").strip() in ("", "all", "screen", "only screen")
