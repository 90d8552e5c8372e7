"""A real server for the demo's shops, as the server's own tests have it."""

from tests.sync_server.api.conftest import keys
from tests.sync_server.conftest import database, reachable_folder, server, template

__all__ = ["database", "keys", "reachable_folder", "server", "template"]
