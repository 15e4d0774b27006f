"""Lets the program be started as ``python -m worker``."""

from worker.cli import start

start()
