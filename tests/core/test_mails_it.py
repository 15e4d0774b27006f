"""Whole mails in Italian, as clerks, shared-service centres and systems write them, and what is to be done with each."""

from __future__ import annotations

import pytest

from tests.core.samples import AP, OTHER_PO, PO, QUARRY, decide, told
from worker.core.decisions import Action

ONE = [["FD-3001", PO]]


@pytest.mark.parametrize(
    "text",
    [
        f"SPETT.LE DITTA,\nLA FATTURA FD-3001 E' RESA PERCHE' PRIVA DEL NUMERO D'ORDINE CHE E' IL SEGUENTE: {PO}.\nPREGASI RIEMETTERE.",
        f"Ciao June,\nl'OdA per la 3001 è il {PO}, me la rigiri col numero dentro?\n\nGrazie\nPaola",
        f"Buongiorno,\nil {OTHER_PO} è la RdA, l'ordine vero è {PO}: è questo da mettere sulla FD-3001.\n\nSaluti",
        f"Il documento FD-3001 è stato scartato.\nMotivo: numero ordine mancante\nOrdine di riferimento: {PO}\nAzione: reinviare",
        f"Sulla FD-3001 va il {PO}, non il {OTHER_PO}. Cortesemente aggiornatela.",
        f"L'ordine {OTHER_PO} è esaurito: per la FD-3001 utilizzate il {PO}, aperto in sua sostituzione, e rimandatela.",
        f"Potreste retrodatare la FD-3001 al 31/08 e inserire l'ordine {PO}? Ci serve per la chiusura.",
        f"Per la FD-3001 il numero è {PO}, mentre per la FD-3002 ti faccio sapere la settimana prossima.",
        f"Sulla FD-3001 leggiamo {OTHER_PO}, doveva essere {PO}. Ci mandate la versione corretta?",
        f"In fase di controllo la FD-3001 risultava non valorizzata nel campo ordine: il numero è {PO}, va quindi allineata.",
        f"La FD-3001 non è pagata perché non vi figura l'ordine {PO}. Rimandatela e la saldiamo senza attendere la scadenza.",
    ],
)
def test_a_number_that_is_given_is_put_on_the_invoice(text: str) -> None:
    assert told(decide(text)) == (Action.AMEND, ONE, AP)


@pytest.mark.parametrize(
    "text",
    [
        f"Credo che l'ordine della FD-3001 sia il {PO}, ma lo verifico con gli acquisti.",
        f"Per ora non fate nulla: l'ordine {PO} per la FD-3001 deve ancora essere approvato.",
        f"Vi chiediamo conferma che la FD-3001 sia riferita all'ordine {PO}.",
        f"Sulla FD-3001 avete indicato l'ordine {PO} al posto di {OTHER_PO}.",
        f"Contrordine: non inserite più il {PO} sulla FD-3001.",
        f"Per la FD-3001 abbiamo emesso la RdA {PO}.",
        f"Inserite l'ordine {PO} sulla FD-3001 e intestatela alla Conceria Nord Srl.",
        f"Inserite l'ordine {PO} sulla FD-3001 e aggiornate il vostro IBAN come da allegato.",
        f"Il collega propone di usare l'ordine {PO} per la FD-3001, vi confermo a breve.",
        f"Un collega sostiene che per la FD-3001 si debba usare l'ordine {PO}. A me non risulta, sto cercando riscontro.",
        f"Ordine {PO} per la FD-3001 direi, salvo che Giada non mi smentisca.",
        f"Nel ritrasmettere la FD-3001 con l'ordine {PO} usate i dati della Servizi Holding S.p.A., a cui abbiamo conferito il ramo.",
        f"Ordine {PO} per la FD-3001. Il bonifico è tornato indietro: su che conto dobbiamo appoggiarci adesso?",
        f"Avevo scritto di mettere l'ordine {PO} sulla FD-3001; non dar seguito, stanno rifacendo tutto.",
        "La fattura FD-3001 è in contestazione: la merce è arrivata danneggiata.",
    ],
)
def test_a_doubt_a_refusal_or_another_wish_waits_for_a_person(text: str) -> None:
    assert decide(text).action is Action.HOLD


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("La fattura FD-3001 viene restituita in quanto non corredata del numero d'ordine, elemento obbligatorio.", Action.ASK),
        ("Ciao, sulla FD-3001 non c'è scritto l'ordine... mi fai sapere qual è?", Action.ASK),
        ("Non troviamo l'allegato della FD-3001: ce la rimandate, per cortesia?", Action.RESEND),
        ("L'ordine per la FD-3001 è in approvazione, ve lo giriamo appena disponibile.", Action.IGNORE),
        ("Per la FD-3001 non serve alcun ordine, procediamo alla liquidazione.", Action.IGNORE),
        ("Stamattina è partito il bonifico a saldo della FD-3001.", Action.IGNORE),
        ("Vi preghiamo di stornare la FD-3001 con nota di credito e di emettere una nuova fattura.", Action.REISSUE),
        (f"La FD-3001 va suddivisa: 600 euro su {PO} e il resto su {OTHER_PO}.", Action.REISSUE),
        ("I termini di pagamento della FD-3001 decorrono dalla ricezione della copia corretta.", Action.ANSWER),
        ("La FD-3001 ci risulta registrata due volte: è una nuova fattura o un duplicato?", Action.ANSWER),
    ],
)
def test_what_asks_for_something_else_gets_that(text: str, action: Action) -> None:
    assert decide(text).action is action


def test_the_standing_number_is_put_on_an_invoice_that_has_none() -> None:
    decision = decide("La fattura FD-5001 è stata parcheggiata: manca il PO.", sender=QUARRY.contacts[0])
    assert told(decision) == (Action.AMEND, [["FD-5001", "PO-000777"]], QUARRY.contacts[0])


def test_a_number_for_all_future_invoices_is_remembered() -> None:
    text = f"D'ora in poi riportate l'ordine {PO} su tutte le vostre fatture. Quelle già emesse restano come sono."
    assert told(decide(text)) == (Action.REMEMBER, [["customer:tannery", PO]], AP)


def test_invoices_and_numbers_go_together_row_by_row() -> None:
    text = f"Buongiorno,\ndi seguito gli ordini richiesti:\n\nFD-3001: {PO}\nFD-3002: {OTHER_PO}\n\nVi chiediamo di aggiornare i documenti."
    assert decide(text).as_pairs() == [["FD-3001", PO], ["FD-3002", OTHER_PO]]
