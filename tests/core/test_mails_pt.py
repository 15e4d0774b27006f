"""Whole mails in Portuguese, from Portugal and from Brazil, and what is done with each."""

from __future__ import annotations

import pytest

from tests.core.samples import AP, OTHER_PO, PO, QUARRY, decide, rulebook, told
from worker.core.decisions import Action

QUARRY_AP = QUARRY.contacts[0]


@pytest.mark.parametrize(
    "text",
    [
        f"Bom dia,\n\nA encomenda da FD-3001 é a {PO}. Podem reenviar com essa referência?\n\nCumprimentos",
        f"Oi! O fiscal recusou a FD-3001 porque veio sem pedido. Coloca por favor o pedido {PO} e me manda de novo.",
        f"Não é a 4500111222 mas sim a {PO} que deve constar na FD-3001. Queiram retificar.",
        f"Solicitamos que na V/ factura FD-3001 passe a constar a N/ nota de encomenda {PO}.",
        f"A FD-3001 vai com a encomenda {PO}. Da FD-3002 diremos o número na próxima semana.",
    ],
)
def test_a_given_order_is_put_on_its_invoice(text: str) -> None:
    assert told(decide(text)) == (Action.AMEND, [["FD-3001", PO]], AP)


@pytest.mark.parametrize(
    "text",
    [
        "Devolvemos a fatura FD-3001 por não conter o número da nota de encomenda.",
        "Informamos que a NF FD-3001 foi bloqueada. Motivo: pedido de compra não informado.",
        "A vossa fatura FD-3001 encontra-se retida a aguardar o número da encomenda.",
    ],
)
def test_a_missing_order_is_asked_for(text: str) -> None:
    assert told(decide(text)) == (Action.ASK, [], AP)


def test_the_standing_order_answers_a_missing_one() -> None:
    text = "A fatura FD-5001 não indica o pedido de compra, pelo que não a conseguimos lançar."
    assert told(decide(text, sender=QUARRY_AP)) == (Action.AMEND, [["FD-5001", "PO-000777"]], QUARRY_AP)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (f"Acho que a encomenda da FD-3001 é a {PO}, mas não tenho a certeza.", Action.HOLD),
        (f"Não coloquem ainda a encomenda {PO} na FD-3001, falta a assinatura do diretor.", Action.HOLD),
        (f"A FD-3001 deve ser emitida contra o CNPJ da filial. Pedido {PO}.", Action.HOLD),
        (f"Ponham a encomenda {PO} na FD-3001. Aproveito para enviar a foto da fatura corrigida.", Action.HOLD),
        (f"Ponham a encomenda {PO} na FD-3001. Aproveito para partilhar umas fotografias do stand já montado.", Action.AMEND),
        (f"A encomenda da FD-3001 é a {PO}, podem confirmar?", Action.HOLD),
        ("A FD-3001 deveria ter levado IVA à taxa de 23 %.", Action.REISSUE),
        ("Agradecemos anular a FD-3001 e emitir outra pelo valor correto.", Action.REISSUE),
        ("Era bom que a FD-3001 levasse a data de 30 de setembro.", Action.ANSWER),
        ("A FD-3001 chegou, está tudo em ordem e já foi para lançamento.", Action.IGNORE),
        (f"O pedido guarda-chuva é o {PO}. Ele deve aparecer em todas as faturas futuras.", Action.REMEMBER),
        ("Assim que tiver o número da encomenda da FD-3001 envio-lho.", Action.IGNORE),
        ("Para a FD-3001 não é necessária nota de encomenda.", Action.IGNORE),
        (f"A FD-3001 tem de ser dividida: 1.000,00 EUR na {PO} e o restante na {OTHER_PO}.", Action.REISSUE),
        ("Precisamos que anulem a FD-3001 e emitam uma nova com outro número.", Action.REISSUE),
        ("O prazo de pagamento da FD-3001 começa a contar a partir da receção da corrigida.", Action.ANSWER),
        ("Podem mandar-me a segunda via da FD-3004? Não a encontro.", Action.RESEND),
    ],
)
def test_what_is_no_amendment_is_none(text: str, action: Action) -> None:
    assert decide(text).action is action


def test_a_few_words_that_are_also_spanish_are_read_as_both() -> None:
    assert {"es", "pt"} <= rulebook().vocabularies.spoken_in(["Para a AL-3001 esqueçam a 4500123456."])
