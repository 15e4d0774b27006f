"""Whole mails in Spanish, from Spain and from Latin America, and what is done with each."""

from __future__ import annotations

import pytest

from tests.core.samples import AP, OTHER_PO, PO, QUARRY, decide, told
from worker.core.decisions import Action

QUARRY_AP = QUARRY.contacts[0]


@pytest.mark.parametrize(
    "text",
    [
        f"Buenos días:\n\nEl nº de pedido de la FD-3001 es el {PO}. ¿Nos la podéis volver a mandar?\n\nUn saludo",
        f"Fijate que la FD-3001 vino sin la OC. Ponele por favor la {PO} y mandámela de nuevo. Gracias!",
        f"No es el 4500111222 sino el {PO} el que debe figurar en la FD-3001. Rogamos la rectifiquen.",
        f"Emitimos la orden {PO} en reemplazo de la 4500111222. Favor actualizar la factura FD-3001.",
        f"La FD-3001 va con el pedido {PO}. De la FD-3002 os diremos el número la semana que viene.",
    ],
)
def test_a_given_order_is_put_on_its_invoice(text: str) -> None:
    assert told(decide(text)) == (Action.AMEND, [["FD-3001", PO]], AP)


@pytest.mark.parametrize(
    "text",
    [
        "Les devolvemos la factura FD-3001 por no constar en ella nuestro número de pedido.",
        "Su documento FD-3001 no pudo ser radicado. Causal: no relaciona orden de compra.",
        "Quedamos a la espera del nº de pedido para poder contabilizar la FD-3001.",
    ],
)
def test_a_missing_order_is_asked_for(text: str) -> None:
    assert told(decide(text)) == (Action.ASK, [], AP)


def test_the_standing_order_answers_a_missing_one() -> None:
    text = "Estimados: la factura FD-5001 no indica la orden de compra."
    assert told(decide(text, sender=QUARRY_AP)) == (Action.AMEND, [["FD-5001", "PO-000777"]], QUARRY_AP)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (f"Creo que el pedido de la FD-3001 es el {PO}, pero déjame confirmarlo.", Action.HOLD),
        (f"No añadáis todavía el pedido {PO} a la FD-3001, falta la firma del director.", Action.HOLD),
        (f"Poned el pedido {PO} en la FD-3001 y facturadla a nombre de nuestra filial.", Action.HOLD),
        (f"El pedido de la FD-3001 es el {PO}, ¿podéis comprobarlo vosotros?", Action.HOLD),
        (f"Poned el pedido {PO} en la FD-3001. La tenemos en disputa con compras.", Action.HOLD),
        (f"Poned el pedido {PO} en la FD-3001. Aprovecho para mandarte la foto de la factura corregida.", Action.HOLD),
        (f"Poned el pedido {PO} en la FD-3001. Aprovecho para mandarte una foto de la sala ya montada.", Action.AMEND),
        ("Rogamos cancelen la FD-3001 y nos expidan otra con el importe correcto.", Action.REISSUE),
        ("La FD-3001 debió emitirse con IVA al 21 %.", Action.REISSUE),
        ("¿Sería posible que la FD-3001 llevara fecha de 30 de septiembre?", Action.ANSWER),
        ("Recibida la FD-3001, hoy pasó a contabilidad.", Action.IGNORE),
        ("En cuanto tenga el pedido de la FD-3001 te paso el número.", Action.IGNORE),
        ("Para la FD-3001 no hace falta pedido.", Action.IGNORE),
        (f"La FD-3001 hay que repartirla: 1.000,00 EUR al {PO} y el resto al {OTHER_PO}.", Action.REISSUE),
        ("Necesitamos que anulen la FD-3001 y emitan una nueva con otro número.", Action.REISSUE),
        ("El plazo de pago de la FD-3001 empieza a contar desde la recepción de la corregida.", Action.ANSWER),
        ("¿Me pasáis una copia de la FD-3004? No la encuentro.", Action.RESEND),
    ],
)
def test_what_is_no_amendment_is_none(text: str, action: Action) -> None:
    assert decide(text).action is action
