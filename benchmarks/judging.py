"""What one judgement costs beside parsing alone, and that no size of mail or books makes it dear (`python -m benchmarks.judging`)."""

from __future__ import annotations

import sys

from benchmarks.figures import Figure, table
from benchmarks.partners import Answer, Partner

TEXTS = 600
LEAST_A_SECOND = 1000.0
MOST_TIMES_PARSING = 5.0
MOST_SECONDS = {"HTML 50,000 deep": 2.0, "HTML never closed": 2.0}
MOST_SECONDS_ELSE = 1.0
FEW, MANY = 1_000, 1_000_000
MOST_TIMES_FEW = 1.5
FIRST_MAILS, MAILS = 2_000, 20_000
MOST_GROWTH = 20.0
PAPERS = 40
MOST_TIMES_READING = 1.6


def main() -> int:
    """Print the figures; 1 where a limit is missed."""
    figures = measure()
    print(table(figures))
    return 0 if all(figure.ok for figure in figures) else 1


def measure() -> list[Figure]:
    """Speed beside ``email.policy.compat32``, mails made to take long, a million invoices, memory over 20,000 mails, and PDFs."""
    asked = [
        _texts(_ask("text", count=TEXTS)),
        _large(_ask("large")),
        _books(_ask("books", few=FEW, many=MANY, mails=TEXTS)),
        _memory(_ask("memory", first=FIRST_MAILS, count=MAILS)),
        _papers(_ask("papers", count=PAPERS)),
    ]
    return [figure for figures in asked for figure in figures]


def _ask(do: str, **asked: int) -> Answer:
    with Partner("clerk") as clerk:
        return clerk.ask(do=do, **asked)


def _texts(told: Answer) -> list[Figure]:
    detail = (
        f"{told['ours'] * 1000:.2f} ms and {told['theirs'] * 1000:.2f} ms a mail of {told['bytes']:.0f} bytes, {told['count']} mails; "
        f"{told['customers'] * 1000:.2f} ms where it is a customer's"
    )
    return [
        Figure(name="text mails judged", measured=1 / told["ours"], limit=LEAST_A_SECOND, unit="/s", at_least=True, detail=detail),
        Figure(name="judging against compat32 parsing", measured=told["ratio"], limit=MOST_TIMES_PARSING, detail=detail),
    ]


def _large(told: Answer) -> list[Figure]:
    return [Figure(name=name, measured=took, limit=MOST_SECONDS.get(name, MOST_SECONDS_ELSE), unit="s") for name, took in told.items()]


def _books(told: Answer) -> list[Figure]:
    detail = f"{told['few'] / TEXTS * 1000:.2f} ms and {told['many'] / TEXTS * 1000:.2f} ms a mail"
    return [Figure(name="a million invoices against a thousand", measured=told["ratio"], limit=MOST_TIMES_FEW, detail=detail)]


def _memory(told: Answer) -> list[Figure]:
    detail = f"{told['first']:.0f} MB after {FIRST_MAILS} mails, {told['last']:.0f} MB after {MAILS}"
    return [
        Figure(name="memory growth over 20,000 mails", measured=told["last"] - told["first"], limit=MOST_GROWTH, unit="MB", detail=detail)
    ]


def _papers(told: Answer) -> list[Figure]:
    detail = f"{told['ours'] * 1000:.1f} ms and {told['theirs'] * 1000:.1f} ms"
    return [Figure(name="mail with a PDF against pdfplumber", measured=told["ratio"], limit=MOST_TIMES_READING, detail=detail)]


if __name__ == "__main__":
    sys.exit(main())
