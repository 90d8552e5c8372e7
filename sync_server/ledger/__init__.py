"""The ledger: double entry for money and uses; its SQL functions (`sql/`) are the only writer (ledger.md).

Rule: nothing here decides. Locks, limits, balances, numbers, idempotency and audit are decided in SQL; this room
calls it. Not here: what a fact or request must look like (intake), reading for people (reports).
"""
