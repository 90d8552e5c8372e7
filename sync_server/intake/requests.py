"""Answer what a till asks before goods move: check prices, tenders and the member's code, then let the ledger decide.

Rule: one answer per request id, stored and committed with its effect; a refusal is sticky too. bcrypt runs off the
event loop, and the code it has matched is used up in the ledger's own statement.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models import codec, facts, wire
from models.ids import parse_id
from models.money import split_vat
from models.passes import price_cup
from models.refusals import Refusal
from models.tenders import check_tenders
from models.times import format_instant
from models.wire import ActionAnswer, ActionRequest
from sync_server.database.engine import Connection, Pool, retrying, transaction
from sync_server.fleet.values import TerminalIdentity
from sync_server.intake import prices
from sync_server.intake.effects import StoreRules, asked_of_request, quoted_cups, redemption_effect
from sync_server.intake.store import load_rules, terminal_claims
from sync_server.ledger import functions
from sync_server.members.codes import check_code

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one look at the database says about a request: its answer if it has one, else what the ledger needs."""

    outcome: Plain | None
    effect: Plain
    refusal: Refusal | None


async def answer_request(pool: Pool, terminal: TerminalIdentity, request: ActionRequest, now: datetime) -> ActionAnswer:
    """Answer a request to redeem; asking again with the same content returns the same answer.

    Refusals (of the message): `protocol_unsupported`, `request_malformed`, `terminal_revoked`, and `content_differs`
    when this id, or its redemption's, stands for something else. Raises `DatabaseTrouble`.
    """
    _check_message(terminal, request)
    content_hash = hashlib.sha256(codec.encode(request)).digest()
    seen = await retrying(lambda: _look(pool, terminal, request, content_hash))
    outcome = seen.outcome
    if outcome is None:
        outcome = await _decide(pool, terminal, request, content_hash, seen)
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


def _check_message(terminal: TerminalIdentity, request: ActionRequest) -> None:
    if request.protocol != wire.PROTOCOL:
        raise Refusal("protocol_unsupported", {"protocol": request.protocol})
    if terminal.status != "paired":
        raise Refusal("terminal_revoked")
    asked = _asked(request)
    for identity in (request.request_id, asked.redemption_id, asked.pass_id, asked.member_id):
        parse_id(identity)


def _asked(request: ActionRequest) -> wire.RedeemAsked:
    if request.redeem is None:
        raise Refusal("request_malformed", {"pointer": "/redeem"})
    return request.redeem


async def _look(pool: Pool, terminal: TerminalIdentity, request: ActionRequest, content_hash: bytes) -> _Seen:
    asked = asked_of_request(_asked(request))
    async with transaction(pool, terminal_claims(terminal)) as connection:
        cursor = await connection.execute(_STORED, [functions.LEDGER_ID, terminal.terminal_id, request.request_id])
        row = await cursor.fetchone()
        if row is not None and row[1] == content_hash:
            return _Seen(row[0], {}, None)
        rules = await load_rules(connection, terminal)
        cursor = await connection.execute("SELECT app.now_utc()")
        database_now = (await cursor.fetchone() or (_asked(request).happened_at,))[0]
        judged_at = min(_asked(request).happened_at, database_now)
        cups: list[Plain] = []
        vat: tuple[Any, ...] = ()
        refusal = None
        try:
            _check_time(request, rules, database_now)
            cups, vat = await _price(connection, terminal, request, rules)
        except Refusal as found:
            refusal = found
    evidence = facts.Evidence("online", request.request_id)
    effect = redemption_effect(asked, cups, vat, evidence, rules.day(judged_at), None)
    return _Seen(None, {**effect, "judged_at": format_instant(judged_at)}, refusal)


_STORED = """
SELECT outcome, content_hash FROM app.idempotency_registry WHERE ledger_id = %s AND principal_id = %s AND key = %s
"""


def _check_time(request: ActionRequest, rules: StoreRules, database_now: datetime) -> None:
    """A request is about now: one that comes late is no longer what a customer waits for."""
    asked = _asked(request)
    if abs(asked.happened_at - database_now) > timedelta(seconds=wire.MAX_CLOCK_SKEW_SECONDS):
        raise Refusal("request_expired", {"happened_at": format_instant(asked.happened_at)})
    if asked.business_day != rules.day(asked.happened_at):
        raise Refusal("request_malformed", {"pointer": "/redeem/business_day"})


async def _price(
    connection: Connection, terminal: TerminalIdentity, request: ActionRequest, rules: StoreRules
) -> tuple[list[Plain], tuple[Any, ...]]:
    """Price the cups from the server's catalogue. Refusals: those of `price_cup` and `check_tenders`, `price_changed`,
    `basket_empty`, `pass_unknown`, `pass_other_merchant`."""
    asked = _asked(request)
    if not asked.cups:
        raise Refusal("basket_empty")
    plan = await prices.plan_of_pass(connection, terminal, asked.pass_id)
    known = await prices.price_list(connection, asked.cups, rules.currency)
    quotes = [price_cup(cup, known, plan) for cup in asked.cups]
    extra_minor = sum(quote.total_minor for quote in quotes)
    if extra_minor != asked.extra_total_minor:
        raise Refusal("price_changed", {"extra_total_minor": extra_minor})
    check_tenders(extra_minor, asked.tenders, redemption=True)
    gross = [part for quote in quotes for part in quote.gross_by_rate()]
    return quoted_cups(quotes, rules.slip_language), split_vat(gross)


async def _decide(
    pool: Pool, terminal: TerminalIdentity, request: ActionRequest, content_hash: bytes, seen: _Seen
) -> Plain:
    refusal, card_ref, checked_hash = seen.refusal, None, None
    asked = _asked(request)
    if refusal is None and asked.member_code is not None:
        try:
            code = await check_code(pool, asked.member_code)
            if code.member_id != asked.member_id:
                raise Refusal("pass_other_member", {"pass_id": asked.pass_id})
            card_ref, checked_hash = code.card_ref, code.checked_hash
        except Refusal as found:
            refusal = found
    plain = None if refusal is None else {"code": refusal.code, "data": refusal.data}

    async def once() -> Plain:
        async with transaction(pool, terminal_claims(terminal)) as connection:
            await connection.execute("SET LOCAL synchronous_commit = on")
            return await functions.redeem_pass(
                connection, request.request_id, content_hash, seen.effect, plain, card_ref, checked_hash
            )

    outcome = await retrying(once, also_unavailable=True)
    if outcome["outcome"] == "accepted" and functions.is_milestone(outcome["tx_no"]):
        await functions.refresh_statistics(pool)
    return outcome
