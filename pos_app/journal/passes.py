"""Passes as this till knows them: the server's last word, and on top what this till has done since.

Rule: an effect is dropped when a row of its pass arrives that was read after the server had acknowledged the fact, or
when complete pulls have brought none for `_SETTLE_SECONDS` after that. Until then it stays, so uses never reappear.
"""

from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from models import codec
from models.catalogue import MemberPass
from models.facts import Fact, PassSold, decode_fact
from models.passes import redeem
from models.times import format_instant
from pos_app.journal import aliases, identity, mirror, outbox
from pos_app.journal.projections import Effect, Spent, after
from pos_app.journal.tables import FACTS, OUTBOX, PASS_EFFECTS, PASSES, SPENDING

_SETTLE_SECONDS = 60


def put(rows: Connection, held: MemberPass, epoch: str, acknowledged_seq: int) -> None:
    """Store the server's word about a pass; what it has acknowledged is in it."""
    _write(rows, held, epoch)
    _drop_effects(rows, held.pass_id, acknowledged_seq)


def remove(rows: Connection, pass_id: str, acknowledged_seq: int) -> None:
    """Forget one pass of the mirror: it is gone, or the server has merged it into another one."""
    rows.execute(delete(PASSES).where(PASSES.c.pass_id == pass_id))
    _drop_effects(rows, pass_id, acknowledged_seq)


def forget_other_epochs(rows: Connection, epoch: str) -> None:
    """Drop passes that a complete pull of this epoch did not bring."""
    rows.execute(delete(PASSES).where(PASSES.c.epoch != epoch))


def settle(rows: Connection, acknowledged_seq: int, pulled_at: datetime) -> None:
    """After a complete pull: drop effects acknowledged long enough ago that the mirror must have them."""
    limit = format_instant(pulled_at - timedelta(seconds=_SETTLE_SECONDS))
    old = select(OUTBOX.c.seq).where(OUTBOX.c.state != "pending", OUTBOX.c.acknowledged_at < limit)
    rows.execute(delete(PASS_EFFECTS).where(PASS_EFFECTS.c.seq <= acknowledged_seq, PASS_EFFECTS.c.seq.in_(old)))


def add_effect(rows: Connection, effect: Effect) -> None:
    """Note that a fact changes a pass."""
    rows.execute(insert(PASS_EFFECTS), asdict(effect))


def add_spent(rows: Connection, spent: Spent) -> None:
    """Note uses taken."""
    rows.execute(insert(SPENDING), asdict(spent))


_TOLD = select(PASSES.c.value).where(PASSES.c.pass_id == bindparam("pass"))


def by_id(rows: Connection, pass_id: str) -> MemberPass | None:
    """Return one pass, own effects included."""
    told = rows.execute(_TOLD, {"pass": pass_id}).scalar_one_or_none()
    held = None if told is None else codec.decode(MemberPass, told)
    return _with_effects(rows, held, pass_id)


def of_member(rows: Connection, member_id: str) -> tuple[MemberPass, ...]:
    """Return the passes of a member, own effects included, by id."""
    ids = aliases.ids_of(rows, member_id)
    known = rows.execute(select(PASSES.c.pass_id).where(PASSES.c.member_id.in_(ids))).scalars()
    sold = rows.execute(select(PASS_EFFECTS.c.pass_id).where(PASS_EFFECTS.c.member_id.in_(ids))).scalars()
    found = (by_id(rows, pass_id) for pass_id in sorted({*known, *sold}))
    return tuple(held for held in found if held is not None)


def spent_online(rows: Connection, pass_id: str, uses: int, ledger_uses_left: int | None, business_day: str) -> int:
    """Take over what the ledger granted as the server's word; returns the uses left, as it says if it does.

    Own sales that must be in that number are no longer effects, though their acknowledgement may have been lost.
    """
    row = rows.execute(select(PASSES.c.value, PASSES.c.epoch).where(PASSES.c.pass_id == pass_id)).one_or_none()
    told = None if row is None else codec.decode(MemberPass, row.value)
    before = 0 if ledger_uses_left is None else ledger_uses_left + uses
    held, posted_seq = _with_posted_sales(rows, told, pass_id, before)
    if held is None:
        return ledger_uses_left or 0
    _drop_effects(rows, pass_id, posted_seq)
    if told is None and ledger_uses_left is not None:
        acknowledged = select(OUTBOX.c.seq).where(OUTBOX.c.state != "pending")
        rows.execute(
            delete(PASS_EFFECTS).where(PASS_EFFECTS.c.pass_id == pass_id, PASS_EFFECTS.c.seq.in_(acknowledged))
        )
    spent = redeem(replace(held, uses_left=max(held.uses_left, uses)), uses, business_day)
    if ledger_uses_left is not None:
        spent = replace(spent, uses_left=ledger_uses_left)
    _write(rows, spent, identity.epoch(rows) if row is None else row.epoch)
    if ledger_uses_left is not None:
        return ledger_uses_left
    known = by_id(rows, pass_id)
    return known.uses_left if known is not None else 0


def own_sale_uses(rows: Connection, pass_id: str, ledger_knows_pass: bool | None = None) -> int:
    """Return how many uses this till sold in facts that nobody else can have known, less all it took since.

    A sale that has left this till may be used elsewhere, though its acknowledgement is lost; so may one that a ledger
    of an earlier epoch acknowledged, though it is sent again. `ledger_knows_pass` is what the ledger has just answered,
    None without an answer. True: it has the sale that made the pass, so only one on top counts. False: it had none of
    them when it answered, so those that have left count too. That is true of the moment of the answer: a push that is
    on its way meanwhile may be posted before this till's use is, and what another till is granted between is overspent.
    """
    sold = 0
    first_seq = None
    sent_through = 0 if ledger_knows_pass is False else outbox.sent_through(rows)
    for fact in _effects(rows, pass_id, unheard_only=True):
        body = fact.body
        if fact.seq <= sent_through or not isinstance(body, PassSold):
            continue
        if body.status == "active" and (body.stacked or not ledger_knows_pass):
            sold += body.uses
            first_seq = fact.seq if first_seq is None else first_seq
    if first_seq is None:
        return 0
    return max(0, sold - _sum(rows, SPENDING.c.pass_id == pass_id, SPENDING.c.seq > first_seq))


def taken_since(rows: Connection, pass_id: str, moment: datetime) -> int:
    """Return the uses that this till took from a pass at or after a moment, and those that the server may not have
    known by then, whatever our clock said."""
    at = format_instant(moment)
    unknown = or_(OUTBOX.c.state == "pending", OUTBOX.c.acknowledged_at >= at)
    since = or_(SPENDING.c.happened_at >= at, and_(SPENDING.c.rung != "online", unknown))
    joined = SPENDING.join(OUTBOX, OUTBOX.c.seq == SPENDING.c.seq)
    statement = select(func.coalesce(func.sum(SPENDING.c.uses), 0)).select_from(joined)
    return int(rows.execute(statement.where(SPENDING.c.pass_id == pass_id, since)).scalar_one())


def at_risk_of_member(rows: Connection, member_id: str, business_day: str) -> int:
    """Return the unproven uses that a member had here on this business day."""
    ids = aliases.ids_of(rows, member_id)
    return _sum(
        rows, SPENDING.c.member_id.in_(ids), SPENDING.c.business_day == business_day, SPENDING.c.rung == "at_risk"
    )


# By the index of what was taken at risk, which a bound value would keep SQLite from; "+": not by all that waits.
_AT_RISK_UNSETTLED = text(
    "SELECT coalesce(sum(s.uses), 0) FROM spending AS s CROSS JOIN outbox AS o ON o.seq = s.seq"
    " WHERE s.rung = 'at_risk' AND +o.state = 'pending' AND o.heard = 0"
)


def at_risk_unsettled(rows: Connection) -> int:
    """Return the unproven uses of this till that no server has ever acknowledged."""
    return int(rows.execute(_AT_RISK_UNSETTLED).scalar_one())


def _drop_effects(rows: Connection, pass_id: str, acknowledged_seq: int) -> None:
    rows.execute(delete(PASS_EFFECTS).where(PASS_EFFECTS.c.pass_id == pass_id, PASS_EFFECTS.c.seq <= acknowledged_seq))


def _write(rows: Connection, held: MemberPass, epoch: str) -> None:
    values = {"member_id": held.member_id, "value": codec.encode(held).decode(), "epoch": epoch}
    statement = upsert(PASSES).values(pass_id=held.pass_id, **values)
    rows.execute(statement.on_conflict_do_update(index_elements=["pass_id"], set_=values))


def _with_effects(rows: Connection, held: MemberPass | None, pass_id: str) -> MemberPass | None:
    effects = _effects(rows, pass_id, unheard_only=False)
    if not effects:
        return held
    store = mirror.load_store(rows)
    merchant_id = store.merchant_id if store else ""
    for fact in effects:
        held = after(held, fact, merchant_id)
    return held


def _with_posted_sales(
    rows: Connection, told: MemberPass | None, pass_id: str, before: int
) -> tuple[MemberPass | None, int]:
    """Return the pass with those own sales without which the ledger could not have granted what it did, and the place
    of the last of them (0: none). `before` is the ledger's count before the grant.

    A sale that made or renewed the pass is such a sale; one on top of it is when the ledger counts more than without.
    """
    held, posted_seq = told, 0
    store = mirror.load_store(rows)
    for fact in _effects(rows, pass_id, unheard_only=False):
        if not isinstance(fact.body, PassSold):
            continue
        counted = held is not None and held.status != "expired" and fact.happened_at < held.expires_at
        if held is None or not counted or before > held.uses_left:
            held, posted_seq = after(held, fact, store.merchant_id if store else ""), fact.seq
    return held, posted_seq


def _effects(rows: Connection, pass_id: str, unheard_only: bool) -> list[Fact]:
    joined = PASS_EFFECTS.join(FACTS, FACTS.c.seq == PASS_EFFECTS.c.seq)
    statement = select(FACTS.c.bytes).where(PASS_EFFECTS.c.pass_id == pass_id).order_by(FACTS.c.seq)
    if unheard_only:
        joined = joined.join(OUTBOX, OUTBOX.c.seq == FACTS.c.seq)
        statement = statement.where(OUTBOX.c.state == "pending", OUTBOX.c.heard == 0)
    return [decode_fact(data) for data in rows.execute(statement.select_from(joined)).scalars()]


def _sum(rows: Connection, *conditions: object) -> int:
    statement = select(func.coalesce(func.sum(SPENDING.c.uses), 0)).where(*conditions)  # type: ignore[arg-type]
    return int(rows.execute(statement).scalar_one())
