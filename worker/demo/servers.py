"""The mail servers on loopback that the demo and the tests run the worker against."""

from worker.demo.imap import ImapServer, Stored
from worker.demo.smtp import Accepted, SmtpServer

__all__ = ["Accepted", "ImapServer", "SmtpServer", "Stored"]
