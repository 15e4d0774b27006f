"""config.toml as one frozen Config; whatever is wrong in it stops the start with its file, line and key."""

from worker.config.files import load
from worker.config.logins import Login
from worker.config.sections import Config, DigestSection, InboxSection, IssuerSection, OutboxSection

__all__ = ["Config", "DigestSection", "InboxSection", "IssuerSection", "Login", "OutboxSection", "load"]
