"""A doubt is a hold: numbers taken back, wondered about or belonging to something else, and tables with a gap."""

from __future__ import annotations

import unicodedata

import pytest

from tests.core.samples import AP, JUNE, LIDO, MAILBOX, OTHER_PO, PO, books, decide, invoice, paper, told
from tests.core.test_papers import ENCLOSED, ORDER
from tests.core.test_senders import forwarded
from worker.core.decisions import Action


@pytest.mark.parametrize(
    "text",
    [
        "FD-3001 should not carry PO {}",
        "Please ignore PO {} on FD-3001",
        "PO {} was used for FD-3001 by mistake",
        "PO {} is not for FD-3001",
        "The PO for FD-3001 isn't {}.",
        "FD-3001 PO: {} (cancelled)",
        "FD-3001 PO {} [DO NOT USE]",
        "FD-3001: remove PO {}",
        "Please delete PO {} from FD-3001",
        "PO {} has been rejected by our CFO, FD-3001",
        "FD-3001: wrong PO {}",
        "FD-3001 quotes a wrong PO number, {}",
        "You quoted PO {} on FD-3001, which is incorrect",
        "You quoted {} on FD-3001 but that belongs to Acme",
        "The PO number {} on FD-3001 does not exist in our system",
        "Rechnung FD-3001: falsche Bestellnummer {}",
        "Bestellnummer {} auf FD-3001 ist unbekannt",
        "Bitte {} von FD-3001 entfernen",
    ],
)
def test_a_number_that_is_taken_back_is_not_put_on_the_invoice(text: str) -> None:
    assert decide(text.format(PO)).as_pairs() == []


@pytest.mark.parametrize(
    "text",
    [
        "Please add PO {} to FD-3001, or was it 4500987654?",
        "I think the PO for FD-3001 is {}",
        "Please add PO {} to FD-3001 but I am not sure it is right",
        "Please confirm PO {} for FD-3001",
        "The PO is {} for FD-3001? Please check.",
        "Please wait with PO {} for FD-3001",
        "Please hold off adding PO {} to FD-3001 until I confirm",
        "We are raising PO {} for FD-3001, do not use it yet",
        "Once approved, PO {} will be for FD-3001",
        "Your competitor uses PO {}; FD-3001 lacks a PO",
    ],
)
def test_a_number_that_is_not_certain_yet_waits(text: str) -> None:
    assert decide(text.format(PO)).as_pairs() == []


@pytest.mark.parametrize(
    "words",
    [
        "Batch {}",
        "SR {}",
        "Incident #{}",
        "WhatsApp {}",
        "Transaction {}",
        "Reference number: {}",
        "Call {}",
        "Call us at {} about FD-3001",
        "our ref {}",
    ],
)
def test_a_number_behind_a_word_that_nobody_knows_is_not_the_po(words: str) -> None:
    assert decide(f"FD-3001 lacks a PO. {words.format(PO)}").as_pairs() == []


@pytest.mark.parametrize("gap", ["", "-", "tbc", "n/a"])
@pytest.mark.parametrize("column", ["   ", "\t"])
def test_an_invoice_whose_cell_is_empty_in_the_table_gets_no_number(gap: str, column: str) -> None:
    table = f"Please update:\n\nInvoice{column}PO\nFD-3001{column}{PO}\nFD-3002{column}{gap}\n"
    assert decide(table).as_pairs() in ([], [["FD-3001", PO]])


@pytest.mark.parametrize(
    "text",
    [
        "FD-3001 does not run under {}. Please add the number.",
        "FD-3001 doesn't go against {}. Please amend it.",
        "FD-3001 perhaps runs under {}. Please add it.",
        "La FD-3001 n'est pas à rattacher à {}. Merci de corriger.",
        "La FD-3001 no corresponde a {}. Por favor, añadan el número.",
        "La FD-3001 non va su {}. Grazie di integrarla.",
        "A FD-3001 não pertence à {}. Acrescentem o número.",
        "FD-3001 chyba należy do {}. Proszę uzupełnić.",
        "FD-3001 asi patří pod {}. Prosím doplňte.",
        "FD-3001 läuft nicht über {}. Bitte ergänzen.",
        "De FD-3001 valt niet onder {}. Graag toevoegen.",
    ],
)
def test_a_number_that_an_invoice_does_not_run_under_waits(text: str) -> None:
    assert decide(text.format(PO)).action is Action.HOLD


BELONGING = {
    "FD-3001 {} belongs under {}. Please add it.": ("no longer", "hardly", "formerly", "as far as I know", "only from January"),
    "FD-3001 gehört {} unter {}. Bitte ergänzen.": ("nicht", "nicht mehr", "keinesfalls", "bisher", "wohl", "erst ab Januar"),
    "FD-3001 gehoert {} ueber {}. Bitte ergaenzen.": ("nicht", "nie", "frueher", "urspruenglich"),
    "La FD-3001 passe {} sous {}. Merci d'ajouter le numéro.": ("auparavant", "éventuellement", "à ma connaissance"),
    "La FD-3001 ne passe {} sous {}. Merci d'ajouter le numéro.": ("pas", "plus", "jamais"),
    "La FD-3001 {} corresponde al {}. Añadid el número.": ("no", "nunca", "ya no", "originalmente", "que yo sepa"),
    "La FD-3001 {} rientra nel {}. Grazie di integrare.": ("non", "non più", "in origine", "che io sappia"),
    "A FD-3001 {} corresponde à {}. Acrescentem o número.": ("não", "nunca", "supostamente", "em breve"),
    "FD-3001 hoort {} bij {}. Graag aanvullen.": ("niet", "niet meer", "zeker niet", "voorheen", "mogelijk"),
    "FD-3001 hör {} till {}. Komplettera gärna.": ("inte", "inte längre", "tidigare", "nog"),
    "FD-3001 hører {} under {}. Tilføj venligst nummeret.": ("ikke", "ikke længere", "tidligere", "vistnok"),
    "FD-3001 {} kuuluu tilaukseen {}. Lisätkää numero.": ("aiemmin", "kaiketi", "luullakseni"),
    "FD-3001 {} należy do {}. Proszę uzupełnić.": ("nie", "już nie", "raczej", "kiedyś"),
    "FD-3001 {} pod {}. Prosím doplňte.": ("nepatří", "už neběží", "původně patří", "brzy patří"),
    "FD-3001{}订单{}。请补上订单号后重发。": ("不属于", "并不对应", "以前属于", "可能属于"),
}


@pytest.mark.parametrize("text", [frame.format(word, PO) for frame, words in BELONGING.items() for word in words])
def test_an_invoice_that_is_not_or_only_perhaps_under_a_number_does_not_get_it(text: str) -> None:
    assert (decide(text).action, decide(text).as_pairs()) == (Action.HOLD, [])


@pytest.mark.parametrize(
    "text",
    [
        "FD-3001 was wrongly put on {}. Please correct it.",
        "FD-3001 should never have gone against {}. Please fix.",
        "FD-3001 is blocked because {} is used up. Please sort it out.",
        "FD-3001 against {} was rejected. Please resend.",
        "FD-3001 can go under {} once our director signs it. Please add it then.",
        "FD-3001 will get {} if procurement agrees. Please wait.",
        "FD-3001 might be {}. Please add if so.",
        "FD-3001: {}? Please confirm.",
        "FD-3001 has nothing to do with {}. Please correct.",
        "FD-3001 used to be on {}. Please correct the PO.",
        "FD-3001 was raised under {}, which we have cancelled. Please amend.",
        "FD-3001, PO {}, is with another department. Please hold it.",
        "FD-3001 wurde fälschlich auf {} gebucht. Bitte korrigieren.",
        "FD-3001 sollte nicht auf {} laufen. Bitte ändern.",
        "FD-3001 kann erst auf {} laufen, wenn der Einkauf zustimmt. Bitte warten.",
        "FD-3001 lief früher über {}. Bitte korrigieren.",
        "FD-3001 gehört zu {}, die ist aber storniert. Bitte ändern.",
        "FD-3001 était sur {}, commande annulée. Merci de corriger.",
        "FD-3001 ne doit pas porter {}. Merci de corriger.",
        "FD-3001 sera sur {} dès validation. Merci de patienter.",
        "FD-3001 no debe llevar {}. Corregidla.",
        "FD-3001 iba con {}, que está anulado. Corregidla.",
        "FD-3001 irá con {} cuando lo aprueben. Añadidlo entonces.",
        "FD-3001 non deve riportare {}. Correggetela.",
        "FD-3001 era su {}, ordine annullato. Correggetela.",
        "FD-3001 andrà su {} appena approvato. Grazie di aggiungerlo.",
        "FD-3001 hoort niet bij {}. Graag aanpassen.",
        "FD-3001 stond op {}, die is vervallen. Graag aanpassen.",
        "FD-3001 kan op {} zodra die is goedgekeurd. Graag toevoegen.",
        "FD-3001 não deve levar {}. Corrijam.",
        "FD-3001 estava na {}, que foi anulada. Corrijam.",
        "FD-3001 nie powinna mieć {}. Proszę poprawić.",
        "FD-3001 była na {}, które anulowano. Proszę poprawić.",
        "FD-3001 ska inte ha {}. Rätta gärna.",
        "FD-3001 låg på {}, som är stängd. Rätta gärna.",
        "FD-3001 skal ikke have {}. Ret venligst.",
        "FD-3001 lå på {}, som er lukket. Ret venligst.",
        "FD-3001 ei saa olla tilauksella {}. Korjatkaa.",
        "FD-3001 oli tilauksella {}, joka on suljettu. Korjatkaa.",
        "FD-3001 nemá mít {}. Opravte prosím.",
        "FD-3001 byla na {}, ta je zrušená. Opravte prosím.",
        "FD-3001に{}を付けないでください。訂正してください。",
        "FD-3001は{}でしたが、取り消されました。訂正してください。",
        "FD-3001不要写{}。请更正。",
        "FD-3001原来是{},已取消。请更正。",
    ],
)
def test_what_is_said_against_a_number_counts_where_the_sentence_begins_with_the_invoice(text: str) -> None:
    assert decide(text.format(PO)).action is not Action.AMEND


@pytest.mark.parametrize(
    "text",
    [
        "By mistake the PO was left off FD-3001, it is {}. Please add it.",
        "FD-3001 was wrongly billed against {other}; the correct PO is {}. Please amend.",
        "FD-3001 used to be on {other}, the new PO is {}. Please update.",
        "The PO on FD-3001 is stated incorrectly please change to {}.",
        "FD-3001 wurde fälschlich auf {other} gebucht, richtig ist die Bestellung {}. Bitte korrigieren.",
        "Auf FD-3001 ist die Bestellnummer falsch bitte auf {} ändern.",
        "La FD-3001 ne porte pas le numéro de commande {}, merci de l'ajouter.",
        "La FD-3001 va con el pedido {}, por error figura el {other}. Corregidla.",
        "De FD-3001 staat ten onrechte op {other}, het juiste bestelnummer is {}. Graag aanpassen.",
    ],
)
def test_a_slip_is_put_right_by_the_number_that_is_given_for_it(text: str) -> None:
    assert decide(text.format(PO, other=OTHER_PO)).as_pairs() == [["FD-3001", PO]]


@pytest.mark.parametrize("zero", [character for character in map(chr, range(0x80, 0x20000)) if unicodedata.decimal(character, None) == 0])
def test_figures_of_any_script_are_read_as_ours(zero: str) -> None:
    written = "FD-" + "".join(chr(ord(zero) + int(figure)) for figure in "3002")
    decision = decide(f"Please put PO {PO} on {written}.", subject="Invoice FD-3001")
    assert decision.action is Action.HOLD or decision.as_pairs() == [["FD-3002", PO]]


def test_two_numbers_for_one_invoice_wait_in_a_list_too() -> None:
    assert decide(f"FD-3001: {PO}\nFD-3001: {OTHER_PO}\n").action is Action.HOLD


@pytest.mark.parametrize(
    "text",
    [
        f"See below.\n\nOn Mon, 2 Nov 2026 at 10:00, Clerk <clerk@tannery.example> wrote:\n> please add PO \u202e{PO}\u202c to FD-3001",
        f"> please add PO \u2066{PO} to FD-3001",
    ],
)
def test_a_disguised_number_waits_wherever_it_stands(text: str) -> None:
    assert decide(text).as_pairs() == []
    assert (
        decide("See attached.", attachments=(paper(f"Dear Sir,\nplease add PO \u202e{PO} to FD-3001 and send it again."),)).as_pairs() == []
    )


def test_what_else_future_invoices_are_to_say_is_not_answered_by_a_number_for_this_one() -> None:
    given = f"Brug {PO} til FD-3001. "
    assert decide(given).as_pairs() == [["FD-3001", PO]]
    assert decide(f"{given}Desuden skal perioden fremover stå på fakturaen.").action is Action.HOLD


@pytest.mark.parametrize(("old", "new"), [(PO, "45001234567"), ("PO number", "PR number")])
def test_an_attached_order_without_a_usable_number_waits(old: str, new: str) -> None:
    assert decide(ENCLOSED, attachments=(paper(ORDER.replace(old, new)),)).action is Action.HOLD


def test_a_copy_that_could_be_of_any_invoice_waits() -> None:
    assert decide("Please send me a copy of the invoice.").action is Action.HOLD


@pytest.mark.parametrize(
    "text",
    [
        "Please reissue the invoice FD-3001 with the PO number.",
        "Please resend invoice FD-3001 with a PO number.",
        "Please send invoice FD-3001 again with the PO number.",
        "Please resend invoice FD-3001 quoting our PO number.",
    ],
)
def test_a_request_to_send_it_again_with_a_po_that_nobody_gave_is_a_question(text: str) -> None:
    assert decide(text).action is Action.ASK


def test_a_year_beside_several_invoices_is_no_invoice() -> None:
    known = books(invoice("RE-2026"), invoice("RE-2025"))
    assert decide(f"Please add PO {PO} to our invoices for 2026", known).as_pairs() == []
    assert decide(f"Please add PO {PO} to the invoice of 2026.", known).as_pairs() == []


def test_a_yes_to_our_own_question_is_no_number_but_not_nothing() -> None:
    quoted = f"\n\nOn Mon, 2 Nov 2026 at 10:00, Billing <billing@fernhill.example> wrote:\n> What is the PO for FD-3001? PO {PO}"
    decision = decide(f"Yes, please use that PO.{quoted}", subject="Re: FD-3001")
    assert (decision.action, decision.as_pairs()) == (Action.HOLD, [])


def test_an_out_of_office_notice_told_by_its_subject_is_ignored() -> None:
    text = "I am away until Monday. FD-3001 will be handled then."
    assert decide(text, subject="Automatic reply: FD-3001").action is Action.IGNORE
    assert decide(text, subject="FD-3001").action is not Action.IGNORE


@pytest.mark.parametrize("text", ["POs {} and {} for FD-3001 and FD-3002", "Please add POs {}, {} for FD-3001 and FD-3002"])
def test_two_numbers_and_two_invoices_side_by_side_wait(text: str) -> None:
    decision = decide(text.format(PO, OTHER_PO))
    assert (decision.action, decision.as_pairs()) == (Action.HOLD, [])


@pytest.mark.parametrize("written", ["77 1234", "4711 22", "77-12 B", "77 - 1234", "77/ 1234", "45 00 12 33"])
def test_without_a_format_a_number_in_pieces_is_never_cut(written: str) -> None:
    assert decide(f"Please add PO {written} to FD-4001.", sender=LIDO.contacts[0]).as_pairs() in ([], [["FD-4001", written]])


@pytest.mark.parametrize("note", ["do not do this", "ignore, done already", "this is wrong, they mean Lido", "not yet", "sit on this"])
def test_our_own_note_above_a_forward_is_heeded_though_it_names_no_number(note: str) -> None:
    assert decide(forwarded(note=note), sender=JUNE, subject="Fwd: FD-3001").as_pairs() == []


@pytest.mark.parametrize("note", ["", "fyi", "please handle"])
def test_a_note_that_only_passes_it_on_changes_nothing(note: str) -> None:
    assert decide(forwarded(note=note), sender=JUNE, subject="Fwd: FD-3001").as_pairs() == [["FD-3001", PO]]


def test_our_own_note_that_names_the_right_invoice_for_a_wrong_one_is_followed() -> None:
    note = "Careful: Anna has named the wrong invoice. The order is for FD-3002, not for FD-3001."
    assert decide(forwarded(note=note), sender=JUNE, subject="Fwd: FD-3001").as_pairs() == [["FD-3002", PO]]


@pytest.mark.parametrize(
    "note",
    [
        "Careful: Anna has named the wrong invoice.",
        "Anna has named the wrong invoice, leave it. The order is for FD-3002, not for FD-3001.",
        "Do nothing yet. The order is for FD-3002, not for FD-3001.",
        "Careful: Anna has named the wrong invoice. Is the order for FD-3002 and not for FD-3001?",
        "Careful: Anna has named the wrong invoice. The order is for FD-3002, not for FD-3001. Do nothing yet.",
    ],
)
def test_our_own_note_of_a_wrong_invoice_waits_unless_it_only_puts_it_right(note: str) -> None:
    assert decide(forwarded(note=note), sender=JUNE, subject="Fwd: FD-3001").as_pairs() == []


def test_a_tax_number_that_looks_like_an_invoice_is_none() -> None:
    text = "Invoice FD-3001 carries no PO number, please send us one with it.\n\n{}: FD30077"
    assert decide(text.format("NIF")).action is Action.ASK
    assert decide(text.format("NIF\n")).action is Action.HOLD
    assert decide(text.format("See also")).action is Action.HOLD


def test_a_web_form_that_sends_as_our_mailbox_is_no_instruction_of_ours() -> None:
    assert decide(f"put PO {PO} on FD-3001", sender=MAILBOX, reply_to=("visitor@evil.example",)).action is Action.HOLD
    assert decide(forwarded(), sender=JUNE, subject="Fwd: FD-3001", reply_to=("visitor@evil.example",)).action is Action.HOLD
    assert decide(f"put PO {PO} on FD-3001", sender=MAILBOX, reply_to=(JUNE,)).as_pairs() == [["FD-3001", PO]]


def test_a_network_company_that_is_a_customer_speaks_for_itself() -> None:
    known = books(domains=("oracle.com",), contacts=("ap@oracle.com",))
    decision = decide(f"Please add PO {PO} to FD-3001.", known, sender="ap@oracle.com")
    assert (decision.as_pairs(), decision.reply_to) == ([["FD-3001", PO]], "ap@oracle.com")


def test_a_number_for_an_invoice_that_is_not_sent_yet_goes_on_no_other() -> None:
    text = f"On the invoice you make for the November work, use PO {PO}. FD-3001 I look at tomorrow."
    assert decide(text).action is Action.HOLD
    assert decide(f"Put PO {PO} on FD-3001. The next invoice will be smaller.").as_pairs() == [["FD-3001", PO]]


@pytest.mark.parametrize("line", ["Cap. soc. EUR 12.000.000 i.v.", "SAS au capital de 40 000 EUR", "Kapitał zakładowy: 50.000,00 PLN"])
def test_the_capital_in_a_letterhead_is_no_amount_of_the_invoice(line: str) -> None:
    assert decide(f"Please put PO {PO} on FD-3001.\n\nVendor code: 77120\n{line}").as_pairs() == [["FD-3001", PO]]
    assert decide(f"Please put PO {PO} on FD-3001.\n\nThe total is EUR 12.000.000").action is not Action.AMEND


@pytest.mark.parametrize(
    "text",
    [
        "PO for FD-3001 will be {}, but release strategy is still running in SAP. Pls do not resubmit till I revert.",
        "If Mr. Ito agrees, I would like you to use PO {} for FD-3001. I will contact you again.",
        "Request you to consider PO {} for FD-3001 only upon receipt of our formal PO copy, which shall reach you by Friday.",
        "Earlier I had asked to put PO {} on FD-3001. Pls hold the same as scope is under discussion with business.",
        "PO {} to be added on FD-3001. Your account no. is failing in our penny drop check, share cancelled cheque.",
        "Use PO {} for FD-3001. And the invoice shall go to Nordlys Shipping AS, not us.",
        "Kindly put PO {} on FD-3001. Also kindly change the payment terms to 60 days.",
        "PO {} can be put on FD-3001, but procurement will write to you separately on which PO is final.",
    ],
)
def test_what_shared_service_centres_put_off_or_add_waits_for_a_person(text: str) -> None:
    assert decide(text.format(PO)).action is Action.HOLD


@pytest.mark.parametrize(
    "text",
    [
        "We put FD-3001 on PO 4500123456, where nothing is left. Without another order number it stays parked.",
        "La FD-3001 a été imputée sur le bon de commande 4500123456. Il nous faut un autre numéro de commande.",
        "FD-3001 läuft bei uns auf Bestellung 4500123456. Dafür bräuchten wir aber eine andere Bestellnummer.",
    ],
)
def test_a_number_above_the_wish_for_another_is_not_put_on_the_invoice(text: str) -> None:
    assert decide(text).as_pairs() == []


def test_no_number_is_asked_for_where_more_may_be_meant_to_change() -> None:
    said = "FD-3001 shows no purchase order number. Please also take the travel costs off it."
    assert decide(said).action in (Action.HOLD, Action.REISSUE)
    assert decide("FD-3001 shows no purchase order number.").action is Action.ASK


def test_a_number_that_is_called_used_up_where_another_is_wanted_is_asked_about() -> None:
    assert decide("FD-3001: PO 4500123456 is closed. Please tell us the valid order number.").action is Action.ASK
    assert decide("PO 4500123456 for FD-3001. It was closed by mistake and is open again.").action is not Action.ASK


@pytest.mark.parametrize(
    "text",
    [
        "The PO for FD-3001 is {}. Please give us the right PO number.",
        "FD-3001 was booked on PO {}. What is the correct order number?",
        "Nous avons utilisé la commande {} pour FD-3001. Merci de nous communiquer le bon numéro.",
        "Abbiamo usato l'ordine {} per la FD-3001. Ci serve il numero d'ordine giusto.",
        "FD-3001の注文番号は{}で登録しました。正しい番号をお知らせください。",
    ],
)
def test_a_number_above_the_question_for_the_right_one_is_not_put_on_the_invoice(text: str) -> None:
    assert decide(text.format(PO)).as_pairs() == []


def test_a_number_called_used_up_where_another_is_to_follow_waits() -> None:
    text = f"FD-3001: PO {PO} is exhausted and no PO is on the invoice that we could use. The new PO number will follow."

    assert decide(text).action is not Action.ASK


def test_a_legal_notice_on_the_line_of_the_request_asks_nothing_of_the_invoice() -> None:
    notice = "This mail is private; if you are not the intended recipient please delete it and notify the sender."

    assert decide(f"Please add PO {PO} to FD-3001. {notice}").action is Action.AMEND
    assert decide(f"Please add PO {PO} to FD-3001. If the travel is not ours please delete it.").action is not Action.AMEND


def test_who_asks_by_whom_a_number_was_added_is_answered_though_no_new_invoice_is_wanted() -> None:
    text = f"No action is needed on FD-3001. Please just tell us when and by whom PO {PO} was added to it."

    assert decide(text).action is Action.ANSWER


def test_the_number_of_another_invoice_need_not_be_called_an_order_again() -> None:
    shown = books(invoice("FD-3001"), invoice("FD-3002", po_number=PO))
    text = "We have not raised a new PO for FD-3001: use the same one as on FD-3002 and resend it."

    assert decide(text, shown).as_pairs() == [["FD-3001", PO]]
    assert decide(text.replace("the same one as on FD-3002", "the same address as on FD-3002"), shown).as_pairs() == []


@pytest.mark.parametrize(
    "text",
    [
        "PO {po} for FD-3001 please (cost centre 104477, you don't need to print this)",
        "Please add PO {po} to FD-3001, the requisition 10045882 is internal only.",
        "Bitte auf FD-3001 die Bestellung {po} ergänzen, Kostenstelle 4711030, die BANF war 0010045882 (die interessiert Sie aber nicht).",
        "Please add PO {po} to FD-3001. Our cost centre 104477 need not be printed.",
    ],
)
def test_another_kind_of_number_that_is_not_needed_puts_no_doubt_on_the_order(text: str) -> None:
    assert decide(text.format(po=PO)).as_pairs() == [["FD-3001", PO]]


@pytest.mark.parametrize(
    "text",
    [
        "Please add PO {po} to FD-3001, the requisition 10045882 is not approved yet.",
        "PO {po} is for FD-3001, cost centre 104477, but you don't need to use {po} yet.",
        "Please add PO {po} to FD-3001. Line 4711030 is not needed, please leave it out.",
        "Bitte auf FD-3001 die Bestellung {po} ergänzen, die BANF 10045882 ist noch nicht genehmigt.",
    ],
)
def test_what_else_is_said_of_another_number_still_counts(text: str) -> None:
    assert decide(text.format(po=PO)).as_pairs() == []


def test_an_invoice_set_aside_excuses_no_doubt_about_itself() -> None:
    mail = decide(f"{PO} is the number of your competitor, so not on FD-3001.", subject="FD-3001")
    assert mail.as_pairs() == []


@pytest.mark.parametrize(
    "text",
    [
        "Please add PO {po} to FD-3001. The price and the VAT match our order and can stay.",
        "Please add PO {po} to FD-3001. Our cost centre 104477 is from before the merger, but you can ignore it.",
        "We need an order number on all invoices over EUR 3,000.00. Please add PO {po} to FD-3001.",
        "Bitte auf FD-3001 die Bestellung {po} ergänzen. Anschrift und Steuersatz sind geprüft und in Ordnung.",
    ],
)
def test_what_is_found_right_or_holds_for_all_invoices_changes_nothing(text: str) -> None:
    assert decide(text.format(po=PO)).as_pairs() == [["FD-3001", PO]]


@pytest.mark.parametrize(
    "text",
    [
        "Please add PO {po} to FD-3001. The price matches our order, but the quantity should be three.",
        "Please add PO {po} to FD-3001. The VAT does not match our order.",
        "Bitte auf FD-3001 die Bestellung {po} ergänzen. Der Steuersatz ist nicht korrekt.",
    ],
)
def test_what_is_found_right_in_part_only_waits(text: str) -> None:
    assert decide(text.format(po=PO)).as_pairs() == []


@pytest.mark.parametrize(
    "text",
    [
        "PO {} for FD-3001, please. The previous PO was cancelled in July.",
        "Zamówienie do FD-3001 ma numer {}, WZ 4700990112 proszę pominąć.",
        "FD-3001: PO {}\nFD-3002: the PO will follow, I don't know when\n",
    ],
)
def test_what_is_said_of_another_number_or_row_is_no_doubt_about_this_one(text: str) -> None:
    changed = [invoice for invoice, _ in decide(text.format(PO)).as_pairs()]
    assert changed == ["FD-3001"]


def test_a_word_that_only_begins_like_a_denial_sets_no_invoice_aside() -> None:
    assert decide(f"Než s FD-3001 cokoli uděláte: číslo objednávky {PO} mám z druhé ruky.").as_pairs() == []


@pytest.mark.parametrize(
    "text",
    [
        "Invoice FD-3001 is rejected. Order {}, as far as anybody here remembers, was some cleaning.",
        "FD-3001 is on hold. Looking up {} brings up a caterer. Who gave you that number?",
        "Votre facture FD-3001 est rejetée. La commande {} citée dans votre relance n'évoque rien à personne.",
        "Fattura FD-3001 respinta. L'ordine {} lo conoscono solo alla mensa.",
        "Rechazamos la FD-3001. El pedido {} de vuestro correo nos suena a chino.",
        "A FD-3001 foi devolvida. A encomenda {} do vosso lembrete é-nos estranha.",
        "FD-3001を返却いたします。{}を検索しましたところ、清掃会社が表示されました。",
    ],
)
def test_a_number_that_no_sentence_gives_is_not_put_on_the_invoice(text: str) -> None:
    assert decide(text.format(PO)).as_pairs() == []


@pytest.mark.parametrize(
    "text",
    [
        "La commande {} que vous citez pour la FD-3001 ne nous évoque rien. Quelle commande dois-je retenir ?",
        "L'ordine {} del vostro sollecito non ci torna, FD-3001. Restiamo in attesa del riferimento esatto.",
        "El pedido {} de vuestro correo para la FD-3001 nos suena a chino. Necesito el número bueno.",
    ],
)
def test_who_dismisses_a_number_and_wants_the_right_one_is_asked_for_it(text: str) -> None:
    assert told(decide(text.format(PO))) == (Action.ASK, [], AP)


def test_a_number_wanted_for_another_invoice_says_nothing_of_the_one_above() -> None:
    text = f"Please put PO {PO} on FD-3001. FD-3002 is rejected: no PO on it. Please tell us the right PO number."

    assert decide(text).as_pairs() == [["FD-3001", PO]]


def test_a_row_of_a_table_is_not_doubted_for_what_another_row_says() -> None:
    text = f"Facture   N° de bon de commande\nFD-3001   {PO}\nFD-3002   en cours de signature\n\nMerci de compléter la première."

    assert decide(text).as_pairs() == [["FD-3001", PO]]


@pytest.mark.parametrize(
    ("note", "changes"),
    [
        ("It is FD-3001, not FD-3002.", [["FD-3001", PO]]),
        ("", []),
        ("No idea either.", []),
        ("Is it FD-3001, or FD-3002?", []),
    ],
)
def test_our_note_puts_right_the_invoice_that_a_forwarded_mail_wonders_about(note: str, changes: list[list[str]]) -> None:
    text = f"Our buyer gave me PO {PO} for the tanning, I think that's your FD-3002?"
    assert decide(forwarded(text=text, note=note), sender=JUNE, subject="Fwd: the order").as_pairs() == changes


def test_our_note_about_the_invoice_does_not_settle_a_doubt_about_the_number() -> None:
    text = f"I think the PO is {PO}, I think that's your FD-3002?"
    assert decide(forwarded(text=text, note="It is FD-3001, not FD-3002."), sender=JUNE, subject="Fwd: the order").as_pairs() == []


def test_our_note_that_names_the_invoice_passes_the_number_on_to_be_put_there() -> None:
    text = f"Hello Tom, PO {PO} for the tanning. Is it FD-3002 that's for?"
    assert decide(forwarded(text=text, note="She means FD-3001 here, not 3002."), sender=JUNE, subject="Fwd: hello").as_pairs() == [
        ["FD-3001", PO]
    ]
    assert decide(forwarded(text=text, note="FD-3001?"), sender=JUNE, subject="Fwd: hello").as_pairs() == []
    assert decide(forwarded(text=text, note=""), sender=JUNE, subject="Fwd: hello").as_pairs() == []


@pytest.mark.parametrize(
    "text",
    [
        "{} auf FD-3001 gehört zu einer Lieferung der Schreinerei. Welche Nummer stimmt?",
        "Order {} op FD-3001 hoort bij een opdracht voor de schilder. Wat is het goede nummer?",
    ],
)
def test_where_the_only_number_is_said_to_be_of_something_else_the_right_one_is_asked_for(text: str) -> None:
    assert decide(text.format(PO)).action is Action.ASK


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("In meiner Mail von gestern habe ich mich vertippt. Für FD-3001 gilt Bestellung {}.", [["FD-3001", PO]]),
        ("Für FD-3001 gilt Bestellung {}. Ach, da habe ich mich vertan.", []),
        ("前回のメールに誤りがありました。FD-3001の発注番号は{}です。PDFをお送りください。", [["FD-3001", PO]]),
    ],
)
def test_a_mistake_is_put_right_by_the_number_below_it_only(text: str, pairs: list[list[str]]) -> None:
    assert decide(text.format(PO)).as_pairs() == pairs


def test_a_number_that_the_invoice_shows_may_be_called_closed_beside_the_new_one() -> None:
    shown = books(invoice("FD-3001", po_number=OTHER_PO))
    text = f"FD-3001 vermeldt {OTHER_PO}; die order is vorige maand gesloten. Graag omzetten naar {PO} en opnieuw insturen."
    assert decide(text, shown).as_pairs() == [["FD-3001", PO]]


def test_hundreds_of_numbers_are_not_weighed_against_each_other() -> None:
    numbers = "".join(f"Please add PO {4500000000 + place} to FD-3001. " for place in range(250))

    told_apart = decide(numbers)

    assert told_apart.action is Action.HOLD
    assert "250 numbers are given" in told_apart.reason


def test_another_customers_invoice_is_known_by_a_number_of_several_words() -> None:
    ours = books(invoice("RE-MUSTER-2042"), invoice("RE-MUSTER-2041", customer="nobody-else"))
    text = f"Your invoice RE MUSTER-2041 lacks the purchase order number. Please put PO {PO} on it and send it again."

    assert decide(text, ours).action is Action.HOLD
