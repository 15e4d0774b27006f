"""The reader of strangers' PDFs: what it reads, what it refuses, and that a hostile file costs nothing but itself."""

import io
import os
import random
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pytest

from worker.edges import pdf_child, pdfs
from worker.edges.pdfs import Allowance, PdfReading, Reader
from worker.errors import SetupError, TryAgainLater

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
NOISE = random.Random(7).randbytes(20_000)  # noqa: S311  only noise


def written(
    content: bytes,
    *,
    pages: bytes = b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    page: bytes = b"/MediaBox[0 0 612 792]",
    font: bytes = b"",
    filters: bytes = b"/FlateDecode",
    packed: bool = False,
    more: Sequence[bytes] = (),
) -> bytes:
    """A PDF of one page that shows ``content``, deflated unless it is ``packed`` already; ``more`` objects are numbered from 18."""
    stream = content if packed else zlib.compress(content, 9)
    return assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            pages,
            leaf(page),
            b"<</Length %d/Filter %s>>stream\n%s\nendstream" % (len(stream), filters, stream),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding%s>>" % font,
            *(form(depth) for depth in range(12)),
            *more,
        ]
    )


def leaf(page: bytes = b"/MediaBox[0 0 612 792]") -> bytes:
    return b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>%s>>" % page


def paged(content: bytes, count: int, *, said: int | None = None) -> bytes:
    """``count`` pages, all alike; the file says that there are ``said``."""
    kids = b"3 0 R " + b"".join(b"%d 0 R " % (18 + number) for number in range(count - 1))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, said or count)
    return written(content, pages=tree, more=[leaf()] * (count - 1))


def form(depth: int) -> bytes:
    """A form that shows the next one ten times: a dozen of them are a trillion."""
    resources = b"/Resources<</XObject<</X %d 0 R>>>>" % (depth + 7)
    return b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]%s/Length 60>>stream\n%s\nendstream" % (resources, b"/X Do " * 10)


def assembled(objects: list[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return body + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (
        count,
        table,
        count,
        len(body),
    )


def shown(*lines: tuple[int, int, str], size: int = 10) -> bytes:
    return b"\n".join(b"BT /F %d Tf %d %d Td (%s) Tj ET" % (size, x, y, text.encode("cp1252")) for x, y, text in lines)


def bomb(megabytes: int) -> bytes:
    """That many megabytes of spaces, deflated: one block, told again and again."""
    spaces = b" " * (1 << 20)
    packer = zlib.compressobj(9)
    head = packer.compress(spaces) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(spaces) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 1
    for _ in range(megabytes):
        checksum = zlib.adler32(spaces, checksum)
    return head + again * (megabytes - 1) + b"\x03\x00" + checksum.to_bytes(4, "big")


def locked(content: bytes, *, user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(out, encryption=pikepdf.Encryption(user=user, owner="owner"))
    return out.getvalue()


ORDER = written(shown((72, 700, "PURCHASE ORDER 4500123456")))
ENDLESS = written(b"BT /F 10 Tf " + b"(a) Tj " * 3_000_000 + b"ET")
LAUGHS = written(b"/X Do")
MANY_PAGES = paged(b"BT ET", 60)
HIDDEN_PAGES = paged(b"BT ET", 60, said=1)
BOMB = written(bomb(800), packed=True)
DOUBLE_BOMB = written(zlib.compress(bomb(1200), 9), packed=True, filters=b"[/FlateDecode/FlateDecode]")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(cpu_seconds=3) as reader:
        yield reader


def test_lines_come_from_the_top_down_and_columns_stay_apart(reader: Reader) -> None:
    content = shown(
        (300, 650, "4500123456"),
        (72, 700, "Ihre Bestellung für 3 Stück"),
        (72, 650, "Bestell-Nr."),
        (72, 600, "Summe"),
        (400, 600, "€ 12,50"),
    )
    assert reader.read(written(content)).lines == ("Ihre Bestellung für 3 Stück", "Bestell-Nr.  4500123456", "Summe  € 12,50")


def test_a_label_and_a_larger_value_on_one_baseline_are_one_line(reader: Reader) -> None:
    content = shown((72, 700, "PO number"), size=8) + b"\n" + shown((200, 700, "PO-7"), size=14)
    assert reader.read(written(content)).text == "PO number  PO-7"


def test_a_kerned_word_is_one_word_and_narrow_spaces_still_part_words(reader: Reader) -> None:
    kerned = b"BT /F 12 Tf 72 700 Td [(F) 60 (actuurnummer) -250 (W) 80 (T-10) 40 (44)] TJ ET"
    assert reader.read(written(kerned)).text == "Factuurnummer WT-1044"


def test_every_page_has_its_own_text(reader: Reader) -> None:
    reading = reader.read(paged(shown((72, 700, "PO 1")), 2))
    assert (reading.pages, reading.text) == (("PO 1", "PO 1"), "PO 1\nPO 1")


def test_a_reading_begun_ahead_is_the_same_while_others_are_read(reader: Reader) -> None:
    content = shown((72, 700, "PO 1"))
    reader.begin(paged(content, 2))
    assert reader.read(paged(content, 1)).text == "PO 1"
    assert reader.read(paged(content, 2)).text == "PO 1\nPO 1"
    assert reader.read(paged(content, 2)).text == "PO 1\nPO 1"


def test_what_is_begun_and_never_asked_for_is_forgotten(reader: Reader) -> None:
    content = shown((72, 700, "PO 1"))
    for number in range(pdfs.MOST_BEGUN + 3):
        reader.begin(paged(content, 1) + b"%% %d" % number)
    assert len(reader._begun) == pdfs.MOST_BEGUN
    assert reader.read(paged(content, 1) + b"%% 0").text == "PO 1"


def test_what_is_asked_for_does_not_wait_for_what_is_read_ahead() -> None:
    with Reader() as reader:
        reader.read(ORDER)
        for number in range(6):
            reader.begin(ENDLESS + b"%% %d" % number)
        late = paged(shown((72, 700, "PO 1")), 2)
        reader.begin(late)
        time.sleep(0.2)
        started = time.monotonic()
        assert (reader.read(ORDER).problem, reader.read(late).problem) == (None, None)
        assert time.monotonic() - started < 6


def test_a_file_too_slow_to_be_read_ahead_gets_its_time_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with Reader() as reader:
        reader.read(ORDER)
        monkeypatch.setattr(pdfs, "AHEAD_SECONDS", 0.0)
        reader.begin(ORDER)
        time.sleep(0.1)
        assert reader.read(ORDER).text == "PURCHASE ORDER 4500123456"


def test_closing_does_not_wait_for_what_is_read_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfs, "AHEAD_SECONDS", 15.0)
    reader = Reader()
    reader.read(ORDER)
    for number in range(3):
        reader.begin(ENDLESS + b"%% %d" % number)
    time.sleep(0.3)
    started = time.monotonic()
    reader.close()
    assert (time.monotonic() - started < 2, reader.pid) == (True, None)


def test_the_pdfs_of_one_mail_have_a_time_in_common() -> None:
    def slow(_: bytes) -> PdfReading:
        time.sleep(0.6)
        return PdfReading(text="PO 1")

    read = Allowance(slow, seconds=1.0)
    assert [read(b"").problem for _ in range(4)] == [None, None, "timed out", "timed out"]


@pytest.mark.parametrize(
    "page", [b"/MediaBox[0 0 612 792]/Rotate 0", b"/MediaBox[-100 -50 512 742]", b"/MediaBox[0 0 612 792]/CropBox[20 20 600 780]"]
)
def test_text_is_found_wherever_the_page_has_its_origin(reader: Reader, page: bytes) -> None:
    content = shown((72, 700, "Order no."), (200, 700, "4711"), (72, 650, "Total"))
    assert reader.read(written(content, page=page)).lines == ("Order no.  4711", "Total")


@pytest.mark.parametrize(("turn", "matrix"), [(90, b"0 1 -1 0"), (180, b"-1 0 0 -1"), (270, b"0 -1 1 0")])
def test_a_turned_page_reads_as_it_is_shown(reader: Reader, turn: int, matrix: bytes) -> None:
    lines = [(0, b"Order no. 4711"), (40, b"Total 5")]
    across = {90: b"%d 100", 180: b"400 %d", 270: b"%d 500"}[turn]
    place = {90: lambda down: 300 + down, 180: lambda down: 300 + down, 270: lambda down: 400 - down}[turn]
    content = b"\n".join(b"BT /F 10 Tf %s %s Tm (%s) Tj ET" % (matrix, across % place(down), text) for down, text in lines)
    assert reader.read(written(content, page=b"/MediaBox[0 0 612 792]/Rotate %d" % turn)).lines == ("Order no. 4711", "Total 5")


def test_text_beside_the_page_is_not_read(reader: Reader) -> None:
    assert reader.read(written(shown((72, 700, "PO 1"), (72, 900, "PO 2"), (-300, 700, "PO 3")))).text == "PO 1"


def test_text_too_small_to_be_seen_is_not_read(reader: Reader) -> None:
    assert reader.read(written(shown((72, 700, "PO 1")) + b" " + shown((72, 650, "PO 2"), size=1))).text == "PO 1"


@pytest.mark.parametrize(
    "unseen",
    [
        b"BT 3 Tr /F 10 Tf 72 650 Td (PO 2) Tj ET",
        b"BT 7 Tr /F 10 Tf 72 650 Td (PO 2) Tj ET",
        b"1 1 1 rg BT /F 10 Tf 72 650 Td (PO 2) Tj ET",
        b"0.97 g BT /F 10 Tf 72 650 Td (PO 2) Tj ET",
        b"0 0 0 0 k BT /F 10 Tf 72 650 Td (PO 2) Tj ET",
        b"1 1 1 rg 60 600 200 100 re f BT /F 10 Tf 72 650 Td (PO 2) Tj ET",
    ],
)
def test_text_without_ink_is_not_read(reader: Reader, unseen: bytes) -> None:
    assert reader.read(written(shown((72, 700, "PO 1")) + b" q " + unseen + b" Q " + shown((72, 600, "PO 3")))).lines == ("PO 1", "PO 3")


@pytest.mark.parametrize(
    "seen",
    [
        b"0 0 0.5 rg 60 640 200 30 re f 1 1 1 rg BT /F 10 Tf 72 650 Td (PO 2) Tj ET",
        b"0.9 0.2 0.1 rg BT /F 10 Tf 72 650 Td (PO 2) Tj ET",
        b"0 0 0 1 k BT /F 10 Tf 72 650 Td (PO 2) Tj ET",
        b"0.5 g BT 1 Tr /F 10 Tf 72 650 Td (PO 2) Tj ET",
        b"BT /F 10 Tf 72 650 Td (PO ) Tj 3 Tr (4711) Tj 0 Tr (2) Tj ET",
    ],
)
def test_white_on_a_dark_field_and_coloured_ink_are_read(reader: Reader, seen: bytes) -> None:
    assert reader.read(written(b"q " + seen + b" Q")).text.split() == ["PO", "2"]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_text_that_is_cropped_away_is_not_read(reader: Reader, turn: int) -> None:
    page = b"/MediaBox[-10 -20 602 772]/CropBox[100 300 500 760]/Rotate %d" % turn
    said = reader.read(written(shown((110, 700, "PO 1"), (110, 200, "PO 2"), (520, 700, "PO 3"), (20, 700, "PO 4")), page=page)).text
    assert sorted("".join(said.split())) == ["1", "O", "P"]


def test_text_that_stands_upright_along_the_margin_comes_last(reader: Reader) -> None:
    content = b"BT /F 10 Tf 0 1 -1 0 20 300 Tm (Archive copy) Tj ET\n" + shown((72, 400, "PO 1"), (72, 200, "Total"))
    assert reader.read(written(content)).lines[:2] == ("PO 1", "Total")


def test_characters_that_no_database_takes_are_left_out(reader: Reader) -> None:
    meaning = b"1 beginbfchar <42> <0000> endbfchar 1 beginbfchar <43> <D800> endbfchar"
    cmap = b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange %s endcmap" % meaning
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(cmap), cmap)
    text = reader.read(written(shown((72, 700, "A1B2C3")), font=b"/ToUnicode 18 0 R", more=[stream])).text
    assert "\0" not in text
    text.encode("utf-8")


def test_a_file_locked_with_an_empty_password_is_read(reader: Reader) -> None:
    assert reader.read(locked(ORDER, user="")).text == "PURCHASE ORDER 4500123456"


def test_a_pdf_that_pdfium_can_not_open_is_still_tried(reader: Reader) -> None:
    content = written(shown((72, 700, "PO 1"))).replace(b"/Type/Catalog", b"/Type/Catalox")
    assert reader.read(content).text == "PO 1"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"", "damaged", id="empty"),
        pytest.param(NOISE, "damaged", id="random"),
        pytest.param(b"%PDF-1.7\n" + NOISE, "damaged", id="random behind a header"),
        pytest.param(ORDER[:150], "damaged", id="truncated"),
        pytest.param(locked(ORDER, user="secret"), "encrypted", id="encrypted"),
        pytest.param(written(b""), "no text", id="no text"),
        pytest.param(b"%PDF-1.4\n" + b" " * pdfs.LARGEST, "too large", id="file too large"),
        pytest.param(MANY_PAGES, "too many pages", id="many pages"),
        pytest.param(HIDDEN_PAGES, "too many pages", id="more pages than it says"),
        pytest.param(DOUBLE_BOMB, "out of memory or timed out", id="double bomb"),
        pytest.param(ENDLESS, "timed out", id="endless operators"),
        pytest.param(LAUGHS, "timed out", id="a billion laughs"),
        pytest.param(written(b"BT ET", pages=b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"), "no text", id="pages in a circle"),
        pytest.param(
            b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Prev 9/Size 1>>\nstartxref\n9\n%%EOF",
            "damaged",
            id="xref loop",
        ),
    ],
)
def test_a_hostile_file_costs_nothing_but_itself(reader: Reader, content: bytes, problem: str) -> None:
    started = time.monotonic()
    reading = reader.read(content)
    assert reading.problem in problem.split(" or ")
    assert not reading.text
    assert time.monotonic() - started < 2 * pdfs.WALL_SECONDS
    assert reader.read(ORDER).text == "PURCHASE ORDER 4500123456"


@pytest.mark.parametrize("nested", [b"[" * 40_000, b"<<" * 40_000, b"q " * 40_000])
def test_deep_nesting_ends_by_itself(reader: Reader, nested: bytes) -> None:
    reader.read(written(nested))
    reader.read(written(b"", pages=nested))
    assert reader.read(ORDER).text == "PURCHASE ORDER 4500123456"


def test_a_file_that_takes_too_long_is_given_up_by_the_clock() -> None:
    with Reader(wall_seconds=0.5) as reader:
        started = time.monotonic()
        assert reader.read(ENDLESS).problem == "timed out"
        assert time.monotonic() - started < 5
        assert reader.read(ORDER).problem is None


def test_a_child_killed_in_the_middle_of_a_file_costs_that_file_only() -> None:
    with Reader() as reader, ThreadPoolExecutor() as pool:
        slow = pool.submit(reader.read, ENDLESS)
        while reader._child is None or not reader._child.ready:
            time.sleep(0.01)
        time.sleep(0.2)
        assert reader.pid is not None
        os.kill(reader.pid, signal.SIGKILL)
        assert slow.result().problem == "out of memory"
        assert reader.read(ORDER).text == "PURCHASE ORDER 4500123456"


def test_a_child_killed_between_two_files_costs_none(reader: Reader) -> None:
    reader.read(ORDER)
    assert reader.pid is not None
    os.kill(reader.pid, signal.SIGABRT)
    assert reader.read(ORDER).text == "PURCHASE ORDER 4500123456"


def test_one_child_reads_on_and_signals_for_the_whole_program_do_not_stop_it(reader: Reader) -> None:
    reader.read(ORDER)
    child = reader.pid
    assert child is not None
    os.kill(child, signal.SIGINT)
    os.kill(child, signal.SIGTERM)
    assert reader.read(ORDER).problem is None
    assert reader.pid == child


def test_a_child_that_has_read_enough_is_replaced() -> None:
    with Reader() as reader:
        reader.read(ORDER)
        first = reader.pid
        for _ in range(pdf_child.SPENT_AFTER - 1):
            assert reader.read(ORDER).problem is None
        assert reader.pid is None
        assert reader.read(ORDER).problem is None
        assert reader.pid not in (None, first)


def test_many_threads_each_get_the_text_of_their_own_file(reader: Reader) -> None:
    orders = [written(shown((72, 700, f"PO {number}"))) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert [reading.text for reading in pool.map(reader.read, orders)] == [f"PO {number}" for number in range(40)]


def test_a_closed_reader_leaves_no_child_and_starts_another_when_needed() -> None:
    reader = Reader()
    reader.read(ORDER)
    child = reader.pid
    assert child is not None
    reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    assert reader.read(ORDER).problem is None
    reader.close()


@LINUX
def test_the_child_knows_no_secret_of_ours(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADDENDUM_SMTP_PASSWORD", "hunter2")
    reader.close()
    reader.read(ORDER)
    assert b"hunter2" not in Path(f"/proc/{reader.pid}/environ").read_bytes()


PARENT = """
import os, sys, threading
from pathlib import Path
from worker.edges.pdfs import Reader

if __name__ == "__main__":
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    reader = Reader()
    assert reader.read(Path(sys.argv[1]).read_bytes()).text == "PURCHASE ORDER 4500123456"
    print(reader.pid, flush=True)
    os.kill(os.getpid(), 9)
"""


def test_no_child_outlives_a_parent_that_was_killed_with_its_threads(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    (tmp_path / "order.pdf").write_bytes(ORDER)
    environment = os.environ | {"PYTHONPATH": str(Path(pdfs.__file__).parents[2])}
    parent = subprocess.run(
        [sys.executable, "-m", "parent", "order.pdf"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    child = int(parent.stdout)
    deadline = time.monotonic() + 5
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    """A zombie that nobody reaps has ended all the same."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def test_a_machine_on_which_the_child_does_not_run_is_a_set_up_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.py").write_text("import no_such_module\n")
    monkeypatch.setattr(pdfs, "CHILD", tmp_path / "broken.py")
    with Reader() as reader, pytest.raises(SetupError, match="pdfplumber"):
        reader.read(ORDER)


def test_a_machine_that_can_not_start_a_process_just_now_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Reader() as reader, pytest.raises(TryAgainLater, match="could not be started"):
        reader.read(ORDER)


@pytest.mark.parametrize(
    "content",
    [
        ORDER,
        paged(shown((72, 700, "PO 1")), 3),
        written(b"BT /F 10 Tf 0 1 -1 0 20 300 Tm (Copy) Tj ET " + shown((72, 700, "PO 1"), (-99, 700, "PO 2"))),
        written(b"/X Do", more=[b""]).replace(
            b"/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do ", shown((1, 1, "PO 7")).ljust(60)
        ),
    ],
)
def test_reading_in_a_child_says_what_reading_here_says(reader: Reader, content: bytes) -> None:
    here, there = pdf_child.read(content), reader.read(content)
    assert (list(there.pages), there.problem) == (here["pages"], None)
    assert there.text


def test_problems_are_told_apart_however_deep_a_library_wraps_them() -> None:
    def wrapped(inner: BaseException) -> BaseException:
        try:
            raise ValueError("while reading") from inner
        except ValueError as error:
            return error

    assert pdf_child._problem(wrapped(MemoryError())) == "out of memory"
    assert pdf_child._problem(RuntimeError(pdf_child.PDFPasswordIncorrect())) == "encrypted"
    assert pdf_child._problem(wrapped(KeyError("Root"))) == "damaged"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (ORDER, None),
        (locked(ORDER, user="secret"), "encrypted"),
        (MANY_PAGES, "too many pages"),
        (b"nothing", "damaged"),
        (written(b""), "no text"),
    ],
)
def test_the_child_names_what_stands_in_the_way(content: bytes, problem: str | None) -> None:
    assert pdf_child.read(content)["problem"] == problem


def test_more_text_than_any_order_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_child, "MOST_CHARACTERS", 20)
    assert pdf_child.read(ORDER)["problem"] == "too large"


def test_a_file_that_outgrows_the_memory_is_given_up() -> None:
    with Reader() as reader:
        assert reader.read(BOMB).problem == "out of memory"
        assert reader.pid is None
