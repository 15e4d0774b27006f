"""What must be so before the worker starts: each thing looked at, said in one line, with what to do where it is not."""

from __future__ import annotations

import asyncio
import difflib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from worker import config as configuration
from worker import proposals, shipped, wiring
from worker.config import Config
from worker.core import invoices, specimens
from worker.edges import words
from worker.edges.pdfs import Reader
from worker.errors import AddendumError, NeedsAPerson, SetupError
from worker.proposals import Press

OK, ADVICE, FAILED = "ok", "advice", "failed"
CLOCK_CHANGES = (time(1, 0), time(4, 0))
_WORDS = Path("letters", "words")
_SLIP = 0.9
"""How alike a name and a slip of it are (difflib's ratio): a letter or two off, in a path like letters/amend.txt.j2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; ``state`` is "ok", "advice" (works, but think of it) or "failed"."""

    what: str
    state: str
    says: str


def run(path: Path, *, offline: bool) -> Iterator[Finding]:
    """Look at everything that the configuration at ``path`` names; ``offline`` leaves out what is not on this machine, and passwords."""
    try:
        config = configuration.load(path)
    except AddendumError as error:
        yield from (Finding(what="configuration", state=FAILED, says=line) for line in str(error).splitlines())
        return
    yield Finding(what="configuration", state=OK, says=f"{path} is complete")
    yield from _advice(config)
    yield from _looked_at("rules", lambda: [wiring.describe_rules(config, None)])
    yield from _looked_at("templates", lambda: _templates(config))
    if config.templates is not None:
        with suppress(SetupError):  # a broken file was told of just now
            yield from _misspelt(config.templates)
    yield from _database(config, offline=offline)
    if not offline:
        yield from _looked_at("inbox", lambda: _inbox(config))
        yield from _looked_at("outbox", lambda: asyncio.run(wiring.outbox(config).check()))


def _looked_at(what: str, look: Callable[[], Iterable[str]]) -> Iterator[Finding]:
    try:
        for line in look():
            yield Finding(what=what, state=OK, says=line)
    except AddendumError as error:
        yield Finding(what=what, state=FAILED, says=str(error))


def _advice(config: Config) -> Iterator[Finding]:
    if not config.inbox.trusted_authserv:
        yield Finding(
            what="inbox", state=ADVICE, says="trusted_authserv is empty: no sender can be proven, and mail on invoices waits for a person"
        )
    if CLOCK_CHANGES[0] <= config.digest.at < CLOCK_CHANGES[1]:
        yield Finding(
            what="digest", state=ADVICE, says="at lies between 01:00 and 03:59, where clocks change; the digest may come an hour off"
        )
    for name, file in (("inbox", config.inbox.password_file), ("outbox", config.outbox.password_file)):
        if file is not None and file.is_file() and file.stat().st_mode & 0o077:
            yield Finding(what=name, state=ADVICE, says=f"others can read {file}; chmod 600 it")


def _misspelt(own: Path) -> Iterator[Finding]:
    """A template of one's own takes the place of the shipped one of its name only: a slip of the pen would change nothing, silently."""
    names, owned = _template_names(shipped.folder("templates")), _template_names(own)
    for name, near in _slips(owned, names):
        yield Finding(what="templates", state=ADVICE, says=f"{own / name} takes no template's place; did you mean {near}?")
    for file in sorted((own / _WORDS).glob("*.toml")):
        for name, near in _slips(words.names(file), words.names(shipped.folder("templates") / _WORDS / "en.toml")):
            yield Finding(what="templates", state=ADVICE, says=f"{file}: {name} takes no sentence's place; did you mean {near}?")


def _slips(own: set[str], known: set[str]) -> Iterator[tuple[str, str]]:
    """Each name that is nearly a known one, which is not there itself, and that one."""
    for name in sorted(own - known):
        for near in difflib.get_close_matches(name.lower(), known - own, n=1, cutoff=_SLIP):
            yield name, near


def _template_names(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for kind in ("*.typ", "*.j2") for file in folder.rglob(kind)}


def _templates(config: Config) -> Iterator[str]:
    with Reader() as reader:
        press = wiring.press(config, reader)
        press.letters.check()
        yield f"letters can be written ({', '.join(press.letters.languages)}), and the digest"
        wiring.check_report(config)
        yield "a report of a rehearsal can be written"
        _print_specimen(config, press)
        yield "an invoice can be printed, amended and read back"


def _print_specimen(config: Config, press: Press) -> None:
    issued, customer = specimens.WITHOUT_PO, specimens.CUSTOMER
    amended, amendment = invoices.amend(
        issued, specimens.PO, customer, requested_by=customer.contacts[0], applied_by=proposals.WORKER, applied_at=specimens.EVENING
    )
    zone = config.issuer.zone
    before = press.documents.render(issued, issuer=config.identity, customer=customer, amendments=[], timezone=zone)
    after = press.documents.render(amended, issuer=config.identity, customer=customer, amendments=[amendment], timezone=zone)
    press.documents.prove(before, after, invoice=amended, amendment=amendment)


def _database(config: Config, *, offline: bool) -> Iterator[Finding]:
    file = Path(config.database.removeprefix("sqlite:///")) if config.database.startswith("sqlite:") else None
    if file is None and offline:
        yield Finding(what="database", state=ADVICE, says="not looked at: it may be on another machine")
    elif file is not None and not file.exists():
        yield from _looked_at("database", lambda: [_place_for(file)])
    else:
        yield from _looked_at("database", lambda: _ledger(config))


def _place_for(file: Path) -> str:
    if not file.parent.is_dir():
        raise SetupError(f"The folder {file.parent} does not exist; make it, or name another in `database`.")
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise SetupError(f"The folder {file.parent} cannot be written to; give this user the right, or name another in `database`.")
    return f"{file} is not there yet and will be made at the first start"


def _ledger(config: Config) -> Iterator[str]:
    with wiring.ledger(config) as ledger:
        books = ledger.books()
        yield f"open, with {len(books.customers)} customers and {len(books.invoices)} invoices"
        if problems := ledger.verify_chain():
            raise NeedsAPerson(f"The audit trail is not sound: {' '.join(problems)}")
        yield "the audit trail is sound"


def _inbox(config: Config) -> list[str]:
    with wiring.inbox(config) as mailbox:
        return mailbox.check()
