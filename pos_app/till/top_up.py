"""Take money for a member's own card, or for an enterprise card that they administer (R031).

Rule: always possible offline: the credit comes when the fact reaches the ledger.
"""

from collections.abc import Sequence

from models.cards import BonusRule, bonus_for
from models.catalogue import CompanyCard, Member
from models.facts import ToppedUp
from models.money import MOST_TOP_UP_MINOR, check_amount
from models.refusals import Refusal
from models.tenders import Tender, check_tenders
from pos_app.journal import series
from pos_app.till.companies import company_of
from pos_app.till.find_member import known_member
from pos_app.till.recording import append
from pos_app.till.sell import change_minor, has_cash
from pos_app.till.sign_in import require_shift
from pos_app.till.till import Till
from pos_app.till.values import CardResult, Changes, Done, TopUpOffer


def rules(till: Till) -> tuple[BonusRule, ...]:
    """Return the bonus rules in force now, lowest minimum first. Fast."""
    now = till.clock.now()
    return tuple(
        rule
        for rule in till.journal.catalogue.bonus_rules
        if rule.starts_at <= now and (rule.ends_at is None or now < rule.ends_at)
    )


def takes_money(till: Till, card: CompanyCard) -> bool:
    """Say whether an enterprise card can be topped up here: its currency is the store's, or it has none yet."""
    return card.currency in ("", till.journal.store.currency)


def offer(till: Till, amount_minor: int, card_id: str | None = None) -> TopUpOffer:
    """Return the bonus that an amount brings now; none for an enterprise card, `card_id`. Fast.

    Refusal `amount_invalid` unless it is 1 to `MOST_TOP_UP_MINOR`.
    """
    if not 0 < check_amount(amount_minor) <= MOST_TOP_UP_MINOR:
        raise Refusal("amount_invalid", {"amount": str(amount_minor), "most_minor": MOST_TOP_UP_MINOR})
    if card_id is not None:
        return TopUpOffer(amount_minor, 0, None, card_id)
    catalogue = till.journal.catalogue
    rule, bonus_minor = bonus_for(amount_minor, till.journal.store.currency, catalogue.bonus_rules, till.clock.now())
    return TopUpOffer(amount_minor, bonus_minor, rule.rule_id if rule is not None else None)


def top_up(
    till: Till, member: Member, offered: TopUpOffer, tenders: Sequence[Tender], paid_before: bool = False
) -> Done:
    """Record a top-up as it was offered; `paid_before` as in `require_shift`.

    Refusals: `not_signed_in`, `shift_not_open`, `amount_invalid`, `bonus_differs` when another bonus is promised by
    now, `member_unknown`, `member_inactive`, those of `check_tenders`; of an enterprise card `not_admin`
    (the member does not administer it, as far as this till knows) and `currency_mismatch`.
    """
    person = require_shift(till, paid_before=paid_before)
    now_offered = offer(till, offered.amount_minor, offered.card_id)
    if now_offered != offered:
        raise Refusal("bonus_differs", {"bonus_minor": now_offered.bonus_minor})
    check_tenders(offered.amount_minor, tenders, redemption=False)
    now = till.clock.now()
    with till.journal.writing() as rows:
        member = known_member(till, rows, member.member_id)
        company = _company(till, member, offered)
        body = ToppedUp(
            top_up_id=till.ids.new(),
            member_id=member.member_id,
            amount_minor=offered.amount_minor,
            bonus_minor=offered.bonus_minor,
            bonus_rule_id=offered.rule_id,
            currency=till.journal.store.currency,
            tenders=tuple(tenders),
            slips=(series.next_slip(rows, "VR", till.journal.terminal_code),),
            card_id=offered.card_id,
        )
        recorded = append(
            till, rows, body, person, now, member=member, company=company, kicks_drawer=has_cash(tenders)
        )  # fmt: skip
    till.notify(Changes(facts=True, outbox=True, members=True, paper=True))
    return Done(
        fact_id=recorded.fact.fact_id,
        kind=recorded.fact.kind,
        slips=body.slips,
        total_minor=body.amount_minor,
        change_minor=change_minor(tenders),
        uses=0,
        uses_left=None,
        evidence=None,
        card=CardResult(bonus_minor=body.bonus_minor, company=company.company_name if company else ""),
    )


def _company(till: Till, member: Member, offered: TopUpOffer) -> CompanyCard | None:
    if offered.card_id is None:
        return None
    company = company_of(member, offered.card_id)
    if company is None:
        raise Refusal("not_admin")
    if not takes_money(till, company):
        raise Refusal("currency_mismatch", {"currency": company.currency})
    return company
