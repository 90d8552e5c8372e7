"""The oracle: what the server must have answered, stored and moved, worked out from what was delivered to it.

Rule: nothing of the server's code is used. From its database come only numbers it gave and which of the things
delivered it has kept, since a crash may leave any whole prefix of them; what each must have done is decided here.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from models import facts
from models.catalogue import PassPlan, Product
from models.facts import Fact, decode_fact
from models.refusals import Refusal
from models.times import business_day
from models.tokens import decode_short
from models.wire import ActionRequest, ChargeAsked, Companion, HeardHead, RedeemAsked, RefundAsked
from tests.faults.simulator.plain import TillsLedger, Unproven
from tests.sync_server.ledger.plain_values import Card, No, Shop, Vat

_NEVER = datetime.min.replace(tzinfo=UTC)
_LATEST_SECONDS = 300
_TIMEZONE = "Asia/Shanghai"


class Wrong(AssertionError):
    """A promise is broken. `invariant` is its number in sync.md, 0 for other promises; `by`: who noticed, the "oracle",
    or the program itself, by a till's "verify" or the server's "check" of the invariants."""

    def __init__(self, invariant: int, what: str, by: str = "oracle") -> None:
        super().__init__(f"invariant {invariant}: {what}")
        self.invariant, self.by = invariant, by


def require(holds: bool, invariant: int, what: str, by: str = "oracle") -> None:
    """Wrong unless it holds."""
    if not holds:
        raise Wrong(invariant, what, by)


@dataclass(frozen=True)
class Stored:
    """What the server has kept of a fact."""

    seq: int
    in_chain: bool
    reason: str | None
    tx_no: str | None


@dataclass(frozen=True)
class HeldFact:
    """A fact that waits for a person: whose it is, its text, and when the server heard of it."""

    terminal_id: str
    text: str
    heard_at: datetime
    person: bool = False
    """A new member's, with what came beside it."""


@dataclass
class Members:
    """Whose phone is whose, and which ids stand for whom. `typed`: what tills wrote of whom they made, by id."""

    typed: dict[str, str] = field(default_factory=dict)
    by_phone: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def own(self, member_id: str) -> str:
        """The member that an id stands for."""
        return self.aliases.get(member_id, member_id)

    def known(self, member_id: str) -> bool:
        """Is this a member's own id?"""
        return member_id in self.by_phone.values()

    def create(self, member_id: str, same_as: str | None = None) -> bool:
        """Make one, or an alias of whoever has this phone or is named; True when there is a new member."""
        if self.known(member_id) or member_id in self.aliases:
            raise No("content_differs")
        if same_as is not None and not self.known(self.own(same_as)):
            raise No("member_unknown")
        phone = self.typed[member_id]
        there = self.by_phone.get(phone) if same_as is None else self.own(same_as)
        if there is not None:
            self.aliases[member_id] = there
            return False
        self.by_phone[phone] = member_id
        return True


@dataclass
class Request:
    """What the server must say to a request from now on. `fact`: one has confirmed it."""

    outcome: str
    code: str | None
    tx_no: str | None = None
    content: tuple[object, ...] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    uses_left: int | None = None
    fact: bool = False


@dataclass
class Terminal:
    """What the server must know of one till."""

    shop: Shop
    chain: list[str] = field(default_factory=list)
    stored: dict[str, Stored] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    posted: set[str] = field(default_factory=set)
    slips: set[str] = field(default_factory=set)
    requests: dict[str, Request] = field(default_factory=dict)
    judged_at: datetime = _NEVER
    forked: bool = False
    revoked: bool = False
    paired_at: datetime | None = _NEVER
    """None: the server does not know it (any more)."""

    @property
    def tip(self) -> str:
        """Hash of the last fact of its chain."""
        return self.chain[-1] if self.chain else facts.GENESIS


@dataclass
class Restored:
    """A restore: what was done between these two may have been lost."""

    lost_from: datetime
    started_at: datetime


@dataclass
class Expected:
    """Everything that the server must hold. Copied whole when the database is."""

    ledger: TillsLedger
    terminals: dict[str, Terminal]
    vat_of_charge: Callable[[ChargeAsked], Vat]
    members: Members = field(default_factory=Members)
    poisoned: dict[str, str] = field(default_factory=dict)
    cards_by_ref: dict[str, Card] = field(default_factory=dict)
    cards_given: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Id and reference of the cards that the server has made for new members."""
    held: dict[str, HeldFact] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)
    catalogue: dict[str, Product | PassPlan] = field(default_factory=dict)
    paired: set[tuple[str, str]] = field(default_factory=set)
    restored: list[Restored] = field(default_factory=list)
    lost_numbers: set[str] = field(default_factory=set)
    heard_at: datetime = _NEVER
    proved: int = 0
    """Up to where the push at hand proves that an earlier epoch had the chain."""
    beside: Mapping[str, str] = field(default_factory=dict)
    """Of what came beside the facts of the push at hand: its hash, by fact."""

    def know_unpaired(self, stores: Mapping[str, Shop]) -> None:
        """Terminals that have no key at the server, as after a restore that lost their pairing."""
        for terminal, shop in stores.items():
            self.terminals.setdefault(terminal, Terminal(shop, paired_at=None))

    # Facts -------------------------------------------------------------------------------------------------------

    def take_push(self, terminal_id: str, texts: Sequence[str], kept: Mapping[str, Stored], now: datetime,
                  heard: HeardHead | None = None, beside: Sequence[Companion] = ()) -> bool:  # fmt: skip
        """Follow a push of which the server has kept these facts; True when it has kept all that it could place.
        `heard`: the proof of what an earlier epoch had; `beside`: what travelled beside the facts."""
        self.beside = {one.fact_id: hashlib.sha256(base64.b64decode(one.sealed)).hexdigest() for one in beside}
        terminal, complete, self.heard_at = self.terminals[terminal_id], True, now
        there = None if heard is None else _chain_with(terminal, texts, heard.seq)
        self.proved = heard.seq if heard is not None and there in (None, heard.hash) else 0
        another = heard is not None and there not in (None, heard.hash)
        aside = {hashed for hashed, stored in terminal.stored.items() if not stored.in_chain}
        for text in texts:
            hashed = hashlib.sha256(text.encode()).hexdigest()
            known, found = terminal.stored.get(hashed), kept.get(hashed)
            if known is not None:
                require(found == known, 6, f"fact {hashed[:12]} was {known}, and is {found}")
                continue
            seq, prev = _place(text)
            follows = not another and seq == len(terminal.chain) + 1 and prev == terminal.tip
            if not follows and seq > len(terminal.chain) + 1 and prev not in aside:
                require(found is None, 9, f"fact {seq} was stored behind a gap")
                return complete
            if found is None:
                complete = False
                continue
            require(complete, 9, f"fact {seq} was stored, and not the ones before it")
            require(found.in_chain == follows, 9, f"fact {seq} is in the chain: {found.in_chain}")
            aside |= set() if follows else {hashed}
            self.ledger.hear(terminal_id, self.proved)
            reason = self._take(terminal, terminal_id, text, hashed, follows, found.tx_no, now)
            require(found.reason == reason, 6, f"fact {seq} {text[:200]}: held for {found.reason}, expected {reason}")
            terminal.stored[hashed] = found
            if reason is not None:
                self.held[hashed] = HeldFact(terminal_id, text, now, self._person_came(text))
        return complete

    def _take(self, terminal: Terminal, terminal_id: str, text: str, hashed: str, follows: bool, tx_no: str | None,
              now: datetime) -> str | None:  # fmt: skip
        """Do what a fact does; why it must be held, None when it is posted."""
        try:
            fact = decode_fact(text)
        except Refusal:
            if not follows:
                return "fork"
            terminal.chain.append(hashed)
            return "terminal_revoked" if terminal.revoked else "fact_unreadable"
        reason = "terminal_revoked" if terminal.revoked else self.poisoned.get(hashed)
        judged_at = min(max(fact.happened_at, terminal.judged_at), max(now, terminal.judged_at))
        slips = set(getattr(fact.body, "slips", ()))
        if not follows:
            terminal.forked = True
            return "fork"
        terminal.chain.append(hashed)
        terminal.judged_at = judged_at
        if reason is None and fact.fact_id in terminal.ids:
            reason = "content_differs"
        if reason is None and slips & terminal.slips:
            reason = "slip_used"
        if reason is None:
            try:
                self._apply(terminal, terminal_id, fact, tx_no or "", judged_at)
            except No as no:
                reason = no.code
        evidence = getattr(fact.body, "evidence", None)
        if reason is not None and evidence is not None and evidence.request_id is not None:
            terminal.requests.setdefault(evidence.request_id, Request("refused", "request_abandoned"))
        terminal.ids.add(fact.fact_id)
        terminal.posted |= {fact.fact_id} if reason is None else set()
        terminal.slips |= slips
        return reason

    def _person_came(self, text: str) -> bool:
        try:
            fact = decode_fact(text)
        except Refusal:
            return False
        return isinstance(fact.body, facts.MemberCreated) and self.beside.get(fact.fact_id) == fact.body.data_hash

    def create_member(self, member_id: str, same_as: str | None = None) -> None:
        """A new member with a card, or an alias."""
        if self.members.create(member_id, same_as):
            card_id, card_ref = self.cards_given[member_id]
            self.ledger.cards[card_id] = self.cards_by_ref[card_ref] = Card(card_id, member_id)

    def named(self, body: Any) -> Any:
        """The same with the member whom it means."""
        member = getattr(body, "member_id", None)
        if member is None or isinstance(body, facts.MemberCreated):
            return body
        return replace(body, member_id=self.members.own(member))

    def _apply(self, terminal: Terminal, terminal_id: str, fact: Fact, tx_no: str, at: datetime) -> None:
        body, ledger, shop = self.named(fact.body), self.ledger, terminal.shop
        match body:
            case facts.MemberCreated():
                if self.beside.get(fact.fact_id) != body.data_hash:
                    raise No("member_data_missing")
                self.create_member(body.member_id)
            case facts.OrderPaid():
                ledger.order(tx_no, shop, body, vat_of(body.vat))
            case facts.OrderRefunded():
                ledger.refund_order(tx_no, body, vat_of(body.vat))
            case facts.PassSold():
                self.require_member(body.member_id)
                ledger.sell_pass(tx_no, shop, fact.fact_id, body, terminal_id, at)
            case facts.ToppedUp():
                (tender,) = body.tenders
                ledger.top_up(tx_no, shop, self.card_of(body.member_id).card_id, body.top_up_id, body.amount_minor,
                              body.bonus_minor, body.bonus_rule_id, tender.kind, at)  # fmt: skip
            case facts.PassRedeemed():
                self._redeemed(terminal, terminal_id, body, tx_no, at)
            case facts.CardCharged() | facts.Refunded():
                self._granted(terminal, body, tx_no, at)
            case facts.RequestAbandoned():
                self.abandoned(terminal, body.request_id, tx_no, at)
            case facts.SlipReprinted():
                if body.slip not in terminal.slips:
                    raise No("slip_unknown")

    def _redeemed(self, terminal: Terminal, terminal_id: str, body: facts.PassRedeemed, tx_no: str, at: datetime
                  ) -> None:  # fmt: skip
        request_id = body.evidence.request_id or ""
        content = self.content_of(body)
        known = terminal.requests.get(request_id)
        if known is not None and known.outcome == "accepted":
            self._confirm(known, content, tx_no)
            return
        if known is None and body.evidence.rung == "online" and self._lost_at(terminal, at):
            left = self.ledger.take_lost(
                tx_no, terminal.shop, body.pass_id, body.member_id, body.uses, body.extra_total_minor, body.tenders,
                vat_of(body.vat), business_day_of(at),
            )  # fmt: skip
            self.ledger.acts.add(body.redemption_id)
            terminal.requests[request_id] = Request("accepted", None, tx_no, content, {}, left, fact=True)
            return
        self._may_follow(known, body.evidence.rung)
        left = self.ledger.take_uses(
            tx_no, terminal.shop, terminal_id, body.pass_id, body.member_id, body.uses, body.extra_total_minor,
            body.tenders, vat_of(body.vat), business_day_of(at), body.evidence.rung, at, None, at, terminal.forked,
            self._unproven(terminal, body.evidence),
        )  # fmt: skip
        self.ledger.acts.add(body.redemption_id)
        if known is None:
            terminal.requests[request_id] = Request("accepted", None, tx_no, content, {}, left, fact=True)

    def _unproven(self, terminal: Terminal, evidence: facts.Evidence) -> Unproven | None:
        if evidence.rung != "at_risk":
            return None
        assert evidence.snapshot_at is not None
        seq = len(terminal.chain)
        return Unproven(seq, evidence.snapshot_at, self.heard_at, seq <= self.proved)

    def _granted(self, terminal: Terminal, body: facts.CardCharged | facts.Refunded, tx_no: str, at: datetime
                 ) -> None:  # fmt: skip
        known = terminal.requests.get(body.evidence.request_id or "")
        content = self.content_of(body)
        if known is None and body.evidence.rung == "online" and self._lost_at(terminal, at):
            said = self._post_lost(terminal.shop, body, tx_no, at)
            terminal.requests[body.evidence.request_id or ""] = Request(
                "accepted", None, tx_no, content, said, fact=True
            )
            return
        if known is None or known.outcome != "accepted":
            self._may_follow(known, body.evidence.rung)
        assert known is not None
        require(known.data["balance_minor"] == body.balance_minor, 6, "a fact says another balance than was answered")
        self._confirm(known, content, tx_no)

    def _lost_at(self, terminal: Terminal, at: datetime) -> bool:
        """May a restore have lost what was done then? Believed is a terminal with one history that
        was paired before."""
        slack = timedelta(seconds=_LATEST_SECONDS)
        known_since = terminal.paired_at
        assert known_since is not None
        lost = any(
            one.lost_from - slack <= at < one.started_at + slack and known_since < one.started_at
            for one in self.restored
        )
        if lost and terminal.forked:
            raise No("terminal_forked")
        return lost

    def _post_lost(self, shop: Shop, body: facts.CardCharged | facts.Refunded, tx_no: str, at: datetime
                   ) -> Mapping[str, Any]:  # fmt: skip
        """What had been granted, from its fact. A refund only of what was not lost, with the cash that was given."""
        if isinstance(body, facts.CardCharged):
            return self.ledger.charge_decided(
                tx_no,
                shop,
                body.order_id,
                body.card_id,
                body.raw_total_minor,
                body.total_minor,
                body.discount,
                vat_of(body.vat),
                at,
            )
        refunded = (shop, body.original_tx_no, body.amount_minor, body.tender, at)
        if copy.deepcopy(self.ledger).refund(tx_no, *refunded)["cash_minor"] != body.cash_minor:
            raise No("original_lost")
        self.ledger.acts.add(body.refund_id)
        return self.ledger.refund(tx_no, *refunded)

    def content_of(self, body: object) -> tuple[object, ...]:
        """What a request must have asked for that a fact confirms; its second is the id of the act."""
        match body:
            case facts.PassRedeemed():
                return ("redeem", body.redemption_id, body.pass_id, body.uses, body.extra_total_minor)
            case facts.CardCharged():
                return ("charge", body.order_id, body.raw_total_minor, body.total_minor)
            case facts.Refunded():
                return ("refund", body.refund_id, body.original_tx_no, body.amount_minor)
        return ("", None)

    def _may_follow(self, known: Request | None, rung: str) -> None:
        if known is not None and known.code in ("request_abandoned", "request_taken_back"):
            raise No(known.code)
        if rung == "online":
            raise No("request_unknown" if known is None else "request_refused")

    def _confirm(self, known: Request, content: tuple[object, ...], tx_no: str) -> None:
        if known.content != content or known.fact:
            raise No("content_differs")
        known.fact = True
        require(tx_no == known.tx_no, 6, f"request and fact are two effects: {known.tx_no}, {tx_no}")

    def abandoned(self, terminal: Terminal, request_id: str, tx_no: str, at: datetime) -> None:
        """A till gives up on a request: what it was granted is taken back, or it is never granted."""
        known = terminal.requests.get(request_id)
        if known is None:
            terminal.requests[request_id] = Request("refused", "request_abandoned")
        elif known.outcome == "accepted":
            assert known.content is not None
            assert known.tx_no is not None
            if known.fact or known.content[0] == "refund":
                raise No("request_settled")
            if known.content[0] == "redeem":
                self.ledger.take_back_redemption(tx_no, known.tx_no)
            else:
                self.ledger.take_back_charge(tx_no, known.tx_no, at)
            terminal.requests[request_id] = Request("refused", "request_abandoned")

    def require_member(self, member_id: str) -> None:
        """No unless somebody has this id."""
        if not self.members.known(member_id):
            raise No("member_unknown")

    def card_of(self, member_id: str) -> Card:
        """A member's own card; No when nobody has this id."""
        self.require_member(member_id)
        return next(card for card in self.ledger.cards.values() if card.member == member_id)

    # Requests ----------------------------------------------------------------------------------------------------

    def take_request(self, terminal_id: str, request: ActionRequest, tx_no: str | None, now: datetime) -> Request:
        """Decide a request that the server has answered under this number, or say again what it must always say."""
        terminal = self.terminals[terminal_id]
        known = terminal.requests.get(request.request_id)
        if known is not None:
            return known
        action = request.redeem or request.charge or request.refund
        assert action is not None
        try:
            if abs(action.happened_at - now) > timedelta(seconds=_LATEST_SECONDS):
                raise No("request_expired")
            at = min(action.happened_at, now)
            found = self._decide(terminal, terminal_id, action, tx_no or "", at, now)
        except No as no:
            found = Request("refused", no.code)
        terminal.requests[request.request_id] = found
        return found

    def _decide(self, terminal: Terminal, terminal_id: str, action: RedeemAsked | ChargeAsked | RefundAsked, tx_no: str,
                at: datetime, now: datetime) -> Request:  # fmt: skip
        ledger, shop = self.ledger, terminal.shop
        match action:
            case RedeemAsked():
                uses = len(action.cups)
                if ledger.find_pass(action.pass_id) is None:
                    raise No("pass_unknown")
                code, member = self._card_by_code(action.member_code), self.members.own(action.member_id)
                if code is not None and code.member != action.member_id:
                    raise No("pass_other_member")
                left = ledger.take_uses(
                    tx_no, shop, terminal_id, action.pass_id, member, uses, action.extra_total_minor,
                    action.tenders, _extra_vat(action), business_day_of(at), "online", at, code, now,
                )  # fmt: skip
                ledger.acts.add(action.redemption_id)
                content: tuple[object, ...] = ("redeem", action.redemption_id, action.pass_id, uses,
                                               action.extra_total_minor)  # fmt: skip
                return Request("accepted", None, tx_no, content, {}, left)
            case ChargeAsked():
                card = self._card_by_code(action.member_code)
                assert card is not None
                said = ledger.charge(tx_no, shop, card.card_id, action.raw_total_minor, action.total_minor,
                                     self.vat_of_charge(action), None, at)  # fmt: skip
                ledger.acts.add(action.order_id)
                content = ("charge", action.order_id, action.raw_total_minor, action.total_minor)
            case RefundAsked():
                said = ledger.refund(tx_no, shop, action.original_tx_no, action.amount_minor, action.tender, at)
                ledger.acts.add(action.refund_id)
                content = ("refund", action.refund_id, action.original_tx_no, action.amount_minor)
        return Request("accepted", None, tx_no, content, said)

    def _card_by_code(self, text: str | None) -> Card | None:
        if text is None:
            return None
        found = self.cards_by_ref.get(decode_short(text).card_ref)
        if found is None:
            raise No("card_unknown")
        return found


def _chain_with(terminal: Terminal, texts: Sequence[str], seq: int) -> str | None:
    """Hash at a place of the chain as it is with what of a push continues it."""
    chain = list(terminal.chain)
    for text in texts:
        if _place(text) == (len(chain) + 1, chain[-1] if chain else facts.GENESIS):
            chain.append(hashlib.sha256(text.encode()).hexdigest())
    return chain[seq - 1] if len(chain) >= seq else None


def _place(text: str) -> tuple[int, str]:
    plain = json.loads(text)
    return int(plain["seq"]), str(plain["prev"])


def vat_of(vat: Sequence[Any]) -> Vat:
    """The groups of a fact as the oracle counts."""
    return tuple((group.rate, group.base_minor, group.quota_minor) for group in vat)


def _extra_vat(asked: RedeemAsked) -> Vat:
    """What is paid beside a use is taxed at the one rate that extras have in this shop."""
    if not asked.extra_total_minor:
        return ()
    base = (2 * asked.extra_total_minor * 100 + 106) // (2 * 106)
    return (("0.06", base, asked.extra_total_minor - base),)


def business_day_of(moment: datetime) -> str:
    """The day of the stores' books."""
    return business_day(moment, _TIMEZONE).isoformat()
