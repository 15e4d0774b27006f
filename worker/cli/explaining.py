"""How an explanation looks: the facts of one mail, top down, from who spoke to the letter."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator

import click

from worker import explanations
from worker.cli.places import harmless, show_json
from worker.explanations import Explanation

SHOWN_HEADERS = ("From", "To", "Subject", "In-Reply-To", "Auto-Submitted")


def show(explanation: Explanation, *, as_json: bool) -> None:
    """Print the explanation."""
    told = explanations.as_dict(explanation)
    if as_json:
        show_json({**told, "letter": explanation.letter.decode("utf-8", "replace") if explanation.letter else None})
        return
    for line in _lines(explanation):
        click.echo(harmless(line))


def _lines(explanation: Explanation) -> Iterator[str]:
    decision = explanation.judgement.decision
    evidence = decision.evidence
    changes = ", ".join(": ".join(pair) for pair in decision.as_pairs())
    yield f"Decision   {decision.action}{f' {changes}' if changes else ''}"
    yield f"Because    {decision.reason}"
    yield f"Customer   {decision.customer or 'none'}; invoices {', '.join(decision.invoices) or 'none'}"
    yield f"Speaker    {evidence.speaker or 'nobody known'}"
    yield f"Proven by  {evidence.proof or 'nothing'}"
    yield from (f"Network    {sentence}" for sentence in explanations.network(explanation))
    yield f"Reply to   {decision.reply_to or 'nobody'}"
    yield from _section("Lines that were read", evidence.lines)
    yield from _section("Rules that hit", [f"{hit.rule}: {hit.line}" for hit in evidence.hits])
    yield from _section("Rules that missed", [", ".join(evidence.misses)] if evidence.misses else [])
    yield from _section("The text, by author", _blocks(explanation))
    if explanation.doubt:
        yield from _section("No letter", [explanation.doubt])
    if explanation.letter is not None:
        yield from _section("The letter", _letter(explanation.letter))


def _section(title: str, lines: list[str] | tuple[str, ...] | Iterator[str]) -> Iterator[str]:
    shown = [f"  {part}" for line in lines for part in line.splitlines()]
    if shown:
        yield ""
        yield title
        yield from shown


def _blocks(explanation: Explanation) -> Iterator[str]:
    for block in explanation.message.blocks:
        yield f"[{block.kind}, depth {block.depth}, {block.author or 'nobody named'}]"
        yield from (f"  {line}" for line in block.text.splitlines())


def _letter(content: bytes) -> Iterator[str]:
    message = email.message_from_bytes(content, policy=email.policy.default)
    yield from (f"{name}: {message[name]}" for name in SHOWN_HEADERS if message[name])
    yield from (f"Enclosed: {part.get_filename()}" for part in message.iter_attachments())
    body = message.get_body(("plain",))
    yield ""
    yield from (body.get_content() if body else "").splitlines()
