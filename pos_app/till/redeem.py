"""Redeem uses of a pass: ask the ledger, else the ladder; record the fact; only then say done.

Rule: the fact cites the request that `asking` sent, also when no answer came and the ladder let it pass. Of a member
whom only the code of what is set aside tells, nothing else is spent, and nobody is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from models import wire
from models.catalogue import Member, MemberPass, PassPlan, RiskPolicy, name_in
from models.facts import Evidence, PassRedeemed
from models.money import split_vat
from models.refusals import Refusal
from models.tenders import Tender, check_tenders
from models.tokens import SnapshotCode, code_family
from pos_app.journal import aliases, identity, passes, requests, series
from pos_app.journal.chain import Recorded
from pos_app.selling.basket import Basket, BasketQuote, asked_cups, quote
from pos_app.selling.offline_policy import Knowledge, SnapshotSeen, decide_offline, fitting
from pos_app.selling.permissions import OFFLINE_RISK
from pos_app.till import member_pin, reservations
from pos_app.till.approval import Approval, approver_of
from pos_app.till.asking import ask_and_record, refusal_of
from pos_app.till.codes import read_reservation, read_snapshot
from pos_app.till.find_member import known_member
from pos_app.till.recording import append, business_day_text
from pos_app.till.sell import change_minor, has_cash, sold_cups
from pos_app.till.sign_in import require_shift
from pos_app.till.till import Till
from pos_app.till.values import Changes, Done, Proof, Session

_BY_TIME = ("reserved", "at_risk")
"""Rungs that hold until a moment: of a clock that is not proven a person answers for them."""


@dataclass(frozen=True, slots=True)
class _Redemption:
    """One redemption being decided: who, which pass, what it comes to."""

    redemption_id: str
    person: Session
    approval: Approval | None
    code: str | None
    proof: Proof | None
    member: Member
    plan: PassPlan
    held: MemberPass
    basket: Basket
    quote: BasketQuote
    tenders: tuple[Tender, ...]
    today: str
    at: datetime
    rests_on: str | None
    """The reservation that alone may pay, since its code is all that says who stands there."""

    @property
    def subject(self) -> str:
        return f"redeem {self.quote.uses} of {self.held.pass_id} of {self.member.member_id} without their PIN"


def redeem(
    till: Till,
    basket: Basket,
    tenders: Sequence[Tender],
    code: str | None,
    approval: Approval | None = None,
    proof: Proof | None = None,
) -> Done:
    """Record a redemption, or refuse it before goods move. `code` is the text of the member's code just scanned,
    `proof` what stands in for it.

    Refusals: `not_signed_in`, `shift_not_open`, those of `models.passes.quote_redemption` and `check_tenders`, those
    of the ledger, and when it does not answer those of `selling.offline_policy`; `approval_needed` when ages are not
    proven either (a reboot, a clock set back) and the cashier may not answer for the risk; `member_pin_needed` as
    `member_pin.identified`.
    """
    person = require_shift(till)
    if proof is not None and code in till.live.spent_codes:
        code = None
    wanted = _prepare(till, person, basket, tenders, approval, code, proof)
    snapshot = read_snapshot(till, code) if code and code_family(code) == "snapshot" else None
    if snapshot is not None and snapshot.card_ref != wanted.member.card_ref:
        raise Refusal("pass_other_member", {"pass_id": wanted.held.pass_id})
    if wanted.rests_on is not None:
        done = _record(till, wanted, None, None, None)
    else:
        request = _request(till, wanted, code)
        done = ask_and_record(
            till, person, request, wanted.at, lambda answer: _record(till, wanted, request.request_id, answer, snapshot)
        )
    member_pin.spend(till, proof)
    till.notify(Changes(facts=True, outbox=True, members=True, paper=True))
    return done


def _prepare(
    till: Till,
    person: Session,
    basket: Basket,
    tenders: Sequence[Tender],
    approval: Approval | None,
    code: str | None,
    proof: Proof | None,
) -> _Redemption:
    if basket.held is None or basket.member is None or not basket.cups:
        raise Refusal("basket_empty")
    now = till.clock.now()
    today = business_day_text(till, now)
    with till.journal.reading() as rows:
        member = known_member(till, rows, basket.member.member_id)
        held = _current(till, rows, basket.held.pass_id, member.member_id)
    plan = till.journal.catalogue.plans.get(held.plan_id)
    if plan is None:
        raise Refusal("plan_unknown", {"plan_id": held.plan_id})
    priced = quote(replace(basket, held=held, plan=plan), till.journal.catalogue.prices, now, today)
    check_tenders(priced.due_minor, tenders, redemption=True)
    wanted = _Redemption(
        redemption_id=till.ids.new(),
        person=person,
        approval=approval,
        code=code,
        proof=proof,
        member=member,
        plan=plan,
        held=held,
        basket=basket,
        quote=priced,
        tenders=tuple(tenders),
        today=today,
        at=now,
        rests_on=None,
    )
    try:
        _known_by(till, wanted, checked=True)
    except Refusal:
        wanted = replace(wanted, rests_on=_of_code(till, wanted))
        _known_by(till, wanted, rests_on=wanted.rests_on)
    return wanted


def _known_by(till: Till, wanted: _Redemption, *, checked: bool = False, rests_on: str | None = None) -> str:
    return member_pin.identified(
        till, wanted.member, wanted.code, wanted.proof, wanted.subject, checked=checked, rests_on=rests_on
    )


def _of_code(till: Till, wanted: _Redemption) -> str | None:
    """Return the reservation whose code was shown when it pays all of this."""
    if wanted.code is None or code_family(wanted.code) != "reservation":
        return None
    shown = read_reservation(till, wanted.code, whenever=True)
    with till.journal.reading() as rows:
        found = reservations.usable(till, rows, wanted.held.pass_id)
    pays = any(one.reservation_id == shown.reservation_id and one.left >= wanted.quote.uses for one in found)
    return shown.reservation_id if pays else None


def _current(till: Till, rows: Connection, pass_id: str, member_id: str) -> MemberPass:
    held = reservations.pass_by_id(till, rows, pass_id)
    if held is None:
        raise Refusal("pass_unknown", {"pass_id": pass_id})
    if aliases.resolve(rows, held.member_id) != aliases.resolve(rows, member_id):
        raise Refusal("pass_other_member", {"pass_id": held.pass_id})
    return held


def _merged(till: Till, rows: Connection, wanted: _Redemption) -> MemberPass | None:
    """Return the member's other pass of the plan, when a pull has brought meanwhile that the server merged the two."""
    if reservations.pass_by_id(till, rows, wanted.held.pass_id) is not None:
        return None
    same_plan = (one for one in passes.of_member(rows, wanted.member.member_id) if one.plan_id == wanted.held.plan_id)
    return next((one for one in same_plan if one.status != "revoked"), None)


def _request(till: Till, wanted: _Redemption, code: str | None) -> wire.ActionRequest:
    asked = wire.RedeemAsked(
        redemption_id=wanted.redemption_id,
        pass_id=wanted.held.pass_id,
        member_id=wanted.member.member_id,
        business_day=wanted.today,
        cups=asked_cups(wanted.basket),
        extra_total_minor=wanted.quote.due_minor,
        currency=till.journal.store.currency,
        tenders=wanted.tenders,
        happened_at=wanted.at,
        member_code=code if code and code_family(code) == "short" else None,
    )
    return wire.ActionRequest(wire.PROTOCOL, till.ids.new(), asked)


def _record(
    till: Till,
    wanted: _Redemption,
    request_id: str | None,
    answer: wire.ActionAnswer | None,
    snapshot: SnapshotCode | None,
) -> Done:
    granted = answer is not None and answer.outcome == "accepted"

    def work(rows: Connection) -> tuple[PassRedeemed, Recorded]:
        # Another window or thread may have used the pass while the ledger was asked: decide on what is true now.
        held = _merged(till, rows, wanted) or _current(till, rows, wanted.held.pass_id, wanted.member.member_id)
        if answer is not None and granted:
            evidence = Evidence("online", request_id)
            free = passes.spent_online(rows, held.pass_id, wanted.quote.uses, answer.uses_left, wanted.today)
            # The ledger has not touched what is set aside here.
            uses_left = reservations.with_set_aside(till, rows, replace(held, uses_left=free)).uses_left
        else:
            evidence = _without_the_ledger(till, rows, wanted, held, request_id, answer, snapshot)
            uses_left = held.uses_left - wanted.quote.uses
        checked = granted or (answer is not None and answer.code == "uses_exhausted")  # the ledger looks at codes first
        known_by = _known_by(till, wanted, checked=checked, rests_on=evidence.reservation_id)
        approver_id = _approver_of(till, wanted, held, evidence)
        if approver_id is None and wanted.proof is not None and known_by == "vouched":
            approver_id = wanted.proof.approver_id
        body = _body(till, rows, wanted, held, uses_left, evidence, known_by)
        kicks_drawer = has_cash(wanted.tenders)
        recorded = append(
            till, rows, body, wanted.person, wanted.at,
            member=wanted.member, kicks_drawer=kicks_drawer, approver_id=approver_id,
        )  # fmt: skip
        if request_id is not None:
            code = None if answer is None else answer.code
            state = "accepted" if granted else "unanswered"
            requests.settle(rows, request_id, state, code, till.clock.now(), body.redemption_id)
        return body, recorded

    if granted:
        body, recorded = till.journal.keep(work)  # there was room before it was asked; now the use is gone
    else:
        with till.journal.writing() as rows:
            body, recorded = work(rows)
    return Done(
        fact_id=recorded.fact.fact_id,
        kind=recorded.fact.kind,
        slips=body.slips,
        total_minor=body.extra_total_minor,
        change_minor=change_minor(wanted.tenders),
        uses=body.uses,
        uses_left=body.uses_left,
        evidence=body.evidence.rung,
        pickup_no=body.pickup_no,
    )


def _without_the_ledger(
    till: Till,
    rows: Connection,
    wanted: _Redemption,
    held: MemberPass,
    request_id: str | None,
    answer: wire.ActionAnswer | None,
    snapshot: SnapshotCode | None,
) -> Evidence:
    """Return on which ground of its own the till gives the uses. A ledger that said no leaves two:
    it may not have heard yet of the sale, which stands in this till's chain before the fact, and what it has set aside
    for this till is not among the uses that it counts."""
    quote(replace(wanted.basket, held=held, plan=wanted.plan), till.journal.catalogue.prices, wanted.at, wanted.today)
    knows_pass = None if answer is None else answer.code != "pass_unknown"
    known = _knowledge(till, rows, wanted, snapshot, passes.own_sale_uses(rows, held.pass_id, knows_pass))
    if answer is not None:
        own = wanted.quote.uses <= known.own_sale_uses
        if answer.code == "uses_exhausted":
            own = own or fitting(known.reserved, wanted.quote.uses) is not None
        if answer.code not in ("pass_unknown", "uses_exhausted") or not own:
            raise refusal_of(answer)
    return decide_offline(wanted.quote.uses, known, request_id)


def _approver_of(till: Till, wanted: _Redemption, held: MemberPass, evidence: Evidence) -> str | None:
    if evidence.rung not in _BY_TIME or not till.clock.standing().frozen:
        return None
    subject = f"redeem {wanted.quote.uses} of {held.uses_left} of {held.pass_id}"
    return approver_of(till, wanted.person, OFFLINE_RISK, subject, wanted.approval)


def _body(
    till: Till,
    rows: Connection,
    wanted: _Redemption,
    held: MemberPass,
    uses_left: int,
    evidence: Evidence,
    known_by: str,
) -> PassRedeemed:
    store, terminal_code = till.journal.store, till.journal.terminal_code
    kinds = ("VR", "TP") if wanted.quote.due_minor else ("VR",)
    return PassRedeemed(
        redemption_id=wanted.redemption_id,
        pass_id=wanted.held.pass_id,
        member_id=wanted.member.member_id,
        plan_name=name_in(wanted.plan.names, store.slip_language),
        business_day=wanted.today,
        cups=sold_cups(wanted.quote, store.slip_language),
        uses=wanted.quote.uses,
        uses_left=uses_left,
        expires_at=held.expires_at,
        extra_total_minor=wanted.quote.due_minor,
        currency=store.currency,
        vat=split_vat(wanted.quote.gross_by_rate()),
        tenders=wanted.tenders,
        slips=tuple(series.next_slip(rows, kind, terminal_code) for kind in kinds),
        pickup_no=series.next_pickup(rows, terminal_code, wanted.today),
        evidence=evidence,
        identified_by=known_by,
    )


def _knowledge(
    till: Till, rows: Connection, wanted: _Redemption, snapshot: SnapshotCode | None, own_sale_uses: int
) -> Knowledge:
    now = till.clock.now()
    seen = None
    if snapshot is not None:
        said = dict(snapshot.passes).get(wanted.held.pass_id)
        if said is not None:
            taken = passes.taken_since(rows, wanted.held.pass_id, snapshot.issued_at)
            age = max(0, int((now - snapshot.issued_at) / timedelta(seconds=1)))
            seen = SnapshotSeen(snapshot.issued_at, snapshot.nonce, said - taken, age)
    reserved = reservations.usable(till, rows, wanted.held.pass_id)
    if wanted.rests_on is not None:
        only = tuple(one for one in reserved if one.reservation_id == wanted.rests_on)
        return Knowledge(0, None, None, None, 0, 0, only)
    return Knowledge(
        own_sale_uses=own_sale_uses,
        policy=current_policy(till, rows),
        snapshot=seen,
        sync_age_seconds=sync_age_seconds(till, rows),
        member_uses_today=passes.at_risk_of_member(rows, wanted.member.member_id, wanted.today),
        terminal_uses=passes.at_risk_unsettled(rows),
        reserved=reserved,
    )


def current_policy(till: Till, rows: Connection) -> RiskPolicy | None:
    """Return HQ's policy for this store; None without one, or when the server sees another history of this till."""
    if identity.read_state(rows, "fork") is not None:
        return None
    return till.journal.catalogue.policy


def sync_age_seconds(till: Till, rows: Connection) -> int | None:
    """Return how long ago the mirror was last complete, by server time; None when it never was."""
    synced_at = identity.synced_at(rows)
    return None if synced_at is None else max(0, int((till.clock.now() - synced_at).total_seconds()))
