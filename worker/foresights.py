"""Has the PDFs of the mails next in line read while those before them are thought about: reading happens in another process."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence

from worker.handling import Desk

MAILS = 20
"""How many mails are looked at together."""
LARGEST = 512 * 1024
"""The size in bytes up to which a mail is looked at."""
PDF = re.compile(rb"\nJVBERi0[A-Za-z0-9+/\r\n]{100,}={0,2}")
"""How "%PDF-" begins in base64 at the beginning of a line."""


def look_ahead(mails: Sequence[int], desk: Desk) -> None:
    """Begin to read the PDFs in these mails. Nothing of them is parsed here: no mail is begun by this, and none can do any harm."""
    for raw in desk.ledger.raw_mails(mails, largest=LARGEST):
        for content in pdfs(raw):
            desk.begin_pdf(content)


def pdfs(raw: bytes) -> Iterator[bytes]:
    """What looks like a PDF in the bytes of a mail."""
    for found in PDF.finditer(raw):
        try:
            yield binascii.a2b_base64(found[0])
        except binascii.Error:
            continue
