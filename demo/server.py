"""Serve the demo: `sync-server serve --demo` on a server that has the two shops.

Run as `python -m demo.server`; takes the flags of `sync-server serve`. Prints what it does, then `ready http://…`.
"""

import sys

from demo.seed import seed
from sync_server import __main__ as command
from sync_server.api.rooms import Rooms


async def prepare(rooms: Rooms) -> None:
    """Write the shops before the first request is taken."""
    print("demo shops written" if await seed(rooms) else "demo shops found", flush=True)


if __name__ == "__main__":
    sys.exit(command.main(["serve", "--demo", *sys.argv[1:]], prepare=prepare))
