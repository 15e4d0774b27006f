"""A mail's text is split into blocks that each have an author, whichever program wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mail_words import all_languages
from worker.core.blocks import mail_words, split
from worker.core.messages import Address, Block, BlockKind

WORDS = all_languages()
ME = Address("ann@buyer.example", "Ann Buyer")
OURS = Address("billing@studio.example", "Studio Billing")


def blocks_of(text: str, subject: str = "Re: Invoice 7") -> tuple[Block, ...]:
    return split(text, sender=ME, words=WORDS, subject=subject)


def outline(text: str, subject: str = "Re: Invoice 7") -> list[tuple[str, int, str | None, str]]:
    return [(block.kind.value, block.depth, block.author.email if block.author else None, block.text) for block in blocks_of(text, subject)]


FORWARDS = {
    "gmail": "fyi\n\n---------- Forwarded message ---------\nFrom: Ap Desk <ap@acme.example>\nDate: Wed, Oct 27, 2026 at 9:31 AM\n"
    "Subject: Invoice 7\nTo: <me@studio.example>\n\n\nPlease use 4711.\n",
    "gmail in german": "fyi\n\n---------- Forwarded message ---------\nVon: Ap Desk <ap@acme.example>\n"
    "Date: Mi., 27. Okt. 2026 um 09:31 Uhr\n"
    "Subject: Invoice 7\nTo: <me@studio.example>\n\nPlease use 4711.",
    "apple, every line marked": "fyi\n\n> Anfang der weitergeleiteten Nachricht:\n>\n> Von: Ap Desk <ap@acme.example>\n"
    "> Betreff: Invoice 7\n"
    "> Datum: 26. Oktober 2026 um 13:25:08 MESZ\n> An: me@studio.example\n>\n> Please use 4711.\n",
    "apple, the separator bare": "fyi\n\nBegin forwarded message:\n\n> From: Ap Desk <ap@acme.example>\n"
    "> Date: 17 August 2026 at 09:06:24 UTC+2\n"
    "> To: me@studio.example\n> Subject: Invoice 7\n>\n> Please use 4711.\n",
    "thunderbird": "fyi\n\n-------- Message transféré --------\nSujet : \tInvoice 7\nDate : \tWed, 3 Nov 2026 15:51:30 +0100\n"
    "De : \tAp Desk <ap@acme.example>\nPour : \tme@studio.example\n\n\n\nPlease use 4711.",
    "yahoo": 'fyi\n\n----- Weitergeleitete Nachricht ----- Von: Ap Desk <ap@acme.example>An: "m" <me@studio.example>CC: x@y.example'
    "Gesendet: Dienstag, 2. November 2026, 09:26:50 MEZBetreff: Invoice 7\n Please use 4711.",
    "outlook without a separator": "fyi\n\nFrom: Ap Desk [mailto:ap@acme.example]\nSent: 25 October 2026 11:17\nTo: me@studio.example\n"
    "Subject: Invoice 7\n\nPlease use 4711.",
    "outlook on the web": "fyi\n________________________________\nFrom: Ap Desk <ap@acme.example<mailto:ap@acme.example>>\n"
    "Sent: Wednesday, October 27, 2026 15:14\nTo: a@b.example <a@b.example>; c@d.example <c@d.example>\nSubject: Invoice 7\n\n"
    "Please use 4711.",
    "outlook with its old separator": "fyi\n\n-----Ursprüngliche Nachricht-----\nVon: Desk, Ap <ap@acme.example> \n"
    "Gesendet: Montag, 3. Mai 2026 10:00\n"
    "An: me@studio.example\nBetreff: Invoice 7\n\nPlease use 4711.",
    "labels in bold": "fyi\n\n*From:* Ap Desk <ap@acme.example>\n*Sent:* Monday\n*To:* me@studio.example\n"
    "*Subject:* Invoice 7\n\nPlease use 4711.",
    "outlook for mac": 'fyi\n\nAm 28.10.2026, 12:46 schrieb "Ap Desk" <ap@acme.example>:\n\n    Please use 4711.\n',
    "japanese": "fyi\n\n差出人: Ap Desk <ap@acme.example>\n"
    "送信日時: 2026年9月9日 11:58\n宛先: me@studio.example\n件名: Invoice 7\n\nPlease use 4711.",
    "header lines of which each is a paragraph": "fyi\n\nFrom: Ap Desk <ap@acme.example>\n\nSent: Monday\n\nTo: me@studio.example\n\n"
    "Subject: Invoice 7\n\nPlease use 4711.",
    "a body that is marked below a bare heading": "fyi\n\n---------- Forwarded message ----------\nFrom: Ap Desk <ap@acme.example>\n"
    "Date: July 19, 2026 at 3:36 PM\nTo: me@studio.example\nSubject: Invoice 7\n\n> Please use 4711.\n",
}


@pytest.mark.parametrize("client", FORWARDS)
def test_a_forward_of_any_client_is_told_from_the_note_above_it(client: str) -> None:
    note, forward = blocks_of(FORWARDS[client], "Fwd: Invoice 7")
    assert (note.kind, note.text, note.author) == (BlockKind.NEW, "fyi", ME)
    assert (forward.kind, forward.depth, forward.text.strip()) == (BlockKind.FORWARDED, 1, "Please use 4711.")
    assert forward.author is not None and forward.author.email == "ap@acme.example"
    assert forward.author.name in ("Ap Desk", "Desk, Ap")


def test_a_heading_keeps_what_it_claims_and_its_own_lines() -> None:
    heading = blocks_of(FORWARDS["outlook on the web"], "Fwd: Invoice 7")[1].heading
    assert heading is not None
    assert (heading.subject, heading.sent) == ("Invoice 7", "Wednesday, October 27, 2026 15:14")
    assert [address.email for address in heading.recipients] == ["a@b.example", "c@d.example"]
    assert heading.text.startswith("____") and heading.text.endswith("Subject: Invoice 7")


def test_a_heading_that_shows_only_a_name_gives_a_name_and_no_author() -> None:
    text = "Bitte.\n\nVon: Muster Birgit\nGesendet: Donnerstag\nAn: Ana\nBetreff: R 7\n\nNehmen Sie 4711."
    forward = blocks_of(text, "WG: R 7")[1]
    assert forward.author is None and forward.heading is not None
    assert forward.heading.author == Address("", "Muster Birgit")


def test_the_same_outlook_lines_are_a_quote_in_a_reply() -> None:
    assert blocks_of(FORWARDS["outlook without a separator"], "RE: Invoice 7")[1].kind is BlockKind.QUOTED


def test_two_letters_that_mean_a_reply_in_one_language_and_a_forward_in_another_are_told_apart_by_the_labels() -> None:
    danish = "Se her\n\nFra: A <a@b.example>\nSendt: 9. september 2026 10:30\nTil: c@d.example\nEmne: x\n\nOrdre 7"
    finnish = "Tässä\n\nLähettäjä: A <a@b.example>\nLähetetty: 9. syyskuuta 2026 10.30\nVastaanottaja: c@d.example\nAihe: x\n\nTilaus 7"
    assert blocks_of(danish, "VS: x")[1].kind is BlockKind.FORWARDED
    assert blocks_of(finnish, "VS: x")[1].kind is BlockKind.QUOTED


def test_a_forward_of_a_forward_grows_in_depth_and_each_level_has_its_author() -> None:
    text = (
        "to you\n\nVon: Markus <m@studio.example>\nGesendet: Montag\nAn: Ana <ana@studio.example>\nBetreff: WG: Satz\n\ngehört dir\n\n"
        "From: Gareth <g@acme.example>\nSent: Friday\nTo: Markus <m@studio.example>\nSubject: Satz\n\nUse 4711."
    )
    assert outline(text, "WG: WG: Satz") == [
        ("new", 0, ME.email, "to you"),
        ("forwarded", 1, "m@studio.example", "gehört dir"),
        ("forwarded", 2, "g@acme.example", "Use 4711."),
    ]


def test_a_forwarded_reply_keeps_the_answer_and_what_it_quotes_apart() -> None:
    text = (
        "---------- Forwarded message ---------\nDa: Paolo <p@acme.example>\nDate: gio 1 ott 2026 alle ore 09:31\n"
        "Subject: Re: x\nTo: <a@b.example>\n\n"
        "È 4711.\n\nIl giorno mer 30 set 2026 alle ore 18:00 Ana <ana@studio.example> ha scritto:\n> Vale ancora 4700?\n"
    )
    assert outline(text, "Fwd: Re: x") == [
        ("forwarded", 1, "p@acme.example", "È 4711."),
        ("quoted", 2, "ana@studio.example", "Vale ancora 4700?"),
    ]


ATTRIBUTIONS = [
    "On Tue, 5 May 2026 at 10:00, Studio Billing <billing@studio.example> wrote:",
    "On Tue, 5 May 2026 at 10:00, Studio Billing\n<billing@studio.example> wrote:",
    "Am 05.05.26 um 10:00 schrieb Studio Billing <billing@studio.example>:",
    "Am Di., 5. Mai 2026 um 10:00 Uhr schrieb Studio Billing <\nbilling@studio.example>:",
    "Le mar. 5 mai 2026 à 10:00, Studio Billing <billing@studio.example> a écrit :",
    "El mar, 5 may 2026 a las 10:00, Studio Billing (<billing@studio.example>) escribió:",
    "Il giorno mar 5 mag 2026 alle ore 10:00 Studio Billing <billing@studio.example> ha scritto:",
    "Op di 5 mei 2026 om 10:00 schreef Studio Billing <billing@studio.example>:",
    "Em ter., 5 de mai. de 2026 às 10:00, Studio Billing <billing@studio.example> escreveu:",
    "wt., 5 maj 2026 o 10:00 Studio Billing <billing@studio.example> napisał(a):",
    "Den tis 5 maj 2026 kl 10:00 skrev Studio Billing <billing@studio.example>:",
    "Den tirs. 5. maj 2026 kl. 10.00 skrev Studio Billing <billing@studio.example>:",
    "ti 5. toukok. 2026 klo 10.00 Studio Billing (billing@studio.example) kirjoitti:",
    "út 5. 5. 2026 v 10:00 odesílatel Studio Billing <billing@studio.example> napsal:",
    "2026年5月5日(火) 10:00 Studio Billing <billing@studio.example>:",
    "Studio Billing <billing@studio.example> 于2026年5月5日周二 10:00写道：",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_in_any_language_names_the_author_of_the_quote(attribution: str) -> None:
    answer, quote = blocks_of(f"It is 4711.\n\n{attribution}\n\n> Which order?\n> Ana\n")
    assert (answer.kind, answer.text) == (BlockKind.NEW, "It is 4711.")
    assert (quote.kind, quote.text) == (BlockKind.QUOTED, "Which order?\nAna")
    assert quote.author is not None and quote.author.email == OURS.email
    assert quote.heading is not None and quote.heading.text == attribution


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_lines_right_above_an_attribution_stay_new(attribution: str) -> None:
    assert blocks_of(f"Use 4500123456\n{attribution}\n\n> Which order?\n")[0].text == "Use 4500123456"


def test_a_quote_without_marks_reaches_to_the_end() -> None:
    text = "It is 4711.\n\nOn Tuesday, May 5, 2026 at 10:00 AM, Studio <billing@studio.example> wrote:\n\nWhich order?\n\nAna"
    assert outline(text)[1:] == [("quoted", 1, OURS.email, "Which order?\n\nAna")]


def test_answers_between_quoted_lines_are_new_and_in_order() -> None:
    text = (
        "see below\n\nOn 5 May 2026, at 10:00, Studio <billing@studio.example> wrote:\n\n> 1) the first, is it 40188?\n\nno, 40190\n\n"
        "> 2) the second?\n\nyes\n"
    )
    assert outline(text) == [
        ("new", 0, ME.email, "see below"),
        ("quoted", 1, OURS.email, "1) the first, is it 40188?"),
        ("new", 0, ME.email, "no, 40190"),
        ("quoted", 1, OURS.email, "2) the second?"),
        ("new", 0, ME.email, "yes"),
    ]


def test_an_answer_below_the_quote_is_new() -> None:
    text = "Am 05.05.2026 um 10:00 schrieb Studio <billing@studio.example>:\n> Welche Nummer?\n\n4711, bitte nachtragen.\n"
    assert outline(text, "Re: x")[1] == ("new", 0, ME.email, "4711, bitte nachtragen.")


def test_quotes_in_quotes_grow_in_depth() -> None:
    text = (
        "ok\n\nOn 6 May 2026 at 10:00, Studio <billing@studio.example> wrote:\n> thanks\n>\n"
        "> On 5 May 2026 at 10:00, Cara <cara@acme.example> wrote:\n>> no order yet\n"
    )
    assert [(block[1], block[2]) for block in outline(text)] == [(0, ME.email), (1, OURS.email), (2, "cara@acme.example")]


def test_a_quoted_line_that_was_wrapped_is_not_taken_for_an_answer() -> None:
    long = "> the last number that we hold for you is 60911, and that one was for the shop film"
    text = f"On 5 May 2026 at 10:00, Studio <billing@studio.example> wrote:\n{long}\nwhich is over\n> is it still right?\n"
    assert [block.kind for block in blocks_of(text)] == [BlockKind.QUOTED]


def test_prose_with_label_like_lines_is_no_heading() -> None:
    text = "De: la mesa\nA: la silla\n\nFrom: here\nTo: there\n\nDate: tomorrow\nOn Monday your colleague wrote:\nuse 4711"
    assert [block.kind for block in blocks_of(text)] == [BlockKind.NEW]


def test_a_forward_whose_heading_is_missing_is_still_no_text_of_the_sender() -> None:
    forward = blocks_of("fyi\n\n---------- Forwarded message ---------\n\nUse 4711.", "Fwd: x")[1]
    assert (forward.kind, forward.author, forward.text) == (BlockKind.FORWARDED, None, "Use 4711.")


def test_a_forward_without_text_still_shows_its_heading() -> None:
    text = "see the file\n\nFrom: A <a@b.example>\nSent: Monday\nTo: c@d.example\nSubject: Order\n"
    last = blocks_of(text, "FW: Order")[-1]
    assert (last.kind, last.text, last.author) == (BlockKind.FORWARDED, "", Address("a@b.example", "A"))


ENDINGS = [
    ("Use 4711.\n\n-- \nAnn Buyer\nP.O. Box 450012, Dubai", "-- \nAnn Buyer\nP.O. Box 450012, Dubai"),
    (
        "Use 4711.\n\nKind regards,\nAnn Buyer\nBuyer Ltd, P.O. Box 450012\n+49 4500 123456",
        "Kind regards,\nAnn Buyer\nBuyer Ltd, P.O. Box 450012\n+49 4500 123456",
    ),
    ("Use 4711.\n\nMit freundlichen Grüßen aus Wien\nAnna Käufer\nEinkauf", "Mit freundlichen Grüßen aus Wien\nAnna Käufer\nEinkauf"),
    ("Use 4711.\n\nSent from my iPhone", "Sent from my iPhone"),
    ("Use 4711.\n\nBuyer Ltd\nBox 4500, Stn A, Toronto\nTel. 555 0100", "Buyer Ltd\nBox 4500, Stn A, Toronto\nTel. 555 0100"),
]


@pytest.mark.parametrize(("text", "signature"), ENDINGS)
def test_a_signature_is_told_from_the_text(text: str, signature: str) -> None:
    assert [(block.kind, block.text) for block in blocks_of(text)] == [
        (BlockKind.NEW, "Use 4711."),
        (BlockKind.SIGNATURE, signature.replace("-- \n", "--\n")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Thanks,\nplease use 4500123456",
        "Kind regards\nAnn\n\nPS: the PO is 4500123456",
        "Danke\nBestellung folgt",
        "Regards\nAnn\n4500123456",
        "Thanks\nPO number 4711",
        "Best\nuse 4711",
    ],
)
def test_words_after_a_closing_that_may_be_content_stay_in_the_text(text: str) -> None:
    assert [block.kind for block in blocks_of(text)] == [BlockKind.NEW]


def test_a_registration_behind_a_word_that_is_a_remark_in_another_language_is_part_of_a_visiting_card() -> None:
    card = "Vriendelijke groeten,\nGriet Maes\nBoekhouding crediteuren\nKaai 7, 9000 Gent | BTW BE 0412.886.130"
    assert [block[0] for block in outline(f"Graag het ordernummer vermelden.\n\n{card}")] == ["new", "signature"]
    assert "btw PO 4500123456" in outline("Please resend.\n\nKind regards\nAnn Buyer\nbtw PO 4500123456 is for all")[0][-1]


def test_what_follows_a_signature_in_the_middle_stays_new() -> None:
    text = "Hello\n\nKind regards\nAnn Buyer\nPhone 555 0100\n\nPS: the number is 4500123456"
    assert outline(text)[1:] == [
        ("signature", 0, ME.email, "Kind regards\nAnn Buyer\nPhone 555 0100"),
        ("new", 0, ME.email, "PS: the number is 4500123456"),
    ]


def test_a_warning_at_the_top_is_a_banner_and_inside_a_quote_too() -> None:
    caution = "CAUTION: This email originated from outside of the organization.\nDo not click links or open attachments."
    quote = f"From: Studio <billing@studio.example>\nSent: Monday\nTo: x@y.example\nSubject: z\n\n{caution}\n\nWhich order?"
    text = f"{caution}\n\nUse 4711.\n\n{quote}"
    assert [block[0] for block in outline(text)] == ["banner", "new", "banner", "quoted"]


@pytest.mark.parametrize("line", ["[EXTERNAL] Please use 4711", "External order 4711", "Use 4711, external sender"])
def test_a_warning_word_in_a_line_with_a_number_takes_nothing_away(line: str) -> None:
    assert [block.kind for block in blocks_of(line)] == [BlockKind.NEW]


def test_a_legal_footer_is_a_disclaimer() -> None:
    text = "Use 4711.\n\nThis e-mail and any attachments are confidential.\nIf they are not yours, delete it.\n\nPS: soon please"
    assert [block[0] for block in outline(text)] == ["new", "disclaimer", "new"]


@pytest.mark.parametrize(
    "footer",
    [
        "This note is meant for whoever it names as its addressee. Was it sent to you in error? Then delete it.",
        "Confidential. If it came to you by mistake, please delete it.",
        "Opinions in here are those of the writer, and we accept no liability for a virus.",
        "Der Inhalt ist vertraulich und nur für den Empfänger bestimmt.\nUnbefugte Weitergabe ist nicht gestattet.",
    ],
)
def test_below_a_signature_the_words_of_a_legal_notice_are_known_in_any_sentence(footer: str) -> None:
    assert [block[0] for block in outline(f"Use 4711.\n\nKind regards\nAnn Buyer\n\n{footer}")] == ["new", "signature", "disclaimer"]


@pytest.mark.parametrize(
    "words",
    [
        "PS: the number that I sent first was sent in error, please delete it",
        "Confidential, in error, delete: order 4500123456",
    ],
)
def test_few_words_or_a_long_number_below_a_signature_stay_in_the_text(words: str) -> None:
    assert [block[0] for block in outline(f"Hello\n\nKind regards\nAnn Buyer\nPhone 555 0100\n\n{words}")][-1] == "new"


def test_a_legal_notice_without_a_signature_above_it_needs_more_words_to_be_known() -> None:
    few = "It was sent in error; delete the copy that is confidential."
    many = "This is confidential and meant for the addressee; any copying is prohibited; if it came in error, delete it."
    assert [block[0] for block in outline(f"Use 4711.\n\n{few}")] == ["new"]
    assert [block[0] for block in outline(f"Use 4711.\n\n{many}")] == ["new", "disclaimer"]


def test_the_reply_line_of_a_ticket_system_is_a_banner_at_the_top() -> None:
    text = "##- Please type your reply above this line -##\n\nYour invoice needs a PO."
    assert [block[0] for block in outline(text)] == ["banner", "new"]


def test_broken_word_tables_name_the_key() -> None:
    with pytest.raises(ValueError, match="closing"):
        mail_words([{"closing": ["x"]}])
    with pytest.raises(ValueError, match="closings"):
        mail_words([{"closings": "x"}])
    with pytest.raises(ValueError, match="attributions"):
        mail_words([{"attributions": ["wrote:"]}])


MAIL_LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from([line for text in FORWARDS.values() for line in text.split("\n")]),
        st.sampled_from([line for text in ATTRIBUTIONS for line in text.split("\n")]),
        st.sampled_from([line for text, _ in ENDINGS for line in text.split("\n")]),
        st.sampled_from(["", "> ", ">> a", "> > b", "-- ", "________", "Thanks,", "CAUTION: external sender"]),
        st.text(max_size=30).map(lambda text: f"> {text}"),
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(MAIL_LINES, st.sampled_from(["", "Re: x", "Fwd: x", "VS: x", "[EXT] WG: x"]))
def test_every_line_lands_in_exactly_one_block_or_heading(lines: list[str], subject: str) -> None:
    text = "\n".join(lines)
    blocks = split(text, sender=ME, words=WORDS, subject=subject)
    headings = {id(block.heading): block.heading.text for block in blocks if block.heading}
    landed = [line for part in [*(block.text for block in blocks), *headings.values()] for line in _bare(part)]
    assert sorted(landed) == sorted(_bare(text))


def _bare(text: str) -> list[str]:
    """The lines of a text without quote marks, spaces and blank lines; what a reader would call no line is none."""
    for ending in ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"):
        text = text.replace(ending, "\n")
    text = text.replace("\ufeff", "").replace("\x00", "")
    bare = ["".join(line.replace(">", "").replace("＞", "").split()) for line in text.split("\n")]
    return [line for line in bare if line]


def test_a_very_deep_or_long_text_is_read_in_one_go() -> None:
    deep = "\n".join(">" * level + f" line {level}" for level in range(200))
    chain = "".join(f"From: a{n} <a{n}@b.example>\nSent: now\nTo: x@y.example\nSubject: s\n\ntext {n}\n\n" for n in range(300))
    assert blocks_of(deep)[-1].text.endswith("line 199")
    assert "text 299" in blocks_of(chain)[-1].text


def test_what_somebody_says_before_a_legal_notice_on_the_same_line_is_not_taken_away() -> None:
    said = "Good morning, both open invoices are on hold for want of an order: please put 4500123456 on both and send them again."
    notice = "This message and any attachments are confidential; if you are not the intended recipient, please delete it."
    found = split(f"{said} {notice} {notice}", sender=None, words=WORDS)
    assert [block.kind for block in found] == [BlockKind.NEW]
    assert [block.kind for block in split(f"{said}\n\n{notice}", sender=None, words=WORDS)] == [BlockKind.NEW, BlockKind.DISCLAIMER]
