"""What the report shows of one mail, as texts on one line each, whatever a stranger has written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Any

from worker.core.decisions import Decision
from worker.core.lines import legible, visible
from worker.core.rehearsed import Card, LetterText

LONGEST_ROW = 300
"""How many characters of a line are shown."""
MOST_LINES = 30
"""How many lines, rules or numbers of one mail are shown."""


def heading(card: Card, zone: tzinfo) -> dict[str, Any]:
    """By what a mail is known."""
    return {
        "moment": moment(card.moment, zone) if card.moment else "",
        "sender": _line(card.sender),
        "subject": _line(card.subject) or "(no subject)",
    }


def told(card: Card, zone: tzinfo) -> dict[str, Any]:
    """The whole card."""
    decision, evidence = card.decision, card.decision.evidence
    return {
        **heading(card, zone),
        **_decision(decision),
        "customer": _line(card.customer),
        "invoices": _lines(decision.invoices),
        "speaker": _line(evidence.speaker),
        "proof": _line(evidence.proof),
        "hits": [(_line(hit.rule), _line(hit.line)) for hit in evidence.hits[:MOST_LINES]],
        "lines": _lines(evidence.lines),
        "before": _decision(card.before) if card.before else None,
        "letter": _letter(card.letter) if card.letter else None,
    }


def moment(when: datetime, zone: tzinfo) -> str:
    """A moment on the reader's clock; "" for one at the end of time, which a mail may claim."""
    try:
        return f"{when.astimezone(zone):%d %b %Y, %H:%M}"
    except (OverflowError, ValueError):
        return ""


def _decision(decision: Decision) -> dict[str, Any]:
    pairs = [_lines(pair) for pair in decision.as_pairs()[:MOST_LINES]]
    return {"action": str(decision.action), "reason": _line(decision.reason), "pairs": pairs}


def _letter(letter: LetterText) -> dict[str, Any]:
    return {**asdict(legible(letter)), "text": "\n".join(visible(line) for line in letter.lines)}


def _lines(lines: Sequence[str]) -> list[str]:
    return [_line(line) for line in lines[:MOST_LINES]]


def _line(text: str) -> str:
    return visible(text, limit=LONGEST_ROW)
