"""The command `sync-server` as a person runs it: real processes, an embedded Postgres, and clear words in trouble."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from models.wire import ChangesAnswer, PairAnswer
from sync_server import logs
from sync_server.__main__ import main
from tests.sync_server.api.conftest import pair_request
from tests.sync_server.signer import Signer, answer, send


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    said: str
    complained: str


Run = Callable[..., Done]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command to its end, in this process: nothing but the logs is left out."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(logs, "set_up", lambda _: None)

    def once(*arguments: str, **environment: str) -> Done:
        capfd.readouterr()
        with monkeypatch.context() as changed:
            for name, value in environment.items():
                changed.setenv(name, value)
            try:
                code = main(arguments)
            except SystemExit as left:  # argparse
                code = int(left.code or 0)
        return Done(code, *capfd.readouterr())

    return once


class Serving:
    """A running `sync-server serve`, its log in a file."""

    def __init__(self, folder: Path, module: str = "sync_server", *arguments: str) -> None:
        self.folder = folder
        self.log = folder / "log"
        ready = folder / "ready"
        ready.write_text("http://of-an-earlier-run\n")
        command = [sys.executable, "-m", module, *arguments, "--port", "0", "--data", str(folder / "data")]
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--ready-file", str(ready)], stdout=subprocess.PIPE, stderr=log, text=True, env=environment
            )
        try:
            self.said = list(self._lines_until_ready())
            assert self.said, self.log.read_text()
            self.address = self.said[-1].removeprefix("ready ")
            assert ready.read_text() == f"{self.address}\n", self.log.read_text()
        except BaseException:
            self.stop()
            raise

    def _lines_until_ready(self) -> Iterator[str]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield line.rstrip()
            if line.startswith("ready "):
                return

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()

    def lines(self) -> list[dict[str, object]]:
        """Its log; every line must be one JSON object."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture(scope="module")
def demo(reachable_folder: Path) -> Iterator[Serving]:
    """The demo's server: `serve --demo` with its two shops."""
    folder = reachable_folder / "demo"
    folder.mkdir(mode=0o711)
    serving = Serving(folder, "demo.server")
    yield serving
    serving.stop()


def test_help_and_version(run: Run) -> None:
    helped = run("--help")
    assert helped.code == 0
    assert all(word in helped.said for word in ("serve", "migrate", "verify", "pair-code"))
    assert run("--version").said.startswith("sync-server 0.")
    assert run().code == 2
    assert run("serve", "--port", "70000").code == 2
    assert run("serve", "--port", "many").code == 2


def test_an_sms_gateway_that_is_none_is_said_before_anything_is_opened(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    secret = "v1,whsec_c2hvcnQ="
    for url in ("http://sms.test/", "https://sms.test/"):
        done = run("serve", "--port", "0", "--data", str(data), TILLKEEPER_SMS_URL=url, TILLKEEPER_SMS_SECRET=secret)
        assert (done.code, "the SMS" in done.complained, "c2hvcnQ" in done.complained) == (1, True, False)
    assert not data.exists()


def test_port_in_use(demo: Serving, run: Run, tmp_path: Path) -> None:
    port = demo.address.rsplit(":", 1)[1]
    done = run("serve", "--port", port, "--data", str(tmp_path / "other"))
    assert done.code == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in done.complained
    assert not (tmp_path / "other").exists()  # found out before anything was made


def test_second_server_on_the_same_data(demo: Serving, run: Run) -> None:
    done = run("serve", "--port", "0", "--data", str(demo.folder / "data"))
    assert (done.code, "sync-server: database_in_use" in done.complained) == (1, True)
    assert httpx.get(demo.address + "/v1/health").status_code == 200


def test_database_out_of_reach(run: Run, tmp_path: Path) -> None:
    for url, code in [
        ("postgresql://nobody:secret-word@127.0.0.1:9/x", "database_unavailable"),
        ("this is no address", "database_url_invalid"),
    ]:
        for command in (["migrate"], ["verify"], ["serve", "--port", "0"], ["pair-code", "--terminal", "SZ1T01"]):
            done = run(*command, "--data", str(tmp_path), DATABASE_URL=url)
            assert (done.code, f"sync-server: {code}" in done.complained) == (1, True), (command, done)
            assert "secret-word" not in done.complained


def test_keys_that_cannot_be_used(run: Run, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    keys.chmod(0o755)
    done = run("migrate", "--data", str(tmp_path))
    assert (done.code, "sync-server: keys_readable_by_others" in done.complained) == (1, True)
    keys.chmod(0o700)
    (keys / "keys.json").write_text("{}")
    (keys / "keys.json").chmod(0o600)
    done = run("migrate", "--data", str(tmp_path))
    assert (done.code, "sync-server: keys_damaged" in done.complained) == (1, True)


def test_migrate_again_beside_the_running_server(demo: Serving, run: Run) -> None:
    done = run("migrate", "--data", str(demo.folder / "data"))
    assert (done.code, done.said.startswith("schema ")) == (0, True)


def test_pair_code_and_verify_beside_the_running_server(demo: Serving, run: Run) -> None:
    data = str(demo.folder / "data")
    made = run("pair-code", "--store", "SZ1", "--terminal", "T03", "--data", data)
    assert (made.code, "valid until" in made.complained) == (0, True)
    code = json.loads(run("pair-code", "--terminal", "SZ1T03", "--json", "--data", data).said)["code"]
    signer = Signer()
    paired = answer(send(demo.address, signer, "POST", "/v1/pair", pair_request(signer, code)), PairAnswer)
    assert paired.terminal_code == "SZ1T03"
    unknown = run("pair-code", "--terminal", "XX9", "--data", data)
    assert (unknown.code, "There is no such terminal" in unknown.complained) == (1, True)
    taken = run("pair-code", "--terminal", "SZ1T03", "--data", data)
    assert (taken.code, "already_paired" in taken.complained) == (1, True)
    verified = run("verify", "--data", data)
    assert (verified.code, len(verified.said.splitlines())) == (0, 14), verified


def test_a_key_for_clients(demo: Serving, run: Run) -> None:
    data = str(demo.folder / "data")
    for more, role in (((), 401), (("--service",), 200)):
        key = run("client-key", "--days", "1", "--data", data, *more).said.strip()
        headers = {"apikey": key}
        assert httpx.get(f"{demo.address}/rest/v1/membership_levels", headers=headers).status_code == 200
        called = httpx.post(f"{demo.address}/rest/v1/rpc/cron_expire_cards", headers=headers, json={})
        assert called.status_code == role, called.text
    assert httpx.post(f"{demo.address}/auth/v1/signup", headers=headers, json={}).json()["user"]["is_anonymous"]


def test_a_new_terminal_is_made_with_its_code_and_pairs(demo: Serving, run: Run) -> None:
    data = str(demo.folder / "data")
    wanted = "0c0ffee0-0000-7000-8000-000000000077"
    new = [
        "pair-code",
        "--new",
        "--store",
        "SZ1",
        "--terminal",
        "T77",
        "--name",
        "门口",
        "--id",
        wanted,
        "--data",
        data,
    ]
    assert run(*new).code == 0
    signer, code = Signer(), run(*new).said.strip()
    paired = answer(send(demo.address, signer, "POST", "/v1/pair", pair_request(signer, code)), PairAnswer)
    assert (paired.terminal_id, paired.terminal_code) == (wanted, "SZ1T77")
    assert "already_paired" in run(*new).complained
    for arguments, told in (
        (["--store", "NOWHERE", "--terminal", "T01"], "store_unknown"),
        (["--store", "SZ1", "--terminal", "T-1"], "request_malformed"),
        (["--store", "SZ1", "--terminal", ""], "request_malformed"),
        (["--store", "SZ1", "--terminal", "T123456789"], "request_malformed"),
        (["--store", "SZ1", "--terminal", "T78", "--id", "x"], "request_malformed"),
        (["--store", "SZ1", "--terminal", "T78", "--id", wanted], "already_paired"),
        (["--terminal", "SZ1T79"], "store_unknown"),
    ):
        done = run("pair-code", "--new", *arguments, "--data", data)
        assert (done.code, told in done.complained) == (1, True), (arguments, done)


def test_till_pulls_a_whole_demo_shop(demo: Serving, run: Run) -> None:
    data = str(demo.folder / "data")
    code = run("pair-code", "--terminal", "BCN1T01", "--data", data).said.strip()
    signer = Signer()
    paired = answer(send(demo.address, signer, "POST", "/v1/pair", pair_request(signer, code)), PairAnswer)
    signer.key_id = paired.terminal_id
    page = answer(send(demo.address, signer, "GET", "/v1/terminals/me/changes"), ChangesAnswer)
    count: dict[str, int] = {}
    for change in page.changes:
        count[change.table] = count.get(change.table, 0) + 1
        assert change.value is not None
    assert count == {
        "sealing_key": 1, "server_key": 1, "store": 1, "category": 4, "product": 16, "add_on": 6, "plan": 4, "staff": 3,
        "template": 9, "policy": 1, "member": 4, "pass": 5, "level_band": 4, "bonus_rule": 2,
    }  # fmt: skip


def test_stops_at_once_with_tills_waiting_and_logs_no_secret(reachable_folder: Path, run: Run) -> None:
    folder = reachable_folder / "stopping"
    folder.mkdir(mode=0o711)
    serving = Serving(folder, "demo.server")
    assert serving.said[0] == "demo shops written"
    data = str(folder / "data")
    code = run("pair-code", "--terminal", "SZ1T01", "--data", data).said.strip()
    signer = Signer()
    paired = answer(send(serving.address, signer, "POST", "/v1/pair", pair_request(signer, code)), PairAnswer)
    signer.key_id = paired.terminal_id
    page = answer(send(serving.address, signer, "GET", "/v1/terminals/me/changes"), ChangesAnswer)
    member = next(change for change in page.changes if change.table == "member" and change.value)
    target = f"/v1/terminals/me/changes?after={page.cursor}&wait=25"
    headers = signer.headers("GET", target, b"")
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(httpx.get, serving.address + target, headers=headers, timeout=40)
        time.sleep(1.0)
        assert not waiting.done()
        assert serving.stop() == 0
        assert answer(waiting.result(), ChangesAnswer).changes == ()  # answered, long before its 25 s

    lines = serving.lines()
    assert any(line["event"] == "request" and line.get("terminal") == "SZ1T01" for line in lines)
    text = serving.log.read_text()
    assert member.value is not None
    for secret in (code, headers["Signature"], str(member.value["phone"]), str(member.value["name"]), "pin_hash"):
        assert secret not in text

    again = Serving(folder, "demo.server")
    assert again.said[0] == "demo shops found"
    later = answer(send(again.address, signer, "GET", f"/v1/terminals/me/changes?after={page.cursor}"), ChangesAnswer)
    assert later.changes == ()  # the second seed changed nothing
    assert again.stop() == 0


@pytest.mark.parametrize("command", [["verify"], ["pair-code", "--store", "SZ1", "--terminal", "T01"]])
def test_looking_at_a_folder_that_is_not_there_makes_nothing(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main([*command, "--data", str(tmp_path / "typo")]) == 1
    assert "there is no ledger in" in capsys.readouterr().err
    assert not (tmp_path / "typo").exists()
