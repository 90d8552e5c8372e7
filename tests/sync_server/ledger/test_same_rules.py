"""One rule, two homes: what `models.passes` computes and what the SQL decides agree on random business.

Rule: 400 short lives of a pass against the plain model, compared after every step; the seed is Hypothesis's.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, LiteralString
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.cards import BonusRule
from models.catalogue import MemberPass, PassPlan, PriceList
from models.money import MAX_MINOR
from models.passes import Cup, first_purchase, quote_redemption, redeem, stack_purchase
from models.refusals import Refusal
from sync_server.database.urls import DatabaseUrls
from tests.sync_server import world
from tests.sync_server.ledger.cards import Desk, one
from tests.sync_server.till import MEMBER, FakeTill, as_owner, plan

Owner = psycopg.Connection[tuple[Any, ...]]
START = datetime(2026, 1, 1, tzinfo=UTC)
PRICES = PriceList("CNY", {world.PRODUCT: world.product()})
HOURS = st.integers(0, 24 * 40)

steps = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), HOURS, st.just(0)),
        st.tuples(st.just("use"), HOURS, st.integers(1, 6)),
        st.tuples(st.sampled_from(["suspended", "revoked", "expired", "active"]), HOURS, st.just(0)),
    ),
    max_size=8,
)
limits = st.none() | st.integers(0, 6)


@given(
    steps=steps, auto_activate=st.booleans(), uses=st.integers(1, 8), days=st.integers(1, 30), per_order=limits,
    per_day=limits,
)  # fmt: skip
@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def run_lives(
    owner: Owner, steps: list[tuple[str, int, int]], auto_activate: bool, uses: int, days: int, per_order: int | None,
    per_day: int | None,
) -> None:  # fmt: skip
    terms = plan(
        auto_activate=auto_activate, uses=uses, validity_days=days, max_uses_per_order=per_order,
        max_uses_per_day=per_day,
    )  # fmt: skip
    with owner.transaction(force_rollback=True):
        _put_terms(owner, terms)
        pass_id, at, held = str(uuid4()), START, None
        for step, hours, count in [("sell", 0, 0), *steps]:
            at += timedelta(hours=hours)
            day = at.date().isoformat()
            if step == "sell":
                held, said = _both_sell(owner, terms, pass_id, held, at)
            elif step == "use":
                held, said = _both_use(owner, terms, held, at, day, count)
            else:
                assert held is not None
                until = at if step == "expired" else held.expires_at
                held, said = replace(held, status=step, expires_at=until), (None, None)
                owner.execute("UPDATE app.member_passes SET status = %s, expires_at = %s", [step, until])
            assert said[0] == said[1]
            assert _seen(owner, pass_id, day) == (held and replace(held, used_on=day, used_today=_today(held, day)))


def _both_sell(
    owner: Owner, terms: PassPlan, pass_id: str, held: MemberPass | None, at: datetime
) -> tuple[MemberPass | None, tuple[str | None, str | None]]:
    expected = None
    after = held
    try:
        after = first_purchase(terms, pass_id, MEMBER, at) if held is None else stack_purchase(held, terms, at)
    except Refusal as refusal:
        expected = refusal.code
    sale = {
        "pass_id": pass_id, "member_id": MEMBER, "plan_id": terms.plan_id, "stacked": held is not None,
        "uses": terms.uses, "total_minor": 0, "currency": "CNY", "tenders": [], "vat": [],
    }  # fmt: skip
    return after, (expected, _call(owner, "sell_pass", sale, at))


def _both_use(
    owner: Owner, terms: PassPlan, held: MemberPass | None, at: datetime, day: str, count: int
) -> tuple[MemberPass | None, tuple[str | None, str | None]]:
    assert held is not None
    expected = None
    try:
        quote_redemption(held, terms, (Cup(world.PRODUCT),) * count, PRICES, at, day)
        after = redeem(held, count, day)
    except Refusal as refusal:
        expected, after = refusal.code, held
    cup = {"product_id": world.PRODUCT, "name": "x", "add_ons": [], "total_minor": 0}
    effect = {
        "redemption_id": str(uuid4()), "pass_id": held.pass_id, "member_id": MEMBER, "business_day": day, "uses": count,
        "cups": [cup] * count, "extra_total_minor": 0, "currency": "CNY", "vat": [], "tenders": [], "rung": "online",
        "effect_hash": "00" * 32,
    }  # fmt: skip
    return after, (expected, _call(owner, "use_pass", effect, at))


def _call(owner: Owner, name: str, content: dict[str, Any], at: datetime) -> str | None:
    rest = ", NULL, NULL" if name == "use_pass" else ""
    row = owner.execute(
        f"SELECT app.{name}(ROW(1, %s, %s, %s, %s, 'CNY', gen_random_uuid()::text, gen_random_uuid(), NULL, %s)"
        f"::app.acting, %s::jsonb{rest}) ->> 'code'".encode(),
        [world.TERMINAL, world.TERMINAL, world.MERCHANT, world.STORE, at, json.dumps(content)],
    ).fetchone()
    assert row is not None
    code: str | None = row[0]
    return code


def _seen(owner: Owner, pass_id: str, day: str) -> MemberPass:
    row = owner.execute(
        "SELECT p.pass_id::text, p.merchant_id::text, p.member_id::text, p.plan_id::text, p.status, p.uses_bought,"
        " p.uses_left, p.expires_at, %s, (SELECT coalesce(sum(b.uses), 0)::int FROM app.pass_redemption_batches b"
        " WHERE b.pass_id = p.pass_id AND b.business_day = %s) FROM app.passes_held p WHERE p.pass_id = %s",
        [day, day, pass_id],
    ).fetchone()
    assert row is not None
    return MemberPass(*row)


def _today(held: MemberPass, day: str) -> int:
    return held.used_today if held.used_on == day else 0


def _put_terms(owner: Owner, terms: PassPlan) -> None:
    owner.execute(
        "UPDATE app.pass_plans SET auto_activate = %s, uses = %s, validity_days = %s, max_uses_per_order = %s,"
        " max_uses_per_day = %s WHERE plan_id = %s",
        [terms.auto_activate, terms.uses, terms.validity_days, terms.max_uses_per_order, terms.max_uses_per_day,
         terms.plan_id],
    )  # fmt: skip


def test_the_most_that_a_figure_may_be(desk: Desk) -> None:
    assert one(desk.owner, "SELECT app.most_minor()") == (MAX_MINOR,)


def test_what_a_bonus_rule_may_promise(desk: Desk) -> None:
    problem: LiteralString = (
        "SELECT app.bonus_rule_problem(ROW(NULL, NULL, NULL, %s, %s, %s, NULL, NULL)::app.bonus_rules) IS NULL"
    )
    rates = ("0", "0.9999", "1", "1.0000", "1.0001", "2", "9.9999")
    for least, bonus, rate in product((1, 10000), (0, 1, 2, 9999, 10000, 10001, 10**12), rates):
        try:
            BonusRule("rule", world.MERCHANT, "CNY", least, bonus, rate, START, None)
            fits = True
        except ValueError:
            fits = False
        assert one(desk.owner, problem, least, bonus, rate) == (fits,), (least, bonus, rate)


@pytest.mark.anyio
@pytest.mark.req("R096", "R097", "R099", "R100", "R090")
async def test_the_model_and_the_ledger_live_the_same_lives(till: FakeTill, database: DatabaseUrls) -> None:
    with as_owner(database) as owner:
        run_lives(owner)
