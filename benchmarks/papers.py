"""One-page PDFs that come with the benchmarks' mails: purchase orders, brochures, payment advices."""

from __future__ import annotations

import json
from functools import cache

import typst

from worker import shipped

SOURCE = b"""
#let sheet = json(bytes(sys.inputs.at("sheet")))
#set page(paper: "a4", margin: 22mm)
#set text(font: "Inter", size: 9.5pt)
#text(17pt, weight: 600, sheet.title)
#v(4mm)
#grid(columns: (45mm, 1fr), row-gutter: 2.5mm, ..sheet.facts.flatten())
#v(5mm)
#if sheet.rows.len() > 0 { table(columns: (18mm, 1fr, 26mm), stroke: .4pt, ..sheet.rows.flatten()) }
#v(5mm)
#sheet.text
"""


@cache
def _fonts() -> typst.Fonts:
    folder = shipped.folder("templates") / "fonts"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def for_mail(kind: str, number: int, facts: dict[str, str], text: str) -> tuple[str, bytes]:
    """A file name and the PDF that suits a mail of that kind."""
    if kind == "news":
        return f"brochure-{number}.pdf", _page(f"From the workshop, no. {number}", [], [], text)
    rows = [[str(place), f"Position {place} as agreed in the spring", f"{place * 120}.00"] for place in range(1, 9)]
    if kind == "rejection":
        named = [
            ["Purchase order", facts["po"]],
            ["Your invoice", facts["invoice"]],
            ["Supplier", "Harbour Lane Studio"],
            ["Buyer", facts["customer"]],
        ]
        return f"PO_{facts['po']}.pdf", _page("Purchase order", named, rows, "Please quote the purchase order number on your invoice.")
    named = [["Invoice", facts["invoice"]], ["Customer", facts["customer"]]]
    return f"note-{number}.pdf", _page("Receipt of invoice", named, rows, "This is an automatic note of receipt.")


def _page(title: str, facts: list[list[str]], rows: list[list[str]], text: str) -> bytes:
    sheet = json.dumps({"title": title, "facts": facts, "rows": rows, "text": text})
    content = typst.Compiler(font_paths=_fonts()).compile(input={"main.typ": SOURCE}, sys_inputs={"sheet": sheet}, format="pdf")  # type: ignore[type-var]  # typed for one path only
    assert isinstance(content, bytes)
    return content
