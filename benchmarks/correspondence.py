"""Books and a thousand mails of our own making: newsletters, small talk, questions, doubts, and rejections that bring a purchase order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from benchmarks import papers, phrases
from worker.core.invoices import Books, Customer, Invoice, Issuer, Line

AUTHSERV = "mx.harbour.example"
MAILBOX = "billing@harbour.example"
OWNER = "oona@harbour.example"
STUDIO = Issuer(
    name="Harbour Lane Studio",
    addresses=(MAILBOX, OWNER),
    mailbox=MAILBOX,
    trusted_authserv=AUTHSERV,
    address=("3 Harbour Lane", "Bristol BS1 5DB"),
    tax_id="GB 123 4567 89",
    payment=("Severn Bank, sort code 01-02-03, account 44556677",),
)
TOWNS = (
    "Alder",
    "Birch",
    "Cedar",
    "Dunlin",
    "Elm",
    "Fulmar",
    "Gannet",
    "Hazel",
    "Ibex",
    "Juniper",
    "Kestrel",
    "Linden",
    "Merlin",
    "Nettle",
)
TRADES = ("Foods", "Maschinenbau", "Logistics")
BEGUN = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
CUSTOMERS = 42
INVOICES = 400
AMENDING, ASKING, DOUBTING, THANKING, NEWS = 0.10, 0.03, 0.07, 0.10, 0.50
"""Shares of all mail; the rest is small talk. A tenth has a PDF: three in ten of the amending ones the order itself, and others."""


@dataclass(frozen=True, kw_only=True)
class Post:
    """What arrives, and what must come of it: how many amendments, and how many letters in all."""

    mails: tuple[bytes, ...]
    amendments: int
    letters: int


def books() -> Books:
    """The studio's customers and its invoices, none of which has a purchase order yet."""
    customers = tuple(_customer(place) for place in range(CUSTOMERS))
    return Books(issuer=STUDIO, customers=customers, invoices=tuple(_invoice(place) for place in range(INVOICES)))


def post(count: int, seed: int = 7, *, plain: bool = False) -> Post:
    """``count`` mails in a mixed order, the same for the same ``seed``; ``plain`` ones have neither HTML nor attachments."""
    return _Desk(count, seed, plain=plain).post()


def large_mail(size: int) -> bytes:
    """One mail with an attachment that brings it to about ``size`` bytes, from someone unknown."""
    message = _headers("Scans of the archive", "archive@attic.example", "<large@attic.example>", BEGUN)
    message.set_content("Here are the scans that we talked about.\n")
    message.add_attachment(random.Random(1).randbytes(size * 3 // 4 * 76 // 78), maintype="image", subtype="tiff", filename="scans.tif")  # noqa: S311  only noise
    return message.as_bytes(policy=SMTP)


def _customer(place: int) -> Customer:
    name = f"{TOWNS[place % len(TOWNS)]} {TRADES[place // len(TOWNS)]}"
    domain = f"{name.replace(' ', '').lower()}.example"
    language = "de" if place % 2 else "en"
    return Customer(
        id=f"c{place}",
        name=f"{name} {'GmbH' if place % 2 else 'Ltd'}",
        contacts=(f"ap@{domain}",),
        domains=(domain,),
        requires_po=True,
        po_format="45########",
        language=language,
        address=(f"{place + 1} Mill Road", "Bath"),
    )


def _invoice(place: int) -> Invoice:
    lines = tuple(
        Line(
            description=f"Illustration {spread} for sheet {place}",
            quantity=Decimal(spread),
            unit_price=Decimal(80 + place % 37),
            tax_rate=Decimal(19),
        )
        for spread in range(1, 4 + place % 5)
    )
    issued = date(2026, 10, 1) + timedelta(days=place % 28)
    bare = Invoice(
        number=f"HLS-{20001 + place}",
        customer=f"c{place % CUSTOMERS}",
        issue_date=issued,
        due_date=issued + timedelta(days=30),
        currency="EUR",
        total=Decimal(0),
        sent_message_ids=(f"<hls-{20001 + place}@harbour.example>",),
        lines=lines,
    )
    return Invoice(**{name: getattr(bare, name) for name in bare.__dataclass_fields__} | {"total": bare.gross})


def _headers(subject: str, sender: str, message_id: str, sent: datetime) -> EmailMessage:
    """What every mail carries once it has been through a few servers."""
    message = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2].rstrip(">")
    message["Authentication-Results"] = f"{AUTHSERV}; spf=pass smtp.mailfrom={domain}; dmarc=pass header.from={domain}"
    for hop in range(3):
        message["Received"] = (
            f"from relay{hop}.{domain} by mx{hop}.harbour.example with ESMTPS id {hop}ab{sent:%H%M%S}; {sent:%a, %d %b %Y %H:%M:%S} +0000"
        )
    message["From"] = sender
    message["To"] = MAILBOX
    message["Subject"] = subject
    message["Date"] = sent
    message["Message-ID"] = message_id
    message["X-Mailer"] = "Office Post 4.2"
    return message


class _Desk:
    """Where the mails are written, with one source of chance."""

    def __init__(self, count: int, seed: int, *, plain: bool) -> None:
        self._count = count
        self._plain = plain
        self._chance = random.Random(seed)  # noqa: S311  no secrets here
        self._books = books()
        self._fresh = iter(self._books.invoices)
        self._written = 0

    def post(self) -> Post:
        kinds = self._kinds()
        amending, asking = kinds.count("rejection"), kinds.count("question")
        with_paper = {"rejection": round(0.3 * amending), "news": round(0.4 * amending), "thanks": round(0.3 * amending)}
        mails = []
        for kind in kinds:
            paper = with_paper.get(kind, 0) > 0
            with_paper[kind] = with_paper.get(kind, 0) - 1
            mails.append(self._mail(kind, with_paper=paper))
        self._chance.shuffle(mails)
        return Post(mails=tuple(mails), amendments=amending, letters=amending + asking)

    def _kinds(self) -> list[str]:
        shares = {"rejection": AMENDING, "question": ASKING, "doubt": DOUBTING, "thanks": THANKING, "news": NEWS}
        kinds = [kind for kind, share in shares.items() for _ in range(round(share * self._count))]
        return kinds + ["talk"] * (self._count - len(kinds))

    def _mail(self, kind: str, *, with_paper: bool) -> bytes:
        self._written += 1
        if kind == "news":
            language = self._chance.choice(("en", "de"))
            return self._sealed(
                kind, language, "News <letters@workshop.example>", {"count": self._written}, self._news(language), with_paper
            )
        invoice = next(self._fresh) if kind in ("rejection", "question") else self._chance.choice(self._books.invoices[200:])
        customer = self._books.customer_by_id[invoice.customer]
        facts = {
            "invoice": invoice.number,
            "po": f"45{self._chance.randrange(10**8):08}",
            "amount": f"{invoice.total:.2f} EUR",
            "customer": customer.name,
        }
        sender = f"{phrases.ROLES[customer.language]} <{customer.contacts[0]}>"
        return self._sealed(kind, customer.language, sender, facts, self._letter(kind, customer.language, facts), with_paper)

    def _news(self, language: str) -> str:
        said = [self._chance.choice(phrases.NEWS[language]).format(count=self._chance.randrange(3, 90)) for _ in range(24)]
        return "\n\n".join(" ".join(said[place : place + 3]) for place in range(0, len(said), 3))

    def _letter(self, kind: str, language: str, facts: dict[str, str]) -> str:
        pick = self._chance.choice
        said = {"rejection": phrases.REJECTIONS, "question": phrases.QUESTIONS, "doubt": phrases.DOUBTS, "thanks": phrases.THANKS}
        point = pick(said[kind][language]).format_map(facts) if kind in said else " ".join(self._talk(language, 4))
        parts = [pick(phrases.GREETINGS[language]), point, *([" ".join(self._talk(language, 3))] if kind != "rejection" else [])]
        parts += [
            pick(phrases.CLOSINGS[language]) + f"\nMartha Quill\n{phrases.ROLES[language]}\n{facts['customer']}",
            phrases.DISCLAIMERS[language],
        ]
        parts.append(self._quoted(language, facts["invoice"]))
        return "\n\n".join(parts)

    def _talk(self, language: str, count: int) -> Sequence[str]:
        return self._chance.sample(phrases.SMALL_TALK[language], count)

    def _quoted(self, language: str, invoice: str) -> str:
        cover = phrases.COVER[language].format(invoice=invoice)
        heading = phrases.QUOTED[language].format(day=self._chance.randrange(2, 15), issuer=f"Harbour Lane Studio <{MAILBOX}>")
        return heading + "\n" + "\n".join(f"> {line}" for line in cover.splitlines())

    def _sealed(self, kind: str, language: str, sender: str, facts: Mapping[str, object], text: str, with_paper: bool) -> bytes:
        subject = phrases.SUBJECTS[kind][language].format_map(facts)
        message = _headers(subject, sender, f"<{self._written}.{kind}@post.example>", BEGUN + timedelta(seconds=37 * self._written))
        message.set_content(text + "\n")
        if self._plain:
            return message.as_bytes(policy=SMTP)
        if kind == "news" or self._chance.random() < 0.5:
            message.add_alternative("".join(_html(text)), subtype="html")
        if with_paper:
            name, content = papers.for_mail(kind, self._written, {name: str(value) for name, value in facts.items()}, text)
            message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        return message.as_bytes(policy=SMTP)


def _html(text: str) -> Iterator[str]:
    """The same text as a mail program dresses it."""
    yield '<html><head><meta charset="utf-8"><style>p { margin: 0 0 1em; font: 14px Calibri, sans-serif }</style></head><body>'
    for paragraph in text.split("\n\n"):
        yield '<p style="color: #222">' + "<br>".join(escape(line, quote=False) for line in paragraph.splitlines()) + "</p>"
    yield "</body></html>"
