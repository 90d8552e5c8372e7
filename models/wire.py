"""Sync protocol v1: the messages between till and server, and what their signatures cover.

Rule: values only; the codec is `models.codec`. A message that does not fit is `request_malformed`.

POST /v1/pair                       PairRequest    -> PairAnswer      (signed with the key it brings)
POST /v1/terminals/me/facts         PushRequest    -> PushAnswer      (signed, gzip)
POST /v1/terminals/me/requests      ActionRequest  -> ActionAnswer    (signed)
POST /v1/terminals/me/alarms        TillAlarms     -> AlarmsAnswer    (signed)
GET  /v1/terminals/me/changes       ?after=cursor  -> ChangesAnswer   (signed)
GET  /v1/health                                    -> Health          (anyone)
Every error is an RFC 9457 problem: `type` = PROBLEM_TYPE_PREFIX + code, plus `code`, `data`, `server_time`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.catalogue import Store
from models.passes import Cup
from models.tenders import Tender
from models.times import format_instant
from models.versions import CURRENT

PROTOCOL = CURRENT.major
MAX_FACTS_PER_PUSH = 500
MAX_PUSH_BYTES = 1 << 20
"""Bound of one push in bytes, before compression."""
MAX_CLOCK_SKEW_SECONDS = 300
REQUEST_TIMEOUT_SECONDS = 1.5
SIGNATURE_LABEL = "till"
SIGNED_COMPONENTS = ("@method", "@path", "@query", "content-digest")
"""RFC 9421 components that a terminal's signature covers; `created`, `nonce`, `keyid`, `alg` are its parameters.
A request without a body signs the digest of the empty body all the same."""
HEAD_CONTEXT = "tillkeeper/head/1"
SEAL_CONTEXT = "tillkeeper/seal-head/1"
REVOCATION_CONTEXT = "tillkeeper/revocation/1"
POLICY_CONTEXT = b"tillkeeper/risk-policy/1\x00"
"""What stands before the body of a signed risk policy."""
OUTCOMES = ("accepted", "already_known", "held", "refused")
PRINT_STATES = ("queued", "sending", "printed", "not_printed", "unknown", "handed_over")
"""How far a slip's paper came: `PrintReport.state`."""
ALARMS_OF_THE_JOURNAL = ("journal_edited", "journal_cut", "journal_behind", "countersignature_forged")
"""After one of these nothing of the till is taken on risk any more."""
TILL_ALARMS = (*ALARMS_OF_THE_JOURNAL, "policy_forged", "seal_refused")
"""What a till may say about what it holds: `TillAlarm.kind`."""
MAX_TILL_ALARMS = 20
CHANGE_TABLES = (
    "store", "server_key", "policy", "staff", "category", "product", "add_on", "plan", "template", "member", "pass",
    "level_band", "bonus_rule", "sealing_key", "member_alias", "decision", "reservation",
)  # fmt: skip
"""Kinds of change a till mirrors. Values: models.catalogue types in their wire form (`policy` a SignedPolicy), of
`level_band`, `bonus_rule` and `reservation` those of models.cards and models.reservations, else of this module."""
MAX_COMPANION_CHARACTERS = 4096


@dataclass(frozen=True, slots=True)
class ServerKey:
    """A public Ed25519 key of the server, base64 of its 32 bytes."""

    key_id: str
    public_key: str


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A public X25519 key of the server, base64 of its 32 bytes: tills seal personal data for it (models.sealed_box).

    The newest whose `use_from` has come is used.
    """

    key_id: str
    public_key: str
    use_from: datetime


@dataclass(frozen=True, slots=True)
class MemberAlias:
    """An id under which a till created a phone that was known: it stands for the member `member_id` from now on."""

    alias_id: str
    member_id: str


@dataclass(frozen=True, slots=True)
class PairRequest:
    """A till introduces itself with a one-use code; `public_key` is base64 of 32 Ed25519 bytes.

    `terminal_id` is "" for a new one; else the till was paired before, and only that terminal's code will do.
    """

    protocol: int
    code: str
    public_key: str
    hardware: str
    version: str
    terminal_id: str = ""


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """What a paired till needs to start; the catalogue follows by pull from cursor ""."""

    terminal_id: str
    terminal_code: str
    store: Store
    server_keys: tuple[ServerKey, ...]
    epoch: str
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a terminal's chain; `signature` is base64 of Ed25519 over `head_message`."""

    seq: int
    hash: str
    signature: str


@dataclass(frozen=True, slots=True)
class HeardHead:
    """A place of a terminal's chain that the server countersigned in `epoch`: what lies before it was handed in then.

    `signature` is base64 of Ed25519 over `head_message` with that epoch, by the server's key `key_id`.
    """

    seq: int
    hash: str
    epoch: str
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class SealHead:
    """The end of the server's audit chain in one epoch; `hash` is 64 hex digits.

    `signature` is base64 of the server's Ed25519 over `seal_message`, by the key `key_id`.
    """

    seal_no: int
    epoch: str
    hash: str
    key_id: str
    signature: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class PrintReport:
    """How far a slip's paper came: state of its print job (counter.md) and when; copy 0 is the original."""

    slip: str
    copy: int
    state: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Companion:
    """Personal data of a fact in the same push: base64 of a sealed box that holds a `models.people.Person`."""

    fact_id: str
    sealed: str


@dataclass(frozen=True, slots=True)
class PushRequest:
    """Facts in chain order as the exact texts the till hashed, the signed head after the last of them, print reports.

    `seal` is the audit head that the till holds. `heard` goes with facts that are sent again after a restore: it proves
    which of them an earlier epoch had acknowledged. `companions` travel beside the facts, in no hash of the chain.
    """

    protocol: int
    facts: tuple[str, ...]
    head: Head | None
    prints: tuple[PrintReport, ...] = ()
    seal: SealHead | None = None
    heard: HeardHead | None = None
    companions: tuple[Companion, ...] = ()


@dataclass(frozen=True, slots=True)
class FactResult:
    """What became of one fact. `reason` names why it is held; `tx_no` is the ledger's number when posted."""

    fact_id: str
    seq: int
    outcome: str
    reason: str | None = None
    tx_no: str | None = None


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """`acknowledged_seq`: all up to it is durable at the server. `countersignature` is the server's over the head.

    `gap` says that the first fact did not continue the chain; the till sends again from `acknowledged_seq + 1`.
    `backed_up_through`: all up to it is surely in a backup of the database too (0: nothing is known to be).
    """

    results: tuple[FactResult, ...]
    acknowledged_seq: int
    gap: bool
    epoch: str
    server_time: datetime
    countersignature: str | None = None
    countersignature_key_id: str | None = None
    seal: SealHead | None = None
    backed_up_through: int = 0


@dataclass(frozen=True, slots=True)
class RedeemAsked:
    """A till asks to redeem before goods move. `member_code` is the short code just scanned, when there was one."""

    redemption_id: str
    pass_id: str
    member_id: str
    business_day: str
    cups: tuple[Cup, ...]
    extra_total_minor: int
    currency: str
    tenders: tuple[Tender, ...]
    happened_at: datetime
    member_code: str | None = None


@dataclass(frozen=True, slots=True)
class ChargeAsked:
    """A till asks to pay an order from the stored-value card whose dynamic code is `member_code`.

    `total_minor` is what the screen shows after discount; another total at the server is `price_changed`.
    """

    order_id: str
    member_code: str
    cups: tuple[Cup, ...]
    raw_total_minor: int
    total_minor: int
    currency: str
    business_day: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """A till asks to refund `amount_minor` of a charge or top-up. `tender`: how a top-up's money is handed back."""

    refund_id: str
    original_tx_no: str
    amount_minor: int
    tender: str | None
    currency: str
    reason: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """An online request for exactly one action; its id is made before it is sent and kept for ever."""

    protocol: int
    request_id: str
    redeem: RedeemAsked | None = None
    charge: ChargeAsked | None = None
    refund: RefundAsked | None = None

    def __post_init__(self) -> None:
        if sum(asked is not None for asked in (self.redeem, self.charge, self.refund)) != 1:
            raise ValueError("a request asks for exactly one action")


@dataclass(frozen=True, slots=True)
class ActionAnswer:
    """`accepted` with the effect, or `refused` with a code; sticky for this id."""

    request_id: str
    outcome: str
    code: str | None
    data: dict[str, Any]
    uses_left: int | None
    tx_no: str | None
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a mirrored table; `value` None means it is gone."""

    table: str
    key: str
    value: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ChangesAnswer:
    """A page of changes. Ask again with `cursor`; at once while `more`.

    `forked`: two histories of this till were seen.
    """

    cursor: str
    more: bool
    epoch: str
    server_time: datetime
    changes: tuple[Change, ...] = ()
    acknowledged_seq: int = 0
    seal: SealHead | None = None
    backed_up_through: int = 0
    forked: bool = False


@dataclass(frozen=True, slots=True)
class HeldDecision:
    """What a person at HQ decided about a held fact of this terminal: post | post_to | write_off | reject, and why."""

    hash: str
    decision: str
    reason: str
    tx_no: str | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class TillAlarm:
    """What a till found wrong with what it holds: of `TILL_ALARMS`, and the place of its chain it is about (0: none).

    The place of `seal_refused` is the number of the audit head that the till holds.
    """

    kind: str
    seq: int


@dataclass(frozen=True, slots=True)
class TillAlarms:
    """A till tells HQ of edited records; at most `MAX_TILL_ALARMS` at a time."""

    protocol: int
    alarms: tuple[TillAlarm, ...]


@dataclass(frozen=True, slots=True)
class AlarmsAnswer:
    """HQ has heard."""

    server_time: datetime


@dataclass(frozen=True, slots=True)
class Health:
    status: str
    version: str
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Revocation:
    """The server's word that it has shut a terminal out for good: `data.revocation` of a problem `terminal_revoked`.

    `signature` is base64 of the server's Ed25519 over `revocation_message`, by the key `key_id`.
    """

    terminal_id: str
    code: str
    revoked_at: datetime
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class Problem:
    """An RFC 9457 problem."""

    type: str
    title: str
    status: int
    code: str
    server_time: datetime
    request_id: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def head_message(terminal_id: str, seq: int, fact_hash: str, epoch: str) -> bytes:
    """Return the bytes that the till signs (epoch "") and the server countersigns (its epoch)."""
    return "\x00".join((HEAD_CONTEXT, terminal_id, str(seq), fact_hash, epoch)).encode()


def seal_message(head: SealHead) -> bytes:
    """Return the bytes that the server signs under an audit head."""
    parts = (SEAL_CONTEXT, head.epoch, str(head.seal_no), head.hash, format_instant(head.sealed_at))
    return "\x00".join(parts).encode()


def revocation_message(said: Revocation) -> bytes:
    """Return the bytes that the server signs to shut a terminal out."""
    parts = (REVOCATION_CONTEXT, said.terminal_id, said.code, format_instant(said.revoked_at))
    return "\x00".join(parts).encode()
