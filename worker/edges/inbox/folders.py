"""The mailbox's folders: their names in the server's own manner, the one for sent mail, and moving mail between them."""

from __future__ import annotations

import difflib
import imaplib
from collections.abc import Sequence
from email.parser import BytesHeaderParser

from imapclient import DELETED, IMAPClient
from imapclient.imapclient import SENT

from worker.edges.connections import Refused, plain
from worker.edges.inbox.failures import told
from worker.edges.inbox.fetching import chunks

MOVED_AT_ONCE = 500
SEALED = "X-ADDENDUM-ID"
"""The header that repeats a letter's Message-ID without its brackets."""


def names(client: IMAPClient) -> list[str]:
    """The folders that can be opened."""
    return [name for flags, _, name in client.list_folders() if not {b"\\Noselect", b"\\NonExistent"} & set(flags)]


def missing(client: IMAPClient, wanted: str) -> Refused:
    """The error that names the folders which the user may have meant."""
    known = names(client)
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5) or known[:8]
    return Refused(
        f'There is no folder "{plain(wanted)}" in the mailbox; there are {", ".join(plain(name) for name in near)}. Check [inbox] folder.'
    )


def nested(client: IMAPClient, path: str) -> str:
    """``path`` (written with "/") below the user's personal namespace, with the server's own delimiter (RFC 2342)."""
    prefix, delimiter = "", "/"
    if client.has_capability("NAMESPACE") and (personal := client.namespace().personal):
        prefix, delimiter = personal[0]
    elif root := client.list_folders("", ""):
        delimiter = plain(root[0][1] or b"")
    name = (delimiter or "-").join(path.split("/"))
    return name if name.startswith(prefix) else prefix + name


def make(client: IMAPClient, name: str) -> None:
    """Make the folder unless it is there. Raises Refused where the server won't have it."""
    if client.folder_exists(name):
        return
    try:
        client.create_folder(name)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        if not client.folder_exists(name):
            raise Refused(f'The folder "{name}" can\'t be made ({told(error)}); make it by hand, or set [inbox] file_to = "".') from error
    client.subscribe_folder(name)


def move(client: IMAPClient, uids: Sequence[int], name: str) -> None:
    """Move mails of the open folder, with one command for each 500.

    Without MOVE (RFC 6851) they are copied, and taken away only where UIDPLUS can expunge just these (RFC 4315): a plain EXPUNGE would also
    take what a person has marked as deleted.
    """
    for some in chunks(uids, MOVED_AT_ONCE):
        present = client.search(["UID", ",".join(map(str, some))])
        if not present:
            continue
        if client.has_capability("MOVE"):
            client.move(present, name)
            continue
        client.copy(present, name)
        if client.has_capability("UIDPLUS"):
            client.add_flags(present, [DELETED], silent=True)
            client.uid_expunge(present)


def sent(client: IMAPClient, wanted: str) -> list[str]:
    """The folders where sent mail may be kept: the one called ``wanted``, and the one that the server marks as such (RFC 6154).

    Mailboxes that have moved often hold both, and the server's copies go into the second.
    """
    likely = (wanted, nested(client, wanted), client.find_special_folder(SENT))
    known = names(client)
    return [name for name in dict.fromkeys(likely) if name in known]


def holds(client: IMAPClient, message_id: str) -> bool:
    """Whether the open folder has a mail with exactly this Message-ID, or a letter that was sealed with it: relays put their own there."""
    sealed = message_id.strip("<>")
    for uids in chunks(client.search(f'OR HEADER Message-ID "{message_id}" HEADER {SEALED} "{sealed}"'), 50):
        for answer in client.fetch(uids, [f"BODY.PEEK[HEADER.FIELDS (MESSAGE-ID {SEALED})]"]).values():
            header = next((said for name, said in answer.items() if name.startswith(b"BODY[HEADER.FIELDS")), None)
            fields = BytesHeaderParser().parsebytes(header or b"")
            if message_id in str(fields["Message-ID"]).split() or str(fields[SEALED]).strip() == sealed:
                return True
    return False
