"""Whole mails in Polish, with and without accents: what is done with them."""

from __future__ import annotations

import pytest

from tests.core.samples import decide
from worker.core.decisions import Action


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Na fakturze FD-3001 zabrakło numeru zamówienia, to 4500123456. Proszę o uzupełnienie.", [["FD-3001", "4500123456"]]),
        ("prosze o dopisanie nr zam. 4500123456 na fakturze FD-3001 i ponowna wysylke", [["FD-3001", "4500123456"]]),
        (
            "Do FD-3001 proszę wpisać zamówienie 4500123456, a do FD-3002 zamówienie 4500987655.",
            [["FD-3001", "4500123456"], ["FD-3002", "4500987655"]],
        ),
        ("FD-3001 nie idzie pod 4500987655, tylko pod 4500123456, proszę poprawić.", [["FD-3001", "4500123456"]]),
        ("Zamówienie 4500987654 jest już rozliczone. Na FD-3004 proszę użyć 4500123456.", [["FD-3004", "4500123456"]]),
        ("Na FD-3002 proszę podać ten sam numer zamówienia co na FD-3004.", [["FD-3002", "4500987654"]]),
    ],
)
def test_a_number_that_is_given_is_put_on_its_invoice(text: str, changes: list[list[str]]) -> None:
    assert decide(text).as_pairs() == changes


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Faktura FD-3001 wróciła, nie ma na niej zamówienia.", Action.ASK),
        ("nie mozemy zaksiegowac FD-3001, brakuje numeru zamowienia", Action.ASK),
        ("Przypuszczam, że numer zamówienia do FD-3001 to 4500123456, sprawdzę jutro.", Action.HOLD),
        ("Zamówienie 4500123456 do FD-3001 wymaga jeszcze podpisu prezesa.", Action.HOLD),
        ("Zamówienie do FD-3001 czeka na zatwierdzenie, numer podamy wkrótce.", Action.IGNORE),
        ("Do FD-3001 nie wymagamy zamówienia.", Action.IGNORE),
        ("Proszę rozdzielić FD-3001 na dwa zamówienia.", Action.REISSUE),
        ("Prosimy o fakturę korygującą do zera do FD-3001.", Action.REISSUE),
        ("Nie mogę otworzyć załącznika, proszę o ponowne przesłanie FD-3001.", Action.RESEND),
        ("Kto i kiedy wpisał numer zamówienia na FD-3004?", Action.ANSWER),
    ],
)
def test_anything_else_is_understood_as_what_it_is(text: str, action: Action) -> None:
    assert decide(text).action is action
