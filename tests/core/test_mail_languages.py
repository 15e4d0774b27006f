"""What mail programs and people write around a text in the worker's languages: attributions, headings, banners, signatures, footers."""

from __future__ import annotations

import pytest

from tests.core.mail_samples import (
    ATTRIBUTIONS,
    BANNERS,
    CARDS,
    FOOTERS,
    FORWARD_PREFIXES,
    LABELS,
    MOBILE,
    NO_CARDS,
    ORIGINALS,
    QUESTIONS,
    REPLY_ABOVE,
    REPLY_PREFIXES,
    SEPARATORS,
    VALUES,
    WHO,
)
from tests.mail_words import all_languages
from worker.core.blocks import split
from worker.core.messages import Address, Block, BlockKind

WORDS = all_languages()
ME = Address("ann@buyer.example", "Ann Buyer")


def blocks_of(text: str, subject: str = "Re: 7") -> tuple[Block, ...]:
    return split(text, sender=ME, words=WORDS, subject=subject)


def outline(text: str, subject: str = "Re: 7") -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.depth, block.text.strip()) for block in blocks_of(text, subject)]


def _each(samples: dict[str, list[str]]) -> list[str]:
    return [sample for several in samples.values() for sample in several]


@pytest.mark.parametrize("attribution", _each(ATTRIBUTIONS))
def test_an_attribution_of_any_client_names_who_wrote_the_marked_lines(attribution: str) -> None:
    mark = ">" if attribution.startswith(">") else ""
    first, quote, last = blocks_of(f"4711\n\n{attribution}\n{mark}\n{mark}> 4700?\n\n4712\n")
    assert (first.text.strip(), quote.text.strip().removeprefix("> "), last.text.strip()) == ("4711", "4700?", "4712")
    assert (first.kind, quote.kind, last.kind) == (BlockKind.NEW, BlockKind.QUOTED, BlockKind.NEW)
    author = quote.heading and quote.heading.author
    assert author is not None and (author.name, author.email) in (("Ida Berg", "ida@studio.example"), ("Ida Berg", ""))


@pytest.mark.parametrize("attribution", [line for line in _each(ATTRIBUTIONS) if "@" in line and not line.startswith(">")])
def test_an_attribution_with_an_address_needs_no_marks_below(attribution: str) -> None:
    assert outline(f"4711\n\n{attribution}\n\n4700?\n\nIda") == [("new", 0, "4711"), ("quoted", 1, "4700?\n\nIda")]


@pytest.mark.parametrize("attribution", [line for line in _each(ATTRIBUTIONS) if " <ida" in line and not line.startswith(">")])
def test_an_attribution_that_was_wrapped_before_or_in_its_address_is_read_whole(attribution: str) -> None:
    for wrapped in (attribution.replace(" <ida", "\n<ida"), attribution.replace(" <ida", " <\nida")):
        assert outline(f"4711\n\n{wrapped}\n\n> 4700?\n") == [("new", 0, "4711"), ("quoted", 1, "4700?")]


def _heading(labels: list[str], *, bold: bool = False) -> str:
    lines = [f"*{label.rstrip()}* {value}" if bold else label + value for label, value in zip(labels, VALUES, strict=True)]
    return "\n".join(lines)


@pytest.mark.parametrize("client", LABELS)
def test_the_labels_of_outlook_are_read_with_and_without_what_it_draws_above_them(client: str) -> None:
    plain, bold = _heading(LABELS[client]), _heading(LABELS[client], bold=True)
    for heading in (plain, bold, f"{'_' * 32}\n{plain}", f"{'-' * 30}\n\n{plain}", plain.replace("\n", "\n\n")):
        new, quote = blocks_of(f"4711\n\n{heading}\n\n4700?")
        assert (new.kind, new.text, quote.kind, quote.depth, quote.text.strip()) == (BlockKind.NEW, "4711", BlockKind.QUOTED, 1, "4700?")
        assert quote.author == Address("ida@studio.example", "Ida Berg")
        assert quote.heading is not None and quote.heading.subject == "7"


@pytest.mark.parametrize("client", LABELS)
def test_labels_that_show_a_name_only_are_still_a_heading(client: str) -> None:
    heading = _heading(LABELS[client]).replace(" <ida@studio.example>", "")
    new, quote = blocks_of(f"4711\n\n{heading}\n\n4700?")
    assert (new.text, quote.kind, quote.text.strip(), quote.author) == ("4711", BlockKind.QUOTED, "4700?", None)
    assert quote.heading is not None and quote.heading.author == Address("", "Ida Berg")


@pytest.mark.parametrize("client", SEPARATORS)
def test_a_forward_names_its_inner_sender_in_every_language(client: str) -> None:
    separator, labels = SEPARATORS[client]
    forward = f"{separator}\n{_heading(labels)}\n\n4711"
    for text in (f"see below\n\n{forward}", f"see below\n\n{_marked(forward)}"):
        note, inner = blocks_of(text, "Fwd: 7")
        assert (note.kind, note.text, inner.kind, inner.text.strip()) == (BlockKind.NEW, "see below", BlockKind.FORWARDED, "4711")
        assert inner.author == Address("ida@studio.example", "Ida Berg")


def _marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


@pytest.mark.parametrize("client", ORIGINALS)
def test_the_old_separators_of_outlook_begin_a_quote_in_a_reply(client: str) -> None:
    heading = _heading(LABELS[client.partition(",")[0]])
    assert outline(f"4711\n\n{ORIGINALS[client]}\n{heading}\n\n4700?") == [("new", 0, "4711"), ("quoted", 1, "4700?")]


def test_the_webmail_of_gmx_names_the_time_before_the_sender() -> None:
    text = f"4711\n\nGesendet: Dienstag, 05. Mai 2026 um 10:00 Uhr\nVon: {WHO}\nAn: ann@buyer.example\nBetreff: 7\n4700?"
    assert outline(text) == [("new", 0, "4711"), ("quoted", 1, "4700?")]


def test_the_webmail_of_netease_draws_its_header_lines_as_a_table() -> None:
    table = "| 发件人 | Ida Berg<ida@studio.example> |\n| 发送日期 | 2026年05月05日 10:00 |\n| 收件人 | ann@buyer.example |\n| 主题 | 7 |"
    new, quote = blocks_of(f"4711\n\n---- 回复的原邮件 ----\n{table}\n\n4700?")
    assert (new.text, quote.kind, quote.text.strip(), quote.author) == (
        "4711",
        BlockKind.QUOTED,
        "4700?",
        Address("ida@studio.example", "Ida Berg"),
    )


@pytest.mark.parametrize("line", _each(MOBILE))
def test_what_a_telephone_adds_below_a_text_is_a_signature(line: str) -> None:
    assert outline(f"4711\n\n{line}\n") == [("new", 0, "4711"), ("signature", 0, line)]


@pytest.mark.parametrize("card", _each(CARDS))
def test_a_closing_and_the_card_below_it_are_told_from_the_text(card: str) -> None:
    text, *endings = outline(f"4711\n\n{card}\n")
    polite = card.partition("\n\n")[0]
    assert text in (("new", 0, "4711"), ("new", 0, f"4711\n\n{polite}")), "at most a polite phrase is left in the text"
    assert {kind for kind, _, _ in endings} == {"signature"}


@pytest.mark.parametrize("banner", _each(BANNERS))
def test_a_warning_of_a_mail_system_is_a_banner_at_the_top_and_in_a_quote(banner: str) -> None:
    assert outline(f"{banner}\n\n4711\n") == [("banner", 0, banner), ("new", 0, "4711")]
    quote = f"From: {WHO}\nSent: Monday\nTo: x@y.example\nSubject: z\n\n{banner}\n\n4700?"
    assert outline(f"4711\n\n{quote}") == [("new", 0, "4711"), ("banner", 1, banner), ("quoted", 1, "4700?")]


@pytest.mark.parametrize("line", _each(REPLY_ABOVE))
def test_the_line_above_which_a_ticket_system_wants_the_answer_is_a_banner(line: str) -> None:
    assert outline(f"{line}\n\n4711\n") == [("banner", 0, line), ("new", 0, "4711")]


@pytest.mark.parametrize("footer", _each(FOOTERS))
def test_a_legal_footer_is_a_disclaimer_in_every_language(footer: str) -> None:
    assert outline(f"4711\n\n{footer}\n") == [("new", 0, "4711"), ("disclaimer", 0, footer)]


def test_a_legal_word_that_two_languages_share_counts_once() -> None:
    text = "Hola\n\nSaludos\nLucía\n\nEl destinatario de la factura es otra empresa, y el remitente también."
    assert outline(text) == [("new", 0, text)]


@pytest.mark.parametrize("text", _each(NO_CARDS))
def test_what_may_be_content_below_a_closing_stays_in_the_text(text: str) -> None:
    *_, last = outline(text)
    assert last[0] == "new" and last[2].endswith(text.rpartition("\n")[2])


def test_a_first_line_that_thanks_by_name_stays_in_the_text() -> None:
    assert outline("Danke Petra\n\ndie Nummer ist 4711")[0] == ("new", 0, "Danke Petra\n\ndie Nummer ist 4711")


@pytest.mark.parametrize("language", QUESTIONS)
def test_answers_between_quoted_questions_are_the_senders(language: str) -> None:
    first, second, answer, other = QUESTIONS[language]
    for attribution in (line for line in ATTRIBUTIONS[language] if not line.startswith(">")):
        text = f"{attribution}\n\n> {first}\n\n{answer}\n\n> {second}\n\n{other}\n"
        assert outline(text) == [("quoted", 1, first), ("new", 0, answer), ("quoted", 1, second), ("new", 0, other)]


@pytest.mark.parametrize("client", LABELS)
def test_a_forward_of_a_forward_shows_both_senders_and_the_note_of_each(client: str) -> None:
    inner = _heading(LABELS[client]).replace("Ida Berg", "Cara Lind").replace("ida@studio", "cara@acme")
    outer = f"{_heading(LABELS[client])[:-1]}{FORWARD_PREFIXES[client.partition(',')[0]][0]} 7"
    note, middle, last = blocks_of(f"fyi\n\n{outer}\n\nsee below\n\n{inner}\n\n4711", "Fwd: FW: 7")
    assert [(block.kind, block.depth, block.text.strip()) for block in (note, middle, last)] == [
        (BlockKind.NEW, 0, "fyi"),
        (BlockKind.FORWARDED, 1, "see below"),
        (BlockKind.FORWARDED, 2, "4711"),
    ]
    assert (middle.author and middle.author.email, last.author and last.author.email) == ("ida@studio.example", "cara@acme.example")


@pytest.mark.parametrize("language", FORWARD_PREFIXES)
def test_the_same_lines_are_a_forward_or_a_quote_by_the_prefix_of_the_subject(language: str) -> None:
    text = f"see below\n\n{_heading(LABELS[language])}\n\n4711"
    for prefix in FORWARD_PREFIXES[language]:
        assert (prefix, blocks_of(text, f"{prefix} 7")[1].kind) == (prefix, BlockKind.FORWARDED)
        assert (prefix, blocks_of(text, f"[EXTERNAL] {prefix} 7")[1].kind) == (prefix, BlockKind.FORWARDED)
    for prefix in REPLY_PREFIXES[language]:
        assert (prefix, blocks_of(text, f"{prefix} 7")[1].kind) == (prefix, BlockKind.QUOTED)
