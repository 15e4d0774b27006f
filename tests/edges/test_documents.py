"""Our own invoices: what their pages say and look like, and that an amended one is refused when anything but the purchase order changed."""

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pdfplumber
import pikepdf
import pytest

from worker import shipped
from worker.core.invoices import Amendment, Customer, Invoice, Issuer, Line
from worker.core.purchase_orders import PoNumber
from worker.edges import readbacks
from worker.edges.documents import Documents, fingerprint
from worker.edges.pdfs import PdfReading, Reader
from worker.errors import NeedsAPerson, SetupError

TEMPLATE = shipped.folder("templates") / "invoice.typ"
LONDON = ZoneInfo("Europe/London")
PO = PoNumber("4500123456")

STUDIO = Issuer(
    name="Harbour Lane Studio Ltd",
    address=("3 Harbour Lane", "Bristol BS1 5DB"),
    tax_id="GB 123 4567 89",
    payment=("Severn Bank, sort code 01-02-03, account 44556677",),
)
BUYER = Customer(id="kestrel", name="Kestrel Maschinenbau GmbH", address=("Lindenallee 4", "20095 Hamburg"))
GERMAN = replace(BUYER, language="de")


def line(description: str, quantity: str, unit_price: str, tax_rate: str) -> Line:
    return Line(description=description, quantity=Decimal(quantity), unit_price=Decimal(unit_price), tax_rate=Decimal(tax_rate))


INVOICE = Invoice(
    number="HL-118",
    customer="kestrel",
    issue_date=date(2026, 10, 1),
    due_date=date(2026, 10, 31),
    currency="EUR",
    total=Decimal("5967.85"),
    lines=(
        line("Brand design", "1", "3800.00", "19"),
        line("Illustration", "12", "85.50", "19"),
        line("Printed proofs", "2.5", "75.50", "7"),
    ),
    notes=("Thank you for working with us.",),
)


def amendment(new: PoNumber = PO, old: PoNumber | None = None, *, day: int = 22, hour: int = 10) -> Amendment:
    return Amendment(
        invoice="HL-118",
        customer="kestrel",
        old_po=old,
        new_po=new,
        revision=1,
        requested_by="ap@kestrel.example",
        applied_by="addendum",
        applied_at=datetime(2026, 11, day, hour, tzinfo=UTC),
    )


@pytest.fixture(scope="module")
def documents() -> Iterator[Documents]:
    with Reader() as reader:
        yield Documents(TEMPLATE, [], reader)


def rendered(
    documents: Documents, invoice: Invoice = INVOICE, *amendments: Amendment, customer: Customer = BUYER, issuer: Issuer = STUDIO
) -> bytes:
    return documents.render(invoice, issuer=issuer, customer=customer, amendments=amendments, timezone=LONDON)


def lines_of(documents: Documents, content: bytes) -> list[str]:
    return [cell for text in documents.reading(content).lines for cell in re.split(r"\s{2,}", text)]


def test_an_invoice_says_everything_that_its_reader_needs(documents: Documents) -> None:
    assert documents.reading(rendered(documents, replace(INVOICE, po_number=PO))).lines == (
        "Harbour Lane Studio Ltd  3 Harbour Lane",
        "Bristol BS1 5DB",
        "Tax ID GB 123 4567 89",
        "Invoice HL-118",
        "Bill to  Invoice number  HL-118",
        "Kestrel Maschinenbau GmbH  Issue date  1 October 2026",
        "Lindenallee 4  Due date  31 October 2026",
        "20095 Hamburg  Purchase order  4500123456",
        "Description  Quantity  Unit price  Tax  Amount (EUR)",
        "Brand design  1  3,800.00  19%  3,800.00",
        "Illustration  12  85.50  19%  1,026.00",
        "Printed proofs  2.5  75.50  7%  188.75",
        "Net total  5,014.75",
        "Tax 7% on 188.75  13.21",
        "Tax 19% on 4,826.00  916.94",
        "Total due  EUR 5,967.85",
        "Payment",
        "Severn Bank, sort code 01-02-03, account 44556677",
        "Notes",
        "Thank you for working with us.",
        "Harbour Lane Studio Ltd · Invoice HL-118  Page 1 of 1",
    )


def test_a_german_customer_reads_german(documents: Documents) -> None:
    said = documents.reading(rendered(documents, replace(INVOICE, po_number=PO), amendment(), customer=GERMAN)).text
    for words in (
        "Rechnungsdatum  1. Oktober 2026",
        "Bestellnummer  4500123456",
        "Illustration  12  85,50  19 %  1.026,00",
        "Gesamtbetrag  5.967,85 EUR",
        "Geändert am 22. November 2026: Bestellnummer ergänzt (vorher: keine)",
        "Seite 1 von 1",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("language", "heading"), [("de-AT", "Rechnung HL-118"), ("en_US", "Invoice HL-118"), ("xx", "Invoice HL-118"), ("", "Invoice HL-118")]
)
def test_a_language_without_a_file_falls_back(documents: Documents, language: str, heading: str) -> None:
    assert heading in lines_of(documents, rendered(documents, customer=replace(BUYER, language=language)))


def test_an_invoice_without_a_purchase_order_has_a_dash_in_its_place(documents: Documents) -> None:
    assert "Purchase order  –" in documents.reading(rendered(documents)).text


def test_each_amendment_leaves_one_line(documents: Documents) -> None:
    first, second = amendment(PoNumber("4500000001")), amendment(PO, PoNumber("4500000001"), day=24)
    said = lines_of(documents, rendered(documents, replace(INVOICE, po_number=PO), first, second))
    assert [text for text in said if text.startswith("Amended")] == [
        "Amended 22 November 2026: purchase order number added (was: none)",
        "Amended 24 November 2026: purchase order number corrected (was: 4500000001)",
    ]
    assert {"1 October 2026", "31 October 2026"} <= set(said)


def test_an_amendment_bears_the_date_at_the_issuer(documents: Documents) -> None:
    late = amendment(hour=23)
    content = documents.render(INVOICE, issuer=STUDIO, customer=BUYER, amendments=[late], timezone=ZoneInfo("Asia/Tokyo"))
    assert "Amended 23 November 2026" in documents.reading(content).text


@pytest.mark.parametrize(
    ("currency", "total", "shown"),
    [
        ("JPY", "480000", "JPY 480,000"),
        ("JPY", "480000.00", "JPY 480,000"),
        ("USD", "2200.00", "USD 2,200.00"),
        ("KWD", "12.5", "KWD 12.500"),
        ("EUR", "-90.00", "-EUR 90.00"),
        ("CHF", "0.125", "CHF 0.125"),
    ],
)
def test_an_invoice_without_lines_shows_what_is_due_in_the_minor_units_of_its_currency(
    documents: Documents, currency: str, total: str, shown: str
) -> None:
    bare = replace(INVOICE, lines=(), notes=(), currency=currency, total=Decimal(total))
    said = documents.reading(rendered(documents, bare, issuer=Issuer(name="Me"))).lines
    assert said[-2].replace("\u00a0", " ") == f"Total due  {shown}"
    assert not any(text.startswith(("Description", "Net", "Payment", "Notes")) for text in said)


def test_an_invoice_without_tax_has_no_tax_column(documents: Documents) -> None:
    untaxed = replace(INVOICE, lines=(line("Film", "1", "90.00", "0"),), total=Decimal("90.00"))
    said = documents.reading(rendered(documents, untaxed)).text
    assert "Film  1  90.00  90.00\nTotal due  EUR 90.00" in said


def test_a_long_invoice_repeats_its_heading_row_and_numbers_its_pages(documents: Documents) -> None:
    lines = tuple(
        line(f"Position {number}, with a description that is long enough to need more than one line of it", "1", "10.00", "19")
        for number in range(60)
    )
    pages = documents.reading(rendered(documents, replace(INVOICE, lines=lines, total=Decimal("714.00")))).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
    assert all("Description  Quantity" in page for page in pages[:-1])
    assert sum(page.count("Position ") for page in pages) == 60


@pytest.mark.parametrize(
    "invoice",
    [
        replace(INVOICE, po_number=PoNumber("X" * 90)),
        replace(INVOICE, number="2026/" + "0123456789" * 4),
        replace(INVOICE, lines=(line("https://example.com/" + "x" * 200, "1", "3800.00", "19"),)),
        replace(INVOICE, lines=(line("Übersetzung " * 900, "1000000", "123456789.123456", "19"),), notes=("Please note. " * 400,)),
    ],
)
def test_nothing_however_long_leaves_the_page_or_runs_into_its_neighbour(documents: Documents, invoice: Invoice) -> None:
    wordy = replace(BUYER, name="Vereinigte Werke " * 9, address=("L" * 120,))
    with pdfplumber.open(io.BytesIO(rendered(documents, invoice, amendment(PO, PoNumber("Y" * 90)), customer=wordy))) as document:
        for page in document.pages:
            assert all(char["x0"] > 60 and char["x1"] < page.width - 60 and char["bottom"] < page.height for char in page.chars)
            places = [(round(char["x0"]), round(char["top"])) for char in page.chars if char["text"].strip("\u200b ")]
            assert len(places) - len(set(places)) < 3


def test_a_long_purchase_order_is_whole_on_the_page(documents: Documents) -> None:
    long_po = PoNumber("4500123456/0010-ABCDEFG")
    assert long_po in lines_of(documents, rendered(documents, replace(INVOICE, po_number=long_po)))


def test_the_letters_of_our_neighbours_are_all_there(documents: Documents) -> None:
    name = "Łódź Žižkov İstanbul Αθήνα Київ Ørsted"
    assert name in lines_of(documents, rendered(documents, customer=replace(BUYER, name=name)))


def test_the_same_invoice_is_the_same_bytes_in_another_process(documents: Documents) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.edges.test_documents import *
with Reader() as reader:
    print(fingerprint(rendered(Documents(TEMPLATE, [], reader), INVOICE, amendment())))
"""
    environment = os.environ | {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LANG": "C", "SOURCE_DATE_EPOCH": "99"}
    command = [sys.executable, "-c", code]
    other = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603  our own code
    here = rendered(documents, INVOICE, amendment())
    assert other.stdout.strip() == fingerprint(here) == fingerprint(rendered(documents, INVOICE, amendment()))
    assert fingerprint(here) != fingerprint(rendered(documents, INVOICE, amendment(day=23)))


def test_threads_render_side_by_side(documents: Documents) -> None:
    invoices = [replace(INVOICE, number=f"HL-{number}") for number in range(24)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda invoice: rendered(documents, invoice), invoices))
    assert together == [rendered(documents, invoice) for invoice in invoices]


def test_the_file_is_archivable_accessible_and_says_what_it_is(documents: Documents) -> None:
    with pikepdf.open(io.BytesIO(rendered(documents, customer=GERMAN))) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
        assert metadata["dc:title"] == "Rechnung HL-118"
        assert metadata["dc:creator"] == ["Harbour Lane Studio Ltd"]
        assert metadata["xmp:CreateDate"].startswith("2026-10-01")
        assert str(document.Root.Lang).startswith("de")
        assert "/StructTreeRoot" in document.Root


@pytest.mark.parametrize(
    "hostile", ['#read("/etc/passwd")', "*b* _i_", "$x$ = y", "@ref <label>", "\\ #panic()", '"} #let', "// gone", "{page} {old}"]
)
def test_text_in_an_invoice_is_never_run(documents: Documents, hostile: str) -> None:
    invoice = replace(INVOICE, number=hostile, po_number=PoNumber(hostile), notes=(hostile,), lines=(line(hostile, "1", "1.00", "0"),))
    buyer, studio = (
        replace(BUYER, name=hostile, address=(hostile,)),
        replace(STUDIO, name=hostile, address=(hostile,), payment=(hostile,), tax_id=hostile),
    )
    said = documents.reading(rendered(documents, invoice, customer=buyer, issuer=studio)).text
    assert "".join(said.split()).count("".join(hostile.split())) >= 9


def test_control_characters_in_the_books_are_not_printed(documents: Documents) -> None:
    assert "Kestrel GmbH" in documents.reading(rendered(documents, customer=replace(BUYER, name="Kes\x07trel\tGm\x00bH"))).text


def test_a_character_that_no_font_has_needs_a_person(documents: Documents) -> None:
    with pytest.raises(NeedsAPerson, match=r"HL-118 contains “採.*fonts"):
        rendered(documents, customer=replace(BUYER, name="採購"))


def own_folder(tmp_path: Path, template: str) -> Path:
    (tmp_path / "invoice.typ").write_text(template, encoding="utf-8")
    return tmp_path / "invoice.typ"


def test_a_broken_template_is_named_with_its_line(tmp_path: Path) -> None:
    template = own_folder(tmp_path, TEMPLATE.read_text(encoding="utf-8").replace("#sender\n", "#sendr\n"))
    wrong = template.read_text(encoding="utf-8").splitlines().index("#sendr") + 1
    with Reader() as reader, pytest.raises(SetupError, match=rf"{template}, line {wrong}: unknown variable: sendr"):
        Documents(template, [], reader).check()


def test_a_template_without_a_title_is_a_set_up_error(tmp_path: Path) -> None:
    with Reader() as reader, pytest.raises(SetupError, match="missing document title"):
        Documents(own_folder(tmp_path, "= Invoice"), [], reader).check()


def test_a_template_sees_its_own_folder_only(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "own").mkdir()
    with Reader() as reader, pytest.raises(SetupError, match=r"line 1: path .* would escape"):
        Documents(own_folder(tmp_path / "own", '#read("../secret")'), [], reader).check()


def test_the_shipped_template_passes_its_check(documents: Documents) -> None:
    documents.check()


def test_own_template_pictures_words_and_fonts_are_used(tmp_path: Path) -> None:
    shutil.copytree(shipped.folder("templates") / "fonts", tmp_path / "faces")
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>')
    (tmp_path / "words").mkdir()
    english = (TEMPLATE.parent / "words" / "en.toml").read_text(encoding="utf-8")
    (tmp_path / "words" / "fr.toml").write_text(english.replace("en_GB", "fr_FR").replace('"Invoice"', '"Facture"'), encoding="utf-8")
    logo = TEMPLATE.read_text(encoding="utf-8").replace("#sender\n", '#image("logo.svg", alt: "Logo")\n#sender\n')
    with Reader() as reader:
        own = Documents(own_folder(tmp_path, logo), [tmp_path / "faces"], reader)
        said = own.reading(rendered(own, customer=replace(BUYER, language="fr"))).text
    assert "Facture HL-118" in said
    assert "1 octobre 2026" in said


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda words: words.replace('total = "Total due"\n', ""), "lacks total"),
        (lambda words: words + 'colour = "red"\n', "colour, which is no label"),
        (lambda words: words.replace('"Total due"', "7"), "total, which is no label"),
        (lambda words: words.replace("en_GB", "xx_XX"), "locale in"),
        (lambda words: words + "=", "can not be read"),
    ],
)
def test_broken_words_are_named_with_their_file(tmp_path: Path, change: Callable[[str], str], problem: str) -> None:
    (tmp_path / "words").mkdir()
    english = (TEMPLATE.parent / "words" / "en.toml").read_text(encoding="utf-8")
    (tmp_path / "words" / "en.toml").write_text(change(english), encoding="utf-8")
    with Reader() as reader, pytest.raises(SetupError, match=problem) as raised:
        Documents(own_folder(tmp_path, ""), [], reader)
    assert str(tmp_path / "words" / "en.toml") in str(raised.value)


def test_missing_templates_and_fonts_are_set_up_errors(tmp_path: Path) -> None:
    with Reader() as reader:
        with pytest.raises(SetupError, match=r"none\.typ can not be read"):
            Documents(tmp_path / "none.typ", [], reader)
        with pytest.raises(SetupError, match="holds no font"):
            Documents(TEMPLATE, [tmp_path], reader)


AMENDED = replace(INVOICE, po_number=PO, revision=1)


@pytest.mark.parametrize("customer", [BUYER, GERMAN, replace(BUYER, address=("Lindenallee 4", "Hof 2", "20095 Hamburg", "Deutschland"))])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, "4500123456"),
        ("4500000001", "4500123456"),
        ("PO 77 A", "PO 78 A"),
        (None, "4500123456/0010-ABCDEFGHIJKLMNOPQRSTUVWXYZ-000012"),
        (None, "1"),
    ],
)
def test_an_amendment_of_the_purchase_order_alone_is_proven(documents: Documents, customer: Customer, old: str | None, new: str) -> None:
    old_po, new_po = PoNumber(old) if old else None, PoNumber(new)
    earlier = [amendment(old_po)] if old_po else []
    made = amendment(new_po, old_po, day=24)
    before = rendered(documents, replace(INVOICE, po_number=old_po), *earlier, customer=customer)
    after = rendered(documents, replace(INVOICE, po_number=new_po), *earlier, made, customer=customer)
    documents.prove(before, after, invoice=replace(INVOICE, po_number=new_po), amendment=made)
    documents.prove(documents.reading(before), after, invoice=replace(INVOICE, po_number=new_po), amendment=made)


def test_a_long_invoice_is_proven_too(documents: Documents) -> None:
    lines = tuple(line(f"Position {number}", "1", "10.00", "19") for number in range(90))
    long = replace(INVOICE, lines=lines, total=Decimal("1071.00"))
    made, amended = amendment(), replace(long, po_number=PO)
    documents.prove(rendered(documents, long), rendered(documents, amended, made), invoice=amended, amendment=made)


def test_a_copy_is_proven_to_say_the_same(documents: Documents) -> None:
    documents.prove(rendered(documents), rendered(documents), invoice=INVOICE, amendment=None)
    with pytest.raises(NeedsAPerson, match="reads differently"):
        documents.prove(rendered(documents), rendered(documents, AMENDED), invoice=AMENDED, amendment=None)


TAMPERED = {
    "total": replace(AMENDED, total=Decimal("5967.58")),
    "currency": replace(AMENDED, currency="USD"),
    "number": replace(AMENDED, number="HL-119"),
    "issue date": replace(AMENDED, issue_date=date(2026, 10, 2)),
    "due date": replace(AMENDED, due_date=date(2026, 12, 31)),
    "no purchase order": replace(AMENDED, po_number=None),
    "another purchase order": replace(AMENDED, po_number=PoNumber("4500123465")),
    "one line more": replace(AMENDED, lines=(*AMENDED.lines, line("Courier", "1", "0.00", "0"))),
    "one line fewer": replace(AMENDED, lines=AMENDED.lines[:2]),
    "a quantity": replace(
        AMENDED, lines=(replace(AMENDED.lines[0], quantity=Decimal(2), unit_price=Decimal("1900.00")), *AMENDED.lines[1:])
    ),
    "lines swapped": replace(AMENDED, lines=AMENDED.lines[::-1]),
    "a note": replace(AMENDED, notes=("Thank you for working with them.",)),
    "a note gone": replace(AMENDED, notes=()),
    "another page": replace(AMENDED, notes=("Thank you for working with us.", *["."] * 60)),
}


@pytest.mark.parametrize("after", TAMPERED.values(), ids=TAMPERED.keys())
def test_anything_else_that_changed_is_refused(documents: Documents, after: Invoice) -> None:
    with pytest.raises(NeedsAPerson, match="The PDF of invoice HL-118 was not sent"):
        documents.prove(rendered(documents), rendered(documents, after, amendment()), invoice=AMENDED, amendment=amendment())


@pytest.mark.parametrize(
    "issuer",
    [
        replace(STUDIO, payment=("Severn Bank, sort code 01-02-03, account 44556678",)),
        replace(STUDIO, name="Harbour Lane"),
        replace(STUDIO, tax_id=""),
    ],
)
def test_changed_words_of_the_issuer_are_refused(documents: Documents, issuer: Issuer) -> None:
    with pytest.raises(NeedsAPerson, match="was not sent"):
        documents.prove(
            rendered(documents), rendered(documents, AMENDED, amendment(), issuer=issuer), invoice=AMENDED, amendment=amendment()
        )


@pytest.mark.parametrize(
    "marks",
    [(), (amendment(), amendment()), (amendment(day=25),), (amendment(PO, PoNumber("45")),)],
    ids=["none", "two", "wrong day", "wrong old"],
)
def test_a_missing_or_wrong_marker_is_refused(documents: Documents, marks: tuple[Amendment, ...]) -> None:
    with pytest.raises(NeedsAPerson, match="was not sent"):
        documents.prove(rendered(documents), rendered(documents, AMENDED, *marks), invoice=AMENDED, amendment=amendment())


@pytest.mark.parametrize(
    "books", [replace(AMENDED, total=Decimal(1)), replace(AMENDED, due_date=date(2027, 1, 1)), replace(AMENDED, number="HL-9")]
)
def test_pages_that_agree_with_each_other_but_not_with_the_books_are_refused(documents: Documents, books: Invoice) -> None:
    with pytest.raises(NeedsAPerson, match="not on it as the books have it"):
        documents.prove(rendered(documents), rendered(documents, AMENDED, amendment()), invoice=books, amendment=amendment())


def test_a_version_that_can_not_be_read_back_is_refused(documents: Documents) -> None:
    with pytest.raises(NeedsAPerson, match=r"can not be read back \(damaged\)"):
        documents.prove(b"no PDF", rendered(documents, AMENDED, amendment()), invoice=AMENDED, amendment=amendment())


def test_the_refusal_says_what_is_missing(documents: Documents) -> None:
    with pytest.raises(NeedsAPerson, match="purchase order 4500123456 is not on it"):
        documents.prove(rendered(documents), rendered(documents, INVOICE, amendment()), invoice=AMENDED, amendment=amendment())


def copied(documents: Documents, shown: Invoice, books: Invoice, customer: Customer = BUYER) -> None:
    documents.prove_copy(rendered(documents, shown, customer=customer), invoice=books)


WRAPPING = replace(
    AMENDED,
    number="INV 20",
    lines=(
        line("A long-term/short-term arrangement that is written on more than one line of the page, " * 2, "2.5", "1234.50", "19"),
        line("https://studio.example/a/very/long/address/that/no/line/can/hold/whole/and/more", "1", "913.75", "19"),
        line("Second\u00adment of Vi\u1ec7t", "3", "0.00", "0"),
    ),
    total=Decimal("4760.00"),
)


@pytest.mark.parametrize("customer", [BUYER, GERMAN])
@pytest.mark.parametrize(
    "invoice", [INVOICE, AMENDED, WRAPPING, replace(AMENDED, lines=()), replace(AMENDED, po_number=PoNumber("PO 77 A"))]
)
def test_a_copy_that_says_what_the_books_say_is_proven(documents: Documents, invoice: Invoice, customer: Customer) -> None:
    copied(documents, invoice, invoice, customer)


@pytest.mark.parametrize(
    ("shown", "books", "told"),
    [
        (replace(AMENDED, number="INV-2041"), replace(AMENDED, number="INV-20"), "number"),
        (replace(AMENDED, number="INV-20-2"), replace(AMENDED, number="INV-20"), "number"),
        (replace(AMENDED, number="INV-20"), replace(AMENDED, number="20"), "number"),
        (replace(AMENDED, number="INV 20 41"), replace(AMENDED, number="INV 20"), "number"),
        (AMENDED, replace(AMENDED, po_number=PoNumber("4500")), "purchase order 4500"),
        (AMENDED, replace(AMENDED, po_number=PoNumber("123456")), "purchase order 123456"),
        (replace(AMENDED, po_number=PoNumber("4500/10")), replace(AMENDED, po_number=PoNumber("4500")), "purchase order 4500"),
        (replace(AMENDED, issue_date=date(2026, 10, 21)), AMENDED, "issue date"),
    ],
)
def test_a_longer_fact_than_the_books_have_is_not_theirs(documents: Documents, shown: Invoice, books: Invoice, told: str) -> None:
    with pytest.raises(NeedsAPerson, match=f"was not sent: (its )?{told}"):
        copied(documents, shown, books)


@pytest.mark.parametrize("customer", [BUYER, GERMAN])
@pytest.mark.parametrize("shown", ["119.00", "-19.00", "1019.00", "219.00", "19.01"])
def test_a_total_that_ends_like_the_books_is_not_theirs(documents: Documents, shown: str, customer: Customer) -> None:
    books = replace(AMENDED, total=Decimal("19.00"), lines=())
    with pytest.raises(NeedsAPerson, match="was not sent: its total is not on it"):
        copied(documents, replace(books, total=Decimal(shown)), books, customer)


@pytest.mark.parametrize("shown", ["€119.00", "1 119,00 EUR", "EUR 19.00-", "-EUR 19.00", "EUR -19.00", "EUR 19.007", "USD 19.00"])
def test_other_ways_of_writing_another_total_are_seen_through(documents: Documents, shown: str) -> None:
    books = replace(AMENDED, total=Decimal("19.00"), lines=())
    for customer in (BUYER, GERMAN):
        text = re.sub(r"EUR 19\.00|19,00 EUR", shown, documents.reading(rendered(documents, books, customer=customer)).text)
        assert shown in text
        with pytest.raises(NeedsAPerson, match="was not sent: its total"):
            readbacks.expect(PdfReading(text=text, pages=(text,)), invoice=books, wordings=documents._wordings)


OTHER_LINES = {
    "a quantity and a price of one amount": TAMPERED["a quantity"],
    "one line fewer": TAMPERED["one line fewer"],
    "another word": replace(AMENDED, lines=(replace(AMENDED.lines[0], description="Brand advice"), *AMENDED.lines[1:])),
    "another rate": replace(AMENDED, lines=(replace(AMENDED.lines[0], tax_rate=Decimal(7)), *AMENDED.lines[1:])),
}


@pytest.mark.parametrize("shown", OTHER_LINES.values(), ids=OTHER_LINES.keys())
def test_a_copy_with_other_lines_is_refused(documents: Documents, shown: Invoice) -> None:
    with pytest.raises(NeedsAPerson, match="was not sent: its lines and totals"):
        copied(documents, shown, AMENDED)
