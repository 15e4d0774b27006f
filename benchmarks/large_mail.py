"""How much memory the worker takes for a mail of nearly 40 MB among small ones (`python -m benchmarks.large_mail`)."""

from __future__ import annotations

import sys

from benchmarks import correspondence, towns
from benchmarks.figures import Figure, NotMeasurable, table
from benchmarks.partners import Partner

SIZE = 39 * 1024 * 1024
BESIDE = 60
MOST_MEMORY = 250.0


def main() -> int:
    """Print the figure; 1 where the limit is missed, 2 where there is no Dovecot."""
    try:
        figures = measure()
    except NotMeasurable as why:
        print(why)
        return 2
    print(table(figures))
    return 0 if all(figure.ok for figure in figures) else 1


def measure() -> list[Figure]:
    """The memory of a worker that meets one such mail. Raises NotMeasurable."""
    large = correspondence.large_mail(SIZE)
    post = correspondence.post(BESIDE)
    with towns.dovecot() as dovecot, Partner("shift") as worker, Partner("sink") as sink:
        worker.ask(do="watch", user="large", imap_port=dovecot.port, smtp_port=sink.ask()["port"])
        towns.fill(dovecot, "large", (*post.mails[: BESIDE // 2], large, *post.mails[BESIDE // 2 :]))
        made = worker.ask(do="pass")
    done = made["handled"] == BESIDE + 1 and not made["troubles"]
    return [
        Figure(
            name="memory with a mail of 39 MB",
            measured=made["own_peak"],
            limit=MOST_MEMORY if done else 0.0,
            unit="MB",
            detail=f"the worker's own peak; its PDF child {made['child_peak']:.0f} MB; pass {made['seconds']:.1f} s"
            + ("" if done else f"; it went wrong: {made['handled']} handled, {made['troubles']}"),
        )
    ]


if __name__ == "__main__":
    sys.exit(main())
