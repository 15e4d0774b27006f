"""How a folder stands: opened once, then asked what changed, and searched without asking for more than a line can hold."""

from __future__ import annotations

import imaplib
from dataclasses import dataclass, replace

from imapclient import IMAPClient

from worker.edges.connections import Refused
from worker.edges.inbox import folders
from worker.edges.inbox.sessions import Session

SEARCH_WINDOW = 50_000
"""imaplib takes no answer line above 1,000,000 bytes, which a search with some 90,000 hits would need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderState:
    """A folder as just opened: the validity of its UIDs, the next UID to be given (RFC 9051 §2.3.1.1), how many mails it holds.

    ``guessed`` is true where the server does not tell the next UID: it then falls when the newest mail goes.
    """

    uidvalidity: int
    uidnext: int
    exists: int
    guessed: bool = False


def look(client: IMAPClient, session: Session, name: str, before: FolderState | None) -> FolderState:
    """How the folder stands now. Where it is open already that is asked without opening it again, which takes long in a large one."""
    if before is None or session.opened != name:
        return enter(client, session, name)
    client.noop()
    _said(client, "FETCH")  # what others did to flags; it would pile up
    if _said(client, "EXPUNGE") is not None:
        return enter(client, session, name)
    newest = max(client.search(f"UID {before.uidnext}:*"), default=0)
    exists = _said(client, "EXISTS") or before.exists
    return replace(before, uidnext=max(before.uidnext, newest + 1), exists=int(exists))


def enter(client: IMAPClient, session: Session, name: str, *, readonly: bool = True) -> FolderState:
    """Open the folder. Raises Refused where there is none, naming those that are near, or where its mails have no lasting numbers."""
    try:
        answer = client.select_folder(name, readonly=readonly)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        if client.folder_exists(name):
            raise
        raise folders.missing(client, name) from error
    session.opened = name
    if b"UIDVALIDITY" not in answer:
        raise Refused("The IMAP server gives its mails no lasting numbers (UIDVALIDITY); Addendum can't work safely with it.")
    told = answer.get(b"UIDNEXT")
    uidnext = told or max(client.search("UID *"), default=0) + 1
    return FolderState(uidvalidity=answer[b"UIDVALIDITY"], uidnext=uidnext, exists=answer[b"EXISTS"], guessed=not told)


def search(client: IMAPClient, criteria: str, state: FolderState, *, most: int) -> list[int]:
    """The UIDs that match, of which there can be ``most``."""
    if min(most, state.exists) <= SEARCH_WINDOW:
        return list(client.search(criteria))
    found: set[int] = set()
    # From the end, because mails deleted meanwhile only move others towards the beginning: one may be found twice, none is missed.
    for last in range(state.exists, 0, -SEARCH_WINDOW):
        found.update(client.search(f"{max(1, last - SEARCH_WINDOW + 1)}:{last} {criteria}"))
    return list(found)


def _said(client: IMAPClient, what: str) -> bytes | None:
    """The last thing that the server said about ``what`` without being asked."""
    said: bytes | None = client._imap.response(what)[1][-1]
    return said
