"""The oracle on what HQ decides: held facts posted, posted elsewhere, written off or rejected; what was granted and
never confirmed, taken back or let stand; losses paid or given up.

Rule: as in expected. It does not know what a charge or a refund costs whom when it is written off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models import facts
from models.facts import Fact, decode_fact
from models.refusals import Refusal
from tests.faults.simulator.expected import Expected, HeldFact, Request, Terminal, business_day_of, require, vat_of
from tests.faults.simulator.opening import PRICES
from tests.sync_server.ledger.plain_values import No


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
    expected: Expected, hashed: str, held: HeldFact, decision: str, account: Mapping[str, str], tx_no: str | None,
    *, take_back: bool = False,
) -> Said:  # fmt: skip
    """Decide about a held fact; when it is posted, or what its request was granted is taken back, under this number."""
    terminal = expected.terminals[held.terminal_id]
    if hashed in expected.decisions:
        return Said("refused", "held_decided")
    fact = read(held)
    if decision != "reject" and fact is None:
        return Said("refused", "held_not_postable")
    if decision != "reject" and fact is not None and fact.fact_id in terminal.posted:
        return Said("refused", "content_differs")
    try:
        if decision == "reject":
            posted = take_back and _take_back_cited(expected, terminal, fact, held, tx_no or "")
        else:
            assert fact is not None
            posted = _post(expected, fact, held, decision, account, tx_no or "")
    except No as no:
        return Said("refused", no.code)
    expected.decisions[hashed] = decision
    if posted and decision != "reject":
        assert fact is not None
        terminal.posted.add(fact.fact_id)
    return Said("accepted", posted=posted)


def _post(
    expected: Expected, fact: Fact, waits: HeldFact, decision: str, account: Mapping[str, str], tx_no: str
) -> bool:
    """Whether units move."""
    ledger, terminal = expected.ledger, expected.terminals[fact.terminal_id]
    body, shop, at = expected.named(fact.body), terminal.shop, min(fact.happened_at, waits.heard_at)
    asked = _asked_of(terminal, body)
    if decision == "post" and asked is not None and _waits(asked) and asked.content == expected.content_of(body):
        asked.fact = True
        require(tx_no == asked.tx_no, 6, f"request and decision are two effects: {asked.tx_no}, {tx_no}")
        return True
    if isinstance(body, facts.PassRedeemed):
        _redeem(expected, fact, body, at, account, tx_no, as_loss=decision == "write_off")
        return True
    if decision == "write_off":
        raise No("nothing_lost")
    anew = _taken_back(expected, asked, body)
    match body:
        case facts.MemberCreated():
            there = expected.members.known(body.member_id) or body.member_id in expected.members.aliases
            if not account and not waits.person and not there:
                raise No("held_not_postable")
            expected.create_member(body.member_id, account.get("member_id"))
        case facts.OrderPaid():
            ledger.order(tx_no, shop, body, vat_of(body.vat))
        case facts.OrderRefunded():
            ledger.refund_order(tx_no, body, vat_of(body.vat))
        case facts.PassSold():
            expected.require_member(body.member_id)
            ledger.sell_pass(tx_no, shop, fact.fact_id, body, fact.terminal_id, at)
        case facts.ToppedUp():
            (tender,) = body.tenders
            card = expected.card_of(body.member_id).card_id
            ledger.top_up_decided(tx_no, shop, card, body.top_up_id, body.amount_minor, body.bonus_minor, tender.kind,
                                  at)  # fmt: skip
        case facts.CardCharged():
            ledger.charge_decided(tx_no, shop, body.order_id, body.card_id, body.raw_total_minor, body.total_minor,
                                  body.discount, vat_of(body.vat), at, anew=anew)  # fmt: skip
        case facts.Refunded():
            ledger.refund_decided(tx_no, shop, body.refund_id, body.original_tx_no, body.amount_minor, body.tender, at,
                                  anew=anew)  # fmt: skip
        case facts.RequestAbandoned():
            known = terminal.requests.get(body.request_id)
            undone = known is not None and known.outcome == "accepted"
            expected.abandoned(terminal, body.request_id, tx_no, at)
            return undone
    return isinstance(body, _MOVING)


_MOVING = (facts.OrderPaid, facts.OrderRefunded, facts.PassSold, facts.ToppedUp, facts.CardCharged, facts.Refunded)


def _redeem(
    expected: Expected, fact: Fact, body: facts.PassRedeemed, at: datetime, account: Mapping[str, str], tx_no: str,
    *, as_loss: bool,
) -> None:  # fmt: skip
    ledger, terminal = expected.ledger, expected.terminals[fact.terminal_id]
    held = ledger.find_pass(account.get("pass_id", body.pass_id))
    no = "pass_unknown" if held is None else "pass_other_member"
    anew = _taken_back(expected, _asked_of(terminal, body), body)
    extra = body.extra_total_minor
    if held is not None and (account or held.member == body.member_id):
        ledger.take_decided(
            tx_no, terminal.shop, held, body.redemption_id, body.uses, extra, body.tenders, vat_of(body.vat),
            business_day_of(at), as_loss=as_loss, anew=anew,
        )  # fmt: skip
        return
    if not as_loss:
        raise No(no)
    if extra and body.redemption_id in ledger.acts and not anew:
        raise No("content_differs")
    worth = sum(PRICES[cup.product_id][0] for cup in body.cups)
    ledger.lose_goods(tx_no, terminal.shop, fact.terminal_id, extra, body.tenders, vat_of(body.vat), worth)


# What was granted ----------------------------------------------------------------------------------------------------


def granted(expected: Expected) -> list[tuple[str, str]]:
    """Terminal and id of each request that was granted and that no fact has confirmed."""
    return [
        (terminal_id, request_id)
        for terminal_id, terminal in expected.terminals.items()
        for request_id, known in terminal.requests.items()
        if _waits(known)
    ]


def decide_granted(
    expected: Expected, terminal_id: str, request_id: str, decision: str, tx_no: str | None, at: datetime
) -> Said:
    """Take back what was granted, under this number, or let it stand."""
    terminal = expected.terminals[terminal_id]
    known = terminal.requests.get(request_id)
    if known is None or not _waits(known):
        return Said("refused", "granted_unknown")
    if decision == "stand":
        return Said("accepted")
    try:
        _take_back(expected, terminal, request_id, known, tx_no or "", at)
    except No as no:
        return Said("refused", no.code)
    return Said("accepted", posted=True)


def _take_back(
    expected: Expected, terminal: Terminal, request_id: str, known: Request, tx_no: str, at: datetime
) -> None:
    ledger = expected.ledger
    assert known.content is not None
    assert known.tx_no is not None
    match known.content[0]:
        case "redeem":
            ledger.take_back_redemption(tx_no, known.tx_no)
        case "charge":
            ledger.take_back_charge(tx_no, known.tx_no, at)
        case _:
            ledger.take_back_refund(tx_no, known.tx_no)
    terminal.requests[request_id] = Request("refused", "request_taken_back", content=known.content)


def _take_back_cited(expected: Expected, terminal: Terminal, fact: Fact | None, held: HeldFact, tx_no: str) -> bool:
    request_id = None if fact is None else cited(fact)
    known = terminal.requests.get(request_id or "")
    if fact is None or request_id is None or known is None or not _waits(known):
        raise No("granted_unknown")
    _take_back(expected, terminal, request_id, known, tx_no, min(fact.happened_at, held.heard_at))
    return True


def cited(fact: Fact) -> str | None:
    """The request that a fact follows, or gives up."""
    if isinstance(fact.body, facts.RequestAbandoned):
        return fact.body.request_id
    evidence = getattr(fact.body, "evidence", None)
    return None if evidence is None else evidence.request_id


def _waits(known: Request) -> bool:
    return known.outcome == "accepted" and not known.fact


def _asked_of(terminal: Terminal, body: object) -> Request | None:
    evidence = getattr(body, "evidence", None)
    return None if evidence is None else terminal.requests.get(evidence.request_id or "")


def _taken_back(expected: Expected, asked: Request | None, body: object) -> bool:
    """Was the very act taken back that had been granted? Then what happened all the same is another."""
    if asked is None or asked.code != "request_taken_back" or asked.content is None:
        return False
    return asked.content[1] == expected.content_of(body)[1]


# Losses --------------------------------------------------------------------------------------------------------------


def open_losses(expected: Expected) -> list[str]:
    """The numbers of the transactions that lost something which is neither paid nor given up."""
    return [tx_no for tx_no, loss in expected.ledger.losses.items() if loss.left]
