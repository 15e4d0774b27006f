"""Brings the database to this program's schema with the shipped Alembic migrations."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from worker.edges.ledger.tables import SCHEMA
from worker.errors import SetupError

NEWEST = "0002"
"""The revision that this program works with; the newest under ``migrations/versions``."""

MIGRATIONS = Path(__file__).parent.parent / "migrations"
_ONE_AT_A_TIME = 0x41444445
"""The key of PostgreSQL's advisory lock, so that two programs starting together do not both create the tables."""


def bring_up_to_date(db: Connection) -> None:
    """Create or upgrade the tables within the transaction of ``db``; raises SetupError for a database of a newer program."""
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    if _revision(db) != NEWEST:
        _upgrade(db)
    _expect_columns(db)


def expect_ready(db: Connection) -> None:
    """Raises SetupError for a database whose tables are not those that this program reads; nothing is changed."""
    if not inspect(db).has_table("accounts"):
        raise SetupError("The database holds nothing yet; bring your customers and invoices in with `addendum import`, or name --books.")
    _expect_columns(db)


def _revision(db: Connection) -> str | None:
    if not inspect(db).has_table("alembic_version"):
        return None
    found = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _expect_columns(db: Connection) -> None:
    wanted = {(table.name, column.name) for table in SCHEMA.tables.values() for column in table.columns}
    present = {(table, column["name"]) for (_, table), columns in inspect(db).get_multi_columns().items() for column in columns}
    if missing := sorted({table if table not in dict(present) else f"{table}.{column}" for table, column in wanted - present}):
        raise SetupError(
            f"The database was made by an Addendum from before its first release and has no {', '.join(missing)}; "
            "move it away, or name another in `database`, and import the books again."
        )


def _upgrade(db: Connection) -> None:
    # Alembic takes a tenth of a second to import, which every start but the first can do without.
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SetupError(
            "The database was written by a newer Addendum than this one; install the newer version, or restore an older backup."
        ) from error
