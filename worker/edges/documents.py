"""Renders an invoice as a PDF with typst, and proves of an amended one, by reading it back, that nothing but the purchase order changed."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import typst

from worker import shipped
from worker.core.invoices import Amendment, Customer, Invoice, Issuer, Line
from worker.edges import prints, readbacks
from worker.edges.pdfs import PdfReading, Reader
from worker.edges.wordings import Wordings
from worker.errors import NeedsAPerson, SetupError

STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
PLACE = re.compile(r"(\S*main\.typ):(\d+)")
FONT_FILES = (".otf", ".ttf", ".otc", ".ttc")
SAMPLE = Invoice(
    number="1",
    customer="sample",
    issue_date=date(2026, 1, 1),
    due_date=date(2026, 1, 31),
    currency="EUR",
    total=Decimal("119.00"),
    lines=(Line(description="Sample", quantity=Decimal(1), unit_price=Decimal("100.00"), tax_rate=Decimal(19)),),
)


class Documents:
    """Invoices as PDF/A-3a and PDF/UA-1 files.

    ``template`` is a typst file; pictures are read from its folder only, words from ``words/`` beside it and else from the shipped ones.
    ``fonts`` are further folders of fonts, for templates that name them and for characters that the shipped Inter lacks. Safe to use from
    any thread. Raises SetupError where template, words or fonts can not be used.
    """

    def __init__(self, template: Path, fonts: Sequence[Path], reader: Reader) -> None:
        ours = shipped.folder("templates")
        self._template = template
        self._source = _source(template)
        self._wordings = Wordings([template.parent / "words", ours / "words"])
        self._fonts = _fonts([*fonts, ours / "fonts"])
        self._reader = reader
        self._of_thread = threading.local()

    def render(self, invoice: Invoice, *, issuer: Issuer, customer: Customer, amendments: Sequence[Amendment], timezone: ZoneInfo) -> bytes:
        """The PDF of ``invoice`` in the customer's language, a line for each of its ``amendments``, oldest first. Same input, same bytes.

        Raises NeedsAPerson for a character that no font has, SetupError naming file and line when the template is broken.
        """
        wording = self._wordings.of(customer.language)
        printed = prints.of(invoice, issuer=issuer, customer=customer, amendments=amendments, timezone=timezone, wording=wording)
        try:
            document = self._compiler().compile(
                input={"main.typ": self._source},  # type: ignore[type-var]  # files by name: what compiles twice
                sys_inputs={"invoice": json.dumps(printed)},
                format="pdf",
                pdf_standards=STANDARDS,
                timestamp=int(prints.moment(invoice, amendments).timestamp()),
            )
        except typst.TypstError as error:
            raise self._translated(error, invoice) from error
        assert isinstance(document, bytes)
        return document

    def reading(self, content: bytes) -> PdfReading:
        """What a PDF says."""
        return self._reader.read(content)

    def begin_reading(self, content: bytes) -> None:
        """Begin to find out what a PDF says that is to be proven, while the caller does something else."""
        self._reader.begin(content)

    def prove(self, before: bytes | PdfReading, after: bytes | PdfReading, *, invoice: Invoice, amendment: Amendment | None) -> None:
        """Reads both versions back and compares them; without an amendment nothing may differ.

        Raises NeedsAPerson, saying what differs, unless ``after`` says what ``before`` said but for the purchase order and the line of
        ``amendment``, and shows the number, dates, currency and total of ``invoice``.
        """
        old, new = (self.reading(version) if isinstance(version, bytes) else version for version in (before, after))
        readbacks.compare(old, new, invoice=invoice, amendment=amendment, wordings=self._wordings)

    def prove_copy(self, content: bytes, *, invoice: Invoice) -> None:
        """Reads a copy back; raises NeedsAPerson unless it shows the number, dates, lines, totals and purchase order of ``invoice``."""
        readbacks.expect(self.reading(content), invoice=invoice, wordings=self._wordings)

    def check(self) -> None:
        """Renders a sample in every language; raises what ``render`` raises."""
        for wording in self._wordings:
            customer = Customer(id="sample", name="Sample", language=wording.code)
            self.render(SAMPLE, issuer=Issuer(name="Sample"), customer=customer, amendments=(), timezone=ZoneInfo("UTC"))

    def _compiler(self) -> typst.Compiler:
        """One for each thread: a shared one fails with "Already borrowed"."""
        if not hasattr(self._of_thread, "compiler"):
            self._of_thread.compiler = typst.Compiler(root=self._template.parent, font_paths=self._fonts)
        compiler: typst.Compiler = self._of_thread.compiler
        return compiler

    def _translated(self, error: typst.TypstError, invoice: Invoice) -> NeedsAPerson | SetupError:
        if unshown := UNSHOWN.search(error.message):
            return NeedsAPerson(
                f"Invoice {invoice.number} contains “{unshown[1]}”, which no font can show; "
                "put a font that can into a folder and name the folder in `fonts`."
            )
        place = PLACE.search(error.diagnostic)
        where = f"{self._template}, line {place[2]}" if place else str(self._template)
        return SetupError(f"The template {where}: {error.message}.")


def fingerprint(content: bytes) -> str:
    """The SHA-256 by which a version of a document is known, in hex."""
    return sha256(content).hexdigest()


def _source(template: Path) -> bytes:
    try:
        return template.read_bytes()
    except OSError as error:
        raise SetupError(f"The invoice template {template} can not be read: {error.strerror}.") from error


def _fonts(folders: Sequence[Path]) -> typst.Fonts:
    """Only fonts that are named: those of the machine would make the same invoice look different elsewhere."""
    for folder in folders:
        if not any(path.suffix.lower() in FONT_FILES for path in folder.rglob("*")):
            raise SetupError(f"The fonts folder {folder} is missing or holds no font ({', '.join(FONT_FILES)}).")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
