"""Logs to stderr, for a person on a terminal and as JSON lines elsewhere; events and numbers, never a mail's text or a secret."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import Processor

SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def start(*, stream: TextIO | None = None, quiet: bool = False) -> None:
    """Log to ``stream`` (stderr unless told) from now on; ``quiet`` leaves warnings and errors only."""
    target = stream or sys.stderr
    level = logging.WARNING if quiet else logging.INFO
    structlog.configure(
        processors=[*SHARED, _renderer(target)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    _silence_libraries()


def _renderer(target: TextIO) -> Processor:
    if target.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer(sort_keys=False)


def _silence_libraries() -> None:
    # What libraries log of a mail or a PDF is its content; what goes wrong in them reaches the log as our own errors.
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
    root.setLevel(logging.CRITICAL)
