"""Who may shut a till out for good: only whoever holds the key that it learnt at pairing."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models import codec
from models.refusals import Refusal
from pos_app.sync.loop import REFUSED_RETRY_SECONDS
from pos_app.till import header
from tests.pos_app.desk import uid
from tests.pos_app.sync import double as odd
from tests.pos_app.sync.conftest import Link
from tests.pos_app.sync.test_client import asked
from tests.pos_app.sync.test_loop import everything_arrived

WRONG = Ed25519PrivateKey.from_private_bytes(bytes(32))


def proof(link: Link) -> dict[str, Any]:
    """What its own server says."""
    plain: dict[str, Any] = codec.to_plain(odd.revocation(link.desk.server_key, link.double.terminal_id))
    return plain


UNPROVEN: dict[str, Callable[[Link], object]] = {
    "bare": lambda _: None,
    "no statement": lambda _: "terminal_revoked",
    "another key": lambda link: codec.to_plain(odd.revocation(WRONG, link.double.terminal_id)),
    "an unknown key": lambda link: codec.to_plain(odd.revocation(WRONG, link.double.terminal_id, "staging")),
    "another terminal": lambda link: codec.to_plain(odd.revocation(link.desk.server_key, uid(99))),
    "another code": lambda link: {**proof(link), "code": "key_unknown"},
    "another time": lambda link: {**proof(link), "revoked_at": "2026-11-21T00:00:00.000000Z"},
    "no base64": lambda link: {**proof(link), "signature": "x y"},
}


def shown(link: Link) -> str | None:
    """Why the server refuses this till, as a cashier reads it."""
    return header.header(link.desk.till).refused


@pytest.mark.req("R163")
@pytest.mark.parametrize("forged", UNPROVEN)
def test_who_does_not_prove_it_shuts_no_till(link: Link, forged: str) -> None:
    """Answers are not signed: another server behind the same name only makes syncing wait."""
    said = {"revocation": UNPROVEN[forged](link)}
    link.double.then(odd.problem(403, "terminal_revoked", said))
    assert link.loop.cycle().due_seconds == REFUSED_RETRY_SECONDS
    assert shown(link) == "revocation_unproven"
    link.desk.sell()
    link.double.then(odd.problem(403, "terminal_revoked", said))
    assert link.client.ask(asked(), 5.0) is None, "the ladder decides"
    assert not link.client.reachable
    link.loop.cycle()
    everything_arrived(link)
    assert shown(link) is None


def test_the_proof_may_come_after_the_bare_word_and_lasts(link: Link) -> None:
    bare = odd.problem(403, "terminal_revoked", {"revocation": None})
    for answer in (bare, odd.problem(403, "terminal_revoked"), bare):
        link.double.then(answer)
        link.loop.cycle()
    assert shown(link) == "terminal_revoked"
    with pytest.raises(Refusal, match="terminal_revoked"):
        link.desk.sell()
