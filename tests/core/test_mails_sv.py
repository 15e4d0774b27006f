"""Whole mails in Swedish: what is done with them."""

from __future__ import annotations

import pytest

from tests.core.samples import decide
from worker.core.decisions import Action


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Jag glömde ordernumret till FD-3001, det är 4500123456. Kan ni skicka en rättad faktura?", [["FD-3001", "4500123456"]]),
        (
            "FD-3001 ska ha order 4500123456 och FD-3002 order 4500987655, vänligen rätta.",
            [["FD-3001", "4500123456"], ["FD-3002", "4500987655"]],
        ),
        ("FD-3001 ska inte gå på 4500987655 utan på 4500123456, uppdatera gärna fakturan.", [["FD-3001", "4500123456"]]),
        ("Order 4500987654 är fullfakturerad. Byt till 4500123456 på FD-3004.", [["FD-3004", "4500123456"]]),
        ("Skriv in samma ordernummer på FD-3002 som på FD-3004.", [["FD-3002", "4500987654"]]),
    ],
)
def test_a_number_that_is_given_is_put_on_its_invoice(text: str, changes: list[list[str]]) -> None:
    assert decide(text).as_pairs() == changes


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Faktura FD-3001 saknar inköpsordernummer och kan inte behandlas.", Action.ASK),
        ("Jag tror att ordernumret för FD-3001 är 4500123456, men dubbelkollar.", Action.HOLD),
        ("Ordern är under attest, ordernumret till FD-3001 kommer nästa vecka.", Action.IGNORE),
        ("Det här är ett direktköp som vi inte behöver något ordernummer för, FD-3001 är ok.", Action.IGNORE),
        ("FD-3001 måste delas upp på två inköpsorder.", Action.REISSUE),
        ("Vi hittar inte FD-3001, går det bra att få en kopia?", Action.RESEND),
        ("När lades ordernumret till på FD-3004, och av vem?", Action.ANSWER),
    ],
)
def test_anything_else_is_understood_as_what_it_is(text: str, action: Action) -> None:
    assert decide(text).action is action
