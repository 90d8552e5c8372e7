"""Whatever bytes come, the readers return a value or refuse; they never fail in another way.

The same examples each time; FUZZ_EXAMPLES (of an operation; here 16 times as many of a reader) makes it other ones.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import http_sf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models import codec, wire
from models.facts import decode_fact, encode_fact
from models.refusals import Refusal
from models.versions import CURRENT
from pos_app.sync.signing import signature_headers
from sync_server.api.bodies import MAX_BODY_BYTES, unpack
from sync_server.api.problems import HttpTrouble
from sync_server.api.signatures import SignedRequest, claimed_key_id, verify
from sync_server.intake.chain import Tip, place, read_envelope
from tests.golden import files

ASKED = os.environ.get("FUZZ_EXAMPLES")
MESSAGES = sorted(files.messages_of(CURRENT).items())
FACTS = files.facts_of(CURRENT)
NASTY: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([
        None, True, False, 0, -1, 1 << 62, 1 << 63, -(1 << 63), 10**400, 1.5, -0.0, 1e308, float("nan"), float("inf"),
        "", "\x00", "\ud800", "a\udfff", "x" * 5000, "2026-13-41T25:61:61.000000Z", "0001-01-01T00:00:00.000000Z",
        "9999-12-31T23:59:59.999999Z", [], {}, [[[[]]]], {"": {}}, {"\x00": 1}, "00000000-0000-0000-0000-000000000000",
    ]),
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.lists(st.none() | st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=8), st.none() | st.integers(), max_size=3),
)  # fmt: skip


def bounded(examples: int) -> Callable[[Any], Any]:
    """So many examples, the same each time; other ones and as many as FUZZ_EXAMPLES asks for when it does."""
    return settings(max_examples=16 * int(ASKED) if ASKED else examples, deadline=None, derandomize=not ASKED)


def spoilt(draw: Any, plain: Any) -> Any:
    """The same JSON with one place of it made nasty: a value, a key, or a key gone."""
    place, found = draw(st.integers(0, 40)), plain
    path: list[tuple[Any, Any]] = []
    while isinstance(found, dict | list) and found and (place or not path):
        key = draw(st.sampled_from(sorted(found) if isinstance(found, dict) else range(len(found))))
        path.append((found, key))
        found, place = found[key], place // 2
    if path:
        holder, key = path[-1]
        if isinstance(holder, dict) and draw(st.booleans()):
            del holder[key]
        if draw(st.booleans()) or isinstance(holder, list):
            holder[key] = draw(NASTY)
    return plain


@bounded(200)
@given(st.data())
def test_spoilt_messages_are_read_or_refused(data: st.DataObject) -> None:
    name, text = data.draw(st.sampled_from(MESSAGES))
    kind = getattr(wire, name.partition(".")[0])
    plain = spoilt(data.draw, json.loads(text))
    for newer_too in (False, True):
        with contextlib.suppress(Refusal):
            read = codec.decode(kind, json.dumps(plain), newer_too=newer_too)
            assert codec.decode(kind, codec.encode(read)) == read


@bounded(200)
@given(st.data())
def test_spoilt_facts_are_read_or_refused_and_have_a_place(data: st.DataObject) -> None:
    plain = spoilt(data.draw, json.loads(data.draw(st.sampled_from(FACTS))))
    text = json.dumps(plain)
    read_envelope(text)
    with contextlib.suppress(Refusal):
        fact = decode_fact(text)
        assert decode_fact(encode_fact(fact)) == fact


@bounded(200)
@given(st.binary(max_size=300) | st.sampled_from([b"[" * 200_000, b'{"a":' * 100_000, b"9" * 100_000, b'"\\ud83d"']))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(Refusal):
        codec.decode(wire.PushRequest, data)
    with contextlib.suppress(Refusal):
        decode_fact(data)


@bounded(100)
@given(st.lists(st.sampled_from([data.decode() for data in FACTS]) | st.text(max_size=20), max_size=6), st.integers())
def test_any_texts_are_placed(texts: list[str], head_seq: int) -> None:
    with contextlib.suppress(UnicodeEncodeError):  # the codec lets no lone surrogate through
        found = place(texts, Tip(0, "0" * 64), {}, Tip(head_seq, "1" * 64))
        assert found.gap or len(found.facts) == len(texts)


@bounded(80)
@given(st.data())
def test_spoilt_packing_is_unpacked_or_refused_and_bounded(data: st.DataObject) -> None:
    packed = bytearray(gzip.compress(data.draw(st.sampled_from([b"", b"{}", b"\0" * 3_000_000, FACTS[0]]))))
    for _ in range(data.draw(st.integers(0, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    packed = packed[: data.draw(st.integers(0, len(packed)))] + data.draw(st.binary(max_size=5))
    encoding = data.draw(st.sampled_from(["gzip", "", "identity", "br", "zstd", "deflate", "GZIP ", "gzip, gzip"]))
    with contextlib.suppress(Refusal, HttpTrouble):
        assert len(unpack(bytes(packed), "application/json", encoding)) <= MAX_BODY_BYTES
    with contextlib.suppress(Refusal, HttpTrouble):
        unpack(zlib.compress(bytes(packed)), data.draw(st.text(max_size=20)), encoding)


HEADER = st.one_of(
    st.text(max_size=60),
    st.builds(
        'till=({});created={};keyid="{}";alg="ed25519";nonce="{}"'.format,
        st.lists(st.sampled_from(['"@method"', '"@path"', '"@query"', '"content-digest"', '"x"', "(", '"@status"']),
                 max_size=5).map(" ".join),
        st.integers() | st.floats() | st.text(max_size=5),
        st.text(max_size=20),
        st.text(max_size=80),
    ),
    st.sampled_from(["till=:!!!!:", "till=:" + "A" * 88 + ":", "till=?1", "sha-256=:AAAA:", "sha-256=x", "md5=:AA==:"]),
)  # fmt: skip


@bounded(200)
@given(HEADER, HEADER, HEADER, st.sampled_from(["http://host/v1/x", "http://host/%00?a=%ff&&=", "http://host/?x=é"]))
def test_any_signature_headers_are_refused(inputs: str, signature: str, digest: str, url: str) -> None:
    headers = {"signature-input": inputs, "signature": signature, "content-digest": digest}
    request = SignedRequest("POST", url, headers, b"{}")
    with contextlib.suppress(Refusal):
        claimed_key_id(request)
    with pytest.raises(Refusal, match="signature_invalid"):
        verify(request, "t1", bytes(32))


KEY = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()
URL, BODY = "http://host/v1/x?after=12", b'{"facts":[]}'
SIGNED = signature_headers("POST", URL, BODY, "t1", KEY, datetime(2026, 3, 1, tzinfo=UTC), "0123456789abcdef")


def test_a_signed_request_is_believed() -> None:
    """Else what follows would be refused for nothing."""
    request = SignedRequest("POST", URL, {name.lower(): value for name, value in SIGNED.items()}, BODY)
    assert claimed_key_id(request) == "t1"
    assert verify(request, "t1", PUBLIC).nonce == "0123456789abcdef"


@bounded(400)
@given(st.data())
def test_a_signed_request_that_is_changed_anywhere_is_refused(data: st.DataObject) -> None:
    """One place of it: a character other, gone or more, in what is signed, in what says so, or in the signature."""
    parts = {"method": "POST", "url": URL, "body": BODY.decode(), **{name.lower(): SIGNED[name] for name in SIGNED}}
    name = data.draw(st.sampled_from(sorted(parts)))
    text = parts[name]
    place = data.draw(st.integers(len("http://host/") if name == "url" else 0, len(text) - 1))
    put = data.draw(st.sampled_from(["", *'aZ09+/=:;,"() \\']))
    parts[name] = text[:place] + put + text[place + data.draw(st.integers(0, 1)) :]
    assume(parts[name] != text)
    method, url, body = parts.pop("method"), parts.pop("url"), parts.pop("body").encode()
    request = SignedRequest(method, url, parts, body)
    code = ""
    try:
        verify(request, "t1", PUBLIC)
    except Refusal as refusal:
        code = refusal.code
    if code:
        assert code == "signature_invalid"
    else:
        assert meaning(parts) == meaning(SIGNED), f"{name}: {parts}"
        assert (method, url, body) == ("POST", URL, BODY)


def meaning(headers: dict[str, str]) -> list[object]:
    """What signature headers say: spaces, and bits that base64 leaves over, say nothing."""
    plain = {name.lower(): value.encode() for name, value in headers.items()}
    return [(name, http_sf.parse(plain[name], tltype="dictionary")) for name in sorted(plain)]
