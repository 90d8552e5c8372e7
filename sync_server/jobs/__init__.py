"""What the server does by itself, by the clock: seal the audit rows, keep the months, expire what is over.

Not here: work that one message asks for (intake), and small cleaning of the door's own tables (api.housekeeping).
"""
