"""What mail programs and people write around a text in the worker's languages: attributions, headings, banners, signatures, footers."""

from __future__ import annotations

import pytest

from tests.mail_words import all_languages
from worker.core.blocks import split
from worker.core.messages import Address, Block, BlockKind

WORDS = all_languages()
ME = Address("ann@buyer.example", "Ann Buyer")
WHO = "Ida Berg <ida@studio.example>"

ATTRIBUTIONS = {
    "en": [
        f"On Tue, May 5, 2026 at 10:00 AM {WHO} wrote:",
        f"On May 5, 2026, at 10:00 AM, {WHO} wrote:",
        f"On 5 May 2026, at 10:00, {WHO} wrote:",
        f"On Tuesday, May 5, 2026 at 10:00:00 AM GMT+2, {WHO} wrote:",
        "On 05/05/2026 10:00, Ida Berg wrote:",
        f'On 05/05/2026, 10:00, "Ida Berg" {WHO[9:]} wrote:',
        f"---- On Tue, 05 May 2026 10:00:00 +0200 {WHO} wrote ---",
        f"---- On Tue, 05 May 2026 10:00:00 +0200 {WHO} wrote ----",
    ],
    "de": [
        f"Am Di., 5. Mai 2026 um 10:00 Uhr schrieb {WHO}:",
        f"Am 05.05.2026 um 10:00 schrieb {WHO}:",
        f"Am 5. Mai 2026 um 10:00:12 MESZ schrieb {WHO}:",
        f"Am Dienstag, 5. Mai 2026 um 10:00:00 MESZ hat {WHO} Folgendes geschrieben:",
        "Am 05.05.26 um 10:00 schrieb Ida Berg:",
        f"{WHO} schrieb am Di., 5. Mai 2026, 10:00:",
        f"{WHO} hat am 05.05.2026 10:00 CEST geschrieben:",
    ],
    "fr": [
        f"Le mar. 5 mai 2026 à 10:00, {WHO} a écrit :",
        f"Le mar. 5 mai 2026 à 10:00, {WHO} a\xa0écrit\xa0:",
        f"Le 5 mai 2026 à 10:00, {WHO} a écrit :",
        f"Le mardi 5 mai 2026 à 10:00:00 UTC+2, {WHO} a écrit :",
        "Le 05/05/2026 à 10:00, Ida Berg a écrit\xa0:",
        f"Le mar. 5 mai 2026 à 10 h 00, {WHO} a écrit :",
    ],
    "es": [
        "El mar, 5 may 2026 a las 10:00, Ida Berg (<ida@studio.example>) escribió:",
        f"El 5 may 2026, a las 10:00, {WHO} escribió:",
        f"El martes, 5 de mayo de 2026, 10:00:00 CEST, {WHO} escribió:",
        "El 05/05/2026 a las 10:00, Ida Berg escribió:",
        f"El mar., 5 de mayo de 2026 10:00 a. m., {WHO} escribió:",
    ],
    "it": [
        f"Il giorno mar 5 mag 2026 alle ore 10:00 {WHO} ha scritto:",
        f"Il giorno 5 mag 2026, alle ore 10:00, {WHO} ha scritto:",
        f"Il martedì 5 maggio 2026 alle ore 10:00:00 CEST, {WHO} ha scritto:",
        "Il 05/05/2026 10:00, Ida Berg ha scritto:",
        f"Il 05/05/2026 10:00 CEST {WHO} ha scritto:",
        f"Il Mar 5 Mag 2026, 10:00 {WHO} ha scritto:",
    ],
    "nl": [
        f"Op di 5 mei 2026 om 10:00 schreef {WHO}:",
        f"Op 5 mei 2026, om 10:00 heeft {WHO} het volgende geschreven:",
        f"Op dinsdag 5 mei 2026 om 10:00:00 CEST schreef {WHO}:",
        "Op 05-05-2026 om 10:00 schreef Ida Berg:",
        f"Op 05-05-2026 10:00 CEST schreef {WHO}:",
    ],
    "pt": [
        f"Em ter., 5 de mai. de 2026 às 10:00, {WHO} escreveu:",
        f"{WHO} escreveu (terça, 5/05/2026 à(s) 10:00):",
        f"{WHO} escreveu no dia terça, 5/05/2026 à(s) 10:00:",
        f"Em 5 de mai. de 2026, à(s) 10:00, {WHO} escreveu:",
        f"No dia 05/05/2026, às 10:00, {WHO} escreveu:",
        f"Em terça-feira, 5 de maio de 2026 às 10:00:00 BRT, {WHO} escreveu:",
        "Em 05/05/2026 10:00, Ida Berg escreveu:",
        "Às 10:00 de 05/05/2026, Ida Berg escreveu:",
    ],
    "pl": [
        f"wt., 5 maj 2026 o 10:00 {WHO} napisał(a):",
        f"Wiadomość napisana przez {WHO} w dniu 05.05.2026, o godz. 10:00:",
        f"W dniu wtorek, 5 maja 2026 10:00:00 CEST użytkownik {WHO} napisał:",
        "W dniu 5.05.2026 o 10:00, Ida Berg pisze:",
        f"Dnia 5 maja 2026 10:00 {WHO} napisał(a):",
        f"{WHO} napisał(a) w dniu 05.05.2026 o 10:00:",
    ],
    "sv": [
        f"Den tis 5 maj 2026 kl 10:00 skrev {WHO}:",
        f"5 maj 2026 kl. 10:00 skrev {WHO}:",
        f"Den tisdag 5 maj 2026 10:00:00 CEST, {WHO} skrev:",
        "Den 2026-05-05 kl. 10:00, skrev Ida Berg:",
        f"tis 5 maj 2026 kl. 10:00 skrev {WHO}:",
    ],
    "da": [
        f"Den tirs. 5. maj 2026 kl. 10.00 skrev {WHO}:",
        f"Den 5. maj 2026 kl. 10.00 skrev {WHO}:",
        f"Den tirsdag den 5. maj 2026 10.00.00 CEST skrev {WHO}:",
        "Den 05.05.2026 kl. 10.00 skrev Ida Berg:",
        f"tir. 5. maj 2026 kl. 10.00 skrev {WHO}:",
    ],
    "fi": [
        "ti 5. toukok. 2026 klo 10.00 Ida Berg (ida@studio.example) kirjoitti:",
        f"{WHO} kirjoitti 5.5.2026 kello 10.00:",
        f"tiistaina 5. toukokuuta 2026 klo 10.00.00 UTC+3, {WHO} kirjoitti:",
        "Ida Berg kirjoitti 5.5.2026 klo 10.00:",
    ],
    "cs": [
        f"út 5. 5. 2026 v 10:00 odesílatel {WHO} napsal:",
        f"5. 5. 2026 v 10:00, {WHO}:",
        f"Dne úterý 5. května 2026 10:00:00 SELČ, {WHO} napsal(a):",
        "Dne 05. 05. 26 v 10:00 Ida Berg napsal(a):",
        f"Dne út 5. 5. 2026 10:00 uživatel {WHO} napsal:",
    ],
    "ja": [
        f"2026年5月5日(火) 10:00 {WHO}:",
        f"2026年5月5日(火) 10:00、{WHO}:",
        f"2026/05/05 10:00、{WHO}のメール:",
        f"2026年5月5日 10:00、{WHO}のメール：",
        f"2026年5月5日火曜日 10:00:00 JST、{WHO} さんは書きました:",
        "On 2026/05/05 10:00, Ida Berg wrote:",
        f"2026年5月5日(火) 午前10:00 {WHO} さんが書きました:",
    ],
    "zh-Hans": [
        f"{WHO} 于2026年5月5日周二 10:00写道：",
        f"2026年5月5日 10:00，{WHO} 写道：",
        f"> 在 2026年5月5日，上午10:00，{WHO} 写道：",
        f"在 2026年5月5日，上午10:00，{WHO} 写道：",
        f"在 2026-05-05 10:00:12，{WHO} 写道：",
        f'在 2026-05-05 10:00:12，"Ida Berg" {WHO[9:]} 写道：',
        "在 2026/5/5 10:00, Ida Berg 写道:",
        'At 2026-05-05 10:00:12, "Ida Berg" <ida@studio.example> wrote:',
    ],
    "zh-Hant": [
        f"{WHO} 於 2026年5月5日 週二 上午10:00寫道：",
        f"{WHO} 於 2026年5月5日 上午10:00 寫道：",
        f"在 2026年5月5日 星期二 上午10:00:00 [GMT+8]，{WHO} 寫道：",
        f"2026年5月5日 星期二 上午10:00:00 [GMT+8]，{WHO} 寫道：",
        "Ida Berg 於 2026/5/5 10:00 寫道:",
        f"2026年5月5日 週二 10:00，{WHO} 寫道：",
    ],
}


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


LABELS = {
    "en": ["From: ", "Sent: ", "To: ", "Cc: ", "Subject: "],
    "en, on a mac": ["From: ", "Date: ", "To: ", "Cc: ", "Subject: "],
    "de": ["Von: ", "Gesendet: ", "An: ", "Cc: ", "Betreff: "],
    "de, on a mac": ["Von: ", "Datum: ", "An: ", "Cc: ", "Betreff: "],
    "fr": ["De : ", "Envoyé : ", "À : ", "Cc : ", "Objet : "],
    "fr, with nbsp": ["De\xa0: ", "Envoyé\xa0: ", "À\xa0: ", "Cc\xa0: ", "Objet\xa0: "],
    "fr, older": ["De : ", "Envoyé le : ", "A : ", "Cc : ", "Objet : "],
    "fr, on a mac": ["De : ", "Date : ", "À : ", "Cc : ", "Objet : "],
    "es": ["De: ", "Enviado: ", "Para: ", "CC: ", "Asunto: "],
    "es, older": ["De: ", "Enviado el: ", "Para: ", "CC: ", "Asunto: "],
    "es, on a mac": ["De: ", "Fecha: ", "Para: ", "CC: ", "Asunto: "],
    "it": ["Da: ", "Inviato: ", "A: ", "Cc: ", "Oggetto: "],
    "it, older": ["Da: ", "Inviato il: ", "A: ", "Cc: ", "Oggetto: "],
    "it, on a mac": ["Da: ", "Data: ", "A: ", "Cc: ", "Oggetto: "],
    "nl": ["Van: ", "Verzonden: ", "Aan: ", "CC: ", "Onderwerp: "],
    "nl, on a mac": ["Van: ", "Datum: ", "Aan: ", "CC: ", "Onderwerp: "],
    "pt": ["De: ", "Enviada: ", "Para: ", "Cc: ", "Assunto: "],
    "pt, brazilian": ["De: ", "Enviada em: ", "Para: ", "Cc: ", "Assunto: "],
    "pt, on a mac": ["De: ", "Data: ", "Para: ", "Cc: ", "Assunto: "],
    "pl": ["Od: ", "Wysłano: ", "Do: ", "DW: ", "Temat: "],
    "pl, older": ["From: ", "Sent: ", "To: ", "Cc: ", "Subject: "],
    "pl, on a mac": ["Od: ", "Data: ", "Do: ", "DW: ", "Temat: "],
    "sv": ["Från: ", "Skickat: ", "Till: ", "Kopia: ", "Ämne: "],
    "sv, on a mac": ["Från: ", "Datum: ", "Till: ", "Kopia: ", "Ämne: "],
    "da": ["Fra: ", "Sendt: ", "Til: ", "Cc: ", "Emne: "],
    "da, on a mac": ["Fra: ", "Dato: ", "Til: ", "Cc: ", "Emne: "],
    "fi": ["Lähettäjä: ", "Lähetetty: ", "Vastaanottaja: ", "Kopio: ", "Aihe: "],
    "fi, on a mac": ["Lähettäjä: ", "Päivämäärä: ", "Vastaanottaja: ", "Kopio: ", "Aihe: "],
    "cs": ["Od: ", "Odesláno: ", "Komu: ", "Kopie: ", "Předmět: "],
    "cs, on a mac": ["Od: ", "Datum: ", "Komu: ", "Kopie: ", "Předmět: "],
    "ja": ["差出人: ", "送信日時: ", "宛先: ", "CC: ", "件名: "],
    "ja, on a mac": ["差出人: ", "日付: ", "宛先: ", "CC: ", "件名: "],
    "ja, full width": ["差出人：", "送信日時：", "宛先：", "Ｃｃ：", "件名："],
    "zh-Hans": ["发件人: ", "发送时间: ", "收件人: ", "抄送: ", "主题: "],
    "zh-Hans, on a mac": ["发件人: ", "日期: ", "收件人: ", "抄送: ", "主题: "],
    "zh-Hans, foxmail": ["发件人： ", "发送时间： ", "收件人： ", "抄送： ", "主题： "],
    "zh-Hant": ["寄件者: ", "寄件日期: ", "收件者: ", "副本: ", "主旨: "],
    "zh-Hant, on a mac": ["寄件者: ", "日期: ", "收件者: ", "副本: ", "主旨: "],
    "zh-Hant, full width": ["寄件者：", "傳送時間：", "收件者：", "副本：", "主旨："],
}
VALUES = [WHO, "5. 5. 2026 10:00", "Ann Buyer <ann@buyer.example>", "Bo Lind <bo@studio.example>", "7"]


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


SEPARATORS = {
    "gmail": ("---------- Forwarded message ---------", ["From: ", "Date: ", "To: ", "Cc: ", "Subject: "]),
    "gmail, de": ("---------- Forwarded message ---------", ["Von: ", "Date: ", "To: ", "Cc: ", "Subject: "]),
    "gmail, fr": ("---------- Forwarded message ---------", ["De : ", "Date: ", "To: ", "Cc: ", "Subject: "]),
    "gmail, fi": ("---------- Forwarded message ---------", ["Lähettäjä: ", "Date: ", "To: ", "Cc: ", "Subject: "]),
    "gmail, ja": ("---------- Forwarded message ---------", ["From: ", "Date: ", "To: ", "Cc: ", "Subject: "]),
    "gmail, zh-Hans": ("---------- Forwarded message ---------", ["发件人： ", "Date: ", "To: ", "Cc: ", "Subject: "]),
    "gmail, zh-Hant": ("---------- Forwarded message ---------", ["寄件者： ", "Date: ", "To: ", "Cc: ", "Subject: "]),
    "apple, en": ("Begin forwarded message:\n", LABELS["en, on a mac"]),
    "apple, de": ("Anfang der weitergeleiteten Nachricht:\n", LABELS["de, on a mac"]),
    "apple, fr": ("Début du message transféré :\n", LABELS["fr, on a mac"]),
    "apple, es": ("Inicio del mensaje reenviado:\n", LABELS["es, on a mac"]),
    "apple, it": ("Inizio messaggio inoltrato:\n", LABELS["it, on a mac"]),
    "apple, nl": ("Begin doorgestuurd bericht:\n", LABELS["nl, on a mac"]),
    "apple, pt": ("Início da mensagem reencaminhada:\n", LABELS["pt, on a mac"]),
    "apple, pt-br": ("Início da mensagem encaminhada:\n", LABELS["pt, on a mac"]),
    "apple, pl": ("Początek przekazywanej wiadomości:\n", LABELS["pl, on a mac"]),
    "apple, sv": ("Vidarebefordrat brev:\n", LABELS["sv, on a mac"]),
    "apple, sv, new": ("Vidarebefordrat mejl:\n", LABELS["sv, on a mac"]),
    "apple, da": ("Start på videresendt besked:\n", LABELS["da, on a mac"]),
    "apple, da, new": ("Begynd videresendt besked:\n", LABELS["da, on a mac"]),
    "apple, fi": ("Välitetty viesti alkaa:\n", LABELS["fi, on a mac"]),
    "apple, cs": ("Začátek přeposílané zprávy:\n", LABELS["cs, on a mac"]),
    "apple, ja": ("転送されたメッセージ:\n", LABELS["ja, on a mac"]),
    "apple, ja, older": ("Begin forwarded message:\n", LABELS["ja, on a mac"]),
    "apple, zh-Hans": ("开始转发的邮件：\n", LABELS["zh-Hans, on a mac"]),
    "apple, zh-Hans, older": ("下面是被转发的邮件：\n", LABELS["zh-Hans, on a mac"]),
    "apple, zh-Hant": ("開始轉寄郵件：\n", LABELS["zh-Hant, on a mac"]),
    "apple, zh-Hant, older": ("以下是被轉寄的郵件：\n", LABELS["zh-Hant, on a mac"]),
    "thunderbird, en": ("-------- Forwarded Message --------", ["From: \t", "Date: \t", "To: \t", "CC: \t", "Subject: \t"]),
    "thunderbird, de": ("-------- Weitergeleitete Nachricht --------", ["Von: \t", "Datum: \t", "An: \t", "Kopie (CC): \t", "Betreff: \t"]),
    "thunderbird, fr": ("-------- Message transféré --------", ["De : \t", "Date : \t", "Pour : \t", "Copie à : \t", "Sujet : \t"]),
    "thunderbird, es": ("-------- Mensaje reenviado --------", ["De: \t", "Fecha: \t", "Para: \t", "CC: \t", "Asunto: \t"]),
    "thunderbird, it": ("-------- Messaggio Inoltrato --------", ["Mittente: \t", "Data: \t", "A: \t", "CC: \t", "Oggetto: \t"]),
    "thunderbird, nl": ("-------- Doorgestuurd bericht --------", ["Van: \t", "Datum: \t", "Aan: \t", "CC: \t", "Onderwerp: \t"]),
    "thunderbird, pt": ("-------- Mensagem reencaminhada --------", ["De: \t", "Data: \t", "Para: \t", "CC: \t", "Assunto: \t"]),
    "thunderbird, pl": ("-------- Przekazana wiadomość --------", ["Nadawca: \t", "Data: \t", "Adresat: \t", "Kopia: \t", "Temat: \t"]),
    "thunderbird, sv": ("-------- Vidarebefordrat meddelande --------", ["Från: \t", "Datum: \t", "Till: \t", "Kopia: \t", "Ämne: \t"]),
    "thunderbird, da": ("-------- Videresendt meddelelse --------", ["Fra: \t", "Dato: \t", "Til: \t", "CC: \t", "Emne: \t"]),
    "thunderbird, fi": (
        "-------- Välitetty viesti / Fwd.Msg --------",
        ["Lähettäjä: \t", "Päiväys: \t", "Vastaanottaja: \t", "CC: \t", "Aihe: \t"],
    ),
    "thunderbird, cs": ("-------- Přeposlaná zpráva --------", ["Od: \t", "Datum: \t", "Komu: \t", "Kopie: \t", "Předmět: \t"]),
    "thunderbird, ja": ("-------- 転送メッセージ --------", ["送信者: \t", "日付: \t", "宛先: \t", "CC: \t", "件名: \t"]),
    "thunderbird, ja, new": ("-------- Forwarded Message --------", ["差出人: \t", "日付: \t", "宛先: \t", "CC: \t", "件名: \t"]),
    "thunderbird, zh-Hans": ("-------- 转发的消息 --------", ["发件人: \t", "日期: \t", "收件人: \t", "抄送: \t", "主题: \t"]),
    "thunderbird, zh-Hant": ("-------- 轉寄郵件 --------", ["寄件者: \t", "日期: \t", "收件者: \t", "副本: \t", "主旨: \t"]),
    "yahoo, de": ("----- Weitergeleitete Nachricht -----", LABELS["de"]),
    "yahoo, fi": ("----- Edelleenlähetetty viesti -----", LABELS["fi"]),
    "qq": ("------------------ 转发邮件 ------------------", LABELS["zh-Hans"]),
    "163": ("---- 转发邮件信息 ----", ["发件人：", "发送日期：", "收件人：", "抄送人：", "主题："]),
    "outlook, de, a person's own word": ("-----Weitergeleitete Nachricht-----", LABELS["de"]),
}


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


ORIGINALS = {
    "en": "-----Original Message-----",
    "de": "-----Ursprüngliche Nachricht-----",
    "de, gmx": "Gesendet: Dienstag, 05. Mai 2026 um 10:00 Uhr",
    "fr": "-----Message d'origine-----",
    "fr, curly": "-----Message d’origine-----",
    "es": "-----Mensaje original-----",
    "it": "-----Messaggio originale-----",
    "nl": "-----Oorspronkelijk bericht-----",
    "pt": "-----Mensagem original-----",
    "pl": "-----Wiadomość oryginalna-----",
    "pl, newer": "-----Oryginalna wiadomość-----",
    "sv": "-----Ursprungligt meddelande-----",
    "da": "-----Oprindelig meddelelse-----",
    "fi": "-----Alkuperäinen viesti-----",
    "cs": "-----Původní zpráva-----",
    "ja": "-----元のメッセージ-----",
    "ja, other": "-----Original Message-----",
    "zh-Hans": "-----邮件原件-----",
    "zh-Hans, qq": "------------------ 原始邮件 ------------------",
    "zh-Hans, 163": "---- 回复的原邮件 ----",
    "zh-Hans, dingtalk": "------------------------------------------------------------------",
    "zh-Hant": "-----原始郵件-----",
    "zh-Hant, other": "-----Original Message-----",
}


@pytest.mark.parametrize("client", [client for client in ORIGINALS if "gmx" not in client])
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


MOBILE = {
    "en": [
        "Sent from my iPhone",
        "Get Outlook for iOS",
        "Get Outlook for Android<https://aka.ms/x>",
        "Sent from Outlook for iOS",
        "Sent from my Galaxy",
    ],
    "de": [
        "Von meinem iPhone gesendet",
        "Outlook für iOS beziehen",
        "Holen Sie sich Outlook für iOS",
        "Von meiner mobilen Email-Adresse gesendet",
    ],
    "fr": ["Envoyé de mon iPhone", "Obtenir Outlook pour iOS", "Obtenez Outlook pour Android", "Envoyé depuis mon appareil Galaxy"],
    "es": ["Enviado desde mi iPhone", "Obtener Outlook para iOS", "Enviado desde Outlook para Android", "Enviado desde mi Galaxy"],
    "it": [
        "Inviato da iPhone",
        "Scarica Outlook per iOS",
        "Ottieni Outlook per Android",
        "Inviato dal mio Galaxy",
        "Inviato dall'app Outlook",
    ],
    "nl": [
        "Verstuurd vanaf mijn iPhone",
        "Outlook voor iOS downloaden",
        "Outlook voor Android",
        "Verzonden vanaf mijn Galaxy",
        "Verstuurd vanuit Outlook",
    ],
    "pt": [
        "Enviado do meu iPhone",
        "Obter o Outlook para iOS",
        "Obtenha o Outlook para Android",
        "Enviado a partir do meu Galaxy",
        "Enviado do Outlook",
    ],
    "pl": [
        "Wysłane z iPhone'a",
        "Wysłane z mojego iPhone’a",
        "Pobierz aplikację Outlook dla systemu iOS",
        "Uzyskaj aplikację Outlook dla systemu Android",
    ],
    "sv": ["Skickat från min iPhone", "Hämta Outlook för iOS", "Skaffa Outlook för Android", "Skickat från Outlook"],
    "da": ["Sendt fra min iPhone", "Hent Outlook til iOS", "Få Outlook til Android", "Sendt fra Outlook"],
    "fi": ["Lähetetty iPhonesta", "Hanki Outlook for iOS", "Hae Outlook Androidille", "Lähetetty Galaxysta"],
    "cs": ["Odesláno z iPhonu", "Získat Outlook pro iOS", "Získejte Outlook pro Android", "Posláno z mobilu", "Odesláno z mého iPhonu"],
    "ja": ["iPhoneから送信", "Outlook for iOS を入手", "iOS 版 Outlook を入手", "私のiPhoneから送信", "Galaxyから送信"],
    "zh-Hans": [
        "发自我的 iPhone",
        "从我的iPhone发送",
        "获取适用于 iOS 的 Outlook",
        "下载适用于 iOS 的 Outlook",
        "发自我的华为手机",
        "来自 Outlook for iOS",
    ],
    "zh-Hant": ["從我的 iPhone 傳送", "取得 iOS 版 Outlook", "下載 Outlook for iOS", "傳送自我的 iPhone", "從我的手機傳送"],
}


@pytest.mark.parametrize("line", _each(MOBILE))
def test_what_a_telephone_adds_below_a_text_is_a_signature(line: str) -> None:
    assert outline(f"4711\n\n{line}\n") == [("new", 0, "4711"), ("signature", 0, line)]


CARDS = {
    "en": [
        "Kind regards,\n\nJane Fellowes\nAccounts Payable Assistant\nHarbour Foods Ltd\n"
        "14 Quay Street, Bristol BS1 4TJ\nT: +44 117 496 0000 | E: ap@h.example",
        "Best,\nJ.",
        "Warmest regards\nJane",
        "Many thanks,\n\nJane\n--\nJane Fellowes | Finance | Harbour Foods",
        "Thanks so much,\nJane Fellowes",
        "Thanks again,\n\nJane\nPhone: (555) 010-4500",
    ],
    "de": [
        "Mit freundlichen Grüßen\n\ni. A. Petra Vogel\nKreditorenbuchhaltung\n\nHafenkost GmbH\nKaistraße 14\n"
        "20457 Hamburg\nTel.: +49 40 4500 1234-56\n"
        "Fax: +49 40 4500 1234-99\npetra.vogel@h.example\nwww.h.example",
        "Viele Grüße aus Hamburg\nPetra",
        "Freundliche Grüße\nppa. Jens Otto",
        "Mit freundlichem Gruß / Kind regards\n\nPetra Vogel\nFinance",
        "Herzliche Grüße\nPetra Vogel",
        "Danke & viele Grüße\nPetra",
        "Danke vorab und beste Grüße\nPetra",
        "Sonnige Grüße\nPetra",
    ],
    "fr": [
        "Bien cordialement,\n\nClaire Moreau\nService comptabilité fournisseurs\nSociété Havre SAS\n"
        "14, quai de la Marine\n76600 Le Havre\nTél. : 02 35 00 45 00",
        "Cordialement\nC. Moreau",
        "Je vous en souhaite bonne réception.\n\nBien à vous,\nClaire Moreau",
        "Veuillez agréer, Madame, Monsieur, nos salutations distinguées.\n\nClaire Moreau\nComptabilité",
        "Belle journée,\nClaire",
        "Merci et bonne journée,\nClaire Moreau",
        "Salutations,\nClaire",
        "Avec mes meilleures salutations\nClaire Moreau",
    ],
    "es": [
        "Un cordial saludo,\n\nLucía Ferrer\nDpto. de Administración\nAlimentos del Puerto, S.L.\nC/ del Muelle, 14\n"
        "46024 Valencia\nTel. +34 960 450 000",
        "Saludos,\nLucía",
        "Atentamente,\nLucía Ferrer",
        "Muchas gracias y un saludo,\nLucía",
        "Gracias y saludos,\nLucía Ferrer",
        "Quedo a la espera de sus noticias.\n\nReciba un cordial saludo,\nLucía Ferrer",
        "Saludos cordiales / Best regards\nLucía Ferrer",
    ],
    "it": [
        "Cordiali saluti\n\nGiulia Conti\nUfficio Contabilità Fornitori\nPorto Alimentari S.p.A.\nVia del Molo, 14\n"
        "16126 Genova (GE)\nTel. +39 010 4500000",
        "Grazie e buona giornata,\nGiulia",
        "Distinti saluti\nGiulia Conti",
        "Un caro saluto\nGiulia",
        "Ringraziando anticipatamente, porgo cordiali saluti.\nGiulia Conti",
        "Grazie, cordiali saluti\nGiulia Conti",
        "Resto in attesa di un Vostro riscontro.\n\nSaluti,\nGiulia Conti",
    ],
    "nl": [
        "Met vriendelijke groet,\n\nSanne de Wit\nCrediteurenadministratie\nHavenkost B.V.\nKade 14\n3011 AB Rotterdam\nT +31 10 450 00 00",
        "Groetjes,\nSanne",
        "Met vriendelijke groet / Kind regards,\nSanne de Wit",
        "Alvast bedankt en groeten,\nSanne",
        "Vriendelijke groeten,\nSanne de Wit",
        "Bij voorbaat dank,\nSanne",
    ],
    "pt": [
        "Com os melhores cumprimentos,\n\nInês Duarte\nContas a Pagar\nPorto Alimentos, Lda.\nRua do Cais, 14\n"
        "4050-269 Porto\nTel. +351 220 450 000",
        "Atenciosamente,\nInês Duarte",
        "Obrigada e cumprimentos,\nInês",
        "Att.,\nInês Duarte",
        "Grata pela atenção,\nInês",
        "Cumps,\nInês",
        "Abs,\nInês",
        "Fico no aguardo.\n\nObrigada!\nInês",
    ],
    "pl": [
        "Z poważaniem\n\nAnna Zielińska\nSpecjalista ds. rozliczeń\nPortowe Smaki Sp. z o.o.\nul. Nabrzeżna 14\n"
        "80-001 Gdańsk\ntel. +48 58 450 00 00",
        "Pozdrawiam serdecznie,\nAnia",
        "Z góry dziękuję i pozdrawiam\nAnna Zielińska",
        "Pozdrawiam / Best regards\nAnna Zielińska",
        "Z wyrazami szacunku\nAnna Zielińska",
        "Pozdr.\nAnia",
    ],
    "sv": [
        "Med vänlig hälsning\n\nKarin Lund\nLeverantörsreskontra\nHamnens Mat AB\nKajgatan 14\n211 19 Malmö\nTel: 040-450 00 00",
        "Vänliga hälsningar / Best regards\nKarin Lund",
        "Hälsningar,\nKarin",
        "Med vänliga hälsningar,\nKarin Lund",
        "Tack och ha en fin dag!\nKarin",
        "Tack på förhand!\n\nMvh Karin",
        "Mvh\nKarin Lund",
    ],
    "da": [
        "Med venlig hilsen\n\nMette Holm\nKreditorbogholder\nHavnens Mad A/S\nKajgade 14\n8000 Aarhus C\nTlf. +45 86 45 00 00",
        "De bedste hilsner\nMette",
        "Mange hilsner\nMette",
        "Venlig hilsen / Best regards\nMette Holm",
        "Mvh. Mette",
        "Dbh\nMette Holm",
        "På forhånd mange tak.\n\nHilsen Mette",
    ],
    "fi": [
        "Ystävällisin terveisin\n\nLaura Niemi\nOstoreskontra\nSataman Ruoka Oy\nLaiturikatu 14\n00160 Helsinki\nPuh. +358 9 450 0000",
        "Terveisin,\nLaura",
        "Yt. Laura Niemi",
        "Terv. Laura",
        "Ystävällisin terveisin / Best regards\nLaura Niemi",
        "Kiitos jo etukäteen!\n\nT. Laura",
        "Parhain terveisin,\nLaura Niemi",
    ],
    "cs": [
        "S pozdravem\n\nJana Dvořáková\núčtárna – závazky\nPřístavní potraviny s.r.o.\nNábřežní 14\n170 00 Praha 7\nTel.: +420 220 450 000",
        "S přáním hezkého dne\nJana Dvořáková",
        "S pozdravem / Best regards\nJana Dvořáková",
        "Děkuji předem a zdravím\nJana",
        "Hezký den přeje\nJana Dvořáková",
        "Předem děkuji.\n\nS úctou\nJana Dvořáková",
    ],
    "ja": [
        "よろしくお願いいたします。\n\n--\n港食品株式会社\n経理部 佐藤花子\n〒231-0002 横浜市中区海岸通14\nTEL: 045-450-0000",
        "以上、よろしくお願い申し上げます。\n\n━━━━━━━━━━━━━━━\n港食品株式会社 経理部\n佐藤 花子\nTEL 045-450-0000\n━━━━━━━━━━━━━━━",
        "何卒宜しくお願い致します。\n\n佐藤花子",
        "お手数ですが、よろしくお願いいたします。\n佐藤",
        "敬具\n佐藤花子",
    ],
    "zh-Hans": [
        "此致\n敬礼\n\n王芳\n应付账款部\n港口食品有限公司\n电话：021-4500 0000",
        "谢谢！\n\n王芳",
        "祝好，\n王芳",
        "顺祝商祺！\n王芳\n财务部",
        "祝工作顺利！\n王芳",
        "Best regards,\n王芳",
    ],
    "zh-Hant": [
        "敬祝 商祺\n\n陳美玲\n應付帳款組\n港灣食品股份有限公司\n電話：(02) 4500-0000\n地址：台北市中正區碼頭路14號",
        "謝謝！\n陳美玲",
        "順頌商祺\n陳美玲",
        "感謝您的協助！\n\n陳美玲 敬上",
        "此致\n敬禮\n陳美玲",
    ],
}


@pytest.mark.parametrize("card", _each(CARDS))
def test_a_closing_and_the_card_below_it_are_told_from_the_text(card: str) -> None:
    polite = card.partition("\n\n")[0] if card.partition("\n\n")[0].endswith((".", "!", "。")) and "\n\n" in card else None
    blocks = outline(f"4711\n\n{card}\n")
    assert blocks[0][:2] == ("new", 0)
    assert blocks[0][2] in ("4711", f"4711\n\n{polite}"), "at most a polite phrase is left in the text"
    assert {kind for kind, _, _ in blocks[1:]} == {"signature"}


BANNERS = {
    "en": [
        "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.",
        "You don't often get email from ida@studio.example. Learn why this is important",
        "[EXTERNAL EMAIL]",
        "** EXTERNAL SENDER **",
        "This Message Is From an External Sender\nThis message came from outside your organization.",
        "⚠ External sender: be careful with links and attachments.",
        "EXTERNAL: Do not click links or open attachments if you do not recognise the sender.",
        "Some people who received this message don't often get email from ida@studio.example. Learn why this is important",
    ],
    "de": [
        "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Öffnen Sie keine Links oder Anhänge, wenn Sie den Absender nicht kennen.",
        "Sie erhalten nicht oft E-Mails von ida@studio.example. Erfahren Sie, warum dies wichtig ist",
        "Sie erhalten nicht häufig E-Mails von ida@studio.example. Weitere Informationen, warum dies wichtig ist",
        "[EXTERN]",
        "VORSICHT: Externe E-Mail! Bitte keine Anhänge oder Links öffnen, wenn der Absender unbekannt ist.",
        "Diese Nachricht wurde von einer Person außerhalb Ihrer Organisation gesendet.",
    ],
    "fr": [
        "ATTENTION : Ce courriel provient de l'extérieur de l'organisation. Ne cliquez pas sur les liens et n'ouvrez pas les pièces jointes.",
        "Vous ne recevez pas souvent d'e-mails de la part de ida@studio.example. Découvrez pourquoi cela est important",
        "Vous n’obtenez pas souvent d’e-mail à partir de ida@studio.example. Pourquoi c’est important",
        "[EXTERNE]",
        "Attention : ce message a été envoyé par un expéditeur externe.",
        "⚠️ Mail externe : soyez vigilant",
    ],
    "es": [
        "PRECAUCIÓN: este correo procede de fuera de la organización. No haga clic en enlaces ni abra archivos adjuntos.",
        "No suele recibir correos electrónicos de ida@studio.example. Por qué esto es importante",
        "[EXTERNO]",
        "ATENCIÓN: Correo electrónico externo. No abra enlaces ni archivos adjuntos si no conoce al remitente.",
        "Este mensaje se ha enviado desde fuera de su organización.",
    ],
    "it": [
        "ATTENZIONE: questa e-mail proviene dall'esterno dell'organizzazione. Non cliccare sui link e non aprire gli allegati.",
        "Non si ricevono spesso messaggi di posta elettronica da ida@studio.example. Informazioni sul perché è importante",
        "[ESTERNO]",
        "Attenzione! Mittente esterno: prestare attenzione a link e allegati.",
        "Non ricevi spesso messaggi di posta elettronica da ida@studio.example. Scopri perché è importante",
    ],
    "nl": [
        "LET OP: Deze e-mail is afkomstig van buiten de organisatie. Klik niet op links en open geen bijlagen.",
        "U ontvangt niet vaak e-mail van ida@studio.example. Ontdek waarom dit belangrijk is",
        "[EXTERN]",
        "Je krijgt niet vaak e-mail van ida@studio.example. Meer informatie over waarom dit belangrijk is",
        "Dit bericht komt van een externe afzender.",
    ],
    "pt": [
        "ATENÇÃO: este e-mail foi originado fora da organização. Não clique em links nem abra anexos.",
        "Não costuma receber e-mails de ida@studio.example. Saiba por que motivo isto é importante",
        "Você não costuma receber emails de ida@studio.example. Saiba por que isso é importante",
        "[EXTERNO]",
        "CUIDADO: E-mail de remetente externo. Não abra links ou anexos de origem desconhecida.",
    ],
    "pl": [
        "UWAGA: Ta wiadomość pochodzi spoza organizacji. Nie klikaj w linki i nie otwieraj załączników.",
        "Nie otrzymujesz często wiadomości e-mail z ida@studio.example. Dowiedz się, dlaczego jest to ważne",
        "[ZEWNĘTRZNY]",
        "Wiadomość od zewnętrznego nadawcy. Zachowaj ostrożność.",
    ],
    "sv": [
        "VARNING: Detta e-postmeddelande kommer utifrån. Klicka inte på länkar och öppna inte bilagor.",
        "Du får inte e-post ofta från ida@studio.example. Läs om varför det här är viktigt",
        "[EXTERN]",
        "OBS! Externt mejl. Öppna inte bilagor eller länkar om du inte känner avsändaren.",
        "Det här meddelandet kommer från en avsändare utanför organisationen.",
    ],
    "da": [
        "ADVARSEL: Denne e-mail kommer udefra. Klik ikke på links og åbn ikke vedhæftede filer.",
        "Du får ikke ofte mails fra ida@studio.example. Få mere at vide om, hvorfor dette er vigtigt",
        "[EKSTERN]",
        "Du modtager ikke ofte mails fra ida@studio.example. Få mere at vide om, hvorfor det er vigtigt",
        "OBS: Mailen er sendt fra en ekstern afsender.",
    ],
    "fi": [
        "VAROITUS: Tämä viesti on lähetetty organisaation ulkopuolelta. Älä napsauta linkkejä tai avaa liitteitä.",
        "Et saa usein sähköpostia osoitteesta ida@studio.example. Lisätietoja siitä, miksi tämä on tärkeää",
        "[ULKOINEN]",
        "Huom! Viesti tulee ulkopuoliselta lähettäjältä.",
    ],
    "cs": [
        "UPOZORNĚNÍ: Tento e-mail pochází z adresy mimo organizaci. Neklikejte na odkazy a neotevírejte přílohy.",
        "E-maily z adresy ida@studio.example nedostáváte často. Zjistěte, proč je to důležité",
        "[EXTERNÍ]",
        "Pozor! Zpráva od externího odesílatele.",
    ],
    "ja": [
        "注意: このメールは社外から送信されています。リンクをクリックしたり添付ファイルを開いたりしないでください。",
        "ida@studio.example からメールを受け取ることはあまりありません。これが重要である理由",
        "【社外メール】",
        "[外部]",
        "このメッセージは組織外の送信者から送信されました。",
        "※外部からのメールです。添付ファイルやリンクにご注意ください。",
    ],
    "zh-Hans": [
        "注意：此邮件来自组织外部。请勿点击链接或打开附件。",
        "你通常不会收到来自 ida@studio.example 的电子邮件。了解为什么这一点很重要",
        "【外部邮件】",
        "外部邮件，请谨慎打开附件和链接。",
        "警告：该邮件来自公司外部",
    ],
    "zh-Hant": [
        "注意：此郵件來自組織外部。請勿點擊連結或開啟附件。",
        "您不常收到來自 ida@studio.example 的電子郵件。了解為何這很重要",
        "【外部郵件】",
        "外部信件，請小心開啟附件與連結。",
    ],
}


@pytest.mark.parametrize("banner", _each(BANNERS))
def test_a_warning_of_a_mail_system_is_a_banner_at_the_top_and_in_a_quote(banner: str) -> None:
    assert outline(f"{banner}\n\n4711\n") == [("banner", 0, banner), ("new", 0, "4711")]
    quote = f"From: {WHO}\nSent: Monday\nTo: x@y.example\nSubject: z\n\n{banner}\n\n4700?"
    assert outline(f"4711\n\n{quote}") == [("new", 0, "4711"), ("banner", 1, banner), ("quoted", 1, "4700?")]


REPLY_ABOVE = {
    "en": [
        "##- Please type your reply above this line -##",
        "--- Reply above this line ---",
        "—-—-—-—\nReply above this line.",
        "## In replies all text above this line is added to the ticket ##",
        "----- Please reply above this line -----",
        "== Please do not write below this line ==",
        "-- Add your reply above this line --",
    ],
    "de": [
        "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein. -##",
        "--- Bitte antworten Sie über dieser Linie ---",
        "##- Bitte oberhalb dieser Zeile antworten -##",
        "##- Bitte schreiben Sie Ihre Antwort über diese Zeile -##",
    ],
    "fr": [
        "##- Veuillez saisir votre réponse au-dessus de cette ligne -##",
        "##- Merci de répondre au-dessus de cette ligne -##",
        "##- Veuillez taper votre réponse au-dessus de cette ligne -##",
        "--- Répondez au dessus de cette ligne ---",
    ],
    "es": [
        "##- Por favor, escriba su respuesta por encima de esta línea -##",
        "##- Escriba su respuesta encima de esta línea -##",
        "--- Responda arriba de esta línea ---",
        "##- Escribe tu respuesta por encima de esta línea -##",
    ],
    "it": [
        "##- Scrivi la tua risposta sopra questa riga -##",
        "##- Digita la risposta sopra questa riga -##",
        "--- Rispondere al di sopra di questa linea ---",
        "##- Inserire la risposta sopra questa riga -##",
    ],
    "nl": [
        "##- Typ uw antwoord boven deze regel -##",
        "##- Gelieve uw antwoord boven deze lijn te typen -##",
        "--- Antwoord boven deze lijn ---",
        "##- Typ je antwoord boven deze regel -##",
    ],
    "pt": [
        "##- Digite sua resposta acima desta linha -##",
        "##- Escreva a sua resposta acima desta linha -##",
        "--- Responda acima desta linha ---",
        "##- Por favor, digite sua resposta acima dessa linha -##",
    ],
    "pl": [
        "##- Wpisz odpowiedź powyżej tego wiersza -##",
        "##- Prosimy wpisać odpowiedź powyżej tej linii -##",
        "--- Odpowiedz nad tą linią ---",
    ],
    "sv": [
        "##- Skriv ditt svar ovanför denna rad -##",
        "--- Svara ovanför den här linjen ---",
        "##- Skriv svaret ovanför den här raden -##",
    ],
    "da": ["##- Skriv dit svar over denne linje -##", "--- Svar over denne linje ---", "##- Indtast dit svar over denne linje -##"],
    "fi": [
        "##- Kirjoita vastauksesi tämän rivin yläpuolelle -##",
        "##- Vastaa tämän rivin yläpuolelle -##",
        "--- Kirjoita vastaus tämän viivan yläpuolelle ---",
    ],
    "cs": ["##- Odpověď pište nad tento řádek -##", "##- Napište prosím odpověď nad tento řádek -##", "--- Odpovězte nad touto čarou ---"],
    "ja": [
        "##- この行より上に返信を入力してください -##",
        "##- この線より上に返信してください -##",
        "--- この行の上に返信内容を記入してください ---",
    ],
    "zh-Hans": [
        "##- 请在此行上方键入您的回复 -##",
        "##- 请在此行以上回复 -##",
        "--- 请在此线上方回复 ---",
        "##- 请在该行上方输入您的回复 -##",
    ],
    "zh-Hant": ["##- 請在此行上方輸入您的回覆 -##", "##- 請在此行以上回覆 -##", "--- 請在此線上方回覆 ---"],
}


@pytest.mark.parametrize("line", _each(REPLY_ABOVE))
def test_the_line_above_which_a_ticket_system_wants_the_answer_is_a_banner(line: str) -> None:
    assert outline(f"{line}\n\n4711\n") == [("banner", 0, line), ("new", 0, "4711")]


FOOTERS = {
    "en": [
        "This email and any attachments are confidential and intended solely for the addressee. If you are not the intended recipient, delete it.",
        "Registered in England and Wales No. 04500123. Registered office: 14 Quay Street, Bristol.",
        "CONFIDENTIALITY NOTICE: This message may contain privileged information.",
        "Please consider the environment before printing this email.",
    ],
    "de": [
        "Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind, "
        "informieren Sie bitte sofort den Absender und vernichten Sie diese Mail.",
        "Hafenkost GmbH, Sitz der Gesellschaft: Hamburg, Registergericht: Amtsgericht Hamburg HRB 450012, Geschäftsführer: Jens Otto",
        "Der Inhalt dieser E-Mail ist vertraulich und ausschließlich für den bezeichneten Adressaten bestimmt.",
        "Hinweise zum Datenschutz finden Sie unter www.h.example/datenschutz.",
        "Bitte denken Sie an die Umwelt, bevor Sie diese E-Mail ausdrucken.",
    ],
    "fr": [
        "Ce message et toutes les pièces jointes sont confidentiels et établis à l'intention exclusive de ses destinataires.",
        "Si vous n’êtes pas le destinataire de ce message, merci de le détruire et d’en avertir l’expéditeur.",
        "Havre SAS au capital de 45 000 € – RCS Le Havre 450 001 234",
        "Pensez à l'environnement avant d'imprimer ce message.",
        "Ce courriel et ses annexes peuvent contenir des informations confidentielles. Toute diffusion non autorisée est interdite.",
    ],
    "es": [
        "Este mensaje y sus archivos adjuntos van dirigidos exclusivamente a su destinatario y pueden contener información confidencial.",
        "Si usted no es el destinatario, le rogamos que lo comunique al remitente y proceda a su eliminación.",
        "Antes de imprimir este correo, piense en el medio ambiente.",
        "En cumplimiento del Reglamento (UE) 2016/679 de protección de datos, le informamos de que sus datos son tratados por Puerto, S.L.",
        "AVISO DE CONFIDENCIALIDAD: este correo es privado.",
    ],
    "it": [
        "Le informazioni contenute in questo messaggio sono riservate e destinate esclusivamente al destinatario.",
        "Qualora non foste i destinatari, vogliate distruggere il messaggio e avvisare il mittente.",
        "Ai sensi del Regolamento UE 2016/679 (GDPR) si precisa che le informazioni contenute in questo messaggio sono riservate.",
        "Rispetta l'ambiente: non stampare questa mail se non è necessario.",
        "AVVISO DI RISERVATEZZA: il presente messaggio è riservato.",
    ],
    "nl": [
        "Dit e-mailbericht is uitsluitend bestemd voor de geadresseerde en kan vertrouwelijke informatie bevatten.",
        "Indien u niet de beoogde ontvanger bent, verzoeken wij u dit bericht te verwijderen en de afzender te informeren.",
        "Denk aan het milieu voordat u deze e-mail print.",
        "De informatie verzonden met dit e-mailbericht is vertrouwelijk.",
        "Aan dit bericht kunnen geen rechten worden ontleend.",
    ],
    "pt": [
        "Esta mensagem e seus anexos podem conter informações confidenciais e destinam-se exclusivamente ao destinatário.",
        "Se não for o destinatário desta mensagem, por favor elimine-a e avise o remetente.",
        "Antes de imprimir, pense no meio ambiente.",
        "AVISO LEGAL: esta mensagem é confidencial.",
        "Caso tenha recebido esta mensagem por engano, apague-a e informe o remetente.",
    ],
    "pl": [
        "Niniejsza wiadomość zawiera informacje poufne i jest przeznaczona wyłącznie dla adresata.",
        "Jeżeli nie są Państwo adresatem tej wiadomości, prosimy o jej usunięcie i powiadomienie nadawcy.",
        "Portowe Smaki Sp. z o.o., Sąd Rejonowy Gdańsk-Północ, KRS 0000450012, kapitał zakładowy 50 000 zł",
        "Administratorem Państwa danych osobowych jest Portowe Smaki Sp. z o.o.",
        "Zanim wydrukujesz tę wiadomość, pomyśl o środowisku.",
    ],
    "sv": [
        "Detta e-postmeddelande kan innehålla konfidentiell information och är endast avsett för mottagaren.",
        "Om du inte är rätt mottagare ber vi dig meddela avsändaren och radera meddelandet.",
        "Läs om hur vi behandlar personuppgifter på www.h.example/gdpr.",
        "Tänk på miljön innan du skriver ut det här mejlet.",
    ],
    "da": [
        "Denne e-mail kan indeholde fortrolige oplysninger og er kun beregnet til modtageren.",
        "Hvis du har modtaget denne mail ved en fejl, bedes du slette den og underrette afsenderen.",
        "Tænk på miljøet, før du printer denne mail.",
        "Læs om vores behandling af persondata på www.h.example/privatliv.",
    ],
    "fi": [
        "Tämä viesti on luottamuksellinen ja tarkoitettu vain vastaanottajalle.",
        "Jos olet saanut tämän viestin erehdyksessä, ilmoita siitä lähettäjälle ja poista viesti.",
        "Ajattele ympäristöä ennen kuin tulostat tämän viestin.",
        "Viesti liitteineen saattaa sisältää luottamuksellista tietoa.",
    ],
    "cs": [
        "Tento e-mail a jeho přílohy jsou důvěrné a jsou určeny výhradně adresátovi.",
        "Pokud nejste zamýšleným příjemcem, informujte prosím odesílatele a zprávu smažte.",
        "Společnost je zapsána v obchodním rejstříku vedeném Městským soudem v Praze, oddíl C, vložka 45001.",
        "Myslete na životní prostředí, než tento e-mail vytisknete.",
        "Tato zpráva není návrhem na uzavření smlouvy.",
    ],
    "ja": [
        "このメールには機密情報が含まれている場合があります。誤って受信された場合は、破棄していただきますようお願いいたします。",
        "本メールおよび添付ファイルは、宛先の方のみを対象としています。",
        "本電子メールは機密情報を含む場合があります。意図された受信者でない場合は直ちに削除してください。",
    ],
    "zh-Hans": [
        "本邮件及其附件含有保密信息，仅限于发送给上面地址中列出的个人或群组。",
        "如果您不是指定的收件人，请立即通知发件人并删除本邮件。",
        "此邮件可能包含机密信息，未经授权不得传播。",
        "打印前请考虑环境保护。",
    ],
    "zh-Hant": [
        "本郵件及其附件可能含有機密資訊，僅供指定收件人使用。",
        "若您並非指定之收件人，請立即通知寄件者並刪除本郵件。",
        "此電子郵件可能包含機密資訊，未經授權不得散布。",
        "列印前請考慮環保。",
    ],
}


@pytest.mark.parametrize("footer", _each(FOOTERS))
def test_a_legal_footer_is_a_disclaimer_in_every_language(footer: str) -> None:
    assert outline(f"4711\n\n{footer}\n") == [("new", 0, "4711"), ("disclaimer", 0, footer)]
