"""Send sign-in codes through an SMS gateway that speaks the "Send SMS hook" of Supabase Auth.

Rule: the request is `{"user": {"phone": …}, "sms": {"otp": …}}`, signed as Standard Webhooks says: HMAC-SHA256 over
`id.timestamp.body` in the headers `webhook-id`, `webhook-timestamp`, `webhook-signature`. 200 without `error` in the
body is success. Sending happens after the answer to the browser, so that its time tells nothing.
https://supabase.com/docs/guides/auth/auth-hooks/send-sms-hook, https://www.standardwebhooks.com
"""

import asyncio
import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

_TIMEOUT_SECONDS = 5.0
_TRIES = 3
_KEY_BYTES = 16
_WAITING = 200
"""Messages on their way at once; beyond it one is lost and counts as a failure."""
_LOG = logging.getLogger("sync_server.messages")


class SmsTrouble(Exception):
    """The gateway did not take the message; `str` is a short reason without personal data."""


class GatewayUnusable(Exception):
    """What an operator set is no gateway; `str` says why, for a person, without the secret."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where codes are handed in. `secret` is the hook's, as "v1,whsec_<base64>"."""

    url: str
    secret: str = field(repr=False)

    @property
    def key(self) -> bytes:
        """The signing key; GatewayUnusable for a secret that is none."""
        text = self.secret.removeprefix("v1,").removeprefix("whsec_")
        try:
            key = base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise GatewayUnusable("the SMS secret is not base64; it looks like v1,whsec_…") from error
        if len(key) < _KEY_BYTES:
            raise GatewayUnusable(f"the SMS secret is too short; it has {_KEY_BYTES} bytes or more")
        return key


def gateway_from(url: str | None, secret: str | None) -> Gateway | None:
    """Return the gateway that an operator set; None without a URL.

    GatewayUnusable for a secret that is none, and for a URL over which a code could be read on its way.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise GatewayUnusable("the SMS gateway's address is not understood") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and host in ("127.0.0.1", "localhost", "::1")):
        raise GatewayUnusable("the SMS gateway's address begins with https://; codes must not be read on their way")
    made = Gateway(url, secret or "")
    _ = made.key
    return made


def signed_headers(key: bytes, message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """Return the headers of Standard Webhooks for a body."""
    digest = hmac.digest(key, f"{message_id}.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def signature_holds(key: bytes, headers: Mapping[str, str], body: bytes, now_seconds: float) -> bool:
    """Whether a message is signed with this key and not older than five minutes; for who receives."""
    try:
        seconds = int(headers.get("webhook-timestamp", ""))
    except ValueError:
        return False
    wanted = signed_headers(key, headers.get("webhook-id", ""), seconds, body)["webhook-signature"]
    given = headers.get("webhook-signature", "").split(" ")
    return abs(now_seconds - seconds) <= 300 and any(hmac.compare_digest(wanted, one) for one in given)


class Sender:
    """Sends in the background. `ready` False: no gateway is set up; `failing`: it took none of the last messages."""

    def __init__(self, gateway: Gateway | None) -> None:
        self._gateway = gateway
        self._tasks: set[asyncio.Task[None]] = set()
        self.failing = False

    @property
    def ready(self) -> bool:
        """Whether codes can be sent at all."""
        return self._gateway is not None

    def send_code(self, phone: str, code: str, language: str) -> None:
        """Hand a code to the gateway soon; `language` is the one that the person reads."""
        if self._gateway is None or len(self._tasks) >= _WAITING:
            self.failed("not_ready" if self._gateway is None else "too_many_waiting")
            return
        message = {"user": {"phone": phone, "user_metadata": {"language": language}}, "sms": {"otp": code}}
        task = asyncio.get_running_loop().create_task(self._send(self._gateway, json.dumps(message).encode()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def failed(self, why: str) -> None:
        """Note that a message did not go out; `why` is a code without personal data."""
        self.failing = True
        _LOG.error("sms_not_sent", extra={"fields": {"why": why}})

    async def close(self) -> None:
        """Wait for what is on its way."""
        for task in tuple(self._tasks):
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _send(self, gateway: Gateway, body: bytes) -> None:
        message_id, why = f"msg_{uuid4().hex}", ""
        for turn in range(_TRIES):
            try:
                await _post(gateway, message_id, body)
            except SmsTrouble as trouble:
                why = str(trouble)
                await asyncio.sleep(0.5 * 2**turn)
                continue
            self.failing = False
            return
        self.failed(why)


async def _post(gateway: Gateway, message_id: str, body: bytes) -> None:
    headers = signed_headers(gateway.key, message_id, int(time.time()), body)
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            answer = await client.post(gateway.url, content=body, headers=headers)
        said = answer.json() if answer.content else {}
    except (httpx.HTTPError, ValueError) as error:
        raise SmsTrouble(type(error).__name__) from error
    if answer.status_code != 200:
        raise SmsTrouble(f"status {answer.status_code}")
    if isinstance(said, dict) and said.get("error"):
        raise SmsTrouble("refused by the gateway")
