"""An SMTP server that plays what goes wrong on the way of a letter, step by step."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from worker.demo.servers import SmtpServer


class Step(Enum):
    """Where in a letter's way something happens; BODY is between DATA and the final dot, DOT after it."""

    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    BODY = "BODY"
    DOT = "DOT"


class Fault(Enum):
    """What happens instead of an answer."""

    DROP = "the line breaks"
    SILENCE = "no answer"


@dataclass(frozen=True, kw_only=True)
class Act:
    """At ``step`` the server answers with a line or does what ``answer`` says; ``accepts`` where it keeps the letter all the same."""

    step: Step
    answer: str | Fault
    accepts: bool = False


class _Conversation(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        act = self.event_handler.act
        if act is not None and act.step is Step.DATA:
            await self.push(await perform(self, act))
            return
        if act is not None and act.step is Step.BODY:
            await self.push("354 go on")
            await self._reader.readline()
            await perform(self, act)
        await super().smtp_DATA(arg)


class ScriptedSmtp(SmtpServer):
    """``play`` says what happens to the next letters that are offered, one act each (None: all goes well)."""

    conversation = _Conversation

    def __init__(self, *arguments: Any, greylists: bool = False, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.offered = 0
        self.act: Act | None = None
        self._acts: deque[Act | None] = deque()
        self._greylists = greylists
        self._seen: set[tuple[str | None, str]] = set()

    def play(self, *acts: Act | None) -> None:
        self._acts.extend(acts)

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]) -> str:
        self.offered += 1
        self.act = self._acts.popleft() if self._acts else None
        if self.act is not None and self.act.step is Step.MAIL:
            return await perform(server, self.act)
        return await super().handle_MAIL(server, session, envelope, sender, options)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: ARG002  aiosmtpd calls it so
        if self.act is not None and self.act.step is Step.RCPT:
            return await perform(server, self.act)
        if self._greylists and (envelope.mail_from, address) not in self._seen:
            self._seen.add((envelope.mail_from, address))
            return "451 4.7.1 Greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.act is not None and self.act.step is Step.DOT:
            if self.act.accepts:
                self.accept(envelope)
            return await perform(server, self.act)
        return await super().handle_DATA(server, session, envelope)


async def perform(server: SMTP, act: Act) -> str:
    """The act's answer; where there is none, the conversation ends here."""
    if isinstance(act.answer, str):
        return act.answer
    if act.answer is Fault.DROP and server.transport is not None:
        server.transport.abort()
    return await asyncio.sleep(3600, "421 too late")
