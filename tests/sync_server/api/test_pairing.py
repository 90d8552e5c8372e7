"""Pairing over HTTP: one code, one key, fifteen minutes, and no guessing."""

from __future__ import annotations

import base64
from dataclasses import replace

import psycopg
import pytest

from models.refusals import Refusal
from models.wire import PairAnswer
from sync_server.database.urls import DatabaseUrls
from sync_server.fleet import pairing, terminals
from sync_server.intake.held import act_of
from tests.sync_server import world
from tests.sync_server.api.conftest import Running, pair_request
from tests.sync_server.ledger.asking import OPERATOR
from tests.sync_server.signer import Signer, answer, problem, send


def new_code(running: Running, terminal: str = "T01") -> str:
    """A fresh code's text."""
    return running.do(lambda pool: pairing.new_code(pool, "SZ1", terminal)).text


def later(database: DatabaseUrls, minutes: int) -> None:
    """Let the database believe that this much time has passed."""
    with psycopg.connect(database.maintenance, autocommit=True) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        connection.execute(
            "CREATE OR REPLACE FUNCTION app.now_utc() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE"
            f" AS $$ SELECT statement_timestamp() + interval '{minutes} minutes' $$"
        )


def test_paired_till_gets_what_it_needs_to_start(running: Running) -> None:
    signer = Signer()
    found = answer(
        send(running.address, signer, "POST", "/v1/pair", pair_request(signer, new_code(running))), PairAnswer
    )
    assert (found.terminal_id, found.terminal_code) == (world.TERMINAL, "SZ1T01")
    assert found.store == world.store()
    assert [(key.key_id, base64.b64decode(key.public_key)) for key in found.server_keys] == [
        (key.id, key.raw) for key in running.rooms.keys.public_keys()
    ]
    known = running.do(lambda pool: terminals.find(pool, world.TERMINAL))
    assert known is not None
    assert (known.public_key, known.status, known.merchant_id) == (signer.public_key, "paired", world.MERCHANT)


def test_code_as_a_person_types_it(running: Running) -> None:
    signer = Signer()
    typed = new_code(running).lower().replace(".", " - ") + "\t"
    assert send(running.address, signer, "POST", "/v1/pair", pair_request(signer, typed)).status_code == 200


def test_code_text_uses_safe_characters(running: Running) -> None:
    for _ in range(20):
        text = new_code(running)
        assert len(text) == 14
        assert set(text) <= set(pairing.CODE_ALPHABET + ".")
    assert not set("0O1I2Z5S8BU") & set(pairing.CODE_ALPHABET)


def test_lost_answer_is_given_again_and_another_key_is_not(running: Running) -> None:
    signer, thief = Signer(), Signer()
    code = new_code(running)
    first = send(running.address, signer, "POST", "/v1/pair", pair_request(signer, code))
    again = send(running.address, signer, "POST", "/v1/pair", pair_request(signer, code))
    assert answer(again, PairAnswer).terminal_id == answer(first, PairAnswer).terminal_id
    found = problem(send(running.address, thief, "POST", "/v1/pair", pair_request(thief, code)))
    assert (found.status, found.code) == (403, "pairing_code_used")


def test_newer_code_voids_the_older(running: Running) -> None:
    older, newer = new_code(running), new_code(running)
    signer = Signer()
    found = problem(send(running.address, signer, "POST", "/v1/pair", pair_request(signer, older)))
    assert (found.status, found.code) == (403, "pairing_code_wrong")
    assert send(running.address, signer, "POST", "/v1/pair", pair_request(signer, newer)).status_code == 200


def test_code_dies_after_fifteen_minutes(running: Running, database: DatabaseUrls) -> None:
    code, signer = new_code(running), Signer()
    later(database, 16)
    found = problem(send(running.address, signer, "POST", "/v1/pair", pair_request(signer, code)))
    assert (found.status, found.code) == (403, "pairing_code_expired")


def test_guessing_is_throttled_and_the_window_moves_on(running: Running, database: DatabaseUrls) -> None:
    signer = Signer()
    for _ in range(10):
        found = problem(send(running.address, signer, "POST", "/v1/pair", pair_request(signer, "AAAA.AAAA.AAAA")))
        assert found.code == "pairing_code_wrong"
    code = new_code(running)
    response = send(running.address, signer, "POST", "/v1/pair", pair_request(signer, code))
    found = problem(response)  # even the right one, from here, now
    assert (found.status, found.code, response.headers["retry-after"]) == (429, "pairing_throttled", "900")
    later(database, 16)
    code = new_code(running)
    assert send(running.address, signer, "POST", "/v1/pair", pair_request(signer, code)).status_code == 200


def test_one_key_is_one_terminal(running: Running) -> None:
    signer = running.pair("SZ1T01")
    code = new_code(running, "SZ1T02")
    found = problem(
        send(running.address, replace(signer, key_id="pair"), "POST", "/v1/pair", pair_request(signer, code))
    )
    assert (found.status, found.code) == (409, "already_paired")


def test_request_must_be_signed_by_the_key_it_brings(running: Running) -> None:
    signer, other = Signer(), Signer()
    code = new_code(running)
    found = problem(send(running.address, other, "POST", "/v1/pair", pair_request(signer, code)))
    assert (found.status, found.code) == (401, "signature_invalid")
    assert problem(
        send(running.address, replace(signer, skew_seconds=-400), "POST", "/v1/pair", pair_request(signer, code))
    ).code == ("request_expired")
    assert problem(
        send(running.address, replace(signer, key_id=world.TERMINAL), "POST", "/v1/pair", pair_request(signer, code))
    ).code == ("key_unknown")
    # None of them has used the code up.
    assert send(running.address, signer, "POST", "/v1/pair", pair_request(signer, code)).status_code == 200


def test_key_that_is_none(running: Running) -> None:
    signer = Signer()
    for text in ("", "!!!", base64.b64encode(b"short").decode()):
        message = replace(pair_request(signer, new_code(running)), public_key=text)
        found = problem(send(running.address, signer, "POST", "/v1/pair", message))
        assert (found.status, found.code, found.data) == (400, "request_malformed", {"pointer": "/public_key"})


def test_code_for_a_terminal_that_is_not_waiting(running: Running) -> None:
    running.pair("SZ1T01")
    with pytest.raises(Refusal, match="already_paired"):
        new_code(running, "T01")
    with pytest.raises(Refusal, match="terminal_unknown"):
        new_code(running, "T99")
    with pytest.raises(Refusal, match="terminal_unknown"):
        new_code(running, "BC1T01")  # of another store


def test_revoked_terminal_is_not_paired_again_by_its_old_code(running: Running) -> None:
    signer, code = Signer(), new_code(running)
    assert send(running.address, signer, "POST", "/v1/pair", pair_request(signer, code)).status_code == 200

    running.do(lambda pool: terminals.revoke(pool, OPERATOR, act_of("k"), world.TERMINAL, "stolen"))
    found = problem(send(running.address, signer, "POST", "/v1/pair", pair_request(signer, code)))
    assert (found.status, found.code) == (403, "terminal_revoked")


def test_codes_are_not_in_the_database(running: Running, database: DatabaseUrls) -> None:
    code = pairing.normal(new_code(running))
    with psycopg.connect(database.maintenance) as connection:
        connection.execute("SET ROLE tillkeeper_owner")
        rows = connection.execute("SELECT c::text FROM sec.pairing_codes AS c").fetchall()
    assert len(rows) == 1
    assert code not in str(rows)
    assert code.encode().hex() not in str(rows)
