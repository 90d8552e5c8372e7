"""Pairing: one key, one code, one identity."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models.refusals import Refusal
from models.wire import PairAnswer, PairRequest
from pos_app.journal import identity
from pos_app.till import catalogue, header, pairing
from tests.pos_app.ui.shop import Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A till that was never paired."""
    return Shop(tmp_path / "till", paired=False)


def test_unpaired_till_shows_itself(shop: Shop) -> None:
    assert not pairing.is_paired(shop.till)
    found = header.header(shop.till)
    assert (found.terminal_code, found.cashier, found.offline_spending) == ("", None, "none")
    assert catalogue.language(shop.till) == "zh-CN"


def test_paired_with_the_code_as_people_type_it(shop: Shop) -> None:
    seen: list[tuple[str, PairRequest, bytes]] = []
    really = shop.server.pair

    def pair(server_url: str, request: PairRequest, private_key: bytes) -> PairAnswer:
        seen.append((server_url, request, private_key))
        return really(server_url, request, private_key)

    shop.server.pair = pair  # type: ignore[method-assign]
    pairing.pair(shop.till, " https://tills.example.com/ ", " good code ")
    ((url, request, private_key),) = seen
    assert (url, request.code) == ("https://tills.example.com", "GOODCODE")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(request.public_key))
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    public.verify(Ed25519PrivateKey.from_private_bytes(private_key).sign(b"x"), b"x")
    assert pairing.is_paired(shop.till)
    assert shop.journal.require_identity().server_url == "https://tills.example.com"
    assert catalogue.store(shop.till).code == "SZ1"
    with pytest.raises(Refusal) as error:
        pairing.pair(shop.till, "https://tills.example.com", "GOODCODE")
    assert error.value.code == "already_paired"


def test_a_wrong_code_pairs_nothing_and_keeps_the_key(shop: Shop) -> None:
    key = shop.journal.keys.private_key()
    for wrong in ("", "   ", "NOSUCHCODE"):
        with pytest.raises(Refusal) as error:
            pairing.pair(shop.till, "https://tills.example.com", wrong)
        assert error.value.code == "pairing_code_wrong"
    assert not pairing.is_paired(shop.till)
    assert shop.journal.keys.private_key() == key


def test_a_till_that_the_server_forgot_goes_on_as_who_it_is_or_not_at_all(shop: Shop, tmp_path: Path) -> None:
    """Its facts name its terminal: a code for another one changes nothing here."""
    pairing.pair(shop.till, "https://tills.example.com", "GOODCODE")
    known = shop.journal.require_identity()
    with shop.journal.upkeep() as rows:
        identity.write_state(rows, "refused", "key_unknown")
    asked: list[PairRequest] = []
    really = shop.server.pair
    terminal_id = "0f000000-0000-7000-8000-000000000099"

    def pair(server_url: str, request: PairRequest, private_key: bytes) -> PairAnswer:
        asked.append(request)
        return replace(really(server_url, request, private_key), terminal_id=terminal_id)

    shop.server.pair = pair  # type: ignore[method-assign]
    with pytest.raises(Refusal, match="already_paired"):
        pairing.pair(shop.till, "https://moved.example.com", "GOODCODE")
    assert shop.journal.require_identity() == known
    assert asked[0].terminal_id == known.terminal_id
    terminal_id = known.terminal_id
    pairing.pair(shop.till, "https://moved.example.com", "GOODCODE")
    assert shop.journal.require_identity() == replace(known, server_url="https://moved.example.com")
    with shop.journal.reading() as rows:
        assert identity.read_state(rows, "refused") is None
