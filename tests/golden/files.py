"""Read and write the folders of golden files, one for each version of the protocol.

`facts.jsonl`: a chain with every kind of fact, a line each. `messages.jsonl`: a line each of name, tab, bytes.
`RELEASED`: SHA-256 of both; where it stands, the folder is never written again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from models import codec
from models.versions import CURRENT, Version, parse_version
from tests.golden.chain import chain
from tests.golden.messages import messages

HOME = Path(__file__).parent
FACTS, MESSAGES, RELEASED = "facts.jsonl", "messages.jsonl", "RELEASED"


def recorded() -> tuple[Version, ...]:
    """The versions that have golden files, oldest first."""
    return tuple(sorted(parse_version(folder.name) for folder in HOME.iterdir() if (folder / FACTS).exists()))


def facts_of(version: Version) -> tuple[bytes, ...]:
    """The recorded chain of a version."""
    return tuple((HOME / str(version) / FACTS).read_bytes().splitlines())


def messages_of(version: Version) -> dict[str, bytes]:
    """Name -> recorded bytes of a version's messages."""
    lines = (HOME / str(version) / MESSAGES).read_bytes().splitlines()
    return {name.decode(): data for name, _, data in (line.partition(b"\t") for line in lines)}


def as_written() -> dict[str, bytes]:
    """File -> what the code of today writes."""
    lines = [name.encode() + b"\t" + codec.encode(value) for name, value in messages().items()]
    return {FACTS: b"\n".join(chain()) + b"\n", MESSAGES: b"\n".join(lines) + b"\n"}


def seal_of(version: Version) -> str:
    """The text of `RELEASED`."""
    folder = HOME / str(version)
    return "".join(
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in (FACTS, MESSAGES)
    )


def is_released(version: Version) -> bool:
    """Whether tills in the world speak it."""
    return (HOME / str(version) / RELEASED).exists()


def write(release: bool) -> Path:
    """Write the files of the current version; ValueError when it is released and they would change."""
    folder, files = HOME / str(CURRENT), as_written()
    if is_released(CURRENT) and any((folder / name).read_bytes() != data for name, data in files.items()):
        raise ValueError(f"{CURRENT} is released: raise models.versions.CURRENT")
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    if release:
        (folder / RELEASED).write_text(seal_of(CURRENT), encoding="ascii")
    return folder
