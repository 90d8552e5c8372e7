"""The central server: intake of facts, the double-entry ledger in Postgres, and the HQ pages.

Rule: never imports `pos_app`; balances move only through the ledger's SQL functions.
"""
