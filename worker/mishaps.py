"""An unexpected exception in one line that names its kind and its place in our code, and nothing that a mail may have put into it."""

from __future__ import annotations

import traceback
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def sentence(error: BaseException) -> str:
    """What went wrong, for a person, a log or the digest; an exception's own text may quote a mail and is left out."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if PACKAGE in Path(frame.filename).resolve().parents]
    place = f" at {Path(ours[-1].filename).resolve().relative_to(PACKAGE)}:{ours[-1].lineno}" if ours else ""
    return f"An error inside Addendum ({type(error).__name__}{place})."
