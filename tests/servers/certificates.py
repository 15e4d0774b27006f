"""Certificates for servers on loopback, by an authority of their own."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, kw_only=True)
class Certificates:
    """Files in PEM: the authority (for SSL_CERT_FILE), and a server's certificate and key for localhost and 127.0.0.1."""

    authority: Path
    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """A context for a server that shows this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def issue(folder: Path) -> Certificates:
    """A new authority and one certificate by it, written into ``folder``."""
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    paths = Certificates(authority=folder / "authority.pem", certificate=folder / "server.pem", key=folder / "server.key")
    authority.cert_pem.write_to_path(str(paths.authority))
    paths.certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(str(paths.key))
    return paths
