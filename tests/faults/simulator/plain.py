"""The second opinion on the ledger, with what only tills do: goods sold, and uses taken on every rung of the ladder.

Rule: as in tests.sync_server.ledger.plain_ledger, whose books these are. What was moved since somebody looked is
remembered, so that a step is compared and not the whole.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from models.facts import OrderPaid, OrderRefunded, PassSold
from models.tenders import Tender
from tests.flows.shop import POLICY
from tests.sync_server.ledger.plain_ledger import PlainLedger
from tests.sync_server.ledger.plain_values import Account, Card, Charge, No, Pass, Shop, TopUp, Vat, of, use

_UNLIMITED = 1 << 30
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Unproven:
    """An unproven use: its place in the chain, what it rests on, when the server recorded it and who took it when.
    `heard`: an earlier epoch is proved to have had it, so that it is exposure no more."""

    seq: int
    snapshot_at: datetime
    recorded_at: datetime
    heard: bool
    member: str = ""
    day: str = ""
    uses: int = 0
    at: datetime = _NEVER


@dataclass
class Loss:
    """What was handed over and nobody's account pays for."""

    account: Account
    shop: Shop
    amount: int
    value: int
    collected: int = 0
    written_off: int = 0

    @property
    def left(self) -> int:
        """What is neither paid nor given up."""
        return self.amount - self.collected - self.written_off

    @property
    def is_money(self) -> bool:
        """Owed in money, not in uses: what is paid is what is settled."""
        return not self.account[3].startswith("use/")

    def worth(self, units: int) -> int:
        """What so many of its units are worth, half up."""
        return (2 * self.value * units + self.amount) // (2 * self.amount)


@dataclass
class Sale:
    """Goods sold for money: by which tenders how much of it has not come back, and which cups have."""

    tx_no: str
    shop: Shop
    left: Counter[str]
    back: set[int] = field(default_factory=set)


class TillsLedger(PlainLedger):
    """Balances as they must be, and which of them and which transactions have moved."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.touched: set[Account] = set()
        self.fresh: list[str] = []
        self.lost: Counter[str] = Counter()
        self.sold_at: Counter[tuple[str, str]] = Counter()
        self.taken_at: Counter[tuple[str, str]] = Counter()
        self.acts: set[str] = set()
        self.handed_out: dict[str, tuple[str, Shop, str]] = {}
        self.last_use: Counter[str] = Counter()
        self.use_numbers: dict[str, list[int | None]] = {}
        self.losses: dict[str, Loss] = {}
        self.sales: dict[str, Sale] = {}
        self.unproven: dict[str, list[Unproven]] = {}

    def post(self, tx_no: str, kind: str, shop: Shop, amount: int, lines: list[tuple[Account, int]]) -> None:
        """As the ledger's, remembered. What was lost is owed to the house: of all that members hold it alone is less
        than nothing."""
        lost = [line for line in lines if line[0][2] == "offline_loss"]
        house = [(("operator", account[1], account[2], account[3]), delta) for account, delta in lost]
        super().post(tx_no, kind, shop, amount, [line for line in lines if line not in lost] + house)
        for (account, delta), (aside, _) in zip(lost, house, strict=True):
            self.accounts[account] += delta
            del self.accounts[aside]
        self.touched |= {account for account, delta in lines if delta}
        self.fresh.append(tx_no)

    # Goods -------------------------------------------------------------------------------------------------------

    def order(self, tx_no: str, shop: Shop, sold: OrderPaid, vat: Vat) -> None:
        """Goods for money."""
        self.post(tx_no, "order_paid", shop, sold.total_minor, _taken(shop, sold.tenders, vat))
        paid = Counter({tender.kind: tender.amount_minor for tender in sold.tenders})
        self.sales[sold.order_id] = Sale(tx_no, shop, paid)

    def refund_order(self, tx_no: str, given: OrderRefunded, vat: Vat) -> None:
        """Whole cups come back, each once, by tenders that paid as much."""
        sale = self.sales.get(given.order_id)
        if sale is None:
            raise No("transaction_unknown")
        if given.refund_id in self.acts:
            raise No("content_differs")
        if sale.back & set(given.lines) or any(one.amount_minor > sale.left[one.kind] for one in given.tenders):
            raise No("refund_exceeds")
        sale.back |= set(given.lines)
        for tender in given.tenders:
            sale.left[tender.kind] -= tender.amount_minor
        self.acts.add(given.refund_id)
        lines = [(account, -delta) for account, delta in _taken(sale.shop, given.tenders, vat)]
        self.post(tx_no, "order_refunded", sale.shop, -given.total_minor, lines)
        self.posted[sale.tx_no].refunded += given.total_minor

    # Passes ------------------------------------------------------------------------------------------------------

    def sell_pass(self, tx_no: str, shop: Shop, order: str, sold: PassSold, terminal: str, at: datetime) -> None:
        """A purchase at a till; with VAT at once when the plan is for one purpose."""
        (tender,) = sold.tenders
        self.sell(tx_no, shop, order, sold.pass_id, sold.member_id, sold.plan_id, sold.stacked, sold.total_minor,
                  tender.kind, at)  # fmt: skip
        held = self.find_pass(sold.pass_id)
        assert held is not None
        self.sold_at[terminal, held.pass_id] += sold.uses
        for group in sold.vat:
            self.accounts[of(shop, "pass_sales")] += group.quota_minor
            self.accounts[of(shop, "vat/" + group.rate)] -= group.quota_minor

    def take_uses(self, tx_no: str, shop: Shop, terminal: str, pass_id: str, member: str, uses: int, extra: int,
                  tenders: Sequence[Tender], vat: Vat, day: str, rung: str, at: datetime, code: Card | None,
                  now: datetime, forked: bool = False, unproven: Unproven | None = None) -> int:  # fmt: skip
        """Uses of a pass, on a rung of the ladder; what nobody had sold is lost. Returns what is left."""
        held = self.find_pass(pass_id)
        if held is None:
            raise No("pass_unknown")
        if held.member != member:
            raise No("pass_other_member")
        self._fit(held, at)
        left, today = self.uses(held), self.used_on[held.pass_id, day]
        own = self.taken_at[terminal, held.pass_id] + uses <= self.sold_at[terminal, held.pass_id]
        if rung == "own_sale" and not own:
            raise No("offline_not_allowed")
        if rung == "at_risk" and forked:
            raise No("terminal_forked")
        if unproven is not None:
            unproven.member, unproven.day, unproven.uses, unproven.at = member, day, uses, at
            self._within_policy(terminal, unproven)
        if uses > left and rung != "at_risk":
            raise No("uses_exhausted", uses_left=left, uses=uses)
        if uses > held.plan.per_order:
            raise No("uses_per_order_exceeded", limit=held.plan.per_order)
        if today + uses > held.plan.per_day:
            raise No("uses_per_day_exceeded", limit=held.plan.per_day, used_today=today)
        if code is not None:
            _consume(code, now)
        lost = max(0, uses - left)
        self.taken_at[terminal, held.pass_id] += uses if rung == "own_sale" else 0
        if unproven is not None:
            self.unproven.setdefault(terminal, []).append(unproven)
        self.lost[terminal] += lost
        self._take(tx_no, shop, held, uses, lost, extra, tenders, vat, day)
        return left - uses + lost

    def _take(self, tx_no: str, shop: Shop, held: Pass, uses: int, lost: int, extra: int, tenders: Sequence[Tender],
              vat: Vat, day: str) -> None:  # fmt: skip
        unit, owed = use(held.plan), ("member", held.member, "offline_loss", use(held.plan))
        self.used_on[held.pass_id, day] += uses
        lines = [
            (("pass", held.pass_id, "uses", unit), lost - uses),
            (("plan", held.plan.plan_id, "redeemed", unit), uses),
            (owed, -lost),
            *_taken(shop, tenders, vat),
        ]
        if lost:
            price = (2 * held.amount * lost + held.bought) // (2 * held.bought)
            self.losses[tx_no] = Loss(owed, shop, lost, price)
        self.post(tx_no, "pass_redeemed", shop, extra, lines)
        self.redemptions[tx_no] = (held, uses, day, shop, lines)
        self._number(tx_no, held, uses - lost, lost)

    def _number(self, tx_no: str, held: Pass, uses: int, lost: int) -> None:
        """A pass counts every use that it gives, also those that come back; a use that was not there has no number."""
        last = self.last_use[held.pass_id]
        self.last_use[held.pass_id] += uses
        self.use_numbers[tx_no] = [*range(last + 1, last + uses + 1), *[None] * lost]

    def _within_policy(self, terminal: str, one: Unproven) -> None:
        """The caps of the shop's policy: an operation, a member's day at this till, and what it had not handed in."""
        policy, taken = POLICY, self.unproven.get(terminal, [])
        if one.uses > policy.max_uses_per_operation:
            raise No("offline_operation_cap")
        if one.at - one.snapshot_at > timedelta(seconds=policy.max_snapshot_age_seconds):
            raise No("offline_snapshot_too_old")
        that_day = sum(each.uses for each in taken if (each.member, each.day) == (one.member, one.day))
        if one.uses + that_day > policy.max_uses_per_member_day:
            raise No("offline_member_cap")
        open_then = sum(each.uses for each in taken if not each.heard and each.at <= one.at < each.recorded_at)
        if not one.heard and one.uses + open_then > policy.max_uses_terminal:
            raise No("offline_terminal_cap")

    def hear(self, terminal: str, through_seq: int) -> None:
        """What this terminal took up to that place of its chain was handed in to an earlier epoch."""
        for one in self.unproven.get(terminal, []):
            one.heard |= one.seq <= through_seq

    def take_decided(self, tx_no: str, shop: Shop, held: Pass, redemption: str, uses: int, extra: int,
                     tenders: Sequence[Tender], vat: Vat, day: str, *, as_loss: bool, anew: bool) -> None:  # fmt: skip
        """Uses that a person at HQ lets stand, whatever the limits: what is not there, or all, is lost. `anew`: what
        had been granted under this id was taken back."""
        if redemption in self.acts and not anew:
            raise No("content_differs")
        self.acts.add(redemption)
        lost = uses if as_loss else max(0, uses - self.uses(held))
        self._take(tx_no, shop, held, uses, lost, extra, tenders, vat, day)

    def lose_goods(self, tx_no: str, shop: Shop, terminal: str, extra: int, tenders: Sequence[Tender], vat: Vat,
                   worth: int) -> None:  # fmt: skip
        """Goods on a pass that is not there: what they cost on the list is lost, by the till that handed them out."""
        owed = ("terminal", terminal, "offline_loss", "CNY")
        self.losses[tx_no] = Loss(owed, shop, worth, worth)
        self.post(tx_no, "goods_lost", shop, extra,
                  [*_taken(shop, tenders, vat), (owed, -worth), (of(shop, "redeemed"), worth)])  # fmt: skip

    def top_up_decided(self, tx_no: str, shop: Shop, card_id: str, top_up_id: str, amount: int, bonus: int,
                       tender: str, at: datetime) -> None:  # fmt: skip
        """Money on a card with the bonus that was promised, whoever had promised it."""
        card = self.cards[card_id]
        self._usable(card, at)
        self.top_ups[tx_no] = TopUp(card, amount, bonus, tender, "paid")
        self._credit(tx_no, shop, self.top_ups[tx_no], top_up_id, at)

    # Refunds -----------------------------------------------------------------------------------------------------

    def refund(
        self, tx_no: str, shop: Shop, original: str, amount: int, tender: str | None, at: datetime
    ) -> dict[str, Any]:
        """As the ledger's; who has handed out what is remembered."""
        said = super().refund(tx_no, shop, original, amount, tender, at)
        if original in self.top_ups:
            self.handed_out[tx_no] = (original, shop, tender or self.top_ups[original].method)
        return said

    def refund_decided(self, tx_no: str, shop: Shop, act: str, original: str, amount: int, tender: str | None,
                       at: datetime, *, anew: bool) -> None:  # fmt: skip
        """A refund that a person lets stand; one id has one effect."""
        if act in self.acts and not anew:
            copy.deepcopy(self).refund(tx_no, shop, original, amount, tender, at)
            raise No("content_differs")
        self.refund(tx_no, shop, original, amount, tender, at)
        self.acts.add(act)

    def take_back_refund(self, tx_no: str, refunded: str) -> None:
        """The cash stayed in the drawer: all of it goes back to card and lot, unless something has counted on it."""
        if refunded not in self.handed_out:
            raise No("refund_not_allowed")
        original, shop, tender = self.handed_out[refunded]
        amount, bonus, principal, cash, uncollected, *_ = self.refunds[refunded]
        top_up = self.top_ups[original]
        lot, numbers = top_up.lot, list(self.handed_out)
        assert lot is not None
        after = numbers[numbers.index(refunded) + 1 :]
        followed = any(self.handed_out[one][0] == original and not self.posted[one].reversed for one in after)
        if lot.clawed < principal or followed:
            raise No("refund_followed")
        lot.left["principal"] += amount
        lot.left["bonus"] += bonus
        lot.refunded -= amount
        lot.clawed -= principal
        lot.uncollected -= uncollected
        lines = [
            *self._money(top_up.card, amount, bonus),
            (of(shop, "issued"), -cash - bonus),
            (of(shop, "forfeited"), -principal),
            (of(shop, "tender/" + tender), cash),
            (of(shop, "stored_value"), -cash),
        ]
        self.post(tx_no, "refund_reversed", shop, amount, lines)
        self.posted[original].refunded -= amount
        self.posted[refunded].reversed = True

    # Losses ------------------------------------------------------------------------------------------------------

    def collect(self, tx_no: str, loss: Loss, units: int, tender: str, paid: int) -> None:
        """Somebody pays for so much of a loss."""
        if not loss.left:
            raise No("loss_settled")
        if not 0 < units <= loss.left:
            raise No("amount_invalid")
        if loss.is_money and paid != units:
            raise No("amount_invalid")
        if paid > loss.worth(units):
            raise No("paid_too_much")
        loss.collected += units
        lines = [(of(loss.shop, "tender/" + tender), paid), (of(loss.shop, "loss_collected"), -paid)]
        self._settle(tx_no, loss, "loss_collected", "collected", units, paid, lines)

    def write_off(self, tx_no: str, loss: Loss) -> None:
        """What is left of a loss is given up."""
        if not loss.left:
            raise No("loss_settled")
        units = loss.left
        loss.written_off += units
        self._settle(tx_no, loss, "loss_written_off", "written_off", units, 0, [])

    def _settle(self, tx_no: str, loss: Loss, kind: str, bucket: str, units: int, paid: int,
                money: list[tuple[Account, int]]) -> None:  # fmt: skip
        unit = loss.account[3]
        self.post(tx_no, kind, loss.shop, paid, [(loss.account, units), (of(loss.shop, bucket, unit), -units), *money])

    # What a restore lost -----------------------------------------------------------------------------------------

    def take_lost(self, tx_no: str, shop: Shop, pass_id: str, member: str, uses: int, extra: int,
                  tenders: Sequence[Tender], vat: Vat, day: str) -> int:  # fmt: skip
        """Uses that had been granted: only what they move must be there. Returns what is left."""
        held = self.find_pass(pass_id)
        if held is None:
            raise No("pass_unknown")
        if held.member != member:
            raise No("pass_other_member")
        if held.status == "revoked":
            raise No("pass_revoked", status=held.status)
        left, unit = self.uses(held), use(held.plan)
        if uses > left:
            raise No("uses_exhausted", uses_left=left, uses=uses)
        self.used_on[held.pass_id, day] += uses
        lines = [
            (("pass", held.pass_id, "uses", unit), -uses),
            (("plan", held.plan.plan_id, "redeemed", unit), uses),
            *_taken(shop, tenders, vat),
        ]
        self.post(tx_no, "pass_redeemed", shop, extra, lines)
        self.redemptions[tx_no] = (held, uses, day, shop, lines)
        self._number(tx_no, held, uses, 0)
        return left - uses

    def charge_decided(self, tx_no: str, shop: Shop, act: str, card_id: str, raw: int, total: int, discount: str,
                       vat: Vat, at: datetime, *, anew: bool = False) -> dict[str, Any]:  # fmt: skip
        """A charge that had been granted, or that a person lets stand, at the price that it had."""
        card = self.cards.get(card_id)
        if card is None:
            raise No("card_unknown")
        self._usable(card, at)
        if act in self.acts and not anew:
            raise No("content_differs")
        if total == 0:
            raise No("amount_invalid", amount=0)
        if total > self.holds(card):
            raise No("balance_insufficient", balance_minor=self.holds(card), total_minor=total)
        points = raw // 100 if card.member is not None else 0
        charge = Charge(card, shop, total, points, self._spend(card, total), vat, [0] * len(vat))
        bonus = sum(part.amount for part in charge.parts if part.bucket == "bonus")
        self.acts.add(act)
        self._post_charge(tx_no, "card_charged", charge, bonus, total, points, vat)
        self.charges[tx_no] = charge
        return {
            "discount": discount, "total_minor": total, "points_earned": points,
            "points": self.points(card), "balance_minor": self.holds(card),
        }  # fmt: skip

    def _fit(self, held: Pass, at: datetime) -> None:
        """The date decides; a status that follows it later takes nothing back that happened before."""
        if at >= held.expires_at and held.status in ("active", "expired"):
            raise No("pass_expired")
        if held.status not in ("active", "expired"):
            raise No("pass_revoked" if held.status == "revoked" else "pass_not_active", status=held.status)


def _taken(shop: Shop, tenders: Sequence[Tender], vat: Vat) -> list[tuple[Account, int]]:
    lines = [(of(shop, "tender/" + tender.kind), tender.amount_minor) for tender in tenders]
    lines += [(of(shop, "sales"), -base) for _, base, _ in vat]
    return lines + [(of(shop, "vat/" + rate), -quota) for rate, _, quota in vat]


def _consume(card: Card, now: datetime) -> None:
    if card.code_used:
        raise No("code_used")
    assert card.code_at is not None
    if (now - card.code_at).total_seconds() >= 15 * 60:
        raise No("code_expired")
    card.code_used = True


def unlimited(number: int | None) -> int:
    """A limit of a plan; none is more than anybody reaches."""
    return _UNLIMITED if number is None else number
