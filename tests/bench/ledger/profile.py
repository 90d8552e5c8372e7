"""Where a door's time goes: what Postgres counts per function while it is called (inlined functions do not show)."""

from __future__ import annotations

from sync_server.database.urls import DatabaseUrls
from tests.bench.ledger.doors import Door
from tests.bench.ledger.ground import Ground

_CLIENTS = 2


def profile(ground: Ground, name: str, urls: DatabaseUrls, door: Door, seconds: int = 4) -> str:
    """A table: function, calls per transaction, microseconds of its own per transaction and with what it calls."""
    with ground.superuser(name) as connection:
        connection.execute(f"ALTER DATABASE {name} SET track_functions = 'all'".encode())
        connection.execute("SELECT pg_stat_reset()")
        run = door.run(urls, clients=_CLIENTS, seconds=seconds)
        connection.execute("SELECT pg_stat_force_next_flush()")
        found = connection.execute(
            "SELECT schemaname || '.' || funcname, calls::float8, self_time * 1000, total_time * 1000"
            " FROM pg_stat_user_functions ORDER BY self_time DESC LIMIT 25"
        ).fetchall()
        connection.execute(f"ALTER DATABASE {name} RESET track_functions".encode())
    lines = [f"{'function':<40} {'calls':>6} {'own µs':>8} {'all µs':>8}   at {run.rate:,.0f} tx/s, {_CLIENTS} clients"]
    for function, *numbers in found:
        calls, own, whole = (float(str(number)) / run.transactions for number in numbers)
        lines.append(f"{function!s:<40} {calls:>6.2f} {own:>8.1f} {whole:>8.1f}")
    return "\n".join(lines)
