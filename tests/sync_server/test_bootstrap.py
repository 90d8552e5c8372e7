"""Taking the address: free, in use, nonsense; and connections that send at once."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import pytest

from sync_server.bootstrap import PortTrouble, listen


@pytest.mark.anyio
async def test_accepted_connections_send_without_delay() -> None:
    """With Nagle's algorithm every answer of two segments would wait 40 ms for an acknowledgement."""
    found: list[int] = []

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.append(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listener = listen("127.0.0.1", 0)
    async with await asyncio.start_server(answer, sock=listener):
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        await reader.read()
        writer.close()
        await writer.wait_closed()
    assert found == [1]


def test_address_in_use_and_taken_again_at_once() -> None:
    with contextlib.closing(listen("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortTrouble, match=f"port {port}"):
            listen("127.0.0.1", port)
    listen("127.0.0.1", port).close()


def test_version_six_where_there_is_one() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")
    with contextlib.closing(listen("::1", 0)) as listener:
        assert listener.family == socket.AF_INET6


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
def test_address_that_is_not_ours(host: str) -> None:
    with pytest.raises(PortTrouble, match="cannot listen on"):
        listen(host, 0)
