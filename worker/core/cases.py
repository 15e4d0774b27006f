"""A mail laid out for judging: who speaks, every piece of evidence with its author's weight, what the rules say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from worker.core import automatic, claims, forwards, invoice_responses, papers, purchase_orders, senders, texts
from worker.core.claims import Claim
from worker.core.decisions import Hit
from worker.core.invoice_responses import InvoiceResponse
from worker.core.invoices import Books, Customer, Invoice
from worker.core.lexicons import Lexicon
from worker.core.mail_words import MailWords, folded
from worker.core.messages import Address, Attachment, Block, BlockKind, Message
from worker.core.numbers import Kind
from worker.core.papers import Paper, PurchaseOrder
from worker.core.readings import SPACE, Piece, Placed, Source, read
from worker.core.rules import Rulebook
from worker.core.senders import Speaker

_SHORT_ROW = 4
_MORE_THAN_A_NOD = 7


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An attachment with what kind of document it is and its text as a piece."""

    attachment: Attachment
    paper: Paper
    piece: Piece | None


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that a verdict may look at. ``customer`` is whom the mail speaks for, None where that is not known."""

    message: Message
    books: Books
    whole_rulebook: Rulebook
    speaker: Speaker
    customer: Customer | None

    @cached_property
    def parts(self) -> Parts:
        """What the mail consists of, read once somebody asks: who speaks settles most mail without it."""
        return _parts(self.message, self.speaker, self.books, self.whole_rulebook)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules in the languages of the mail."""
        return self.whole_rulebook.limited(self.whole_rulebook.vocabularies.spoken_in(self.texts))

    @property
    def lexicon(self) -> Lexicon:
        return self.rulebook.lexicon

    @property
    def texts(self) -> Iterator[str]:
        """Every text that counts, as written, those of attachments too."""
        yield from (part.text for part in self.parts.texts)
        yield from (attachment.text for attachment in self.parts.attachments if attachment.text)

    @cached_property
    def may_name_ours(self) -> bool:
        """Whether anything in the mail, whoever wrote it, may mean an invoice of ours: in most mail nothing does."""
        found = (hit for text in _all_texts(self.message) for _, _, hit in self.books.catalogue.find(texts.parted(text)))
        return any(hit.invoices for hit in found)

    @cached_property
    def formats(self) -> tuple[re.Pattern[str], ...]:
        po_format = self.customer.po_format if self.customer else None
        return (claims.format_finder(po_format),) if po_format else ()

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Every text of the mail, the strongest evidence first."""
        return tuple(
            sorted((self._read(part.source, part.text, part.question) for part in self.parts.texts), key=lambda piece: piece.source)
        )

    @cached_property
    def exhibits(self) -> tuple[Exhibit, ...]:
        return tuple(self._exhibit(attachment) for attachment in self.parts.attachments)

    @cached_property
    def responses(self) -> tuple[InvoiceResponse, ...]:
        found = (invoice_responses.read(attachment) for attachment in self.parts.attachments)
        return tuple(response for response in found if response is not None)

    @cached_property
    def orders(self) -> tuple[PurchaseOrder, ...]:
        """The purchase orders attached."""
        if self.customer is None:
            return ()
        return tuple(
            papers.purchase_order(exhibit.attachment, exhibit.piece, self.books.issuer, self.customer, self.lexicon)
            for exhibit in self.exhibits
            if exhibit.paper is Paper.ORDER and exhibit.piece is not None
        )

    @cached_property
    def order_not_in_force(self) -> str | None:
        """The line by which an attached purchase order says that it does not count, say that it is a draft."""
        rows = (row.strip() for exhibit in self.exhibits if exhibit.paper is Paper.ORDER and exhibit.piece for row in exhibit.piece.rows())
        return next((row for row in rows if len(row.split()) <= _SHORT_ROW and "not-in-force" in self.rules_of(row)), None)

    @cached_property
    def spoken(self) -> tuple[Piece, ...]:
        """What the speaker says now, in the mail or in a letter attached to it; where that is nothing, what it quotes of its own side."""
        letters = [
            exhibit.piece for exhibit in self.exhibits if exhibit.paper in (Paper.LETTER, Paper.OWN_INVOICE) and exhibit.piece is not None
        ]
        said = [piece for piece in self.pieces if piece.source in (Source.NOTE, Source.NEW, Source.SUBJECT)]
        said += [self._read(Source.LETTER, text) for response in self.responses for text in response.texts]
        quoted = [piece for piece in self.pieces if piece.source is Source.QUOTED]
        if quoted and not letters and not self.orders and not self.responses:
            written = [piece for piece in said if piece.source is not Source.SUBJECT]
            if not any(map(_says_something, written)) or self._hands_on(written):
                said += quoted
        return tuple(said + letters)

    @cached_property
    def numbered(self) -> bool:
        """Whether any number of whatever kind stands in what the writer says now or in the subject."""
        return any(piece.placed for piece in self.pieces if piece.source <= Source.SUBJECT)

    @cached_property
    def handed_on(self) -> bool:
        """Whether the writer passes on what is quoted below: by saying so, or by saying nothing else."""
        said = [piece for piece in self.pieces if piece.source <= Source.NEW and any(map(str.isalpha, piece.marked))]
        return not said or self._hands_on(said)

    def _hands_on(self, pieces: Iterable[Piece]) -> bool:
        sentences = (piece.said(start, end) for piece in pieces for start, end in piece.sentences)
        return any("hands-on" in self.rules_of(said) for said in sentences)

    @cached_property
    def mentioned(self) -> dict[int, tuple[tuple[Placed, Invoice], ...]]:
        """The invoices that each piece names, kept by ``mentions`` once they are found."""
        return {}

    @cached_property
    def heard(self) -> dict[str, frozenset[str]]:
        """What ``rules_of`` found, kept: a question is put for each of thousands of numbers in one sentence."""
        return {}

    @cached_property
    def hits(self) -> dict[str, Hit]:
        """The rules that hit, by name, each with the first line it hit in."""
        found: dict[str, Hit] = {}
        for piece in self.spoken:
            own = self._is_own_invoice(piece)
            for rule, hit in self.rulebook.read(piece, quotations=self.by_machine):
                if rule.stamped or not own:
                    found.setdefault(rule.name, hit)
        return found

    @property
    def hits_asked_for(self) -> dict[str, Hit] | None:
        """The hits where a question needed them; None where the mail was settled before any rule was tried."""
        return vars(self).get("hits")

    @cached_property
    def po_head(self) -> str | None:
        """The capitals with which every number begins that the customer gave so far; None where they have none in common."""
        if self.customer is None:
            return None
        known = [invoice.po_number for invoice in self.books.invoices_by_customer.get(self.customer.id, ())]
        return purchase_orders.common_head(po for po in (*known, self.customer.standing_po) if po is not None)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Every number that the speaker calls a PO, refuses, or wonders about; none where it is not known for whom it speaks."""
        if self.customer is None:
            return ()
        pieces = [piece for piece in self.spoken if not self._is_own_invoice(piece)]
        return tuple(claim for piece in pieces for claim in claims.read(piece, self.customer, self.lexicon, head=self.po_head))

    @property
    def disguised(self) -> bool:
        """Whether what the speaker wrote holds characters that make numbers look other than they are."""
        attached = (attachment.text for attachment in self.parts.attachments if attachment.text is not None)
        return any(texts.disguises(text) for text in (*(part.text for part in self.parts.texts), *attached))

    @cached_property
    def by_machine(self) -> bool:
        """Whether a system wrote this, which may quote what its users said."""
        return self.speaker.network is not None or automatic.machine_made(self.message)

    @cached_property
    def embeds_a_letter(self) -> bool:
        """Whether a letter to somebody else stands inside what the speaker wrote: a second salutation further down."""
        for part in self.parts.texts:
            lines = [line for line in part.text.splitlines() if line.strip()]
            greeted = [place for place, line in enumerate(lines) if self.lexicon.salutations.found(line.strip()[:60])]
            if part.source is Source.NEW and len(greeted) > 1 and greeted[-1] - greeted[0] > 1:
                return True
        return False

    def rules_of(self, text: str) -> frozenset[str]:
        """The names of the rules that one sentence of a marked text hits, also of those that are only asked on demand."""
        text = text.strip(SPACE)
        found = self.heard.get(text)
        if found is None:
            found = self.heard[text] = frozenset(rule.name for rule in self.rulebook.said(text))
        return found

    def says(self, *names: str) -> bool:
        """Whether any of the rules called ``names`` hit."""
        return not self.hits.keys().isdisjoint(names)

    @cached_property
    def understood(self) -> bool:
        """Whether the rules know the language of everything that the speaker says."""
        written = [part.text for part in self.parts.texts if part.source in (Source.NOTE, Source.NEW)]
        written += [exhibit.piece.text for exhibit in self.exhibits if exhibit.paper is Paper.LETTER and exhibit.piece is not None]
        return all(self.rulebook.vocabularies.understood(text) for text in written)

    def _is_own_invoice(self, piece: Piece) -> bool:
        return any(exhibit.piece is piece and exhibit.paper is Paper.OWN_INVOICE for exhibit in self.exhibits)

    def _read(self, source: Source, text: str, question: str = "") -> Piece:
        return read(source, text, catalogue=self.books.catalogue, lexicon=self.lexicon, formats=self.formats, question=question)

    def _exhibit(self, attachment: Attachment) -> Exhibit:
        if attachment.text is None or invoice_responses.read(attachment) is not None or "xml" in attachment.content_type:
            return Exhibit(attachment, Paper.UNREAD, None)
        piece = self._read(Source.LETTER, attachment.text)
        return Exhibit(attachment, papers.kind_of(piece, self.books.issuer, self.lexicon), piece)


@dataclass(frozen=True, slots=True)
class Part:
    """A text of a mail with its weight, and the question above it where it answers between quoted lines."""

    source: Source
    text: str
    question: str = ""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The texts of a mail by their weight, what came along, and the mails that it answers."""

    texts: tuple[Part, ...]
    attachments: tuple[Attachment, ...]
    references: tuple[str, ...] = ()


def lay_out(message: Message, books: Books, rulebook: Rulebook) -> Case:
    """The case of ``message``: its speaker, its parts, and the customer as far as the mail tells."""
    speaker = senders.identify(message, books, rulebook)
    case = Case(message=message, books=books, whole_rulebook=rulebook, speaker=speaker, customer=speaker.customer)
    if case.customer is None and speaker.kind in (senders.Kind.NETWORK, senders.Kind.FORWARDED, senders.Kind.ISSUER):
        known = replace(case, customer=_spoken_of(case))
        vars(known)["parts"] = case.parts
        return known
    return case


def _all_texts(message: Message) -> Iterator[str]:
    yield from (message.subject, message.text)
    yield from (attachment.text for attachment in message.attachments if attachment.text)
    for inside in message.nested:
        yield from _all_texts(inside)


def _parts(message: Message, speaker: Speaker, books: Books, rulebook: Rulebook) -> Parts:
    inner = speaker.forwarded
    if inner is not None:
        subject = inner.subject or message.subject
        texts_of_mail = [
            Part(Source.NOTE, inner.note),
            _subject(subject, rulebook.mail_words),
            *_blocks(inner.blocks, speaker, books, unsigned=Source.OURS),
        ]
        return Parts(texts=_worded(texts_of_mail), attachments=inner.attachments, references=inner.references)
    blocks = list(_blocks(message.blocks, speaker, books, unsigned=_unsigned(message, speaker, rulebook.mail_words)))
    if speaker.kind is senders.Kind.ISSUER:
        blocks = [replace(part, source=Source.NOTE) if part.source is Source.NEW else part for part in blocks]
    nested = [Part(Source.QUOTED, block.text) for inside in message.nested for block in inside.blocks if block.depth == 0]
    return Parts(
        texts=_worded([_subject(message.subject, rulebook.mail_words), *blocks, *nested]),
        attachments=(*message.attachments, *(attachment for inside in message.nested for attachment in inside.attachments)),
        references=(*message.in_reply_to, *message.references),
    )


def _subject(subject: str, words: MailWords) -> Part:
    """The subject of a reply was written by whoever began the thread, often by us."""
    return Part(Source.OURS if _is_reply(subject, words) else Source.SUBJECT, subject)


def _is_reply(subject: str, words: MailWords) -> bool:
    prefix = folded(subject.partition(":")[0].strip()) if ":" in subject else ""
    return prefix in words.reply_prefixes and prefix not in words.forward_prefixes


def _unsigned(message: Message, speaker: Speaker, words: MailWords) -> Source:
    """Whose words a quote without an author is: in a reply ours; in a system's notification the comment that it brings."""
    if message.in_reply_to or message.references or _is_reply(message.subject, words):
        return Source.OURS
    return Source.NEW if speaker.kind is senders.Kind.NETWORK else Source.QUOTED


def _blocks(blocks: Iterable[Block], speaker: Speaker, books: Books, *, unsigned: Source) -> Iterator[Part]:
    """The blocks as parts; ``unsigned`` is the weight of a quote that names no author."""
    question = ""
    for block in blocks:
        if block.kind is BlockKind.NEW and block.depth == 0:
            yield Part(Source.NEW, block.text, question)
        elif block.kind in (BlockKind.NEW, BlockKind.QUOTED, BlockKind.FORWARDED):
            author = block.author or (block.heading.author if block.heading else None)
            question = block.text
            yield Part(unsigned if author is None else _weight(author, speaker, books), block.text)


def _weight(author: Address, speaker: Speaker, books: Books) -> Source:
    """Whose quoted words count: the customer's own people's, as far as their address tells; nobody else's hold a PO number."""
    if forwards.ours(author, books.issuer):
        return Source.OURS
    theirs = speaker.customer is None or not author.email or speaker.customer.owns(author.email)
    return Source.QUOTED if theirs else Source.OTHERS


def _worded(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(part for part in parts if part.text.strip())


def _says_something(piece: Piece) -> bool:
    """Whether a piece is more than a greeting, a nod or "see below"."""
    if piece.placed:
        return True
    words = 0
    for word in piece.marked.split():
        words += texts.word_count(word) if any(map(str.isalpha, word)) else 0
        if words > _MORE_THAN_A_NOD:
            return True
    return False


def _spoken_of(case: Case) -> Customer | None:
    """The customer that a network, a forward or a note speaks of: by its invoices, else by its name."""
    by_invoice = {
        case.books.invoice_by_number[number].customer
        for piece in case.pieces
        for placed in piece.of(Kind.INVOICE)
        if placed.token.found is not None and (placed.token.found.sure or case.speaker.kind is not senders.Kind.NETWORK)
        for number in placed.token.found.invoices
    }
    by_name = {customer for text in case.texts for customer in case.books.directory.named(text)}
    for named in (by_invoice & by_name, by_invoice, by_name):
        allowed = [
            case.books.customer_by_id[customer]
            for customer in sorted(named)
            if _may_speak(case.speaker, case.books.customer_by_id[customer])
        ]
        if len(allowed) == 1:
            return allowed[0]
    return None


def _may_speak(speaker: Speaker, customer: Customer) -> bool:
    """A network speaks only for customers that list it; the issuer vouches for everything it forwards."""
    return speaker.kind is not senders.Kind.NETWORK or speaker.network in customer.networks
