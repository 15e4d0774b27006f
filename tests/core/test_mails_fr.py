"""Whole mails in French, as clerks in France, Belgium, Switzerland and Québec write them: what is done, with which number, to whom."""

from __future__ import annotations

import pytest

from tests.core.samples import AP, JUNE, OTHER_PO, PO, QUARRY, decide, told
from worker.core.decisions import Action

QUARRY_AP = QUARRY.contacts[0]


def test_a_rejection_without_a_number_is_asked_back() -> None:
    text = """Bonjour,

La facture FD-3001 est arrivée sans numéro de bon de commande ; nous ne pouvons donc pas la traiter.
Merci de nous la retourner complétée.

Cordialement,
Comptabilité fournisseurs
Tél. 03 88 45 00 12 34"""
    assert told(decide(text)) == (Action.ASK, [], AP)


@pytest.mark.parametrize(
    "text",
    [
        f"Bonjour,\nvoici le BdC pour la FD-3001 : {PO}. Pouvez-vous me renvoyer le PDF ?\nMerci",
        f"Bonjour, le n° de commande à indiquer sur la FD-3001 n'est pas {OTHER_PO} mais {PO}. Merci de corriger.",
        f"Bonjour, pour la FD-3001 utilisez {PO} et non {OTHER_PO}. Merci de refaire le PDF.",
        f"Bonjour, la commande {OTHER_PO} ayant été soldée, merci de reporter {PO} sur la facture FD-3001.",
        f"Facture FD-3001 refusée car la référence « {PO} » n'y figure pas. Merci de l'y inscrire.",
        f"Bjr, svp reporter cde {PO} sur fac FD-3001 + renvoi pdf. Cdt",
        f"Madame,\nnous vous saurions gré de bien vouloir faire figurer sur la FD-3001 notre numéro de commande, soit {PO}.",
        f"Pas besoin de faire un avoir : ajoutez simplement la commande {PO} sur la FD-3001 et renvoyez-la nous.",
        f"La commande {PO} concerne la facture FD-3001, pas la FD-3002. Merci de mettre à jour.",
    ],
)
def test_a_number_that_is_given_is_put_on_its_invoice(text: str) -> None:
    assert told(decide(text)) == (Action.AMEND, [["FD-3001", PO]], AP)


@pytest.mark.parametrize(
    "text",
    [
        f"Bonjour, dès que la commande {PO} sera validée, merci de l'indiquer sur la FD-3001. Pour l'instant n'envoyez rien.",
        f"Je crois que le numéro de commande de la FD-3001 est le {PO}, à vérifier avec les achats.",
        f"FD-3001 : commande {PO}. Non pardon, c'est celle de l'an dernier.",
        f"La facture FD-3001 ne doit pas porter la commande {PO}.",
        f"Merci d'ajouter la commande {PO} sur la FD-3001 et d'y faire figurer votre nouvel IBAN.",
        f"Nous nous appelons désormais Tannerie du Nord SAS. Merci de refaire la FD-3001 à ce nom, commande {PO}.",
        f"Si la FD-3001 concerne bien la maintenance, c'est la commande {PO}, sinon revenez vers moi.",
        f"Est-ce que {PO} figure déjà sur la FD-3001 ?",
    ],
)
def test_what_is_doubted_put_off_or_more_than_a_number_waits_for_a_person(text: str) -> None:
    assert told(decide(text)) == (Action.HOLD, [], None)


@pytest.mark.parametrize(
    "text",
    [
        "Le bon de commande de la FD-3001 est en cours de validation, je vous le transmets dès que je l'ai.",
        "Pour la FD-3001, aucun bon de commande n'est nécessaire.",
        "Nous vous informons que le règlement de la facture FD-3001 a été effectué ce jour par virement.",
        "Nous vous rappelons que le numéro de commande doit figurer sur toutes vos factures.",
    ],
)
def test_what_asks_for_nothing_is_left_alone(text: str) -> None:
    assert told(decide(text)) == (Action.IGNORE, [], None)


@pytest.mark.parametrize(
    "text",
    [
        f"Merci de ventiler la facture FD-3001 sur deux commandes : 60 % sur la {PO} et 40 % sur la {OTHER_PO}.",
        f"Veuillez annuler la FD-3001 par un avoir et établir une nouvelle facture portant la commande {PO}.",
        "La facture FD-3001 a été établie sans TVA, merci de la corriger.",
        f"Merci de refaire la FD-3001 à 1 100,00 € au lieu de 1 250,00 €, commande {PO}.",
    ],
)
def test_what_an_amendment_can_not_do_is_issued_anew(text: str) -> None:
    assert decide(text).action is Action.REISSUE


@pytest.mark.parametrize(
    "text",
    [
        f"Quand et par qui le numéro de commande {OTHER_PO} a-t-il été ajouté sur la facture FD-3004 ?",
        "Le délai de paiement de la FD-3004 court à compter de la réception de la version corrigée.",
        "Serait-il possible d'antidater la facture FD-3001 au 31.08.2026 ?",
    ],
)
def test_questions_of_dates_are_answered(text: str) -> None:
    assert told(decide(text)) == (Action.ANSWER, [], AP)


def test_a_standing_number_is_remembered_and_the_sent_invoices_left() -> None:
    text = """À compter d'aujourd'hui, veuillez indiquer le PO-005150 sur toutes vos prochaines factures.
Les factures déjà émises restent inchangées."""
    assert told(decide(text, sender=QUARRY_AP)) == (Action.REMEMBER, [["customer:quarry", "PO-005150"]], QUARRY_AP)


def test_where_later_invoices_go_is_no_standing_number() -> None:
    text = "Merci d'ajouter le PO-005150 sur la FD-5001 et d'envoyer désormais vos factures à compta@quarry.example."
    assert ["customer:quarry", "PO-005150"] not in decide(text, sender=QUARRY_AP).as_pairs()


def test_our_own_note_in_french_is_an_instruction() -> None:
    assert told(decide(f"Mets la commande {PO} sur la FD-3001 stp.", sender=JUNE)) == (Action.AMEND, [["FD-3001", PO]], AP)


def test_a_forward_that_our_note_warns_of_is_not_applied() -> None:
    text = f"""Attention, ne rien faire, ils se trompent de projet.

De : Paul Mertens <{AP}>
Envoyé : lundi 5 octobre 2026 16:02
À : June <{JUNE}>
Objet : commande

Bonjour, le bon de commande pour la facture FD-3001 est {PO}. Merci de l'ajouter."""
    assert decide(text, sender=JUNE, subject="TR: commande").action is Action.HOLD
