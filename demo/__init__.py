"""The demonstration: two shops, a scripted shift, and everything it takes to play it. Not shipped.

Rule: it starts the product's own programs and calls the server's own functions; nothing is faked.
"""
