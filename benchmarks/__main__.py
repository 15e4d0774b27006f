"""All benchmarks, one after the other, and one table of what was measured (`python -m benchmarks`)."""

from __future__ import annotations

import sys

from benchmarks import idle_poll, judging, large_mail, mailbox_pass, render
from benchmarks.figures import Figure, NotMeasurable, table

BENCHMARKS = {"render": render, "judging": judging, "idle poll": idle_poll, "large mail": large_mail, "mailbox pass": mailbox_pass}


def main() -> int:
    """Print the table; 1 where a limit is missed, 2 where something could not be measured on this machine."""
    figures: list[Figure] = []
    missing = wrong = False
    for name, benchmark in BENCHMARKS.items():
        print(f"{name} …", flush=True)
        try:
            figures += benchmark.measure()
        except NotMeasurable as why:
            print(why)
            missing = True
        except mailbox_pass.Wrong as why:
            print(f"WRONG: {why}")
            wrong = True
    print("\n" + table(figures))
    if wrong or not all(figure.ok for figure in figures):
        return 1
    return 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
