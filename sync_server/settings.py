"""What an operator can choose: flags first, then the environment, then a default that works.

Rule: values only; a secret (DATABASE_URL, the SMS gateway's) never shows in a `repr`.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_PORT = 8765


@dataclass(frozen=True, slots=True)
class Settings:
    """How this server runs. `database_url` None: an embedded Postgres below `data`. `sms_url` None: members cannot sign
    in by phone; else where their codes are handed in (messages.sms), signed with `sms_secret`."""

    data: Path
    database_url: str | None = field(repr=False, default=None)
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    demo: bool = False
    ready_file: Path | None = None
    max_concurrent: int = 64
    log_level: str = "info"
    sms_url: str | None = None
    sms_secret: str | None = field(repr=False, default=None)

    @property
    def keys(self) -> Path:
        """The key folder; it belongs in the backup."""
        return self.data / "keys"

    @property
    def postgres(self) -> Path:
        """Where the embedded Postgres lives."""
        return self.data / "postgres"

    @property
    def witness(self) -> Path:
        """Where the newest seal is remembered; left alone when the database's files are put back."""
        return self.data / "last-seal.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the flags that every command shares."""
    parser.add_argument("--data", type=Path, metavar="DIR", help="data folder (default: var/server)")
    parser.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), help="how much goes to stderr (default: info)"
    )


def from_arguments(arguments: argparse.Namespace, environment: Mapping[str, str]) -> Settings:
    """Return the settings; a flag that was not given falls back to `TILLKEEPER_…`, then to the default."""
    given = vars(arguments)
    data = given.get("data") or Path(environment.get("TILLKEEPER_DATA") or "var/server")
    return Settings(
        data=data.expanduser().resolve(),
        database_url=environment.get("DATABASE_URL") or None,
        host=given.get("host") or environment.get("TILLKEEPER_HOST") or "127.0.0.1",
        port=given["port"] if given.get("port") is not None else DEFAULT_PORT,
        demo=bool(given.get("demo")),
        ready_file=given.get("ready_file"),
        log_level=given.get("log_level") or environment.get("TILLKEEPER_LOG_LEVEL") or "info",
        sms_url=environment.get("TILLKEEPER_SMS_URL") or None,
        sms_secret=environment.get("TILLKEEPER_SMS_SECRET") or None,
    )
