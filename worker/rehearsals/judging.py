"""One mail judged as the worker would judge it, and where two sets of rules are compared, by both; nothing is changed or sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from worker import handling, mishaps
from worker.core import judgements, rehearsed
from worker.core.decisions import Action, Decision
from worker.core.invoices import Books
from worker.core.lines import visible
from worker.core.messages import Message
from worker.core.rules import Rulebook
from worker.edges import mime
from worker.edges.pdfs import Allowance, PdfReading
from worker.errors import SetupError, TryAgainLater
from worker.explanations import Witness
from worker.limits import OutOfTime, time_limit
from worker.rehearsals.sources import Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A mail and what would be done with it; ``before`` is the decision by the other rules, where rules are compared.

    ``letter`` are the bytes that would be sent, None where none would be or letters are not asked for.
    """

    name: str
    moment: datetime | None
    sender: str
    subject: str
    decision: Decision
    before: Decision | None = None
    letter: bytes | None = field(default=None, repr=False)
    changes: bool = True

    @property
    def way(self) -> str:
        """The action, or "hold → amend" where it was another one by the other rules."""
        action = str(self.decision.action)
        return action if self.before is None else f"{self.before.action} → {action}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What mail is judged by: ``earlier`` are the rules to compare with, ``witness`` writes the letters where they are wanted."""

    books: Books
    rulebook: Rulebook
    read_pdf: Callable[[bytes], PdfReading]
    earlier: Rulebook | None = None
    witness: Witness | None = None
    longest: timedelta = handling.LONGEST

    def judge(self, mail: Mail) -> Judged:
        """What would be done with the mail, judged alone against the books; never raises for what is in it.

        Raises SetupError for a template that is broken. Needs the main thread, for the time that a mail may take.
        """
        try:
            with time_limit(self.longest.total_seconds()):
                return self._judged(mail)
        except OutOfTime:
            return _given_up(mail, f"It takes longer than {self.longest.total_seconds():.0f} seconds; the worker would give it up.")
        except (TryAgainLater, SetupError):
            raise
        except Exception as error:  # one bad mail never stops the next
            return _given_up(mail, mishaps.sentence(error))

    def _judged(self, mail: Mail) -> Judged:
        read_pdf = cache(Allowance(self.read_pdf))
        message, decision = _decided(mail.raw, self.books, self.rulebook, read_pdf)
        judged = Judged(
            name=mail.name,
            moment=mail.received_at or message.date,
            sender=visible(str(message.froms[0])) if message.froms else "",
            subject=visible(message.subject),
            decision=decision,
        )
        if self.earlier is not None:
            _, before = _decided(mail.raw, self.books, self.earlier, read_pdf)
            judged = replace(judged, before=before, changes=rehearsed.differ(before, decision))
        return self._with_letter(judged, message, mail.raw) if self.witness is not None and judged.changes else judged

    def _with_letter(self, judged: Judged, message: Message, raw: bytes) -> Judged:
        assert self.witness is not None
        letter, doubt = self.witness.letter(message, judged.decision, raw)
        if doubt is not None:
            return replace(judged, decision=handling.held(judged.decision, doubt))
        return replace(judged, letter=letter)


def answer(judged: Judged, *, with_heading: bool) -> dict[str, Any]:
    """The decision on one mail in the form that ``rehearse --json`` prints, with what the mail is known by where its name does not tell."""
    moment = judged.moment.isoformat() if judged.moment else None
    heading = {"received_at": moment, "from": judged.sender, "subject": judged.subject} if with_heading else {}
    before = {"before": decided(judged.before)} if judged.before else {}
    return {"file": judged.name, **heading, **decided(judged.decision), **before}


def decided(decision: Decision) -> dict[str, Any]:
    """A decision in the form that programs read."""
    return {
        "action": str(decision.action),
        "changes": decision.as_pairs(),
        "reply_to": decision.reply_to,
        "reason": decision.reason,
    }


def _decided(raw: bytes, books: Books, rulebook: Rulebook, read_pdf: Callable[[bytes], PdfReading]) -> tuple[Message, Decision]:
    message = mime.parse(raw, words=rulebook.mail_words, read_pdf=read_pdf)
    return message, handling.unless_partial(raw, judgements.judge(message, books, rulebook).decision)


def _given_up(mail: Mail, why: str) -> Judged:
    return Judged(name=mail.name, moment=mail.received_at, sender="", subject="", decision=Decision(action=Action.HOLD, reason=why))
