"""Stored-value cards: level, discount and points of a charge, which money it spends, and what a refund undoes.

Rule: pure. A charge, a top-up and a refund of them are decided under a lock by the same arithmetic in the server's SQL;
a test compares the two. Rates are texts of Decimals ("0.950"). Rounding is half-up, once, except points (floor).
Source: domain.md "Cards" (source 001).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from models.money import VatGroup, check_amount, check_rate, currency, divide_half_up, round_half_up, split_vat
from models.refusals import Refusal

BUCKETS = ("bonus", "principal")
"""Where a card's money stands, in the order in which it is spent."""
_DISCOUNT = re.compile(r"0\.\d{1,3}|1(\.0{1,3})?")
_BONUS_RATE = re.compile(r"0(\.\d{1,4})?|1(\.0{1,4})?")


def _is_discount(text: str) -> bool:
    return bool(_DISCOUNT.fullmatch(text)) and Decimal(text) > 0


@dataclass(frozen=True, slots=True)
class LevelBand:
    """Cards with `min_points` to `max_points` points (both included; None: no end) are of this level.

    `discount` is what a price is multiplied with, in (0, 1]. `merchant_id` None is the operator's band.
    """

    level: int
    min_points: int
    max_points: int | None
    discount: str
    merchant_id: str | None = None

    def __post_init__(self) -> None:
        ends_before_it_starts = self.max_points is not None and self.max_points < self.min_points
        if self.level < 0 or self.min_points < 0 or ends_before_it_starts or not _is_discount(self.discount):
            raise ValueError(f"no level band: {self}")


@dataclass(frozen=True, slots=True)
class BonusRule:
    """A top-up of at least `min_amount_minor` brings `bonus_minor` plus `bonus_rate` ("0.15", at most 1) × amount.

    Neither part is more than the money paid in: `bonus_minor` ≤ `min_amount_minor`. In force from `starts_at` until
    before `ends_at`; a rule is never changed, only ended.
    """

    rule_id: str
    merchant_id: str
    currency: str
    min_amount_minor: int
    bonus_minor: int
    bonus_rate: str
    starts_at: datetime
    ends_at: datetime | None

    def __post_init__(self) -> None:
        too_much = self.bonus_minor > self.min_amount_minor or not _BONUS_RATE.fullmatch(self.bonus_rate)
        if self.min_amount_minor <= 0 or self.bonus_minor < 0 or too_much:
            raise ValueError(f"no bonus rule: {self}")


@dataclass(frozen=True, slots=True)
class Lot:
    """What one top-up brought to a card, and what is left of it; `refunded_minor` of its principal was refunded."""

    lot_id: str
    principal_granted: int
    bonus_granted: int
    principal_left: int
    bonus_left: int
    refunded_minor: int


@dataclass(frozen=True, slots=True)
class Part:
    """Money of one bucket ("bonus" or "principal") of one lot."""

    lot_id: str
    bucket: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Clawback:
    """What refunding a top-up does, in minor units: taken from bonus, kept from principal, handed out, and lost.

    The lot loses `from_bonus` of bonus and `from_principal + cash_out` of principal.
    """

    from_bonus: int
    from_principal: int
    cash_out: int
    uncollected: int


NO_LEVEL = LevelBand(0, 0, None, "1.000")


def level_for(points: int, bands: Iterable[LevelBand]) -> LevelBand:
    """Return the band that these points stand in; level 0 without discount when none fits."""
    for band in bands:
        if band.min_points <= points and (band.max_points is None or points <= band.max_points):
            return band
    return NO_LEVEL


def check_bands(bands: Iterable[LevelBand]) -> None:
    """Check that the bands of one merchant neither overlap nor share a level; Refusal `levels_overlap` with `level`."""
    seen: set[int] = set()
    end: int | None = -1
    for band in sorted(bands, key=lambda band: (band.min_points, band.level)):
        if band.level in seen or end is None or band.min_points <= end:
            raise Refusal("levels_overlap", {"level": band.level})
        seen.add(band.level)
        end = band.max_points


def discounted(raw_minor: int, discount: str) -> int:
    """Return `raw_minor` × `discount`, rounded once (25.50 × 0.95 = 24.23); Refusal `amount_invalid`."""
    if check_amount(raw_minor) < 0 or not _is_discount(discount):
        raise Refusal("amount_invalid", {"amount": str(raw_minor)[:40], "discount": discount[:40]})
    return round_half_up(raw_minor * Decimal(discount))


def check_charge(total_minor: int) -> int:
    """Return what a charge takes from a card: something, or it would earn points for nothing; `amount_invalid`."""
    if check_amount(total_minor) <= 0:
        raise Refusal("amount_invalid", {"amount": total_minor})
    return total_minor


def points_earned(raw_minor: int, code: str) -> int:
    """Return the points that a charge earns: one per whole major unit of its price before discount."""
    major_minor: int = 10 ** currency(code).exponent
    return max(0, raw_minor) // major_minor


def discounted_vat(gross_by_rate: Iterable[tuple[str, int]], total_minor: int) -> tuple[VatGroup, ...]:
    """Split the VAT of a discounted total, spread over the rates in proportion to their gross before discount.

    `gross_by_rate` holds (rate, gross in minor units ≥ 0) per line; rates take their parts in the order in which each
    came first.
    """
    gross: dict[Decimal, tuple[str, int]] = {}
    for rate, amount in gross_by_rate:
        key = check_rate(rate)
        text, sum_minor = gross.get(key, (rate, 0))
        gross[key] = (text, sum_minor + amount)
    spread = in_proportion(total_minor, [amount for _, amount in gross.values()])
    return split_vat((text, part) for (text, _), part in zip(gross.values(), spread, strict=True))


def spend(lots: Sequence[Lot], amount: int) -> tuple[Part, ...]:
    """Return the money that pays `amount`: bonus of every lot, then principal, each from the first lot to the last.

    `lots` are a card's, oldest first. Refusals: `amount_invalid`; `balance_insufficient` with `balance_minor` and
    `total_minor`.
    """
    if check_amount(amount) < 0:
        raise Refusal("amount_invalid", {"amount": amount})
    held = [Part(lot.lot_id, "bonus", lot.bonus_left) for lot in lots]
    held += [Part(lot.lot_id, "principal", lot.principal_left) for lot in lots]
    balance_minor = sum(part.amount_minor for part in held)
    if balance_minor < amount:
        raise Refusal("balance_insufficient", {"balance_minor": balance_minor, "total_minor": amount})
    taken: list[Part] = []
    left = amount
    for part in held:
        part_minor = min(part.amount_minor, left)
        left -= part_minor
        if part_minor:
            taken.append(Part(part.lot_id, part.bucket, part_minor))
    return tuple(taken)


def in_proportion(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split `amount` by `weights` (all ≥ 0): each takes its rounded share of what is left, so the parts sum to it.

    No part is negative, and none is above its weight while `amount` ≤ Σ weights. ValueError when there is something
    to split and nothing to split it by.
    """
    left, weight_left = amount, sum(weights)
    if amount < 0 or min(weights, default=0) < 0 or (amount and not weight_left):
        raise ValueError(f"{amount} cannot be split by {tuple(weights)}")
    parts = []
    for weight in weights:
        part = divide_half_up(left * weight, weight_left) if weight else 0
        parts.append(part)
        left -= part
        weight_left -= weight
    return tuple(parts)


def points_taken_back(points: int, final: int, refunded_before: int, refund: int) -> int:
    """Return the points that a refund takes back of a charge that earned `points` and cost `final` minor units.

    Cumulative: however a charge is refunded part by part, the whole takes back exactly `points`.
    """
    if final == 0:
        return 0
    return points * (refunded_before + refund) // final - points * refunded_before // final


def clawback(
    granted_principal: int, granted_bonus: int, principal_left: int, bonus_left: int, refunded_before: int, refund: int
) -> Clawback:
    """Return what refunding `refund` of a top-up's principal does, bonus being taken back in proportion.

    Bonus that was spent already is kept from the principal as far as that goes; the rest is uncollected.
    Refusals: `amount_invalid` unless refund > 0; `refund_exceeds` with `left_minor` when it is above `principal_left`.
    """
    if check_amount(refund) <= 0:
        raise Refusal("amount_invalid", {"amount": refund})
    if refund > principal_left:
        raise Refusal("refund_exceeds", {"left_minor": principal_left, "amount_minor": refund})

    def bonus_of(refunded: int) -> int:
        return divide_half_up(granted_bonus * refunded, granted_principal) if granted_bonus else 0

    due = bonus_of(refunded_before + refund) - bonus_of(refunded_before)
    from_bonus = min(due, bonus_left)
    short = due - from_bonus
    from_principal = min(short, refund)
    return Clawback(from_bonus, from_principal, refund - from_principal, short - from_principal)


def bonus_for(amount_minor: int, code: str, rules: Iterable[BonusRule], at: datetime) -> tuple[BonusRule | None, int]:
    """Return the rule that a top-up falls under and the bonus it brings in minor units; (None, 0) when there is none.

    Of the rules in force at `at` whose minimum is reached the one with the greatest minimum counts, then the greatest
    id. `rules` are those of one merchant.
    """
    fitting = [
        rule
        for rule in rules
        if rule.currency == code
        and rule.min_amount_minor <= amount_minor
        and rule.starts_at <= at
        and (rule.ends_at is None or at < rule.ends_at)
    ]
    if not fitting:
        return None, 0
    rule = max(fitting, key=lambda rule: (rule.min_amount_minor, rule.rule_id))
    return rule, rule.bonus_minor + round_half_up(amount_minor * Decimal(rule.bonus_rate))
