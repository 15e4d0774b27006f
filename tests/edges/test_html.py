"""HTML is read as a person sees it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.edges.html import visible_text

SEEN = [
    ("<p>one</p><p>two</p>", "one\n\ntwo"),
    ("<p class=MsoNormal>one</p><p class=MsoNormal>two</p>", "one\ntwo"),
    ("<div>one</div><div><br></div><div>two<br></div>three<br><br>four", "one\n\ntwo\nthree\n\nfour"),
    ("a&nbsp;b &amp; c&#45;d   e\n f", "a b & c-d e f"),
    ("<ul><li>one<li>two</ul>three", "one\ntwo\nthree"),
    ("a<hr>b", f"a\n{'_' * 32}\nb"),
    ("<pre>a\n  b</pre>", "a\n  b"),
    ("<table><tr><th>Invoice</th><th>PO</th></tr><tr><td>INV-7</td><td>4711</td></tr></table>", "Invoice\tPO\nINV-7\t4711"),
    ("<table><tr><td><p class=MsoNormal>PO</p></td><td><p>4711</p></td></tr></table>", "PO\t4711"),
    ("<table><tr><td>a</td><td></td><td>c</td></tr></table>", "a\t\tc"),
    ("<table><tr><td>left<br>more</td><td>right</td></tr></table>", "left\nmore\nright"),
    (
        "<table><tr><td><table><tr><td>PO</td><td>4711</td></tr><tr><td>x</td><td>y</td></tr></table></td><td>side</td></tr></table>",
        "PO\t4711\nx\ty\nside",
    ),
    ('<img src="x.png" alt="PO 4711"><a href="http://x.example/4711">here</a>', "here"),
    ("<td style='font-size:0'><span style='font-size:13px'>small print</span></td>", "small print"),
    ("<div style='background:#000;color:#fff'>white on black</div>", "white on black"),
    ("<table><tr bgcolor=navy><td><font color=white>head</font></td></tr></table>", "head"),
    ("<style>@media print{.x{display:none}}</style><p class=x>on screen</p>", "on screen"),
    ("<del>4710</del> 4711", "4710 4711"),
    ("<p dir=rtl>أمر</p>", "أمر"),
]


@pytest.mark.parametrize(("html", "text"), SEEN)
def test_what_a_reader_sees_is_the_text(html: str, text: str) -> None:
    assert visible_text(html) == text


HIDDEN = [
    "<span style='display:none'>4711</span>",
    "<span style='DISPLAY : NONE !important'>4711</span>",
    "<span style='visibility:hidden'>4711</span>",
    "<span hidden>4711</span>",
    "<span style='font-size:0px'>4711</span>",
    "<span style='font-size:1px'>4711</span>",
    "<span style='font: 0px/1 Arial'>4711</span>",
    "<span style='opacity:0'>4711</span>",
    "<span style='mso-hide:all'>4711</span>",
    "<font color=white>4711</font>",
    "<span style='color:#FFFFFE'>4711</span>",
    "<span style='color:rgb(255, 255, 255)'>4711</span>",
    "<span style='color:transparent'>4711</span>",
    "<span style='color:rgba(0,0,0,0)'>4711</span>",
    "<div style='background-color:#123456'><b style='color:#123456'>4711</b></div>",
    "<div style='max-height:0;overflow:hidden'>4711</div>",
    "<div style='height:0px; overflow: hidden'>4711</div>",
    "<div style='position:absolute;left:-9999px'>4711</div>",
    "<div style='text-indent:-9999px'>4711</div>",
    "<style>.pre{display:none} b{color:red}</style><div class='a pre'>4711</div>",
    "<style>#x{font-size:0}</style><div id=x>4711</div>",
    "<style>/* a } */ span.x { color : #fff }</style><span class=x>4711</span>",
    "<!-- 4711 -->",
    "<!--[if mso]>4711<![endif]-->",
    "<head><title>4711</title></head>",
    "<script>4711</script>",
    "<template>4711</template>",
    "<div style='display:none'><p style='display:block'>4711</p></div>",
]


@pytest.mark.parametrize("html", HIDDEN)
def test_what_a_reader_does_not_see_is_no_text(html: str) -> None:
    assert visible_text(f"<html><body>before {html} after</body></html>").split() == ["before", "after"]


@pytest.mark.parametrize("html", HIDDEN)
def test_hostile_nesting_hides_no_less_and_shows_no_more(html: str) -> None:
    deep = "<div>" * 400
    assert visible_text(f"{html}<p>before {deep} after</p>").split() == ["before", "after"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "ok<div class=gmail_quote><div class=gmail_attr>On x, A wrote:<br></div><blockquote class=gmail_quote>q<br>r"
            "</blockquote></div>",
            "ok\nOn x, A wrote:\n> q\n> r",
        ),
        (
            "<div class=gmail_quote><div>---------- Forwarded message ---------<br>From: A</div>text</div>",
            "---------- Forwarded message ---------\nFrom: A\ntext",
        ),
        ("<blockquote type=cite>a<blockquote type=cite>b</blockquote></blockquote>c", "> a\n> > b\nc"),
        ("<div class=yahoo_quoted><div>On x, A wrote:</div><div>q</div></div>", "> On x, A wrote:\n> q"),
        ("Am 5. Mai schrieb A:<blockquote>q</blockquote>ja<blockquote>r</blockquote>", "Am 5. Mai schrieb A:\n> q\nja\n> r"),
        (
            "We opened the order for you at last, and its number is the one below.<blockquote>4711</blockquote>",
            "We opened the order for you at last, and its number is the one below.\n4711",
        ),
        ("<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>indented</blockquote>", "indented"),
        (
            "<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>From:"
            "</b> A &lt;a@b.example&gt;<br><b>Sent:</b> now</p></div>",
            "From: A <a@b.example>\nSent: now",
        ),
    ],
)
def test_quotes_carry_marks_and_forwards_do_not(html: str, text: str) -> None:
    assert visible_text(html) == text


def test_reversed_letters_are_shown_to_be_reversed() -> None:
    assert visible_text("PO <bdo dir=rtl>1174</bdo>") == "PO \u202e1174\u202c"


TAGS = st.sampled_from(
    [
        "<div>",
        "</div>",
        "<p>",
        "<td>",
        "<tr>",
        "<table>",
        "</table>",
        "<blockquote>",
        "</blockquote>",
        "<br>",
        "<!--",
        "-->",
        "<style>",
        "</style>",
        "<",
        ">",
        "&#0;",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(TAGS, st.text(max_size=20)), max_size=60).map("".join), st.booleans())
def test_any_html_is_read_without_an_error(html: str, hostile: bool) -> None:
    assert isinstance(visible_text("<div>" * 300 + html if hostile else html), str)


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet="abcdef 0123456789", min_size=1, max_size=12), min_size=1, max_size=10),
    st.sampled_from(["p", "div", "li", "td", "span", "h2"]),
)
def test_no_visible_word_is_lost(texts: list[str], tag: str) -> None:
    html = "".join(f"<{tag}>{text}</{tag}> " for text in texts)
    assert visible_text(f"<table><tr>{html}</tr></table>" if tag == "td" else html).split() == " ".join(texts).split()


@pytest.mark.parametrize(
    "html", ["<div>" * 200_000, "<!--" * 200_000, "<style>" * 100_000, "<font color=1>" * 50_000 + "<p>x" * 50_000, "<a " * 300_000]
)
def test_html_that_wants_to_be_slow_is_cut_and_read(html: str) -> None:
    assert "end" not in visible_text(html + "x" * 2_000_000 + "end")
