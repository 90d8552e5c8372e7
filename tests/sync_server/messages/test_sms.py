"""Codes on their way to a gateway: signed, once, and quiet about what they carry."""

from __future__ import annotations

import asyncio
import json
import logging
import time

import pytest

from sync_server.messages.sms import (
    Gateway,
    GatewayUnusable,
    Sender,
    gateway_from,
    signature_holds,
    signed_headers,
)
from tests.sync_server.messages.gateway import SECRET, listening

pytestmark = pytest.mark.anyio
PHONE = "+34600111011"


async def sent(sender: Sender, code: str = "012345") -> None:
    """Send a code and wait until it is there, or given up."""
    sender.send_code(PHONE, code, "es-ES")
    await sender.close()


async def test_a_code_arrives_signed_in_the_shape_of_the_hook() -> None:
    with listening() as there:
        sender = Sender(there.gateway)
        await sent(sender)
        assert there.messages == [
            {"user": {"phone": PHONE, "user_metadata": {"language": "es-ES"}}, "sms": {"otp": "012345"}}
        ]
        assert (there.unsigned, sender.failing, sender.ready) == (0, False, True)


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's own libraries."""
    key = Gateway("", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").key
    headers = signed_headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_what_is_not_signed_by_us_does_not_hold() -> None:
    key, body, now = Gateway("", SECRET).key, json.dumps({}).encode(), time.time()
    good = signed_headers(key, "msg_1", int(now), body)
    assert signature_holds(key, good, body, now)
    assert signature_holds(key, good | {"webhook-signature": f"v1,x {good['webhook-signature']}"}, body, now)
    for headers, what, at in (
        (good, b"[]", now), (good, body, now + 400), (good | {"webhook-id": "msg_2"}, body, now), ({}, body, now),
        (good | {"webhook-timestamp": "x"}, body, now),
    ):  # fmt: skip
        assert not signature_holds(key, headers, what, at)


async def test_a_gateway_that_stumbles_is_asked_again_under_the_same_id(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once(monkeypatch)
    with listening() as there:
        there.answers = [(503, b""), (200, b'{"error": {"http_code": 500, "message": "later"}}')]
        sender = Sender(there.gateway)
        await sent(sender)
        assert len(there.ids) == 3
        assert len(set(there.ids)) == 1
        assert not sender.failing


async def test_a_gateway_that_is_gone_shows_and_nothing_personal_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    at_once(monkeypatch)
    sender = Sender(Gateway("http://127.0.0.1:9/", SECRET))
    with caplog.at_level(logging.INFO):
        await sent(sender, "987654")
    assert sender.failing
    said = "".join(str(vars(record)) for record in caplog.records)
    assert "sms_not_sent" in said
    assert "987654" not in said
    assert PHONE not in said
    with listening() as there:
        back = Sender(there.gateway)
        back.failing = True
        await sent(back)
        assert not back.failing


async def test_without_a_gateway_nothing_is_sent() -> None:
    sender = Sender(None)
    await sent(sender)
    assert (sender.ready, sender.failing) == (False, True)


@pytest.mark.parametrize(
    ("url", "secret"),
    [("https://sms.test/x", ""), ("https://sms.test/x", "v1,whsec_*"), ("https://sms.test/x", "whsec_c2hvcnQ="),
     ("http://sms.test/x", SECRET), ("sms.test", SECRET), ("https://[", SECRET), ("ftp://127.0.0.1/", SECRET)],
)  # fmt: skip
def test_what_is_no_gateway_is_said_at_once_and_without_the_secret(url: str, secret: str) -> None:
    with pytest.raises(GatewayUnusable, match="SMS") as error:
        gateway_from(url, secret)
    assert "c2hvcnQ" not in str(error.value) + repr(Gateway(url, secret))


def test_a_gateway_is_what_the_operator_set() -> None:
    assert gateway_from(None, None) is None
    for url in ("https://sms.test/x", "http://127.0.0.1:9/x"):
        assert gateway_from(url, SECRET) == Gateway(url, SECRET)


def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait between tries."""
    real = asyncio.sleep
    monkeypatch.setattr("sync_server.messages.sms.asyncio.sleep", lambda _: real(0))
