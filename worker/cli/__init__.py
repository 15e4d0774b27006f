"""The command line: each verb is one call into the program."""

from worker.cli.program import main, start

__all__ = ["main", "start"]
