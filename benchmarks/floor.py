"""The floor under a pass: the same mails fetched, parsed, committed, rendered and handed over with the bare libraries and nothing else."""

from __future__ import annotations

import email
import json
import smtplib
import sqlite3
import tempfile
import time
from base64 import encodebytes
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import compat32
from io import BytesIO
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pdfplumber
import typst
from imapclient import IMAPClient

from benchmarks import correspondence
from benchmarks.partners import Answer, answer_all
from tests.servers.dovecot import PASSWORD
from worker import shipped
from worker.core.invoices import Amendment
from worker.core.purchase_orders import PoNumber
from worker.edges import prints
from worker.edges.wordings import Wordings

TEMPLATES = shipped.folder("templates")
BATCH = 50

Result = TypeVar("Result")


def main() -> None:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[TEMPLATES / "fonts"])
    compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts)
    source = (TEMPLATES / "invoice.typ").read_bytes()
    rounds = iter(range(10_000))

    def answer(*, user: str, imap_port: int, smtp_port: int, amendments: int) -> Answer:
        """The seconds that each step took."""
        pages = _pages(amendments, next(rounds))
        steps: dict[str, float] = {}
        worked = time.process_time()
        mails = _timed(steps, "fetch", lambda: _fetch(user, imap_port))
        papers = _timed(steps, "parse", lambda: [paper for mail in mails for paper in _parse(mail)])
        _timed(steps, "read PDFs", lambda: [_text(paper) for paper in papers])
        _timed(steps, "commit", lambda: _commit(len(mails)))
        documents = _timed(steps, "render", lambda: [_render(compiler, source, page) for page in pages])
        _timed(steps, "hand over", lambda: _hand_over(documents, smtp_port))
        return {
            "seconds": sum(steps.values()),
            "processor": time.process_time() - worked,
            "steps": steps,
            "mails": len(mails),
            "pdfs": len(papers),
        }

    answer_all(answer)


def _timed(steps: dict[str, float], name: str, step: Callable[[], Result]) -> Result:
    started = time.perf_counter()
    result = step()
    steps[name] = time.perf_counter() - started
    return result


def _fetch(user: str, port: int) -> list[bytes]:
    with IMAPClient("127.0.0.1", port, ssl=False) as client:
        client._imap.debug = 0
        client.login(user, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        return [
            answer[b"BODY[]"]
            for place in range(0, len(uids), BATCH)
            for answer in client.fetch(uids[place : place + BATCH], ["BODY.PEEK[]"]).values()
        ]


def _parse(mail: bytes) -> Iterator[bytes]:
    """Decode every part; the PDFs among them are given back."""
    for part in email.message_from_bytes(mail, policy=compat32).walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_content_type() == "application/pdf":
            yield content
        else:
            content.decode(part.get_content_charset("utf-8"), "replace")


def _text(paper: bytes) -> str:
    with pdfplumber.open(BytesIO(paper)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def _commit(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE mails (uid INTEGER PRIMARY KEY, status TEXT)")
        for uid in range(count):
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO mails VALUES (?, 'ignored')", (uid,))
            database.execute("COMMIT")
        database.close()


def _pages(count: int, round: int) -> list[str]:
    """What is printed on the amended invoices, other in each round, so that nothing is remembered."""
    books, wordings = correspondence.books(), Wordings([TEMPLATES / "words"])
    pages = []
    for place, invoice in enumerate(books.invoices[:count]):
        po = PoNumber(f"45{round:04}{place:04}")
        made = Amendment(
            invoice=invoice.number,
            customer=invoice.customer,
            old_po=None,
            new_po=po,
            revision=1,
            requested_by="ap@customer.example",
            applied_by="addendum",
            applied_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
        )
        customer = books.customer_by_id[invoice.customer]
        printed = prints.of(
            replace(invoice, po_number=po, revision=1),
            issuer=books.issuer,
            customer=customer,
            amendments=(made,),
            timezone=ZoneInfo("Europe/London"),
            wording=wordings.of(customer.language),
        )
        pages.append(json.dumps(printed))
    return pages


def _render(compiler: typst.Compiler, source: bytes, page: str) -> bytes:
    content = compiler.compile(
        input={"main.typ": source},  # type: ignore[type-var]  # typed for one path only
        sys_inputs={"invoice": page},
        format="pdf",
        pdf_standards=["a-3a", "ua-1"],
        timestamp=1_795_000_000,
    )
    assert isinstance(content, bytes)
    return content


def _hand_over(documents: list[bytes], port: int) -> None:
    head = f"From: {correspondence.MAILBOX}\r\nTo: ap@customer.example\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for content in documents:
            server.sendmail(correspondence.MAILBOX, ["ap@customer.example"], head + encodebytes(content).replace(b"\n", b"\r\n"))


if __name__ == "__main__":
    main()
