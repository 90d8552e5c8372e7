"""The oracle on what HQ decides: held facts posted, posted elsewhere, written off or rejected; losses paid or given up.

Rule: as in expected. Of facts whose posting this does not know (sales of passes, top-ups, charges and refunds) it knows
the rejection only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models import facts
from models.facts import Fact, decode_fact
from models.refusals import Refusal
from tests.faults.simulator.expected import Expected, HeldFact, business_day_of, require, vat_of
from tests.sync_server.ledger.plain_values import No

POSTABLE = (facts.OrderPaid, facts.PassRedeemed, facts.MemberCreated, facts.ShiftOpened, facts.SlipReprinted)
"""What this can follow when it is posted after all."""


@dataclass(frozen=True)
class Said:
    """What a decision must be answered with."""

    outcome: str
    code: str | None = None
    posted: bool = False


def read(held: HeldFact) -> Fact | None:
    """A held fact's content, None when nobody can read it."""
    try:
        return decode_fact(held.text)
    except Refusal:
        return None


def decide(
    expected: Expected, hashed: str, held: HeldFact, decision: str, account: Mapping[str, str], tx_no: str | None
) -> Said:
    """Decide about a held fact; when it is posted, under this number."""
    terminal = expected.terminals[held.terminal_id]
    if hashed in expected.decisions:
        return Said("refused", "held_decided")
    if decision == "reject":
        expected.decisions[hashed] = decision
        return Said("accepted")
    fact = read(held)
    if fact is None:
        return Said("refused", "held_not_postable")
    if fact.fact_id in terminal.posted:
        return Said("refused", "content_differs")
    try:
        posted = _post(expected, fact, held, decision, account, tx_no or "")
    except No as no:
        return Said("refused", no.code)
    expected.decisions[hashed] = decision
    if posted:
        terminal.posted.add(fact.fact_id)
    return Said("accepted", posted=posted)


def _post(
    expected: Expected, fact: Fact, waits: HeldFact, decision: str, account: Mapping[str, str], tx_no: str
) -> bool:
    ledger, shop = expected.ledger, expected.terminals[fact.terminal_id].shop
    body, at = expected.named(fact.body), min(fact.happened_at, waits.heard_at)
    if isinstance(body, facts.PassRedeemed):
        known = expected.terminals[fact.terminal_id].requests.get(body.evidence.request_id or "")
        content = ("redeem", body.redemption_id, body.pass_id, body.uses, body.extra_total_minor)
        granted = known is not None and known.outcome == "accepted" and known.content == content and not known.fact
        if known is not None and granted and decision == "post":
            known.fact = True
            require(tx_no == known.tx_no, 6, f"request and decision are two effects: {known.tx_no}, {tx_no}")
            return True
        held = ledger.find_pass(account.get("pass_id", body.pass_id))
        if held is None:
            raise No("pass_unknown")
        if not account and held.member != body.member_id:
            raise No("pass_other_member")
        ledger.take_decided(
            tx_no, shop, held, body.redemption_id, body.uses, body.extra_total_minor, body.tenders, vat_of(body.vat),
            business_day_of(at), as_loss=decision == "write_off",
        )  # fmt: skip
        return True
    if decision == "write_off":
        raise No("nothing_lost")
    if isinstance(body, facts.MemberCreated):
        there = expected.members.known(body.member_id) or body.member_id in expected.members.aliases
        if not account and not waits.person and not there:
            raise No("held_not_postable")
        expected.create_member(body.member_id, account.get("member_id"))
        return False
    if isinstance(body, facts.OrderPaid):
        ledger.order(tx_no, shop, body.total_minor, body.tenders, vat_of(body.vat))
        return True
    assert isinstance(body, facts.ShiftOpened | facts.SlipReprinted)
    return False


def open_losses(expected: Expected) -> list[str]:
    """The numbers of the transactions that lost something which is neither paid nor given up."""
    return [tx_no for tx_no, loss in expected.ledger.losses.items() if loss.left]
