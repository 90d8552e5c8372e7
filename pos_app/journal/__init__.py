"""The till's memory: facts, outbox, intents, print jobs and the mirror of HQ's catalogue, in one SQLite file.

Rule: one process, one connection, one writer at a time. Functions take the open transaction (`rows`) first; a fact,
its outbox row, its print jobs and what it changes stand in one transaction. Why so: docs/decisions/0007-journal.md.
"""
