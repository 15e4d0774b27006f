"""What is to be done with a mail: the questions in the order they are asked, the first one that answers decides.

Each question looks at one case or matter and returns a Verdict or None.
"""

from __future__ import annotations

from collections.abc import Callable

from worker.core.cases import Case
from worker.core.verdicts.answers import backdating, clock, copy, question
from worker.core.verdicts.given import given, given_as_file_name, given_in_order, misfit, same_as, standing, unreadable
from worker.core.verdicts.missing import anything_else, elsewhere, missing, to_follow
from worker.core.verdicts.reissues import reissue
from worker.core.verdicts.settled import (
    foreign_language,
    identity_change,
    not_read_whole,
    nothing_asked,
    settled_response,
    told_not_to,
    wrong_invoice,
)
from worker.core.verdicts.speakers import automatic_mail, outgoing_copy, reply_elsewhere, stranger, unknown_customer, unproven
from worker.core.verdicts.values import Matter, Verdict, hold, ignore

__all__ = ["ORDER", "SPEAKER_ORDER", "Matter", "Verdict", "hold", "ignore", "not_read_whole", "told_not_to"]

SPEAKER_ORDER: tuple[Callable[[Case], Verdict | None], ...] = (
    automatic_mail,
    outgoing_copy,
    unproven,
    stranger,
    reply_elsewhere,
    unknown_customer,
)
"""The questions about who speaks, in order."""

ORDER: tuple[Callable[[Matter], Verdict | None], ...] = (
    settled_response,
    identity_change,
    nothing_asked,
    wrong_invoice,
    foreign_language,
    question,
    reissue,
    unreadable,
    standing,
    same_as,
    given,
    given_in_order,
    given_as_file_name,
    misfit,
    backdating,
    clock,
    to_follow,
    elsewhere,
    missing,
    copy,
    anything_else,
)
"""The questions about what it says, in order."""
