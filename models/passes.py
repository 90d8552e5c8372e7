"""Passes: the state machine, and what a sale, a redemption and an expiry do to the counts.

Rule: pure; a moment is an argument. The same arithmetic stands in the server's SQL only for what must be decided
under a lock (status, uses left, limits); prices and add-ons are computed here alone, on till and server.
Source: domain.md "Passes" (source 002).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from models.catalogue import AddOn, MemberPass, PassPlan, PriceList, Product
from models.refusals import Refusal

STATUSES = ("active", "suspended", "revoked", "expired")

TRANSITIONS: dict[tuple[str, str], str] = {
    ("active", "suspend"): "suspended",
    ("active", "revoke"): "revoked",
    ("active", "expire"): "expired",
    ("active", "stack"): "active",
    ("suspended", "approve"): "active",
    ("suspended", "reject"): "revoked",
    ("suspended", "revoke"): "revoked",
    ("suspended", "expire"): "expired",
    ("suspended", "stack"): "suspended",
    ("expired", "renew_active"): "active",
    ("expired", "renew_suspended"): "suspended",
    ("expired", "revoke"): "revoked",
}
"""(status, event) -> status. What is not listed cannot happen; `revoked` is final."""


@dataclass(frozen=True, slots=True)
class AddOnChoice:
    """One kind of add-on on one cup."""

    add_on_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Cup:
    """One piece of one product with its add-ons; in a redemption it costs one use."""

    product_id: str
    add_ons: tuple[AddOnChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class NotedCup(Cup):
    """A cup on a basket, with what its maker should know (models.notes). It prices nothing; no request carries it."""

    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AddOnCharge:
    """What one kind of add-on on one cup costs: `quantity` pieces of which `free` cost nothing."""

    add_on: AddOn
    quantity: int
    free: int

    @property
    def charge_minor(self) -> int:
        return (self.quantity - self.free) * self.add_on.price_minor


@dataclass(frozen=True, slots=True)
class CupQuote:
    """One cup priced: `base_minor` is 0 inside a redemption."""

    product: Product
    base_minor: int
    add_ons: tuple[AddOnCharge, ...]

    @property
    def total_minor(self) -> int:
        return self.base_minor + sum(charge.charge_minor for charge in self.add_ons)

    def gross_by_rate(self) -> list[tuple[str, int]]:
        """Return (VAT rate, VAT-inclusive amount) per priced part, for `money.split_vat`."""
        parts = [(self.product.vat_rate, self.base_minor)]
        parts += [(charge.add_on.vat_rate, charge.charge_minor) for charge in self.add_ons]
        return [(rate, amount) for rate, amount in parts if amount]


@dataclass(frozen=True, slots=True)
class RedemptionQuote:
    """What a redemption will do: uses taken, uses left after it, and what is still to be paid."""

    cups: tuple[CupQuote, ...]
    uses: int
    uses_left: int
    extra_total_minor: int


def transition(status: str, event: str) -> str:
    """Return the status after `event`; Refusal `pass_revoked` or `pass_not_active` where the table has no way."""
    if (status, event) in TRANSITIONS:
        return TRANSITIONS[status, event]
    raise Refusal("pass_revoked" if status == "revoked" else "pass_not_active", {"status": status})


def price_cup(cup: Cup, prices: PriceList, plan: PassPlan | None) -> CupQuote:
    """Price one cup; with a plan its base price is covered and free add-ons are free up to the plan's limit.

    Within the limit the dearest free add-ons are free first, so the order of tapping never changes the price.
    Refusals: `product_unknown`, `product_not_eligible`, `add_on_unknown`, `amount_invalid`.
    """
    product = prices.products.get(cup.product_id)
    if product is None or not product.on_sale:
        raise Refusal("product_unknown", {"product_id": cup.product_id})
    if plan is not None and plan.eligible_tag not in product.tags:
        raise Refusal("product_not_eligible", {"product_id": cup.product_id})
    chosen = [(_known_add_on(choice, product, prices), choice.quantity) for choice in cup.add_ons]
    if len({add_on.add_on_id for add_on, _ in chosen}) != len(chosen):
        raise Refusal("add_on_unknown", {"product_id": cup.product_id})
    free_left = _free_add_ons(plan)
    free: dict[str, int] = {}
    for add_on, quantity in sorted(chosen, key=lambda pair: (-pair[0].price_minor, pair[0].add_on_id)):
        if add_on.tag == "free_addon" and plan is not None:
            free[add_on.add_on_id] = quantity if free_left is None else min(quantity, free_left)
            free_left = None if free_left is None else free_left - free[add_on.add_on_id]
    charges = tuple(AddOnCharge(add_on, quantity, free.get(add_on.add_on_id, 0)) for add_on, quantity in chosen)
    return CupQuote(product, 0 if plan is not None else product.price_minor, charges)


def quote_redemption(
    held: MemberPass,
    plan: PassPlan,
    cups: tuple[Cup, ...],
    prices: PriceList,
    at: datetime,
    business_day: str,
) -> RedemptionQuote:
    """Decide whether a pass may pay for these cups at the moment `at`, and what it will cost.

    `business_day` is the store's day of `at` (ISO date). Refusals, in the order checked: `basket_empty`,
    `pass_not_active`, `pass_expired`, `pass_other_merchant`, those of `price_cup`, `uses_exhausted`,
    `uses_per_order_exceeded`, `uses_per_day_exceeded`.
    """
    if not cups:
        raise Refusal("basket_empty")
    if held.status != "active":
        code = {"expired": "pass_expired", "revoked": "pass_revoked"}.get(held.status, "pass_not_active")
        raise Refusal(code, {"status": held.status})
    if at >= held.expires_at:
        raise Refusal("pass_expired", {"expires_at": held.expires_at.isoformat()})
    if plan.plan_id != held.plan_id or plan.currency != prices.currency:
        raise Refusal("pass_other_merchant", {"pass_id": held.pass_id})
    quotes = tuple(price_cup(cup, prices, plan) for cup in cups)
    uses = len(cups)
    if uses > held.uses_left:
        raise Refusal("uses_exhausted", {"uses_left": held.uses_left, "uses": uses})
    if plan.max_uses_per_order is not None and uses > plan.max_uses_per_order:
        raise Refusal("uses_per_order_exceeded", {"limit": plan.max_uses_per_order})
    used_today = held.used_today if held.used_on == business_day else 0
    if plan.max_uses_per_day is not None and used_today + uses > plan.max_uses_per_day:
        raise Refusal("uses_per_day_exceeded", {"limit": plan.max_uses_per_day, "used_today": used_today})
    return RedemptionQuote(quotes, uses, held.uses_left - uses, sum(quote.total_minor for quote in quotes))


def redeem(held: MemberPass, uses: int, business_day: str) -> MemberPass:
    """Return the pass after `uses` uses on this business day; ValueError when more than are left."""
    if not 0 < uses <= held.uses_left:
        raise ValueError(f"{uses} uses of {held.uses_left}")
    used_today = held.used_today if held.used_on == business_day else 0
    return replace(held, uses_left=held.uses_left - uses, used_on=business_day, used_today=used_today + uses)


def first_purchase(plan: PassPlan, pass_id: str, member_id: str, at: datetime) -> MemberPass:
    """Return the pass that a first purchase makes: active at once, or suspended until HQ approves it (R096, R097)."""
    status = "active" if plan.auto_activate else "suspended"
    expires_at = at + timedelta(days=plan.validity_days)
    return MemberPass(pass_id, plan.merchant_id, member_id, plan.plan_id, status, plan.uses, plan.uses, expires_at)


def stack_purchase(held: MemberPass, plan: PassPlan, at: datetime) -> MemberPass:
    """Return the pass after buying the same plan again (R099): uses added, later expiry kept, status untouched.

    Stacking on an expired pass forfeits its old uses and starts like a first purchase, though what was used today
    still counts today; on a revoked one it is refused.
    """
    if held.status == "revoked":
        raise Refusal("pass_revoked", {"pass_id": held.pass_id})
    if held.status == "expired" or at >= held.expires_at:
        event = "renew_active" if plan.auto_activate else "renew_suspended"
        renewed = first_purchase(plan, held.pass_id, held.member_id, at)
        bought = held.uses_bought - held.uses_left + plan.uses
        return replace(
            renewed,
            status=transition("expired", event),
            uses_bought=bought,
            used_on=held.used_on,
            used_today=held.used_today,
        )
    return replace(
        held,
        status=transition(held.status, "stack"),
        uses_bought=held.uses_bought + plan.uses,
        uses_left=held.uses_left + plan.uses,
        expires_at=max(held.expires_at, at + timedelta(days=plan.validity_days)),
    )


def _known_add_on(choice: AddOnChoice, product: Product, prices: PriceList) -> AddOn:
    add_on = prices.add_ons.get(choice.add_on_id)
    if add_on is None or not add_on.on_sale or choice.add_on_id not in product.add_on_ids:
        raise Refusal("add_on_unknown", {"add_on_id": choice.add_on_id})
    if not 1 <= choice.quantity <= 99:
        raise Refusal("amount_invalid", {"quantity": choice.quantity})
    return add_on


def _free_add_ons(plan: PassPlan | None) -> int | None:
    return 0 if plan is None else plan.global_free_addon_limit
