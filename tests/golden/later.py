"""What a later release may be like: one more optional field, one more key in every object."""

from __future__ import annotations

import dataclasses
from typing import Any


def later(kind: Any) -> Any:
    """The same dataclass with one more optional field."""
    return dataclasses.make_dataclass(
        kind.__name__, [("later_field", str | None, None)], bases=(kind,), frozen=True, slots=True
    )


def with_unknown_keys(plain: object) -> object:
    """The same JSON with one more key in every object."""
    if isinstance(plain, dict):
        return {"later_field": "x"} | {name: with_unknown_keys(item) for name, item in plain.items()}
    return [with_unknown_keys(item) for item in plain] if isinstance(plain, list) else plain
