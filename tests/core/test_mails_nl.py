"""What is done with mails in Dutch, of the Netherlands and of Flanders: given, missing, put off, taken back, and more than the number."""

from __future__ import annotations

import pytest

from tests.core.samples import OTHER_PO, PO, decide
from worker.core.decisions import Action

ONE = [["FD-3001", PO]]


@pytest.mark.parametrize(
    "said",
    [
        f"Het ontbrekende inkoopordernummer voor FD-3001 luidt {PO}.",
        f"Gelieve op factuur FD-3001 onze bestelbon {PO} te vermelden en ze ons opnieuw te bezorgen.",
        f"Zou je FD-3001 nog eens kunnen mailen, maar dan met PO {PO} erop?",
        f"FD-3001 werd geweigerd wegens ontbrekend PO-nummer ({PO}).",
        f"Gebruik voor FD-3001 niet {OTHER_PO} maar {PO}, de eerste is volledig gefactureerd.",
        f"Zonder ordernummer {PO} op FD-3001 betaalt ons systeem niet uit.",
    ],
)
def test_a_number_that_is_given_goes_on_the_invoice(said: str) -> None:
    assert decide(f"Beste,\n\n{said}\n\nMet vriendelijke groet,\nPetra").as_pairs() == ONE


@pytest.mark.parametrize(
    "said",
    [
        "Wij sturen FD-3001 retour aangezien het bestelbonnummer nergens vermeld staat.",
        "FD-3001 kan pas in behandeling worden genomen nadat deze voorzien is van een geldig inkoopordernummer.",
        "Onder welk ordernummer mogen wij FD-3001 boeken?",
        "Bij FD-3001 missen wij nog het verplichtingennummer.",
    ],
)
def test_a_missing_number_is_asked_for(said: str) -> None:
    assert decide(f"Geachte heer,\n\n{said}\n\nCrediteurenadministratie").action is Action.ASK


@pytest.mark.parametrize(
    "said",
    [
        "De bestelbon voor FD-3001 is in aanvraag, we bezorgen u het nummer zodra het er is.",
        "Voor FD-3001 is geen inkooporder nodig.",
        "FD-3001 is akkoord en gaat mee in de volgende betaalrun.",
        f"Hierbij bestellen wij conform offerte, inkooporder {PO}. De factuur graag na levering.",
    ],
)
def test_what_asks_for_nothing_is_left_alone(said: str) -> None:
    assert decide(f"Hoi,\n\n{said}\n\nGroetjes").action is Action.IGNORE


@pytest.mark.parametrize(
    "said",
    [
        "Vergeet mijn vorige bericht.",
        "Ik moet dat nog even navragen bij inkoop.",
        "De factuur hoort op naam van onze dochteronderneming te staan.",
        "Graag ook het projectnummer erbij.",
        "Doe dit pas in januari.",
        "Er zijn maar acht uren gemaakt.",
        "Betaal op rekening NL12 in plaats van de oude.",
    ],
)
def test_what_takes_back_puts_off_or_wants_more_waits(said: str) -> None:
    assert decide(f"Hallo,\ngraag PO {PO} op FD-3001 zetten. {said}\nGroet").action is Action.HOLD


@pytest.mark.parametrize("said", ["Bedrag en datum blijven hetzelfde.", "Een creditnota is niet nodig.", "Wij betalen binnen 30 dagen."])
def test_what_says_that_all_else_stays_does_not_hinder(said: str) -> None:
    assert decide(f"Hallo,\ngraag PO {PO} op FD-3001 zetten. {said}\nGroet").as_pairs() == ONE


def test_invoices_are_paired_with_their_numbers_and_the_rest_is_put_off() -> None:
    assert decide(f"FD-3001 hoort bij {PO}, FD-3002 bij 4500765432.\nGroet").as_pairs() == [*ONE, ["FD-3002", "4500765432"]]
    assert decide(f"PO {PO} is voor FD-3001. Het nummer voor FD-3002 volgt nog.\nGroet").as_pairs() == ONE


def test_what_an_amendment_can_not_do_is_prepared_as_a_new_invoice() -> None:
    assert decide(f"Op FD-3001 staan 14 uren terwijl er 10 zijn afgesproken. Graag corrigeren, PO is {PO}.").action is Action.REISSUE
    assert decide(f"Gelieve voor FD-3001 btw verlegd te factureren, bestelbon {PO}.").action is Action.REISSUE


def test_a_requisition_is_no_purchase_order() -> None:
    assert decide(f"{PO} is de inkoopaanvraag voor FD-3001. Zodra de PO is vrijgegeven stuur ik die.").action is Action.IGNORE
