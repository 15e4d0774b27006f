"""The memory of a process that lives for years."""

from __future__ import annotations

import subprocess
import sys

import pytest

LETS_GO = """
import ctypes
import sys

from worker import heaps

class Blocks(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in ("arena", "free", "fast", "mapped", "mapped_bytes", *"abcde")]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Blocks
if sys.argv[1] == "kept whole":
    heaps.keep_whole()
first = bytes(1 << 20)
del first
before = library.mallinfo2().mapped
second = bytes(1 << 20)
print(library.mallinfo2().mapped - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs the C library of Linux")
@pytest.mark.parametrize(("asked", "mapped"), [("kept whole", 1), ("as it comes", 0)])
def test_a_large_block_is_the_systems_again_also_after_one_was_let_go_of(asked: str, mapped: int) -> None:
    command = [sys.executable, "-c", LETS_GO, asked]
    told = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603  our own program
    assert int(told.stdout) == mapped
