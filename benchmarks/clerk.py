"""The judgement as a benchmark runs it, in a process of its own: parsing and judging as a pass does, no ledger and no network."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from io import BytesIO

import pdfplumber

from benchmarks import attacks, correspondence, hosts
from benchmarks.partners import Answer, answer_all, memory
from worker import heaps, wiring
from worker.core import judgements
from worker.core.invoices import Books, Customer, Invoice
from worker.edges import mime
from worker.edges.pdfs import Allowance, Reader

ROUNDS = 7
TEXT_ROUNDS = 50
TOGETHER = 20
"""Mails timed at once, of which the best of many rounds counts: a neighbour's load comes and goes within a second, and only ever adds.

Garbage is collected as always; in twenty mails that happens dozens of times.
"""
WARM = 150


def main() -> None:
    heaps.keep_whole()
    with Reader() as reader:
        clerk = Clerk(reader)
        answer_all(lambda **asked: getattr(clerk, str(asked.pop("do")))(**asked))


class Clerk:
    """Judges mail against the books of the benchmark; every answer is processor time unless it says otherwise."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._rulebook = wiring.rulebook(None)
        self._books = correspondence.books()

    def judge(self, raw: bytes, books: Books | None = None) -> None:
        message = mime.parse(raw, words=self._rulebook.mail_words, read_pdf=Allowance(self._reader.read))
        judgements.judge(message, books or self._books, self._rulebook)

    def text(self, count: int) -> Answer:
        """Seconds a plain-text mail, for us and for the standard library to parse it and decode its headers and texts.

        And for us where it is a customer's.
        """
        mails = _plain(count + WARM)
        warm, measured = mails[:WARM], mails[WARM:]
        customers = [raw for raw in measured if b"workshop.example" not in raw]
        for raw in warm:
            self.judge(raw)
        groups = [measured[start : start + TOGETHER] for start in range(0, len(measured), TOGETHER)]
        rounds = [[(_seconds(self.judge, group), _seconds(_decoded, group)) for group in groups] for _ in range(TEXT_ROUNDS)]
        ours, theirs = (sum(min(times[side] for times in group) for group in zip(*rounds, strict=True)) for side in (0, 1))
        ratios = [sum(one for one, _ in each) / sum(other for _, other in each) for each in rounds]
        return {
            "ours": ours / len(measured),
            "theirs": theirs / len(measured),
            "ratio": statistics.median(ratios),
            "count": len(measured),
            "bytes": statistics.mean(map(len, measured)),
            "customers": min(_seconds(self.judge, customers) for _ in range(ROUNDS)) / len(customers),
        }

    def large(self) -> Answer:
        """Seconds for each mail that is made to take long, by name."""
        return {name: min(_seconds(self.judge, [make()]) for _ in range(3)) for name, make in attacks.ALL.items()}

    def books(self, few: int, many: int, mails: int) -> Answer:
        """Seconds a mail against few and against many invoices, a hundred to a customer."""
        post = _plain(mails)
        small, great = (_books_of(self._books, count) for count in (few, many))
        for books in (small, great):
            for raw in post:
                self.judge(raw, books)
        gc.collect()
        gc.freeze()
        rounds = [[_seconds(lambda raw, books=books: self.judge(raw, books), post) for books in (small, great)] for _ in range(ROUNDS)]
        return {"ratio": statistics.median(great / small for small, great in rounds), "few": rounds[0][0], "many": rounds[0][1]}

    def memory(self, first: int, count: int) -> Answer:
        """Megabytes held after the first mails and after all; no two mails are the same."""
        held = 0.0
        for place, raw in enumerate(_stream(count)):
            if place == first:
                held = memory()
            self.judge(raw)
        return {"first": held, "last": memory()}

    def papers(self, count: int) -> Answer:
        """Wall seconds a mail with a one-page PDF, for us, and for pdfplumber alone in one process to read the words of that PDF."""
        mails = [raw for raw in correspondence.post(count * 12, seed=11).mails if b"application/pdf" in raw][: count + 2]
        papers = [_paper(raw) for raw in mails]
        self.judge(mails[0])
        _read(papers[0])
        ratios, ours, theirs = [], 0.0, 0.0
        for raw, paper in zip(mails[1:], papers[1:], strict=True):
            one, other = _wall(self.judge, raw), _wall(_read, paper)
            ratios.append(one / other)
            ours, theirs = ours + one, theirs + other
        return {"ratio": statistics.median(ratios), "ours": ours / len(ratios), "theirs": theirs / len(ratios)}


def _plain(count: int) -> list[bytes]:
    """``count`` different mails without HTML or attachments, as delivered: half newsletters, half customers'."""
    found: list[bytes] = []
    seed = 100
    while len(found) < count:
        seed += 1
        found += correspondence.post(1000, seed=seed, plain=True).mails
    chance = random.Random(3)  # noqa: S311  no secrets here
    return [hosts.delivered(raw, chance) for raw in found[:count]]


def _stream(count: int) -> Sequence[bytes]:
    for place in range(0, count, 1000):
        yield from correspondence.post(min(1000, count - place), seed=1000 + place).mails


def _decoded(raw: bytes) -> None:
    """Parse a mail, and decode all its headers and texts, as one does who doesn't know which of them will be asked for."""
    message = message_from_bytes(raw, policy=compat32)
    for value in message.values():
        str(make_header(decode_header(value)))
    for part in message.walk():
        if part.get_content_maintype() == "text":
            part.get_payload(decode=True).decode(part.get_content_charset() or "utf-8", "replace")  # type: ignore[union-attr]  # a text part is never a list


def _read(paper: bytes) -> None:
    with pdfplumber.open(BytesIO(paper)) as pdf:
        for page in pdf.pages:
            page.extract_words()


def _paper(raw: bytes) -> bytes:
    part = next(part for part in message_from_bytes(raw, policy=compat32).walk() if part.get_content_type() == "application/pdf")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def _books_of(books: Books, count: int) -> Books:
    """The books with more customers and invoices of the same make, up to ``count`` invoices."""
    customers = [*books.customers]
    invoices = [*books.invoices]
    for place in range(len(invoices), count):
        if place % 100 == 0:
            customers.append(_customer(place // 100))
        invoices.append(_invoice(books.invoices[0], place, customers[-1]))
    made = Books(issuer=books.issuer, customers=tuple(customers), invoices=tuple(invoices))
    assert made.catalogue and made.directory and made.invoice_by_number and made.invoice_by_message_id and made.invoices_by_customer
    return made


def _customer(place: int) -> Customer:
    domain = f"works{place}.example"
    return Customer(id=f"w{place}", name=f"Works {place} Ltd", contacts=(f"ap@{domain}",), domains=(domain,), po_format="45########")


def _invoice(like: Invoice, place: int, customer: Customer) -> Invoice:
    return replace(
        like,
        number=f"HLS-{20001 + place}",
        customer=customer.id,
        issue_date=date(2025, 1, 1) + timedelta(days=place % 600),
        total=Decimal(place) / 100 + 10_000,
        sent_message_ids=(f"<hls-{20001 + place}@harbour.example>",),
    )


def _seconds(work: Callable[[bytes], None], mails: Sequence[bytes]) -> float:
    begun = time.process_time()
    for raw in mails:
        work(raw)
    return time.process_time() - begun


def _wall(work: Callable[[bytes], None], content: bytes) -> float:
    begun = time.perf_counter()
    work(content)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
