"""`posctl` against a real server: tables for people, JSON for programs, clear words when it does not work."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from sync_server import posctl
from sync_server.keys import Keyring
from sync_server.members.pins import set_pin
from tests.sync_server.admin.conftest import PASSWORD, Shop, keys, shop
from tests.sync_server.members.test_people import MEMBER, register

__all__ = ["keys", "shop"]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def base(shop: Shop, tmp_path: Path) -> list[str]:
    """The arguments that sign in."""
    secret = tmp_path / "password"
    secret.write_text(PASSWORD + "\n")
    return ["--server", shop.running.address, "--user", "ana", "--password-file", str(secret)]


@pytest.mark.req("C12")
def test_orders_held_and_terminals(base: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert posctl.main([*base, "orders", "--state", "posted"]) == 0
    shown = capsys.readouterr().out
    assert "CK00100000001" in shown
    assert "3 orders, 2 uses, 15500 CNY" in shown
    assert posctl.main([*base, "held"]) == 0
    assert "pass_unknown" in capsys.readouterr().out
    assert posctl.main([*base, "terminals"]) == 0
    assert "SZ1T01" in capsys.readouterr().out


def test_json_leads_to_one_order(base: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert posctl.main([*base, "--json", "orders", "--kind", "PassSold"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["orders"]
    assert posctl.main([*base, "order", row["key"]]) == 0
    assert json.loads(capsys.readouterr().out)["fact"]["body"]["total_minor"] == 15000


def test_a_held_fact_is_decided_and_its_loss_listed(base: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for name, words in (("alarms", "No alarms."), ("losses", "Nothing is owed."), ("risk", "worst case: nothing")):
        assert posctl.main([*base, name]) == 0
        assert words in capsys.readouterr().out
    assert posctl.main([*base, "--json", "held"]) == 0
    held = json.loads(capsys.readouterr().out)["held"]
    key = next(row["key"] for row in held if row["reason"] == "pass_unknown")
    decide = [*base, "decide", key, "write_off", "--reason", "the member has gone", "--act", "a1"]
    for _ in range(2):
        assert posctl.main(decide) == 0
        assert capsys.readouterr().out.startswith("write_off HX")
    assert posctl.main([*decide[:-1], "a2"]) == 1
    assert "decided this already" in capsys.readouterr().err
    for name, words in (("alarms", "offline_loss"), ("losses", "1800")):
        assert posctl.main([*base, name]) == 0
        assert words in capsys.readouterr().out


def test_a_backup_is_noted_and_shown(base: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert posctl.main([*base, "backup"]) == 0
    assert "no backup is noted here; the server's time is 20" in capsys.readouterr().out
    assert posctl.main([*base, "backup", "--noted", "2026-01-01T03:00:00+01:00"]) == 0
    assert capsys.readouterr().out == "noted; the chains of 0 tills came further\n"
    assert posctl.main([*base, "backup"]) == 0
    assert "backup of 2026-01-01T02:00:00.000000Z, by Ana" in capsys.readouterr().out


def test_a_forgotten_pin_is_cleared(base: list[str], shop: Shop, keys: Keyring, capsys: Capture) -> None:
    shop.running.do(lambda pool: register(pool, keys))
    shop.running.do(lambda pool: set_pin(pool, keys, MEMBER, "2580"))
    assert posctl.main([*base, "member-pin", "100001", "--clear"]) == 0
    assert capsys.readouterr().out == "100001 has no PIN any more\n"
    assert posctl.main([*base, "member-pin", MEMBER, "--clear"]) == 1
    assert "has no PIN" in capsys.readouterr().err
    assert posctl.main([*base, "member-pin", "../session", "--clear"]) == 1
    with pytest.raises(SystemExit):
        posctl.main([*base, "member-pin", MEMBER])


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["member-pin", "nobody", "--clear"], 1, "no such member"),
        (["backup", "--noted", "2026-01-01T03:00:00"], 2, "is no time with its zone"),
        (["backup", "--noted", "yesterday"], 2, "is no time with its zone"),
        (["backup", "--noted", "2199-01-01T03:00:00Z"], 1, "cannot begin in the future"),
        (["order", "0" * 64], 1, "no such order"),
        (["orders", "--day", "32"], 1, "did not understand"),
    ],
)
def test_what_the_server_refuses(
    base: list[str], capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, words: str
) -> None:
    assert posctl.main([*base, *arguments]) == status
    assert words in capsys.readouterr().err


def test_a_wrong_password_and_no_server(base: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong")
    assert posctl.main([*base, "held"]) == 1
    assert "User name or password is wrong." in capsys.readouterr().err
    assert posctl.main([*base[2:], "--server", "http://127.0.0.1:9", "held"]) == 3
    assert posctl.main([*base[2:], "--server", "nonsense", "held"]) == 3
    assert posctl.main([*base[:4], "--password-file", str(tmp_path / "none"), "held"]) == 2
    assert "wrong" not in capsys.readouterr().out


def test_version_and_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        posctl.main(["--version"])
    assert done.value.code == 0
    assert capsys.readouterr().out.startswith("posctl ")
    with pytest.raises(SystemExit) as wrong:
        posctl.main(["--user", "ana", "orders", "--nonsense"])
    assert wrong.value.code == 2


def test_without_a_terminal_nobody_is_asked_for_a_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSCTL_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert posctl.main(["--user", "ana", "held"]) == 2
    assert "Set POSCTL_PASSWORD" in capsys.readouterr().err


def test_a_till_is_shut_out_and_its_queue_decided(
    shop: Shop, base: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    revoke = [*base, "revoke", "SZ1T01", "--reason", "was stolen", "--act", "a1"]
    assert posctl.main(revoke) == 1
    assert "not paired yet" in capsys.readouterr().err
    shop.running.do(lambda _: shop.till.pair())
    revoke[-1] = "a2"
    for _ in range(2):
        assert posctl.main(revoke) == 0
        assert capsys.readouterr().out == "SZ1T01 is revoked at place 5\n"
    assert posctl.main([*base, "revoke", "SZ1T99", "--reason", "was stolen"]) == 1
    assert "no such till" in capsys.readouterr().err

    async def hand_in(_: object) -> None:
        shop.till.order()
        await shop.till.push()

    shop.running.do(hand_in)
    queue = [*base, "queue", "SZ1T01"]
    assert posctl.main(queue) == 0
    assert "1 facts, 0 uses, 2100 CNY (minor units); up to place 6" in capsys.readouterr().out
    assert posctl.main([*queue, "--decision", "post"]) == 2
    assert posctl.main([*queue, "--decision", "post", "--upto", "6", "--reason", "it happened"]) == 0
    assert capsys.readouterr().out == "1 decided, 0 left\n"
    assert posctl.main(queue) == 0
    assert capsys.readouterr().out == "Nothing waits.\n"
    assert posctl.main([*base, "terminals"]) == 0
    assert "revoked" in capsys.readouterr().out


def test_a_loss_is_collected_and_the_rest_given_up(base: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert posctl.main([*base, "--json", "held"]) == 0
    held = json.loads(capsys.readouterr().out)["held"]
    key = next(row["key"] for row in held if row["reason"] == "pass_unknown")
    assert posctl.main([*base, "decide", key, "write_off", "--reason", "the member has gone"]) == 0
    tx_no = capsys.readouterr().out.split()[1]
    collect = [*base, "collect", tx_no, "--amount", "1000", "--paid", "1000", "--tender", "cash", "--act", "c1"]
    for _ in range(2):
        assert posctl.main(collect) == 0
    assert capsys.readouterr().out == "accepted\naccepted\n"
    assert posctl.main([*base, "losses"]) == 0
    assert " 800 " in capsys.readouterr().out
    assert posctl.main([*base, "write-off", tx_no, "--reason", "x"]) == 1
    assert "3 to 200 characters" in capsys.readouterr().err
    give_up = [*base, "write-off", tx_no, "--reason", "moved abroad", "--act", "w1"]
    for _ in range(2):
        assert posctl.main(give_up) == 0
    capsys.readouterr()
    assert posctl.main([*base, "losses"]) == 0
    assert capsys.readouterr().out == "Nothing is owed.\n"
    assert posctl.main([*base, "collect", "HX0", "--amount", "1", "--paid", "1", "--tender", "cash"]) == 1
    assert "no such loss" in capsys.readouterr().err


def test_how_much_a_store_sets_aside_ahead(base: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    lease = [*base, "leases", "测试店", "min_visits=3", "days=30", "uses=2", "amount_minor=0", "most_uses=9",
             "most_minor=0", "valid_hours=12"]  # fmt: skip
    assert posctl.main(lease) == 0
    assert capsys.readouterr().out.strip() == "accepted"
    assert posctl.main([*lease[:-1], "valid_hours=0"]) == 1
    assert "too high" in capsys.readouterr().err
    assert posctl.main([*base, "leases", "elsewhere", "uses=1"]) == 1


def test_a_policy_is_put_in_force(base: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    policy = [*base, "policy", "测试店", "--based-on", "0", "uses.per_operation=2", "uses.per_terminal=9"]
    assert posctl.main(policy) == 0
    assert capsys.readouterr().out == "version 1 is in force\n"
    assert posctl.main(policy) == 1
    assert "Another version is in force" in capsys.readouterr().err
    assert posctl.main([*policy[:-2], "uses.per_day"]) == 1
    assert "did not understand" in capsys.readouterr().err
    assert posctl.main([*base, "policy", "elsewhere", "--based-on", "1", "uses.per_operation=2"]) == 1
    assert "no one store of this name" in capsys.readouterr().err
    assert posctl.main([*base, "--json", "risk"]) == 0
    (store,) = json.loads(capsys.readouterr().out)["stores"]
    assert store["policy"]["version"] == 1


def test_an_alarm_is_closed(shop: Shop, base: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    async def slip_twice(_: object) -> None:
        shop.till.order(slips=("VR.SZ1T01.000001",))
        await shop.till.push()

    shop.running.do(slip_twice)
    assert posctl.main([*base, "--json", "alarms"]) == 0
    (alarm,) = json.loads(capsys.readouterr().out)["alarms"]
    assert posctl.main([*base, "seen", alarm["alarm_id"]]) == 0
    assert posctl.main([*base, "alarms"]) == 0
    assert "Ana" in capsys.readouterr().out
    close = [*base, "close", alarm["alarm_id"], "--note"]
    assert posctl.main([*close, "x"]) == 1
    assert "3 to 200 characters" in capsys.readouterr().err
    assert posctl.main([*close, "compared both slips"]) == 0
    assert posctl.main([*close, "again"]) == 1
    assert "closed already" in capsys.readouterr().err
    assert posctl.main([*base, "alarms"]) == 0
    assert capsys.readouterr().out.endswith("No alarms.\n")
