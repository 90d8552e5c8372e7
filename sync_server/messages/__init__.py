"""Messages to people outside: codes by SMS.

Rule: behind a port. Nothing here decides whether a message is due, and no log holds a number or a code.
"""
