"""Splits HTML source into tags and the text after each, in one pass and without a tree, however hostile it is."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator

from worker.edges.html_pages import Attributes, tags_of

_LONGEST_TAG = 10_000
"""Characters of a tag that are read; a longer one may say at its end that it hides its text, and is taken to."""
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:-]{0,40})\s{0,9}=\s{0,9}(?:"([^"]{0,10000})"|'([^']{0,10000})'|([^\s"'>]{1,400}))""")
_NO_TAG: tuple[bool, str, Attributes] = (False, "", {})
_RAW = tags_of("script style title textarea xmp iframe noembed noframes")


def tags(html: str) -> Iterator[tuple[bool, str, Attributes, str]]:
    """Each tag with the text after it, in one pass over the source."""
    at = html.find("<")
    lower = html.lower()
    lower = lower if len(lower) == len(html) else html
    yield False, "", {}, html[:at] if at >= 0 else html
    while at >= 0:
        if html.startswith("<!--", at):
            end = html.find("-->", at + 4)
            closing, tag, attributes = _NO_TAG
            at = len(html) if end < 0 else end + 3
        else:
            end = html.find(">", at)
            end = len(html) if end < 0 else end
            closing, tag, attributes = _tag(html[at : min(end, at + _LONGEST_TAG)])
            if end - at > _LONGEST_TAG:
                attributes = {"hidden": ""}
            at = end + 1
            if tag in _RAW and not closing:
                found = lower.find(f"</{tag}", at)
                at = found if found >= 0 else len(html)
        following = html.find("<", at)
        yield closing, tag, attributes, html[at:following] if following >= 0 else html[at:]
        at = following


def _tag(source: str) -> tuple[bool, str, Attributes]:
    found = TAG.match(source)
    if not found:
        return _NO_TAG
    attributes: dict[str, str | None] = {
        name.lower(): entities.unescape(double or single or bare) for name, double, single, bare in _ATTRIBUTE.findall(source, found.end())
    }
    for word in source.lower().split():
        if word.rstrip("/").isidentifier():
            attributes.setdefault(word.rstrip("/"), "")
    return bool(found.group(1)), found.group(2).lower(), attributes


def sheets(html: str) -> Iterator[str]:
    """The style sheets in the source."""
    lower = html.lower()
    at = lower.find("<style") if len(lower) == len(html) else -1
    while at >= 0 and (start := html.find(">", at)) >= 0:
        end = lower.find("</style", start)
        end = len(html) if end < 0 else end
        yield html[start + 1 : end]
        at = lower.find("<style", end)
