"""Whole mails in Japanese, as accounts payable there writes them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.samples import LIDO, OTHER_PO, PO, books, decide, invoice
from worker.core.decisions import Action

LIDO_AP = LIDO.contacts[0]
OPENING = "ご担当者様\n\nいつもお世話になっております。\n"
CLOSING = "\n\n何卒よろしくお願いいたします。\n\n――――――\n株式会社丹波 経理部\n松田 恵\n〒604-0001 京都市中京区1-2-3\nTEL：075-450-0012"


def pairs(text: str, **how: Any) -> list[list[str]]:
    return decide(f"{OPENING}{text}{CLOSING}", **how).as_pairs()


def action(text: str, **how: Any) -> Action:
    return decide(f"{OPENING}{text}{CLOSING}", **how).action


@pytest.mark.parametrize(
    "text",
    [
        "請求書FD-3001に弊社の発注番号が入っておりませんでした。発注番号は{}です。追記のうえ再送いただけますでしょうか。",
        "FD-3001の注番は{}になります。記入していただき、再度PDFでお送り願います。",
        "ＦＤ－３００１に注文書番号「{}」を明記した請求書と差し替えをお願いできますでしょうか。請求書番号・日付・金額の変更は不要です。",
        "FD-3001には旧発注番号4500111222ではなく、新発注番号{}を記載してください。",
        "FD-3001の購買依頼番号は4500111222ですが、発注番号は{}です。発注番号を記載してください。",
    ],
)
def test_a_number_that_touches_the_words_around_it_is_read(text: str) -> None:
    assert pairs(text.format(PO)) == [["FD-3001", PO]]


def test_a_missing_number_is_asked_for() -> None:
    assert action("標記請求書FD-3001ですが、注文番号の記載がなく支払処理ができないため差し戻します。") is Action.ASK


def test_a_count_says_which_invoices_are_meant() -> None:
    three = books(invoice("FD-3001"), invoice("FD-3002"), invoice("FD-3003"))
    assert [invoice for invoice, _ in pairs(f"請求書3件すべてに注文番号{PO}を記載して再送願います。", books=three)] == [
        "FD-3001",
        "FD-3002",
        "FD-3003",
    ]
    assert pairs(f"請求書3件すべてに注文番号{PO}を記載して再送願います。", books=books(invoice("FD-3001"))) == []


def test_an_invoice_whose_number_is_to_follow_is_left_out() -> None:
    text = f"FD-3001の注文番号は{PO}、FD-3002の注文番号は後日連絡します。FD-3001だけ先に番号を入れて再送ください。"
    assert pairs(text) == [["FD-3001", PO]]


@pytest.mark.parametrize(
    "text",
    [
        "FD-3001の発注番号は{}で合っていますでしょうか。",
        "FD-3001の発注番号は{}だと思いますが、確定するまでお待ちください。",
        "部長の決裁が下りたら、FD-3001に{}を入れてください。",
        "先ほどお伝えした{}は別の取引先のものでした。FD-3001については無視してください。",
        "FD-3001の宛名を変更し、発注番号{}を記載してください。",
        "{}を発注番号としてFD-3001に記載すべきか、確認いただけますか。",
    ],
)
def test_what_is_doubted_put_off_or_taken_back_is_not_applied(text: str) -> None:
    assert pairs(text.format(PO)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FD-3001の発注番号は現在社内で発行手続き中です。発行され次第ご連絡いたします。", Action.IGNORE),
        ("FD-3001につきましては、注文番号は不要です。", Action.IGNORE),
        (f"FD-3001を取り消し、新しい請求書番号で発行し直してください。発注番号は{PO}です。", Action.REISSUE),
        ("FD-3001の支払期日は、修正版の受領日から起算して60日となります。", Action.ANSWER),
        ("FD-3001のPDFが開けませんでした。もう一度お送りいただけますか。", Action.RESEND),
    ],
)
def test_each_situation_is_known(text: str, expected: Action) -> None:
    assert action(text) is expected


def test_a_number_for_the_future_changes_no_invoice() -> None:
    text = f"今後のご請求にはすべて発注番号{OTHER_PO}をご記載ください。発行済みの請求書はそのままで結構です。"
    assert pairs(text, sender=LIDO_AP) == [["customer:lido", OTHER_PO]]


@pytest.mark.parametrize(
    "text",
    [
        "FD-3001の発注番号は{}…のはずなのですが、自信がありません。追記をお願いします。",
        "「FD-3001は{}で処理予定」と聞きましたが、まだ正式な連絡ではありません。",
        "FD-3001の発注番号は{}です。追記してください。工期が2日短くなった件も反映しておいてください。",
        "FD-3001に発注番号{}を記載してください。あわせて表書きを「横浜事業所 御中」に書き換えてください。",
        "FD-3001は{}で請求いただく話になっていましたが、白紙に戻りました。",
        "発注番号{}でFD-3001を再発行いただく件ですが、再発行は見合わせてください。",
        "{}は社内の稟議番号ですので、FD-3001には記載しないでください。",
        "発注番号{}で問題なければ進めますが、FD-3001について貴社の認識と合っていますか。",
    ],
)
def test_a_number_that_is_doubted_taken_back_or_not_the_only_change_waits(text: str) -> None:
    assert action(text.format(PO)) is Action.HOLD


def test_an_invoice_named_again_in_brackets_can_be_put_off() -> None:
    text = f"展示の分（3001）の発注番号は{PO}です。看板の分（3002）はまだ購買から来ていないので、届いたら連絡します。"
    assert pairs(text, subject="FD-3001とFD-3002の発注番号") == [["FD-3001", PO]]


def test_a_number_in_brackets_that_the_subject_does_not_name_is_no_invoice() -> None:
    assert pairs(f"展示の分（3001）の発注番号は{PO}です。追記願います。", subject="発注番号") == []
