"""Stores' terminals: who they are, how they pair, and which key speaks for them.

Not here: what a terminal may ask (api), what it has recorded (intake).
"""
