"""The demo: a day of sample mails through the real worker, offline; shows what was decided and leaves what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from worker import logs
from worker.core.decisions import Action
from worker.demo import samples
from worker.errors import SetupError

if TYPE_CHECKING:
    from worker.demo.days import Evening

SERVERS = frozenset({"aiosmtpd", "pymap", "proxyprotocol", "pysasl"})


def run(out: Path) -> int:
    """Live the day, leave its results in ``out`` and print what happened.

    Returns 0, or 1 after a sentence on stderr for each thing that is not as it must be.

    Raises SetupError where the demo's mail servers are not installed or ``out`` cannot be written.
    """
    try:
        from worker.demo import days, exhibits, tables
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in SERVERS:
            raise
        raise SetupError("The demo's own mail servers are not installed; get them with: pip install 'addendum[demo]'") from None
    logs.start(quiet=True)
    mails = tuple(samples.mails())
    evening = days.live(mails)
    exhibits.leave(evening, out)
    tables.show(evening, out)
    faults = tuple(_faults(evening, mails))
    for fault in faults:
        print(f"addendum: {fault}", file=sys.stderr)
    return 1 if faults else 0


def _faults(evening: Evening, mails: Sequence[samples.SampleMail]) -> Iterator[str]:
    """What must be so after the day, and is not."""
    yield from evening.troubles
    if len(evening.decided) != len(mails):
        yield f"{len(mails)} mails came in, but {len(evening.decided)} were decided."
    if missing := set(Action) - {each.decision.action for each in evening.decided}:
        yield f"No mail led to {', '.join(sorted(missing))}."
    if evening.sent != len(evening.letters) + len(evening.digests):
        yield f"The worker sent {evening.sent} letters, but the mail server has {len(evening.letters) + len(evening.digests)}."
    if len(evening.digests) != 1:
        yield f"There should be one digest, and there are {len(evening.digests)}."
