"""What databases complain about, said as a sentence that tells a person what to do; never with a password in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc
from sqlalchemy.engine import URL

from worker.errors import AddendumError, NeedsAPerson, SetupError, TryAgainLater

_LATER, _SETUP = TryAgainLater, SetupError

_SQLITE = {
    "SQLITE_BUSY": (_LATER, "The database {place} is locked by another program; close that program, or wait until it is done."),
    "SQLITE_LOCKED": (_LATER, "The database {place} is locked by another program; close that program, or wait until it is done."),
    "SQLITE_FULL": (_LATER, "The disk with the database {place} is full; free some space, nothing was lost."),
    "SQLITE_IOERR": (_LATER, "The disk with the database {place} gives errors; look at the disk and its free space."),
    "SQLITE_READONLY": (
        _SETUP,
        "The database {place} may not be written; give the user that runs Addendum the right to write the file and its folder.",
    ),
    "SQLITE_CANTOPEN": (_SETUP, "The database {place} can't be opened; check that its folder exists and may be written."),
    "SQLITE_PERM": (_SETUP, "The database {place} can't be opened; check who may read and write the file."),
    "SQLITE_NOTADB": (_SETUP, "{place} is not an SQLite database; check `database` in the config."),
    "SQLITE_CORRUPT": (_SETUP, "The database {place} is damaged; stop Addendum and restore the last backup."),
}

_POSTGRES = {
    "28": (_SETUP, "The database {place} refuses the user or password; check `database` in the config."),
    "3D": (_SETUP, "There is no database {place} on that server; create it, or check `database` in the config."),
    "42501": (_SETUP, "The database user may not do that in {place}; grant it the right to create and use tables there."),
    "25006": (_LATER, "The database {place} is read-only just now (a standby, perhaps); let it take writes again."),
    "55P03": (_LATER, "The database {place} is locked by another program; close that program, or wait until it is done."),
    "53": (_LATER, "The server of the database {place} is out of disk, memory or connections; give it more."),
    "57": (_LATER, "The server of the database {place} is stopping or starting; it is tried again."),
    "58": (_LATER, "The server of the database {place} has trouble with its disk; look at its log."),
    "08": (_LATER, "The database {place} can't be reached; check that its server runs and the network is up."),
    "40": (_LATER, "Two programs changed the same rows of {place} at once; it is tried again."),
}

_AWAY = (_LATER, "The database {place} can't be reached; check that its server runs, and its host and port in the config.")


def place(url: URL) -> str:
    """How the database is named in messages: its file, or name and host; no user, no password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.database} on {url.host or 'the local socket'}"


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn a database library's error inside into TryAgainLater, SetupError or NeedsAPerson."""
    try:
        yield
    except exc.IntegrityError as error:
        raise NeedsAPerson(f"The ledger did not take it in, because it would break its own rules: {_first_line(error.orig)}.") from error
    except exc.DBAPIError as error:
        raise _translation(error.orig, where) from error
    except exc.TimeoutError as error:
        raise TryAgainLater(f"The database {where} is too busy; it is tried again.") from error
    except sqlite3.Error as error:
        raise _translation(error, where) from error


def _translation(error: BaseException | None, where: str) -> AddendumError:
    kind, sentence = _entry(error)
    return kind(sentence.format(place=where))


def _entry(error: BaseException | None) -> tuple[type[AddendumError], str]:
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "") or ""
        known = next((entry for key, entry in _SQLITE.items() if name.startswith(key)), None)
        return known or (_LATER, "The database {place} failed: " + _braced(error) + ".")
    state = getattr(error, "sqlstate", None)
    if state is None:
        return _refused_login(error) or _AWAY
    known = next((_POSTGRES[key] for key in (state, state[:2]) if key in _POSTGRES), None)
    return known or (_LATER, "The database {place} failed: " + _braced(error) + ".")


def _refused_login(error: BaseException | None) -> tuple[type[AddendumError], str] | None:
    """psycopg gives no SQLSTATE for a refused connection, only the server's words."""
    words = str(error)
    if "password" in words or "authentication" in words:
        return _POSTGRES["28"]
    return _POSTGRES["3D"] if "does not exist" in words else None


def _first_line(error: BaseException | None) -> str:
    return (str(error).splitlines() or ["no reason given"])[0].rstrip(".")


def _braced(error: BaseException | None) -> str:
    return _first_line(error).replace("{", "{{").replace("}", "}}")
