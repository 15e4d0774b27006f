"""What asking a quiet mailbox for news costs when it holds 20,000 mails, beside one of 20 (`python -m benchmarks.idle_poll`)."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import correspondence, towns
from benchmarks.figures import Figure, NotMeasurable, table
from tests.servers.dovecot import PASSWORD, Dovecot
from worker import intake, wiring
from worker.edges.inbox import Inbox, InboxSettings, Tls
from worker.edges.ledger import Ledger
from worker.intake import Intake

SMALL, LARGE = 20, 20_000
POLLS = 200
MOST_TIMES_THE_SMALL_ONE = 1.5


def main() -> int:
    """Print the figure; 1 where the limit is missed, 2 where there is no Dovecot."""
    try:
        figures = measure()
    except NotMeasurable as why:
        print(why)
        return 2
    print(table(figures))
    return 0 if all(figure.ok for figure in figures) else 1


def measure(large: int = LARGE) -> list[Figure]:
    """The ratio of the medians, the two polled in turn. Raises NotMeasurable."""
    with towns.dovecot() as dovecot, ExitStack() as opened:
        intakes = [opened.enter_context(_watched(dovecot, name, count)) for name, count in (("small", SMALL), ("large", large))]
        times: list[list[float]] = [[], []]
        for _ in range(POLLS):
            for taken, polled in zip(times, intakes, strict=True):
                started = time.perf_counter()
                intake.take_in(polled, now=wiring.now())
                taken.append(time.perf_counter() - started)
    small, big = (statistics.median(each) * 1000 for each in times)
    return [
        Figure(
            name=f"idle poll, {large:,} mails / {SMALL}",
            measured=big / small,
            limit=MOST_TIMES_THE_SMALL_ONE,
            detail=f"{big:.2f} ms, {small:.2f} ms (medians of {POLLS})",
        )
    ]


@contextmanager
def _watched(dovecot: Dovecot, user: str, count: int) -> Iterator[Intake]:
    """A mailbox with its history, watched since; its first mail after that is taken in already, so that there is a look-back."""
    mails = correspondence.post(20).mails
    towns.fill(dovecot, user, (mails[place % len(mails)] for place in range(count)))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        ledger = opened.enter_context(Ledger.open(f"sqlite:///{Path(folder) / 'ledger.db'}", account=user, now=wiring.now()))
        settings = InboxSettings(host="127.0.0.1", port=dovecot.port, user=user, tls=Tls.NONE)
        watched = Intake(inbox=opened.enter_context(Inbox(settings, lambda: PASSWORD)), ledger=ledger, folder="INBOX")
        intake.take_in(watched, now=wiring.now())
        towns.fill(dovecot, user, mails[:1])
        intake.take_in(watched, now=wiring.now())
        yield watched


if __name__ == "__main__":
    sys.exit(main())
