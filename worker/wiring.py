"""Builds the real edges from a configuration; the only place that does."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from worker import evenings, intake, proposals, shipped
from worker.config import Config
from worker.core.invoices import Books, Customer
from worker.core.messages import Address
from worker.core.patterns import BadPattern
from worker.core.rules import Rulebook
from worker.edges import books as book_files
from worker.edges import reports, rule_files
from worker.edges.documents import Documents
from worker.edges.inbox import Inbox, InboxSettings
from worker.edges.ledger import ImportReport, Ledger
from worker.edges.letters import Letter, Letters
from worker.edges.outbox import Outbox, OutboxSettings
from worker.edges.outbox.caps import Caps
from worker.edges.pdfs import Reader
from worker.edges.reports import Preface, Report
from worker.errors import SetupError
from worker.evenings import Evening
from worker.explanations import NothingKept, Witness
from worker.handling import Desk, Kept
from worker.intake import Intake
from worker.passes import Round
from worker.posts import Post
from worker.proposals import Archive, Press, Terms
from worker.rehearsals import Rehearsal, Source, in_files, in_mailbox
from worker.schedule import Shift
from worker.states import Routine
from worker.stops import Stop

Clock = Callable[[], datetime]


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def ledger(config: Config, *, clock: Clock | None = None) -> Ledger:
    """The account's ledger, opened; a context manager."""
    return Ledger.open(config.database, account=config.account, now=(clock or now)(), issuer=config.identity)


def rulebook(config: Config | None) -> Rulebook:
    """The rules: the issuer's own before the shipped ones."""
    return rule_files.load(shipped.after(config.rules if config else None, "rules"))


def press(config: Config | None, reader: Reader) -> Press:
    """What invoices and letters are made with: the issuer's own templates before the shipped ones."""
    folders = shipped.after(config.templates if config else None, "templates")
    template = next(path for folder in folders if (path := folder / "invoice.typ").is_file())
    return Press(documents=Documents(template, config.fonts if config else (), reader), letters=Letters(folders))


def inbox(config: Config) -> Inbox:
    """A connection to the mailbox; nothing is said to the server before it is first used."""
    section = config.inbox
    settings = InboxSettings(
        host=section.host, port=section.port, user=section.user, tls=section.tls, folder=section.folder, file_to=section.file_to
    )
    return Inbox(settings, section.password)


def ledger_to_read(config: Config) -> Ledger:
    """The account's ledger as it stands, of which nothing can be changed; a context manager. Raises SetupError where there is none yet."""
    return Ledger.open_to_read(config.database, account=config.account, issuer=config.identity)


@contextmanager
def desk(config: Config, *, clock: Clock | None = None, to_read: bool = False) -> Iterator[Desk]:
    """What a mail is worked on with; ``clock`` is for time that is not this machine's, ``to_read`` keeps the ledger from any change."""
    rules = _compiled(rulebook(config))
    with Reader() as reader, ledger_to_read(config) if to_read else ledger(config, clock=clock) as kept:
        yield Desk(
            ledger=kept,
            rulebook=rules,
            press=press(config, reader),
            terms=terms(config),
            read_pdf=reader.read,
            begin_pdf=reader.begin,
            clock=clock or now,
        )


def terms(config: Config) -> Terms:
    """How the issuer wants it."""
    return Terms(
        sender=config.outbox.sender,
        timezone=config.issuer.zone,
        mode=config.issuer.mode,
        hold_back=timedelta(minutes=config.outbox.hold_back_minutes),
    )


@contextmanager
def shift(config: Config, stop: Stop, *, clock: Clock | None = None) -> Iterator[Shift]:
    """What a worker works with, from its start to its end. Raises SetupError for a letter or an invoice that could not be made."""
    with desk(config, clock=clock) as at, inbox(config) as mailbox:
        at.press.letters.check()
        at.press.documents.check()
        yield Shift(
            round=Round(
                intake=Intake(inbox=mailbox, ledger=at.ledger, folder=config.inbox.folder),
                desk=at,
                post=post(config, at, mailbox).send,
                files=bool(config.inbox.file_to),
                stopping=stop,
            ),
            evening=evening(config, at),
            poll=timedelta(seconds=config.inbox.poll_seconds),
            listener=inbox(config) if config.inbox.idle else None,
        )


def outbox(config: Config) -> Outbox:
    """The mail server that letters are handed to; nothing is said to it before the first letter."""
    section = config.outbox
    caps = Caps(per_minute=section.per_minute)
    settings = OutboxSettings(host=section.host, port=section.port, tls=section.tls, user=section.user or "", caps=caps)
    return Outbox(settings, section.password)


def post(config: Config, at: Desk, mailbox: Inbox) -> Post:
    """What sends letters."""
    return Post(
        outbox=outbox(config),
        ledger=at.ledger,
        inbox=mailbox,
        sent_folder=config.outbox.sent_folder,
        own=frozenset({config.digest.to}),
        clock=at.clock,
    )


def evening(config: Config, at: Desk) -> Evening:
    """To whom the digest goes, and when."""
    return Evening(desk=at, account=config.account, recipient=config.digest.to, at=config.digest.at)


def routine(config: Config) -> Routine:
    """What a worker is to do when."""
    return Routine(poll=timedelta(seconds=config.inbox.poll_seconds), at=config.digest.at, timezone=config.issuer.zone)


def import_books(config: Config, files: Sequence[Path], *, dry_run: bool) -> ImportReport:
    """Bring books from files into the ledger."""
    networks = [network.name for network in rulebook(config).networks]
    with ledger(config) as kept:
        known = {customer.id for customer in kept.books().customers}
        books = book_files.read_books(files, known_customers=known)
        report = kept.import_books(books, dry_run=dry_run)
    return replace(report, notes=(*report.notes, *_unknown_networks(books.customers, networks)))


def _unknown_networks(customers: Iterable[Customer], known: Sequence[str]) -> Iterator[str]:
    for customer in customers:
        for name in sorted(set(customer.networks).difference(known)):
            near = difflib.get_close_matches(name, known, n=1)
            guess = f"did you mean {near[0]}?" if near else f"those with rules are {', '.join(sorted(known))}."
            yield f"{customer.name}: no mail can come from the network {name}, which no rule file knows; {guess}"


def backlog(config: Config, days: int) -> int:
    """Take in the mail of the last days; returns how many messages were new."""
    with ledger(config) as kept, inbox(config) as mailbox:
        return intake.backlog(Intake(inbox=mailbox, ledger=kept, folder=config.inbox.folder), days=days, now=now())


def digest_preview(config: Config) -> Letter:
    """The digest as it would go out at this moment."""
    with desk(config) as at:
        return evenings.preview(evening(config, at))


def invoice_pdf(config: Config, number: str, revision: int | None) -> bytes:
    """An invoice's PDF of that revision, else of the newest. Raises NeedsAPerson where there is none such."""
    with desk(config) as at:
        return proposals.paper(number, revision, books=at.ledger.books(), archive=Kept(at.ledger), press=at.press, terms=at.terms).content


def _compiled(rules: Rulebook) -> Rulebook:
    """``rules``, ready for any mail: what is wrong with them must stop the start, not the first mail that asks them."""
    try:
        rules.compile()
    except BadPattern as error:
        raise SetupError(f"The rules can't be used: {error}.") from error
    return rules


def describe_rules(config: Config | None, folder: Path | None) -> str:
    """What rules there are, in one line, their examples all run; ``folder`` goes before the shipped ones in place of the configured one."""
    rules = rule_files.load(shipped.after(folder, "rules")) if folder else rulebook(config)
    _compiled(rules)
    examples = sum(len(texts) for rule in rules.rules for shown in (rule.examples, rule.counterexamples) for texts in shown.values())
    return f"{len(rules.rules)} rules with {examples} examples, {len(rules.networks)} networks"


@contextmanager
def witness(config: Config | None, books_file: Path | None = None) -> Iterator[Witness]:
    """What explains mails: by the books in a file, without any database, or by those of the ledger, which is only read."""
    with Reader() as reader, _books(config, books_file) as (books, archive):
        yield _witness(config, books, archive, reader)


@contextmanager
def rehearsal(config: Config | None, books_file: Path | None, *, since: Path | None = None, letters: bool = False) -> Iterator[Rehearsal]:
    """What mails are rehearsed with: by the rules as configured, compared with those of ``since``; ``letters`` has them written too."""
    with Reader() as reader, _books(config, books_file) as (books, archive):
        yield Rehearsal(
            books=books,
            rulebook=_compiled(rulebook(config)),
            earlier=rule_files.load(shipped.alone_or_after(since, "rules")) if since else None,
            witness=_witness(config, books, archive, reader) if letters else None,
            read_pdf=reader.read,
        )


@contextmanager
def source(config: Config | None, paths: Sequence[Path], days: int) -> Iterator[Source]:
    """The mails to be rehearsed: those of files, or without any those of the mailbox's last days."""
    if paths:
        yield in_files(paths)
        return
    assert config is not None
    with inbox(config) as mailbox:
        yield in_mailbox(mailbox, config.inbox.folder, days=days, now=now())


def report(config: Config | None, path: Path) -> Report:
    """The page that a rehearsal is told on; a context manager. Raises SetupError for a template that could not be filled in the end."""
    check_report(config)
    return Report(shipped.after(config.templates if config else None, "templates"), path, config.issuer.zone if config else UTC)


def check_report(config: Config | None) -> None:
    """Fill the page's template with specimens; raises SetupError where it is broken."""
    reports.check(shipped.after(config.templates if config else None, "templates"))


def preface(config: Config | None, rehearsal: Rehearsal, place: str, since: Path | None) -> Preface:
    """What stands at the top of that page."""
    own = config.rules if config else None
    return Preface(
        issuer=rehearsal.books.issuer.name,
        made_at=now(),
        place=place,
        rules=f"the rules in {own} and those that come with Addendum" if own else "the rules that come with Addendum",
        compared=f"those in {since}" if since else "",
    )


@contextmanager
def _books(config: Config | None, file: Path | None) -> Iterator[tuple[Books, Archive]]:
    """The books, and where earlier PDFs and amendments of their invoices are found."""
    if file is not None:
        yield book_files.read_books([file]), NothingKept()
    elif config is not None:
        with ledger_to_read(config) as kept:
            yield kept.books(), Kept(kept)
    else:
        raise SetupError("There are no books to judge by: name them with --books FILE, or write a configuration with `addendum init`.")


def _witness(config: Config | None, books: Books, archive: Archive, reader: Reader) -> Witness:
    return Witness(
        books=books,
        rulebook=rulebook(config),
        press=press(config, reader),
        terms=terms(config)
        if config
        else Terms(sender=Address(email=books.issuer.mailbox, name=books.issuer.name), timezone=ZoneInfo("UTC")),
        archive=archive,
        read_pdf=reader.read,
        clock=now,
    )
