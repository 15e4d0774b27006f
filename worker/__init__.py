"""Addendum: an unattended worker that puts purchase-order numbers on invoices already issued, from the issuer's own mailbox."""
