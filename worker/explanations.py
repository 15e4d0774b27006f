"""Why a mail is judged as it is, and the letter that would go out; nothing is changed, recorded or sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from worker import proposals
from worker.core import judgements
from worker.core.decisions import Decision
from worker.core.imprints import Imprint
from worker.core.invoices import Amendment, Books
from worker.core.judgements import Judgement
from worker.core.messages import Message
from worker.core.outcomes import Document
from worker.core.rules import Rulebook
from worker.edges import mime
from worker.edges.pdfs import PdfReading
from worker.errors import NeedsAPerson
from worker.proposals import Archive, Case, Press, Terms


class NothingKept:
    """The archive of books that come from a file: no invoice was amended yet, no PDF was kept."""

    def amendments(self, invoice: str) -> Sequence[Amendment]:  # noqa: ARG002  as the ledger is asked
        return ()

    def document(self, invoice: str, revision: int | None = None) -> Document | None:  # noqa: ARG002  as the ledger is asked
        return None

    def imprint(self, invoice: str) -> Imprint | None:  # noqa: ARG002  as the ledger is asked
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A mail, the judgement of it, and the letter as bytes; ``doubt`` is why no letter could be made where one was due."""

    message: Message
    judgement: Judgement
    letter: bytes | None
    doubt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """What mails are explained with."""

    books: Books
    rulebook: Rulebook
    press: Press
    terms: Terms
    archive: Archive
    read_pdf: Callable[[bytes], PdfReading]
    clock: Callable[[], datetime]

    def explain(self, raw: bytes) -> Explanation:
        """The mail judged as the worker would judge it at this moment."""
        message = mime.parse(raw, words=self.rulebook.mail_words, read_pdf=self.read_pdf)
        judgement = judgements.judge(message, self.books, self.rulebook)
        letter, doubt = self.letter(message, judgement.decision, raw)
        return Explanation(message=message, judgement=judgement, letter=letter, doubt=doubt)

    def letter(self, message: Message, decision: Decision, raw: bytes) -> tuple[bytes | None, str | None]:
        """The letter that would go out, None where none would; and why none could be made where one was due."""
        now = self.clock()
        case = Case(mail=0, key=mime.identity(raw).content_hash, message=message, books=self.books, archive=self.archive, now=now)
        try:
            outcome = proposals.draw_up(decision, case, press=self.press, terms=self.terms)
        except NeedsAPerson as doubt:
            return None, str(doubt)
        return (outcome.letters[0].content if outcome.letters else None), None


def network(explanation: Explanation) -> tuple[str, ...]:
    """What the rules say of the AP network that speaks in the mail, and of what a reply to it reaches; empty where none does."""
    case = explanation.judgement.case
    return tuple(network.sentence for network in case.rulebook.networks if network.name == case.speaker.network)


def as_dict(explanation: Explanation) -> dict[str, Any]:
    """The explanation in the form that ``explain --json`` prints."""
    decision = explanation.judgement.decision
    evidence = decision.evidence
    return {
        "action": str(decision.action),
        "reason": decision.reason,
        "customer": decision.customer,
        "changes": decision.as_pairs(),
        "invoices": list(decision.invoices),
        "reply_to": decision.reply_to,
        "speaker": evidence.speaker,
        "proof": evidence.proof,
        "lines": list(evidence.lines),
        "hits": [{"rule": hit.rule, "line": hit.line} for hit in evidence.hits],
        "misses": list(evidence.misses),
        "blocks": [
            {"kind": str(block.kind), "depth": block.depth, "author": str(block.author) if block.author else None, "text": block.text}
            for block in explanation.message.blocks
        ],
        "doubt": explanation.doubt,
    }
