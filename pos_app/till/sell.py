"""Sell goods for money: one `OrderPaid` fact and its TP."""

from collections.abc import Sequence

from models.catalogue import name_in
from models.facts import OrderPaid, SoldAddOn, SoldCup
from models.money import split_vat
from models.refusals import Refusal
from models.tenders import Tender, check_tenders
from pos_app.journal import series
from pos_app.selling.basket import Basket, BasketQuote, quote
from pos_app.till.recording import append, business_day_text
from pos_app.till.sign_in import require_shift
from pos_app.till.till import Till
from pos_app.till.values import Changes, Done


def sell(till: Till, basket: Basket, tenders: Sequence[Tender], paid_before: bool = False) -> Done:
    """Record a paid order. Always possible offline; `paid_before` as in `require_shift`.

    Refusals: `not_signed_in`, `shift_not_open`, `basket_empty`, those of pricing and of `check_tenders`.
    """
    person = require_shift(till, paid_before=paid_before)
    if not basket.cups or basket.is_redemption:
        raise Refusal("basket_empty")
    store = till.journal.store
    now = till.clock.now()
    today = business_day_text(till, now)
    priced = quote(basket, till.journal.catalogue.prices, now, today)
    check_tenders(priced.due_minor, tenders, redemption=False)
    with till.journal.writing() as rows:
        body = OrderPaid(
            order_id=till.ids.new(),
            member_id=basket.member.member_id if basket.member else None,
            cups=sold_cups(priced, store.slip_language),
            total_minor=priced.due_minor,
            currency=store.currency,
            vat=split_vat(priced.gross_by_rate()),
            tenders=tuple(tenders),
            slips=(series.next_slip(rows, "TP", till.journal.terminal_code),),
            pickup_no=series.next_pickup(rows, till.journal.terminal_code, today),
        )
        recorded = append(till, rows, body, person, now, member=basket.member, kicks_drawer=has_cash(tenders))
    till.notify(Changes(facts=True, outbox=True, paper=True))
    return Done(
        fact_id=recorded.fact.fact_id,
        kind=recorded.fact.kind,
        slips=body.slips,
        total_minor=body.total_minor,
        change_minor=change_minor(tenders),
        uses=0,
        uses_left=None,
        evidence=None,
        pickup_no=body.pickup_no,
    )


def sold_cups(priced: BasketQuote, language: str) -> tuple[SoldCup, ...]:
    """Turn priced cups into what the fact keeps, names in the slip's language."""
    return tuple(
        SoldCup(
            cup.product.product_id,
            name_in(cup.product.names, language),
            cup.base_minor,
            cup.product.vat_rate,
            tuple(
                SoldAddOn(
                    part.add_on.add_on_id,
                    name_in(part.add_on.names, language),
                    part.quantity,
                    part.free,
                    part.add_on.price_minor,
                    part.add_on.vat_rate,
                )
                for part in cup.add_ons
            ),
            note,
        )
        for cup, note in zip(priced.cups, priced.notes, strict=True)
    )


def has_cash(tenders: Sequence[Tender]) -> bool:
    """Say whether the drawer must open."""
    return any(tender.kind == "cash" for tender in tenders)


def change_minor(tenders: Sequence[Tender]) -> int:
    """Return what goes back to the customer."""
    return sum(tender.change_minor for tender in tenders)
