"""An IMAP server on loopback that lives inside this process (pymap), for the demo and for tests."""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, Self
from uuid import uuid4

from proxyprotocol.result import ProxyResultUnknown
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from worker.demo.loops import LoopThread

Tls = Literal["none", "implicit", "starttls"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A message as it lies in a folder of a mail server; ``flags`` as IMAP writes them ("\\Seen")."""

    uid: int
    content: bytes
    flags: frozenset[str]


class ImapServer:
    """An IMAP server with the given users and passwords, from entering to leaving.

    ``without`` names capabilities that it does not offer ("IDLE", "MOVE", "UIDPLUS"), as lesser servers don't.
    """

    host = "127.0.0.1"

    def __init__(
        self, passwords: Mapping[str, str], *, tls: Tls = "none", context: ssl.SSLContext | None = None, without: Collection[str] = ()
    ) -> None:
        self._tls = tls
        self._context = context
        self._config = _Config(context=context, starttls=tls == "starttls", without=without)
        self._login = Login(self._config)
        for user, password in passwords.items():
            self._login.users_dict[user] = UserMetadata(self._config, user, password=password)
            self._config.set_cache[user] = (MailboxSet(), FilterSet())
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._thread = LoopThread("imap-server")
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.__enter__()
        self._thread.run(self._start())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._thread.run(self._stop())
        self._thread.__exit__(kind, error, trace)

    def deliver(self, user: str, content: bytes, *, folder: str = "INBOX", at: datetime | None = None) -> int:
        """The UID of ``content`` after putting it into the folder (made if missing), as mail arrives."""
        return self._thread.run(self._deliver(user, content, folder, at or datetime.now(UTC)))

    def stored(self, user: str, folder: str = "INBOX") -> list[Stored]:
        """What lies in the folder, oldest first; nothing where there is no such folder."""
        return self._thread.run(self._stored(user, folder))

    def folders(self, user: str) -> list[str]:
        """The names of the user's folders."""
        return self._thread.run(self._folders(user))

    def drop_connections(self) -> None:
        """Break every connection without a word, as a lost line does."""
        self._thread.run(self._drop_connections())

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._converse, self.host, 0, ssl=self._context if self._tls == "implicit" else None)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # The task is kept: pymap's own way in holds no reference to it, and Python 3.12+ may then collect a live connection.
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a connection is always served by a task")
        self._connections[task] = writer
        try:
            peer = SocketInfo.get(writer, ProxyResultUnknown(), unique_id=uuid4().bytes)
            await IMAPServer(self._login, self._config)(reader, writer, peer)
        finally:
            del self._connections[task]
            writer.close()

    async def _stop(self) -> None:
        self._server.close()
        await self._drop_connections()
        await self._server.wait_closed()

    async def _drop_connections(self) -> None:
        tasks = tuple(self._connections)
        for writer in tuple(self._connections.values()):
            writer.transport.abort()
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)

    async def _folder(self, user: str, name: str) -> MailboxData:
        folders, _ = self._config.set_cache[user]
        return await folders.get_mailbox(name)

    async def _deliver(self, user: str, content: bytes, name: str, at: datetime) -> int:
        if name not in await self._folders(user):
            await self._config.set_cache[user][0].add_mailbox(name)
        folder = await self._folder(user, name)
        message = await folder.append(AppendMessage(content, at), recent=True)
        return message.uid

    async def _stored(self, user: str, name: str) -> list[Stored]:
        if name not in await self._folders(user):
            return []
        folder = await self._folder(user, name)
        return [
            Stored(uid=message.uid, content=bytes(message._content or b""), flags=frozenset(map(str, message.permanent_flags)))
            async for message in folder.messages()
        ]

    async def _folders(self, user: str) -> list[str]:
        tree = await self._config.set_cache[user][0].list_mailboxes()
        return [entry.name for entry in tree.list() if entry.exists]


class _Config(Config):
    """pymap set up for quick starts: no hashing of passwords, no threads, no DNS."""

    greeting = b"ready"

    def __init__(self, *, context: ssl.SSLContext | None, starttls: bool, without: Collection[str]) -> None:
        self._without = frozenset(name.encode() for name in without)
        super().__init__(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=ImapServer.host,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            tls_enabled=starttls,
            ssl_context=context,
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
            invalid_user_sleep=0.0,
        )

    @property
    def login_capability(self) -> Sequence[bytes]:
        return [name for name in super().login_capability if name not in self._without]
