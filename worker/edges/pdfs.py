"""Reads the text of PDFs from strangers in a child process that can be killed, so that a hostile file costs nothing but itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from signal import SIGKILL, SIGXCPU
from types import TracebackType
from typing import IO, Self

import structlog

from worker.errors import AddendumError, SetupError, TryAgainLater

log = structlog.get_logger()

LARGEST = 20 * 1024 * 1024
WALL_SECONDS = 20.0
CPU_SECONDS = 10
AHEAD_SECONDS = 3.0
"""What one document may take while nobody waits for it; one that takes longer is read when it is asked for."""
PATIENCE_SECONDS = 1.0
"""How long who asks for a document waits for one that is being read ahead."""
MAIL_SECONDS = 25.0
"""The PDFs of one mail together; the last one begun may take WALL_SECONDS more, which leaves a quarter of the mail's minute."""
START_SECONDS = 60.0
MOST_BEGUN = 32
LONGEST_ANSWER = 32 * 1024 * 1024
CHILD = Path(__file__).with_name("pdf_child.py")
READY = b"R"
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")
ENDINGS = {-SIGXCPU: "timed out", -SIGKILL: "out of memory"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfReading:
    """What a PDF says: its lines from the top down, words one space apart, columns two.

    ``pages`` has one text a page, ``text`` all of them. ``problem`` is None, or why there is no text: "encrypted", "damaged", "too large",
    "too many pages", "timed out", "out of memory" or "no text" (a scan, say).
    """

    text: str = ""
    pages: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self.text.splitlines())


@dataclass(slots=True)
class Allowance:
    """Reads the PDFs of one mail, ``seconds`` in all; those left then are said to have timed out."""

    read: Callable[[bytes], PdfReading]
    seconds: float = MAIL_SECONDS
    _spent: float = field(default=0.0, init=False)

    def __call__(self, content: bytes) -> PdfReading:
        if self._spent >= self.seconds:
            log.info("pdf not read", problem="no time left for this mail", size=len(content))
            return PdfReading(problem="timed out")
        started = time.monotonic()
        try:
            return self.read(content)
        finally:
            self._spent += time.monotonic() - started


class Reader:
    """Reads one PDF at a time, from any thread. The child starts with the first PDF and is replaced when it dies, hangs or has done enough.

    What is asked for goes before all that is only read ahead.
    One file may take ``cpu_seconds`` of processor time and ``wall_seconds`` in all; the child has limits of its own on memory and pages.
    """

    def __init__(self, *, wall_seconds: float = WALL_SECONDS, cpu_seconds: int = CPU_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._cpu_seconds = cpu_seconds
        self._asked = threading.Lock()
        """Held while something that was asked for is read, or waits for the child; taken before ``_lock``."""
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._ahead: ThreadPoolExecutor | None = None
        self._begun: dict[bytes, Future[PdfReading | None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def read(self, content: bytes) -> PdfReading:
        """The text of ``content``; a bad PDF is a reading with a problem, never an exception.

        Raises TryAgainLater when no child can be started just now, SetupError when it does not run on this machine at all.
        """
        begun = self._begun.pop(sha256(content).digest(), None) if self._begun else None
        # One that only waits in the queue, behind those of other mails, is read now.
        reading = None if begun is None or begun.cancel() else begun.result()
        return reading or self._read(content)

    def begin(self, content: bytes) -> None:
        """Begin to read what will be asked for soon, while the caller does something else; ``read`` then waits for what is left."""
        if self._ahead is None:
            self._ahead = ThreadPoolExecutor(1, "reads-pdfs")
        key = sha256(content).digest()
        if key not in self._begun and len(content) <= LARGEST:
            self._begun[key] = self._ahead.submit(self._read_ahead, content)
        while len(self._begun) > MOST_BEGUN:
            self._begun.pop(next(iter(self._begun))).cancel()

    @property
    def pid(self) -> int | None:
        """The process id of the child, None while there is none."""
        child = self._child
        return child.pid if child else None

    def close(self) -> None:
        """End the child, whatever it reads; a later ``read`` starts another."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.shutdown(wait=False, cancel_futures=True)
            if (child := self._child) is not None:
                child.kill()
            ahead.shutdown()
        self._begun.clear()
        with self._lock:
            self._drop()

    def _read(self, content: bytes) -> PdfReading:
        if len(content) > LARGEST:
            return PdfReading(problem="too large")
        with self._asked:
            while not self._lock.acquire(timeout=PATIENCE_SECONDS):
                self._break_off()
            try:
                reading = self._ask(content)
            finally:
                self._lock.release()
        if reading.problem:
            log.info("pdf not read", problem=reading.problem, size=len(content))
        return reading

    def _read_ahead(self, content: bytes) -> PdfReading | None:
        """None where it is left to who asks for it; what waits behind such a file is then not read ahead either."""
        with self._asked:
            self._lock.acquire()
        try:
            return self._exchange(content, min(AHEAD_SECONDS, self._wall_seconds))
        except (_ChildDied, AddendumError):
            for begun in list(self._begun.values()):
                begun.cancel()
            return None
        finally:
            self._lock.release()

    def _break_off(self) -> None:
        child = self._child
        if child is not None and child.ready:
            child.kill()

    def _ask(self, content: bytes) -> PdfReading:
        """A child that has served others may die of them, or be killed by someone else: such a file gets a second, fresh one."""
        reused = self._child is not None
        try:
            return self._exchange(content, self._wall_seconds)
        except _ChildDied as died:
            if reused and died.problem != "timed out":
                return self._ask(content)
            return PdfReading(problem=died.problem)

    def _exchange(self, content: bytes, wall_seconds: float) -> PdfReading:
        if self._child is None:
            self._child = _Child(self._cpu_seconds)
        try:
            self._child.wait_until_ready()
            answer = self._child.ask(content, wall_seconds)
        except BaseException:
            self._drop()
            raise
        if answer.spent:
            self._drop()
        return answer.reading

    def _drop(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _ChildDied(Exception):
    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    reading: PdfReading
    spent: bool


class _Child:
    """The running child: what is sent is a length and a PDF, what comes back a length and JSON."""

    def __init__(self, cpu_seconds: int) -> None:
        command = [sys.executable, "-P", str(CHILD), str(cpu_seconds)]
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        try:
            self._process = subprocess.Popen(  # noqa: S603  our own file, no shell
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
            )
        except OSError as error:
            raise TryAgainLater(f"The process that reads PDFs could not be started ({error.strerror}); the mail is tried again.") from error
        self.ready = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_ready(self) -> None:
        if self.ready:
            return
        with self._killed_after(START_SECONDS):
            ready = self._answers.read(1)
        if ready != READY:
            raise SetupError("The process that reads PDFs does not run: check that pdfplumber and pypdfium2 are installed and load.")
        self.ready = True

    def ask(self, content: bytes, wall_seconds: float) -> _Answer:
        with self._killed_after(wall_seconds) as late:
            try:
                self._documents.write(len(content).to_bytes(8) + content)
                self._documents.flush()
                size = int.from_bytes(self._answers.read(8))
                answer = json.loads(self._answers.read(min(size, LONGEST_ANSWER)))
            except (OSError, ValueError):
                self._process.kill()
                answer = None
        if late.is_set():
            raise _ChildDied("timed out")
        if answer is None:
            raise _ChildDied(ENDINGS.get(self._process.wait(), "damaged"))
        pages = tuple(answer["pages"])
        return _Answer(reading=PdfReading(text="\n".join(pages), pages=pages, problem=answer["problem"]), spent=answer["spent"])

    @contextmanager
    def _killed_after(self, seconds: float) -> Iterator[threading.Event]:
        """Kills the child when the block takes longer, which ends every read and write in it; the event says so."""
        late = threading.Event()

        def kill() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()
            timer.join()

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    @property
    def _documents(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _answers(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout
