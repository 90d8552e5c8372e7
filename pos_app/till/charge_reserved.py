"""Pay a basket from money that the server has set aside of a card for this till: nobody is asked (sync.md, rung 2).

Rule: the discount is that of the token, and one reservation pays the whole basket. Not here: paying by the card itself
(`charge`), which asks the ledger.
"""

from sqlalchemy import Connection

from models import cards
from models.facts import CardCharged, Evidence
from models.refusals import Refusal
from models.tokens import ReservationCode
from pos_app.journal import members, series
from pos_app.journal.chain import Recorded
from pos_app.selling.basket import Basket
from pos_app.selling.permissions import OFFLINE_RISK
from pos_app.till import member_pin, reservations
from pos_app.till.approval import Approval, approver_of
from pos_app.till.quote import quote_basket
from pos_app.till.recording import append, business_day_text
from pos_app.till.sell import sold_cups
from pos_app.till.sign_in import require_session, require_shift
from pos_app.till.till import Till
from pos_app.till.values import CardOffer, CardResult, Changes, Done, MemberView, Proof, Session


def offer_code(till: Till, basket: Basket, text: str) -> CardOffer:
    """Return what the basket would cost the card whose set-aside money this code tells of.

    Refusals: those of `offer_member` and of `reservations.take_code`; `code_foreign` when it tells of a pass.
    """
    require_session(till)
    code = reservations.take_code(till, text)
    if code.source_kind != "card":
        raise Refusal("code_foreign")
    return _offer(till, basket, code.member_id, (code.reservation_id,), text)


def offer_member(till: Till, basket: Basket, view: MemberView | None) -> CardOffer:
    """Return what the basket would cost what is set aside here of the card of the member at the counter.

    Refusals: `not_signed_in`, `basket_empty`, `offline_not_allowed` (nothing is set aside here), `reservation_exceeds`
    {left_minor} (not enough in one), `pass_other_member`, `member_inactive`, those of pricing.
    """
    require_session(till)
    if view is None:
        raise Refusal("offline_not_allowed")
    member_id = view.member.member_id
    with till.journal.reading() as rows:
        found = reservations.of_member(till, rows, member_id)
    cards_of = tuple(one.reservation_id for one in found if one.source_kind == "card")
    return _offer(till, basket, member_id, cards_of, view.code or "")


def renewed(till: Till, basket: Basket, offered: CardOffer) -> CardOffer:
    """Return the same for the basket as it is now; the refusals of `offer_member`."""
    member_id = offered.member.member_id if offered.member else None
    return _offer(till, basket, member_id, (offered.reservation_id or "",), offered.code)


def charge(
    till: Till, basket: Basket, offered: CardOffer, approval: Approval | None = None, proof: Proof | None = None
) -> Done:
    """Take the offered total out of its reservation and record the order.

    Nobody's money is taken on a phone number, a usual code or somebody's word, of which a charge keeps no trace:
    `offline_needs_signed_code` without the code of this reservation or the member's offline code, unless their PIN
    (`proof`) stands in for it, or the ledger has just checked their usual one. Refusals: that, `not_signed_in`,
    `shift_not_open`, those of `offer_member` and `member_pin.identified`, `price_changed`, `reservation_closed`;
    `approval_needed` while the clock is not proven and the cashier may not answer for it.
    """
    person = require_shift(till)
    fresh = renewed(till, basket, offered)
    if (fresh.raw_total_minor, fresh.total_minor) != (offered.raw_total_minor, offered.total_minor):
        raise Refusal("price_changed", {"raw_total_minor": fresh.raw_total_minor})
    cards.check_charge(offered.total_minor)
    subject = f"charge {offered.total_minor} of {offered.reservation_id}"
    if _known_by(till, offered, proof, subject) not in ("code", "pin"):
        raise Refusal("offline_needs_signed_code")
    approver_id = None
    if till.clock.standing().frozen:
        approver_id = approver_of(till, person, OFFLINE_RISK, subject, approval)
    with till.journal.writing() as rows:
        body, recorded = _record(till, rows, basket, offered, person, approver_id)
    till.live.checked_codes.pop(offered.code, None)
    till.notify(Changes(facts=True, outbox=True, members=True, paper=True))
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
            kind=body.card_type,
        ),
    )


def covered(till: Till, offered: CardOffer, proof: Proof | None) -> bool:
    """Whether what is set aside stays covered, for the member has a PIN and has not proven who they are. Fast."""
    if offered.reservation_id is None or offered.member is None or offered.member.pin_hash is None:
        return False
    try:
        return _known_by(till, offered, proof, "") not in ("code", "pin")
    except Refusal:
        return True


def _known_by(till: Till, offered: CardOffer, proof: Proof | None, subject: str) -> str:
    """Return how the payer is known; a company's card is its code's."""
    if offered.member is None:
        return "code"
    at_seconds = till.live.checked_codes.get(offered.code)
    young = at_seconds is not None and till.clock.monotonic_seconds() - at_seconds <= member_pin.PROOF_SECONDS
    return member_pin.identified(
        till,
        offered.member,
        offered.code or None,
        proof,
        subject,
        checked=young,
        rests_on=offered.reservation_id,
    )


def _offer(
    till: Till, basket: Basket, member_id: str | None, reservation_ids: tuple[str, ...], shown: str
) -> CardOffer:
    if not basket.cups or basket.is_redemption:
        raise Refusal("basket_empty")
    raw_minor = quote_basket(till, basket).due_minor
    with till.journal.reading() as rows:
        found = [one for one in (_usable(till, rows, key) for key in reservation_ids) if one is not None]
        if not found:
            raise Refusal("reservation_closed" if reservation_ids else "offline_not_allowed")
        totals = [(code, left, cards.discounted(raw_minor, code.discount or "1.000")) for code, left in found]
        code, left, total_minor = next((one for one in totals if one[2] <= one[1]), totals[0])
        member = None if member_id is None else members.by_id(rows, till.journal.sealer, member_id)
    if member is not None and member.status != "active":
        raise Refusal("member_inactive", {"status": member.status})
    if basket.member is not None and member_id not in (None, basket.member.member_id):
        raise Refusal("pass_other_member")
    if total_minor > left:
        raise Refusal("reservation_exceeds", {"left_minor": left, "total_minor": total_minor})
    personal = code.card_type == "personal"
    return CardOffer(
        code=shown,
        member=member or (reservations.member_by_code(till, code) if code.member_id else None),
        raw_total_minor=raw_minor,
        discount=code.discount or "1.000",
        total_minor=total_minor,
        level=None,
        points=cards.points_earned(raw_minor, till.journal.store.currency) if personal else 0,
        balance_minor=left,
        reservation_id=code.reservation_id,
    )


def _usable(till: Till, rows: Connection, reservation_id: str) -> tuple[ReservationCode, int] | None:
    """Return what a token says and what is left of it, when this till may use it now."""
    code = reservations.code_of(till, rows, reservation_id)
    if code is None or code.source_kind != "card" or code.currency != till.journal.store.currency:
        return None
    found = reservations.usable(till, rows, code.source_id)
    return next(((code, one.left) for one in found if one.reservation_id == reservation_id), None)


def _record(
    till: Till, rows: Connection, basket: Basket, offered: CardOffer, person: Session, approver_id: str | None
) -> tuple[CardCharged, Recorded]:
    now = till.clock.now()
    usable = _usable(till, rows, offered.reservation_id or "")
    if usable is None:
        raise Refusal("reservation_closed")
    code, left = usable
    if offered.total_minor > left:
        raise Refusal("reservation_exceeds", {"left_minor": left, "total_minor": offered.total_minor})
    store, terminal_code = till.journal.store, till.journal.terminal_code
    priced = quote_basket(till, basket)
    known = None if code.member_id is None else members.by_id(rows, till.journal.sealer, code.member_id)
    before_minor = left
    if known is not None and code.card_type == "personal":
        before_minor = reservations.balance_minor(till, rows, known)
    body = CardCharged(
        order_id=till.ids.new(),
        card_id=code.source_id,
        card_type=code.card_type or "personal",
        member_id=code.member_id,
        cups=sold_cups(priced, store.slip_language),
        raw_total_minor=offered.raw_total_minor,
        discount=offered.discount,
        total_minor=offered.total_minor,
        currency=store.currency,
        vat=cards.discounted_vat(priced.gross_by_rate(), offered.total_minor),
        points_earned=offered.points,
        balance_minor=before_minor - offered.total_minor,
        slips=(series.next_slip(rows, "TP", terminal_code),),
        pickup_no=series.next_pickup(rows, terminal_code, business_day_text(till, now)),
        evidence=Evidence("reserved", reservation_id=code.reservation_id),
    )
    return body, append(till, rows, body, person, now, member=known, approver_id=approver_id)
