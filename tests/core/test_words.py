"""What everyday words of accounts payable come to, and what only sounds like them: a number is applied where somebody wants it."""

from __future__ import annotations

import pytest

from tests.core.samples import AP, JUNE, LIDO, MAILBOX, OTHER_PO, PO, decide, paper
from tests.core.test_papers import ORDER
from tests.core.test_senders import forwarded
from worker.core.decisions import Action

QUARRY_AP, LIDO_AP = "payables@quarry.example", LIDO.contacts[0]


@pytest.mark.parametrize(
    "text",
    [
        "We can't find PO {}. Please check FD-3001.",
        "PO {} will be closed at month end; FD-3001 was billed against it.",
        "I would have expected PO {} on FD-3001, but the buyer tells me that order went to Harrow.",
        "FD-3001 cannot be matched to PO {}.",
        "FD-3001 was billed against PO {}, which expired in June.",
        "Your mail below says PO {} for FD-3001. Where did you get that?",
        "Zur Rechnung FD-3001 finden wir keine Bestellung {}.",
        "FD-3001 wurde auf Bestellung {} gebucht.",
        "PO number missing on FD-3001. A valid PO looks like this: {}.",
        "Auf FD-3001 fehlt die Bestellnummer. Muster: {}",
    ],
)
def test_a_number_that_is_only_spoken_of_is_not_applied(text: str) -> None:
    assert decide(text.format(PO)).action in (Action.HOLD, Action.ASK)


@pytest.mark.parametrize(
    "more",
    [
        "Sorry, wrong supplier - please disregard.",
        "UPDATE: the buyer has withdrawn this order, so please don't.",
        "Nachtrag: der Einkauf hat die Bestellung zurückgezogen, also lieber nicht.",
        "And pay the difference to our new account GB33 0000 0000.",
        "Bill the remaining half separately.",
        "Sorry, the number of hours is too high.",
        "Our company name is now Tannery Group plc.",
        "Wir heißen jetzt Tannery Holding.",
        "We have since moved to Bath.",
        "We only received 3 of the 5 posters.",
    ],
)
def test_what_is_said_beside_a_number_holds_it(more: str) -> None:
    assert decide(f"Please add PO {PO} to FD-3001. {more}").action in (Action.HOLD, Action.REISSUE)


@pytest.mark.parametrize(
    "text",
    [
        "It was good to see you all, 12 days without proper coffee! Please add PO {} to FD-3001.",
        "Hope the four nights in Leeds went well. FD-3001 has no order on it; it's {}. Could you pop that on and send it over?",
        "Bin erst in drei Tagen wieder da. Die Bestellung zu FD-3001 ist die {}, bitte ergänzen.",
        "Please add PO {} to FD-3001 if not already done.",
        "Please add PO {} to FD-3001. There's no need to send a credit note, an updated copy is fine.",
        "The PO number for FD-3001 is {}, please add it. Payment will be made on our next run.",
        "The PO number you need for FD-3001 is {} - if you can pop that on I'll get it paid.",
        "FD-3001: the order is {}. Please quote it. Rate our service: https://tannery.example/survey",
        "Bitte Bestellnummer {} statt 4500999999 auf FD-3001.",
    ],
)
def test_chat_around_a_number_does_not_hold_it(text: str) -> None:
    assert decide(text.format(PO)).as_pairs() == [["FD-3001", PO]]


@pytest.mark.parametrize(
    "text",
    [
        "Please change the PO on FD-3004 from {0} to {1}.",
        "Please change PO {0} to {1} on FD-3004.",
        "FD-3004 was raised with PO {0} but it should be {1}. Please amend.",
        "The PO on FD-3004 should be {1}, not {0}. Please correct it.",
        "Auf FD-3004 ist die Bestellnummer falsch, richtig wäre {1}. Bitte ändern.",
        "Bitte ändern Sie die Bestellnummer auf FD-3004 von {0} auf {1}.",
    ],
)
def test_the_right_number_is_told_from_the_wrong_one(text: str) -> None:
    assert decide(text.format(OTHER_PO, PO)).as_pairs() == [["FD-3004", PO]]


def test_a_number_that_may_belong_to_somebody_else_is_held_even_beside_the_right_one() -> None:
    text = f"FD-3004 trägt die {OTHER_PO}. Diese gehört zu einem anderen Projekt. Richtig ist die {PO}, bitte korrigieren."
    assert decide(text).action is Action.HOLD


@pytest.mark.parametrize(
    "text",
    [
        "What PO number should FD-3001 go against?",
        "We can only process invoices that carry a purchase order number, and FD-3001 doesn't.",
        "There isn't an order number on FD-3001. Can you let us have an invoice with the order number?",
        "FD-3001: PO number is not reflected in the invoice.",
        "Wir benötigen für FD-3001 noch eine Bestellnummer.",
        "FD-3001 können wir nicht zuordnen, bitte Bestellnummer angeben.",
        "Zu FD-3001 finden wir nur eine BANF, aber keinen Bestellvorgang.",
        "Please send FD-3001 again with the PO number on it.",
    ],
)
def test_a_missing_number_is_asked_for_however_it_is_missed(text: str) -> None:
    assert decide(text).action is Action.ASK


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Please resend FD-3004 in USD.", Action.REISSUE),
        ("Please do not resend FD-3004, we have it.", Action.HOLD),
        ("Please send us FD-3004 again but with 10 hours rather than 12.", Action.REISSUE),
        ("FD-3004 should be 2,950.00 EUR as agreed. Please send a corrected invoice.", Action.REISSUE),
        (f"Bitte auf FD-3004 die Bestellnummer {OTHER_PO} entfernen.", Action.HOLD),
        ("Könnten Sie uns FD-3004 nochmals zusenden? Die Datei ließ sich nicht öffnen.", Action.RESEND),
    ],
)
def test_a_copy_is_sent_only_where_a_copy_is_wanted(text: str, action: Action) -> None:
    assert decide(text).action is action


@pytest.mark.parametrize(
    "said",
    [
        "As with FD-3002, please add PO {} to FD-3001.",
        "FD-3002 is fine, it is FD-3001 which needs PO {}.",
        "We have two invoices, FD-3001 and FD-3002. Please add PO {} to the larger one.",
        "PO {} covers FD-3001 - FD-3003.",
    ],
)
def test_several_invoices_get_one_number_only_where_they_are_simply_listed(said: str) -> None:
    assert decide(said.format(PO)).action is Action.HOLD


def test_an_amount_and_a_date_that_fit_different_invoices_tell_neither() -> None:
    assert decide(f"Please add PO {PO} to the invoice of 15 September 2026 over EUR 480.50.").action is Action.HOLD


@pytest.mark.parametrize(
    "text",
    [
        "Please put PO 77-1234 on FD-4001. In future please send your invoices to our new mailbox only.",
        "Bitte PO 77-1234 auf FD-4001 ergänzen. Rechnungen künftig bitte ausschließlich per E-Mail senden.",
        "Für FD-4001 gilt ab sofort die Folgebestellung 77-1234, bitte ergänzen.",
    ],
)
def test_a_number_is_remembered_only_where_it_is_said_of_all_future_invoices(text: str) -> None:
    assert decide(text, sender=LIDO_AP).as_pairs() == [["FD-4001", "77-1234"]]


@pytest.mark.parametrize(
    "text", ["On all future invoices for the Bath office please quote 77-1234.", "We will stop paying invoices under 77-1234 in future."]
)
def test_a_number_for_some_of_the_future_is_not_remembered(text: str) -> None:
    assert decide(text, sender=LIDO_AP).as_pairs() == []


@pytest.mark.parametrize(
    "text",
    [
        "On FD-5001 the purchase order number is missing; not under the standing one please.",
        "FD-5001 needs a separate PO number, none is on it.",
        "The purchase order number on FD-5001 is missing, PO-000777 has expired.",
    ],
)
def test_the_standing_number_is_not_used_where_the_mail_speaks_against_it(text: str) -> None:
    assert decide(text, sender=QUARRY_AP).as_pairs() == []


@pytest.mark.parametrize(
    "note",
    [
        "Please don't action this one for FD-3001, I'm talking to them.",
        "Is this genuine? I don't recognise the sender.",
        "I've replied to this.",
        "Parking this one",
        "Can somebody ring them about FD-3001 before we do anything",
        "Ich traue dem nicht, bitte prüfen",
        "They've withdrawn this PO since.",
    ],
)
def test_a_note_above_a_forward_that_may_say_no_holds_it(note: str) -> None:
    assert decide(forwarded(note=note), sender=JUNE, to=(MAILBOX,)).action is Action.HOLD


@pytest.mark.parametrize(
    "note", ["FYI", "Please deal with this one.", "Bitte erledigen, danke! LG June", "can you sort it", "This is for FD-3001, not FD-3002"]
)
def test_a_note_that_only_hands_on_changes_nothing(note: str) -> None:
    assert decide(forwarded(note=note), sender=JUNE, to=(MAILBOX,)).as_pairs() == [["FD-3001", PO]]


@pytest.mark.parametrize("mark", ["DRAFT", "CANCELLED", "Entwurf"])
def test_an_order_that_is_marked_as_none_is_not_applied(mark: str) -> None:
    attached = paper(ORDER + f"\n{mark}\n")
    assert decide("Please find attached the PO for FD-3001.", attachments=(attached,)).action is Action.HOLD


def test_the_workflow_number_of_a_form_is_no_purchase_order() -> None:
    form = "Invoice Rejected\nInvoice Number : FD-4001\nReason : PO NUMBER NOT MENTIONED\nWorkflow id : 4410928837\nKindly resubmit."
    assert decide(form, sender=LIDO_AP).action is Action.ASK


@pytest.mark.parametrize(
    "head",
    [
        f"Fernhill Drafting <{MAILBOX}> 20 Oct 2026, 09:00\n\n",
        f"Fernhill Drafting <{MAILBOX}> hat am 20.10.2026 09:00 CEST geschrieben:\n\n",
        f"---- On Tue, 20 Oct 2026 09:00:00 +0100 Fernhill Drafting <{MAILBOX}> wrote ----\n\n",
        "From: Accounts Fernhill\nSent: Tuesday\nTo: Tannery\nSubject: FD-3001\n\n",
    ],
)
def test_our_own_words_below_an_unusual_head_are_not_taken_for_theirs(head: str) -> None:
    assert decide(f"Thanks.\n\n{head}Please use PO {PO} for FD-3001.").as_pairs() == []


def test_what_a_customer_hands_on_from_a_colleague_counts() -> None:
    text = "Hi,\nsee Ann's note below, please update FD-3001.\n\nFrom: Ann Doe <ann@tannery.example>\nSent: Monday\n"
    text += f"To: AP <{AP}>\nSubject: FD-3001\n\n"
    assert decide(f"{text}It sits under purchase order {PO}.").as_pairs() == [["FD-3001", PO]]


def test_a_long_number_with_a_leading_zero_may_be_a_purchase_order_where_it_is_called_one() -> None:
    assert decide("PO 0004892049 is for FD-4001, please add it.", sender=LIDO_AP).as_pairs() == [["FD-4001", "0004892049"]]
    assert decide("Please call 0004892049 about FD-4001.", sender=LIDO_AP).as_pairs() == []
