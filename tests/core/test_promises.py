"""What no mail may bring about, whatever it says: a PO out of our own words, and a reply to an address that is not on file."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.samples import AP, BOOKS, JUNE, MAILBOX, decide, mail
from worker.core.decisions import Action

SAID = st.sampled_from(
    [
        "Please resend the invoice with the order number.",
        "The purchase order is missing on FD-3001.",
        "Die Bestellnummer auf FD-3001 fehlt, bitte ergänzen.",
        "Le numéro de commande manque sur FD-3001, merci de l'ajouter.",
        "Falta el número de pedido en FD-3001.",
        "Manca il numero d'ordine sulla FD-3001.",
        "Het inkoopordernummer ontbreekt op FD-3001.",
        "Brak numeru zamówienia na FD-3001.",
        "FD-3001 の注文番号が記載されていません。",
        "FD-3001缺少采购订单号。",
        "Yes, that is right.",
        "Ok, merci !",
        "See below.",
        "",
    ]
)
LABELS = st.sampled_from(
    [
        "PO {po}",
        "Your PO number: {po}",
        "Ihre Bestellung {po}",
        "votre commande n° {po}",
        "su pedido {po}",
        "ordine {po}",
        "注文番号{po}",
        "采购订单号：{po}",
    ]
)
QUOTES = st.sampled_from(
    [
        "On Tue, 6 Oct 2026 at 10:12, June Hale <{ours}> wrote:\n> Is it {label}? Invoice FD-3001\n> Regards, June",
        "Am 06.10.26 um 10:12 schrieb June Hale <{ours}>:\n\n> Ist es {label}?\n>\n> Viele Grüße",
        "Le mar. 6 oct. 2026 à 10:12, June Hale <{ours}> a écrit :\n> Est-ce {label} ?",
        "From: June Hale <{ours}>\nSent: Tuesday, 6 October 2026 10:12\nTo: AP\nSubject: Invoice FD-3001\n\nHere is FD-3001. {label}",
        "Von: June Hale <{ours}>\nGesendet: Dienstag, 6. Oktober 2026 10:12\nAn: AP\nBetreff: Rechnung FD-3001\n\n{label} steht darauf.",
        "差出人: June Hale <{ours}>\n送信日時: 2026年10月6日 10:12\n宛先: AP\n件名: FD-3001\n\n{label}です。",
    ]
)
PO_NUMBERS = st.integers(0, 10**8 - 1).map(lambda number: f"45{number:08}")


@settings(deadline=None)
@given(SAID, LABELS, QUOTES, PO_NUMBERS, st.sampled_from([MAILBOX, JUNE]))
def test_a_po_never_comes_from_what_our_side_wrote(said: str, label: str, quote: str, po: str, ours: str) -> None:
    text = f"{said}\n\n{quote.format(ours=ours, label=label.format(po=po))}\n"
    decision = decide(mail(text, subject="Re: Invoice FD-3001", references=("<fd-3001@fernhill.example>",)))
    assert po not in [new for _, new in decision.as_pairs()]


ADDRESSES = st.sampled_from(
    [
        AP,
        "someone@tannery.example",
        "x@sub.tannery.example",
        "ap@tannery-example.net",
        "ap@tannery.example.evil.example",
        "office@lido.example",
        "ap@evil.example",
        "noreply@tannery.example",
        "notices@coupahost.com",
        JUNE,
        MAILBOX,
    ]
)
WISHES = st.sampled_from(
    [
        "Please put PO 4500123456 on FD-3001.",
        "FD-3001 has no PO number.",
        "Please send a copy of FD-3004.",
        "The payment term of FD-3004 starts again today.",
        "From now on quote PO 4500123456 on all invoices.",
        "Send it to {other} please. PO 4500123456 for FD-3001.",
    ]
)


@settings(deadline=None)
@given(WISHES, ADDRESSES, st.lists(ADDRESSES, max_size=2), ADDRESSES, st.booleans())
def test_a_reply_goes_only_to_an_address_on_file(wish: str, sender: str, reply_to: list[str], other: str, forwarded: bool) -> None:
    said, subject, writer = wish.format(other=other), "", sender
    if forwarded:
        above = f"From: Ann <{sender}>\nDate: Mon, 5 Oct 2026\nSubject: FD-3001\nTo: <{JUNE}>"
        said, subject, writer = f"FYI\n\n---------- Forwarded message ---------\n{above}\n\n{said}", "Fwd: FD-3001", JUNE
    decision = decide(mail(said, sender=writer, reply_to=tuple(reply_to), subject=subject))
    if decision.reply_to is None:
        assert decision.action in (Action.HOLD, Action.IGNORE, Action.REISSUE)
    else:
        assert BOOKS.customer_by_id[decision.customer or ""].owns(decision.reply_to)
        assert all(BOOKS.invoice_by_number[number].customer == decision.customer for number in decision.invoices)
