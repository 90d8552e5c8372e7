"""Pay a basket whole from a stored-value card, by the dynamic code just scanned. Online only (sync.md, rung 4).

Rule: the ledger decides; the till shows what it should come to, and asks for exactly that. Nothing is sold before the
ledger has said yes; without an answer the request is abandoned and the basket stays.
"""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from models import cards, wire
from models.catalogue import Member
from models.facts import CARD_TYPES, CardCharged, Evidence
from models.refusals import Refusal
from models.tokens import code_family, decode_short
from pos_app.journal import members, requests, series
from pos_app.journal.chain import Recorded
from pos_app.selling.basket import Basket, BasketQuote, asked_cups
from pos_app.till.asking import ask_and_record, read_data, refusal_of
from pos_app.till.quote import quote_basket
from pos_app.till.recording import append, business_day_text
from pos_app.till.sell import sold_cups
from pos_app.till.sign_in import require_session, require_shift
from pos_app.till.till import Till
from pos_app.till.values import CardOffer, CardResult, Changes, Done, MemberView, Session

FRESH_CODE_SECONDS = 300
"""A code scanned longer ago is asked for again: it is valid for 15 minutes, and nobody knows how old it was."""


@dataclass(frozen=True, slots=True)
class _Granted:
    """The ledger's answer to a charge."""

    card_id: str
    card_type: str
    member_id: str | None
    discount: str
    total_minor: int
    points_earned: int
    points: int | None
    balance_minor: int


def fresh_code(till: Till, view: MemberView | None) -> str | None:
    """Return the code that this member was opened with while it may still pay: short, young, not used. Fast."""
    if view is None or view.found_by != "short" or view.code is None or view.scanned_seconds is None:
        return None
    young = till.clock.monotonic_seconds() - view.scanned_seconds <= FRESH_CODE_SECONDS
    return view.code if young and view.code not in till.live.spent_codes else None


def offer(till: Till, basket: Basket, code: str) -> CardOffer:
    """Return what the basket would cost this card, by what the mirror knows of its level. Fast.

    Refusals: `not_signed_in`, `basket_empty`, `code_foreign`, `code_edited`, `code_used` (here before),
    `member_inactive`, `pass_other_member` (another member stands at the counter), those of pricing.
    """
    require_session(till)
    if not basket.cups or basket.is_redemption:
        raise Refusal("basket_empty")
    raw_minor = quote_basket(till, basket).due_minor
    card_ref = decode_short(code).card_ref if code_family(code) == "short" else None
    if card_ref is None:
        raise Refusal("code_foreign")
    if code in till.live.spent_codes:
        raise Refusal("code_used")
    with till.journal.reading() as rows:
        member = members.by_card_ref(rows, till.journal.sealer, card_ref)
    if member is not None and member.status != "active":
        raise Refusal("member_inactive", {"status": member.status})
    if member is not None and basket.member is not None and member.member_id != basket.member.member_id:
        raise Refusal("pass_other_member")
    if member is None:
        return CardOffer(code, None, raw_minor, cards.NO_LEVEL.discount, raw_minor, None, 0, None)
    band = cards.level_for(member.points, till.journal.catalogue.level_bands)
    total_minor = cards.discounted(raw_minor, band.discount)
    points = cards.points_earned(raw_minor, till.journal.store.currency)
    return CardOffer(code, member, raw_minor, band.discount, total_minor, band.level, points, member.balance_minor)


def corrected(offered: CardOffer, refusal: Refusal) -> CardOffer | None:
    """Return the offer with the total that a `price_changed` of the ledger names; None when it does not fit the prices.

    It is asked for under a new request id, once the cashier has confirmed it.
    """
    discount, total_minor = refusal.data.get("discount"), refusal.data.get("total_minor")
    if refusal.code != "price_changed" or not isinstance(discount, str) or not isinstance(total_minor, int):
        return None
    try:
        fits = cards.discounted(offered.raw_total_minor, discount) == total_minor
    except Refusal:
        return None
    return replace(offered, discount=discount, total_minor=total_minor, by_ledger=True) if fits else None


def charge(till: Till, basket: Basket, offered: CardOffer) -> Done:
    """Charge the card what was offered and record the order, or refuse before goods move.

    Refusals: `not_signed_in`, `shift_not_open`, those of `offer`, `price_changed` when the basket comes to something
    else by now, those of the ledger, and without its answer `offline_not_allowed` or `request_abandoned`.
    """
    person = require_shift(till)
    now = till.clock.now()
    fresh = offer(till, basket, offered.code)
    if fresh.raw_total_minor != offered.raw_total_minor:
        raise Refusal("price_changed", {"raw_total_minor": fresh.raw_total_minor})
    cards.check_charge(offered.total_minor)
    asked = wire.ChargeAsked(
        order_id=till.ids.new(),
        member_code=offered.code,
        cups=asked_cups(basket),
        raw_total_minor=offered.raw_total_minor,
        total_minor=offered.total_minor,
        currency=till.journal.store.currency,
        business_day=business_day_text(till, now),
        happened_at=now,
    )
    request = wire.ActionRequest(wire.PROTOCOL, till.ids.new(), charge=asked)
    was_reachable = till.gateway.reachable

    def record(answer: wire.ActionAnswer | None) -> Done:
        if answer is None:
            raise Refusal("request_abandoned" if was_reachable else "offline_not_allowed")
        if answer.outcome != "accepted":
            refusal = refusal_of(answer)
            if refusal.code == "balance_insufficient":
                till.live.checked_codes[offered.code] = till.clock.monotonic_seconds()  # the ledger looks at it first
            _note_balance(till, fresh.member, refusal)
            raise refusal
        return _record(till, person, quote_basket(till, basket), request.request_id, asked, answer)

    done = ask_and_record(till, person, request, now, record)
    till.notify(Changes(facts=True, outbox=True, members=True, paper=True))
    return done


def _note_balance(till: Till, member: Member | None, refusal: Refusal) -> None:
    """Keep what a no told of the balance: the mirror had thought otherwise."""
    balance_minor = refusal.data.get("balance_minor")
    if member is None or refusal.code != "balance_insufficient" or not isinstance(balance_minor, int):
        return
    till.journal.keep(lambda rows: members.note_card(rows, till.journal.sealer, member.member_id, balance_minor, None))
    till.notify(Changes(members=True))


def _record(
    till: Till,
    person: Session,
    priced: BasketQuote,
    request_id: str,
    asked: wire.ChargeAsked,
    answer: wire.ActionAnswer,
) -> Done:
    granted = read_data(_Granted, answer)
    if granted.card_type not in CARD_TYPES or granted.total_minor != asked.total_minor:
        raise Refusal("request_malformed", {"pointer": "/data"})

    def work(rows: Connection) -> tuple[CardCharged, Recorded]:
        body = _body(till, rows, priced, asked, granted, request_id)
        member = None
        if granted.member_id is not None:
            points = granted.points if granted.card_type == "personal" else None
            if granted.card_type == "personal":
                members.note_card(rows, till.journal.sealer, granted.member_id, granted.balance_minor, points)
            member = members.by_id(rows, till.journal.sealer, granted.member_id)
        recorded = append(till, rows, body, person, asked.happened_at, member=member)
        requests.settle(rows, request_id, "accepted", None, till.clock.now(), asked.order_id, answer)
        return body, recorded

    body, recorded = till.journal.keep(work)  # there was room before it was asked; now the money is gone
    return Done(
        fact_id=recorded.fact.fact_id,
        kind=recorded.fact.kind,
        slips=body.slips,
        total_minor=body.total_minor,
        change_minor=0,
        uses=0,
        uses_left=None,
        evidence=body.evidence.rung,
        pickup_no=body.pickup_no,
        card=CardResult(
            balance_minor=body.balance_minor,
            discount_minor=body.raw_total_minor - body.total_minor,
            points_change=body.points_earned,
            points=granted.points if granted.card_type == "personal" else None,
            kind=body.card_type,
        ),
    )


def _body(
    till: Till, rows: Connection, priced: BasketQuote, asked: wire.ChargeAsked, granted: _Granted, request_id: str
) -> CardCharged:
    store, terminal_code = till.journal.store, till.journal.terminal_code
    return CardCharged(
        order_id=asked.order_id,
        card_id=granted.card_id,
        card_type=granted.card_type,
        member_id=granted.member_id,
        cups=sold_cups(priced, store.slip_language),
        raw_total_minor=asked.raw_total_minor,
        discount=granted.discount,
        total_minor=granted.total_minor,
        currency=store.currency,
        vat=cards.discounted_vat(priced.gross_by_rate(), granted.total_minor),
        points_earned=granted.points_earned,
        balance_minor=granted.balance_minor,
        slips=(series.next_slip(rows, "TP", terminal_code),),
        pickup_no=series.next_pickup(rows, terminal_code, asked.business_day),
        evidence=Evidence("online", request_id),
    )
