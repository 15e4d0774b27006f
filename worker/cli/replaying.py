"""How a replay looks: the mails that are not decided as before, before → after, and a sum of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import click

from worker.cli.places import show_json, table, tracked
from worker.cli.rehearsing import changes_of
from worker.core.lines import visible
from worker.rehearsals import decided
from worker.replays import Replay, State

SUMS = {
    State.SAME: "decided as before",
    State.DIFFERS: "would be decided differently",
    State.RECORDED: "decided anew",
    State.LEFT: "left as they are, see why",
    State.ACTED: "led to an amendment or letter already: never acted on again",
    State.UNDECIDED: "not decided yet: the next pass does it",
}
COLUMNS = ("mail", "received", "from", "subject", "before", "after", "changes", "why")


def show(replays: Iterable[Replay], total: int, *, named: bool, apply: bool, as_json: bool) -> int:
    """Judge the mails again and print what is different; ``named`` has each mail shown. Gives the exit code."""
    sums: Counter[State] = Counter()
    shown = _shown(tracked(replays, total, "Judging again"), sums, named=named)
    if as_json:
        for replay in shown:
            show_json(_told(replay))
    else:
        _table(shown, sums, apply=apply)
    return 1 if apply and sums[State.LEFT] else 0


def _shown(replays: Iterable[Replay], sums: Counter[State], *, named: bool) -> Iterator[Replay]:
    for replay in replays:
        sums[replay.state] += 1
        if named or replay.state in (State.DIFFERS, State.RECORDED, State.LEFT):
            yield replay


def _table(replays: Iterable[Replay], sums: Counter[State], *, apply: bool) -> None:
    rows: list[tuple[object, ...]] = []
    try:
        rows.extend(map(_row, replays))
    finally:  # what is recorded stays recorded, and is told, whatever ends the rest
        if rows:
            table(COLUMNS, rows)
        _sum(sums, apply=apply)


def _row(replay: Replay) -> tuple[object, ...]:
    mail, outcome = replay.mail, replay.outcome
    return (
        mail.incoming.id,
        f"{mail.incoming.received_at:%Y-%m-%d}",
        mail.sender,
        mail.subject,
        mail.status,
        outcome.decision.action if outcome else "",
        changes_of(outcome.decision) if outcome else "",
        replay.why or (outcome.decision.reason if outcome else ""),
    )


def _told(replay: Replay) -> dict[str, Any]:
    mail = replay.mail
    return {
        "mail": mail.incoming.id,
        "message_id": visible(mail.message_id) or None,
        "received_at": mail.incoming.received_at.isoformat(),
        "from": visible(mail.sender),
        "subject": visible(mail.subject),
        "state": str(replay.state),
        "status": mail.status,
        "before": decided(mail.decision) if mail.decision else None,
        "after": decided(replay.outcome.decision) if replay.outcome else None,
        "why": replay.why or None,
    }


def _sum(sums: Counter[State], *, apply: bool) -> None:
    for state, words in SUMS.items():
        if sums[state]:
            click.echo(f"{sums[state]:>6} {words}")
    if not sums:
        click.echo("There is no stored mail to judge again.")
    if sums[State.DIFFERS] and not apply:
        click.echo("Nothing was changed. Record it with the same command and --apply.")
