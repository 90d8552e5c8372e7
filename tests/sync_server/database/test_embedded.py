"""The embedded server: first start, crashes of every part, and what it refuses."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from sync_server.database import binaries, processes
from sync_server.database.cluster import start_trouble
from sync_server.database.embedded import EmbeddedPostgres
from sync_server.database.engine import open_pool, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.database.migrate import migrate
from sync_server.database.server_user import server_user
from sync_server.database.urls import Passwords
from tests.sync_server.conftest import PASSWORDS

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root alone lends the server to another user")
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def shared_home(reachable_folder: Path) -> Path:
    """One home for all tests, as one shop has; each leaves a cluster that starts again."""
    return reachable_folder / "home"


@pytest.fixture
def home(shared_home: Path) -> Iterator[Path]:
    """A home with a ready, stopped cluster."""
    if not shared_home.exists():
        with EmbeddedPostgres(shared_home, PASSWORDS):
            pass
    yield shared_home
    processes.end_processes_in(shared_home / "postgres" / "data", grace_seconds=5)


def value(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    return row and row[0]


def until(condition: Callable[[], bool], timeout_seconds: float = 20.0) -> None:
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_first_start_is_closed_durable_and_utc(home: Path) -> None:
    with EmbeddedPostgres(home, PASSWORDS) as postgres:
        url = postgres.superuser_url
        assert value(url, "SHOW fsync") == "on"
        assert value(url, "SHOW full_page_writes") == "on"
        assert value(url, "SHOW data_checksums") == "on"
        assert value(url, "SHOW listen_addresses") == ""
        assert value(url, "SHOW timezone") == "UTC"
        assert value(url, "SHOW server_encoding") == "UTF8"
        assert value(url, "SELECT 'é' < 'z'") is False, "sorted by code point"
        assert value(url, "SELECT upper('é')") == "É"
        methods = "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"
        assert value(url, methods) == "scram-sha-256"
        for folder in (home / "postgres", postgres.data, home / "postgres" / "run"):
            assert mode(folder) == 0o700
        assert mode(home / "postgres.log") == 0o600
        assert value(postgres.urls.maintenance, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_start_and_stop_may_be_repeated_and_leave_nothing(home: Path) -> None:
    postgres = EmbeddedPostgres(home, PASSWORDS)
    postgres.stop()
    first = postgres.start()
    pid = postgres.pid
    assert postgres.start() == first
    assert postgres.pid == pid
    postgres.stop()
    postgres.stop()
    assert postgres.pid is None
    assert processes.processes_in(postgres.data) == []
    assert not (postgres.data / "postmaster.pid").exists()
    assert postgres.start() == first
    assert postgres.pid not in (None, pid)
    postgres.stop()


def test_killed_server_comes_back_with_what_was_committed(home: Path) -> None:
    with EmbeddedPostgres(home, PASSWORDS) as postgres:
        url = postgres.urls.maintenance
        with psycopg.connect(url) as busy:
            busy.execute("CREATE TABLE kept (n int)")
            busy.execute("INSERT INTO kept VALUES (42)")
            busy.commit()
            busy.execute("INSERT INTO kept VALUES (43)")
            postgres.kill()
            postgres.start()
            with pytest.raises(psycopg.OperationalError):
                busy.execute("SELECT 1")
            busy.close()
        assert value(url, "SELECT array_agg(n) FROM kept") == [42]


@pytest.mark.anyio
async def test_pool_heals_after_the_server_was_killed(home: Path) -> None:
    with EmbeddedPostgres(home, PASSWORDS) as postgres:
        migrate(postgres.urls)
        async with open_pool(postgres.urls.app, min_size=4, max_size=4) as pool:
            await pool.wait()
            postgres.kill()
            postgres.start()
            with pytest.raises(DatabaseTrouble, match="database_unavailable"):
                async with transaction(pool) as connection:
                    await connection.execute("SELECT 1")
            for _ in range(8):  # the first failure replaced them all
                async with transaction(pool) as connection:
                    await connection.execute("SELECT 1")


OWNER = """
import os, sys, time
from pathlib import Path
from sync_server.database.embedded import EmbeddedPostgres
from tests.sync_server.conftest import PASSWORDS
postgres = EmbeddedPostgres(Path(sys.argv[1]), PASSWORDS)
print("starting", flush=True)
postgres.start()
print(postgres.pid, flush=True)
time.sleep(600)
"""


def owner(home: Path) -> subprocess.Popen[str]:
    """Another program that owns a server."""
    command = [sys.executable, "-c", OWNER, str(home)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_owner_killed_leaves_nothing_running_and_the_next_takes_over(home: Path) -> None:
    with owner(home) as first:
        line(first)
        pid = int(line(first))
        with pytest.raises(DatabaseTrouble, match="database_in_use"):
            EmbeddedPostgres(home, PASSWORDS).start()
        with pytest.raises(DatabaseTrouble, match="database_in_use"):
            EmbeddedPostgres(home, PASSWORDS).remove()
        assert pid in processes.processes_in(home / "postgres" / "data")
        first.kill()
        # At once, while the old server may still be shutting down:
        with EmbeddedPostgres(home, PASSWORDS) as postgres:
            assert value(postgres.urls.maintenance, "SELECT 1") == 1
            assert postgres.pid != pid


def test_owner_killed_and_nobody_comes_leaves_nothing_running(home: Path) -> None:
    with owner(home) as first:
        line(first)
        line(first)
        first.kill()
    until(lambda: processes.processes_in(home / "postgres" / "data") == [])
    assert not (home / "postgres" / "data" / "postmaster.pid").exists(), "it was a clean shutdown"


def test_orphan_that_survived_is_ended(home: Path) -> None:
    """A server whose tie to its owner was lost, as a restored container or an older program might leave it."""
    probe = EmbeddedPostgres(home, PASSWORDS)
    user, bindir = server_user(home / "postgres"), binaries.wheel_bindir()
    bindir = binaries.runnable_bindir(bindir, user, Path("/var/lib/tillkeeper"))
    orphan = subprocess.Popen(
        [bindir / "postgres", "-D", probe.data, "--listen_addresses=", f"--unix_socket_directories={home}/postgres"],
        cwd="/",
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        **user.run_as(),
    )
    until((probe.data / "postmaster.pid").exists)
    with probe as postgres:
        assert orphan.wait(1) == 0, "it was a clean shutdown"
        assert value(postgres.urls.maintenance, "SELECT 1") == 1


def test_stale_lock_files_do_not_stop_a_start(home: Path) -> None:
    """After a power cut the old files stay, and by now their number may belong to anybody: here, to us."""
    postgres = EmbeddedPostgres(home, PASSWORDS)
    shutil.copy(postgres.data / "PG_VERSION", postgres.data / "postmaster.pid")
    (postgres.data / "postmaster.pid").write_text(f"{os.getppid()}\n{postgres.data}\n1\n5432\n/tmp\n\n0 0\nready\n")
    (home / "postgres" / "run" / ".s.PGSQL.5432.lock").write_text(f"{os.getppid()}\n")
    with postgres:
        assert value(postgres.urls.maintenance, "SELECT 1") == 1


def test_interrupted_initdb_is_made_again(reachable_folder: Path) -> None:
    home = reachable_folder / "cut"
    with owner(home) as first:
        line(first)
        until((home / "postgres" / "data.new" / "PG_VERSION").exists)
        first.kill()
    assert not (home / "postgres" / "data").exists()
    with EmbeddedPostgres(home, PASSWORDS) as postgres:
        assert value(postgres.urls.maintenance, "SELECT 1") == 1
        assert sorted(path.name for path in (home / "postgres").iterdir()) == ["data", "run"]
    postgres.remove()
    assert not (home / "postgres").exists()


def test_data_of_another_version_is_refused_and_kept(home: Path) -> None:
    version = home / "postgres" / "data" / "PG_VERSION"
    real = version.read_text()
    version.write_text("99\n")
    with pytest.raises(DatabaseTrouble) as caught:
        EmbeddedPostgres(home, PASSWORDS).start()
    assert caught.value.code == "database_data_other_version"
    assert caught.value.data["data"] == "99"
    assert version.read_text() == "99\n"
    version.write_text(real)


def test_lost_key_folder_is_told_and_nothing_keeps_running(home: Path) -> None:
    other = EmbeddedPostgres(home, Passwords("another", "another", "another"))
    with pytest.raises(DatabaseTrouble, match="database_password_refused"):
        other.start()
    assert processes.processes_in(other.data) == []
    with EmbeddedPostgres(home, PASSWORDS) as postgres:
        assert postgres.pid


def test_new_maintenance_password_is_taken_over(home: Path) -> None:
    changed = Passwords(PASSWORDS.superuser, "rotated", PASSWORDS.app)
    with EmbeddedPostgres(home, changed) as postgres:
        assert value(postgres.urls.maintenance, "SELECT 1") == 1
        old = psycopg.conninfo.make_conninfo(postgres.urls.maintenance, password=PASSWORDS.maintenance)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(old)


def test_a_setting_that_the_server_refuses_shows_its_log(home: Path) -> None:
    broken = EmbeddedPostgres(home, PASSWORDS, settings={"shared_buffers": "nonsense"})
    with pytest.raises(DatabaseTrouble) as caught:
        broken.start()
    assert caught.value.code == "database_start_failed"
    assert "shared_buffers" in str(caught.value)
    with EmbeddedPostgres(home, PASSWORDS):
        pass


def test_log_holds_no_personal_data(home: Path) -> None:
    with (
        EmbeddedPostgres(home, PASSWORDS) as postgres,
        psycopg.connect(postgres.urls.maintenance, autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE member (phone text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO member VALUES (%s)", ["13812346021"])
            except psycopg.errors.UniqueViolation:
                break
        else:
            pytest.fail("the second insert had to be refused")
        log = postgres.log.read_text()
    assert "duplicate key" in log
    assert "13812346021" not in log
    assert PASSWORDS.maintenance not in log


def test_long_path_gets_its_socket_elsewhere(home: Path) -> None:
    deep = home / ("d" * 60) / ("e" * 60)
    with EmbeddedPostgres(deep, PASSWORDS) as postgres:
        assert value(postgres.urls.maintenance, "SELECT 1") == 1
        folder = Path(str(psycopg.conninfo.conninfo_to_dict(postgres.urls.app)["host"]))
        assert folder.parent == Path("/tmp")
        assert mode(folder) == 0o700
        postgres.stop()
        folder.chmod(0o777)
        with pytest.raises(DatabaseTrouble, match="database_folder_refused"):
            postgres.start()
    folder.chmod(0o700)
    postgres.remove()
    assert not folder.exists()


def test_start_outside_the_main_thread_is_a_bug(home: Path) -> None:
    caught: list[BaseException] = []

    def attempt() -> None:
        try:
            EmbeddedPostgres(home, PASSWORDS).start()
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=attempt)
    thread.start()
    thread.join()
    assert "main thread" in str(caught[0])


def test_missing_programs_and_closed_folder_are_told(home: Path, tmp_path: Path) -> None:
    with pytest.raises(DatabaseTrouble, match="database_binaries_missing"):
        EmbeddedPostgres(home, PASSWORDS, bindir=tmp_path, shelter=tmp_path / "shelter").start()
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseTrouble, match="database_folder_refused"):
        EmbeddedPostgres(tmp_path / "file" / "home", PASSWORDS).start()


@as_root
def test_closed_home_is_left_closed_and_data_and_programs_go_to_the_shelter(
    tmp_path: Path, reachable_folder: Path
) -> None:
    closed = tmp_path / "closed"  # as /root is; pytest's own folder is closed too
    closed.mkdir(mode=0o700)
    package = binaries.wheel_bindir().parents[1]
    shutil.copytree(package, closed / package.name)
    shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
    bindir = closed / package.name / "pginstall" / "bin"
    modes = {path: mode(path) for path in (closed, *closed.parents)}
    shelter = reachable_folder / "shelter"
    umask = os.umask(0o077)
    try:
        with EmbeddedPostgres(closed / "home", PASSWORDS, bindir=bindir, shelter=shelter) as postgres:
            assert value(postgres.urls.maintenance, "SELECT 1") == 1
            assert postgres.data.is_relative_to(shelter)
            assert os.readlink(f"/proc/{postgres.pid}/exe").startswith(f"{shelter}/postgres-")
            assert Path(f"/proc/{postgres.pid}").stat().st_uid != 0
    finally:
        os.umask(umask)
    assert {path: mode(path) for path in modes} == modes
    made = {path.name for path in shelter.iterdir()}
    with EmbeddedPostgres(closed / "home", PASSWORDS, bindir=bindir, shelter=shelter):
        pass
    assert {path.name for path in shelter.iterdir()} == made, "the copy is made once"
    postgres.remove()
    assert not postgres.data.exists()


@as_root
def test_data_stays_with_its_owner(reachable_folder: Path) -> None:
    """A folder made by one user is served by that user, whichever root would choose today."""
    home, nobody = reachable_folder / "moved", 65534
    with EmbeddedPostgres(home, PASSWORDS):
        pass
    subprocess.run(["chown", "-R", str(nobody), home / "postgres"], check=True)
    with EmbeddedPostgres(home, PASSWORDS) as postgres:
        assert Path(f"/proc/{postgres.pid}").stat().st_uid == nobody


@as_root
def test_full_disk_is_told_at_first_start(reachable_folder: Path) -> None:
    small = reachable_folder / "small"
    small.mkdir(mode=0o711)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=711", "tmpfs", small], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        with pytest.raises(DatabaseTrouble, match="database_disk_full"):
            EmbeddedPostgres(small / "home", PASSWORDS).start()
        assert not (small / "home" / "postgres" / "data").exists()
    finally:
        subprocess.run(["umount", small], check=True)


def test_output_of_a_full_disk_is_understood() -> None:
    output = "FATAL:  could not write lock file: No space left on device\n"
    assert start_trouble(output, Path("/x")).code == "database_disk_full"
    assert start_trouble("FATAL:  something else\n", Path("/x")).code == "database_start_failed"


def test_signal_of_the_terminal_is_ours_to_handle(home: Path) -> None:
    """Ctrl-C goes to the whole foreground group; the server must not shut down under a request."""
    before = signal.getsignal(signal.SIGINT)
    with EmbeddedPostgres(home, PASSWORDS) as postgres:
        assert postgres.pid is not None
        assert os.getpgid(postgres.pid) != os.getpgrp()
        assert signal.getsignal(signal.SIGINT) is before
