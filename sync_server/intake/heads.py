"""Signed heads of a chain: the till's under a push, and ours that it shows after a restore (docs/decisions/0014).

Rule: pure. A head that we signed in an earlier epoch is believed before its place is here, so that what was lost may
come in several pushes; another fact in that place makes what is new another history of the till.
"""

import base64
import binascii
from dataclasses import dataclass, replace

from models import facts
from models.refusals import Refusal
from models.wire import HeardHead, PushRequest, head_message
from sync_server.fleet.values import TerminalIdentity
from sync_server.intake.chain import Placement, Tip, read_envelope
from sync_server.keys import Keyring, verify_with


@dataclass(frozen=True, slots=True)
class Heard:
    """What an earlier epoch had acknowledged: up to `seq`, 0 for nothing. `claim`: that head, while its place is not
    here. `refuted`: there is another fact in it."""

    seq: int = 0
    claim: Tip | None = None
    refuted: bool = False

    def plain(self) -> dict[str, object]:
        """For app.intake_facts."""
        if self.refuted:
            return {"refuted": True}
        if not self.seq:
            return {}
        return {"heard": self.seq, "claim": None if self.claim is None else self.claim.hash}


def check(terminal: TerminalIdentity, push: PushRequest) -> None:
    """Refusal `signature_invalid` for a head that the till has not signed, `request_malformed` for another place."""
    if push.head is None:
        if push.facts:
            raise Refusal("signature_invalid", {"pointer": "/head"})
        return
    try:
        signature = base64.b64decode(push.head.signature, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal("signature_invalid", {"pointer": "/head/signature"}) from error
    message = head_message(terminal.terminal_id, push.head.seq, push.head.hash, "")
    if not verify_with(terminal.public_key, message, signature):
        raise Refusal("signature_invalid", {"pointer": "/head/signature"})
    last = push.facts[-1] if push.facts else ""
    if facts.hash_fact(last.encode()) == push.head.hash and read_envelope(last).seq not in (None, push.head.seq):
        raise Refusal("request_malformed", {"pointer": "/head/seq"})


def is_ours(keys: Keyring, terminal: TerminalIdentity, heard: HeardHead) -> bool:
    """Whether we have signed that this terminal's chain was there in that epoch."""
    message = head_message(terminal.terminal_id, heard.seq, heard.hash, heard.epoch)
    try:
        return keys.verify(heard.key_id, message, base64.b64decode(heard.signature, validate=True))
    except ValueError:
        return False


def to_compare(heard: HeardHead | None, claimed: Tip | None, tip: Tip, epoch: str) -> Tip | None:
    """Return the head to compare with: the push's own, of an earlier epoch, or one believed before and still ahead."""
    shown = None if heard is None or heard.epoch == epoch else Tip(heard.seq, heard.hash)
    if claimed is None or claimed.seq <= tip.seq or (shown is not None and shown.seq > claimed.seq):
        return shown
    return claimed


def compare(placement: Placement, wanted: Tip | None, there: str | None) -> tuple[Heard, Placement]:
    """Compare the chain with what was acknowledged before; `there` is the hash of the fact that stands there."""
    if wanted is None:
        return Heard(), placement
    here = {placed.seq: placed.chained for placed in placement.facts if placed.in_chain}
    found = there or here.get(wanted.seq)
    if found in (None, wanted.hash):
        return Heard(wanted.seq, wanted if found is None else None), placement
    aside = tuple(
        placed if placed.stored else replace(placed, in_chain=False, held="fork") for placed in placement.facts
    )
    start = next((placed for placed in placement.facts if placed.in_chain and not placed.stored), None)
    tip = placement.tip if start is None else Tip(start.seq - 1, start.prev)
    return Heard(refuted=True), Placement(aside, tip, placement.gap)
