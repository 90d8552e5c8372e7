"""The till: a Qt cashier app that records every fact locally first, prints, and syncs later.

Rule: never imports `sync_server`; PySide6 only under `ui` (and the entry file); httpx only in `sync/client.py`.
"""
