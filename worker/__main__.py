"""Lets the program be started as ``python -m worker``."""

from worker.cli import main

main()
