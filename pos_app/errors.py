"""Trouble: the world failed (disk, network, printer, keys), as one kind of exception with a stable code.

Rule: rooms subclass it in their own `errors.py`; driver exceptions are translated once, at the adapter. A code and
data, no prose: words are found by `pos_app.ui` and `pos_app.__main__`. Not here: an expected "no" (`models.refusals`).
"""

from collections.abc import Mapping


class Trouble(Exception):
    """The world failed. `code` is stable; `data` holds plain values that a sentence may need, never personal data."""

    code = "trouble"

    def __init__(self, **data: object) -> None:
        super().__init__(self.code, data)
        self.data: Mapping[str, object] = data
