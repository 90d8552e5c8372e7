"""What the oracle knows of the shop before anything is sold: its cards, plans, bonus rule, levels, prices and tills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.cards import discounted_vat
from models.catalogue import PassPlan
from models.wire import ChargeAsked
from tests.faults.simulator.expected import Expected, Members, Terminal
from tests.faults.simulator.machine import START
from tests.faults.simulator.plain import TillsLedger, unlimited
from tests.flows import shop
from tests.sync_server.ledger.plain_values import OPERATOR, Card, Plan, Rule, Shop, Vat

PRICES = {shop.TEA: (1800, "0.06"), shop.MILK_TEA: (2200, "0.06"), shop.WATER: (500, "0.13"),
          shop.PEARLS: (200, "0.06"), shop.CHEESE: (400, "0.06")}  # fmt: skip


def expected_of(
    cards: Iterable[Card], refs: Mapping[str, str], plans: Iterable[PassPlan], stores: Mapping[str, str],
    phones: Mapping[str, str],
) -> Expected:  # fmt: skip
    """The oracle at the beginning. `refs`: card reference -> card; `stores`: terminal -> store; `phones`: phone ->
    member."""
    bonus = shop.BONUS
    rule = Rule(bonus.rule_id, bonus.min_amount_minor, bonus.bonus_minor, round(float(bonus.bonus_rate) * 10_000),
                START, None)  # fmt: skip
    bands = [(band.min_points, band.max_points, round(float(band.discount) * 1000)) for band in shop.BANDS]
    sold = [
        Plan(p.plan_id, p.uses, p.validity_days, not p.auto_activate, unlimited(p.max_uses_per_order),
             unlimited(p.max_uses_per_day))
        for p in plans
    ]  # fmt: skip
    ledger = TillsLedger(cards, sold, [rule], {shop.MERCHANT: bands, OPERATOR: []})
    terminals = {terminal: Terminal(Shop("store", store, shop.MERCHANT)) for terminal, store in stores.items()}
    by_ref = {ref: ledger.cards[card] for ref, card in refs.items()}
    return Expected(ledger, terminals, _vat_of_charge, Members(by_phone=dict(phones)), cards_by_ref=by_ref)


def _vat_of_charge(asked: ChargeAsked) -> Vat:
    gross = []
    for cup in asked.cups:
        price, rate = PRICES[cup.product_id]
        gross.append((rate, price))
        gross += [(PRICES[part.add_on_id][1], PRICES[part.add_on_id][0] * part.quantity) for part in cup.add_ons]
    return tuple(
        (group.rate, group.base_minor, group.quota_minor) for group in discounted_vat(gross, asked.total_minor)
    )
