"""The two ways in which a letter does not get through: the server turned it away, or nobody can tell."""

from __future__ import annotations

from worker.edges.connections import plain


class Turned(Exception):
    """The server said no to this letter; ``passing`` where it may say yes later (4xx, RFC 5321 §4.2.1)."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {plain(text)}")
        self.passing = code < 500


class Lost(Exception):
    """The connection broke, fell silent or spoke nonsense; how far the letter got depends on the step."""

    def __init__(self, text: str, *, silent: bool = False) -> None:
        super().__init__(text)
        self.silent = silent
