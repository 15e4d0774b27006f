"""What a pass over 1,000 new mails costs beside its floor, both taken in turn on the same Dovecot (`python -m benchmarks.mailbox_pass`)."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from benchmarks import correspondence, towns
from benchmarks.correspondence import Post
from benchmarks.figures import Figure, NotMeasurable, table
from benchmarks.partners import Answer, Partner
from tests.servers.dovecot import Dovecot

MAILS = 1000
WARMING = 60
ROUNDS = 3
MOST_TIMES_THE_FLOOR = 2.5
MOST_MEMORY = 250.0


class Wrong(Exception):
    """The pass did not do what the mails ask for."""


def main() -> int:
    """Print the figures; 1 where a limit is missed or the pass did something wrong, 2 where there is no Dovecot."""
    try:
        figures = measure()
    except NotMeasurable as why:
        print(why)
        return 2
    except Wrong as why:
        print(f"WRONG: {why}")
        return 1
    print(table(figures))
    return 0 if all(figure.ok for figure in figures) else 1


def measure(rounds: int = ROUNDS, mails: int = MAILS) -> list[Figure]:
    """The ratio and the memory of the worker. Raises NotMeasurable or Wrong."""
    warming, post = correspondence.post(WARMING, seed=8), correspondence.post(mails)
    with towns.dovecot() as dovecot, _partners() as (floor, worker, sink):
        ports = {"imap_port": dovecot.port, "smtp_port": sink.ask()["port"]}
        _round("warm", warming, dovecot, floor, worker, sink, ports)
        taken = [_round(str(number), post, dovecot, floor, worker, sink, ports) for number in range(rounds)]
    return [_ratio(taken), _memory(taken)]


@contextmanager
def _partners() -> Iterator[tuple[Partner, Partner, Partner]]:
    with Partner("floor") as floor, Partner("shift") as worker, Partner("sink") as sink:
        yield floor, worker, sink


def _round(
    name: str, post: Post, dovecot: Dovecot, floor: Partner, worker: Partner, sink: Partner, ports: dict[str, int]
) -> tuple[Answer, Answer]:
    """The floor, then the pass, each over a mailbox of its own with the same mails."""
    towns.fill(dovecot, f"floor-{name}", post.mails)
    below = floor.ask(user=f"floor-{name}", amendments=post.amendments, **ports)
    sink.ask()
    worker.ask(do="watch", user=f"worker-{name}", **ports)
    towns.fill(dovecot, f"worker-{name}", post.mails)
    made = worker.ask(do="pass")
    _check(made, post, sink.ask())
    steps = ", ".join(f"{step} {seconds:.2f}" for step, seconds in below["steps"].items())
    done = f"{made['amendments']} amendments, {made['delivered']} letters; processor {below['processor']:.2f} s"
    done += f" and {made['processor']:.2f} + {made['child_processor']:.2f} s in the PDF child"
    print(f"{name}: floor {below['seconds']:.2f} s ({steps}); pass {made['seconds']:.2f} s: {done}", flush=True)
    return below, made


def _check(made: Answer, post: Post, received: Answer) -> None:
    wanted = {"taken_in": len(post.mails), "handled": len(post.mails), "delivered": post.letters, "amendments": post.amendments}
    wrong = [f"{what} is {made[what]}, not {count}" for what, count in wanted.items() if made[what] != count]
    wrong += [f"{step}: {error}" for step, error in made["troubles"].items()] + made["chain"]
    if (received["letters"], received["with_pdf"]) != (post.letters, post.amendments):
        wrong.append(f"the mail server got {received['letters']} letters, {received['with_pdf']} with a PDF")
    if wrong:
        raise Wrong("; ".join(wrong))


def _ratio(taken: Iterable[tuple[Answer, Answer]]) -> Figure:
    rounds = list(taken)
    below, made = (statistics.median(each[side]["seconds"] for each in rounds) for side in (0, 1))
    each = ", ".join(f"{worker['seconds'] / floor['seconds']:.2f}" for floor, worker in rounds)
    return Figure(
        name="pass over 1,000 mails / floor",
        measured=statistics.median(worker["seconds"] / floor["seconds"] for floor, worker in rounds),
        limit=MOST_TIMES_THE_FLOOR,
        detail=f"pass {made:.2f} s, floor {below:.2f} s (medians of {len(rounds)}); each round {each}",
    )


def _memory(taken: Iterable[tuple[Answer, Answer]]) -> Figure:
    last = list(taken)[-1][1]
    return Figure(
        name="memory of the worker and its PDF child",
        measured=last["own_peak"] + last["child_peak"],
        limit=MOST_MEMORY,
        unit="MB",
        detail=f"peaks added: worker {last['own_peak']:.0f} MB, child {last['child_peak']:.0f} MB",
    )


if __name__ == "__main__":
    sys.exit(main())
