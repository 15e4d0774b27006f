"""The ledger's outbox in memory, with the same states and the same ways between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from worker.core.outcomes import OutgoingLetter


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How a letter stands in the outbox."""

    id: int
    since: datetime
    state: str = "pending"
    attempts: int = 0
    unknowns: int = 0
    next_try_at: datetime | None = None
    last_error: str | None = None
    response: str | None = None
    sending_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class FakeLetter(Kept):
    letter: OutgoingLetter


@dataclass(frozen=True, kw_only=True)
class FakeCounts:
    by_invoice: Mapping[str, int]
    to_recipient: int
    total: int


@dataclass
class FakeLedger:
    letters: dict[int, FakeLetter] = field(default_factory=dict)
    paused: bool = False

    def queue(self, letter: OutgoingLetter, *, now: datetime) -> int:
        number = len(self.letters) + 1
        self.letters[number] = FakeLetter(id=number, letter=letter, since=now)
        return number

    def letter(self, number: int) -> FakeLetter:
        return self.letters[number]

    def pause(self, now: datetime) -> None:  # noqa: ARG002  as the ledger is told
        self.paused = True

    def due_letters(self, now: datetime, limit: int) -> Sequence[FakeLetter]:
        return [one for one in self.letters.values() if self._is_due(one, now)][:limit]

    def unknown_letters(self, now: datetime) -> Sequence[FakeLetter]:
        unknown = [one for one in self.letters.values() if one.state == "unknown"]
        return [one for one in unknown if one.next_try_at is not None and one.next_try_at <= now]

    def recover_sending(self, *, now: datetime) -> int:
        return sum(self.mark_unknown(one.id, "the program ended", now=now) for one in list(self.letters.values()) if one.state == "sending")

    def sent_counts(self, *, recipient: str, invoices: Sequence[str], since: datetime) -> FakeCounts:
        gone = [one for one in self.letters.values() if one.state in ("sending", "sent", "unknown")]
        gone = [one.letter for one in gone if one.sending_at is not None and one.sending_at >= since]
        by_invoice = Counter(invoice for letter in gone for invoice in letter.invoices if invoice in invoices)
        return FakeCounts(by_invoice=by_invoice, to_recipient=sum(letter.recipient == recipient for letter in gone), total=len(gone))

    def mark_sending(self, letter: int, /, *, now: datetime) -> bool:
        one = self.letters[letter]
        return self._is_due(one, now) and self._move(letter, "sending", now, sending_at=now, attempts=one.attempts + 1)

    def mark_sent(self, letter: int, /, response: str, *, now: datetime) -> bool:
        return self._leave(letter, {"sending", "unknown"}, "sent", now, response=response, last_error=None)

    def mark_retry(self, letter: int, /, error: str, *, next_try_at: datetime, now: datetime) -> bool:
        one = self.letters[letter]
        tried = one.attempts + (one.state == "pending")
        again = {"last_error": error, "next_try_at": next_try_at, "attempts": tried, "sending_at": None}
        return self._leave(letter, {"pending", "sending"}, "pending", now, **again)

    def postpone(self, letter: int, /, why: str, *, until: datetime, now: datetime) -> bool:
        return self._leave(letter, {"pending"}, "pending", now, last_error=why, next_try_at=until)

    def mark_failed(self, letter: int, /, error: str, *, now: datetime) -> bool:
        return self._leave(letter, {"pending", "sending", "unknown"}, "failed", now, last_error=error)

    def mark_unknown(self, letter: int, /, error: str, *, now: datetime) -> bool:
        doubt = {"last_error": error, "unknowns": self.letters[letter].unknowns + 1, "next_try_at": now + timedelta(minutes=2)}
        return self._leave(letter, {"sending"}, "unknown", now, **doubt)

    def leave_unknown(self, letter: int, /, why: str | None, *, look_again_at: datetime | None) -> bool:
        one = self.letters[letter]
        return self._leave(letter, {"unknown"}, "unknown", one.since, last_error=why or one.last_error, next_try_at=look_again_at)

    def requeue(self, letter: int, /, *, now: datetime) -> bool:
        overtaken = any(other.id > letter for other in self._with_the_same_papers(letter))
        return not overtaken and self._leave(letter, {"unknown", "failed"}, "pending", now, next_try_at=None)

    def _is_due(self, one: FakeLetter, now: datetime) -> bool:
        ripe = all(moment is None or moment <= now for moment in (one.letter.not_before, one.next_try_at))
        behind = any(other.id < one.id and other.state in ("pending", "sending") for other in self._with_the_same_papers(one.id))
        return one.state == "pending" and ripe and not behind and (not self.paused or one.letter.kind == "digest")

    def _with_the_same_papers(self, letter: int) -> Sequence[FakeLetter]:
        enclosing = [one for one in self.letters.values() if one.letter.kind in ("amend", "resend")]
        about = {invoice for one in enclosing if one.id == letter for invoice in one.letter.invoices}
        return [one for one in enclosing if about & set(one.letter.invoices)]

    def _leave(self, letter: int, states: set[str], state: str, now: datetime, **also: object) -> bool:
        return self.letters[letter].state in states and self._move(letter, state, now, **also)

    def _move(self, letter: int, state: str, now: datetime, **also: object) -> bool:
        self.letters[letter] = replace(self.letters[letter], state=state, since=now, **also)
        return True
