"""A second opinion on the ledger: cards, points, passes and units once more, in dicts and whole numbers.

Rules: written from domain.md ("Cards", "Passes") and the accounts' signs, not from the program; nothing of the program
is imported. Each act either changes everything that it should or raises `No` and changes nothing. Ids and numbers that
the database makes are told to it.
Not here: keys and repeated acts, who may do what, how VAT is split off a total (its groups are told).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.sync_server.ledger.plain_values import (
    HOLDERS,
    HOUSE,
    OPERATOR,
    Account,
    Adjustment,
    Card,
    Charge,
    Grant,
    Lot,
    No,
    Part,
    Pass,
    Plan,
    Posted,
    Purchase,
    Reservation,
    Rule,
    Shop,
    TopUp,
    Vat,
    half_up,
    of,
    shares,
    thousandths,
    use,
)  # fmt: skip

Bands = list[tuple[int, int | None, int]]
"""(least points, most points, discount)."""
_REFUND_PARTS = ("bonus_minor", "principal_minor", "cash_minor", "uncollected_minor", "points_taken_back")


class PlainLedger:
    """Everything that is held, and every act that may change it."""

    def __init__(
        self,
        cards: Iterable[Card],
        plans: Iterable[Plan],
        rules: Iterable[Rule],
        bands: dict[str, Bands],
    ) -> None:
        """`bands`: merchant (or OPERATOR) -> (least points, most points, discount)."""
        self.cards = {card.card_id: card for card in cards}
        self.plans = {plan.plan_id: plan for plan in plans}
        self.rules = {rule.rule_id: rule for rule in rules}
        self.bands = bands
        self.accounts: Counter[Account] = Counter()
        self.posted: dict[str, Posted] = {}
        self.charges: dict[str, Charge] = {}
        self.top_ups: dict[str, TopUp] = {}
        self.orders: dict[tuple[str, str], str] = {}
        self.refunds: dict[str, list[int]] = {}
        self.passes: dict[str, Pass] = {}
        self.aliases: dict[str, str] = {}
        self.purchases: dict[str, Purchase] = {}
        self.redemptions: dict[str, tuple[Pass, int, str, Shop, list[tuple[Account, int]]]] = {}
        self.used_on: Counter[tuple[str, str]] = Counter()
        self.grants: dict[str, Grant] = {}
        self.reservations: dict[str, Reservation] = {}
        self.adjustments: dict[str, Adjustment] = {}
        self.too_late: set[str] = set()

    def post(self, tx_no: str, kind: str, shop: Shop, amount: int, lines: list[tuple[Account, int]]) -> None:
        """Move units: to nothing and from nothing per unit, and nobody holds less than nothing."""
        units: Counter[str] = Counter()
        for account, delta in lines:
            units[account[3]] += delta
            self.accounts[account] += delta
        assert not any(units.values()), (kind, lines)
        assert all(self.accounts[account] >= 0 for account, _ in lines if account[0] in HOLDERS), (kind, lines)
        assert tx_no not in self.posted or self.posted[tx_no].status == "pending", tx_no
        self.posted[tx_no] = Posted(kind, amount, shop.merchant)

    # Cards ----------------------------------------------------------------------------------------------------------

    def holds(self, card: Card) -> int:
        """Principal and bonus together."""
        return sum(lot.left["principal"] + lot.left["bonus"] for lot in card.lots)

    def points(self, card: Card) -> int:
        return self.accounts["card", card.card_id, "points", "point"]

    def discount(self, card: Card, shop: Shop) -> int:
        """By the merchant's own bands, else the operator's; in a gap, none."""
        if card.discount is not None:
            return card.discount
        bands = self.bands.get(shop.merchant or OPERATOR) or self.bands[OPERATOR]
        fitting = [
            cut
            for least, most, cut in bands
            if least <= self.points(card) and (most is None or self.points(card) <= most)
        ]
        return fitting[0] if fitting else 1000

    def best_rule(self, amount: int, at: datetime) -> Rule | None:
        """The rule in force with the greatest least amount."""
        fitting = [rule for rule in self.rules.values() if rule.promises(amount, at) is not None]
        return max(fitting, key=lambda rule: (rule.least, rule.rule_id), default=None)

    def _usable(self, card: Card, at: datetime) -> None:
        if card.status == "expired" or (card.expires_at is not None and at >= card.expires_at):
            raise No("card_expired")

    def _money(self, card: Card, principal: int, bonus: int) -> list[tuple[Account, int]]:
        return [
            (("card", card.card_id, "principal", "CNY"), principal),
            (("card", card.card_id, "bonus", "CNY"), bonus),
        ]

    def _open_lot(
        self, card: Card, lot_id: str, at: datetime, origin: str, granted: tuple[int, int], bonus_left: int
    ) -> Lot:
        buckets = {"principal": granted[0], "bonus": granted[1]}
        lot = Lot(lot_id, at, origin, buckets, {"principal": granted[0], "bonus": bonus_left})
        card.lots = sorted([*card.lots, lot], key=lambda each: (each.opened_at, each.lot_id))
        return lot

    def _credit(self, tx_no: str, shop: Shop, top_up: TopUp, lot_id: str, at: datetime) -> None:
        amount, bonus, card = top_up.amount, top_up.bonus, top_up.card
        card.currency = "CNY"
        lines = [
            *self._money(card, amount, bonus),
            (of(shop, "issued"), -amount - bonus),
            (of(shop, "tender/" + top_up.method), amount),
            (of(shop, "stored_value"), -amount),
        ]
        self.post(tx_no, "topped_up", shop, amount, lines)
        top_up.status = "paid"
        top_up.lot = self._open_lot(card, lot_id, at, "top_up", (amount, bonus), bonus)

    def top_up(self, tx_no: str, shop: Shop, card_id: str, top_up_id: str, amount: int, bonus: int, rule_id: str | None,
               tender: str, at: datetime) -> None:  # fmt: skip
        """Money at a till, with the bonus that the till says a rule promised."""
        card = self.cards[card_id]
        self._usable(card, at)
        promised = (self.rules[rule_id].promises(amount, at) or 0) if rule_id is not None else 0
        wrong_rule = rule_id is not None and self.rules[rule_id].promises(amount, at) is None
        if wrong_rule or bonus != promised:
            raise No("bonus_differs", bonus_minor=promised)
        self.top_ups[tx_no] = TopUp(card, amount, bonus, tender, "paid")
        self._credit(tx_no, shop, self.top_ups[tx_no], top_up_id, at)

    def ask_top_up(
        self, tx_no: str, card_id: str, amount: int, method: str, order: str | None, at: datetime
    ) -> dict[str, Any]:
        """Money that is to come; nothing moves before."""
        card = self.cards[card_id]
        self._usable(card, at)
        self._new_order(HOUSE, order, tx_no)
        self.posted[tx_no] = Posted("topped_up", amount, None, "pending")
        self.top_ups[tx_no] = TopUp(card, amount, 0, method, "pending")
        return {"card_id": card_id}

    def _new_order(self, shop: Shop, order: str | None, tx_no: str) -> None:
        if order is None:
            return
        key = (shop.merchant or OPERATOR, order)
        if key in self.orders:
            raise No("external_order_used", tx_no=self.orders[key])
        self.orders[key] = tx_no

    def confirm(self, tx_no: str, payment: str, lot_id: str, at: datetime) -> dict[str, Any]:
        """The payment of a pending top-up has come."""
        top_up = self._top_up(tx_no)
        told = {"tx_no": tx_no, "amount_minor": top_up.amount, "bonus_minor": top_up.bonus}
        if top_up.payment == payment:
            return told
        if top_up.status != "pending":
            raise No("top_up_not_pending", status=top_up.status)
        for other, known in self.top_ups.items():
            if known.payment == payment:
                raise No("content_differs", tx_no=other)
        top_up.payment = payment
        self._credit(tx_no, HOUSE, top_up, lot_id, at)
        return told

    def cancel(self, tx_no: str) -> dict[str, Any]:
        """The payment will not come."""
        top_up = self._top_up(tx_no)
        if top_up.status != "pending":
            raise No("top_up_not_pending", status=top_up.status)
        top_up.status = self.posted[tx_no].status = "cancelled"
        return {"tx_no": tx_no, "status": "cancelled"}

    def _top_up(self, tx_no: str) -> TopUp:
        if tx_no not in self.top_ups:
            raise No("transaction_unknown")
        return self.top_ups[tx_no]

    def _spend(self, card: Card, amount: int) -> list[Part]:
        """Bonus, then principal, oldest lot first."""
        parts = []
        for bucket in ("bonus", "principal"):
            for lot in card.lots:
                taken = min(amount, lot.left[bucket])
                if taken:
                    lot.left[bucket] -= taken
                    amount -= taken
                    parts.append(Part(lot, bucket, taken))
        assert amount == 0
        return parts

    def charge(self, tx_no: str, shop: Shop, card_id: str, raw: int, shown: int | None, vat: Vat, order: str | None,
               at: datetime) -> dict[str, Any]:  # fmt: skip
        """Pay from a card with its newest code; `vat` is of the total, () without a till's order."""
        card = self.cards[card_id]
        cut = self.discount(card, shop)
        total = half_up(raw * cut, 1000)
        self._usable(card, at)
        if order is not None and (shop.merchant or OPERATOR, order) in self.orders:
            raise No("external_order_used", tx_no=self.orders[shop.merchant or OPERATOR, order])
        if total == 0:
            raise No("amount_invalid", amount=0)
        if shown is not None and shown != total:
            raise No("price_changed", total_minor=total, discount=thousandths(cut))
        if total > self.holds(card):
            raise No("balance_insufficient", balance_minor=self.holds(card), total_minor=total)
        if card.code_at is None:
            raise No("code_wrong")
        if card.code_used:
            raise No("code_used")
        if at >= card.code_at + timedelta(minutes=15):
            raise No("code_expired")
        card.code_used = True
        self._new_order(shop, order, tx_no)
        points = raw // 100 if card.member is not None else 0
        charge = Charge(card, shop, total, points, self._spend(card, total), vat, [0] * len(vat))
        bonus = sum(part.amount for part in charge.parts if part.bucket == "bonus")
        self._post_charge(tx_no, "card_charged", charge, bonus, total, points, vat)
        self.charges[tx_no] = charge
        return {
            "discount": thousandths(cut), "total_minor": total, "points_earned": points,
            "points": self.points(card), "balance_minor": self.holds(card),
        }  # fmt: skip

    def _post_charge(
        self, tx_no: str, kind: str, charge: Charge, bonus: int, total: int, points: int, vat: Vat
    ) -> None:
        """A charge, or with every amount negative its undoing."""
        shop, card = charge.shop, charge.card
        lines = [
            *self._money(card, bonus - total, -bonus),
            (of(shop, "redeemed"), total),
            (of(shop, "tender/card"), total),
            (("card", card.card_id, "points", "point"), points),
            (of(shop, "issued", "point"), -points),
        ]
        if vat:
            lines += [(of(shop, "sales"), -base) for _, base, _ in vat]
            lines += [(of(shop, "vat/" + rate), -quota) for rate, _, quota in vat]
        else:
            lines.append((of(shop, "sales"), -total))
        self.post(tx_no, kind, shop, total, lines)

    def left_to_refund(self, tx_no: str) -> int:
        """How much of a charge or a top-up can still go back."""
        if tx_no in self.charges:
            return self.posted[tx_no].amount - self.posted[tx_no].refunded
        lot = self.top_ups[tx_no].lot
        return lot.left["principal"] if lot is not None else 0

    def refund(
        self, tx_no: str, shop: Shop, original: str, amount: int, tender: str | None, at: datetime
    ) -> dict[str, Any]:
        """Part of a charge back to its card, or part of a top-up out of it."""
        known = self.posted.get(original)
        if known is None or known.merchant != shop.merchant:
            raise No("transaction_unknown")
        if known.kind not in ("card_charged", "topped_up") or known.reversed:
            raise No("refund_not_allowed", kind=known.kind)
        left = self.left_to_refund(original)
        if amount > left:
            raise No("refund_exceeds", left_minor=left, amount_minor=amount)
        if original in self.charges and tender is not None:
            raise No("tender_not_allowed", kind=tender)
        if original in self.charges:
            said = self._refund_charge(tx_no, shop, original, amount, at)
        else:
            self._usable(self.top_ups[original].card, at)
            said = self._refund_top_up(tx_no, shop, original, amount, tender)
        known.refunded += amount
        self.refunds[tx_no] = [amount, *(said[name] for name in _REFUND_PARTS), said.pop("points_short")]
        return {"amount_minor": amount, **said}

    def _refund_charge(self, tx_no: str, shop: Shop, original: str, amount: int, at: datetime) -> dict[str, Any]:
        charge, before = self.charges[original], self.posted[original].refunded
        due = charge.points * (before + amount) // charge.total - charge.points * before // charge.total
        taken = min(due, self.points(charge.card))
        bonus = self._give_back(tx_no, "charge_refunded", shop, charge, amount, taken, at)
        return {
            "kind": "charge", "bonus_minor": bonus, "principal_minor": amount - bonus, "cash_minor": 0,
            "uncollected_minor": 0, "points_taken_back": taken, "points_short": due - taken,
            "balance_minor": self.holds(charge.card),
        }  # fmt: skip

    def _give_back(
        self, tx_no: str, kind: str, shop: Shop, charge: Charge, amount: int, points: int, at: datetime
    ) -> int:
        """Undo so much of a charge; returns how much of it is bonus again."""
        given = shares(amount, [part.amount - part.back for part in charge.parts])
        for part, share in zip(charge.parts, given, strict=True):
            part.back += share
        bonus = self._refill(charge.card, [(part.lot, part.bucket) for part in charge.parts], given, at)
        groups = []
        gross = [base + quota for _, base, quota in charge.vat]
        wanted = shares(amount, [whole - back for whole, back in zip(gross, charge.vat_back, strict=True)])
        for number, (rate, _, quota) in enumerate(charge.vat):
            done, whole = charge.vat_back[number], gross[number]
            tax = half_up(quota * (done + wanted[number]), whole) - half_up(quota * done, whole) if quota else 0
            charge.vat_back[number] += wanted[number]
            groups.append((rate, tax - wanted[number], -tax))
        self._post_charge(tx_no, kind, replace(charge, shop=shop), -bonus, -amount, -points, tuple(groups))
        return bonus

    def _refill(self, card: Card, buckets: list[tuple[Lot, str]], given: list[int], at: datetime) -> int:
        """Money back to its lots; what comes back to one that is gone opens a new one, without bonus to claw back.

        Bonus that was collected from principal when that lot's top-up was refunded comes back as principal.
        """
        bonus, stray = 0, {"bonus": 0, "principal": 0}
        for (lot, bucket), share in zip(buckets, given, strict=True):
            if not lot.gone:
                lot.left[bucket] += share
                bonus += share if bucket == "bonus" else 0
                continue
            paid_for = min(lot.clawed, share) if bucket == "bonus" else 0
            lot.clawed -= paid_for
            stray["principal"] += paid_for
            stray[bucket] += share - paid_for
        if any(stray.values()):
            self._open_lot(card, "", at, "refund", (stray["principal"], 0), stray["bonus"])
        return bonus + stray["bonus"]

    def _refund_top_up(self, tx_no: str, shop: Shop, original: str, amount: int, tender: str | None) -> dict[str, Any]:
        """Bonus is clawed back in proportion; what is spent of it is collected from the principal that goes back."""
        top_up = self.top_ups[original]
        lot, card = top_up.lot, top_up.card
        assert lot is not None
        granted, bonus = lot.granted["principal"], lot.granted["bonus"]
        due = half_up(bonus * (lot.refunded + amount), granted) - half_up(bonus * lot.refunded, granted)
        from_bonus = min(due, lot.left["bonus"])
        from_principal = min(due - from_bonus, amount)
        cash, uncollected = amount - from_principal, due - from_bonus - from_principal
        lot.left["principal"] -= amount
        lot.left["bonus"] -= from_bonus
        lot.refunded += amount
        lot.clawed += from_principal
        lot.uncollected += uncollected
        lines = [
            *self._money(card, -amount, -from_bonus),
            (of(shop, "issued"), cash + from_bonus),
            (of(shop, "forfeited"), from_principal),
            (of(shop, "tender/" + (tender or top_up.method)), -cash),
            (of(shop, "stored_value"), cash),
        ]
        self.post(tx_no, "topup_refunded", shop, -amount, lines)
        return {
            "kind": "top_up", "bonus_minor": from_bonus, "principal_minor": from_principal, "cash_minor": cash,
            "uncollected_minor": uncollected, "points_taken_back": 0, "points_short": 0,
            "balance_minor": self.holds(card),
        }  # fmt: skip

    def take_back_charge(self, tx_no: str, original: str, at: datetime) -> None:
        """A till gave up on it: all that was not refunded goes back, points too."""
        charge, posted = self.charges[original], self.posted[original]
        left = posted.amount - posted.refunded
        before = charge.points * posted.refunded // charge.total if charge.total else 0
        points = min(charge.points - before, self.points(charge.card))
        self._give_back(tx_no, "reversal", charge.shop, charge, left, points, at)
        posted.refunded, posted.reversed = posted.amount, True

    # Passes ---------------------------------------------------------------------------------------------------------

    def uses(self, held: Pass) -> int:
        return self.accounts["pass", held.pass_id, "uses", use(held.plan)]

    def find_pass(self, pass_id: str) -> Pass | None:
        """By its own id, or by the one under which another till sold it."""
        return self.passes.get(self.aliases.get(pass_id, pass_id))

    def sell(self, tx_no: str, shop: Shop, order: str, pass_id: str, member: str, plan_id: str, stacked: bool,
             price: int, tender: str, at: datetime) -> None:  # fmt: skip
        """A purchase, first or stacked; on an expired pass what was left is forfeited and it starts again."""
        plan, held = self.plans[plan_id], self.find_pass(pass_id)
        until = at + timedelta(days=plan.days)
        if held is not None and (held.member != member or held.plan != plan or not stacked):
            raise No("content_differs")
        if held is not None and held.status == "revoked":
            raise No("pass_revoked")
        if held is None and stacked:
            raise No("pass_unknown")
        if held is None:
            for each in self.passes.values():
                if (each.member, each.plan) == (member, plan) and each.status != "revoked":
                    held = self.passes[self.aliases.setdefault(pass_id, each.pass_id)]
        lost, starts, fresh = 0, True, "suspended" if plan.waits else "active"
        if held is None:
            held = self.passes[pass_id] = Pass(pass_id, member, plan, fresh, 0, 0, until)
        elif held.status == "expired" or at >= held.expires_at:
            lost = self.uses(held)
            held.status, held.expires_at = fresh, until
            self.too_late |= {name for name, each in self.redemptions.items() if each[0] is held}
            self.too_late |= {name for name, each in self.reservations.items() if each.source is held}
        else:
            starts = False
            held.expires_at = max(held.expires_at, until)
        held.bought += plan.uses - lost
        held.amount += price
        lines = [
            (("store", shop.owner, "tender/" + tender, "CNY"), price),
            (("store", shop.owner, "pass_sales", "CNY"), -price),
            (("pass", held.pass_id, "uses", use(plan)), plan.uses - lost),
            (("plan", plan.plan_id, "issued", use(plan)), -plan.uses),
            (("plan", plan.plan_id, "forfeited", use(plan)), lost),
        ]
        self.post(tx_no, "pass_sold", shop, price, lines)
        review = "pending" if held.status == "suspended" else "not_needed"
        self.purchases[order] = Purchase(held, len(self.purchases), starts, plan.uses, price, review)

    def review(self, tx_no: str | None, shop: Shop, order: str, approve: bool, at: datetime) -> dict[str, Any]:
        """HQ decides; a rejected first purchase takes the pass with it, a stacked one what is left of its uses."""
        bought = self.purchases[order]
        held = bought.held
        if bought.review != "pending":
            raise No("review_decided", review=bought.review)
        anew = any(
            each.held is held and each.starts and each.number > bought.number for each in self.purchases.values()
        )
        current = bought.starts and not anew
        if approve:
            if held.status == "revoked":
                raise No("pass_revoked")
            if current and (held.status == "expired" or at >= held.expires_at):
                raise No("pass_expired")
            if current and held.status == "suspended":
                held.status = "active"
            bought.review = "approved"
            return {"review": "approved", "pass_status": held.status}
        removed = 0 if anew else min(bought.uses, self.uses(held))
        money = half_up(bought.amount * removed, bought.uses)
        held.status = "revoked" if current else held.status
        held.bought -= removed
        held.amount = max(0, held.amount - money)
        bought.review = "rejected"
        if removed:
            assert tx_no is not None
            lines = [
                (("pass", held.pass_id, "uses", use(held.plan)), -removed),
                (("plan", held.plan.plan_id, "revoked", use(held.plan)), removed),
            ]
            self.post(tx_no, "pass_reviewed", shop, 0, lines)
        return {"review": "rejected", "pass_status": held.status, "uses_removed": removed,
                "uses_short": bought.uses - removed, "refund_minor": money}  # fmt: skip

    def _fit(self, held: Pass, at: datetime) -> None:
        if at >= held.expires_at and held.status in ("active", "expired"):
            raise No("pass_expired")
        if held.status != "active":
            raise No("pass_revoked" if held.status == "revoked" else "pass_not_active", status=held.status)

    def redeem(self, tx_no: str, shop: Shop, pass_id: str, member: str, uses: int, extra: int, vat: Vat, day: str,
               at: datetime) -> dict[str, Any]:  # fmt: skip
        """A use per cup; `extra` is paid in cash."""
        held = self.find_pass(pass_id)
        if held is None:
            raise No("pass_unknown")
        if held.member != member:
            raise No("pass_other_member")
        self._fit(held, at)
        left, today = self.uses(held), self.used_on[held.pass_id, day]
        if uses > left:
            raise No("uses_exhausted", uses_left=left, uses=uses)
        if uses > held.plan.per_order:
            raise No("uses_per_order_exceeded", limit=held.plan.per_order)
        if today + uses > held.plan.per_day:
            raise No("uses_per_day_exceeded", limit=held.plan.per_day, used_today=today)
        self.used_on[held.pass_id, day] += uses
        lines = [
            (("pass", held.pass_id, "uses", use(held.plan)), -uses),
            (("plan", held.plan.plan_id, "redeemed", use(held.plan)), uses),
            (of(shop, "tender/cash"), extra),
            *[(of(shop, "sales"), -base) for _, base, _ in vat],
            *[(of(shop, "vat/" + rate), -quota) for rate, _, quota in vat],
        ]
        self.post(tx_no, "pass_redeemed", shop, extra, lines)
        self.redemptions[tx_no] = (held, uses, day, shop, lines)
        return {"uses_left": left - uses}

    def take_back_redemption(self, tx_no: str, original: str) -> None:
        """A till gave up on it: everything as before."""
        held, uses, day, shop, lines = self.redemptions[original]
        self.used_on[held.pass_id, day] -= uses
        back = [(account, -delta) for account, delta in lines if account[0] != "pass"]
        back.append(self._uses_back(held, original, -sum(delta for account, delta in lines if account[0] == "pass")))
        self.post(tx_no, "reversal", shop, -self.posted[original].amount, back)
        self.posted[original].reversed = True

    def _uses_back(self, held: Pass, name: str, uses: int) -> tuple[Account, int]:
        """What comes back of a redemption or a reservation: too late when the pass has begun anew since."""
        if name not in self.too_late:
            return ("pass", held.pass_id, "uses", use(held.plan)), uses
        held.bought -= uses
        return ("plan", held.plan.plan_id, "forfeited", use(held.plan)), uses

    def expire_passes(self, at: datetime) -> int:
        """Those past their date; what is left on them stays."""
        ended = [
            each for each in self.passes.values() if each.status in ("active", "suspended") and each.expires_at <= at
        ]
        for each in ended:
            each.status = "expired"
        return len(ended)

    def expire_cards(self, at: datetime) -> int:
        ended = [
            each
            for each in self.cards.values()
            if each.status == "active" and each.expires_at and each.expires_at <= at
        ]
        for each in ended:
            each.status = "expired"
        return len(ended)

    # Units of members -----------------------------------------------------------------------------------------------

    def unit_account(self, member: str, unit: str, shop: Shop) -> Account:
        """Points stand on the personal card, all else with the member; fragments are a merchant's own."""
        if unit == "point":
            (card,) = (card for card in self.cards.values() if card.member == member)
            return "card", card.card_id, "points", "point"
        if unit.startswith("fragment/"):
            unit = f"fragment/{shop.merchant}/{unit.removeprefix('fragment/')}"
        return "member", member, unit, unit

    def grant(self, tx_no: str, shop: Shop, member: str, unit: str, amount: int) -> dict[str, Any]:
        """Units from nowhere."""
        account = self.unit_account(member, unit, shop)
        if amount < 1:
            raise No("amount_invalid")
        self.post(tx_no, "granted", shop, 0, [(account, amount), (of(shop, "issued", account[3]), -amount)])
        self.grants[tx_no] = Grant(account, shop, amount)
        return {"balance": self.accounts[account]}

    def reverse_grant(self, tx_no: str, shop: Shop, original: str) -> dict[str, Any]:
        """Back as far as they are still there."""
        grant = self.grants.get(original)
        if grant is None or grant.shop != shop:
            raise No("transaction_unknown")
        if self.posted[original].reversed:
            raise No("refund_not_allowed")
        taken = min(grant.amount, self.accounts[grant.account])
        lines = [(grant.account, -taken), (of(shop, "issued", grant.account[3]), taken)]
        self.post(tx_no, "grant_reversed", shop, 0, lines)
        self.posted[original].reversed = True
        return {"taken_back": taken, "short": grant.amount - taken, "balance": self.accounts[grant.account]}

    def debit(self, tx_no: str, shop: Shop, member: str, tickets: int) -> dict[str, Any]:
        """Tickets spent at a merchant."""
        account = self.unit_account(member, "ticket", shop)
        if self.accounts[account] < tickets:
            raise No("tickets_insufficient", balance=self.accounts[account])
        books = ("merchant", shop.merchant or OPERATOR, "redeemed", "ticket")
        self.post(tx_no, "ticket_debited", shop, 0, [(account, -tickets), (books, tickets)])
        return {"balance": self.accounts[account]}

    def trade(self, tx_no: str, shop: Shop, member: str, gives: str, given: int, takes: str, taken: int,
              other: str | None) -> dict[str, Any]:  # fmt: skip
        """Silver for fragments or the other way round, with the house or another member."""
        mine, wanted = self.unit_account(member, gives, shop), self.unit_account(member, takes, shop)
        if self.accounts[mine] < given:
            raise No("units_insufficient", member_id=member, balance=self.accounts[mine])
        house_gives, house_takes = of(shop, "traded", wanted[3]), of(shop, "traded", mine[3])
        if other is not None:
            house_gives, house_takes = self.unit_account(other, takes, shop), self.unit_account(other, gives, shop)
            if self.accounts[house_gives] < taken:
                raise No("units_insufficient", member_id=other, balance=self.accounts[house_gives])
        lines = [(mine, -given), (wanted, taken), (house_takes, given), (house_gives, -taken)]
        self.post(tx_no, "traded", shop, 0, lines)
        return {"gave_balance": self.accounts[mine], "took_balance": self.accounts[wanted]}

    # Set aside ------------------------------------------------------------------------------------------------------

    def reserve_uses(
        self, tx_no: str, shop: Shop, name: str, pass_id: str, amount: int, until: datetime, at: datetime
    ) -> dict[str, Any]:
        """Uses of a pass for one till."""
        held = self.find_pass(pass_id)
        if held is None:
            raise No("pass_unknown")
        self._fit(held, at)
        if amount > self.uses(held):
            raise No("uses_exhausted", uses_left=self.uses(held), uses=amount)
        lines = [
            (("pass", held.pass_id, "uses", use(held.plan)), -amount),
            (("reservation", name, "reserved", use(held.plan)), amount),
        ]
        self.post(tx_no, "reserved", shop, 0, lines)
        self.reservations[name] = Reservation(held, amount, min(until, held.expires_at), [])
        return {"amount": amount, "uses_left": self.uses(held)}

    def reserve_money(
        self, tx_no: str, shop: Shop, name: str, card_id: str, amount: int, until: datetime, at: datetime
    ) -> dict[str, Any]:
        """Money of a card for one till, taken as a charge would take it."""
        card = self.cards[card_id]
        self._usable(card, at)
        if card.currency is None:
            raise No("card_currency_unset")
        if amount > self.holds(card):
            raise No("balance_insufficient", balance_minor=self.holds(card), total_minor=amount)
        parts = self._spend(card, amount)
        bonus = sum(part.amount for part in parts if part.bucket == "bonus")
        lines = [*self._money(card, bonus - amount, -bonus), (("reservation", name, "reserved", "CNY"), amount)]
        self.post(tx_no, "reserved", shop, 0, lines)
        self.reservations[name] = Reservation(card, amount, min(until, card.expires_at or until), parts)
        return {"amount": amount, "balance_minor": self.holds(card)}

    def _open_reservation(self, name: str) -> Reservation:
        found = self.reservations.get(name)
        if found is None:
            raise No("reservation_unknown")
        if not found.open:
            raise No("reservation_closed", used=found.used, returned=found.returned)
        return found

    def settle(self, tx_no: str, shop: Shop, name: str, amount: int, at: datetime) -> dict[str, Any]:
        """Spend a part; the last part closes it."""
        found = self._open_reservation(name)
        left = found.amount - found.used
        if at >= found.expires_at:
            raise No("reservation_closed")
        if amount > left:
            raise No("reservation_exceeds", left=left)
        unit = "CNY" if isinstance(found.source, Card) else use(found.source.plan)
        books = of(shop, "redeemed")
        if isinstance(found.source, Pass):
            books = ("plan", found.source.plan.plan_id, "redeemed", unit)
        self.post(tx_no, "settled", shop, 0, [(("reservation", name, "reserved", unit), -amount), (books, amount)])
        found.used += amount
        found.open = found.used < found.amount
        return {"left": left - amount}

    def close(self, tx_no: str, shop: Shop, name: str, at: datetime) -> dict[str, Any]:
        """What is left goes back to where it came from: what was to be spent last was not spent."""
        found = self._open_reservation(name)
        rest, source = found.amount - found.used, found.source
        if isinstance(source, Pass):
            lines = [
                (("reservation", name, "reserved", use(source.plan)), -rest),
                self._uses_back(source, name, rest),
            ]
        else:
            given, used = [], found.used
            for part in found.parts:
                spent = min(part.amount, used)
                used -= spent
                given.append(part.amount - spent)
            bonus = self._refill(source, [(part.lot, part.bucket) for part in found.parts], given, at)
            lines = [*self._money(source, rest - bonus, bonus), (("reservation", name, "reserved", "CNY"), -rest)]
        self.post(tx_no, "released", shop, 0, lines)
        found.returned, found.open = rest, False
        return {"returned": rest}

    # Corrections ----------------------------------------------------------------------------------------------------

    def propose(self, name: str, shop: Shop, person: str, account: Account, delta: int) -> dict[str, Any]:
        """One person's finding; nothing moves."""
        self._possible(account, delta)
        self.adjustments[name] = Adjustment(account, shop, delta, person)
        return {}

    def _possible(self, account: Account, delta: int) -> None:
        if account[0] == "pass" and self.passes[account[1]].status == "revoked" and delta > 0:
            raise No("pass_revoked")
        if self.accounts[account] + delta < 0:
            money = account[2] in ("principal", "bonus")
            raise No("balance_insufficient" if money else "units_insufficient", balance=self.accounts[account])

    def decide(self, tx_no: str | None, name: str, person: str, approve: bool, at: datetime) -> dict[str, Any]:
        """Another person agrees, or not."""
        wanted = self.adjustments[name]
        if wanted.status != "proposed":
            raise No("adjustment_decided", status=wanted.status)
        if wanted.proposer == person:
            raise No("same_person")
        if not approve:
            wanted.status = "rejected"
            return {"status": "rejected"}
        account, delta = wanted.account, wanted.delta
        self._possible(account, delta)
        wanted.status = "approved"
        kind, owner, bucket, unit = account
        money = bucket in ("principal", "bonus")
        if money:
            self._adjust_lots(self.cards[owner], bucket, delta, at)
        if kind == "pass":
            self.passes[owner].bought += delta
        assert tx_no is not None
        lines = [(account, delta), (of(wanted.shop, "adjusted", unit), -delta)]
        self.post(tx_no, "adjusted", wanted.shop, delta if money else 0, lines)
        return {"status": "approved"}

    def _adjust_lots(self, card: Card, bucket: str, delta: int, at: datetime) -> None:
        """More is a lot of its own, less comes off the oldest."""
        if delta > 0:
            card.currency = "CNY"
            granted = (delta, 0) if bucket == "principal" else (0, delta)
            self._open_lot(card, "", at, "adjustment", granted, granted[1])
            return
        for lot in card.lots:
            part = min(-delta, lot.left[bucket])
            lot.left[bucket] -= part
            delta += part
