"""Whole mails in Finnish: what is done with them."""

from __future__ import annotations

import pytest

from tests.core.samples import decide
from worker.core.decisions import Action


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Laskun FD-3001 tilausnumero jäi ilmoittamatta, se on 4500123456. Lähetättekö korjatun laskun?", [["FD-3001", "4500123456"]]),
        (
            "FD-3001:lle tulee 4500123456 ja FD-3002:lle 4500987655. Päivittäisittekö molemmat?",
            [["FD-3001", "4500123456"], ["FD-3002", "4500987655"]],
        ),
        ("Laskulle FD-3001 ei kuulu 4500987655 vaan 4500123456, korjaisitteko laskun?", [["FD-3001", "4500123456"]]),
        (
            "Tilaus 4500987654 on loppuun laskutettu. Käyttäkää laskulla FD-3004 sen sijaan tilausta 4500123456.",
            [["FD-3004", "4500123456"]],
        ),
        ("Merkitkää laskuun FD-3002 sama tilausnumero kuin laskulla FD-3004.", [["FD-3002", "4500987654"]]),
    ],
)
def test_a_number_that_is_given_is_put_on_its_invoice(text: str, changes: list[list[str]]) -> None:
    assert decide(text).as_pairs() == changes


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Laskulta FD-3001 puuttuu ostotilausnumero, emme voi käsitellä sitä.", Action.ASK),
        ("Laskun FD-3001 tilausnumero taitaa olla 4500123456, tarkistan vielä.", Action.HOLD),
        ("Hankintaehdotus 4500123456 on hyväksytty, FD-3001:n tilausnumero tulee ensi viikolla.", Action.IGNORE),
        ("Laskuun FD-3001 ei tarvita tilausnumeroa.", Action.IGNORE),
        ("Lasku FD-3001 on jaettava kahdelle tilaukselle.", Action.REISSUE),
        ("FD-3001:n liite ei aukea, lähettäisittekö sen uudestaan?", Action.RESEND),
        ("FD-3004 kirjattiin meillä uutena laskuna, onko tämä uusi vai korjattu?", Action.ANSWER),
    ],
)
def test_anything_else_is_understood_as_what_it_is(text: str, action: Action) -> None:
    assert decide(text).action is action
