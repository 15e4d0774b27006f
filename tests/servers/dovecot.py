"""A private Dovecot 2.3 on loopback, as root or not, whose Maildir folders can be filled by writing files."""

from __future__ import annotations

import getpass
import grp
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pytest

from tests.servers.certificates import Certificates

PASSWORD = "correct-horse"  # noqa: S105  of servers that live for a test

CONFIGURATION = """\
base_dir = {root}/run
state_dir = {root}/state
instance_name = {name}
protocols = imap
listen = 127.0.0.1
log_path = {root}/log
ssl = yes
ssl_cert = <{certificates.certificate}
ssl_key = <{certificates.key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{root}/mail/%u
mail_max_userip_connections = 500
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={root}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
  mailbox {prefix}Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def program() -> str:
    """Where Dovecot is. Skips the test where there is none, unless ADDENDUM_REQUIRE_SERVERS=1 makes that a failure."""
    path = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout if path else ""  # noqa: S603  a program we chose
    if path and version.startswith("2.3"):
        return path
    reason = f"Dovecot 2.3 is not installed (found: {version.strip() or 'none'}); apt-get install dovecot-imapd"
    if os.environ.get("ADDENDUM_REQUIRE_SERVERS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


class Dovecot:
    """From entering to leaving; any user name signs in with PASSWORD and has a mailbox of its own.

    ``separator`` and ``prefix`` are those of its namespace ("." and "INBOX." as on Courier and Cyrus, say).
    """

    host = "127.0.0.1"

    def __init__(self, certificates: Certificates, *, separator: str = "/", prefix: str = "") -> None:
        self._program = program()
        self._certificates = certificates
        self._separator = separator
        self._prefix = prefix
        self._numbers = itertools.count(1)
        self._mail_user = "mail" if os.geteuid() == 0 else getpass.getuser()
        self.port, self.tls_port = _free_ports()
        self.starttls_port = self.port

    def __enter__(self) -> Self:
        self.root = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.root.chmod(0o755)
        self._own(self._make(self.root / "mail"))
        configuration = self.root / "dovecot.conf"
        configuration.write_text(CONFIGURATION.format_map(self._facts()))
        self._process = subprocess.Popen([self._program, "-F", "-c", str(configuration)], stderr=subprocess.DEVNULL)  # noqa: S603  a program we chose
        self._wait_until_ready()
        return self

    def __exit__(self, *failure: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def deliver(self, user: str, content: bytes, *, folder: str = "INBOX", at: datetime | None = None) -> None:
        """As mail arrives: a file, written whole, then moved into the folder (maildir(5)); its time is the INTERNALDATE."""
        home = self._make_home(user)
        place = home if folder == "INBOX" else home / f".{folder.replace(self._separator, '.')}"
        for part in ("tmp", "new", "cur"):
            self._own(self._make(place / part))
        self._own(place)
        name = f"{time.time():.6f}.N{next(self._numbers):07}.test"
        written = place / "tmp" / name
        written.write_bytes(content)
        self._own(written)
        moment = (at or datetime.now(UTC)).timestamp()
        os.utime(written, (moment, moment))
        written.rename(place / "new" / name)

    def drop_connections(self) -> None:
        """Kill the processes that serve signed-in users, as a crash does."""
        for process in Path("/proc").glob("[0-9]*"):
            if self._is_session(process):
                os.kill(int(process.name), signal.SIGKILL)

    def log(self) -> str:
        """What Dovecot has to say."""
        return (self.root / "log").read_text()

    def _is_session(self, process: Path) -> bool:
        try:
            status = (process / "stat").read_text()
        except OSError:
            return False
        before, _, after = status.rpartition(")")
        return before.partition("(")[2] in ("imap", "imap-login") and int(after.split()[1]) == self._process.pid

    def _facts(self) -> Mapping[str, object]:
        as_root = os.geteuid() == 0
        account = pwd.getpwnam(self._mail_user)
        group = grp.getgrgid(account.pw_gid).gr_name
        return {
            "root": self.root,
            "name": self.root.name,
            "certificates": self._certificates,
            "password": PASSWORD,
            "internal_user": "dovecot" if as_root else account.pw_name,
            "internal_group": "dovecot" if as_root else group,
            "login_user": "dovenull" if as_root else account.pw_name,
            "mail_user": account.pw_name,
            "mail_group": group,
            "separator": self._separator,
            "prefix": self._prefix,
            "port": self.port,
            "tls_port": self.tls_port,
        }

    def _make_home(self, user: str) -> Path:
        home = self.root / "mail" / user
        self._own(self._make(home))
        return home

    def _make(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, self._mail_user, "mail")

    def _wait_until_ready(self) -> None:
        for _ in range(200):
            try:
                with socket.create_connection((self.host, self.port), timeout=5) as line:
                    if line.recv(4) == b"* OK":
                        return
            except OSError:
                pass
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        self.__exit__()
        pytest.fail("Dovecot did not start")


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]
