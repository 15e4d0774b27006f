"""The evening digest: when it is due, what it reports, and its way into the outbox."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time

import structlog

from worker.core import digests, replies
from worker.core.digests import Digest
from worker.core.outcomes import OutgoingLetter
from worker.edges.ledger import DigestFacts
from worker.edges.letters import Letter
from worker.handling import Desk

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """To whom the digest goes, and at which hour of the issuer's day; ``account`` is the mailbox that it reports on."""

    desk: Desk
    account: str
    recipient: str
    at: time


def send_if_due(evening: Evening) -> date | None:
    """Put the digest into the outbox where its hour has come and none is there for that day; returns the day that it is for."""
    desk, now = evening.desk, evening.desk.clock()
    day = digests.due(now, evening.at, desk.terms.timezone, desk.ledger.digest_mark().local_date)
    if day is None:
        return None
    facts, letter = _write(evening, day, now)
    if not desk.ledger.record_digest(day, _sealed(letter, evening, day, now), facts, now=now):
        return None
    log.info("digest written", day=day.isoformat(), seen=facts.tally.seen)
    return day


def preview(evening: Evening) -> Letter:
    """The digest as it would go out at this moment: everything since the last one."""
    now = evening.desk.clock()
    return _write(evening, now.astimezone(evening.desk.terms.timezone).date(), now)[1]


def _write(evening: Evening, day: date, now: datetime) -> tuple[DigestFacts, Letter]:
    desk = evening.desk
    since = desk.ledger.digest_mark().until
    facts = desk.ledger.digest_facts(since, now)
    issuer = desk.ledger.books().issuer
    told = {part.name: getattr(facts, part.name) for part in fields(DigestFacts)}
    digest = Digest(day=day, timezone=desk.terms.timezone, since=since, until=now, issuer=issuer.name, mailbox=issuer.mailbox, **told)
    return facts, desk.press.letters.digest(digest)


def _sealed(letter: Letter, evening: Evening, day: date, now: datetime) -> OutgoingLetter:
    terms = evening.desk.terms
    message_id = replies.message_id_for(f"{evening.account} {day.isoformat()}", "digest", 0, terms.sender.domain)
    content = evening.desk.press.letters.envelope(
        letter, sender=terms.sender, recipient=evening.recipient, message_id=message_id, date=now, automatic="auto-generated"
    )
    return OutgoingLetter(kind="digest", message_id=message_id, sender=terms.sender.email, recipient=evening.recipient, content=content)
