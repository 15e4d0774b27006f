"""What a reply is made of: whom it goes to, in which thread, with which PDFs, and what it may never give away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core import invoices, replies, threads
from worker.core.decisions import Action, Decision, Need, PoChange, Topic
from worker.core.invoices import Amendment, Books, Customer, Invoice, Issuer
from worker.core.messages import Address, Block, BlockKind, Heading, Message
from worker.core.purchase_orders import PoNumber
from worker.core.replies import Change, Reply, Step

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUER = Issuer(
    name="Birkenfeld Studio", addresses=("invoices@birkenfeld.example", "lea@birkenfeld.example"), mailbox="invoices@birkenfeld.example"
)
CUSTOMER = Customer(id="harbour", name="Harbour & Sons", contacts=("payables@harbour.example",), language="de")
OPEN = Invoice(
    number="B-118", customer="harbour", issue_date=date(2026, 10, 1), due_date=date(2026, 10, 31), currency="EUR", total=Decimal("4800.00")
)
ORDERED = replace(OPEN, number="B-119", po_number=PoNumber("7700012345"))
BOOKS = Books(issuer=ISSUER, customers=(CUSTOMER,), invoices=(OPEN, ORDERED))
REJECTION = Message(
    message_id="<r1@mail.harbour.example>",
    references=("<b118@birkenfeld.example>",),
    froms=(Address("m.doyle@harbour.example", "Marta Doyle"),),
    subject="Re: Invoice B-118",
)
ASK = Decision(
    action=Action.ASK,
    reason="no PO",
    customer="harbour",
    invoices=("B-118",),
    need=Need.MISSING,
    reply_to="m.doyle@harbour.example",
    language="de",
)


def amended(invoice: Invoice, po: str) -> tuple[Invoice, Amendment]:
    return invoices.amend(invoice, PoNumber(po), CUSTOMER, requested_by="m.doyle@harbour.example", applied_by="addendum", applied_at=NOON)


def compose(decision: Decision, message: Message = REJECTION, **more: object) -> Reply:
    return replies.compose(decision, message=message, books=BOOKS, timezone=BERLIN, **more)


def test_an_amendment_shows_the_invoice_as_it_stands_after_it() -> None:
    after, made = amended(OPEN, "7700099999")
    decision = replace(ASK, action=Action.AMEND, changes=(PoChange(invoice="B-118", po=PoNumber("7700099999")),))
    pdfs = replies.enclose([("B-118", b"%PDF-1.7")])
    reply = compose(decision, amended=[(after, made)], enclosures=pdfs)
    assert reply.changes == (Change(invoice=after, old_po=None, new_po=PoNumber("7700099999")),)
    assert reply.invoices == (after,)
    assert reply.asked == ()
    assert reply.enclosures == pdfs
    assert (reply.recipient, reply.language, reply.customer, reply.issuer) == ("m.doyle@harbour.example", "de", CUSTOMER, ISSUER)


def test_an_amendment_may_also_ask_about_another_invoice() -> None:
    after, made = amended(ORDERED, "7700099999")
    reply = compose(replace(ASK, action=Action.AMEND, invoices=("B-119",), asked_about=("B-118",)), amended=[(after, made)])
    assert reply.asked == (OPEN,)
    assert reply.changes[0].old_po == "7700012345"


def test_a_question_names_the_invoices_spoken_of_where_none_is_named_apart() -> None:
    assert compose(ASK).asked == (OPEN,)
    assert compose(replace(ASK, invoices=("B-118", "B-119"), asked_about=("B-119",))).asked == (ORDERED,)
    assert compose(replace(ASK, invoices=("B-404",))).asked == ()


@pytest.mark.parametrize("action", [Action.HOLD, Action.IGNORE, Action.REISSUE])
def test_a_decision_that_sends_nothing_has_no_reply(action: Action) -> None:
    with pytest.raises(ValueError, match="sends no letter"):
        compose(replace(ASK, action=action))


def test_a_decision_without_an_address_has_no_reply() -> None:
    with pytest.raises(ValueError, match="sends no letter"):
        compose(replace(ASK, reply_to=None))


def test_a_requested_pdf_is_a_normal_letter_and_all_else_says_that_it_is_automatic() -> None:
    marks = {action: compose(replace(ASK, action=action)).automatic for action in replies.REPLYING}
    assert {action for action, mark in marks.items() if mark is None} == {Action.AMEND, Action.RESEND}
    assert {mark for mark in marks.values() if mark} == {"auto-replied"}


def test_the_history_of_a_po_is_told_in_order_and_by_the_local_date() -> None:
    first_after, first = amended(OPEN, "7700000001")
    _, second = amended(first_after, "7700000002")
    late = replace(second, applied_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    _, other = amended(ORDERED, "7700000003")
    decision = replace(ASK, action=Action.ANSWER, topics=(Topic.PROVENANCE,))
    (account,) = compose(decision, history=[late, other, first]).provenance
    assert account.steps == (
        Step(old_po=None, new_po=PoNumber("7700000001"), requested_by="m.doyle@harbour.example", day=date(2026, 11, 22)),
        Step(old_po=PoNumber("7700000001"), new_po=PoNumber("7700000002"), requested_by="m.doyle@harbour.example", day=date(2026, 11, 23)),
    )


def test_a_reply_continues_the_thread_of_the_mail_that_it_answers() -> None:
    reply = compose(ASK)
    assert reply.in_reply_to == "<r1@mail.harbour.example>"
    assert reply.references == ("<b118@birkenfeld.example>", "<r1@mail.harbour.example>")


def test_without_references_the_one_mail_answered_before_begins_the_chain() -> None:
    message = replace(REJECTION, references=(), in_reply_to=("<b118@birkenfeld.example>",))
    assert compose(ASK, message).references == ("<b118@birkenfeld.example>", "<r1@mail.harbour.example>")
    several = replace(message, in_reply_to=("<a@x.example>", "<b@x.example>"))
    assert compose(ASK, several).references == ("<r1@mail.harbour.example>",)


def test_a_mail_without_message_id_is_not_replied_to_by_name() -> None:
    message = replace(REJECTION, message_id=None)
    assert compose(ASK, message).in_reply_to is None
    assert compose(ASK, message).references == ("<b118@birkenfeld.example>",)


def test_a_long_chain_keeps_its_first_and_its_newest_mails() -> None:
    chain = tuple(f"<{number}@x.example>" for number in range(100))
    references = compose(ASK, replace(REJECTION, references=chain)).references
    assert len(references) == threads.LONGEST_CHAIN
    assert (references[0], references[-2], references[-1]) == ("<0@x.example>", "<99@x.example>", "<r1@mail.harbour.example>")


@pytest.mark.parametrize(
    "broken", ["<a b@x.example>", "<a@x.example>\r\nBcc: <b@x.example>", "<ä@x.example>", "", "<>", f"<{'a' * 2000}@x.example>"]
)
def test_a_broken_message_id_is_left_out_of_the_thread(broken: str) -> None:
    reply = compose(ASK, replace(REJECTION, message_id=broken, references=(broken, "<good@x.example>")))
    assert reply.in_reply_to is None
    assert reply.references == ("<good@x.example>",)


def test_microsofts_message_ids_stay_as_they_are() -> None:
    assert compose(ASK, replace(REJECTION, message_id="<[a1b2]@x.example>")).in_reply_to == "<[a1b2]@x.example>"


def test_a_forwarded_mail_attached_whole_gives_its_own_thread_and_subject() -> None:
    forward = Message(
        message_id="<fwd@birkenfeld.example>", froms=(Address("lea@birkenfeld.example"),), subject="Fwd: please do", nested=(REJECTION,)
    )
    again = replace(forward, message_id="<fwd2@birkenfeld.example>", nested=(forward,))
    for message in (forward, again):
        reply = compose(ASK, message)
        assert reply.in_reply_to == "<r1@mail.harbour.example>"
        assert reply.subject == "Re: Invoice B-118"


def test_a_forward_in_the_text_gives_its_subject_and_no_thread() -> None:
    ours = Heading(author=Address("lea@birkenfeld.example"), subject="Fwd: grumpy customer")
    theirs = Heading(author=Address("m.doyle@harbour.example"), subject="AW: Rechnung B-118")
    message = Message(
        message_id="<fwd@birkenfeld.example>",
        froms=(Address("invoices@birkenfeld.example"),),
        subject="Fwd: grumpy customer again",
        blocks=(
            Block(kind=BlockKind.NEW, text="do it"),
            Block(kind=BlockKind.FORWARDED, text="", depth=1, heading=ours),
            Block(kind=BlockKind.FORWARDED, text="PO 1", depth=2, heading=theirs),
        ),
    )
    reply = compose(ASK, message)
    assert (reply.subject, reply.in_reply_to, reply.references) == ("Re: Rechnung B-118", None, ())


def test_a_note_of_the_issuers_own_leaves_no_trace_in_the_letter() -> None:
    note = Message(message_id="<note@birkenfeld.example>", froms=(Address("lea@birkenfeld.example"),), subject="ugh, PO for those people")
    reply = compose(ASK, note)
    assert (reply.subject, reply.in_reply_to, reply.references) == ("", None, ())


@pytest.mark.parametrize(
    ("subject", "answered"),
    [
        ("Invoice B-118", "Re: Invoice B-118"),
        ("RE: Re: AW: Invoice B-118", "Re: Invoice B-118"),
        ("Re[2]: WG: Fwd: Invoice B-118", "Re: Invoice B-118"),
        ("[EXTERNAL] RE: [EXT] Invoice B-118", "Re: Invoice B-118"),
        ("Odp.: Faktura 7", "Re: Faktura 7"),
        ("İLT: Fatura 7", "Re: Fatura 7"),
        ("回复：发票 7", "Re: 发票 7"),
        ("Reminder: invoice", "Re: Reminder: invoice"),
        ("PO: 4711", "Re: PO: 4711"),
        ("Re:", ""),
        ("  ", ""),
    ],
)
def test_a_subject_gets_exactly_one_prefix(subject: str, answered: str) -> None:
    assert threads.reply_subject(subject) == answered


def test_a_subject_cannot_smuggle_in_a_header_or_a_direction() -> None:
    assert threads.reply_subject("Invoice\r\nBcc: all@x.example") == "Re: Invoice Bcc: all@x.example"
    assert threads.reply_subject("B-118 \u202e7654\u202c\x00\x1b[31m") == "Re: B-118 7654[31m"


@given(st.text())
def test_whatever_the_subject_the_answer_is_one_short_visible_line(subject: str) -> None:
    answered = threads.reply_subject(subject)
    assert len(answered) <= threads.LONGEST_SUBJECT
    assert answered == "" or answered.startswith("Re: ")
    assert answered.splitlines() in ([], [answered])
    assert threads.reply_subject(answered) == answered


def test_two_pdfs_never_share_a_name() -> None:
    names = [enclosure.name for enclosure in replies.enclose([("A/1", b"1"), ("A_1", b"2"), ("a:1", b"3"), ("INV-2041", b"4")])]
    assert names == ["A_1.pdf", "A_1-2.pdf", "a_1-3.pdf", "INV-2041.pdf"]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("INV-2041", "INV-2041.pdf"),
        ("2026/10/7", "2026_10_7.pdf"),
        ("../../etc/passwd", "etc_passwd.pdf"),
        ("..", "invoice.pdf"),
        ('B"118\r\nX: y', "B_118_X_y.pdf"),
        ("№ 7\u202efdp.exe", "7_fdp.exe.pdf"),
        ("9" * 300, "9" * 80 + ".pdf"),
    ],
)
def test_an_invoice_number_becomes_a_file_name_that_is_safe_everywhere(number: str, name: str) -> None:
    assert replies.file_name(number) == name


def test_a_letters_message_id_depends_on_mail_kind_and_revision_alone() -> None:
    one = replies.message_id_for("key", "amend", 1, "birkenfeld.example")
    assert one == replies.message_id_for("key", "amend", 1, "birkenfeld.example")
    assert one.endswith("@birkenfeld.example>")
    others = {replies.message_id_for(*made, "birkenfeld.example") for made in [("key", "amend", 2), ("key", "ask", 1), ("yek", "amend", 1)]}
    assert len(others | {one}) == 4
