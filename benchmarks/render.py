"""How long a one-page invoice takes us and WeasyPrint: the same content and look in the same run (`python -m benchmarks.render`)."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from jinja2 import Environment

from benchmarks.figures import Figure, NotMeasurable, table
from worker import shipped
from worker.core.invoices import Amendment, Customer, Invoice, Issuer, Line
from worker.core.purchase_orders import PoNumber
from worker.edges import prints
from worker.edges.documents import Documents
from worker.edges.pdfs import Reader
from worker.edges.wordings import Wordings

ROUNDS = 30
LEAST_RATIO = 6.0
LONDON = ZoneInfo("Europe/London")
NUMBERS = count(1000)
TEMPLATES = shipped.folder("templates")

STUDIO = Issuer(
    name="Harbour Lane Studio Ltd",
    address=("3 Harbour Lane", "Bristol BS1 5DB", "United Kingdom"),
    tax_id="GB 123 4567 89",
    payment=("Severn Bank, sort code 01-02-03, account 44556677", "Please quote the invoice number with your payment."),
)
BUYER = Customer(id="kestrel", name="Kestrel Maschinenbau GmbH", address=("Accounts payable", "Lindenallee 4", "20095 Hamburg", "Germany"))
LINES = tuple(
    Line(
        description=f"Illustration for the catalogue, spread {spread}",
        quantity=Decimal(spread),
        unit_price=Decimal("85.50"),
        tax_rate=Decimal(19),
    )
    for spread in range(1, 11)
)
INVOICE = Invoice(
    number="HL-118",
    customer="kestrel",
    issue_date=date(2026, 10, 1),
    due_date=date(2026, 10, 31),
    currency="EUR",
    total=Decimal("5595.98"),
    po_number=PoNumber("4500123456"),
    lines=LINES,
    notes=("Thank you for working with us.",),
)
AMENDMENT = Amendment(
    invoice="HL-118",
    customer="kestrel",
    old_po=None,
    new_po=PoNumber("4500123456"),
    revision=1,
    requested_by="ap@kestrel.example",
    applied_by="addendum",
    applied_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
)

STYLE = """
@page { size: A4; margin: 20mm 22mm 26mm; font: 8pt Inter; color: #626a76; @bottom-left { content: string(foot) }
  @bottom-right { content: "Page " counter(page) " of " counter(pages) } }
body { font: 9pt/1.35 Inter; color: #15181e; margin: 0; string-set: foot attr(data-foot) }
.muted, th { color: #626a76; font-weight: 500 } .small { font-size: 8pt; color: #626a76 } b { font-weight: 600 }
h1 { font-size: 22pt; font-weight: 600; margin: 17mm 0 9mm } h1 span { font-weight: 400; color: #626a76 }
table { width: 100%; border-collapse: collapse } td { vertical-align: top; padding: 0 } .head td:last-child { text-align: right }
.facts, .totals { width: 80mm } .totals { margin: 6mm 0 9mm auto } .facts td:last-child { font-weight: 500 }
.lines { margin-top: 12mm } .lines th { font-size: 7.5pt; border-bottom: .8pt solid; text-align: right }
.lines td { border-bottom: .5pt solid #d5d9df; padding: 1.6mm 0 }
.lines td, .totals td:last-child { text-align: right; font-feature-settings: "tnum" }
.lines th:first-child, .lines td:first-child { text-align: left }
.totals tr:last-child td { border-top: .8pt solid #15181e; padding-top: 1mm; font: 600 11pt Inter; color: #15181e }
"""
PAGE = """
{% macro stacked(lines) %}{% for line in lines %}{{ line }}<br>{% endfor %}{% endmacro %}
{% macro pairs(pairs) %}{% for pair in pairs %}
<tr><td class="muted">{{ pair.label }}</td><td>{{ pair.value }}</td></tr>{% endfor %}{% endmacro %}
<html lang="{{ language }}"><title>{{ title }}</title><body data-foot="{{ author }} · {{ title }}">
<table class="head"><tr><td><b>{{ issuer.name }}</b></td><td class="small">{{ stacked(issuer.address + [issuer.tax_id]) }}</td></tr></table>
<h1>{{ heading }} <span>{{ number }}</span></h1>
<table><tr><td><span class="muted">{{ customer.label }}</span><br><b>{{ customer.name }}</b><br>{{ stacked(customer.address) }}</td>
<td style="width: 80mm"><table class="facts">{{ pairs(facts) }}</table></td></tr></table>
<p class="small">{{ stacked(amendments) }}</p>
<table class="lines"><thead><tr>{% for label in columns.values() %}<th>{{ label }}</th>{% endfor %}</tr></thead>
{% for line in lines %}<tr>{% for name in columns %}<td>{{ line[name] }}</td>{% endfor %}</tr>{% endfor %}</table>
<table class="totals">{{ pairs(totals) }}</table>
{% for part in (payment, notes) %}<p><span class="muted">{{ part.label }}</span><br>{{ stacked(part.lines) }}</p>{% endfor %}
"""


def main() -> int:
    """Print the figures; 1 where the ratio is too small."""
    figures = measure()
    print(table(figures))
    return 0 if all(figure.ok for figure in figures) else 1


def measure() -> list[Figure]:
    """How many times faster than WeasyPrint we are. Raises NotMeasurable where that is not installed."""
    theirs_render = _weasyprint()
    with Reader() as reader:
        documents = Documents(TEMPLATES / "invoice.typ", [], reader)
        ours, theirs = _median_ms(lambda invoice: _ours(documents, invoice), theirs_render)
        (proof,) = _median_ms(lambda _: _prove(documents))
    return [
        Figure(
            name="one-page invoice, WeasyPrint / ours",
            measured=theirs / ours,
            limit=LEAST_RATIO,
            at_least=True,
            detail=f"{theirs:.1f} ms, {ours:.1f} ms (medians of {ROUNDS}); rendered twice and proven {proof:.1f} ms",
        )
    ]


def _median_ms(*renders: Callable[[Invoice], object]) -> list[float]:
    """Each round renders another invoice, so that nothing is remembered; in turn, so that all share the bad moments."""
    times: list[list[float]] = [[] for _ in renders]
    for _ in range(ROUNDS + 1):
        for render, taken in zip(renders, times, strict=True):
            invoice = replace(INVOICE, number=f"HL-{next(NUMBERS)}")
            started = time.perf_counter()
            render(invoice)
            taken.append(time.perf_counter() - started)
    return [statistics.median(taken[1:]) * 1000 for taken in times]


def _ours(documents: Documents, invoice: Invoice, *amendments: Amendment) -> bytes:
    return documents.render(invoice, issuer=STUDIO, customer=BUYER, amendments=amendments or (AMENDMENT,), timezone=LONDON)


def _prove(documents: Documents) -> None:
    before = documents.render(replace(INVOICE, po_number=None), issuer=STUDIO, customer=BUYER, amendments=(), timezone=LONDON)
    documents.prove(before, _ours(documents, INVOICE), invoice=INVOICE, amendment=AMENDMENT)


def _weasyprint() -> Callable[[Invoice], bytes]:
    """WeasyPrint with our fonts, set up once as its manual advises, and without the tags and the archive profile that our file has."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except (ImportError, OSError) as missing:
        raise NotMeasurable(
            f"Not measured: WeasyPrint does not run here ({missing}); pip install weasyprint, apt-get install libpango-1.0-0"
        ) from missing

    fonts = FontConfiguration()
    faces = {400: "Inter-Regular.otf", 500: "Inter-Medium.otf", 600: "Inter-SemiBold.otf"}
    rules = "".join(
        f"@font-face {{ font-family: Inter; font-weight: {weight}; src: url({(TEMPLATES / 'fonts' / name).as_uri()}) }}"
        for weight, name in faces.items()
    )
    style = CSS(string=rules + STYLE, font_config=fonts)
    template = Environment(autoescape=True).from_string(PAGE)
    wording = Wordings([TEMPLATES / "words"]).of("en")

    def render(invoice: Invoice) -> bytes:
        printed = prints.of(invoice, issuer=STUDIO, customer=BUYER, amendments=(AMENDMENT,), timezone=LONDON, wording=wording)
        page = HTML(string=template.render(printed))
        content: bytes = page.write_pdf(stylesheets=[style], font_config=fonts)
        return content

    return render


if __name__ == "__main__":
    sys.exit(main())
