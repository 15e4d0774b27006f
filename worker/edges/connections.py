"""How a mail server is reached: the three TLS modes, and one sentence for each way in which that can fail."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from enum import StrEnum

from worker.errors import AddendumError, SetupError, TryAgainLater

CONNECT_SECONDS = 15.0
READ_SECONDS = 60.0


class Tls(StrEnum):
    """How a connection is kept private: from its first byte, after STARTTLS, or (on this machine only) not at all."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


class Refused(SetupError):
    """The server does not take what the configuration says: an error at the start, while running one to try again with back-off."""


def require_privacy(section: str, host: str, tls: Tls) -> None:
    """Raise SetupError where a password would cross a network in the clear; ``section`` is the part of config.toml that says so."""
    if tls is Tls.NONE and not _is_loopback(host):
        raise SetupError(f'[{section}] tls = "none" is for servers on this machine only, not for {host}; use "implicit" or "starttls".')


def tls_context() -> ssl.SSLContext:
    """A context that verifies the server's certificate and name against the system's authorities (or SSL_CERT_FILE)."""
    return ssl.create_default_context()


def explain(error: BaseException, *, section: str, host: str, port: int) -> AddendumError:
    """The error of ours that says what a socket or TLS error means for the person who wrote ``section`` of config.toml."""
    place = f"{host}:{port}"
    match error:
        case ssl.SSLCertVerificationError():
            return Refused(
                f"The certificate of {place} can't be trusted ({error.verify_message}); check [{section}] host, "
                "or set SSL_CERT_FILE to the file of your own authority."
            )
        case ssl.SSLError():
            return Refused(
                f'{place} does not speak TLS as [{section}] tls says ({error.reason or "no reason given"}); try "implicit" or "starttls".'
            )
        case socket.gaierror():
            return Refused(f"There is no server called {host}; check [{section}] host and this machine's DNS.")
        case ConnectionRefusedError():
            return Refused(f"Nothing answers at {place}; check [{section}] host and port, and whether that server is up.")
        case TimeoutError():
            return TryAgainLater(f"{place} did not answer in time; it is tried again.")
        case _:
            return TryAgainLater(f"The connection to {place} broke ({plain(str(error) or type(error).__name__)}); it is tried again.")


def plain(text: str | bytes, *, limit: int = 200) -> str:
    """What a server said as one short printable line."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join("".join(character if character.isprintable() else " " for character in said).split())[:limit]


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
