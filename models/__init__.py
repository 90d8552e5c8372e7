"""The words that till and server share: money, ids, catalogue, passes, facts, tokens, wire.

Rule: standard library only; no I/O, no clock, no randomness. A thing belongs here when money would be wrong
if till and server disagreed on it.
"""
