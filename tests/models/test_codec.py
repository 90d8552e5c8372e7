"""The strict JSON codec: one text for one value, and a pointer to whatever does not fit."""

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import codec
from models.catalogue import Product
from models.refusals import Refusal
from models.wire import Change, ChangesAnswer, Head, PrintReport, PushRequest

NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)


@dataclass(frozen=True)
class Inner:
    count: int
    note: str | None = None


@dataclass(frozen=True)
class Outer:
    name: str
    at: datetime
    inners: tuple[Inner, ...]
    flags: dict[str, bool]
    tags: frozenset[str] = frozenset()


VALUE = Outer("次卡 ñ", NOW, (Inner(1), Inner(-2, "x")), {"a": True}, frozenset({"b", "a"}))


def test_values_read_back() -> None:
    assert codec.decode(Outer, codec.encode(VALUE)) == VALUE


def test_the_text_is_canonical() -> None:
    assert codec.encode(Inner(1, "ñ")) == '{"count":1,"note":"ñ"}'.encode()
    assert codec.encode(VALUE).index(b'["a","b"]') > 0


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ('{"count":"1"}', "/count"),
        ('{"count":true}', "/count"),
        ('{"count":1,"other":2}', "/other"),
        ("{}", "/count"),
        ('{"count":1,"note":5}', "/note"),
        ('{"count":9223372036854775808}', "/count"),
        ("[]", ""),
        ("null", ""),
        ('{"count":1.0}', ""),
        ('{"count":NaN}', ""),
        ('{"count":1,"count":2}', ""),
        ("", ""),
        ("{", ""),
        ("[" * 100_000, ""),
        ('{"count":1,"note":"\\ud800"}', "/note"),
        ('{"count":1,"note":"a\\u0000b"}', "/note"),
    ],
)
def test_what_does_not_fit_is_named(text: str, pointer: str) -> None:
    with pytest.raises(Refusal, match="request_malformed") as caught:
        codec.decode(Inner, text)
    assert caught.value.data == {"pointer": pointer}


def test_a_naive_or_loose_time_does_not_fit() -> None:
    for wrong in ("2026-11-20T06:32:00", "2026-11-20T06:32:00Z", 5, None):
        plain = codec.to_plain(VALUE) | {"at": wrong}
        with pytest.raises(Refusal) as caught:
            codec.from_plain(Outer, plain)
        assert caught.value.data == {"pointer": "/at"}


def test_nested_places_are_named() -> None:
    plain = codec.to_plain(VALUE)
    plain["inners"][1]["count"] = []
    with pytest.raises(Refusal) as caught:
        codec.from_plain(Outer, plain)
    assert caught.value.data == {"pointer": "/inners/1/count"}


def test_a_value_its_own_class_refuses_does_not_fit() -> None:
    with pytest.raises(Refusal, match="request_malformed"):
        codec.decode(PushRequest, b'{"protocol":1}')


@pytest.mark.parametrize("value", [1.5, object(), {1: 2.5}, b"x"])
def test_what_has_no_wire_form_is_a_bug(value: object) -> None:
    with pytest.raises(TypeError):
        codec.to_plain(value)


def test_wire_messages_read_back() -> None:
    push = PushRequest(1, ("{}",), Head(1, "0" * 64, "c2ln"), (PrintReport("VR.S1.000001", 0, "printed", NOW),))
    assert codec.decode(PushRequest, codec.encode(push)) == push
    answer = ChangesAnswer("c", False, "e1", NOW, (Change("member", "m1", None), Change("product", "p", {"a": [1]})))
    assert codec.decode(ChangesAnswer, codec.encode(answer)) == answer


@given(st.text(max_size=20), st.integers(-(2**62), 2**62), st.frozensets(st.text(max_size=5), max_size=4))
def test_catalogue_values_read_back(name: str, price: int, tags: frozenset[str]) -> None:
    if "\x00" in name or any("\x00" in tag for tag in tags):
        return
    product = Product("p", "m", "c", {"en": name}, price, "0.21", tags, ("a",))
    assert codec.decode(Product, codec.encode(product)) == product


@given(st.binary(max_size=200))
def test_no_bytes_upset_the_reader(data: bytes) -> None:
    with contextlib.suppress(Refusal):
        codec.decode(Outer, data)
