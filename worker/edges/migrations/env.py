"""Runs the migrations on the connection that the ledger hands over; there is no alembic.ini."""

from alembic import context

from worker.edges.ledger.tables import SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SCHEMA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
