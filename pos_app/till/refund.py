"""Refund a charge or a top-up: ask the ledger, hand out what it grants. Online only, and never abandoned.

Rule: once asked, only the ledger's answer ends a refund. While none comes, the intent stays and is asked again under
the same id, also after a restart; the answer alone makes the fact, its slip and what is handed out.
"""

import logging
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from models import wire
from models.catalogue import TENDER_KINDS, CompanyCard, Member
from models.facts import REFUND_KINDS, Evidence, OrderPaid, Refunded, ToppedUp
from models.refusals import Refusal
from pos_app.journal import members, requests, series, takings
from pos_app.journal.chain import Recorded
from pos_app.journal.requests import Asked
from pos_app.selling import permissions, refunds
from pos_app.till.approval import Approval, approver_of
from pos_app.till.asking import asking, read_data, refusal_of, send
from pos_app.till.companies import company_of
from pos_app.till.recording import append
from pos_app.till.sign_in import require_shift
from pos_app.till.till import Till
from pos_app.till.values import CardResult, Changes, Done, OpenRefund, Session

_log = logging.getLogger(__name__)
_MOST_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Granted:
    """The ledger's answer to a refund. Of a top-up `bonus_minor` leaves the card, `principal_minor` is kept of the cash
    for bonus that was spent, `uncollected_minor` is lost; of a charge the first two go back to the card.
    """

    kind: str
    amount_minor: int
    bonus_minor: int
    principal_minor: int
    cash_minor: int
    uncollected_minor: int
    points_taken_back: int
    balance_minor: int
    member_id: str | None


def refund(
    till: Till, tx_no: str, amount_minor: int, tender: str | None, reason: str, approval: Approval | None = None
) -> Done | None:
    """Ask for a refund; None: no answer yet, it is asked again until there is one (`waiting`).

    `tender` says how a top-up's money goes back, None for a charge, which goes back to its card. Refusals:
    `not_signed_in`, `shift_not_open`, `approval_needed`, `transaction_unknown`, `amount_invalid`,
    `refund_exceeds`, `reason_missing`, `tender_unknown`, `tender_not_allowed`, `offline_not_allowed`,
    `refund_not_allowed` (one of this transaction waits already), and those of the ledger.
    """
    person = require_shift(till)
    check(till, tx_no, amount_minor, tender, reason)
    if not till.gateway.reachable:
        raise Refusal("offline_not_allowed")
    subject = f"refund {tx_no} {amount_minor} {tender or 'card'} {reason}"
    approver_id = approver_of(till, person, permissions.REFUND, subject, approval)
    now = till.clock.now()
    asked = wire.RefundAsked(till.ids.new(), tx_no, amount_minor, tender, till.journal.store.currency, reason, now)
    request = wire.ActionRequest(wire.PROTOCOL, till.ids.new(), refund=asked)
    with asking(till, request):
        with till.journal.writing() as rows:
            if any(_asked_of(one).original_tx_no == tx_no for one in _waiting(rows)):
                raise Refusal("refund_not_allowed", {"waits": True})
            requests.ask(rows, request, now, person.staff_id, person.shift_id, approver_id)
        return _ask(till, request.request_id, first=True)


def ask_again(till: Till) -> int:
    """Ask for the refunds that wait, oldest first; returns how many the ledger answered."""
    with till.journal.reading() as rows:
        waiting = [one for one in _waiting(rows) if one.request_id not in till.live.asking]
    answered = 0
    for one in waiting[:_MOST_AT_ONCE]:
        with asking(till, one.request):
            _ask(till, one.request_id, first=False)
        with till.journal.reading() as rows:
            found = requests.by_id(rows, one.request_id)
        if found is None or found.state == "asked":
            break  # nobody answers now; the next round is soon
        answered += 1
    return answered


def waiting(till: Till) -> tuple[OpenRefund, ...]:
    """Return refunds without an answer, and answered ones that no cashier has seen; oldest first."""
    with till.journal.reading() as rows:
        return tuple(_open(one) for one in requests.open_refunds(rows))


def seen(till: Till, request_id: str) -> None:
    """Note that a cashier has seen what came of a refund, and has handed out what it says."""
    till.journal.keep(lambda rows: requests.note_told(rows, request_id))
    till.notify(Changes(outbox=True))


def granted_of(answer: wire.ActionAnswer, tx_no: str) -> Granted:
    """Return what an accepted answer grants of this transaction; Refusal `request_malformed` when it cannot be read."""
    granted = read_data(Granted, answer)
    if granted.kind not in REFUND_KINDS or granted.kind != refunds.kind_of(tx_no):
        raise Refusal("request_malformed", {"pointer": "/data/kind"})
    return granted


def check(till: Till, tx_no: str, amount_minor: int, tender: str | None, reason: str) -> None:
    """Refuse what need not be asked: those of `refund` about the transaction, the amount, the tender and the reason."""
    kind = refunds.kind_of(tx_no)
    with till.journal.reading() as rows:
        known = takings.by_tx_no(rows, tx_no)
    if known is not None and isinstance(known.fact.body, OrderPaid):
        raise Refusal("refund_not_allowed", {"kind": known.fact.kind})  # a sale for money comes back by its lines
    refunds.check_refund(amount_minor, None if known is None else known.left_minor)
    if reason not in refunds.REASONS:
        raise Refusal("reason_missing")
    if kind == "charge" and tender is not None:
        raise Refusal("tender_not_allowed", {"tender": tender[:40]})
    if kind == "top_up" and tender not in TENDER_KINDS:
        raise Refusal("tender_unknown", {"tender": str(tender)[:40]})


def _ask(till: Till, request_id: str, first: bool) -> Done | None:
    """Ask once and write down what came of it. Refusals of the ledger when a cashier waits for it (`first`)."""
    with till.journal.reading() as rows:
        one = requests.by_id(rows, request_id)
    if one is None or one.state != "asked":
        return None
    try:
        answer = send(till, one.request)
    except Refusal as refusal:
        # Asked before, it may have been granted then: only an answer to this very id ends it.
        if first:
            _refuse(till, one, refusal.code, None, told=True)
            raise
        _stays(till, one, refusal.code)
        return None
    if answer is None:
        _stays(till, one, None)
        return None
    if answer.outcome != "accepted":
        no = refusal_of(answer)
        _refuse(till, one, no.code, answer, told=first)
        if first:
            raise no
        return None
    try:
        granted = granted_of(answer, _asked_of(one).original_tx_no)
    except Refusal as refusal:
        _log.error("the answer to a refund cannot be read at %s", refusal.data.get("pointer"))
        _stays(till, one, refusal.code)
        return None
    return _record(till, one, granted, answer)


def _stays(till: Till, one: Asked, code: str | None) -> None:
    till.journal.keep(lambda rows: requests.note_silence(rows, one.request_id, code))
    till.notify(Changes(outbox=True))


def _refuse(till: Till, one: Asked, code: str, answer: wire.ActionAnswer | None, told: bool) -> None:
    def work(rows: Connection) -> None:
        requests.settle(rows, one.request_id, "refused", code, till.clock.now(), None, answer)
        if told:
            requests.note_told(rows, one.request_id)

    till.journal.keep(work)
    till.notify(Changes(outbox=True))


def _record(till: Till, one: Asked, granted: Granted, answer: wire.ActionAnswer) -> Done | None:
    asked = _asked_of(one)
    paid_out = granted.cash_minor if granted.kind == "top_up" else 0

    def work(rows: Connection) -> Recorded | None:
        now = requests.by_id(rows, one.request_id)
        if now is None or now.state != "asked":
            return None  # another thread was faster with the same answer
        member, company = _holder(till, rows, asked, granted)
        body = Refunded(
            refund_id=asked.refund_id,
            original_tx_no=asked.original_tx_no,
            kind=granted.kind,
            amount_minor=granted.amount_minor,
            cash_minor=paid_out,
            tender=asked.tender,
            currency=asked.currency,
            balance_minor=granted.balance_minor,
            reason=asked.reason,
            slips=(series.next_slip(rows, "VR", till.journal.terminal_code),),
            evidence=Evidence("online", one.request_id),
        )
        requests.settle(rows, one.request_id, "accepted", None, till.clock.now(), asked.refund_id, answer)
        return append(
            till,
            rows,
            body,
            _asker(till, one),
            till.clock.now(),
            member=member,
            company=company,
            kicks_drawer=paid_out > 0 and asked.tender == "cash" and till.live.staff_id is not None,
            approver_id=one.approver_id,
        )

    recorded = till.journal.keep(work)
    till.notify(Changes(facts=True, outbox=True, members=True, paper=True))
    return None if recorded is None else _done(recorded, one.request_id, granted)


def _holder(
    till: Till, rows: Connection, asked: wire.RefundAsked, granted: Granted
) -> tuple[Member | None, CompanyCard | None]:
    """Take over what the ledger says of a member's card; of a company's, who had asked for the top-up and for which."""
    if granted.member_id is None:
        known = takings.by_tx_no(rows, asked.original_tx_no)
        body = None if known is None else known.fact.body
        if not isinstance(body, ToppedUp):
            return None, None
        member = members.by_id(rows, till.journal.sealer, body.member_id)
        return member, company_of(member, body.card_id)
    member = members.by_id(rows, till.journal.sealer, granted.member_id)
    if member is not None:
        points = max(0, member.points - granted.points_taken_back)
        members.note_card(rows, till.journal.sealer, member.member_id, granted.balance_minor, points)
    return member, None


def _done(recorded: Recorded, request_id: str, granted: Granted) -> Done:
    body = recorded.fact.body
    if not isinstance(body, Refunded):
        raise TypeError(recorded.fact.kind)
    top_up = granted.kind == "top_up"
    return Done(
        fact_id=recorded.fact.fact_id,
        kind=recorded.fact.kind,
        slips=body.slips,
        total_minor=body.amount_minor,
        change_minor=0,
        uses=0,
        uses_left=None,
        evidence=body.evidence.rung,
        card=CardResult(
            balance_minor=body.balance_minor,
            bonus_minor=granted.bonus_minor if top_up else 0,
            points_change=-granted.points_taken_back,
            cash_minor=body.cash_minor,
            kept_minor=body.amount_minor - body.cash_minor if top_up else 0,
            uncollected_minor=granted.uncollected_minor,
            kind=body.kind,
            tender=body.tender,
            request_id=request_id,
        ),
    )


def _asker(till: Till, one: Asked) -> Session | None:
    """Return who asked, also when somebody else or nobody is signed in by now."""
    if one.cashier_id is None:
        return None
    person = till.journal.catalogue.staff.get(one.cashier_id)
    return Session(one.cashier_id, person.name if person else "", frozenset(), one.shift_id, None)


def _waiting(rows: Connection) -> list[Asked]:
    return [one for one in requests.open_refunds(rows) if one.state == "asked"]


def _asked_of(one: Asked) -> wire.RefundAsked:
    if one.request.refund is None:
        raise TypeError(one.request_id)
    return one.request.refund


def _open(one: Asked) -> OpenRefund:
    asked = _asked_of(one)
    found = OpenRefund(
        one.request_id, asked.original_tx_no, asked.amount_minor, asked.tender, one.asked_at, one.state, one.code
    )
    if one.state != "accepted" or one.answer is None:
        return found
    granted = read_data(Granted, one.answer)
    cash_minor = granted.cash_minor if granted.kind == "top_up" else 0
    return replace(found, cash_minor=cash_minor, balance_minor=granted.balance_minor)
