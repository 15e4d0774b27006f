"""What may be told of an IMAP error: imaplib puts the server's bytes into its errors, and those can be a piece of somebody's mail."""

from __future__ import annotations

import imaplib
import re

from imapclient.exceptions import LoginError, ProtocolError

from worker.edges.connections import plain

PASSING = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[OVERQUOTA]", "[SERVERBUG]", "[CONTACTADMIN]")
"""Response codes of a server that can't serve anyone just now (RFC 5530 §3): they say nothing about a password or a mail."""

WITHOUT_MAIL = frozenset({"LOGIN", "AUTHENTICATE", "SELECT", "EXAMINE", "CREATE", "MOVE", "COPY", "APPEND"})
"""Commands whose answers carry nothing of a mail, so that the server's reason for refusing one may be told."""

REFUSED = re.compile(r"(?:UID )?([A-Za-z]+) (?:failed: |command error: (?:NO|BAD) )", re.ASCII)
"""How imapclient and imaplib begin when they tell of a tagged NO or BAD."""

_PYTHONS_BYTES = re.compile(r"""\[?\bb(['"])(.*)\1]?""")
"""How imaplib puts a server's line into its errors."""


def passing(error: imaplib.IMAP4.error) -> bool:
    """Whether the error is about the connection or the server's state rather than about what was asked for."""
    return isinstance(error, imaplib.IMAP4.abort) or any(code in str(error).upper() for code in PASSING)


def told(error: imaplib.IMAP4.error) -> str:
    """The error in a few words: the server's own where they are an answer to a command that carries no mail, else only its kind."""
    if isinstance(error, imaplib.IMAP4.abort) or isinstance(error.__context__, imaplib.IMAP4.abort):
        return _breach(str(error))
    refused = REFUSED.match(str(error))
    if isinstance(error, LoginError) or (refused and refused[1].upper() in WITHOUT_MAIL):
        return plain(_PYTHONS_BYTES.sub(r"\2", str(error)))
    if refused and refused[1].upper() in imaplib.Commands:
        return " ".join([refused[1].upper(), "refused", *(code for code in PASSING if code in str(error).upper())])
    return "its answer made no sense" if isinstance(error, ProtocolError) else type(error).__name__


def _breach(said: str) -> str:
    if "socket error" in said:
        return "the line broke"
    return "its answer made no sense" if "unexpected" in said else "it said goodbye"
