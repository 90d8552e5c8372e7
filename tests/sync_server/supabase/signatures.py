"""What `pg_proc` says of the functions that Supabase clients may call."""

from __future__ import annotations

from typing import Any

import psycopg

from sync_server.supabase.calling import FUNCTIONS


def as_listed(owner: psycopg.Connection[tuple[Any, ...]]) -> set[str]:
    """The functions that this database has, each with the names, types, defaults and result of our list."""
    owner.execute("SET search_path = pg_catalog")
    found = owner.execute(
        "SELECT proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid) FROM pg_proc p"
        " WHERE pronamespace = 'app'::regnamespace AND proname = ANY (%s)",
        [list(FUNCTIONS)],
    ).fetchall()
    for name, arguments, result in found:
        function = FUNCTIONS[name]
        listed = [one.partition(" DEFAULT ") for one in arguments.split(", ") if one]
        assert [one[0] for one in listed] == [f"{n} {kind}" for n, kind in function.arguments.items()], name
        assert len([one for one in listed if not one[1]]) == function.required, name
        if isinstance(function.returns, str):
            assert result == function.returns, name
        else:
            columns = ", ".join(f"{n} {kind}" for n, kind in function.returns.items())
            assert result.replace("timestamp with time zone", "timestamptz") == f"TABLE({columns})", name
    return {name for name, _, _ in found}
