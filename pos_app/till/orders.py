"""Look up what this till sold, redeemed, refunded and moved: a page of it, one found by a number or a code, one whole.

Rule: only reads, with or without a network, and decodes a page at most however long the chain is. What was compacted
(`retention`) keeps its row and its paper.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from sys import maxsize

from sqlalchemy import Connection

from models.catalogue import Member, mask_card_no, mask_name
from models.drawer import CashMoved
from models.facts import Body, OrderRefunded, PassSold, Refunded, SoldCup, ToppedUp
from models.phones import is_number, mask_phone, plain_digits
from models.refusals import Refusal
from models.times import business_day, business_day_bounds
from models.tokens import code_family, slip_check_code
from pos_app.journal import aliases, members, orders, outbox, prints, takings
from pos_app.journal.orders import GROUPS, KINDS, Found
from pos_app.till import refundable
from pos_app.till.companies import company_of
from pos_app.till.find_member import card_ref_of, people_by_phone
from pos_app.till.order_values import CameBack, OrderDetail, OrderPage, OrderRow, Sought
from pos_app.till.sign_in import require_session
from pos_app.till.slips import slip_view
from pos_app.till.till import Till

__all__ = ["GROUPS", "PAGE", "find", "newest", "page", "recent", "show", "today"]

PAGE = 50
RECENT = 6
_SLIP = re.compile(r"[A-Z]{2}\.[A-Z0-9]{2,8}\.[0-9]{6,9}")
_LEDGER = re.compile(r"[A-Z]{2}[0-9]{6,30}")
_DIGITS = range(3, 21)
_OUT = ("paid_out", "safe_drop")


def today(till: Till) -> date:
    """Return the store's business day that it is now."""
    store = till.journal.store
    return business_day(till.clock.now(), store.timezone, store.business_day_cutoff_minutes)


def page(
    till: Till, group: str = "", day: date | None = None, sought: Sought | None = None, before: int | None = None
) -> OrderPage:
    """Return at most `PAGE` orders below the place `before`, newest first.

    `group`: one of `GROUPS`, "" for all (KeyError for another). What is sought is sought on all days. Refusal
    `not_signed_in`.
    """
    require_session(till)
    kinds = GROUPS[group] if group else KINDS
    below = maxsize if before is None else before
    with till.journal.reading() as rows:
        if sought is None:
            seqs = orders.of_time(rows, kinds, below, PAGE + 1, _bounds(till, day))
        elif sought.seq is not None:
            seqs = [sought.seq] if sought.seq < below else []
        else:
            seqs = orders.of_people_or_pickup(rows, kinds, below, PAGE + 1, sought.member_ids, sought.pickup_no)
        shown = seqs[:PAGE]
        return OrderPage(_rows(till, rows, orders.at(rows, shown)), shown[-1] if len(seqs) > PAGE else None)


def recent(till: Till, member_id: str) -> tuple[OrderRow, ...]:
    """Return the last `RECENT` orders of a member that this till knows of, newest first; those of other tills are not
    here. Refusal `not_signed_in`.
    """
    require_session(till)
    with till.journal.reading() as rows:
        ids = aliases.ids_of(rows, member_id)
        seqs = orders.of_people_or_pickup(rows, KINDS, maxsize, RECENT, ids, "")
        return _rows(till, rows, orders.at(rows, seqs))


def newest(till: Till, within: timedelta) -> OrderRow | None:
    """Return what was recorded last, unless that is longer ago. Nobody needs to be signed in."""
    with till.journal.reading() as rows:
        found = _rows(till, rows, orders.at(rows, orders.of_time(rows, KINDS, maxsize, 1, None)))
    return found[0] if found and till.clock.now() - found[0].happened_at <= within else None


def find(till: Till, text: str) -> Sought:
    """Return what a typed or scanned text means: a slip's number or check code, a ledger or pick-up number, the last
    digits of a member's phone or all of them, a member's code.

    Refusals: `not_signed_in`, `slip_unknown` (of another till), `code_edited` (a check code that is not this slip's),
    `transaction_unknown`, `member_unknown`, and those of a member's code.
    """
    require_session(till)
    said = "".join(text[:400].split()).upper()
    family = code_family(said)
    with till.journal.reading() as rows:
        if family in ("short", "snapshot"):
            member = members.by_card_ref(rows, till.journal.sealer, card_ref_of(till, said))
            if member is None:
                raise Refusal("member_unknown")
            return _of_people(rows, "", [member], "")
        if family == "slip" or _SLIP.fullmatch(said):
            return Sought(said, _by_slip(rows, said))
        if _LEDGER.fullmatch(said):
            return Sought(said, _by_number(rows, said))
        if is_number(said) and len(said) in _DIGITS:
            said = plain_digits(said) or said
            return _of_people(rows, said, people_by_phone(till, rows, said)[0], said)
    raise Refusal("transaction_unknown", {"tx_no": said[:40]})


def show(till: Till, seq: int) -> OrderDetail:
    """Return one order whole. Refusals: `not_signed_in`, `transaction_unknown` (no order stands at this place)."""
    require_session(till)
    with till.journal.reading() as rows:
        found = next((one for one in orders.at(rows, [seq]) if one.entry.kind in KINDS), None)
        if found is None:
            raise Refusal("transaction_unknown")
        return _detail(till, rows, found)


def _bounds(till: Till, day: date | None) -> tuple[datetime, datetime] | None:
    store = till.journal.store
    return None if day is None else business_day_bounds(day, store.timezone, store.business_day_cutoff_minutes)


# -- finding ----------------------------------------------------------------------------------------------------


def _by_slip(rows: Connection, said: str) -> int:
    number, check = said, ""
    if code_family(said) == "slip":
        number, _, check = said.rpartition(".")
    seq = orders.of_slip(rows, number)
    found = orders.at(rows, [seq]) if seq is not None else ()
    if seq is None or not found:
        raise Refusal("slip_unknown", {"number": number[:40]})
    if check and slip_check_code(number, found[0].hash) != said:
        raise Refusal("code_edited")
    return seq


def _by_number(rows: Connection, number: str) -> int:
    seq = outbox.seq_of_number(rows, number)
    if seq is None:
        charged = takings.by_tx_no(rows, number)  # numbered by the answer before it
        seq = None if charged is None else charged.fact.seq
    if seq is None or not any(one.entry.kind in KINDS for one in orders.at(rows, [seq])):
        raise Refusal("transaction_unknown", {"tx_no": number})
    return seq


def _of_people(rows: Connection, text: str, found: Sequence[Member], pickup_no: str) -> Sought:
    ids = [one for member in found for one in aliases.ids_of(rows, member.member_id)]
    who = mask_name(found[0].name) if len(found) == 1 else ""
    return Sought(text, member_ids=tuple(ids), pickup_no=pickup_no, who=who)


# -- rows -------------------------------------------------------------------------------------------------------


def _rows(till: Till, rows: Connection, found: Sequence[Found]) -> tuple[OrderRow, ...]:
    papers = prints.of_facts(rows, [one.entry.seq for one in found if one.fact is None])
    names = {one.entry.seq: _name_of(rows, one) for one in found}
    back: dict[str, int] = {}
    for body in takings.refunds_of(rows, list(names.values())):
        name, amount_minor = _given_back(body)
        back[name] = back.get(name, 0) + amount_minor
    return tuple(
        _row(till, rows, one, papers.get(one.entry.seq, ()), back.get(names[one.entry.seq], 0)) for one in found
    )


def _row(till: Till, rows: Connection, one: Found, papers: Sequence[prints.Job], back_minor: int) -> OrderRow:
    entry, decided = one.entry, one.entry.decided
    tx_no = entry.tx_no if decided is None else decided.tx_no or entry.tx_no
    decision = None if decided is None else decided.decision
    if one.fact is None:
        slip = papers[0].slip if papers else ""
        return OrderRow(
            entry.seq, entry.kind, entry.happened_at, entry.state, slip, tx_no, decision, whole=False
        )  # fmt: skip
    body = one.fact.body
    member = _member(till, rows, body)
    detail, more = _told(body, member)
    return OrderRow(
        entry.seq,
        entry.kind,
        entry.happened_at,
        entry.state,
        getattr(body, "slips", ("",))[0],
        tx_no,
        decision,
        amount_minor=_amount(body),
        uses=getattr(body, "uses", 0),
        who="" if member is None else mask_name(member.name),
        pickup_no=getattr(body, "pickup_no", ""),
        back_minor=back_minor,
        detail=detail,
        more=more,
        company=isinstance(body, ToppedUp) and body.card_id is not None,
    )


def _name_of(rows: Connection, one: Found) -> str:
    """By what its refunds name it; "" for what is not whole any more."""
    if one.fact is None:
        return ""
    return takings.name_of(one.fact, takings.number_of(rows, one.fact, one.entry.tx_no))


def _given_back(body: Refunded | OrderRefunded) -> tuple[str, int]:
    if isinstance(body, Refunded):
        return body.original_tx_no, body.amount_minor
    return body.order_id, body.total_minor


def _amount(body: Body) -> int | None:
    if isinstance(body, Refunded | OrderRefunded):
        return -_given_back(body)[1]
    if isinstance(body, CashMoved):
        return -body.amount_minor if body.move in _OUT else body.amount_minor
    if isinstance(body, ToppedUp):
        return body.amount_minor
    amount_minor: int | None = getattr(body, "total_minor", getattr(body, "extra_total_minor", None))
    return amount_minor


def _told(body: Body, member: Member | None) -> tuple[str, int]:
    if isinstance(body, ToppedUp):
        company = company_of(member, body.card_id)
        return company.company_name if company else "", 0
    if isinstance(body, CashMoved):
        return body.move, 0
    if isinstance(body, PassSold):
        return body.plan_name, 0
    cups = _cups(body)
    names = list(dict.fromkeys(cup.name for cup in cups))
    return (names[0], len(cups) - 1) if names else ("", 0)


def _cups(body: Body) -> tuple[SoldCup, ...]:
    return getattr(body, "cups", ())


def _member(till: Till, rows: Connection, body: Body) -> Member | None:
    member_id = getattr(body, "member_id", None)
    return None if member_id is None else members.by_id(rows, till.journal.sealer, member_id)


# -- one whole --------------------------------------------------------------------------------------------------


def _detail(till: Till, rows: Connection, found: Found) -> OrderDetail:
    row, entry = _rows(till, rows, [found])[0], found.entry
    jobs = prints.of_facts(rows, [entry.seq]).get(entry.seq, ())
    slips = dict.fromkeys(job.slip for job in jobs if job.copy == 0)
    papers = tuple(slip_view(job) for slip in slips for job in prints.of_slip(rows, slip))
    reason = entry.reason if entry.state == "held" else None
    told = "" if entry.decided is None else entry.decided.reason
    if found.fact is None:
        return OrderDetail(row, reason=reason, decision_reason=told, papers=papers)
    fact, body = found.fact, found.fact.body
    given = takings.refunds_of(rows, [_name_of(rows, found)])
    gone = {place for one in given if isinstance(one, OrderRefunded) for place in one.lines}
    member = _member(till, rows, body)
    evidence = getattr(body, "evidence", None)
    company = company_of(member, body.card_id) if isinstance(body, ToppedUp) else None
    return OrderDetail(
        row,
        lines=refundable.lines_of(_cups(body), gone),
        tenders=getattr(body, "tenders", ()),
        vat=getattr(body, "vat", ()),
        evidence=None if evidence is None else evidence.rung,
        cashier=_name(till, fact.cashier_id),
        approver=_name(till, fact.approver_id),
        member="" if member is None else mask_name(member.name),
        phone="" if member is None else mask_phone(member.phone),
        reason=reason,
        decision_reason=told,
        why=getattr(body, "reason", ""),
        original=_original(body),
        papers=papers,
        back=tuple(_came_back(one) for one in given),
        refundable=refundable.of_fact(till, rows, fact),
        company="" if company is None else f"{company.company_name} · {mask_card_no(company.card_no)}",
    )


def _came_back(body: Refunded | OrderRefunded) -> CameBack:
    return CameBack(body.slips[0], _given_back(body)[1], tuple(cup.name for cup in _cups(body)))


def _original(body: Body) -> str:
    if isinstance(body, OrderRefunded):
        return body.original_slip
    return body.original_tx_no if isinstance(body, Refunded) else ""


def _name(till: Till, staff_id: str | None) -> str:
    person = till.journal.catalogue.staff.get(staff_id or "")
    return "" if person is None else person.name
