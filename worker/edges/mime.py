"""Reads the bytes of a mail into a Message: headers, visible text in blocks, attachments and the mails attached to it. It never raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message as Part
from functools import partial
from hashlib import sha256
from itertools import islice

from worker.core.blocks import Later, MailWords, split
from worker.core.messages import HEADERS, Address, Attachment, Message
from worker.edges import mime_cargo, mime_heads, mime_parts, mime_trees
from worker.edges.header_fields import addresses, date_of, ids, text_of, unfolded
from worker.edges.mime_trees import MOST_PARTS
from worker.edges.pdfs import PdfReading

DEEPEST_PART = 20
DEEPEST_MAIL = 5
LONGEST_TEXT = 200_000
"""Characters of a mail's text that are told apart by author; the rest of a longer text is left out."""
MOST_ALIKE = 100
"""How many fields of one name are read where a mail may have several."""
MOST_NAMED = 2_000
"""How many addresses or message ids are read from the fields of one name."""

ReadPdf = Callable[[bytes], PdfReading]

_ENCRYPTED = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted", "multipart/encrypted"))
_MAILS = frozenset(("message/rfc822", "message/global"))
_BODIES = frozenset(("text/plain", "text/html"))
_XML = frozenset(("application/xml", "text/xml"))
_MEDIA = ("image/", "audio/", "video/")
"""What nobody reads, and what would take its size in memory once more to decode."""
_READABLE = (".pdf", ".xml", ".eml")
_IDENTIFYING = frozenset((b"from", b"to", b"cc", b"subject", b"date", b"message-id"))
_FIELD = re.compile(rb"From |[!-9;-~]*:|[\t ]")
"""How a line of a header begins, also the first of an mbox file and a folded one."""
_LONGEST_BLANK = 1_000
_MACHINES_WORDS = frozenset(("authentication-results",))
"""Headers that programs write for programs: decoded, they could say what their writer never said."""
_NUMBER = re.compile(r"\b[^\W\d]*\d\w*")
_NOT_SHOWN = re.compile(r"https?://\S+|<mailto:[^>\s]*>|\[cid:[^\]\s]*\]|<cid:[^>\s]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a mail is known again: its Message-ID, and a hash that a second delivery of the same mail shares."""

    message_id: str | None
    content_hash: str


@dataclass(slots=True)
class _Contents:
    """What the parts of one mail add up to; ``room`` is how many more characters of text are read."""

    texts: list[str] = field(default_factory=list)
    room: int = LONGEST_TEXT
    attachments: list[Attachment] = field(default_factory=list)
    nested: list[Message] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        if len(text) > self.room:
            self.defects.append("text cut")
        self.texts.append(text[: self.room])
        self.room -= len(self.texts[-1])


def parse(raw: bytes, *, words: MailWords, read_pdf: ReadPdf | None = None) -> Message:
    """The mail in ``raw`` (RFC 5322, RFC 2045), with whatever of it can be read; what could not is said in ``defects``."""
    return _Reader(words, read_pdf).message(mime_trees.tree(raw), 0)


def identity(raw: bytes) -> Identity:
    """The identity of a mail, from its From, To, Cc, Subject, Date and Message-ID lines and its body, byte for byte.

    What follows a line that is no field (RFC 5322 §2.2) is body too, whether or not a blank line stands between.
    """
    header, body = mime_trees.halves(raw)
    digest = sha256()
    message_id = None
    in_body = False
    for name, line in mime_trees.header_lines(header):
        in_body = in_body or not _FIELD.match(line)
        if in_body or name in _IDENTIFYING:
            digest.update(line)
            digest.update(b"\n")
        if name == b"message-id" and message_id is None and not in_body:
            message_id = next(iter(ids(line.partition(b":")[2].decode("latin-1"))), None)
    digest.update(b"\n")
    digest.update(body)
    return Identity(message_id, digest.hexdigest())


def written_at(raw: bytes) -> datetime | None:
    """When a mail says that it was written, by its first Date field; None where that says nothing."""
    header, _ = mime_trees.halves(raw)
    dates = (line.partition(b":")[2].decode("latin-1") for name, line in mime_trees.header_lines(header) if name == b"date")
    return next(map(date_of, dates), None)


class _Reader:
    """Reads one mail and those attached to it, within one budget of parts and one of attached texts, in characters."""

    def __init__(self, words: MailWords, read_pdf: ReadPdf | None) -> None:
        self.words = words
        self.read_pdf = read_pdf
        self.parts = 0
        self.room = mime_parts.LONGEST_TEXT

    def message(self, part: Part, depth: int) -> Message:
        items = part.raw_items()
        fields: dict[str, list[str]] = {}
        for written, value in islice(items, mime_heads.MOST_FIELDS):
            if (name := written.strip().lower()) in mime_heads.FIELDS:
                fields.setdefault(name, []).append(value if isinstance(value, str) else str(value))
        contents = _Contents(defects=[mime_trees.name_of(defect) for defect in part.defects[:20]])
        if next(items, None) is not None:
            contents.defects.append("too many headers")
        mime_parts.forget_all_but_content_fields(part)
        self._gather(part, contents, depth, 0)
        return self._message(fields, contents)

    def _message(self, fields: Mapping[str, Sequence[str]], contents: _Contents) -> Message:
        def every(name: str) -> Sequence[str]:
            return fields.get(name, ())

        def people(name: str) -> tuple[Address, ...]:
            values = every(name)[:MOST_ALIKE]
            return tuple(islice((address for value in values for address in addresses(value)), MOST_NAMED)) if values else ()

        def mails(name: str) -> tuple[str, ...]:
            values = every(name)[:MOST_ALIKE]
            return tuple(islice((found for value in values for found in ids(value)), MOST_NAMED)) if values else ()

        froms = people("from")
        subject = text_of(next(iter(every("subject")), ""))
        text = "\n\n".join(text for text in contents.texts if text.strip())
        sender = froms[0] if len(froms) == 1 and len(every("from")) == 1 else None
        return Message(
            message_id=next(iter(mails("message-id")), None),
            in_reply_to=mails("in-reply-to"),
            references=mails("references"),
            from_headers=len(every("from")),
            froms=froms,
            to=people("to"),
            cc=people("cc"),
            reply_to=people("reply-to"),
            subject=subject,
            date=next((date_of(value) for value in every("date")), None),
            headers=tuple((name, _kept(name, value)) for name, values in fields.items() if name in HEADERS for value in values),
            text=text,
            blocks=Later(partial(split, text, sender=sender, words=self.words, subject=subject)),
            attachments=tuple(contents.attachments),
            nested=tuple(contents.nested),
            part_types=tuple(contents.types),
            defects=tuple(dict.fromkeys(contents.defects)),
        )

    def _gather(self, part: Part, contents: _Contents, depth: int, level: int) -> None:
        """Take in a part and those in it; what is beyond the budget of parts or levels is only counted as a defect."""
        self.parts += 1
        if self.parts > MOST_PARTS or level > DEEPEST_PART:
            contents.defects.append("too many parts")
            return
        mime_parts.mend(part)
        kind = mime_parts.kind(part)
        contents.types.append(kind)
        if kind in _ENCRYPTED:
            contents.attachments.append(Attachment(name=mime_parts.file_name(part), content_type=kind, problem="encrypted"))
        elif kind == "multipart/alternative" and part.is_multipart():
            self._gather_alternative(part, contents, depth, level)
        elif kind.startswith("multipart/") or _is_headless(part):
            self._gather_several(part, kind, contents, depth, level)
        elif kind in _MAILS:
            self._gather_mail(part, contents, depth)
        elif kind not in _BODIES or mime_parts.is_attached(part) or (contents.texts and mime_parts.file_name(part)):
            self._attach(part, kind, contents, depth)
        else:
            self._show(part, kind, contents, depth, level)

    def _show(self, part: Part, kind: str, contents: _Contents, depth: int, level: int) -> None:
        """Take in a text; of parts that a misspelt boundary left in it, those that are no other rendering of it."""
        stray = [child for child in mime_parts.inner(part) if mime_parts.kind(child) not in _BODIES]
        if mime_parts.cut_at_lost_boundary(part):
            contents.defects.append("misspelt boundary")
            for child in stray:
                self._gather(child, contents, depth, level + 1)
        self._say(part, kind, contents)

    def _say(self, part: Part, kind: str, contents: _Contents) -> None:
        contents.say(mime_parts.shown(part, kind))
        contents.defects += mime_parts.cuts(part)

    def _gather_several(self, part: Part, kind: str, contents: _Contents, depth: int, level: int) -> None:
        """Take in each part. Of a report (RFC 6522) only the first is for people; the mail that bounced in it is not read."""
        children = mime_parts.inner(part)
        if children:
            part.set_payload([*children])  # what was mended would be kept twice, at each level
        else:
            self._say(part, kind, contents)
        is_report = kind == "multipart/report"
        for place, child in enumerate(children):
            if is_report and place:
                contents.types.append(mime_parts.kind(child))
            else:
                self._gather(child, contents, depth, level + 1)

    def _gather_alternative(self, part: Part, contents: _Contents, depth: int, level: int) -> None:
        """Of several renderings of one text take the one that a reader is shown; what is no text in them is gathered too."""
        texts = {"text/plain": "", "text/html": ""}
        for child in mime_parts.inner(part):
            rendering = _Contents()
            self._gather(child, rendering, depth, level + 1)
            contents.types += rendering.types
            contents.attachments += rendering.attachments
            contents.nested += rendering.nested
            contents.defects += rendering.defects
            name = "text/html" if "text/html" in rendering.types else "text/plain"
            texts[name] = texts[name] or "\n\n".join(rendering.texts)
        contents.say(shown(texts["text/plain"], texts["text/html"]))

    def _gather_mail(self, part: Part, contents: _Contents, depth: int) -> None:
        payload = part.get_payload()
        mail = payload[0] if isinstance(payload, list) and payload else None
        if not isinstance(mail, Part) or depth >= DEEPEST_MAIL:
            contents.defects.append("unread mail inside")
            return
        encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
        if encoding in ("base64", "quoted-printable") and not mail.keys():
            mail["Content-Transfer-Encoding"] = encoding
            mail = mime_trees.tree(mime_parts.content(mail))
        contents.nested.append(self.message(mail, depth + 1))

    def _attach(self, part: Part, kind: str, contents: _Contents, depth: int) -> None:
        if part.is_multipart():
            return
        name = mime_parts.file_name(part)
        if kind.startswith(_MEDIA) and not name.lower().endswith(_READABLE):
            contents.attachments.append(Attachment(name=name, content_type=kind))
            return
        content = mime_parts.content(part)
        if name.lower().endswith(".eml") and depth < DEEPEST_MAIL:
            contents.nested.append(self.message(mime_trees.tree(content), depth + 1))
            return
        text, problem = self._text_of(part, kind, name.lower(), content)
        if kind == "text/plain" and text is not None:
            text = self._within_room(text, contents)
        contents.defects += mime_parts.cuts(part)
        contents.attachments.append(Attachment(name=name, content_type=kind, content=content, text=text, problem=problem))

    def _within_room(self, text: str, contents: _Contents) -> str:
        if len(text) > self.room:
            contents.defects.append("text cut")
        text = text[: self.room]
        self.room -= len(text)
        return text

    def _text_of(self, part: Part, kind: str, name: str, content: bytes) -> tuple[str | None, str | None]:
        """What can be read of an attached file, and why it can not."""
        if kind == "application/pdf" or name.endswith(".pdf") or content.startswith(b"%PDF-"):
            reading = self.read_pdf(content) if self.read_pdf else None
            return (reading.text if reading and not reading.problem else None), (reading.problem if reading else None)
        if _is_xml(kind, name):
            return mime_parts.source(part, content), None
        if kind == "text/plain":
            return mime_parts.text(part), None
        return None, None


def _kept(name: str, value: str) -> str:
    return unfolded(value) if name in _MACHINES_WORDS else text_of(value)


def _is_xml(kind: str, name: str) -> bool:
    return kind in _XML or kind.endswith("+xml") or name.endswith(".xml")


def _is_headless(part: Part) -> bool:
    """Whether the header that said "multipart" is lost: the text begins with a boundary."""
    begins = mime_cargo.written(part)[:_LONGEST_BLANK].lstrip().startswith("--")
    return begins and part.get("content-type") is None and bool(mime_parts.inner(part))


def shown(plain: str, html: str) -> str:
    """Which of two renderings is the text: the plain one while it says the same numbers as the visible HTML, else what a reader sees."""
    if not plain.strip() or not html.strip():
        return html if html.strip() else plain
    in_plain, in_html = _numbers(plain), _numbers(html)
    words_plain, words_html = set(_NOT_SHOWN.sub(" ", plain).split()), set(html.split())
    says_less = len(words_html - words_plain) > 5 + len(words_html) // 3
    says_more = len(words_plain - words_html) > 2 + len(words_plain) // 3
    return plain if in_plain == in_html and not says_less and not says_more else html


def _numbers(text: str) -> set[str]:
    return {number for number in _NUMBER.findall(_NOT_SHOWN.sub(" ", text)) if len(number) > 2}
