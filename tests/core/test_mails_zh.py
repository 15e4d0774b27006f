"""Whole mails in Chinese, in simplified and traditional characters, as accounts payable there writes them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.samples import LIDO, OTHER_PO, PO, decide
from worker.core.decisions import Action

LIDO_AP = LIDO.contacts[0]
OPENING = "您好：\n\n"
CLOSING = "\n\n谢谢！\n\n此致\n敬礼\n\n王芳\n财务部\n电话：021-4500 9876\n地址：上海市浦东新区世纪大道100号"


def pairs(text: str, **how: Any) -> list[list[str]]:
    return decide(f"{OPENING}{text}{CLOSING}", **how).as_pairs()


def action(text: str, **how: Any) -> Action:
    return decide(f"{OPENING}{text}{CLOSING}", **how).action


@pytest.mark.parametrize(
    "text",
    [
        "贵司发票FD-3001上没有注明我司采购订单号，已退回。采购订单号：{}，请补充后重新发送发票。",
        "FD-3001的PO号是{}，麻烦加上重开一份给我，金额和日期不用改。",
        "發票FD-3001未註明採購單號，無法付款。採購單號為{}，煩請補上後重新寄送。",
        "4500111222是采购申请号，不要用。订单号是{}，请补到FD-3001上重发。",
        "不是FD-3002，是FD-3001，请加上订单号{}。",
    ],
)
def test_a_number_that_touches_the_words_around_it_is_read(text: str) -> None:
    assert pairs(text.format(PO)) == [["FD-3001", PO]]


@pytest.mark.parametrize("text", ["发票FD-3001因缺少采购订单号被退回，请补充后重新提交。", "FD-3001因未填寫訂單編號，已退件。"])
def test_a_missing_number_is_asked_for(text: str) -> None:
    assert action(text) is Action.ASK


def test_numbers_in_the_order_of_the_invoices_are_paired() -> None:
    text = f"FD-3001和FD-3002的订单号分别为{PO}和{OTHER_PO}，请更新后重新发来。"
    assert pairs(text) == [["FD-3001", PO], ["FD-3002", OTHER_PO]]


@pytest.mark.parametrize(
    "text",
    [
        "FD-3001的订单号是{}吗？",
        "{}是不是应该写在FD-3001上？请帮忙确认。",
        "FD-3001的订单号好像是{}，我再确认一下，先别改。",
        "领导签字后请在FD-3001上补订单号{}。",
        "我司已于10月1日更名，请重开FD-3001，订单号{}。",
        "FD-3001的PO號碼預計是{}，但還沒正式核發，核發後再通知您。",
    ],
)
def test_what_is_doubted_put_off_or_taken_back_is_not_applied(text: str) -> None:
    assert pairs(text.format(PO)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FD-3001的採購單還在簽核中，號碼下來後再通知您。", Action.IGNORE),
        ("FD-3001不需要订单号，直接走费用报销即可。", Action.IGNORE),
        (f"请将FD-3001作废，用新的发票号重新开具，订单号{PO}。", Action.REISSUE),
        ("更正后的发票FD-3001今天收到，付款期限将从收到之日起重新计算60天。", Action.ANSWER),
        ("FD-3001的附件打不开，请重新发一份。", Action.RESEND),
    ],
)
def test_each_situation_is_known(text: str, expected: Action) -> None:
    assert action(text) is expected


def test_a_number_for_the_future_changes_no_invoice() -> None:
    text = f"今后所有发票请统一注明订单号{OTHER_PO}，已开的发票不用改。"
    assert pairs(text, sender=LIDO_AP) == [["customer:lido", OTHER_PO]]


@pytest.mark.parametrize(
    "text",
    [
        "FD-3001请补订单号{}，税我们自己交就好。",
        "FD-3001先别挂{}，那个单是给二期留的。",
        "FD-3001加{}。对了开票主体也换成天津分公司哈。",
        "FD-3001补{}，名称那行请写“展览服务费”。",
        "FD-3001加上{}重发，回款打到你们新开的那个户头。",
        "听采购讲FD-3001是{}，等他书面发我再转给你。",
    ],
)
def test_what_else_is_wanted_in_unusual_words_is_left_to_a_person(text: str) -> None:
    assert pairs(text.format(PO)) == []


def test_a_number_of_which_another_is_denied_is_the_one_given() -> None:
    assert pairs(f"FD-3001的订单号写错了一位，正确的是{PO}，不是{OTHER_PO}，请更正。") == [["FD-3001", PO]]
