"""Cards as their holders and the merchants use them: codes, enterprise cards, and the calls of source 001.

Rule: bcrypt and passwords stay here; what a card may do is decided by the ledger's SQL functions.
"""
