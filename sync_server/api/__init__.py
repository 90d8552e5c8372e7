"""HTTP for tills: read, check the signature, call a room, encode the answer.

Rule: no SQL and no business rule here. What the wire looks like: docs/protocol.md.
"""
