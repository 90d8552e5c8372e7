"""Sell a pass: a first purchase, or uses stacked on the pass of that plan which the member holds.

Rule: always possible offline; what the slip says is what this till knows, and the server merges two first sales of
one plan into a stacked purchase (sync.md).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from models.catalogue import Member, MemberPass, PassPlan, name_in
from models.facts import PassSold
from models.money import split_vat
from models.passes import first_purchase, stack_purchase
from models.refusals import Refusal
from models.tenders import Tender, check_tenders
from pos_app.journal import series
from pos_app.till import reservations
from pos_app.till.find_member import known_member
from pos_app.till.recording import append
from pos_app.till.sell import change_minor, has_cash
from pos_app.till.sign_in import require_shift
from pos_app.till.till import Till
from pos_app.till.values import Changes, Done


def preview_pass_sale(till: Till, member: Member, plan: PassPlan) -> MemberPass:
    """Return the pass as it would be after this sale. Refusals: `plan_not_on_sale`, `pass_revoked`. Fast."""
    sold = _plan_on_sale(till, plan)
    with till.journal.reading() as rows:
        return _after_sale(till, rows, member, sold, till.clock.now(), till.ids.new())[0]


def sell_pass(till: Till, member: Member, plan: PassPlan, tenders: Sequence[Tender], paid_before: bool = False) -> Done:
    """Record a pass sale: VR, and TP as well when the plan is a single-purpose voucher.

    `paid_before` as in `require_shift`.

    Refusals: `not_signed_in`, `shift_not_open`, `plan_unknown`, `plan_not_on_sale`, `price_changed`, `pass_revoked`,
    `member_unknown`, `member_inactive`, and those of `check_tenders`.
    """
    person = require_shift(till, paid_before=paid_before)
    sold = _plan_on_sale(till, plan)
    if sold.price_minor != plan.price_minor or sold.uses != plan.uses:
        raise Refusal("price_changed", {"price_minor": sold.price_minor})
    check_tenders(sold.price_minor, tenders, redemption=False)
    now = till.clock.now()
    language = till.journal.store.slip_language
    taxed = sold.vat_mode == "single_purpose"
    with till.journal.writing() as rows:
        member = known_member(till, rows, member.member_id)
        after, stacked = _after_sale(till, rows, member, sold, now, till.ids.new())
        body = PassSold(
            pass_id=after.pass_id,
            member_id=member.member_id,
            plan_id=sold.plan_id,
            plan_name=name_in(sold.names, language),
            stacked=stacked,
            uses=sold.uses,
            uses_left=after.uses_left,
            expires_at=after.expires_at,
            status=after.status,
            total_minor=sold.price_minor,
            currency=sold.currency,
            vat_mode=sold.vat_mode,
            vat=split_vat([(sold.vat_rate, sold.price_minor)]) if taxed else (),
            tenders=tuple(tenders),
            slips=tuple(
                series.next_slip(rows, kind, till.journal.terminal_code)
                for kind in (("VR", "TP") if taxed else ("VR",))
            ),
        )
        recorded = append(till, rows, body, person, now, member=member, kicks_drawer=has_cash(tenders))
    till.notify(Changes(facts=True, outbox=True, members=True, paper=True))
    return Done(
        fact_id=recorded.fact.fact_id,
        kind=recorded.fact.kind,
        slips=body.slips,
        total_minor=body.total_minor,
        change_minor=change_minor(tenders),
        uses=body.uses,
        uses_left=body.uses_left,
        evidence=None,
        status=body.status,
    )


def _plan_on_sale(till: Till, plan: PassPlan) -> PassPlan:
    found = till.journal.catalogue.plans.get(plan.plan_id)
    if found is None:
        raise Refusal("plan_unknown", {"plan_id": plan.plan_id})
    if not found.on_sale or found.vat_mode == "multi_purpose":
        raise Refusal("plan_not_on_sale", {"plan_id": plan.plan_id})
    if found.currency != till.journal.store.currency:
        raise Refusal("currency_mismatch", {"currency": found.currency})
    return found


def _after_sale(
    till: Till, rows: Connection, member: Member, plan: PassPlan, at: datetime, new_id: str
) -> tuple[MemberPass, bool]:
    held = [found for found in reservations.passes_of(till, rows, member.member_id) if found.plan_id == plan.plan_id]
    if not held:
        return first_purchase(plan, new_id, member.member_id, at), False
    # A member has one pass per plan; should the server ever know two, the one that lasts longest takes the uses.
    return stack_purchase(max(held, key=lambda found: (found.status != "revoked", found.expires_at)), plan, at), True
