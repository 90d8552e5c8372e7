"""Use cases of the till, one verb a file: decide with `selling`, record in the `journal`, then act.

Rule: no Qt, no HTTP. A use case takes the `Till` first, raises `Refusal` for an expected no, and returns a plain value.
"""
