"""A process of its own for each thing measured, talked to by lines of JSON, so that no two share memory, warmth or a lock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[1]

Answer = dict[str, Any]


class Partner:
    """``python -m benchmarks.<role>``, from entering to leaving."""

    def __init__(self, role: str) -> None:
        self._role = role

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", f"benchmarks.{self._role}"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def ask(self, **request: Any) -> Answer:
        """What it answers to ``request``. Raises RuntimeError when it ended without one."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process benchmarks.{self._role} ended without an answer")
        answer: Answer = json.loads(line)
        return answer


def answer_all(answer: Callable[..., Answer]) -> None:
    """The other end: answer each line until there are no more. What libraries print goes to stderr."""
    replies, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        replies.write(json.dumps(answer(**json.loads(line))) + "\n")
        replies.flush()


def peak_memory(process: int | str = "self") -> float:
    """The most memory (MB, resident) that a process of this machine has had; 0 for one that is no more."""
    return _status(process, "VmHWM:")


def memory() -> float:
    """The memory (MB, resident) that this process has now."""
    return _status("self", "VmRSS:")


def _status(process: int | str, field: str) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(field)), 0.0)


def processor_seconds(process: int | None) -> float:
    """The processor time that another process of this machine has taken so far; 0 for none."""
    try:
        status = Path(f"/proc/{process}/stat").read_text() if process else ""
    except OSError:
        return 0.0
    numbers = status.rpartition(")")[2].split()
    return sum(map(int, numbers[11:13])) / os.sysconf("SC_CLK_TCK") if numbers else 0.0
