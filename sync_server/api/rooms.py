"""What the handlers call: the rooms behind the door, as one value made by bootstrap.

Rule: values and functions; no behaviour.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from models.versions import SPOKEN, Spoken
from models.wire import ActionAnswer, ActionRequest, PushAnswer, PushRequest
from sync_server.api.gate import Gate
from sync_server.catalogue.watcher import Watcher
from sync_server.database.engine import Pool
from sync_server.fleet.alarms import DoorAlarms
from sync_server.fleet.values import TerminalIdentity
from sync_server.keys import Keyring

AcceptPush = Callable[[Pool, Keyring, TerminalIdentity, PushRequest, datetime], Awaitable[PushAnswer]]
AnswerRequest = Callable[[Pool, TerminalIdentity, ActionRequest, datetime], Awaitable[ActionAnswer]]


@dataclass(frozen=True)
class Rooms:
    """The running server's parts. `now` is server time, aware UTC; the functions that take messages are intake's."""

    pool: Pool
    keys: Keyring
    now: Callable[[], datetime]
    watcher: Watcher
    gate: Gate
    version: str
    accept_push: AcceptPush
    answer_request: AnswerRequest
    preview_request: AnswerRequest
    spoken: Spoken = SPOKEN
    alarms: DoorAlarms = field(default_factory=DoorAlarms)
