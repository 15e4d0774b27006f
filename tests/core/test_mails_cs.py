"""Whole mails in Czech, with and without accents: what is done with them."""

from __future__ import annotations

import pytest

from tests.core.samples import decide
from worker.core.decisions import Action


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("Na faktuře FD-3001 chybělo číslo objednávky, je to 4500123456. Prosím o doplnění.", [["FD-3001", "4500123456"]]),
        ("prosim o doplneni c. obj. 4500123456 na fakturu FD-3001 a nove zaslani", [["FD-3001", "4500123456"]]),
        (
            "K FD-3001 prosím uveďte objednávku 4500123456 a k FD-3002 objednávku 4500987655.",
            [["FD-3001", "4500123456"], ["FD-3002", "4500987655"]],
        ),
        ("FD-3001 nepatří pod 4500987655, nýbrž pod 4500123456, prosím opravte.", [["FD-3001", "4500123456"]]),
        ("Objednávka 4500987654 je již dočerpána a uzavřena. Na FD-3004 použijte prosím 4500123456.", [["FD-3004", "4500123456"]]),
        ("Na FD-3002 prosím uveďte stejné číslo objednávky jako na FD-3004.", [["FD-3002", "4500987654"]]),
        ("K FD-3001 patří objednávka 4500123456. Číslo k FD-3002 pošlu zítra.", [["FD-3001", "4500123456"]]),
    ],
)
def test_a_number_that_is_given_is_put_on_its_invoice(text: str, changes: list[list[str]]) -> None:
    assert decide(text).as_pairs() == changes


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Fakturu FD-3001 vracíme, není na ní objednávka.", Action.ASK),
        ("fakturu FD-3001 nemuzeme zauctovat, chybi cislo objednavky", Action.ASK),
        ("Domnívám se, že objednávka k FD-3001 je 4500123456, zítra to ověřím.", Action.HOLD),
        ("Objednávku 4500123456 k FD-3001 musí ještě podepsat jednatel.", Action.HOLD),
        ("Objednávka k FD-3001 čeká na schválení, číslo dodáme.", Action.IGNORE),
        ("K FD-3001 objednávku nevyžadujeme, není potřeba číslo objednávky.", Action.IGNORE),
        ("Rozdělte prosím FD-3001 na dvě objednávky.", Action.REISSUE),
        ("Vystavte prosím k FD-3001 dobropis.", Action.REISSUE),
        ("Nejde mi otevřít příloha, prosím o opětovné zaslání FD-3001.", Action.RESEND),
        ("Kdo a kdy doplnil číslo objednávky na FD-3004?", Action.ANSWER),
    ],
)
def test_anything_else_is_understood_as_what_it_is(text: str, action: Action) -> None:
    assert decide(text).action is action
