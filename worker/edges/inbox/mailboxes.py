"""The inbox as a pass uses it: open the folder, ask what is new, take it, wait, file it, look a letter up."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from types import TracebackType
from typing import Self

import structlog
from imapclient import IMAPClient
from imapclient.datetime_util import format_criteria_date

from worker.edges.connections import plain
from worker.edges.inbox import fetching, folders, idling, states
from worker.edges.inbox.fetching import Fetched
from worker.edges.inbox.sessions import InboxSettings, Session
from worker.edges.inbox.states import FolderState
from worker.errors import TryAgainLater

log = structlog.get_logger()

MESSAGE_ID = re.compile(r'<[^\s<>"\\\x00-\x20\x7f-\U0010ffff]+>')


class Inbox:
    """One mailbox over one connection, opened when first needed and again after an error; for one thread at a time.

    Every method may raise TryAgainLater (the line or the server failed) or Refused, a SetupError (sign-in, certificate, port, folder).
    """

    def __init__(self, settings: InboxSettings, password: Callable[[], str]) -> None:
        self._settings = settings
        self._session = Session(settings, password)
        self._state: FolderState | None = None
        self._next_known = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def select(self) -> FolderState:
        """Open the folder, for reading only, and say how it stands now; the other methods then go by its UIDs."""
        with self._session.talking() as client:
            self._state = states.look(client, self._session, self._settings.folder, self._state)
            self._next_known = self._state.uidnext
            return self._state

    def new_uids(self, after: int) -> list[int]:
        """The UIDs above ``after``, ascending."""
        with self._reading() as (client, state):
            if state.uidnext == after + 1:
                return []
            found = states.search(client, f"UID {after + 1}:*", state, most=state.uidnext - after)
            # RFC 9051 §6.4.8: "n:*" always holds the last mail, even where its UID is below n.
            new = sorted(uid for uid in found if uid > after)
            self._next_known = max([self._next_known, *(uid + 1 for uid in new[-1:])])
            return new

    def since(self, day: date) -> list[int]:
        """The UIDs of all mail that the server received on ``day`` or later, ascending."""
        with self._reading() as (client, state):
            return sorted(states.search(client, f"SINCE {format_criteria_date(day).decode()}", state, most=state.exists))

    def sizes(self, uids: Iterable[int]) -> dict[int, int]:
        """The size in bytes of each of these mails that is still there."""
        with self._reading() as (client, _):
            return fetching.sizes(client, uids)

    def fetch(self, uids: Iterable[int]) -> Iterator[Fetched]:
        """The mails, in batches of at most 50 and 8 MB, none marked as read; those deleted meanwhile are left out."""
        sizes = self.sizes(uids)
        for batch in fetching.batches(sizes):
            with self._reading() as (client, _):
                mails = list(fetching.fetch(client, batch, sizes))
            yield from mails

    def move(self, uids: Sequence[int], destination: str, *, uidvalidity: int) -> None:
        """Put mails of the folder under ``file_to`` into ``destination`` ("Done", "Waiting"); those gone meanwhile are no error.

        Nothing is moved where ``file_to`` is "" or the folder's UIDs are no longer of ``uidvalidity``: they would then name other mails.
        """
        if not self._settings.file_to or not uids:
            return
        with self._session.talking() as client:
            name = folders.nested(client, f"{self._settings.file_to}/{destination}")
            folders.make(client, name)
            state = states.enter(client, self._session, self._settings.folder, readonly=False)
            if state.uidvalidity == uidvalidity:
                folders.move(client, uids, name)
                log.info("mail filed", folder=name, mails=len(uids))
            self._session.opened = None

    def find_sent(self, message_id: str, sent_folder: str) -> bool | None:
        """Whether the letter with this Message-ID lies in the folder for sent mail, or the one that the server marks so; None without any.

        Raises ValueError for what is not a Message-ID that we make, so that no text of a stranger becomes part of a command.
        """
        if MESSAGE_ID.fullmatch(message_id) is None:
            raise ValueError("not a Message-ID of ours")
        with self._session.talking() as client:
            likely = folders.sent(client, sent_folder)
            return any(self._holds(client, name, message_id) for name in likely) if likely else None

    def idle(self, seconds: float, stop: threading.Event) -> bool:
        """Whether something came into the folder since it was last selected, waiting at most ``seconds``; ``stop`` ends it within a second.

        A server without IDLE is only waited for. A wake-up may be early, late or missing: the poll is the truth.
        """
        end = time.monotonic() + seconds
        while not stop.is_set() and (left := end - time.monotonic()) > 0:
            if self._idle(min(left, idling.REARM_SECONDS), stop):
                return True
        return False

    def check(self) -> list[str]:
        """What the server is and can do, as lines for a person."""
        settings = self._settings
        with self._session.talking() as client:
            state = states.enter(client, self._session, settings.folder)
            offered = [name for name in ("IDLE", "MOVE", "UIDPLUS") if client.has_capability(name)]
            return [
                f"{settings.host}:{settings.port} ({settings.tls}) says: {plain(client.welcome)}",
                f"signed in as {settings.user}; offers {', '.join(offered) or 'none'} of IDLE, MOVE, UIDPLUS",
                f"{settings.folder} holds {state.exists} mails",
                f"folders: {', '.join(plain(name) for name in folders.names(client))}",
            ]

    def close(self) -> None:
        """Sign out; the next call opens a new connection."""
        self._session.close()

    def _idle(self, seconds: float, stop: threading.Event) -> bool:
        with self._session.talking() as client:
            state = states.look(client, self._session, self._settings.folder, self._state)
            if self._state is not None and (state.uidvalidity != self._state.uidvalidity or state.uidnext > self._next_known):
                return True
            if not client.has_capability("IDLE"):
                stop.wait(seconds)
                return False
            woken = idling.wait(client, seconds, stop)
            if stop.is_set():
                self._session.drop()
            return woken

    def _holds(self, client: IMAPClient, folder: str, message_id: str) -> bool:
        states.enter(client, self._session, folder)
        return folders.holds(client, message_id)

    @contextmanager
    def _reading(self) -> Iterator[tuple[IMAPClient, FolderState]]:
        with self._session.talking() as client:
            if self._state is None:
                self._state = states.enter(client, self._session, self._settings.folder)
            elif self._session.opened != self._settings.folder:
                state = states.enter(client, self._session, self._settings.folder)
                if state.uidvalidity != self._state.uidvalidity:
                    raise TryAgainLater(f"The folder {self._settings.folder} was made anew meanwhile; the pass begins again.")
            yield client, self._state
