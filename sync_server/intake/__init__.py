"""What tills say, taken in exactly once: facts that happened, and requests made before goods move.

Rule: a fact is never refused (architecture.md, rule 3): it is posted or held, its bytes are kept, and it never blocks
another. A request is answered once and for ever. Not here: what needs a lock (ledger, in SQL), HTTP (api).
"""
