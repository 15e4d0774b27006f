"""Judging mail without doing anything: the mails of files or of the mailbox, by the rules of today or by two sets of them."""

from worker.rehearsals.cards import card
from worker.rehearsals.judging import Judged, Rehearsal, answer, decided
from worker.rehearsals.mailboxes import in_mailbox
from worker.rehearsals.showing import Tally, shown
from worker.rehearsals.sources import Mail, Source, in_files, read_mail

__all__ = ["Judged", "Mail", "Rehearsal", "Source", "Tally", "answer", "card", "decided", "in_files", "in_mailbox", "read_mail", "shown"]
