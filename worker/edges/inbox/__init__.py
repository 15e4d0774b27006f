"""The issuer's mailbox over IMAP: what is new in it, the mails themselves, waking up, filing, and looking a letter up in Sent."""

from worker.edges.connections import Refused, Tls
from worker.edges.inbox.fetching import Fetched
from worker.edges.inbox.mailboxes import Inbox
from worker.edges.inbox.sessions import InboxSettings
from worker.edges.inbox.states import FolderState

__all__ = ["Fetched", "FolderState", "Inbox", "InboxSettings", "Refused", "Tls"]
