"""Answer what a till asks before goods move: check prices, amounts and the member's code, then let the ledger decide.

Rule: one answer per request id, stored and committed with its effect; a refusal is sticky too. bcrypt runs off the
event loop, and the code it has matched is used up in the ledger's own statement. What may be asked: actions.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models import codec, wire
from models.ids import parse_id
from models.refusals import Refusal
from models.times import format_instant
from models.wire import ActionAnswer, ActionRequest, RedeemAsked, RefundAsked
from sync_server.cards.codes import check_code
from sync_server.database.engine import Pool, retrying, settled
from sync_server.fleet.terminals import terminal_claims
from sync_server.fleet.values import TerminalIdentity, revoked
from sync_server.intake import actions, prices
from sync_server.intake.actions import Action, Priced
from sync_server.intake.checks import Plain
from sync_server.intake.effects import StoreRules
from sync_server.intake.prices import Terms
from sync_server.ledger import functions
from sync_server.ledger.functions import Question


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one look at the database says about a request: its answer if it has one, else what the ledger is asked."""

    outcome: Plain | None
    question: Question


async def answer_request(pool: Pool, terminal: TerminalIdentity, request: ActionRequest, now: datetime) -> ActionAnswer:
    """Answer a request; asking again with the same content returns the same answer, to a revoked terminal nothing else.

    Refusals (of the message): `request_malformed`, `terminal_revoked`, and `content_differs`
    when this id, or that of its act, stands for something else. Raises `DatabaseTrouble`.
    """
    action = actions.action_of(request)
    for identity in (request.request_id, *actions.ids_of(action)):
        parse_id(identity)
    content_hash = hashlib.sha256(codec.content(request)).digest()
    seen = await retrying(lambda: _look(pool, terminal, request.request_id, action, content_hash))
    outcome = seen.outcome
    if outcome is None and terminal.status != "paired":
        raise revoked(terminal.terminal_id, terminal.revoked_at)
    if outcome is None:
        outcome = await _decide(pool, terminal, action, seen.question)
    return _answer(request, outcome, now)


async def preview_request(
    pool: Pool, terminal: TerminalIdentity, request: ActionRequest, now: datetime
) -> ActionAnswer:
    """Say what a refund would be answered now; its id stays new, and nothing is kept, a refusal neither.

    Refusals (of the message): `request_malformed`, also for what is no refund, and `content_differs`. Raises
    `DatabaseTrouble`.
    """
    action = actions.action_of(request)
    if not isinstance(action, RefundAsked):
        raise Refusal("request_malformed", {"pointer": "/refund"})
    for identity in (request.request_id, *actions.ids_of(action)):
        parse_id(identity)
    content_hash = hashlib.sha256(codec.content(request)).digest()

    async def once() -> Plain:
        seen = await _look(pool, terminal, request.request_id, action, content_hash)
        if seen.outcome is not None:
            return seen.outcome
        if seen.question.refusal is not None:
            return {"outcome": "refused", "code": seen.question.refusal.code, "data": seen.question.refusal.data}
        foreseen = await functions.preview_refund(pool, terminal_claims(terminal), seen.question)
        return {**foreseen, "tx_no": None}

    return _answer(request, await retrying(once, also_unavailable=True), now)


def _answer(request: ActionRequest, outcome: Plain, now: datetime) -> ActionAnswer:
    if outcome.get("code") == "content_differs":
        raise Refusal("content_differs", {"request_id": request.request_id})
    return ActionAnswer(
        request_id=request.request_id,
        outcome=outcome["outcome"],
        code=outcome.get("code"),
        data=outcome.get("data") or {},
        uses_left=outcome.get("uses_left"),
        tx_no=outcome.get("tx_no"),
        server_time=now,
    )


async def _look(pool: Pool, terminal: TerminalIdentity, key: str, action: Action, content_hash: bytes) -> _Seen:
    terms = await prices.look(pool, terminal, key, content_hash, actions.pass_of(action), actions.cups_of(action))
    if not isinstance(terms, Terms):
        await settled(pool)
        return _Seen(terms, Question(key, content_hash, {}, None))
    priced, refusal = Priced(), None
    try:
        _check_time(action, terms.rules, terms.now)
        priced = actions.price(action, terms)
    except Refusal as found:
        refusal = found
    judged_at = min(action.happened_at, terms.now)
    effect = actions.effect_of(action, key, priced, terms.rules.day(judged_at))
    return _Seen(None, Question(key, content_hash, {**effect, "judged_at": format_instant(judged_at)}, refusal))


def _check_time(action: Action, rules: StoreRules, database_now: datetime) -> None:
    """A request is about now: one that comes late is no longer what a customer waits for."""
    if abs(action.happened_at - database_now) > timedelta(seconds=wire.MAX_CLOCK_SKEW_SECONDS):
        raise Refusal("request_expired", {"happened_at": format_instant(action.happened_at)})
    if not isinstance(action, RefundAsked) and action.business_day != rules.day(action.happened_at):
        asked = "redeem" if isinstance(action, RedeemAsked) else "charge"
        raise Refusal("request_malformed", {"pointer": f"/{asked}/business_day"})


async def _decide(pool: Pool, terminal: TerminalIdentity, action: Action, question: Question) -> Plain:
    member_code = actions.code_of(action)
    if question.refusal is None and member_code is not None:
        try:
            code = await check_code(pool, member_code)
            actions.check_owner(action, code)
            question = replace(question, card_ref=code.card_ref, checked_hash=code.checked_hash)
        except Refusal as found:
            question = replace(question, refusal=found)

    async def once() -> Plain:
        outcome = await actions.decide(pool, terminal_claims(terminal), action, question)
        await settled(pool)
        return outcome

    outcome = await retrying(once, also_unavailable=True)
    if outcome["outcome"] == "accepted" and functions.is_milestone(outcome["tx_no"]):
        await functions.refresh_statistics(pool)
    return outcome
