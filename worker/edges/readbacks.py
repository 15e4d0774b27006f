"""Reads an invoice's PDF before it leaves: it shows the invoice's facts, and an amended one differs by nothing but the purchase order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, timedelta, timezone
from difflib import SequenceMatcher

from worker.core import texts
from worker.core.invoices import Amendment, Invoice
from worker.edges import prints
from worker.edges.pdfs import PdfReading
from worker.edges.wordings import Wording
from worker.errors import NeedsAPerson

DASHES = r"\u2010-\u2015\u2212-"
PIECE = re.compile(r"[^\W\u0590-\U0010ffff]+|\w")
LONG_WORD = 30
"""A template may break a word of so many letters anywhere."""
EARLIEST, LATEST = timezone(timedelta(hours=-12)), timezone(timedelta(hours=14))


def compare(before: PdfReading, after: PdfReading, *, invoice: Invoice, amendment: Amendment | None, wordings: Iterable[Wording]) -> None:
    """Raises NeedsAPerson, saying what is wrong, unless ``after`` is ``before`` amended and shows the invoice's facts."""
    known = tuple(wordings)
    for reading in (before, after):
        if reading.problem:
            raise _refusal(invoice, f"a version of it can not be read back ({reading.problem})")
    if len(before.pages) != len(after.pages):
        raise _refusal(invoice, f"it had {len(before.pages)} pages and now has {len(after.pages)}")
    gone, come = _difference(_words(before), _words(after))
    if not any(_is_applied(amendment, *_difference(split(before), split(after)), known) for split in (_cells, _words)):
        raise _refusal(invoice, _told(amendment, gone, come))
    _expect_facts(after, invoice, known)


def expect(reading: PdfReading, *, invoice: Invoice, wordings: Iterable[Wording]) -> None:
    """Raises NeedsAPerson unless the PDF shows the invoice's number, dates, lines, totals and purchase order, with their currency."""
    if reading.problem:
        raise _refusal(invoice, f"it can not be read back ({reading.problem})")
    known = tuple(wordings)
    _expect_facts(reading, invoice, known)
    if not _shows(reading, known, lambda wording: invoice.po_number or wording.no_purchase_order):
        raise _refusal(invoice, f"purchase order {invoice.po_number or '(none)'} is not on it")
    if not any(_shows_lines(reading, invoice, wording) for wording in known):
        raise _refusal(invoice, "its lines and totals are not on it as the books have them")


def _refusal(invoice: Invoice, why: str) -> NeedsAPerson:
    return NeedsAPerson(f"The PDF of invoice {invoice.number} was not sent: {why}.")


def _cells(reading: PdfReading) -> list[str]:
    return [cell for line in reading.lines for cell in re.split(r"\s{2,}", line)]


def _words(reading: PdfReading) -> list[str]:
    return reading.text.split()


def _difference(before: Sequence[str], after: Sequence[str]) -> tuple[str, str]:
    """What has gone and what has come, in reading order and without spaces; only what lies between like ends is searched."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    gone: list[str] = []
    come: list[str] = []
    for change, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change != "equal":
            gone.extend(old[i:j])
            come.extend(new[k:m])
    return _squashed("".join(gone)), _squashed("".join(come))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    for index, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return index
    return min(len(one), len(other))


def _squashed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def _is_applied(amendment: Amendment | None, gone: str, come: str, wordings: Sequence[Wording]) -> bool:
    """Whether the difference is this amendment and nothing else."""
    if amendment is None:
        return not gone and not come
    olds = {amendment.old_po} if amendment.old_po else {"", *(wording.no_purchase_order for wording in wordings)}
    po = _squashed(amendment.new_po)
    markers = {_squashed(wording.marker(amendment, zone)) for wording in wordings for zone in (EARLIEST, UTC, LATEST)}
    return gone in map(_squashed, olds) and any(come in (po + marker, marker + po) for marker in markers)


def _told(amendment: Amendment | None, gone: str, come: str) -> str:
    if amendment is not None and _squashed(amendment.new_po) not in come:
        return f"purchase order {amendment.new_po} is not on it"
    return f"more than the purchase order reads differently (“{gone[:80]}” became “{come[:160]}”)"


def _expect_facts(reading: PdfReading, invoice: Invoice, wordings: Sequence[Wording]) -> None:
    """The facts as any of our languages writes them."""
    facts: dict[str, Callable[[Wording], str]] = {
        "number": lambda _: invoice.number,
        "issue date": lambda wording: wording.date(invoice.issue_date),
        "due date": lambda wording: wording.date(invoice.due_date),
        "total": lambda wording: wording.money(invoice.total, invoice.currency),
    }
    for name, written in facts.items():
        if not _shows(reading, wordings, written):
            raise _refusal(invoice, f"its {name} is not on it as the books have it")


def _shows(reading: PdfReading, wordings: Sequence[Wording], written: Callable[[Wording], str]) -> bool:
    return any(_whole(written(wording)).search(_page(reading)) for wording in wordings)


def _page(reading: PdfReading) -> str:
    return reading.text.replace("\u200b", "")


def _whole(fact: str) -> re.Pattern[str]:
    """Finds the fact where it is no part of a longer one: not of INV-2041, 4500123456, 1 119.00 or -19.00.

    Its spaces may be lost or be the end of a line, and a template breaks a long number where the line ends.
    """
    words = (r"\n?".join(map(re.escape, word)) for word in fact.replace("\u200b", "").split())
    written = r"\s*".join(words)
    return re.compile(rf"(?<![\w.,/+{DASHES}])(?<!\d (?=\d)){written}(?![\w/+{DASHES}]|[.,]\S|(?<=\d) \d)")


def _shows_lines(reading: PdfReading, invoice: Invoice, wording: Wording) -> bool:
    """Whether the page has every figure of the lines and totals and every word of the descriptions, as often as the books have them."""
    figures = Counter(word for figure in prints.figures(invoice, wording) for word in figure.split())
    described = " ".join(word for line in invoice.lines for word in line.description.split() if len(word) < LONG_WORD)
    return figures <= Counter(_page(reading).split()) and _pieces(described) <= _pieces(reading.text)


def _pieces(text: str) -> Counter[str]:
    """What no line's end can part: words, and each letter of a script that is written without spaces or from the right."""
    return Counter(PIECE.findall(texts.clean(text)))
