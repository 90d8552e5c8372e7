"""Which version of the sync protocol a till and a server speak, and how far apart they may be.

Rule: `major.minor`. The major names the shape of the messages and stands in the path and in their `protocol`; the minor
counts the releases that added to it: optional fields, kinds of facts, formats. What was there keeps its meaning.
A till of up to three minors back is served in full; an older one may still hand in its facts (docs/protocol.md).
"""

import re
from dataclasses import dataclass

from models.refusals import Refusal

HEADER = "Tillkeeper-Protocol"
RELEASES_BACK = 3
_TEXT = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version of the protocol; written `1.3`."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one program speaks: `newest`, and back to `oldest` of the same major."""

    newest: Version

    @property
    def oldest(self) -> Version:
        return Version(self.newest.major, max(0, self.newest.minor - RELEASES_BACK))

    def check(self, theirs: Version, *, facts: bool = False) -> None:
        """Refuse a till's version that cannot be served; with `facts` it only hands in its queue: the major decides.

        Refusals `till_too_old` and `server_too_old` with `oldest`, `newest` and `yours`.
        """
        if theirs.major > self.newest.major:
            raise Refusal("server_too_old", self.told(theirs))
        if theirs.major < self.newest.major or (theirs < self.oldest and not facts):
            raise Refusal("till_too_old", self.told(theirs))

    def check_major(self, protocol: int) -> None:
        """Refuse a message of another shape: its own `protocol` says so. Refusals as in `check`."""
        self.check(Version(protocol, 0), facts=True)

    def told(self, theirs: Version) -> dict[str, object]:
        """Return what a refusal says of both sides."""
        return {"oldest": str(self.oldest), "newest": str(self.newest), "yours": str(theirs)}


CURRENT = Version(1, 0)
SPOKEN = Spoken(CURRENT)
FIRST = Version(1, 0)
"""What a request without the header is taken for."""


def parse_version(text: str) -> Version:
    """Read a version as `str` writes it; Refusal `request_malformed` with the `header`."""
    match = _TEXT.fullmatch(text)
    if not match:
        raise Refusal("request_malformed", {"header": HEADER.lower()})
    return Version(int(match[1]), int(match[2]))
