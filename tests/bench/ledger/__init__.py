"""Parts of the ledger's bench: where it runs, what it calls, and how load is made and counted."""
