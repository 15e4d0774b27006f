"""Letters: a reply or a digest put into words, as text and HTML, and made into the very bytes that are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from worker.core import specimens
from worker.core.digests import Digest
from worker.core.lines import legible
from worker.core.messages import Address
from worker.core.replies import Enclosure, Reply
from worker.edges import envelopes, words
from worker.edges.stationery import Stationery
from worker.edges.words import Words
from worker.errors import SetupError

PLAIN_LANGUAGE = "en"
"""The language of a letter to a customer for whose language there are no words, and of the digest."""

LONGEST_ROW = 300
"""How many characters of a text the digest shows: strangers choose their subjects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter in words: one line of subject, the text, and the same as HTML."""

    subject: str
    text: str
    html: str


class Letters:
    """The letters of one installation, from template folders: the user's own first, then the shipped ones.

    Raises SetupError naming the file when the words cannot be read or a template cannot be compiled.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._words = words.read(folders)
        self._stationery = Stationery(folders)
        self._stationery.compile()

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self._words)

    def write(self, reply: Reply) -> Letter:
        """``reply`` in the customer's language, or in English where there are no words for that; SetupError for a broken template."""
        language = self._language(reply.language)
        shown = legible(reply)
        subject = shown.subject or _subject(shown, language)
        return self._letter(f"letters/{reply.action}", language, {"reply": shown, "subject": subject})

    def digest(self, digest: Digest) -> Letter:
        """The evening's digest; SetupError for a broken template."""
        language = self._words[PLAIN_LANGUAGE]
        shown = legible(digest, limit=LONGEST_ROW)
        subject = self._stationery.render("digest/subject.txt.j2", language, {"digest": shown}).strip()
        return self._letter("digest/digest", language, {"digest": shown, "subject": subject})

    def envelope(
        self,
        letter: Letter,
        *,
        sender: Address,
        recipient: str,
        message_id: str,
        date: datetime,
        in_reply_to: str | None = None,
        references: tuple[str, ...] = (),
        enclosures: Sequence[Enclosure] = (),
        automatic: str | None = None,
    ) -> bytes:
        """``letter`` as the bytes of a mail (RFC 5322, MIME, CRLF), the same for the same arguments; ``automatic`` is for Auto-Submitted.

        Raises NeedsAPerson when an address cannot stand in a mail header.
        """
        return envelopes.seal(
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            sender=sender,
            recipient=recipient,
            message_id=message_id,
            date=date,
            in_reply_to=in_reply_to,
            references=references,
            enclosures=enclosures,
            automatic=automatic,
        )

    def check(self) -> None:
        """Write every letter in every language with specimen facts; SetupError for the first template that is broken or silent."""
        for language in self.languages:
            for reply in specimens.replies(language):
                _expect_numbers(reply, self.write(reply))
        for digest in specimens.digests():
            self.digest(digest)

    def _language(self, code: str) -> Words:
        code = code.lower().replace("_", "-")
        return self._words.get(code) or self._words.get(code.partition("-")[0]) or self._words[PLAIN_LANGUAGE]

    def _letter(self, template: str, language: Words, facts: Mapping[str, object]) -> Letter:
        text = self._stationery.render(f"{template}.txt.j2", language, facts)
        html = self._stationery.render(f"{template}.html.j2", language, facts)
        return Letter(subject=str(facts["subject"]), text=text.strip("\n") + "\n", html=html)


def _expect_numbers(reply: Reply, letter: Letter) -> None:
    for kind, said in (("txt", letter.text), ("html", letter.html)):
        for invoice in (*reply.invoices, *reply.asked):
            if invoice.number not in said:
                raise SetupError(f"letters/{reply.action}.{kind}.j2 makes a letter that does not name the invoice which it is about.")


def _subject(reply: Reply, language: Words) -> str:
    numbers = ", ".join(dict.fromkeys(invoice.number for invoice in (*reply.invoices, *reply.asked)))
    if numbers:
        return language.plain("letter.about", numbers=numbers)
    return language.plain("letter.about_po", po=reply.standing_po) if reply.standing_po else reply.issuer.name
