"""Reads an HTML mail as a person would see it: hidden text left out, quotes marked with "> ", tables as lines with tabs."""

from __future__ import annotations

import html as entities

from selectolax.lexbor import LexborHTMLParser, LexborNode

from worker.edges.html_pages import VOID, Attributes, Page, tags_of
from worker.edges.html_tags import TAG, sheets, tags

LONGEST_HTML = 1_000_000
"""Characters of HTML that are read; the rest of a longer part is left out."""

_MOST_TAGS = 20_000
_DEEPEST = 150
_OPEN_ENDED = tags_of("p li td th tr dt dd option thead tbody tfoot colgroup body html head") | VOID


def visible_text(html: str) -> str:
    """The text of an HTML document as a reader sees it: no picture names, no link targets. Never raises."""
    html = html[:LONGEST_HTML].replace("\x00", "")
    page = Page()
    if _is_tame(html):
        _read_tree(html, page)
    else:
        _read_tags(html, page)
    return page.text()


def _is_tame(html: str) -> bool:
    """Whether a tree may be built: its cost grows with the square of the nesting, so hostile nesting is read tag by tag."""
    if html.count("<") > _MOST_TAGS:
        return False
    if html.count("<") < _DEEPEST:
        return True
    depth = deepest = 0
    for closing, tag in TAG.findall(html):
        if tag.lower() not in _OPEN_ENDED:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest <= _DEEPEST


def _read_tree(html: str, page: Page) -> None:
    tree = LexborHTMLParser(html)
    for style in tree.css("style") if "<style" in html.lower() else ():
        page.sheet.add(style.text() or "", style.attributes.get("media") or "")
    if tree.root is not None:
        _walk(tree.root, page)


def _walk(root: LexborNode, page: Page) -> None:
    opened: list[tuple[str, Attributes]] = []
    node: LexborNode | None = root
    while node is not None:
        below: LexborNode | None = None
        tag = node.tag or ""
        if tag == "-text":
            page.say(node.text_content or "")
        elif not tag.startswith(("-", "!", "#")):
            attributes = node.attributes
            if page.open(tag, attributes) and tag not in VOID:
                below = node.child
                if below is None:
                    page.close(tag, attributes)
                else:
                    opened.append((tag, attributes))
        if below is not None:
            node = below
            continue
        while node is not None and node.next is None and opened:
            page.close(*opened.pop())
            node = node.parent
        node = node.next if node is not None and opened else None


def _read_tags(html: str, page: Page) -> None:
    """Read tag by tag in one go, without a tree; what an unclosed element hides stays hidden until its parent closes."""
    for css in sheets(html):
        page.sheet.add(css)
    opened: list[tuple[str, Attributes]] = []
    counts: dict[str, int] = {}
    unseen = 0
    for closing, tag, attributes, text in tags(html):
        if tag and not closing and tag not in VOID:
            if unseen:
                unseen += tag not in _OPEN_ENDED
            elif not page.open(tag, attributes):
                unseen = 1
            else:
                opened.append((tag, attributes))
                counts[tag] = counts.get(tag, 0) + 1
        elif tag and not closing:
            _ = unseen or page.open(tag, attributes)
        elif tag and unseen:
            unseen -= tag not in _OPEN_ENDED or unseen == 1
        elif tag and counts.get(tag):
            _close_to(tag, opened, counts, page)
        if text and not unseen:
            page.say(entities.unescape(text))
    while opened:
        page.close(*opened.pop())


def _close_to(tag: str, opened: list[tuple[str, Attributes]], counts: dict[str, int], page: Page) -> None:
    while opened:
        name, attributes = opened.pop()
        counts[name] -= 1
        page.close(name, attributes)
        if name == tag:
            return
