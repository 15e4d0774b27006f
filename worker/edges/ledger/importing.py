"""Brings imported books into the ledger: all that is safe in one commit, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from worker.core.invoices import Books, Issuer
from worker.edges.ledger import book_rows, plans
from worker.edges.ledger.plans import Plan
from worker.edges.ledger.stores import Store
from worker.edges.ledger.tables import accounts
from worker.edges.ledger.values import ImportReport, ImportTally


def import_books(store: Store, books: Books, *, issuer: Issuer, dry_run: bool) -> ImportReport:
    if dry_run:
        with store.reading() as db:
            return _report(plans.plan_import(db, store.account, books), books, dry_run=True)
    with store.writing(fenced=False) as db:
        db.execute(select(accounts.c.id).where(accounts.c.id == store.account).with_for_update())
        plan = plans.plan_import(db, store.account, books)
        if not plan.refusals:
            book_rows.carry_out(db, store.account, plan, issuer)
    return _report(plan, books, dry_run=False)


def _report(plan: Plan, books: Books, *, dry_run: bool) -> ImportReport:
    return ImportReport(
        customers=_tally(plan.new_customers, plan.changed_customers, books.customers),
        invoices=_tally(plan.new_invoices, plan.changed_invoices, books.invoices),
        refusals=tuple(plan.refusals),
        notes=tuple(plan.notes),
        dry_run=dry_run,
    )


def _tally(new: Sequence[object], changed: Sequence[object], all_given: Sequence[object]) -> ImportTally:
    return ImportTally(added=len(new), updated=len(changed), unchanged=len(all_given) - len(new) - len(changed))
