"""Stored mail judged again by the rules and books of today, and on request decided anew where it never had an effect.

A mail that changed an invoice or led to a letter is never acted on again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import structlog

from worker import handling, mishaps
from worker.core import rehearsed
from worker.core.outcomes import Outcome
from worker.edges.ledger import Ledger, Stored
from worker.errors import NeedsAPerson, SetupError, TryAgainLater
from worker.handling import Desk
from worker.limits import OutOfTime, time_limit

log = structlog.get_logger()


class State(StrEnum):
    """How it stands with a mail that was to be judged again."""

    SAME = "same"
    DIFFERS = "differs"
    RECORDED = "recorded"
    LEFT = "left"
    ACTED = "acted"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A mail judged again. ``outcome`` is what would come of it now, None where it was not judged; ``why`` is why it is left as it is."""

    mail: Stored
    state: State
    outcome: Outcome | None = None
    why: str = ""


def chosen(names: Sequence[str], ledger: Ledger, *, every: bool) -> list[int]:
    """The messages that are meant: those named by number or Message-ID, else all, else those that wait for a person.

    Raises NeedsAPerson for a name that no message has.
    """
    if not names:
        return ledger.decided_mails(held=not every)
    found = {name: ledger.mails_named(name) for name in names}
    unknown = next((name for name, mails in found.items() if not mails), None)
    if unknown is not None:
        raise NeedsAPerson(f"No stored mail is called {unknown}; give its Message-ID, or the number that `addendum replay` shows.")
    return list(dict.fromkeys(mail for mails in found.values() for mail in mails))


def replay(mails: Iterable[int], desk: Desk, *, apply: bool) -> Iterator[Replay]:
    """Judge each of the stored mails again; with ``apply``, put the new outcome in the place of the earlier one, one commit for each mail.

    Raises TryAgainLater and SetupError for what is no fault of the mail's; those before it are done, and a second run goes on from there.
    Needs the main thread, for the time that a mail may take.
    """
    for number in mails:
        mail = desk.ledger.stored(number)
        if mail is not None:
            yield _replay(mail, desk, apply=apply)


def _replay(mail: Stored, desk: Desk, *, apply: bool) -> Replay:
    if mail.status == "received":
        return Replay(mail=mail, state=State.UNDECIDED, why="not decided yet; the next pass does it")
    if mail.effects:
        return Replay(mail=mail, state=State.ACTED, why=f"led to {', '.join(mail.effects)}; never acted on again")
    try:
        with time_limit(desk.longest.total_seconds()):
            outcome = handling.work_out(mail.incoming, desk)
    except OutOfTime:
        return Replay(mail=mail, state=State.LEFT, why=f"it takes longer than {desk.longest.total_seconds():.0f} seconds")
    except (TryAgainLater, SetupError):
        raise
    except Exception as error:  # one bad mail never stops the next
        return Replay(mail=mail, state=State.LEFT, why=mishaps.sentence(error))
    if not _differs(mail, outcome):
        return Replay(mail=mail, state=State.SAME, outcome=outcome)
    return _settle(mail, outcome, desk, apply=apply)


def _differs(mail: Stored, outcome: Outcome) -> bool:
    if mail.decision is None or mail.suggested != outcome.suggested:
        return True
    return rehearsed.differ(mail.decision, outcome.decision)


def _settle(mail: Stored, outcome: Outcome, desk: Desk, *, apply: bool) -> Replay:
    later = desk.ledger.changed_since(outcome, mail.incoming.received_at)
    if later:
        return Replay(mail=mail, state=State.LEFT, outcome=outcome, why=f"{later} was changed after this mail came; look at it yourself")
    if not apply:
        return Replay(mail=mail, state=State.DIFFERS, outcome=outcome)
    try:
        recorded = desk.ledger.record_again(outcome, mail, now=desk.clock())
    except NeedsAPerson as doubt:
        return Replay(mail=mail, state=State.LEFT, outcome=outcome, why=str(doubt))
    if not recorded:
        return Replay(mail=mail, state=State.LEFT, outcome=outcome, why="it was decided anew by another program meanwhile")
    log.info("mail decided again", mail=mail.incoming.id, before=mail.status, action=str(outcome.decision.action))
    return Replay(mail=mail, state=State.RECORDED, outcome=outcome)
