"""Explicit, strict JSON codec for the frozen dataclasses of this room.

Rule: one text for one value (sorted keys, no blanks, UTF-8), so that hashes of encodings can be compared.
Decoding refuses unknown keys, missing keys, wrong types, numbers that are not integers, and naive times;
it names the place with a JSON pointer (RFC 6901). Only who reads the answers of a newer program leaves out keys that it
does not know (`newer_too`).
"""

import dataclasses
import json
import re
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any, NoReturn, TypeVar

from models.refusals import Refusal
from models.times import format_instant, parse_instant

T = TypeVar("T")
_Decoder = Callable[[Any, str], Any]
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""NUL, which no database keeps, and halves of surrogate pairs, which no encoding does."""


def to_plain(value: object) -> Any:
    """Turn a dataclass (nested tuples, dicts, times included) into plain JSON values; TypeError for anything else."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no wire form")


def encode(value: object) -> bytes:
    """Encode a value as canonical JSON bytes."""
    plain = to_plain(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def content(value: object) -> bytes:
    """Encode what a value says, to be hashed: fields that have their default are left out.

    So a field that a later version adds does not change the digest of what does not use it.
    """
    return encode(_said(value))


def decode(kind: type[T], data: bytes | str, *, newer_too: bool = False) -> T:
    """Decode JSON into the dataclass `kind`; Refusal `request_malformed` with a `pointer` when it does not fit.

    `newer_too`: leave out unknown keys of objects that have known ones.
    """
    try:
        plain = json.loads(data, parse_float=_refuse_float, parse_constant=_refuse_float, object_pairs_hook=_pairs)
    except (ValueError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("request_malformed", {"pointer": ""}) from error
    return from_plain(kind, plain, newer_too=newer_too)


def from_plain(kind: type[T], plain: object, pointer: str = "", *, newer_too: bool = False) -> T:
    """Build the dataclass `kind` from plain JSON values; Refusal `request_malformed` as in `decode`."""
    return typing.cast(T, _decoder(typing.cast(Any, kind), newer_too)(plain, pointer))


def _said(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        found = {field.name: (field, getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {name: _said(item) for name, (field, item) in found.items() if item != _default(field)}
    if isinstance(value, tuple | list):
        return [_said(item) for item in value]
    if isinstance(value, dict):
        return {key: _said(item) for key, item in value.items()}
    return value


def _default(field: "dataclasses.Field[Any]") -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _refuse_float(text: str) -> NoReturn:
    raise ValueError(f"number {text[:40]!r} is not an integer")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _bad(pointer: str) -> NoReturn:
    raise Refusal("request_malformed", {"pointer": pointer})


@cache
def _decoder(kind: Any, newer_too: bool) -> _Decoder:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is str:
        return _text
    if kind is bool:
        return lambda plain, at: plain if isinstance(plain, bool) else _bad(at)
    if kind is int:
        return _integer
    if kind is datetime:
        return _instant
    if kind is date:
        return _date
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(kind, newer_too)
    if origin in (types.UnionType, typing.Union):
        (inner,) = (_decoder(argument, newer_too) for argument in arguments if argument is not types.NoneType)
        return lambda plain, at: None if plain is None else inner(plain, at)
    if origin in (tuple, frozenset):
        return _sequence_decoder(origin, _decoder(arguments[0], newer_too))
    if origin is dict:
        return _mapping_decoder(_decoder(arguments[1], newer_too))
    if kind in (object, Any):
        return lambda plain, _at: plain
    raise TypeError(f"{kind!r} has no wire form")


def _text(plain: Any, at: str) -> str:
    if not isinstance(plain, str) or _NO_TEXT.search(plain):
        _bad(at)
    return plain


def _integer(plain: Any, at: str) -> int:
    if isinstance(plain, bool) or not isinstance(plain, int) or abs(plain) >= 1 << 63:
        _bad(at)
    return plain


def _instant(plain: Any, at: str) -> datetime:
    try:
        return parse_instant(plain)
    except (ValueError, TypeError):
        _bad(at)


def _date(plain: Any, at: str) -> date:
    try:
        return date.fromisoformat(plain)
    except (ValueError, TypeError):
        _bad(at)


def _sequence_decoder(origin: type, item: _Decoder) -> _Decoder:
    def decode_sequence(plain: Any, at: str) -> Any:
        if not isinstance(plain, list):
            _bad(at)
        return origin(item(element, f"{at}/{index}") for index, element in enumerate(plain))

    return decode_sequence


def _mapping_decoder(item: _Decoder) -> _Decoder:
    def decode_mapping(plain: Any, at: str) -> dict[str, Any]:
        if not isinstance(plain, dict):
            _bad(at)
        return {_text(key, at): item(value, f"{at}/{key}") for key, value in plain.items()}

    return decode_mapping


def _dataclass_decoder(kind: Any, newer_too: bool) -> _Decoder:
    hints = typing.get_type_hints(kind)
    decoders = {field.name: _decoder(hints[field.name], newer_too) for field in dataclasses.fields(kind)}
    required = {
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }

    def decode_dataclass(plain: Any, at: str) -> Any:
        if not isinstance(plain, dict):
            _bad(at)
        for missing in required - plain.keys():
            _bad(f"{at}/{missing}")
        for unknown in () if newer_too else plain.keys() - decoders.keys():
            _bad(f"{at}/{str(unknown)[:40]}")
        values = {name: decoders[name](value, f"{at}/{name}") for name, value in plain.items() if name in decoders}
        try:
            return kind(**values)
        except ValueError:
            _bad(at)

    return decode_dataclass
