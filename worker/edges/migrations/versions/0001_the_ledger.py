"""Create every table, and the triggers that let the audit trail only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ONLY_ADDED = "the audit trail is append-only: entries are added, never changed or removed"


def upgrade() -> None:
    create_tables()
    if op.get_bind().dialect.name == "postgresql":
        guard_on_postgresql()
    else:
        guard_on_sqlite()


def guard_on_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER amendments_no_{verb.lower()} BEFORE {verb} ON amendments BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED}'); END"
        )
    # INSERT OR REPLACE removes rows without asking the DELETE trigger.
    op.execute(
        "CREATE TRIGGER amendments_no_replace BEFORE INSERT ON amendments "  # noqa: S608 - only a constant goes in
        "WHEN EXISTS (SELECT 1 FROM amendments WHERE id = NEW.id OR (account = NEW.account AND (sequence >= NEW.sequence "
        "OR (invoice = NEW.invoice AND revision = NEW.revision)))) "
        f"BEGIN SELECT RAISE(ABORT, '{ONLY_ADDED}'); END"
    )


def guard_on_postgresql() -> None:
    op.execute(
        f"CREATE FUNCTION amendments_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{ONLY_ADDED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER amendments_no_change BEFORE UPDATE OR DELETE ON amendments FOR EACH ROW EXECUTE FUNCTION amendments_only_added()"
    )
    op.execute(
        "CREATE TRIGGER amendments_no_truncate BEFORE TRUNCATE ON amendments FOR EACH STATEMENT EXECUTE FUNCTION amendments_only_added()"
    )
    for trigger in ("amendments_no_change", "amendments_no_truncate"):
        op.execute(f"ALTER TABLE amendments ENABLE ALWAYS TRIGGER {trigger}")
    # Mail and PDFs do not compress, and reading a mail's head must not unpack all of it.
    for table, column in (("raw_messages", "raw"), ("documents", "content"), ("outbox_contents", "content"), ("hold_contents", "content")):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")


def create_tables() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("books_version", sa.Integer(), nullable=False),
        sa.Column("chain_length", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.Text(), nullable=False),
        sa.Column("last_pass", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_good_pass", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("newest_mail", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest_error", sa.Text(), nullable=True),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "cursors",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("watched_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_cursors_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cursors")),
        sa.UniqueConstraint("account", "folder", "uidvalidity", name=op.f("uq_cursors_account_folder_uidvalidity")),
    )
    op.create_table(
        "customers",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("domains", sa.Text(), nullable=False),
        sa.Column("networks", sa.Text(), nullable=False),
        sa.Column("requires_po", sa.Boolean(), nullable=False),
        sa.Column("po_format", sa.Text(), nullable=True),
        sa.Column("standing_po", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("changed_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_customers_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("account", "customer", name=op.f("uq_customers_account_customer")),
    )
    op.create_index("ix_customers_changed_in", "customers", ["account", "changed_in"], unique=False)
    op.create_table(
        "documents",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_documents_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("account", "invoice", "revision", "sha256", name=op.f("uq_documents_account_invoice_revision_sha256")),
    )
    op.create_table(
        "leases",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_leases_account")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_leases")),
    )
    op.create_table(
        "messages",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("put_offs", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_messages_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("account", "message_id", "content_hash", name=op.f("uq_messages_account_message_id_content_hash")),
    )
    op.create_index("ix_messages_content_hash", "messages", ["account", "content_hash"], unique=False)
    op.create_index("ix_messages_decided", "messages", ["account", "decided_at"], unique=False)
    op.create_index(
        "ix_messages_failed",
        "messages",
        ["account", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'failed'"),
        postgresql_where=sa.text("status = 'failed'"),
    )
    op.create_index(
        "ix_messages_undecided",
        "messages",
        ["account", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'received'"),
        postgresql_where=sa.text("status = 'received'"),
    )
    op.create_table(
        "amendments",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=True),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("old_po", sa.Text(), nullable=True),
        sa.Column("new_po", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("applied_by", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("old_sha256", sa.Text(), nullable=True),
        sa.Column("new_sha256", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_amendments_account")),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_amendments_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sa.UniqueConstraint("account", "invoice", "revision", name=op.f("uq_amendments_account_invoice_revision")),
        sa.UniqueConstraint("account", "sequence", name=op.f("uq_amendments_account_sequence")),
    )
    op.create_index(op.f("ix_amendments_customer"), "amendments", ["customer"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "customer"], ["customers.account", "customers.customer"], name=op.f("fk_contacts_account_customer")
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_contacts_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("account", "customer", "position", name=op.f("uq_contacts_account_customer_position")),
    )
    op.create_table(
        "holds",
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
        sa.UniqueConstraint("account", "message", name=op.f("uq_holds_account_message")),
    )
    op.create_index(
        "ix_holds_open",
        "holds",
        ["account", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "invoices",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("issue_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total", sa.Text(), nullable=False),
        sa.Column("po_number", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "customer"], ["customers.account", "customers.customer"], name=op.f("fk_invoices_account_customer")
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_invoices_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("account", "number", name=op.f("uq_invoices_account_number")),
    )
    op.create_index("ix_invoices_changed_in", "invoices", ["account", "changed_in"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unknowns", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("sending_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_outbox_account")),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_outbox_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("account", "message_id", name=op.f("uq_outbox_account_message_id")),
    )
    op.create_index("ix_outbox_sending_at", "outbox", ["account", "sending_at"], unique=False)
    op.create_index("ix_outbox_state", "outbox", ["account", "state"], unique=False)
    op.create_table(
        "raw_messages",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_raw_messages_account")),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_raw_messages_message")),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_raw_messages")),
    )
    op.create_table(
        "sightings",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destination", sa.Text(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filing_attempts", sa.Integer(), nullable=False),
        sa.Column("next_filing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("filing_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_sightings_account")),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name=op.f("fk_sightings_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
        sa.UniqueConstraint("account", "folder", "uidvalidity", "uid", name=op.f("uq_sightings_account_folder_uidvalidity_uid")),
    )
    op.create_index(op.f("ix_sightings_message"), "sightings", ["message"], unique=False)
    op.create_index(
        "ix_sightings_unfiled",
        "sightings",
        ["account", "folder", "uidvalidity"],
        unique=False,
        sqlite_where=sa.text("destination IS NOT NULL AND filed_at IS NULL"),
        postgresql_where=sa.text("destination IS NOT NULL AND filed_at IS NULL"),
    )
    op.create_table(
        "digests",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("letter", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_digests_account")),
        sa.ForeignKeyConstraint(["letter"], ["outbox.id"], name=op.f("fk_digests_letter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("account", "local_date", name=op.f("uq_digests_account_local_date")),
    )
    op.create_table(
        "hold_contents",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("hold", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_hold_contents_account")),
        sa.ForeignKeyConstraint(["hold"], ["holds.id"], name=op.f("fk_hold_contents_hold")),
        sa.PrimaryKeyConstraint("hold", "sha256", name=op.f("pk_hold_contents")),
    )
    op.create_table(
        "imprints",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("imprint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account", "invoice"], ["invoices.account", "invoices.number"], name=op.f("fk_imprints_account_invoice")),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_imprints_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imprints")),
        sa.UniqueConstraint("account", "invoice", name=op.f("uq_imprints_account_invoice")),
    )
    op.create_table(
        "invoice_lines",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.Text(), nullable=False),
        sa.Column("tax_rate", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "invoice"], ["invoices.account", "invoices.number"], name=op.f("fk_invoice_lines_account_invoice")
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_invoice_lines_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_lines")),
        sa.UniqueConstraint("account", "invoice", "position", name=op.f("uq_invoice_lines_account_invoice_position")),
    )
    op.create_table(
        "outbox_contents",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("letter", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_outbox_contents_account")),
        sa.ForeignKeyConstraint(["letter"], ["outbox.id"], name=op.f("fk_outbox_contents_letter")),
        sa.PrimaryKeyConstraint("letter", name=op.f("pk_outbox_contents")),
    )
    op.create_table(
        "outbox_invoices",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("letter", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_outbox_invoices_account")),
        sa.ForeignKeyConstraint(["letter"], ["outbox.id"], name=op.f("fk_outbox_invoices_letter")),
        sa.PrimaryKeyConstraint("letter", "position", name=op.f("pk_outbox_invoices")),
    )
    op.create_index("ix_outbox_invoices_invoice", "outbox_invoices", ["account", "invoice"], unique=False)
    op.create_table(
        "sent_message_ids",
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "invoice"], ["invoices.account", "invoices.number"], name=op.f("fk_sent_message_ids_account_invoice")
        ),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_sent_message_ids_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_message_ids")),
        sa.UniqueConstraint("account", "invoice", "message_id", name=op.f("uq_sent_message_ids_account_invoice_message_id")),
        sa.UniqueConstraint("account", "invoice", "position", name=op.f("uq_sent_message_ids_account_invoice_position")),
    )
