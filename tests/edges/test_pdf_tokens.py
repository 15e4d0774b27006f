"""The short way to a PDF's tokens: it takes the very same ones as pdfminer's own, whatever the bytes."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as some
from pdfminer import psparser
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import PSBaseParser, PSException

from worker.edges import pdf_child

THEIR_WAY = PSBaseParser.nexttoken
THEIR_OBJECTS = PDFContentParser.nextobject
PIECES = rb"""<< >> < > [ ] ( ) { } / \ # % 12 -3 +7 .5 -.5 4. --2 1.2.3 1e5 true false null Tj T* ' " BT R BI ID EI /Name /A#42
<ab> <abc> <a b> (x) (a\)b) (\101\n) \400 \12 (\377x\\) (\q) (a(b)c)""".split()
BYTES = some.lists(some.sampled_from([*PIECES, b" ", b"\n", b"\r", b"\t", b"\f", b"\0", b"\x0b", b"\xe9"]), max_size=14).map(b"".join)


def tokens(content: bytes, take: Callable[[PSBaseParser], tuple[int, Any]]) -> list[str]:
    """Every token with its place as text, because 1, 1.0 and True are different tokens and equal in Python."""
    parser, taken = PSBaseParser(BytesIO(content)), []
    while True:
        try:
            taken.append(repr(take(parser)))
        except psparser.PSEOF:
            return taken
        except (AssertionError, ValueError) as error:
            return [*taken, repr(error)]


def objects(content: bytes, take: Callable[[PDFContentParser], tuple[int, Any]]) -> list[str]:
    """Every object of a page's content with its place; where it can't be told what comes next, what kind of error says so."""
    parser, taken = PDFContentParser([PDFStream({}, content)]), []
    while True:
        try:
            taken.append(repr(take(parser)))
        except psparser.PSEOF:
            return taken
        except (AssertionError, ValueError, TypeError, PSException) as error:
            return [*taken, repr(error)]


@given(BYTES)
@example(b"BT /F0 9.5 Tf 1 0 0 -1 62.36 84.1 Tm [<0012> -3 (A\\050\\216)] TJ ET\n/Span <</MCID 3>> BDC ")
def test_tokens_are_the_same_as_pdfminers_own(content: bytes) -> None:
    assert tokens(content, pdf_child._hastened) == tokens(content, THEIR_WAY)


@given(BYTES)
@example(b"/Span <</MCID 3 /ActualText (a)>> BDC [(x) -3] TJ { 1 } q BI /W 1 ID abc EI Q ")
def test_objects_are_the_same_as_pdfminers_own(content: bytes) -> None:
    assert objects(content, pdf_child._shortened) == objects(content, THEIR_OBJECTS)


def test_tokens_across_the_ends_of_what_is_read_at_once_stay_whole() -> None:
    content = b" ".join(b"%d (text %d) /Name%d" % (number, number, number) for number in range(2000))
    assert tokens(content, pdf_child._hastened) == tokens(content, THEIR_WAY)
    assert len(tokens(content, THEIR_WAY)) == 6000
