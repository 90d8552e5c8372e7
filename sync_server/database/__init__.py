"""The way to Postgres: the embedded server, the pool, migrations, and driver errors translated once.

Rule: knows no table of any room; rooms above write their own SQL and bring their own segments.
Not here: what the ledger's functions do (ledger), passwords at rest (keys).
"""
