"""The recorded bytes of every message and fact, a folder for each version of the protocol; see docs/protocol.md.

`python -m tests.golden` (`make golden`) writes those of the current version; a released one is never written again.
"""
