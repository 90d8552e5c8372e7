"""Retention: a fact that some ledger has once acknowledged is marked so, whatever a later epoch says of it."""

STATEMENTS = (
    "ALTER TABLE outbox ADD COLUMN heard INTEGER DEFAULT '0' NOT NULL",
    "UPDATE outbox SET heard = 1 WHERE state <> 'pending'",
)
