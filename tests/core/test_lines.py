"""Text from strangers, made fit to print."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from worker.core import specimens
from worker.core.decisions import Action
from worker.core.digests import WaitingFor
from worker.core.lines import legible, visible

STRANGE = st.text(st.characters())


@given(STRANGE)
@example("0 \x1b 0")
def test_what_is_visible_is_one_line_without_anything_hidden(text: str) -> None:
    line = visible(text)
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
    assert visible(line) == line
    line.encode("utf-8")


@given(STRANGE, st.integers(min_value=1, max_value=50))
def test_a_limit_is_kept(text: str, limit: int) -> None:
    assert len(visible(text, limit=limit)) <= limit


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("INV-2041", "Größe 4.800,00\u00a0€", "发票 7", "Zoë O'Hara"):
        assert visible(text) == text


def test_lines_become_one_and_marks_go() -> None:
    assert visible(" a\r\n\tb\u2028c\u200b\u202ed\x00\ud800 ") == "a b cd"


def test_every_text_in_a_value_is_made_legible_and_nothing_else() -> None:
    full, _, _ = specimens.digests()
    assert legible(full) == full
    hostile = legible(
        full.waiting[0].__class__(
            needs=WaitingFor.LOOK, reason="a\nb", sender="\u202ex", subject="s" * 500, received_at=full.until, invoices=("B\r\n1",)
        ),
        limit=10,
    )
    assert (hostile.reason, hostile.sender, hostile.subject, hostile.invoices) == ("a b", "x", "s" * 9 + "…", ("B 1",))
    assert hostile.needs is WaitingFor.LOOK
    assert next(specimens.replies("en")).action is Action.AMEND
