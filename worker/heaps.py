"""Keeps the C library's heap from falling to pieces in a process that runs for years."""

from __future__ import annotations

import ctypes

_M_MMAP_THRESHOLD = -3
_LARGE = 128 << 10


def keep_whole() -> None:
    """Have the C library give every large block (128 KiB and more) back to the system as soon as it is let go of.

    glibc starts like this by itself, but moves its line up to 32 MiB with the blocks it meets (mallopt(3), M_MMAP_THRESHOLD). From then
    on what stays lies scattered between the large blocks that reading HTML needs for a moment, and the heap grows by 40 MB with every
    1,000 mails though nothing more is kept in it. Does nothing where the C library has no such setting.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(_M_MMAP_THRESHOLD, _LARGE)
