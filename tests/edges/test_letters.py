"""Letters in words and as bytes: what they say, that nothing hostile gets through, and that a broken template says where it is broken."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker import shipped
from worker.core import replies, specimens
from worker.core.decisions import Action, Need, Topic
from worker.core.digests import Digest, WaitingFor
from worker.core.invoices import Customer, Issuer
from worker.core.messages import Address
from worker.core.purchase_orders import PoNumber
from worker.core.replies import Change, Enclosure, Provenance, Reply
from worker.edges.letters import Letter, Letters
from worker.errors import NeedsAPerson, SetupError

SHIPPED = shipped.folder("templates")
LETTERS = Letters([SHIPPED])
FULL, EMPTY, WRONG = specimens.digests()
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MESSAGE_ID = replies.message_id_for("key", "amend", 1, "birkenfeld.example")
SENDER = Address("invoices@birkenfeld.example", "Birkenfeld Studio")
HOSTILE = "<img src=x onerror=alert(1)>\r\nBcc: all@x.example\u202e\x00{{ 7*7 }}"
PLAIN_LETTER = Letter(subject="Re: Invoice B-118", text="Größe, 4.800,00\u00a0€\n.\n", html="<p>Größe</p>\n")


def reply(action: Action = Action.AMEND, **more: object) -> Reply:
    blank = Reply(
        action=action,
        language="en",
        recipient="payables@harbour.example",
        subject="Re: Your invoice",
        issuer=specimens.ISSUER,
        customer=specimens.CUSTOMER,
    )
    return replace(blank, **more)


def added(old_po: str | None = None) -> Change:
    return Change(invoice=specimens.WITH_PO, old_po=PoNumber(old_po) if old_po else None, new_po=specimens.PO)


def sealed(letter: Letter = PLAIN_LETTER, **more: object) -> bytes:
    facts: dict[str, object] = {"sender": SENDER, "recipient": "payables@harbour.example", "message_id": MESSAGE_ID, "date": NOON}
    return LETTERS.envelope(letter, **{**facts, **more})


def opened(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(html: str) -> str:
    class Reader(HTMLParser):
        text = ""

        def handle_data(self, data: str) -> None:
            self.text += data

    reader = Reader()
    reader.feed(html)
    return reader.text


# What the letters say


def test_an_amendment_is_explained_in_its_first_line() -> None:
    letter = LETTERS.write(reply(changes=(added(),)))
    assert letter.text.splitlines()[0] == (
        "Corrected copy of invoice B-119: purchase order 7700012345 added; number, date and total unchanged; "
        "please replace the earlier copy, do not pay twice."
    )
    assert letter.text.splitlines()[0] in text_of(letter.html)
    assert letter.text.endswith("Kind regards\nBirkenfeld Studio\n")


def test_a_correction_names_the_old_and_the_new_number() -> None:
    letter = LETTERS.write(reply(changes=(added("4711"),)))
    assert "purchase order corrected from 4711 to 7700012345;" in letter.text.splitlines()[0]


def test_each_of_several_invoices_has_its_own_first_line() -> None:
    other = Change(invoice=replace(specimens.WITH_PO, number="B-120"), old_po=None, new_po=PoNumber("7700055555"))
    first, second, third, *_ = LETTERS.write(reply(changes=(added(), other))).text.splitlines()
    assert first.startswith("Corrected copy of invoice B-119: purchase order 7700012345 added;")
    assert second.startswith("Corrected copy of invoice B-120: purchase order 7700055555 added;")
    assert third == ""


def test_an_amendment_also_asks_for_what_is_still_missing_and_confirms_the_standing_po() -> None:
    text = LETTERS.write(reply(changes=(added(),), asked=(specimens.WITHOUT_PO,), standing_po=specimens.OTHER_PO)).text
    assert "which purchase order number should we put on invoice B-118 of 1 October 2026 over €4,800.00?" in text
    assert "purchase order 7700067890 on all our future invoices to Harbour & Sons Ltd." in text


def test_german_letters_write_dates_and_amounts_as_germans_do() -> None:
    letter = LETTERS.write(reply(Action.ASK, language="de", asked=(specimens.WITHOUT_PO,), need=Need.MISSING))
    assert (
        letter.text.splitlines()[0]
        == "Welche Bestellnummer sollen wir auf der Rechnung B-118 vom 1. Oktober 2026 über 4.800,00\u00a0€ angeben?"
    )
    assert '<html lang="de">' in letter.html


@pytest.mark.parametrize(("language", "written"), [("de-AT", "de"), ("de_CH", "de"), ("DE", "de"), ("en", "en"), ("fr", "en"), ("", "en")])
def test_a_language_without_words_is_answered_in_english(language: str, written: str) -> None:
    assert f'<html lang="{written}">' in LETTERS.write(reply(Action.ASK, language=language)).html


def test_a_copy_says_which_po_it_already_shows() -> None:
    text = LETTERS.write(reply(Action.RESEND, invoices=(specimens.WITH_PO, specimens.WITHOUT_PO))).text
    assert text.startswith("Current copy of invoice B-119, which already shows purchase order 7700012345;")
    assert "\nCurrent copy of invoice B-118; number" in text


def test_a_question_says_that_the_po_given_cannot_be_used() -> None:
    text = LETTERS.write(reply(Action.ASK, asked=(specimens.WITH_PO,), need=Need.INVALID)).text
    assert "(the invoice shows 7700012345)" in text
    assert text.startswith("You tell us that the purchase order for invoice B-119 of 1 October 2026 over £1,250.50 cannot be used")


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        (
            Topic.CLOCK,
            "number, date (1 October 2026) and total (€4,800.00) are unchanged, so its original due date, 31 October 2026, still applies.",
        ),
        (Topic.DUPLICATE, "A corrected copy of invoice B-118 is not a new invoice: same number"),
        (Topic.BACKDATING, "All that we need is the purchase order number"),
    ],
)
def test_an_answer_keeps_to_its_topic(topic: Topic, said: str) -> None:
    text = LETTERS.write(reply(Action.ANSWER, topics=(topic,), invoices=(specimens.WITHOUT_PO,))).text
    assert said in text
    assert len(text.split("\n\n")) == (4 if topic is Topic.BACKDATING else 3)


def test_who_asks_to_date_back_an_invoice_with_a_po_is_not_asked_for_one() -> None:
    text = LETTERS.write(reply(Action.ANSWER, topics=(Topic.BACKDATING,), invoices=(specimens.WITH_PO,))).text
    assert "All that we need" not in text


def test_provenance_is_told_from_the_amendments_or_from_the_invoice() -> None:
    steps = specimens.EVENING.date()
    story = Provenance(
        invoice=specimens.WITH_PO,
        steps=(replies.Step(old_po=None, new_po=specimens.PO, requested_by="m.doyle@harbour.example", day=steps),),
    )
    for account, said in (
        (story, "Purchase order 7700012345 was added to invoice B-119 on 22 November 2026 at the request of m.doyle@harbour.example."),
        (replace(story, steps=()), "Purchase order 7700012345 has been on invoice B-119 since it was issued on 1 October 2026."),
        (Provenance(invoice=specimens.WITHOUT_PO), "There is no purchase order number on invoice B-118 of 1 October 2026 so far."),
    ):
        assert LETTERS.write(reply(Action.ANSWER, topics=(Topic.PROVENANCE,), provenance=(account,))).text.splitlines()[0] == said


def test_a_standing_po_is_acknowledged() -> None:
    text = LETTERS.write(reply(Action.REMEMBER, standing_po=specimens.PO)).text
    assert text.startswith("Thank you: we will put purchase order 7700012345 on all our future invoices to Harbour & Sons Ltd.\n")


def test_without_a_mail_to_answer_the_subject_names_the_invoice_or_the_po() -> None:
    assert LETTERS.write(reply(subject="", changes=(added(),), invoices=(specimens.WITH_PO,))).subject == "Invoice B-119"
    assert LETTERS.write(reply(Action.REMEMBER, subject="", standing_po=specimens.PO, language="de")).subject == "Bestellnummer 7700012345"
    assert LETTERS.write(reply(Action.ASK, subject="")).subject == "Birkenfeld Studio"


# What hostile facts cannot do


def hostile_letters() -> Iterator[Letter]:
    customer = Customer(id="x", name=HOSTILE)
    invoice = replace(specimens.WITH_PO, number=HOSTILE, po_number=PoNumber(HOSTILE))
    change = Change(invoice=invoice, old_po=PoNumber(HOSTILE), new_po=PoNumber(HOSTILE))
    blank = reply(issuer=Issuer(name=HOSTILE), customer=customer, subject=HOSTILE, invoices=(invoice,), asked=(invoice,), changes=(change,))
    for action in replies.REPLYING:
        yield LETTERS.write(replace(blank, action=action, standing_po=PoNumber(HOSTILE), topics=tuple(Topic), need=Need.INVALID))
    yield LETTERS.digest(hostile_digest(HOSTILE))


def hostile_digest(text: str) -> Digest:
    return replace(
        FULL,
        issuer=text,
        mailbox=text,
        applied=tuple(
            replace(
                row, invoice=text, customer=text, old_po=PoNumber(text), new_po=PoNumber(text), asked_by=text, subject=text, message_id=text
            )
            for row in FULL.applied
        ),
        waiting=tuple(
            replace(row, reason=text, sender=text, subject=text, invoices=(text, text), customer=text, proposal=text, message_id=text)
            for row in FULL.waiting
        ),
        failures=tuple(replace(row, reason=text, party=text, subject=text) for row in FULL.failures),
        health=replace(FULL.health, last_error=text),
    )


def test_markup_in_a_fact_stays_text() -> None:
    for letter in hostile_letters():
        assert "<img" not in letter.html
        assert "&lt;img src=x onerror=alert(1)&gt;" in letter.html
        assert "{{ 7*7 }}" in letter.html


def test_a_fact_is_one_visible_line() -> None:
    for letter in hostile_letters():
        for part in (letter.text, letter.html, letter.subject):
            assert not re.search("[\u202e\x00\r]", part)
            assert not re.search("(?m)^Bcc:", part)


def test_letters_load_nothing_from_anywhere() -> None:
    written = [LETTERS.write(each) for language in LETTERS.languages for each in specimens.replies(language)]
    for letter in [*written, *(LETTERS.digest(digest) for digest in (FULL, EMPTY, WRONG))]:
        assert not re.search(r"<(img|script|link|iframe|object)|url\(|https?:", letter.html)


# The digest


def test_the_digests_subject_is_the_evening_in_one_line() -> None:
    assert LETTERS.digest(replace(FULL, applied=FULL.applied * 2, waiting=FULL.waiting[:1], failures=())).subject == (
        "Addendum 22 November: 4 applied, 1 waits"
    )
    assert LETTERS.digest(EMPTY).subject == "Addendum 22 November: all quiet (12 mails read)"


def test_the_digest_tells_all_that_an_amendment_needs_for_a_check() -> None:
    letter = LETTERS.digest(FULL)
    for part in (letter.text, text_of(letter.html)):
        for fact in (
            "B-119",
            "Harbour & Sons Ltd",
            "7700012345",
            "m.doyle@harbour.example",
            "10:17",
            "Re: Invoice B-119 cannot be processed",
            "10:15",
        ):
            assert fact in part
    assert "PO number 7700012345 instead of 7700067890" in letter.text
    assert 'href="mid:c4a1.118@mail.harbour.example"' in letter.html


def test_the_digest_tells_why_each_mail_waits_and_what_to_do() -> None:
    letter = LETTERS.digest(FULL)
    for part in (letter.text, text_of(letter.html)):
        for row in FULL.waiting:
            for fact in (row.reason, row.sender, row.subject):
                assert fact in part
        assert "write to invoices@birkenfeld.example which PO belongs on which invoice" in part
        assert "PO 7700012345 on B-118" in part
        assert "2 more wait from earlier days." in part
        for failure in FULL.failures:
            assert failure.reason in part


def test_the_digest_counts_every_mail_and_shouts_when_one_is_lost() -> None:
    assert "6 seen: 2 amended, 1 void-and-new, 2 held, 1 failed.\n" in LETTERS.digest(FULL).text
    wrong = LETTERS.digest(WRONG)
    for part in (wrong.text, text_of(wrong.html)):
        assert "Of 13 mails only 12 are accounted for." in part
        assert "The mailbox has not been read yet" in part
        assert "The server refused the password." in part
        assert "Sending is paused" in part
    surplus = LETTERS.digest(replace(EMPTY, tally=replace(EMPTY.tally, seen=11)))
    assert "More mails are accounted for (12) than were seen (11)." in surplus.text


def test_the_digest_says_since_when_the_mailbox_is_not_read() -> None:
    stale = replace(EMPTY, health=replace(EMPTY.health, last_good_pass=datetime(2026, 11, 20, 8, 5, tzinfo=UTC)))
    assert "The mailbox was last read Fri 20 Nov, 09:05; newer mail is not being handled." in LETTERS.digest(stale).text


@pytest.mark.parametrize(
    ("health", "says"),
    [
        ({"undecided": 1}, "1 mail not decided yet."),
        ({"undecided": 2, "unsent": 2}, "2 mails not decided yet. 2 letters not sent yet."),
        ({"unsent": 1, "put_off": "waits: 3 letters about invoice B-119 went out within a day"},
         "1 letter not sent yet: waits: 3 letters about invoice B-119 went out within a day."),
        ({"unsent": 1, "put_off": "The server says: 451 later."}, "1 letter not sent yet: The server says: 451 later."),
        ({"unsent": 1, "held_back_until": EMPTY.until + timedelta(minutes=5)}, "1 letter not sent yet: held back until "),
        ({"unsent": 1, "held_back_until": EMPTY.until}, "1 letter not sent yet."),
        ({"unfiled": 1, "filing_error": "MOVE refused [OVERQUOTA]."}, "1 mail could not be filed: MOVE refused [OVERQUOTA]."),
        ({"unsent": 3, "paused": True}, "3 letters not sent yet: sending is paused."),
    ],
)  # fmt: skip
def test_the_digest_tells_mails_not_decided_from_letters_not_sent_and_why_they_wait(health: dict[str, object], says: str) -> None:
    letter = LETTERS.digest(replace(EMPTY, health=replace(EMPTY.health, **health)))
    for part in (letter.text, text_of(letter.html)):
        assert says in " ".join(part.split())
        assert ("not decided" in part) is ("undecided" in health)


def test_an_evening_without_mail_is_reported_too() -> None:
    assert "No mail came in." in LETTERS.digest(replace(EMPTY, tally=replace(EMPTY.tally, seen=0, ignored=0))).text


def test_a_flood_does_not_make_the_digest_endless() -> None:
    flood = replace(hostile_digest("x" * 5000), waiting=hostile_digest("y" * 5000).waiting * 500, applied=FULL.applied * 500)
    letter = LETTERS.digest(flood)
    assert len(letter.html) < 400_000
    assert "and 475 more" in letter.text
    assert "and 975 more" in letter.html


def test_what_needs_a_look_comes_before_what_was_done() -> None:
    text = LETTERS.digest(FULL).text
    assert text.index("NEEDS YOUR EYES") < text.index("FAILED") < text.index("APPLIED")
    assert WaitingFor.LOOK in {row.needs for row in FULL.waiting}


# Templates and words that the user changes


def own(folder: Path, name: str, content: str) -> Letters:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return Letters([folder, SHIPPED])


def test_the_shipped_templates_are_sound() -> None:
    LETTERS.check()
    assert LETTERS.languages == ("de", "en")


def test_every_language_has_the_same_sentences_with_the_same_facts() -> None:
    words = {language: dict(found.sentences) for language, found in LETTERS._words.items()}
    for language, sentences in words.items():
        assert sentences.keys() == words["en"].keys(), language
        for name, sentence in sentences.items():
            assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", words["en"][name])), (language, name)


def test_a_template_of_the_users_own_comes_first(tmp_path: Path) -> None:
    letters = own(tmp_path, "letters/ask.txt.j2", "Hello {{ reply.customer.name }}!")
    assert letters.write(reply(Action.ASK)).text == "Hello Harbour & Sons Ltd!\n"
    assert letters.write(reply(Action.REMEMBER, standing_po=specimens.PO)).text.startswith("Thank you")


def test_one_sentence_can_be_said_differently(tmp_path: Path) -> None:
    letters = own(tmp_path, "letters/words/en.toml", '[letter]\nregards = "Cheers"\n')
    letters.check()
    assert letters.write(reply(Action.ASK)).text.endswith("Cheers\nBirkenfeld Studio\n")


def test_a_language_is_a_file(tmp_path: Path) -> None:
    english = (SHIPPED / "letters/words/en.toml").read_text("utf-8")
    french = english.replace('"en_GB"', '"fr_FR"').replace('"Kind regards"', '"Cordialement"')
    letters = own(tmp_path, "letters/words/fr.toml", french)
    letters.check()
    text = letters.write(reply(Action.ASK, language="fr", asked=(specimens.WITHOUT_PO,))).text
    assert "1 octobre 2026" in text
    assert "Cordialement" in text


@pytest.mark.parametrize(
    ("content", "line", "complaint"),
    [
        ("fine\n{{ reply.custommer }}", 2, "custommer"),
        ("{% if reply %}\nno end", 2, "endif"),
        ("\n\n{{ reply.in_reply_to }}", 3, "None"),
        ("{{ reply.subject.nothing() }}", 1, "nothing"),
        ("{{ ''.__class__.__mro__ }}", 1, "unsafe"),
        ("{{ 1 / 0 }}", 1, "division"),
        ("{{ say('ask.missing', number=reply.nothing) }}", 1, "nothing"),
    ],
)
def test_a_broken_template_stops_the_start_and_says_where(tmp_path: Path, content: str, line: int, complaint: str) -> None:
    with pytest.raises(SetupError, match=complaint) as broken:
        own(tmp_path, "letters/ask.txt.j2", content).check()
    assert f"{tmp_path / 'letters/ask.txt.j2'}, line {line}: " in str(broken.value)


@pytest.mark.parametrize("name", ["letters/ask.txt.j2", "letters/facts.html.j2", "digest/parts.txt.j2", "letters/mine.txt.j2"])
def test_no_letters_are_made_with_a_template_that_cannot_be_compiled(tmp_path: Path, name: str) -> None:
    with pytest.raises(SetupError, match=re.escape(f"{tmp_path / name}, line 2: ")):
        own(tmp_path, name, "fine\n{% for x in %}")


def test_a_template_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/ask.txt.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(SetupError, match=r"ask\.txt\.j2: .*utf-8"):
        Letters([tmp_path, SHIPPED])


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    letters = own(tmp_path, "letters/ask.txt.j2", '{% include "letters/lost.txt.j2" %}')
    with pytest.raises(SetupError, match=r"There is no template letters/lost\.txt\.j2 in .*" + re.escape(str(tmp_path))):
        letters.check()


def test_a_broken_digest_template_is_found_before_the_evening(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"digest\.html\.j2, line 1: .*moon"):
        own(tmp_path, "digest/digest.html.j2", "{{ digest.moon }}").check()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (
            '[ask]\nmissing = "Which one for {invoice}?"\n',
            r'de\.toml: the sentence "ask\.missing" asks for \{invoice\}, but only \{date\}, \{due\}',
        ),
        ("[ask]\nmissing = 7\n", r"de\.toml: ask\.missing is to be a sentence in quotes"),
        ("ask = 7\n", r"de\.toml: ask is to be a table of sentences"),
        ("[ask\n", r"de\.toml cannot be read as TOML: .*line 1"),
        ('locale = "xx_nowhere"\n', r'de\.toml: locale = "xx_nowhere" is no locale'),
    ],
)
def test_broken_words_stop_the_start_and_say_where(tmp_path: Path, content: str, complaint: str) -> None:
    with pytest.raises(SetupError, match=complaint):
        own(tmp_path, "letters/words/de.toml", content).check()


def test_a_language_with_a_sentence_missing_is_found_by_the_check(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r'fr\.toml has no sentence "\w+\.\w+"; add it'):
        own(tmp_path, "letters/words/fr.toml", 'locale = "fr"\n[letter]\nregards = "Cordialement"\n').check()


def test_without_english_there_are_no_letters(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"No letters/words/en\.toml in"):
        Letters([tmp_path])


# The bytes


def test_a_letter_with_pdfs_reads_back_as_it_was_put_in() -> None:
    pdf = bytes(range(256)) * 600
    enclosures = replies.enclose([("INV-2041", pdf), ("請求/7", b"%PDF")])
    message = opened(
        sealed(in_reply_to="<r1@x.example>", references=("<b118@birkenfeld.example>", "<r1@x.example>"), enclosures=enclosures)
    )
    assert message.get_content_type() == "multipart/mixed"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == PLAIN_LETTER.text
    assert html.get_content().replace("\r\n", "\n") == PLAIN_LETTER.html
    attached = list(message.iter_attachments())
    assert [part.get_content() for part in attached] == [pdf, b"%PDF"]
    assert [part.get_content_type() for part in attached] == ["application/pdf"] * 2
    assert attached[0].get_filename() == "INV-2041.pdf"
    assert (message["From"], message["To"]) == ("Birkenfeld Studio <invoices@birkenfeld.example>", "payables@harbour.example")
    assert message["Subject"] == "Re: Invoice B-118"
    assert message["Message-ID"] == MESSAGE_ID
    assert message["X-Addendum-Id"] == MESSAGE_ID.strip("<>")
    assert message["In-Reply-To"] == "<r1@x.example>"
    assert message["References"].split() == ["<b118@birkenfeld.example>", "<r1@x.example>"]
    assert message["Date"].datetime == NOON
    assert not [defect for part in message.walk() for defect in part.defects]


def test_a_file_name_in_another_script_is_given_twice() -> None:
    content = sealed(enclosures=replies.enclose([("請求/7", b"%PDF")]))
    assert b"filename=\"___7.pdf\";\r\n filename*=UTF-8''%E8%AB%8B%E6%B1%82_7.pdf\r\n" in content


def test_a_letter_without_pdfs_is_text_and_html_alone() -> None:
    message = opened(sealed())
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Auto-Submitted"] is None
    assert message["In-Reply-To"] is None
    assert message["References"] is None


def test_an_automatic_letter_says_so() -> None:
    assert opened(sealed(automatic="auto-generated"))["Auto-Submitted"] == "auto-generated"


def test_the_same_letter_is_the_same_bytes() -> None:
    enclosures = (Enclosure(name="INV-2041.pdf", content=b"%PDF"),)
    assert sealed(enclosures=enclosures) == sealed(enclosures=enclosures)
    assert sealed(message_id="<other@birkenfeld.example>") != sealed()


def test_every_line_ends_in_crlf_and_is_short_enough() -> None:
    letter = replace(PLAIN_LETTER, subject="ü" * 190, text="x" * 5000 + "\nFrom here\r\nend " + "ü" * 3000, html="y" * 5000)
    content = sealed(letter, enclosures=(Enclosure(name="a.pdf", content=b"z" * 10_000),))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    lines = [line for line in content.split(b"\r\n") if MESSAGE_ID[1:-1].encode() not in line]
    assert max(map(len, lines)) <= 78
    content.decode("ascii")


def test_a_subject_that_only_looks_encoded_arrives_as_it_was_written() -> None:
    assert opened(sealed(replace(PLAIN_LETTER, subject="Re: =?utf-8?q?Bcc=3A?=")))["Subject"] == "Re: =?utf-8?q?Bcc=3A?="


def test_a_broken_message_id_never_reaches_the_threading() -> None:
    message = opened(sealed(in_reply_to="<a@x.example>\r\nBcc: <b@x.example>", references=("<ok@x.example>", "<a b>")))
    assert message["In-Reply-To"] is None
    assert message["References"] == "<ok@x.example>"
    with pytest.raises(ValueError, match="not a Message-ID"):
        sealed(message_id="nonsense")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c.example",
        "a b@c.example",
        "a@c.example, d@e.example",
        "a@c.example\r\nBcc: d@e.example",
        "ä@c.example",
        "a@",
        "<a@c.example>",
        "a@\u202e.x",
        "ap@größe.example",
        "a" * 300 + "@c.example",
    ],
)
def test_an_address_that_is_none_is_for_a_person(address: str) -> None:
    with pytest.raises(NeedsAPerson, match="A letter cannot be addressed to"):
        sealed(recipient=address)


STRANGE = st.text(st.one_of(st.characters(), st.sampled_from('\r\n\u202e\u2028\x00\x0b\x85:;<>@,"\\=?()[] \ud800')), max_size=300)


@given(subject=STRANGE, name=STRANGE)
def test_no_subject_or_name_adds_a_header(subject: str, name: str) -> None:
    content = sealed(replace(PLAIN_LETTER, subject=subject), sender=Address("invoices@birkenfeld.example", name))
    head, _, _ = content.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names == [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"X-Addendum-Id", b"MIME-Version", b"Content-Type"]
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    assert b"<invoices@birkenfeld.example>" in head or b"From: invoices@birkenfeld.example" in head


@given(name=STRANGE)
def test_the_sender_stays_the_sender_whatever_its_name(name: str) -> None:
    message = email.message_from_bytes(sealed(sender=Address("invoices@birkenfeld.example", name)))
    ((_, address),) = email.utils.getaddresses([message["From"]])
    assert address == "invoices@birkenfeld.example"


def tags_of(html: str) -> list[str]:
    """The tags but those that only keep a short fact on one line."""
    return [tag for tag in re.findall("<[^<>]*>", html) if "span" not in tag]


@given(po=STRANGE, name=STRANGE)
def test_no_po_or_customer_breaks_out_of_a_letter(po: str, name: str) -> None:
    change = Change(invoice=specimens.WITH_PO, old_po=None, new_po=PoNumber(po))
    letter = LETTERS.write(reply(changes=(change,), customer=Customer(id="x", name=name), standing_po=PoNumber(po)))
    plain = LETTERS.write(
        reply(changes=(replace(change, new_po=PoNumber("1")),), customer=Customer(id="x", name="y"), standing_po=PoNumber("1"))
    )
    assert len(letter.text.splitlines()) == len(plain.text.splitlines())
    assert tags_of(letter.html) == tags_of(plain.html)
    opened(sealed(letter))
