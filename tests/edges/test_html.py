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
    ("<style>.x p{display:none} .b a{color:#fff}</style><div class=y><p>a <a>b</a></p></div>", "a b"),
    ("<style>.b a{color:#fff} .b{background:#036}</style><p class=b>press <a href=x>here</a></p>", "press here"),
    ("<style>.b .c a{color:#fff} .b{background:#036}</style><p class=b><b class=c><a>in</a></b></p><a>out</a>", "in\n\nout"),
    ("<style>[data-ogsc] p{color:#fff} a:hover{color:#fff} p::before{display:none}</style><p>light <a>here</a></p>", "light here"),
    ("<style>@media only screen and (max-width:600px){.wide{display:none!important}}</style><p class=wide>on a desk</p>", "on a desk"),
    ("<style>@media (prefers-color-scheme:dark){p{color:#fff}}</style><p>by day</p>", "by day"),
    ("<style media='screen and (max-width:480px)'>p{display:none}</style><p>on a desk</p>", "on a desk"),
    ("<style>@font-face{font-family:x} @page a{size:1in} @keyframes k{from{opacity:0}}</style><p>said</p>", "said"),
    (
        "<style>img.g-img + div{display:none!important} u + .body .g{display:none} #_two50 p{display:none} .ReadMsgBody{width:100%}"
        "a[x-apple-data-detectors],.im{color:inherit!important} * [office365] p{display:none} .yshortcuts a{border-bottom:none}"
        "#outlook a{padding:0} div[style*='margin: 16px 0']{margin:0!important}</style>"
        "<div class=body><p><img class=g-img></p><div><p class=g>said</p></div></div>",
        "said",
    ),
    ("<style>.x{display:none} p.x{display:block}</style><p class=x>said</p>", "said"),
    ("<style>.x{display:none}</style><p class=x style='display:block'>said</p>", "said"),
    ("<style>p.MsoNormal,li.MsoNormal{margin:0cm;font-size:11.0pt;mso-fareast-language:EN-US}</style><p class=MsoNormal>said</p>", "said"),
    ("<p style='color:windowtext;background:window;font:10.0pt \"Calibri\",sans-serif'>said</p>", "said"),
    ("<div style='font-size:62.5%'><p style='font-size:1.6em;line-height:1.5;letter-spacing:-.02em'>said</p></div>", "said"),
    ("<p style='color:#999;background-color:initial;position:relative;left:0;overflow:auto;width:100%;zoom:1'>said</p>", "said"),
    ("<p style='margin:0 -20px;text-indent:-18pt;transform:translate(-50%,0) rotate(2deg);opacity:.9'>said</p>", "said"),
    ("<div style='background:url(https://x.example/a.png)'><b style='color:#fff'>on a picture</b></div>", "on a picture"),
    ("<div style='background:linear-gradient(90deg,#036,#069);color:white'>on blue</div>", "on blue"),
    ("<details open><summary>more</summary>said</details>", "more\nsaid"),
    ("<details><summary>more</summary>said</details>after", "more\nafter"),
    ("<del>4710</del> 4711", "4711"),
    ("<a style='text-decoration:underline'>4711</a> <ins>4712</ins>", "4711 4712"),
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
    "<style>.x p{display:none}</style><div class=x><p>4711</p></div>",
    "<style>.w .x p{display:none}</style><div class=w><div class=x><p>4711</p></div></div>",
    "<style>.x > p{display:none}</style><div class=x><p>4711</p></div>",
    "<style>i + b{display:none}</style><i></i><b>4711</b>",
    "<style>i ~ b{display:none}</style><i></i><u></u><b>4711</b>",
    "<style>i + u b{display:none}</style><i></i><u><b>4711</b></u>",
    "<style>.x.z{display:none}</style><p class='x z'>4711</p>",
    "<style>[class=x]{display:none}</style><p class=x>4711</p>",
    "<style>[class^='x']{display:none}</style><p class=xy>4711</p>",
    "<style>[hid]{display:none}</style><p hid>4711</p>",
    "<style>b:last-child{display:none}</style><b>4711</b>",
    "<style>b:not(.y){display:none}</style><b>4711</b>",
    "<style>b::first-line{font-size:0}</style><b>4711</b>",
    "<style>h|b{display:none}</style><b>4711</b>",
    "<style>b *{color:#fff}</style><b><i>4711</i></b>",
    "<style>.a\\:b{display:none}</style><p class='a:b'>4711</p>",
    "<style>b{ &{display:none} }</style><b>4711</b>",
    "<style>@media all{.x{display:none}}</style><p class=x>4711</p>",
    "<style>@media screen{.x{display:none}}</style><p class=x>4711</p>",
    "<style>@media not print{.x{display:none}}</style><p class=x>4711</p>",
    "<style>@media (min-width:1px){.x{display:none}}</style><p class=x>4711</p>",
    "<style>@media (max-width:99999px){.x{display:none}}</style><p class=x>4711</p>",
    "<style>@supports (color:red){.x{display:none}}</style><p class=x>4711</p>",
    "<style>@layer a{@media all{.x{display:none}}}</style><p class=x>4711</p>",
    "<style>.x{display:none!important}</style><p class=x style='display:block'>4711</p>",
    "<style>#x{display:none} .x{display:block}</style><p class=x id=x>4711</p>",
    "<style>.x{display:none} b:nth-child(99){display:block}</style><b class=x>4711</b>",
    "<style>.x{display:none</style><p class=x>4711</p>",
    "<STYLE>.x{display:none}</STYLE><p class=x>4711</p>",
    "<style>u{content:'}'} .x{display:none}</style><p class=x>4711</p>",
    f"<p style='{'-x:1;' * 2_000}display:none'>4711</p>",
    "<p style='/**/display:none'>4711</p>",
    "<p style='display:/**/none'>4711</p>",
    "<p style='display:none ! important'>4711</p>",
    "<p style='display:none!important;display:block'>4711</p>",
    "<p style='display:none;display:no-such-thing'>4711</p>",
    "<p style='dis\\play:none'>4711</p>",
    "<p style='d\\69splay:none'>4711</p>",
    "<p style='d\\000069 splay:none'>4711</p>",
    "<p style='--d:none;display:var(--d)'>4711</p>",
    "<p style='font-size:calc(0px)'>4711</p>",
    "<p style='font-size:calc(1em - 16px)'>4711</p>",
    "<p style='font-size:.2em'><b style='font-size:.2em'>4711</b></p>",
    "<p style='color:hsl(0,0%,100%)'>4711</p>",
    "<p style='color:hsl(1turn 0% 99% / 1)'>4711</p>",
    "<p style='color:hsl(0,100000%,99%)'>4711</p>",  # browsers take 100 % at the most: nearly white
    "<p style='color:rgb(100%,100%,100%)'>4711</p>",
    "<p style='color:rgb(255 255 255)'>4711</p>",
    "<p style='color:rgb(0 0 0 / 4%)'>4711</p>",
    "<p style='color:#0001'>4711</p>",
    "<p style='color:lab(100% 0 0)'>4711</p>",
    "<p style='color:whitesmoke'>4711</p>",
    "<p style='color:#eee'>4711</p>",
    "<p style='color:canvas'>4711</p>",
    "<p style='background:navy;color:#000080'>4711</p>",
    "<p style='background:currentColor'>4711</p>",
    "<p style='background:linear-gradient(#fff,#fff);color:#fff'>4711</p>",
    "<p style='background:#fff url(x.png);color:#fff'>4711</p>",
    "<p style='-webkit-text-fill-color:transparent'>47<b style='color:#000'>11</b></p>",
    "<p style='-webkit-text-fill-color:#fff'>4711</p>",
    "<font color=fff>4711</font>",
    "<p style='opacity:.2'><b style='opacity:.2'>4711</b></p>",
    "<p style='opacity:0%'>4711</p>",
    "<p style='filter:opacity(0)'>4711</p>",
    "<p style='position:absolute;right:-9999px'>4711</p>",
    "<p style='position:absolute;right:9999px'>4711</p>",
    "<p style='position:relative;top:-999em'>4711</p>",
    "<p style='position:fixed;inset:-9999px auto auto 0'>4711</p>",
    "<p style='margin-top:-9999px'>4711</p>",
    "<p style='margin:-9999px 0 0'>4711</p>",
    "<p style='letter-spacing:-1em;text-indent:-100em'>4711</p>",
    "<p style='transform:scale(0)'>4711</p>",
    "<p style='transform:translateX(-9999px)'>4711</p>",
    "<p style='transform:rotateX(90deg)'>4711</p>",
    "<p style='scale:0'>4711</p>",
    "<p style='zoom:0'>4711</p>",
    "<p style='clip-path:inset(100%)'>4711</p>",
    "<p style='mask:linear-gradient(transparent,transparent)'>4711</p>",
    "<p style='content-visibility:hidden'>4711</p>",
    "<p style='width:0px;height:0px;overflow:clip'>4711</p>",
    "<p style='line-height:0;overflow:hidden'>4711</p>",
    "<p popover>4711</p>",
    "<dialog>4711</dialog>",
    "<details>4711</details>",
    "<noscript>4711</noscript>",
    "<select><option>4711</option></select>",
    "<svg><text>4711</text></svg>",
    "<del>4711</del>",
    "<s>4711</s>",
    "<strike>4711</strike>",
    "<p style='text-decoration:line-through'>4711</p>",
    "<p style='text-decoration:underline line-through red'><b style='text-decoration:none'>4711</b></p>",
    "<style>.x{text-decoration-line:line-through}</style><p class=x>4711</p>",
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


@pytest.mark.parametrize(
    "html",
    [
        "<bdo dir=rtl>1174</bdo>",
        "<span style='unicode-bidi:bidi-override;direction:rtl'>1174</span>",
        "<span style='direction:rtl;unicode-bidi:isolate-override'>1174</span>",
        "<style>.r{unicode-bidi:bidi-override;direction:rtl}</style><span class=r>1174</span>",
        "<style>bdo{direction:rtl}</style><bdo dir=ltr>1174</bdo>",
        "<span style='display:inline-flex;flex-direction:row-reverse'><b>11</b><b>74</b></span>",
    ],
)
def test_reversed_letters_are_shown_to_be_reversed(html: str) -> None:
    assert visible_text(f"PO {html}") == "PO \u202e1174\u202c"


@pytest.mark.parametrize(
    "html",
    [
        f"<style>{'.y{color:red}' * 20_000} .x{{display:none}}</style><b class=x>4711</b>",
        f"<style>{''.join(f'.y{place}{{color:red}}' for place in range(5_000))} .x{{display:none}}</style><b class=x>4711</b>",
        "<style>" + "{" * 30 + ".x{display:none}</style><b class=x>4711</b>",
        "<body text=white>4711</body>",
    ],
)
def test_what_hides_everything_or_is_too_much_to_be_read_hides(html: str) -> None:
    assert visible_text(html) == ""


def test_folded_text_is_not_seen_whatever_stands_in_it() -> None:
    folded = (
        "<details><div style='font-size:20px'>4711<summary>4712</summary></div><summary>more</summary><summary>4713</summary></details>"
    )
    assert visible_text(f"before {folded} after").split() == ["before", "more", "after"]


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


SLOW_SHEET = (
    f"<style>{''.join(f'.a .b{place} .c{{color:red}}' for place in range(3_000))}</style>"
    + "<div class='a b1 b2 b3 b4'>" * 140
    + "<p class=c>" * 9_000
)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 200_000,
        "<!--" * 200_000,
        "<style>" * 100_000,
        "<font color=1>" * 50_000 + "<p>x" * 50_000,
        "<a " * 300_000,
        "<style" * 160_000,
        SLOW_SHEET,
    ],
)
def test_html_that_wants_to_be_slow_is_cut_and_read(html: str) -> None:
    assert "end" not in visible_text(html + "x" * 2_000_000 + "end")
