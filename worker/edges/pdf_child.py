"""The process that reads hostile PDFs for ``pdfs.Reader``: documents come in on stdin, their text goes out on stdout.

It runs by its file name with nothing but pdfplumber and pypdfium2, under limits; it knows no secret and nothing of the program, and ends
when its stdin does.
"""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import IO, Any

import pdfplumber
import pypdfium2
from pdfminer import psparser
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.utils import apply_matrix_rect
from pdfplumber.utils.text import extract_words

MEMORY = 1 << 30
MOST_PAGES = 50
MOST_CHARACTERS = 300_000
SPENT_AFTER = 500
SPENT_MEMORY = 300 << 20

READY = b"R"
SIZE = struct.Struct(">Q")
PASSWORD_NEEDED = 4
CELL_GAP = 0.9
LINE_TOLERANCE = 3.0
SMALLEST_POINTS = 1.5
UNSEEN_MODES = (3, 7)
"""Neither filled nor stroked (ISO 32000-1 table 106). What a machine read off a scan is; pictures are not read, and so neither is that."""
LIGHTEST = {"DeviceGray": (0.93,), "CalGray": (0.93,), "DeviceRGB": (0.93,) * 3, "CalRGB": (0.93,) * 3}
MOST_CMYK = 0.07
TURNS = {90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}
CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))

Word = dict[str, Any]


class Refused(Exception):
    """The document is not read; the text is one of the problems that ``pdfs.PdfReading`` names."""


def main(cpu_seconds: int) -> None:
    """Read documents until stdin ends or this process has done enough; each may take ``cpu_seconds`` of processor time."""
    documents, answers = _take_pipes()
    _hold_down()
    hasten()
    answers.write(READY)
    answers.flush()
    served = 0
    while size := documents.read(SIZE.size):
        _allow_cpu(cpu_seconds)
        answer = read(documents.read(SIZE.unpack(size)[0]))
        served += 1
        spent = answer["problem"] == "out of memory" or served >= SPENT_AFTER or _peak_memory() > SPENT_MEMORY
        reply = json.dumps(answer | {"spent": spent}).encode("ascii")
        answers.write(SIZE.pack(len(reply)) + reply)
        answers.flush()
        if spent:
            return


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Our two pipes, with stdout led away from them so that no library can print into an answer."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def _hold_down() -> None:
    """A stop of the whole program is for the parent to carry out: it closes our stdin when it no longer needs us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _allow_cpu(seconds: int) -> None:
    """The limit counts from the start of the process, so each document moves it on."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, ceil(usage.ru_utime + usage.ru_stime) + seconds)


def _peak_memory() -> int:
    """The most memory in bytes that this process has held; Linux lets ru_maxrss begin at what the parent held, /proc does not."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def read(content: bytes) -> dict[str, Any]:
    """The text of each page, or the problem that stands in the way."""
    try:
        _count_pages(content)
        pages = list(_page_texts(content))
    except Refused as refused:
        return {"pages": [], "problem": str(refused)}
    except Exception as error:
        return {"pages": [], "problem": _problem(error)}
    return {"pages": pages, "problem": None if any(pages) else "no text"}


def _count_pages(content: bytes) -> None:
    """PDFium counts without walking the pages, which pdfplumber can not. What PDFium can not open, pdfplumber sometimes can."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == PASSWORD_NEEDED:
            raise Refused("encrypted") from error
        return
    try:
        if len(document) > MOST_PAGES:
            raise Refused("too many pages")
    finally:
        document.close()


def _page_texts(content: bytes) -> Iterator[str]:
    left = MOST_CHARACTERS
    PDFTextDevice.render_string = _render_seen  # type: ignore[method-assign, assignment]  # the library offers no hook for it
    with pdfplumber.open(BytesIO(content)) as document:
        if len(document.pages) > MOST_PAGES:
            raise Refused("too many pages")
        for page in document.pages:
            text = _page_text(page)
            page.close()
            left -= len(text)
            if left < 0:
                raise Refused("too large")
            yield text


def _page_text(page: Any) -> str:
    box = _box(page)
    chars = [char for char in _parts(page.layout, LTChar) if _is_on(char, box)]
    if pale := {id(char) for char in chars if _is_white(char)}:
        painted = [
            part for part in _parts(page.layout, (LTCurve, LTImage)) if isinstance(part, LTImage) or (part.fill and not _is_pale(part))
        ]
        chars = [char for char in chars if id(char) not in pale or any(_lies_behind(part, char) for part in painted)]
    words = extract_words([_told(char) for char in chars], x_tolerance_ratio=0.15)
    upright = [word for word in words if word["upright"]]
    turned = [word for word in words if not word["upright"]]
    lines = [_joined(line) for line in _lines(upright)] + ([" ".join(word["text"] for word in turned)] if turned else [])
    return "\n".join(lines).translate(CONTROLS).encode("utf-8", "replace").decode("utf-8")


def _render_seen(device: Any, textstate: Any, *rest: Any) -> None:
    """Let pdfminer place the letters, which moves on what comes after them, and take those away again that nobody sees."""
    before = len(device.cur_item)
    _render_string(device, textstate, *rest)
    if textstate.render in UNSEEN_MODES:
        del device.cur_item._objs[before:]


def _box(page: Any) -> tuple[float, float, float, float]:
    """What of the page is shown, as the layout measures it: the crop box, where the page has one within its media box."""
    x0, y0, x1, y1 = page.page_obj.mediabox
    turn = TURNS.get(page.page_obj.rotate, (1, 0, 0, 1))
    left, bottom, _, _ = apply_matrix_rect((*turn, 0, 0), (x0, y0, x1, y1))
    left_edge, low, right_edge, high = page.page_obj.cropbox
    shown = (max(x0, left_edge), max(y0, low), min(x1, right_edge), min(y1, high))
    is_some = shown[0] < shown[2] and shown[1] < shown[3]
    return apply_matrix_rect((*turn, -left, -bottom), shown if is_some else (x0, y0, x1, y1))


def _parts(container: Any, kind: Any) -> Iterator[Any]:
    for part in container:
        if isinstance(part, kind):
            yield part
        elif isinstance(part, LTContainer):
            yield from _parts(part, kind)


def _is_on(char: LTChar, box: tuple[float, float, float, float]) -> bool:
    """Whether a reader of the page can see the character: it stands on the page and is no mere dot."""
    x0, y0, x1, y1 = box
    return char.x1 > x0 and char.x0 < x1 and char.y1 > y0 and char.y0 < y1 and char.size >= SMALLEST_POINTS


def _is_white(char: LTChar) -> bool:
    ink = char.graphicstate.ncolor
    return isinstance(ink, (int, float, tuple)) and _is_light(ink, char.ncs.name)


def _is_pale(part: LTCurve) -> bool:
    ink = part.non_stroking_color
    return isinstance(ink, (int, float, tuple)) and _is_light(
        ink, {1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}.get(len(ink) if isinstance(ink, tuple) else 1, "")
    )


@lru_cache(maxsize=256)
def _is_light(ink: Any, space: str) -> bool:
    parts = ink if isinstance(ink, tuple) else (ink,)
    if not all(isinstance(part, (int, float)) for part in parts):
        return False
    if len(parts) == 4:
        return space in ("DeviceCMYK", "ICCBased") and max(parts) <= MOST_CMYK
    least = LIGHTEST.get(space) or (LIGHTEST["DeviceGray"] * len(parts) if space == "ICCBased" else ())
    return len(least) == len(parts) and all(part >= low for part, low in zip(parts, least, strict=True))


def _lies_behind(part: Any, char: LTChar) -> bool:
    across, up = (char.x0 + char.x1) / 2, (char.y0 + char.y1) / 2
    return bool(part.x0 <= across <= part.x1 and part.y0 <= up <= part.y1)


def _told(char: LTChar) -> Word:
    """What joining words takes of a character: telling all of it, as pdfplumber does, costs a third of the time. ``top`` grows downward."""
    return {
        "text": char.get_text(),
        "x0": char.x0,
        "x1": char.x1,
        "top": -char.y1,
        "doctop": -char.y1,
        "bottom": -char.y0,
        "size": char.size,
        "upright": char.upright,
    }


def _lines(words: list[Word]) -> Iterator[list[Word]]:
    """Words that stand on one line, whatever their sizes, from the top down."""
    line: list[Word] = []
    for word in sorted(words, key=lambda word: word["bottom"]):
        if line and word["bottom"] - line[-1]["bottom"] > LINE_TOLERANCE:
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _joined(line: list[Word]) -> str:
    """One space between words, two where the gap is wide enough to be a column's."""
    line.sort(key=lambda word: word["x0"])
    text = line[0]["text"]
    for left, right in pairwise(line):
        wide = right["x0"] - left["x1"] > CELL_GAP * min(left["bottom"] - left["top"], right["bottom"] - right["top"])
        text += ("  " if wide else " ") + right["text"]
    return str(text)


def _problem(error: BaseException | None) -> str:
    """pdfplumber wraps what pdfminer raised, sometimes as an argument, sometimes as the cause."""
    while error is not None:
        for met in (error, *error.args):
            if isinstance(met, PDFPasswordIncorrect):
                return "encrypted"
            if isinstance(met, MemoryError):
                return "out of memory"
        error = error.__cause__ or error.__context__
    return "damaged"


_TOKEN = re.compile(
    rb"""[\t\n\f\r ]*(?:
      (?P<whole>[-+]?[0-9]{1,18})(?=[\s/<(\[\]])
    | (?P<fraction>[-+]?[0-9]*\.[0-9]+)(?=[\s/<(\[\]])
    | (?P<hex><(?:[0-9A-Fa-f]{2})*>)(?=[^>])
    | (?P<name>/[A-Za-z0-9_+.*-]+)(?=[\s/<>(\[\]])
    | (?P<word>[A-Za-z][A-Za-z0-9*'"]*)(?=[\s/<(\[\]])
    | (?P<string>\([^()\\]*\))
    | (?P<escaped>\((?:[^()\\]|\\[0-3][0-7]{2}|\\[nrtbf()\\])*\))
    | (?P<mark><<|>>|\[|\])
    )""",
    re.VERBOSE,
)
"""A token that ends within what has been read of the stream, as nearly all do."""
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_MADE: dict[str, Callable[[bytes], Any]] = {
    "whole": int,
    "fraction": float,
    "hex": lambda written: bytes.fromhex(written[1:-1].decode("ascii")),
    "name": lambda written: psparser.LIT(written[1:].decode("ascii")),
    "word": lambda written: written == b"true" if written in (b"true", b"false") else psparser.KWD(written),
    "string": lambda written: written[1:-1],
    "escaped": lambda written: _ESCAPE.sub(_unescaped, written[1:-1]),
    "mark": psparser.KWD,
}
_FIRST_OF_SEVERAL = frozenset(psparser.KWD(mark) for mark in (b"[", b"]", b"<<", b">>", b"{", b"}", b"BI", b"ID"))
_next_token = psparser.PSBaseParser.nexttoken
_render_string = PDFTextDevice.render_string
_next_object = PDFContentParser.nextobject


def hasten() -> None:
    """Let pdfminer take its tokens by one regular expression: its own way, a state machine in Python, is half of all the time it takes."""
    psparser.PSBaseParser.nexttoken = _hastened  # type: ignore[assignment]  # the library offers no hook for it
    PDFContentParser.nextobject = _shortened  # type: ignore[assignment]  # the library offers no hook for it
    psparser.log.debug = _say_nothing  # type: ignore[assignment]  # the library logs every token


def _hastened(parser: psparser.PSBaseParser) -> tuple[int, Any]:
    """The next token and its place; whatever is unusual (comments, escapes, the end of what was read) is left to pdfminer."""
    if not parser._tokens and parser._parse1 == parser._parse_main and not parser.eof:
        match = _TOKEN.match(parser.buf, parser.charpos)
        if match is not None and match.lastgroup is not None:
            parser.charpos = match.end()
            return parser.bufpos + match.start(match.lastgroup), _MADE[match.lastgroup](match[match.lastgroup])
    return _next_token(parser)


def _shortened(parser: PDFContentParser) -> tuple[int, Any]:
    """The next object and its place; a token that is an object by itself does not have to be put together."""
    if not (parser.results or parser.context or parser.curstack):
        token = parser.nexttoken()
        if token[1] not in _FIRST_OF_SEVERAL:
            return token
        parser._tokens.insert(0, token)
    return _next_object(parser)


def _unescaped(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    return bytes((int(escaped, 8) if len(escaped) == 3 else psparser.ESC_STRING[escaped],))


def _say_nothing(*_: object) -> None:
    """pdfminer tells of every token, to nobody."""


if __name__ == "__main__":
    main(int(sys.argv[1]))
