"""Whole mails in Danish: what is done with them."""

from __future__ import annotations

import pytest

from tests.core.samples import decide
from worker.core.decisions import Action


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Jeg glemte ordrenummeret til FD-3001, det er 4500123456. Kan I sende en rettet faktura?", [["FD-3001", "4500123456"]]),
        (
            "FD-3001 skal have ordre 4500123456 og FD-3002 ordre 4500987655, ret dem venligst.",
            [["FD-3001", "4500123456"], ["FD-3002", "4500987655"]],
        ),
        ("FD-3001 skal ikke på 4500987655, men på 4500123456. Send en opdateret faktura.", [["FD-3001", "4500123456"]]),
        ("Ordre 4500987654 er færdigfaktureret. Skift til 4500123456 på FD-3004.", [["FD-3004", "4500123456"]]),
        ("Sæt PO 4500123456 på FD-3001. FD-3002 skal I ikke røre ved.", [["FD-3001", "4500123456"]]),
    ],
)
def test_a_number_that_is_given_is_put_on_its_invoice(text: str, changes: list[list[str]]) -> None:
    assert decide(text).as_pairs() == changes


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Faktura FD-3001 er ikke påført ordrenr. og kan derfor ikke behandles.", Action.ASK),
        ("Jeg tror, ordrenummeret til FD-3001 er 4500123456, men tjekker lige.", Action.HOLD),
        ("Ordren ligger til godkendelse, I får nummeret til FD-3001 i næste uge.", Action.IGNORE),
        ("Det er et direkte køb, som vi ikke skal bruge nogen indkøbsordre til, FD-3001 er fin.", Action.IGNORE),
        ("FD-3001 skal deles på to indkøbsordrer.", Action.REISSUE),
        ("Filen med FD-3001 kan ikke åbnes, vil I sende den igen?", Action.RESEND),
        ("Hvornår blev ordrenummeret sat på FD-3004, og af hvem?", Action.ANSWER),
    ],
)
def test_anything_else_is_understood_as_what_it_is(text: str, action: Action) -> None:
    assert decide(text).action is action
