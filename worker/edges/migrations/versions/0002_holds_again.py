"""Let a mail that is judged again come to wait again: one open hold for each message in place of one hold for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("uq_holds_account_message", "holds", type_="unique")
    else:
        make_anew_on_sqlite()
    op.create_index("ix_amendments_message", "amendments", ["message"])
    op.create_index("ix_outbox_message", "outbox", ["message"])
    op.create_index("ix_holds_waiting", "holds", ["account", "message"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def make_anew_on_sqlite() -> None:
    """SQLite can't drop a constraint, and no table that another one names: both are copied, and renaming takes the reference along."""
    op.create_table(
        "holds_anew",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_holds_account")),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_holds_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_table(
        "hold_contents_anew",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("hold", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_hold_contents_account")),
        sa.ForeignKeyConstraint(["hold"], ["holds_anew.id"], name=op.f("fk_hold_contents_hold")),
        sa.PrimaryKeyConstraint("hold", "sha256", name=op.f("pk_hold_contents")),
    )
    for table, columns in (
        ("holds", "account, id, message, kind, outcome, opened_at, closed_at"),
        ("hold_contents", "account, hold, sha256, content"),
    ):
        op.execute(f"INSERT INTO {table}_anew ({columns}) SELECT {columns} FROM {table}")  # noqa: S608 - only constants go in
    for table in ("hold_contents", "holds"):
        op.drop_table(table)
    for table in ("holds", "hold_contents"):
        op.rename_table(f"{table}_anew", table)
    op.create_index("ix_holds_open", "holds", ["account", "id"], unique=False, sqlite_where=OPEN)
