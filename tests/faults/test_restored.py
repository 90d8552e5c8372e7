"""The database is lost and comes back from an older dump, in a new cluster: a new epoch, and every till sends again."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pos_app.__main__ import main
from pos_app.till import shift, sign_in
from sync_server.database.binaries import runnable_bindir, wheel_bindir
from sync_server.database.server_user import server_user
from tests.faults.conftest import FaultyHouse, OpenTill, catch_up, work_alone
from tests.flows import shop
from tests.flows.cards import credit, held, pay_by_card, pay_in, seen_alike
from tests.flows.checks import all_is_well
from tests.flows.till import Counter


class Dumps:
    """Postgres's own programs, run by the operator as the superuser."""

    def __init__(self, house: FaultyHouse) -> None:
        self._house = house
        self._bindir = runnable_bindir(wheel_bindir(), server_user(house.folder), Path("/var/lib/tillkeeper"))

    def take(self) -> tuple[Path, Path]:
        """Dump the roles and the database while everybody works."""
        roles, database = self._house.folder / "roles.sql", self._house.folder / "database.dump"
        self._run("pg_dumpall", "--roles-only", "-f", roles, "-d", self._house.superuser_url)
        self._run("pg_dump", "-Fc", "-f", database, self._house.superuser_url)
        return roles, database

    def put_back(self, roles: Path, database: Path) -> None:
        """Into a cluster that has just been made."""
        self._run("psql", "-q", "-f", roles, self._house.superuser_url)  # those that are there already are no error
        self._run("pg_restore", "--exit-on-error", "-d", self._house.superuser_url, database)

    def _run(self, program: str, *arguments: str | Path) -> None:
        ended = subprocess.run([self._bindir / program, *arguments], capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr


@pytest.mark.timeout(240)
def test_restored_from_a_dump(tmp_path: Path) -> None:
    """Two tills handed in, redeemed, topped up and charged in the lost time; one of them has a queue besides."""
    with FaultyHouse() as house:
        house.run()
        house.open_shop()
        with Counter(house, tmp_path / "one") as one, Counter(house, tmp_path / "other", "SZ2") as other:
            one.begin()
            other.begin()
            person, guest = house.member({shop.TEN: 5}), house.member()
            for till in (one, other):
                till.sync()
            credit(one, person, 10000)
            ((epoch,),) = house.rows("SELECT app.current_epoch()")
            dump = Dumps(house).take()
            # The time that will be lost.
            for till in (one, other):
                till.sync()
                assert till.redeem(till.member(person), shop.TEN).evidence == "online"
                till.sell()
                till.print_all()
                till.sync()
            pay_in(other, person, 3000)
            other.sync()
            one.sync()
            assert pay_by_card(one, house.short_code(person)).total_minor == 1800
            one.sync()
            work_alone(other, guest)
            told = {till: till.recorded for till in (one, other)}
            before = held(house, person)
            house.lose_cluster()
            with house.new_cluster():
                Dumps(house).put_back(*dump)
            house.run()
            assert house.rows("SELECT app.current_epoch()") != [(epoch,)]
            for till in (one, other):
                till.app.start_background()
            for till in (one, other):
                catch_up(till)
            for till in (one, other):
                assert [(item.seq, item.hash) for item in told[till]] == [
                    (item.seq, item.hash) for item in till.recorded[: len(told[till])]
                ]
                # What the ledger had granted online in the lost time comes back with its facts, too.
                assert {item.state for item in till.recorded} == {"accepted"}
            for till in (one, other):
                till.sync()
                seen_alike(house, till, person)
            assert (house.uses_left(person.passes[shop.TEN]), held(house, person)) == (3, before)
            all_is_well(house, one, other)


def _pair(till: Counter, code: str, *more: str) -> int:
    """The command as somebody at the machine types it; the till is closed."""
    folder = str(till.folder / "till")
    return main(["pair", code, "--data", folder, "--server", till.address, "--keys", "file", *more])


@pytest.mark.timeout(120)
def test_a_till_that_was_paired_in_the_lost_time_goes_on(house: FaultyHouse, open_till: OpenTill) -> None:
    """The server does not know it any more; with a code for its own terminal it keeps its key and hands in again."""
    number, other = house.next_number(), house.next_number()
    for wanted in (number, other):
        house.pairing_code("SZ1", wanted)  # both are made before the backup
    house.save()
    till = open_till()
    till.pair(house.pairing_code(till.store, number))
    sign_in.sign_in(till.till, shop.PIN)
    shift.open_shift(till.till, 20000)
    till.sell()
    till.print_all()
    till.sync()
    before = till.recorded
    terminal_id = till.till.journal.require_identity().terminal_id
    house.restore()
    house.run()
    till.app.sync.cycle()
    till.sell()
    till.close()
    assert _pair(till, house.pairing_code("SZ1", number), "--anew") == 3, "all of it would be lost"
    assert not [path for path in till.folder.iterdir() if path.name.startswith("till-")]
    assert _pair(till, house.pairing_code("SZ1", other)) == 3, "its facts name another terminal"
    assert _pair(till, house.pairing_code("SZ1", number)) == 0
    till.open()
    assert till.till.journal.require_identity().terminal_id == terminal_id
    till.app.sync.cycle()
    till.sync()
    assert [item.hash for item in till.recorded[:-1]] == [item.hash for item in before]
    assert {item.state for item in till.recorded} == {"accepted"}
    all_is_well(house, till)
