"""Random business at the real doors, beside a second opinion in plain Python: after every step both say the same.

Compared are all answers, and after each step every account, lot, pass, reservation, refund and transaction. A refusal
is compared too, and whatever was answered once is asked again later: the same content gets the same answer, other
content is refused, and nothing changes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, LiteralString, TypeVar
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from psycopg.types.json import Jsonb

from models.facts import Body, PassSold, RequestAbandoned, ToppedUp
from models.tenders import Tender
from models.wire import FactResult
from sync_server.database.engine import PLATFORM, Claims
from sync_server.ledger.functions import LEDGER_ID
from tests.sync_server import world
from tests.sync_server.conftest import Server
from tests.sync_server.ledger import rivals
from tests.sync_server.ledger.asking import (
    COLLEAGUE,
    MEMBER_CLAIMS,
    OPERATOR,
    OTHER_MEMBER_CLAIMS,
    OTHER_TERMINAL,
    STAFF,
    TERMINAL,
)
from tests.sync_server.ledger.books import BANDS, PLANS, PRICES, Books, picture
from tests.sync_server.ledger.plain_ledger import PlainLedger
from tests.sync_server.ledger.plain_values import HOUSE, Account, Card, No, Shop, Vat, half_up
from tests.sync_server.till import MEMBER, OTHER_MEMBER, REVIEWED_PLAN

EXAMPLES, STEPS = 60, 60
Thing = TypeVar("Thing")
Said = dict[str, Any]
Expect = Callable[[Said], Said | None]
"""What the second opinion answers to an act that the database numbered so; raises `No` for a refusal."""

TILL = Shop("store", world.STORE, world.MERCHANT)
OTHER = Shop("store", world.OTHER_STORE, world.OTHER_MERCHANT)
OFFICE = Shop("merchant", world.MERCHANT, world.MERCHANT)
TERMINALS = {TILL: TERMINAL, OTHER: OTHER_TERMINAL}
DONE = (
    "top_up", "recharge", "confirm", "charge", "charge_by_staff", "refund_charge", "refund_top_up", "abandon", "sell",
    "review", "redeem", "grant", "take_grant_back", "debit", "trade", "reserve_money", "reserve_uses", "settle",
    "close", "propose", "decide", "ask_again", "hand_in_again",
)  # fmt: skip
"""What no run may do without."""
PLATFORM_PERSON = Claims(UUID("0f100000-0000-7000-8000-000000000009"), "platform")
"""The payment service."""
FRAGMENTS = ("fragment/dragon", "fragment/tiger")

_CODE: LiteralString = "app.put_card_code(%s::smallint, %s, %s::app.card_type, %s)"
_CHARGE_001: LiteralString = (
    "app.answer_merchant_charge_by_qr(%s::smallint, 'TEST', %s, %s, NULL, %s::numeric / 100, 'tea', '{}', %s, %s)"
)
_REFUND_001: LiteralString = (
    "app.answer_merchant_refund_tx(%s::smallint, 'TEST', %s, %s::numeric / 100, 'cold tea', '{}', %s)"
)
_RECHARGE: LiteralString = (
    "app.answer_user_recharge(%s::smallint, %s::app.card_type, %s, %s::numeric / 100, 'wechat', NULL, '{}', %s, %s)"
)
_DEBIT: LiteralString = "app.debit_tickets(%s::smallint, %s, %s, %s, %s::numeric, %s, %s)"
_CONFIRM: LiteralString = "app.confirm_top_up(%s::smallint, %s, %s, %s, %s)"
_CANCEL: LiteralString = "app.cancel_top_up(%s::smallint, %s, %s, %s, 'not paid')"
_REVERSE: LiteralString = "app.reverse_grant(%s::smallint, %s, %s, %s, 'a mistake', %s)"
_RELEASE: LiteralString = "app.release_at_risk(%s::smallint, %s, %s, %s, 'the till is lost')"
_PROPOSE: LiteralString = (
    "app.propose_adjustment(%s::smallint, %s, %s, %s, %s, %s, %s, 'CNY', %s::numeric, 'counted again')"
)
_DECIDE: LiteralString = "app.decide_adjustment(%s::smallint, %s, %s, %s, %s)"
_REVIEW: LiteralString = "app.review_pass_order(%s::smallint, %s, %s, %s, %s, 'looked into it')"

minors = st.one_of(st.sampled_from([1, 50, 99, 100, 2550, 5000, 20000]), st.integers(1, 3000), st.integers(1, 40000))
percents = st.one_of(st.sampled_from([1, 33, 50, 100, 100, 101]), st.integers(1, 110))
anyone = st.integers(0, 1_000_000)
"""Which of all there are; taken modulo."""
orders = st.sampled_from([None, None, None, "A", "B", "C"])
"""Numbers of somebody else's orders."""
members = st.sampled_from([MEMBER, OTHER_MEMBER])
lateness = st.sampled_from([0, 0, 0, 1, 90])
"""Minutes between a fact and its handing in."""
rarely, mostly = st.sampled_from([False] * 7 + [True]), st.sampled_from([True] * 7 + [False])
counts = st.integers(1, 900)
"""Of units."""


ACTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "top_up": {"who": anyone, "amount": minors, "which": st.integers(0, 4), "minutes_ago": lateness},
    "recharge": {"who": anyone, "amount": minors, "stranger": rarely, "order": orders},
    "pay": {"which": anyone, "what": st.sampled_from(["paid"] * 3 + ["paid again", "cancelled"]), "other": anyone},
    "charge": {
        "who": anyone, "raw": minors, "shown": st.sampled_from([0] * 5 + [1]), "split": st.integers(0, 100),
        "order": orders, "fresh": mostly, "shop": st.sampled_from([TILL, TILL, TILL, OTHER, OFFICE]),
    },
    "refund": {
        "which": anyone, "percent": percents, "tender": st.sampled_from([None, "cash", "bank_card"]),
        "shop": st.sampled_from([TILL, TILL, TILL, OTHER]),
    },
    "abandon": {"which": anyone},
    "sell": {
        "member": members, "minutes_ago": lateness,
        "plan_id": st.sampled_from([world.PLAN, REVIEWED_PLAN, REVIEWED_PLAN]),
        "how": st.sampled_from(["first"] * 2 + ["stacked"] * 3 + ["unknown", "wrong"]), "which": anyone,
    },
    "review": {"which": anyone, "approve": st.booleans()},
    "redeem": {
        "which": anyone, "uses": st.sampled_from([1, 1, 1, 1, 2, 2, 3, 5]), "extra": st.sampled_from([0, 0, 500, 1234]),
        "own": mostly,
    },
    "grant": {
        "member": members, "unit": st.sampled_from(["ticket", "bean", "silver", "point", *FRAGMENTS]),
        "amount": counts, "none": rarely,
    },
    "take_grant_back": {"which": anyone, "wrong_merchant": rarely},
    "debit": {"member": members, "percent": percents, "at_till": st.booleans()},
    "trade": {
        "member": members, "fragment": st.sampled_from(FRAGMENTS), "sells": st.booleans(), "percent": percents,
        "taken": counts, "with_member": st.booleans(),
    },
    "reserve": {"which": anyone, "percent": percents, "hours": st.integers(1, 60), "money": st.booleans()},
    "use_reservation": {
        "which": anyone, "percent": percents, "how": st.sampled_from(["settle", "settle", "close", "release"]),
    },
    "propose": {"which": anyone, "more": rarely, "percent": percents, "amount": counts},
    "decide": {"which": anyone, "approve": mostly, "own": rarely},
    "set_aside": {"which": anyone, "percent": percents},
    "correct": {"which": anyone, "percent": percents},
    "later": {"hours": st.sampled_from([1, 20, 73, 121]), "runs": st.sampled_from([True, True, False])},
    "ask_again": {"which": anyone, "other": st.booleans()},
    "hand_in_again": {"which": anyone, "other": st.booleans()},
}  # fmt: skip
"""What can happen, and how."""


def some(**weights: int) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    """One of these acts, so often each."""
    names = [name for name, weight in weights.items() for _ in range(weight)]
    return st.sampled_from(names).flatmap(lambda name: st.tuples(st.just(name), st.fixed_dictionaries(ACTS[name])))


@dataclass
class Act:
    """Something that was asked at a door: what, and what was answered; `other` is the same key with other content."""

    claims: Claims
    function: LiteralString
    values: list[Any]
    other: list[Any]
    said: Said


@dataclass
class Told:
    """A fact that was handed in, and what became of it."""

    fact_id: str
    seq: int
    result: FactResult


def pick(there: list[Thing], which: int) -> Thing:
    return there[which % len(there)]


def part(whole: int, percent: int) -> int:
    """So much of it, at least 1; above 100: more than there is."""
    return whole + percent - 100 if percent > 100 else max(1, whole * percent // 100)


def groups(total: int, percent: int) -> Vat:
    """A total at two rates of VAT."""
    first = total * percent // 100
    both = [("0.06", first, 6), ("0.13", total - first, 13)]
    taxed = [(rate, gross, half_up(gross * points, 100 + points)) for rate, gross, points in both if gross]
    return tuple((rate, gross - quota, quota) for rate, gross, quota in taxed)


def cup(minor: int) -> Said:
    return {"product_id": world.PRODUCT, "name": "红茶", "base_minor": minor, "vat_rate": "0.06", "add_ons": [],
            "total_minor": minor}  # fmt: skip


def vat_json(vat: Vat) -> list[Said]:
    return [{"rate": rate, "base_minor": base, "quota_minor": quota} for rate, base, quota in vat]


class RandomBusiness(RuleBasedStateMachine):
    """A day, or a week, in a shop whose customers and staff do anything that the doors allow, and more."""

    server: ClassVar[Server]
    template: ClassVar[str]
    steps: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.books = Books(self.server, self.template)
        self.plain = PlainLedger(self.books.cards, PLANS, self.books.rules, BANDS)
        self.cards = list(self.plain.cards.values())
        self.acts: list[Act] = []
        self.facts: list[Told] = []
        self.requests: dict[str, Act] = {}
        self.last_fact_at = self.books.opened_at - timedelta(hours=1)
        self.hours = self.taken = 0
        self.counted = False

    def teardown(self) -> None:
        try:
            self.books.check()
        finally:
            self.books.close()

    # How to ask, and to compare -------------------------------------------------------------------------------------

    def step(self, name: str, outcome: str) -> None:
        """Everything is as the second opinion has it."""
        self.steps[f"{name}: {outcome}"] += self.counted
        self.taken += 1
        assert self.books.look() == picture(self.plain)
        if self.taken % 15 == 0:
            self.books.check()

    def compare(self, name: str, said: Said, expect: Expect) -> None:
        """The answer is the expected one, and so is everything that is held."""
        outcome, told = "accepted", {key: value for key, value in said.items() if key != "data"} | said.get("data", {})
        try:
            wanted = expect(told) or {}
        except No as no:
            outcome, told, wanted = no.code, said.get("data", {}), no.data
        assert (said["outcome"], said.get("code")) == (
            ("accepted", None) if outcome == "accepted" else ("refused", outcome)
        ), said
        assert {key: told.get(key) for key in wanted} == wanted, said
        self.step(name, outcome)

    def ask(self, name: str, claims: Claims, function: LiteralString, *values: Any, expect: Expect) -> Act:
        """A door that takes a key and its content's hash."""
        act = rivals.new_act((name, values))
        filled = [value(act.key) if callable(value) else value for value in values]
        other = [LEDGER_ID, act.key, hashlib.sha256(b"other").digest(), *filled]
        return self.asked(name, claims, function, [LEDGER_ID, act.key, act.content_hash, *filled], other, expect)

    def asked(self, name: str, claims: Claims, function: LiteralString, values: list[Any], other: list[Any],
              expect: Expect) -> Act:  # fmt: skip
        """Any door; `other` asks for something else under the same key."""
        act = Act(claims, function, values, other, self.books.ask(claims, function, values))
        self.acts.append(act)
        self.compare(name, act.said, expect)
        return act

    def hand_in(self, name: str, body: Body, at: datetime, expect: Expect, fact_id: str | None = None) -> None:
        """A fact of the till; a refusal holds it."""
        fact_id = fact_id or str(uuid4())
        told = Told(fact_id, *self.books.hand_in(body, fact_id, at))
        self.last_fact_at = at
        result = told.result
        self.facts.append(told)
        said: Said = {"outcome": "accepted", "tx_no": result.tx_no}
        if result.outcome == "held":
            said = {"outcome": "refused", "code": result.reason}

        def codes_only(answer: Said) -> Said | None:
            try:
                return expect(answer)
            except No as no:
                raise No(no.code) from no

        self.compare(name, said, codes_only)

    def happened(self, minutes_ago: int) -> datetime:
        """Some time ago, but after the fact before."""
        return max(self.books.now() - timedelta(minutes=minutes_ago), self.last_fact_at)

    # What happens ---------------------------------------------------------------------------------------------------

    @initialize(amounts=st.lists(minors, min_size=2, max_size=4), given=counts)
    def begin(self, amounts: list[int], given: int) -> None:
        """Somebody has money, a pass and units; none of this is counted."""
        for number, amount in enumerate(amounts):
            self.top_up(number + 1, amount + 3000, 0, 0)
        self.recharge(0, amounts[0] + 3000, False, None)
        self.pay(1, "paid", 0)
        self.sell(MEMBER, world.PLAN, 0, "first", 0)
        self.grant(OTHER_MEMBER, "silver", given, False)
        self.counted = True

    @rule(act=some(charge=5, refund=5, top_up=2, abandon=1, reserve=1, use_reservation=2, set_aside=1, correct=1))
    def at_the_till(self, act: tuple[str, dict[str, Any]]) -> None:
        self.do(act)

    @rule(act=some(top_up=3, recharge=1, pay=2, refund=4, charge=3, correct=1))
    def about_money(self, act: tuple[str, dict[str, Any]]) -> None:
        self.do(act)

    @rule(act=some(sell=3, review=3, redeem=4, abandon=1, reserve=1, use_reservation=2, later=1))
    def about_passes(self, act: tuple[str, dict[str, Any]]) -> None:
        self.do(act)

    @rule(act=some(grant=3, take_grant_back=2, debit=3, trade=3))
    def about_units(self, act: tuple[str, dict[str, Any]]) -> None:
        self.do(act)

    @rule(act=some(propose=2, decide=3, review=1, charge=2, refund=2, pay=1))
    def at_the_office(self, act: tuple[str, dict[str, Any]]) -> None:
        self.do(act)

    @rule(act=some(later=3, ask_again=4, hand_in_again=3))
    def meanwhile(self, act: tuple[str, dict[str, Any]]) -> None:
        self.do(act)

    def do(self, act: tuple[str, dict[str, Any]]) -> None:
        name, how = act
        getattr(self, name)(**how)

    # Money in -------------------------------------------------------------------------------------------------------

    def top_up(self, who: int, amount: int, which: int, minutes_ago: int) -> None:
        """Mostly by the best rule, sometimes by another one or by none, sometimes a bonus that nobody promised."""
        card, at = pick(self.cards[:2], who), self.happened(minutes_ago)
        best = self.plain.best_rule(amount, at)
        chosen = [best, best, best, None, pick(self.books.rules, who)][which]
        bonus = (0 if chosen is None else chosen.gives(amount)) + (who % 16 == 5)
        rule_id, top_up_id, tender = chosen.rule_id if chosen else None, str(uuid4()), pick(["cash", "wechat"], who)
        assert card.member is not None
        body = ToppedUp(
            top_up_id, card.member, amount, bonus, rule_id, "CNY", (Tender(tender, amount, amount),),
            (self.books.till.slip("VR"),),
        )  # fmt: skip

        def expect(said: Said) -> None:
            self.plain.top_up(said.get("tx_no", ""), TILL, card.card_id, top_up_id, amount, bonus, rule_id, tender, at)

        self.hand_in("top_up", body, at, expect)

    def recharge(self, who: int, amount: int, stranger: bool, order: str | None) -> None:
        """A member asks for a top-up of the own card, or of the enterprise card as its admin."""
        card = pick([self.cards[-1], *self.cards], who)
        claims = OTHER_MEMBER_CLAIMS if (card.member == OTHER_MEMBER) != stranger else MEMBER_CLAIMS
        kind = "personal" if card.member is not None else "enterprise"
        key, at = str(uuid4()), self.books.now()

        def expect(said: Said) -> Said:
            if stranger:
                raise No("card_unknown")
            return self.plain.ask_top_up(said.get("tx_no", ""), card.card_id, amount, "wechat", order, at)

        values = [LEDGER_ID, kind, card.card_id, amount, key, order]
        other = [LEDGER_ID, kind, card.card_id, amount + 1, key, order]
        self.asked("recharge", claims, _RECHARGE, values, other, expect)

    def pay(self, which: int, what: str, other: int) -> None:
        """The payment service tells what became of a payment."""
        waiting = [tx_no for tx_no, top_up in self.plain.top_ups.items() if top_up.status == "pending"]
        if not waiting and which % 4:
            self.recharge(which, other % 9999 + 1, False, None)
            return
        tx_no = pick(waiting if waiting and which % 4 else list(self.plain.top_ups), which)
        at = self.books.now()
        if what == "cancelled":
            self.ask("cancel", PLATFORM_PERSON, _CANCEL, tx_no, expect=lambda _: self.plain.cancel(tx_no))
            return
        known = [top_up.payment for top_up in self.plain.top_ups.values() if top_up.payment]
        payment = pick(known, other) if what == "paid again" and known else str(uuid4())
        lot_id = self.books.lot_of(tx_no)
        self.ask(
            "confirm", PLATFORM_PERSON, _CONFIRM, tx_no, payment,
            expect=lambda _: self.plain.confirm(tx_no, payment, lot_id, at),
        )  # fmt: skip

    # Paying from cards ----------------------------------------------------------------------------------------------

    def new_code(self, card: Card) -> None:
        """The member shows a fresh code."""
        at = self.books.now()
        kind = "personal" if card.member is not None else "enterprise"
        self.books.ask(PLATFORM, _CODE, [LEDGER_ID, card.card_id, kind, rivals.CODE_HASH])
        card.code_at, card.code_used = at, False

    def charge(self, who: int, raw: int, shown: int, split: int, order: str | None, fresh: bool, shop: Shop) -> None:
        """An order at a till or by a function of source 001; its price may be stale, or the code an old one."""
        card = pick(self.cards, who)
        if fresh:
            self.new_code(card)
        if shop is OFFICE:
            self.charge_by_staff(card, raw, order)
            return
        total = half_up(raw * self.plain.discount(card, shop), 1000) + shown
        vat, at = groups(total, split), self.books.now()
        effect = {
            "charge_id": str(uuid4()), "cups": [cup(raw)], "raw_minor": raw, "total_minor": total, "currency": "CNY",
            "vat": vat_json(vat), "pickup_no": None, "judged_at": at.isoformat(),
        }  # fmt: skip

        def expect(said: Said) -> Said:
            return self.plain.charge(said.get("tx_no", ""), shop, card.card_id, raw, total, vat, None, at)

        act = self.ask(
            "charge", TERMINALS[shop], rivals.CHARGE, effect_of(effect), self.books.references[card.card_id],
            rivals.CODE_HASH, expect=expect,
        )  # fmt: skip
        if shop is TILL:
            self.requests[act.values[1]] = act

    def charge_by_staff(self, card: Card, raw: int, order: str | None) -> None:
        """For an order of somebody else's system."""
        key, at, reference = str(uuid4()), self.books.now(), self.books.references[card.card_id]

        def expect(said: Said) -> Said:
            told = self.plain.charge(said.get("tx_no", ""), OFFICE, card.card_id, raw, None, (), order, at)
            return {"final_amount": told["total_minor"] / 100, "discount": float(told["discount"])}

        values = [LEDGER_ID, reference, rivals.CODE_HASH, raw, key, order]
        other = [LEDGER_ID, reference, rivals.CODE_HASH, raw + 1, key, order]
        self.asked("charge_by_staff", STAFF, _CHARGE_001, values, other, expect)

    def refundable(self, which: int) -> str:
        """A charge or a paid top-up, mostly one of which something is left; sometimes anything else."""
        paid = [
            tx_no
            for tx_no in (*self.plain.charges, *self.plain.top_ups)
            if self.plain.left_to_refund(tx_no) and self.plain.posted[tx_no].merchant is not None
        ]
        return pick(paid if paid and which % 8 else list(self.plain.posted), which)

    def refund(self, which: int, percent: int, tender: str | None, shop: Shop) -> None:
        """Of a charge or a top-up, in pieces; mostly where it was made."""
        original, at = self.refundable(which), self.books.now()
        if original in self.plain.charges and which % 9:
            shop = self.plain.charges[original].shop
        if shop is OFFICE and original in self.plain.charges:
            self.refund_by_staff(original, percent)
            return
        shop = TILL if shop is OFFICE else shop
        if original in self.plain.charges and which % 7:
            tender = None
        known = original in self.plain.charges or original in self.plain.top_ups
        amount = part(self.plain.left_to_refund(original), percent) if known else 100
        effect = {
            "refund_id": str(uuid4()), "original_tx_no": original, "amount_minor": amount, "tender": tender,
            "currency": "CNY", "reason": "order_wrong", "judged_at": at.isoformat(),
        }  # fmt: skip

        def expect(said: Said) -> Said:
            return self.plain.refund(said.get("tx_no", ""), shop, original, amount, tender, at)

        name = "refund_charge" if original in self.plain.charges else "refund_top_up"
        act = self.ask(name, TERMINALS[shop], rivals.REFUND, effect_of(effect), expect=expect)
        if shop is TILL:
            self.requests[act.values[1]] = act

    def refund_by_staff(self, original: str, percent: int) -> None:
        """By the function of source 001."""
        at, key = self.books.now(), str(uuid4())
        amount = part(self.plain.left_to_refund(original), percent)

        def expect(said: Said) -> Said:
            self.plain.refund(said.get("refund_tx_no", ""), OFFICE, original, amount, None, at)
            return {"refunded_amount": amount / 100}

        values, other = [LEDGER_ID, original, amount, key], [LEDGER_ID, original, amount + 1, key]
        self.asked("refund_by_staff", STAFF, _REFUND_001, values, other, expect)

    def abandon(self, which: int) -> None:
        """The till gives up on a request, answered or not: a success is taken back."""
        done = [key for key, act in self.requests.items() if act.said["outcome"] == "accepted"]
        key = pick(done if done and which % 4 else [*self.requests, str(uuid4())], which)
        act, at = self.requests.get(key), self.happened(0)
        accepted = act is not None and act.said["outcome"] == "accepted"

        def expect(said: Said) -> None:
            if act is None or not accepted:
                return
            original = act.said["tx_no"]
            if original in self.plain.refunds:
                raise No("request_settled")
            if original in self.plain.charges:
                self.plain.take_back_charge(said["tx_no"], original, at)
            else:
                self.plain.take_back_redemption(said["tx_no"], original)
            abandoned = {"outcome": "refused", "code": "request_abandoned", "data": {}}
            act.said = {**abandoned, "reversed": act.said}

        self.hand_in("abandon", RequestAbandoned(key, "no answer"), at, expect)

    # Passes ---------------------------------------------------------------------------------------------------------

    def sell(self, member: str, plan_id: str, minutes_ago: int, how: str, which: int) -> None:
        """First, or stacked on what is there, on nothing, or on somebody else's."""
        own = [each for each in self.plain.passes.values() if (each.member, each.plan.plan_id) == (member, plan_id)]
        stacked, known = how != "first", own if how == "stacked" else list(self.plain.passes.values())
        pass_id = pick(known, which).pass_id if known and how in ("stacked", "wrong") else str(uuid4())
        if how == "stacked" and not known:
            stacked = False
        at, price, order = self.happened(minutes_ago), PRICES[plan_id] - which % 3, str(uuid4())
        uses = self.plain.plans[plan_id].uses
        body = PassSold(
            pass_id, member, plan_id, "茶", stacked, uses, uses, at, "active", price, "CNY", "none", (),
            (Tender("cash", price, price),), (self.books.till.slip("VR"),),
        )  # fmt: skip

        def expect(said: Said) -> None:
            self.plain.sell(said.get("tx_no", ""), TILL, order, pass_id, member, plan_id, stacked, price, "cash", at)

        self.hand_in("sell", body, at, expect, order)

    def review(self, which: int, approve: bool) -> None:
        """HQ decides about a purchase."""
        waiting = [order for order, each in self.plain.purchases.items() if each.review == "pending"]
        if not self.plain.purchases or (not waiting and which % 5):
            self.sell(pick([MEMBER, OTHER_MEMBER], which), REVIEWED_PLAN, 0, "stacked", which)
            return
        order, at = pick(waiting if waiting and which % 5 else list(self.plain.purchases), which), self.books.now()
        self.ask(
            "review", STAFF, _REVIEW, order, "approve" if approve else "reject",
            expect=lambda said: self.plain.review(said.get("tx_no"), OFFICE, order, approve, at),
        )  # fmt: skip

    def redeem(self, which: int, uses: int, extra: int, own: bool) -> None:
        """Cups of a pass, some with something to pay for."""
        active = [each for each in self.plain.passes.values() if each.status == "active"]
        if not self.plain.passes or (not active and which % 4):
            self.sell(pick([MEMBER, OTHER_MEMBER], which), world.PLAN, 0, "stacked", which)
            return
        held = pick(active if which % 4 else list(self.plain.passes.values()), which)
        member = held.member if own else {MEMBER: OTHER_MEMBER, OTHER_MEMBER: MEMBER}[held.member]
        names = [held.pass_id, *(alias for alias, known in self.plain.aliases.items() if known == held.pass_id)]
        pass_id, at, vat = pick(names, which), self.books.now(), groups(extra, 100)
        day = at.date().isoformat()
        effect = {
            "redemption_id": str(uuid4()), "pass_id": pass_id, "member_id": member, "business_day": day, "uses": uses,
            "cups": [cup(extra), *[cup(0)] * (uses - 1)], "extra_total_minor": extra, "currency": "CNY",
            "vat": vat_json(vat), "pickup_no": None, "rung": "online", "policy_version": None, "snapshot_at": None,
            "tenders": [{"kind": "cash", "amount_minor": extra, "received_minor": extra}] if extra else [],
            "judged_at": at.isoformat(),
        }  # fmt: skip

        def expect(said: Said) -> Said:
            return self.plain.redeem(said.get("tx_no", ""), TILL, pass_id, member, uses, extra, vat, day, at)

        act = self.ask("redeem", TERMINAL, rivals.REDEEM, effect_of(effect), expect=expect)
        self.requests[act.values[1]] = act

    # Units of members -----------------------------------------------------------------------------------------------

    def grant(self, member: str, unit: str, amount: int, none: bool) -> None:
        merchants = unit.startswith("fragment/")
        shop, claims, amount = OFFICE if merchants else HOUSE, STAFF if merchants else OPERATOR, 0 if none else amount
        self.ask(
            "grant", claims, rivals.GRANT, member, unit, amount, "welcome gift", shop.merchant,
            expect=lambda said: self.plain.grant(said.get("tx_no", ""), shop, member, unit, amount),
        )  # fmt: skip

    def take_grant_back(self, which: int, wrong_merchant: bool) -> None:
        there = [tx_no for tx_no in self.plain.grants if not self.plain.posted[tx_no].reversed]
        if not there:
            self.grant(MEMBER, "bean", which % 900 + 1, False)
            return
        tx_no = pick(there if which % 3 else list(self.plain.grants), which)
        shop = self.plain.grants[tx_no].shop
        if wrong_merchant:
            shop = HOUSE if shop == OFFICE else OFFICE
        self.ask(
            "take_grant_back", OPERATOR, _REVERSE, tx_no, shop.merchant,
            expect=lambda said: self.plain.reverse_grant(said.get("tx_no", ""), shop, tx_no),
        )  # fmt: skip

    def debit(self, member: str, percent: int, at_till: bool) -> None:
        shop, held = TILL if at_till else OFFICE, self.plain.accounts["member", member, "ticket", "ticket"]
        if not held and percent % 4:
            self.grant(member, "ticket", percent * 3, False)
            return
        tickets = part(held, percent)
        claims, merchant = (TERMINAL, None) if at_till else (OPERATOR, world.MERCHANT)
        self.ask(
            "debit", claims, _DEBIT, member, tickets, "C-17", merchant,
            expect=lambda said: self.plain.debit(said.get("tx_no", ""), shop, member, tickets),
        )  # fmt: skip

    def trade(self, member: str, fragment: str, sells: bool, percent: int, taken: int, with_member: bool) -> None:
        """Silver for fragments or fragments for silver."""
        gives, takes = (fragment, "silver") if sells else ("silver", fragment)
        other = {MEMBER: OTHER_MEMBER, OTHER_MEMBER: MEMBER}[member] if with_member else None
        given = part(self.plain.accounts[self.plain.unit_account(member, gives, OFFICE)], percent)
        if other is not None:
            taken = part(self.plain.accounts[self.plain.unit_account(other, takes, OFFICE)], taken % 105 + 1)
        self.ask(
            "trade", OPERATOR, rivals.TRADE, world.MERCHANT, member, gives, given, takes, taken, other,
            expect=lambda said: self.plain.trade(
                said.get("tx_no", ""), OFFICE, member, gives, given, takes, taken, other
            ),
        )  # fmt: skip

    # Set aside ------------------------------------------------------------------------------------------------------

    def reserve(self, which: int, percent: int, hours: int, money: bool) -> None:
        """Uses of a pass or money of a card, for the till."""
        at = self.books.now()
        until = at + timedelta(hours=hours)
        if money or not self.plain.passes:
            self.reserve_money(pick(self.cards, which), percent, until, at)
            return
        held = pick(list(self.plain.passes.values()), which)
        uses = part(self.plain.uses(held), percent)
        self.ask(
            "reserve_uses", TERMINAL, rivals.RESERVE, world.TERMINAL, "pass", held.pass_id, uses, until,
            expect=lambda said: self.plain.reserve_uses(
                said.get("tx_no", ""), TILL, said.get("reservation_id", ""), held.pass_id, uses, until, at
            ),
        )  # fmt: skip

    def reserve_money(self, card: Card, percent: int, until: datetime, at: datetime) -> None:
        amount = part(self.plain.holds(card), percent)
        self.ask(
            "reserve_money", OPERATOR, rivals.RESERVE, world.TERMINAL, "card", card.card_id, amount, until,
            expect=lambda said: self.plain.reserve_money(
                said.get("tx_no", ""), TILL, said.get("reservation_id", ""), card.card_id, amount, until, at
            ),
        )  # fmt: skip

    def use_reservation(self, which: int, percent: int, how: str) -> None:
        """Spend of it at its till, close it there, or release it at HQ when the till is lost."""
        running = [name for name, each in self.plain.reservations.items() if each.open]
        if not running and (which % 6 or not self.plain.reservations):
            self.reserve(which, percent, 1 + which % 60, which % 2 == 0)
            return
        name = pick(running if running and which % 6 else list(self.plain.reservations), which)
        if how == "settle":
            self.settle(name, percent)
        else:
            self.close(name, how == "release")

    def settle(self, name: str, percent: int) -> None:
        reservation, at = self.plain.reservations[name], self.books.now()
        amount = part(reservation.amount - reservation.used, percent)
        self.ask(
            "settle", TERMINAL, rivals.SETTLE, name, amount, str(uuid4()), at,
            expect=lambda said: self.plain.settle(said.get("tx_no", ""), TILL, name, amount, at),
        )  # fmt: skip

    def close(self, name: str, lost: bool) -> None:
        at = self.books.now()
        claims, function = (OPERATOR, _RELEASE) if lost else (TERMINAL, rivals.CLOSE)
        self.ask(
            "close", claims, function, name,
            expect=lambda said: self.plain.close(said.get("tx_no", ""), TILL, name, at),
        )  # fmt: skip

    def set_aside(self, which: int, percent: int) -> None:
        """All that a card holds goes to the till, a part of it is spent there, and the rest comes back."""
        known, at = len(self.plain.reservations), self.books.now()
        self.reserve_money(pick(self.cards, which), 100, at + timedelta(hours=1), at)
        if len(self.plain.reservations) > known:
            name = list(self.plain.reservations)[-1]
            self.settle(name, min(percent, 90))
            self.close(name, which % 2 == 0)

    # Corrections ----------------------------------------------------------------------------------------------------

    def correctable(self, which: int) -> tuple[Account, Shop]:
        """Something that somebody holds, and whose business it is."""
        card, member = pick(self.cards, which), pick([MEMBER, OTHER_MEMBER], which)
        buckets = ["principal", "bonus", "points", "points"] if card.member is not None else ["principal"]
        bucket = pick(buckets, which // 3)
        of_card = ("card", card.card_id, bucket, "point" if bucket == "points" else "CNY")
        found: list[tuple[Account, Shop]] = [(of_card, HOUSE), (of_card, OFFICE), (of_card, HOUSE)]
        found.append((self.plain.unit_account(member, pick(["ticket", "bean", "silver"], which), HOUSE), HOUSE))
        found.append((self.plain.unit_account(member, pick(list(FRAGMENTS), which), OFFICE), OFFICE))
        for each in self.plain.passes.values():
            found.append((("pass", each.pass_id, "uses", "use/" + each.plan.plan_id), OFFICE))
        return pick(found, which // 7)

    def propose(self, which: int, more: bool, percent: int, amount: int) -> None:
        account, shop = self.correctable(which)
        delta = -part(self.plain.accounts[account], percent)
        if more:
            delta = amount % 9 + 1 if account[0] == "pass" else amount
        self.propose_this(account, shop, delta, pick([OPERATOR, COLLEAGUE], which))

    def propose_this(self, account: Account, shop: Shop, delta: int, claims: Claims) -> None:
        bucket = account[2].replace(f"/{world.MERCHANT}", "")
        person = str(claims.principal_id)
        self.ask(
            "propose", claims, _PROPOSE, shop.merchant, account[0], account[1], bucket, delta,
            expect=lambda said: self.plain.propose(said.get("adjustment_id", ""), shop, person, account, delta),
        )  # fmt: skip

    def decide(self, which: int, approve: bool, own: bool) -> None:
        waiting = [name for name, each in self.plain.adjustments.items() if each.status == "proposed"]
        if not waiting and (which % 6 or not self.plain.adjustments):
            self.propose(which, approve, 50, which % 900 + 1)
            return
        self.decide_this(pick(waiting if waiting and which % 6 else list(self.plain.adjustments), which), approve, own)

    def decide_this(self, name: str, approve: bool, own: bool) -> None:
        at = self.books.now()
        proposer = self.plain.adjustments[name].proposer
        decider = next(each for each in (OPERATOR, COLLEAGUE) if (str(each.principal_id) == proposer) == own)
        person = str(decider.principal_id)
        self.ask(
            "decide", decider, _DECIDE, name, approve,
            expect=lambda said: self.plain.decide(said.get("tx_no"), name, person, approve, at),
        )  # fmt: skip

    def correct(self, which: int, percent: int) -> None:
        """Points that somebody should not have had: two people see to it at once. Charges may be refunded later."""
        card = pick(self.cards[:2], which)
        account = ("card", card.card_id, "points", "point")
        held = self.plain.accounts[account]
        if not held:
            self.charge(which % 2, 100 + which % 20000, 0, 50, None, True, TILL)
            return
        self.propose_this(account, HOUSE, -part(held, max(50, min(percent, 100))), OPERATOR)
        self.decide_this(list(self.plain.adjustments)[-1], True, False)

    # Time, and what was said before -----------------------------------------------------------------------------------

    def later(self, hours: int, runs: bool) -> None:
        """The clock moves; what has ended is mostly marked so."""
        hours = min(hours, 20 * 24 - self.hours)
        self.hours += hours
        self.books.move_clock(hours)
        if runs:
            at = self.books.now()
            ended = self.books.ask(PLATFORM, "app.expire_passes(%s::smallint, 500)", [LEDGER_ID])
            assert ended == self.plain.expire_passes(at)
            assert self.books.ask(PLATFORM, "app.cron_expire_cards()", []) == self.plain.expire_cards(at)
        self.step("later", "marked" if runs else "not marked")

    def ask_again(self, which: int, other: bool) -> None:
        """The same key later: the same answer, or `content_differs`; nothing changes either way."""
        act = pick(self.acts, which)
        said = self.books.ask(act.claims, act.function, act.other if other else act.values)
        if other:
            assert (said["outcome"], said["code"]) == ("refused", "content_differs")
        else:
            assert said == act.said
        self.step("ask_again", "content_differs" if other else act.said["outcome"])

    def hand_in_again(self, which: int, other: bool) -> None:
        """The answer was lost, and the till sends the fact again; or it gives a known id to another fact."""
        told = pick(self.facts, which)
        if not other:
            result, known = self.books.hand_in_again(told.seq), told.result
            assert (result.outcome, result.reason, result.tx_no) == ("already_known", known.reason, known.tx_no)
            self.step("hand_in_again", known.outcome)
            return

        def expect(_: Said) -> None:
            raise No("content_differs")

        strange = RequestAbandoned(str(uuid4()), "no answer")
        self.hand_in("hand_in_again", strange, self.happened(0), expect, told.fact_id)


def effect_of(plain: Said) -> Callable[[str], Jsonb]:
    """What the program tells the ledger of a till's request under this key."""
    digest = hashlib.sha256(json.dumps(plain).encode()).hexdigest()
    return lambda key: Jsonb({**plain, "request_id": key, "effect_hash": digest})


@pytest.mark.req("R036", "R039", "R064", "R065")
@pytest.mark.timeout(900)
def test_random_business_agrees_with_a_second_opinion(server: Server, template: str) -> None:
    class Business(RandomBusiness):
        pass

    Business.server, Business.template, Business.steps = server, template, Counter()
    run_state_machine_as_test(
        Business,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    print(f"{Business.steps.total()} steps: {dict(sorted(Business.steps.items()))}")
    assert Business.steps.total() >= 3000
    assert [name for name in DONE if not Business.steps[f"{name}: accepted"]] == []
