"""Read-only queries: what HQ looks at, and the invariants of the ledger on live data.

Rule: reads through row level security as the person or program that asks; writes nothing.
"""
