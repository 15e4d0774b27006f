"""The memory of a process that lives for years."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

LETS_GO = """
import ctypes

from worker import heaps

class Blocks(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in ("arena", "free", "fast", "mapped", "mapped_bytes", *"abcde")]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Blocks
heaps.keep_whole()
first = bytes(1 << 20)
del first
before = library.mallinfo2().mapped
second = bytes(1 << 20)
print(library.mallinfo2().mapped - before)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="needs glibc 2.33 or newer to be asked")
def test_a_large_block_is_the_systems_again_also_after_one_was_let_go_of() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    command = [sys.executable, "-c", LETS_GO]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)  # noqa: S603  our own program
    assert int(told.stdout) == 1
