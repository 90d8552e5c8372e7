"""Servers of both programs: the wheel's, and Debian's PostgreSQL 15 where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.database import binaries
from tests.sync_server.conftest import Server, embedded_server

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


def _bindirs() -> list[object]:
    missing = pytest.mark.skipif(not DEBIAN_15.exists(), reason="PostgreSQL 15 of Debian is not installed")
    return [pytest.param(None, id="wheel"), pytest.param(DEBIAN_15, id="debian-15", marks=missing)]


@pytest.fixture(scope="session", params=_bindirs())
def any_server(request: pytest.FixtureRequest, reachable_folder: Path) -> Iterator[Server]:
    """A server of each program version that we have, for what must work on all of them."""
    bindir: Path | None = request.param
    version = binaries.major_version(bindir or binaries.wheel_bindir())
    for _, server in embedded_server(reachable_folder / f"any-{version}", bindir):
        yield server
