"""What somebody does to a till's records, to its messages or with its key: detected and contained, honest tills go on.

Rule: real journals, the real server. docs/tamper-evidence.md lists these cases; the last test holds it to that.
"""

from __future__ import annotations

import base64
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models import codec, wire
from models.catalogue import SignedPolicy
from models.facts import hash_fact
from models.refusals import Refusal
from pos_app.journal.store import FILE_NAME
from pos_app.journal.tables import FACTS
from pos_app.sync.signing import signature_headers, signed_head
from pos_app.till import sign_in
from sync_server.database.engine import Claims
from sync_server.fleet import terminals
from sync_server.intake.held import act_of
from tests.flows import shop
from tests.flows.conftest import OpenTill, house, open_till, patient, till
from tests.flows.house import House
from tests.flows.proxy import Proxy
from tests.flows.till import Counter

__all__ = ["house", "open_till", "patient", "till"]

HERE = Path(__file__)
OPERATOR = Claims(UUID("1c000000-0000-7000-8000-000000000001"), "platform")
FACTS_PATH, PULL = "/v1/terminals/me/facts", "/v1/terminals/me/changes"


def terminal_of(till: Counter) -> str:
    return till.till.journal.require_identity().terminal_id


def alarms(house: House, till: Counter) -> set[str]:
    """Kinds of open alarms of this till."""
    query = "SELECT kind FROM app.alarms WHERE principal_id = %s AND closed_at IS NULL"
    return {row[0] for row in house.rows(query, terminal_of(till))}


def posted(house: House, till: Counter) -> int:
    """How many transactions the ledger has of this till."""
    return int(house.rows("SELECT count(*) FROM app.transactions WHERE terminal_id = %s", terminal_of(till))[0][0])


def with_file(till: Counter, change: Callable[[sqlite3.Connection], object]) -> None:
    """Close the till, change its journal from outside, open it again and sign in."""
    till.close()
    with sqlite3.connect(till.folder / "till" / FILE_NAME) as raw:
        change(raw)
    raw.close()
    till.open()
    sign_in.sign_in(till.till, shop.PIN)


def refused_offline(house: House, till: Counter, wires: Proxy | None = None) -> None:
    """Unproven spending is off for this till; test_untouched_and_reopened shows that it is on else."""
    person = house.member({shop.TEN: 3})
    code = house.snapshot_code(person)
    till.app.sync.cycle()
    network = wires or till.network
    network.down()
    with pytest.raises(Refusal) as found:
        till.redeem(till.scan(code), shop.TEN)
    assert found.value.code == "offline_not_allowed"
    network.up()
    assert house.uses_left(person.passes[shop.TEN]) == 3


@pytest.fixture
def honest(open_till: OpenTill) -> Iterator[Counter]:
    """Another till of the store, which must go on whatever happens to the first."""
    other = open_till().begin()
    yield other
    other.sell()
    other.sync()
    assert other.recorded[-1].state == "accepted"


def send(till: Counter, method: str, path: str, body: bytes, key: bytes, *, back_seconds: int = 0) -> dict[str, str]:
    """The headers of a request under this till's name, signed with this key."""
    at = till.till.clock.now() - timedelta(seconds=back_seconds)
    nonce = hash_fact(path.encode() + body + str(at).encode())[:32]
    return signature_headers(method, f"{till.house.address}{path}", body, terminal_of(till), key, at, nonce)


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["code"])


# The journal ----------------------------------------------------------------------------------------------------------

EDITS: dict[str, tuple[str, str]] = {
    "row_changed": (
        "UPDATE facts SET bytes = CAST(replace(bytes, 'cash', 'bank') AS BLOB) WHERE seq = 2",
        "journal_edited",
    ),
    "row_deleted": ("DELETE FROM facts WHERE seq = 2", "journal_cut"),
    "row_inserted": (
        "INSERT INTO facts SELECT seq + 3, 'inserted', kind, happened_at, prev, hash, bytes FROM facts WHERE seq = 1",
        "journal_edited",
    ),
    "truncated": ("DELETE FROM facts WHERE seq >= 2", "journal_cut"),
    "countersigned_head_edited": (
        "UPDATE state SET value = replace(value, '\"seq\": 3', '\"seq\": 2') WHERE key = 'countersignature'",
        "countersignature_forged",
    ),
}


@pytest.mark.parametrize("edit", EDITS)
def test_edited_journal(house: House, till: Counter, honest: Counter, edit: str) -> None:
    statement, kind = EDITS[edit]
    till.sell()
    till.sell()
    till.sync()
    before = posted(house, till)
    with_file(till, lambda raw: raw.execute(statement))
    till.app.sync.cycle()
    assert kind in alarms(house, till)
    refused_offline(house, till)
    assert posted(house, till) == before
    kept = house.rows("SELECT count(*) FROM app.facts WHERE terminal_id = %s AND in_chain", terminal_of(till))
    assert kept == [(3,)]


def test_untouched_and_reopened(house: House, till: Counter, honest: Counter) -> None:
    """The control of all others: closed and opened again, a till may spend unproven as before, and tells nothing."""
    till.sell()
    till.sync()
    person = house.member({shop.TEN: 3})
    code = house.snapshot_code(person)
    with_file(till, lambda raw: raw.execute("SELECT count(*) FROM facts"))
    till.app.sync.cycle()
    till.network.down()
    assert till.redeem(till.scan(code), shop.TEN).evidence == "at_risk"
    till.network.up()
    till.sync()
    assert alarms(house, till) == set()
    assert house.uses_left(person.passes[shop.TEN]) == 2


def hash_anew(raw: sqlite3.Connection) -> None:
    """Edit fact 2 and make every hash after it fit."""
    old, new, edited = b"", b"", 0
    for seq, hashed, data in raw.execute("SELECT seq, hash, bytes FROM facts WHERE seq >= 2 ORDER BY seq").fetchall():
        changed = data.replace(old, new) if old else data.replace(b'"cash"', b'"bank"')
        assert changed != data
        prev = new.decode() or raw.execute("SELECT prev FROM facts WHERE seq = 2").fetchone()[0]
        old, new = hashed.encode(), hash_fact(changed).encode()
        raw.execute("UPDATE facts SET bytes = ?, hash = ?, prev = ? WHERE seq = ?", [changed, new.decode(), prev, seq])
        edited += 1
    assert edited >= 2, "facts came after it"


def forks(house: House, till: Counter) -> None:
    """The next fact does not continue what the server has: kept beside it, held, and told."""
    before = posted(house, till)
    till.sell()
    till.app.sync.cycle()
    assert (till.recorded[-1].state, till.recorded[-1].reason) == ("held", "fork")
    assert "held_fork" in alarms(house, till)
    assert posted(house, till) == before
    refused_offline(house, till)


def test_hash_recomputed_but_not_signed(house: House, till: Counter, honest: Counter) -> None:
    """A synced fact is edited and every hash after it is made to fit: the countersigned head does not."""
    till.sell()
    till.sell()
    till.sync()
    with_file(till, hash_anew)
    till.app.sync.cycle()
    assert "journal_edited" in alarms(house, till)
    forks(house, till)


WAITING = {
    "content": "replace(bytes, 'cash', 'bank')",
    "id": """replace(bytes, '"fact_id":"0', '"fact_id":"1')""",
    "unreadable": "substr(bytes, 9)",
    "damaged": "X'FF00FF'",
}


@pytest.mark.parametrize("edit", WAITING)
@pytest.mark.parametrize("last", [False, True])
def test_waiting_fact_is_edited(house: House, till: Counter, honest: Counter, edit: str, *, last: bool) -> None:
    """What the till has not chained is held and not posted; what it sells before and after is posted."""
    till.sell()
    till.sync()
    till.network.down()
    till.sell()
    till.sell()
    till.sell()
    till.network.up()
    seq, before = till.recorded[-1 if last else -2].seq, posted(house, till)
    with_file(
        till, lambda raw: raw.execute(f"UPDATE facts SET bytes = CAST({WAITING[edit]} AS BLOB) WHERE seq = {seq}")
    )
    till.app.sync.cycle()
    till.sell()
    till.sync()
    assert [(one.state, one.reason) for one in till.recorded if one.seq == seq] == [("held", "content_differs")]
    assert {one.state for one in till.recorded if one.seq != seq} == {"accepted"}
    assert posted(house, till) == before + 3
    assert alarms(house, till) == {"journal_edited", "held_content_differs"}
    assert house.rows("SELECT count(*) FROM app.payments WHERE kind = 'bank'") == [(0,)]
    refused_offline(house, till)


def test_countersigned_head_removed(house: House, till: Counter, honest: Counter) -> None:
    """Hashed anew, and the proof is gone: the till finds nothing wrong, the server does at the next push."""
    till.sell()
    till.sell()
    till.sync()

    def edit(raw: sqlite3.Connection) -> None:
        hash_anew(raw)
        assert raw.execute("DELETE FROM state WHERE key IN ('countersignature', 'heard')").rowcount

    with_file(till, edit)
    assert alarms(house, till) == set()
    forks(house, till)
    assert alarms(house, till) == {"terminal_forked", "held_fork"}


def copied(till: Counter) -> None:
    till.close()
    shutil.copytree(till.folder / "till", till.folder / "copy")
    till.open()
    sign_in.sign_in(till.till, shop.PIN)


def restore(till: Counter) -> None:
    till.close()
    shutil.rmtree(till.folder / "till")
    shutil.copytree(till.folder / "copy", till.folder / "till")
    till.open()
    sign_in.sign_in(till.till, shop.PIN)


def test_rolled_back_to_an_older_copy(house: House, till: Counter, honest: Counter) -> None:
    till.sync()
    copied(till)
    till.sell()
    till.sync()
    restore(till)
    till.app.sync.cycle()
    till.app.sync.cycle()
    assert "journal_behind" in alarms(house, till)
    refused_offline(house, till)


def test_cloned_and_both_go_on(house: House, till: Counter, honest: Counter, open_till: OpenTill) -> None:
    till.sync()
    till.close()
    clone = open_till()
    clone.close()
    shutil.rmtree(clone.folder / "till")
    shutil.copytree(till.folder / "till", clone.folder / "till")
    till.open()
    clone.open()
    for one in (till, clone):
        sign_in.sign_in(one.till, shop.PIN)
        one.sell()
    till.sync()
    before = posted(house, till)
    clone.app.sync.cycle()
    assert (till.recorded[-1].state, clone.recorded[-1].reason) == ("accepted", "fork")
    assert "held_fork" in alarms(house, till)
    assert posted(house, till) == before
    both = house.rows("SELECT count(*) FROM app.facts WHERE terminal_id = %s AND seq = 2", terminal_of(till))
    assert both == [(2,)]
    refused_offline(house, clone, till.network)  # it has the address of the first one's wire
    till.app.sync.cycle()
    refused_offline(house, till)  # both are told: nobody knows which of them is the shop's


# Messages -------------------------------------------------------------------------------------------------------------


def push_of(till: Counter, key: bytes) -> bytes:
    """A push of what waits, its head signed with this key."""
    with till.till.journal.reading() as rows:
        last = rows.execute(FACTS.select().order_by(FACTS.c.seq.desc()).limit(1)).one()
    head = signed_head(terminal_of(till), last.seq, last.hash, key)
    return codec.encode(wire.PushRequest(wire.PROTOCOL, (last.bytes.decode(),), head))


def post(till: Counter, body: bytes, headers: dict[str, str]) -> httpx.Response:
    headers = {**headers, "Content-Type": "application/json"}
    return httpx.post(till.house.address + FACTS_PATH, content=body, headers=headers, timeout=20)


@pytest.mark.parametrize("part", ["request", "head"])
def test_forged_fact(house: House, till: Counter, honest: Counter, part: str) -> None:
    till.sync()
    till.sell()
    before = posted(house, till)
    own, wrong = till.till.journal.keys.private_key(), Ed25519PrivateKey.generate().private_bytes_raw()
    body = push_of(till, wrong if part == "head" else own)
    answer = post(till, body, send(till, "POST", FACTS_PATH, body, wrong if part == "request" else own))
    assert code_of(answer) == "signature_invalid"
    assert {"request": "signature_invalid", "head": "head_forged"}[part] in alarms(house, till)
    assert posted(house, till) == before
    till.sync()
    assert till.recorded[-1].state == "accepted"


def test_replayed_request(house: House, till: Counter, honest: Counter) -> None:
    till.sync()
    till.sell()
    body = push_of(till, key := till.till.journal.keys.private_key())
    headers = send(till, "POST", FACTS_PATH, body, key)
    assert post(till, body, headers).status_code == 200
    before = posted(house, till)
    assert code_of(post(till, body, headers)) == "request_replayed"
    assert "request_replayed" in alarms(house, till)
    assert posted(house, till) == before


def test_expired_request(house: House, till: Counter, honest: Counter) -> None:
    till.sync()
    till.sell()
    before = posted(house, till)
    body = push_of(till, key := till.till.journal.keys.private_key())
    for number in range(3):
        headers = send(till, "POST", FACTS_PATH, body, key, back_seconds=600 + number)
        assert code_of(post(till, body, headers)) == "request_expired"
    assert "clock_skewed" in alarms(house, till)
    assert posted(house, till) == before


def test_stolen_key_after_revocation(house: House, till: Counter, honest: Counter) -> None:
    """Takes effect with the next request; the till stops, keeps and hands in its queue, all of it held."""
    till.sync()
    key = till.till.journal.keys.private_key()
    terminal_id = terminal_of(till)
    outcome = house.do(lambda pool: terminals.revoke(pool, OPERATOR, act_of(terminal_id), terminal_id, "stolen"))
    assert outcome["outcome"] == "accepted"
    answer = httpx.get(house.address + PULL, headers=send(till, "GET", PULL, b"", key), timeout=20)
    assert (answer.status_code, code_of(answer)) == (403, "terminal_revoked")
    assert "revoked_key_used" in alarms(house, till)
    before = posted(house, till)
    till.sell()  # not told yet
    till.app.sync.cycle()
    assert (till.recorded[-1].state, till.recorded[-1].reason) == ("held", "terminal_revoked")
    assert posted(house, till) == before
    with pytest.raises(Refusal) as found:
        till.sell()
    assert found.value.code == "terminal_revoked"


# What HQ signed -------------------------------------------------------------------------------------------------------


def test_edited_policy(house: House, till: Counter, honest: Counter) -> None:
    till.sync()
    raised = r"""replace(value, 'max_uses_terminal\":', 'max_uses_terminal\":9')"""
    edit = f"UPDATE mirror SET value = {raised} WHERE kind = 'policy'"
    with_file(till, lambda raw: raw.execute(edit))
    assert till.till.journal.catalogue.policy is None
    till.app.sync.cycle()
    assert "policy_forged" in alarms(house, till)
    refused_offline(house, till)


def test_own_server_key(house: House, till: Counter, honest: Counter) -> None:
    """A key of one's own among the server's, and a policy signed with it: well signed, and yet not HQ's."""
    till.sync()
    own = Ed25519PrivateKey.generate()
    key = wire.ServerKey("own", base64.b64encode(own.public_key().public_bytes_raw()).decode())

    def edit(raw: sqlite3.Connection) -> None:
        (text,) = raw.execute("SELECT value FROM mirror WHERE kind = 'policy'").fetchone()
        body = codec.decode(SignedPolicy, text).body.replace('"max_uses_terminal":', '"max_uses_terminal":9')
        signature = base64.b64encode(own.sign(wire.POLICY_CONTEXT + body.encode())).decode()
        policy = codec.encode(SignedPolicy(body, key.key_id, signature)).decode()
        raw.execute("UPDATE mirror SET value = ? WHERE kind = 'policy'", [policy])
        row = [key.key_id, codec.encode(key).decode()]
        raw.execute("INSERT INTO mirror SELECT 'server_key', ?, ?, min(epoch) FROM mirror", row)

    with_file(till, edit)
    policy = till.till.journal.catalogue.policy
    assert policy is not None
    assert policy.max_uses_terminal >= 90, "the signature is good"
    till.app.sync.cycle()
    assert alarms(house, till) == {"countersignature_forged"}
    refused_offline(house, till)
    with_file(till, lambda raw: raw.execute("DELETE FROM state WHERE key IN ('server_keys', 'fork')"))
    refused_offline(house, till)


def test_edited_seal(house: House, till: Counter, honest: Counter) -> None:
    till.sync()
    seal = wire.SealHead(1, "0" * 32, "00" * 32, "nobody", "AAAA", till.till.clock.now())
    text = codec.encode(seal).decode()
    with_file(till, lambda raw: raw.execute("INSERT OR REPLACE INTO state VALUES ('seal', ?)", [text]))
    till.sell()
    till.sync()
    assert "seal_forged" in alarms(house, till)
    assert till.recorded[-1].state == "accepted"  # its sales are as true as before


# Members' codes -------------------------------------------------------------------------------------------------------


def test_edited_member_code(house: House, till: Counter, honest: Counter) -> None:
    code = house.snapshot_code(house.member({shop.TEN: 3}))
    till.sync()
    place = len(code) // 2
    other = code[:place] + ("A" if code[place] != "A" else "B") + code[place + 1 :]
    with pytest.raises(Refusal) as found:
        till.scan(other)
    assert found.value.code == "code_edited"


def test_replayed_member_code(house: House, till: Counter, honest: Counter) -> None:
    """A code proves issue, not non-use: shown again it pays no more than it says, and no more than the caps."""
    person = house.member({shop.TEN: 1})
    till.sync()
    code = house.snapshot_code(person)
    till.network.down()
    assert till.redeem(till.scan(code), shop.TEN).evidence == "at_risk"
    with pytest.raises(Refusal, match="uses_exhausted"):
        till.redeem(till.scan(code), shop.TEN)
    till.network.up()
    till.sync()
    assert house.uses_left(person.passes[shop.TEN]) == 0


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_names_every_case() -> None:
    text = (HERE.parents[2] / "docs" / "tamper-evidence.md").read_text("utf-8")
    named = set(re.findall(r"`(test_[a-z_]+)`", text)) | set(re.findall(r"`(test_[a-z_]+\[[a-z_]+\])`", text))
    cases = set(re.findall(r"^def (test_[a-z_]+)", HERE.read_text("utf-8"), re.MULTILINE))
    cases -= {"test_the_list_names_every_case", "test_edited_journal", "test_forged_fact"}
    cases |= {f"test_edited_journal[{edit}]" for edit in EDITS} | {
        f"test_forged_fact[{part}]" for part in ("request", "head")
    }
    assert named == cases
