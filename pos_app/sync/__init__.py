"""Carry facts up and the catalogue down, whenever the server can be reached.

Rule: the journal is the truth; everything here can be cut off at any byte and begun again. httpx only in `client`.
"""
