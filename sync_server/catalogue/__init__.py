"""What HQ manages and tills mirror: products, plans, templates, policies, and the feed of changes.

Rule: every write goes through a value of models.catalogue and notes its change in the same transaction.
Not here: passes and balances (ledger).
"""
