"""The server of a till in training: answers as the real one would, from the training journal alone, at once.

Rule: nothing leaves the machine. It is kind where the real one is strict: a code may be as old as it likes. What it
decides is of the same arithmetic, so a cashier sees the sums that the counter shows.
"""

import os
from dataclasses import replace

from sqlalchemy import Connection

from models import cards, wire
from models.catalogue import Member
from models.facts import CardCharged, Fact, ToppedUp, decode_fact
from models.refusals import Refusal
from models.reservations import ReservationClosed
from models.tokens import ShortCode, decode_short, encode_short, make_secret
from models.wire import ActionAnswer, ActionRequest, FactResult, Health, PairAnswer, PairRequest
from pos_app.clock import Clock
from pos_app.journal import identity, members, outbox, passes, practice, reservations, takings
from pos_app.journal.practice import CASHIER_PIN, MANAGER_PIN, MEMBER_PIN
from pos_app.journal.store import Journal
from pos_app.selling import refunds
from pos_app.till import find_member
from pos_app.till.till import Till
from pos_app.till.values import MemberView

__all__ = ["CASHIER_PIN", "MANAGER_PIN", "MEMBER_PIN", "PracticeServer", "code_of", "people"]

_NUMBERS = {"OrderPaid": "ZF", "CardCharged": "ZF", "ToppedUp": "CZ", "Refunded": "TK", "OrderRefunded": "TK"}


def people(till: Till) -> tuple[MemberView, ...]:
    """Return the members to practise with. Refusal `not_signed_in`."""
    return tuple(find_member.by_id(till, member.member_id) for member in practice.people(till.journal))


def code_of(member: Member) -> str:
    """Return a fresh code, as this member's phone would show it."""
    return encode_short(ShortCode(member.card_ref, make_secret(os.urandom(16))))


class PracticeServer:
    """The gateway of a till in training; `take_in` is its syncing."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        if not journal.training:
            raise ValueError("a real till is not practised at")
        self._journal, self._clock = journal, clock

    @property
    def reachable(self) -> bool:
        """Always: what a till without a network does is practised when there is none."""
        return True

    def health(self) -> Health:
        """Always well."""
        return Health("training", "", self._clock.now())

    def pair(self, server_url: str, request: PairRequest, private_key: bytes) -> PairAnswer:
        """Refusal `already_paired`."""
        del server_url, request, private_key
        raise Refusal("already_paired")

    def ask(self, request: ActionRequest, wait_seconds: float) -> ActionAnswer:
        """Grant or refuse; writes nothing, the till records what follows."""
        del wait_seconds
        try:
            with self._journal.reading() as rows:
                return self._grant(rows, request)
        except Refusal as refusal:
            return self._answer(request, refusal.code, dict(refusal.data))

    def preview(self, request: ActionRequest, wait_seconds: float) -> ActionAnswer:
        """What `ask` says: it has no effect of its own."""
        return self.ask(request, wait_seconds)

    def take_in(self) -> None:
        """Acknowledge every fact as it comes, and credit what was topped up."""
        with self._journal.reading() as rows:
            if not outbox.summary(rows).pending:
                return
        self._journal.keep(self._take_in)

    def _take_in(self, rows: Connection) -> None:
        while sent := outbox.pending(rows, wire.MAX_FACTS_PER_PUSH, wire.MAX_PUSH_BYTES):
            facts = [decode_fact(one.text) for one in sent]
            results = [FactResult(fact.fact_id, fact.seq, "accepted", None, _number(fact)) for fact in facts]
            outbox.note_results(rows, sent, results, sent[-1].seq, self._clock.now())
            for fact in facts:
                if isinstance(fact.body, ToppedUp):
                    self._credit(rows, fact.body)
                elif isinstance(fact.body, ReservationClosed):
                    self._give_back(rows, fact.body)

    def _credit(self, rows: Connection, body: ToppedUp) -> None:
        member = members.by_id(rows, self._journal.sealer, body.member_id)
        if member is not None and body.card_id is None:
            balance_minor = member.balance_minor + body.amount_minor + body.bonus_minor
            members.note_card(rows, self._journal.sealer, member.member_id, balance_minor, None)

    def _give_back(self, rows: Connection, body: ReservationClosed) -> None:
        kept = reservations.by_id(rows, body.reservation_id)
        held = None if kept is None else passes.by_id(rows, kept.source_id)
        if held is not None:
            back = replace(held, uses_left=held.uses_left + body.amount - body.used)
            passes.put(rows, back, identity.epoch(rows), outbox.last_seq(rows))

    # -- answers ------------------------------------------------------------------------------------------------

    def _answer(self, request: ActionRequest, code: str | None, data: dict[str, object]) -> ActionAnswer:
        outcome = "refused" if code else "accepted"
        return ActionAnswer(request.request_id, outcome, code, data, None, None, self._clock.now())

    def _grant(self, rows: Connection, request: ActionRequest) -> ActionAnswer:
        if request.redeem is not None:
            return self._redeem(rows, request, request.redeem)
        if request.charge is not None:
            return self._answer(request, None, self._charge(rows, request.charge))
        if request.refund is not None:
            return self._answer(request, None, self._refund(rows, request.refund))
        raise Refusal("request_malformed")

    def _redeem(self, rows: Connection, request: ActionRequest, asked: wire.RedeemAsked) -> ActionAnswer:
        held = passes.by_id(rows, asked.pass_id)
        left = 0 if held is None else held.uses_left - len(asked.cups)
        if held is None or left < 0:
            raise Refusal("uses_exhausted", {"uses_left": 0 if held is None else held.uses_left})
        return replace(self._answer(request, None, {}), uses_left=left)

    def _charge(self, rows: Connection, asked: wire.ChargeAsked) -> dict[str, object]:
        member = members.by_card_ref(rows, self._journal.sealer, decode_short(asked.member_code).card_ref)
        if member is None:
            raise Refusal("code_wrong")
        left_minor = member.balance_minor - asked.total_minor
        if left_minor < 0:
            raise Refusal(
                "balance_insufficient", {"balance_minor": member.balance_minor, "total_minor": asked.total_minor}
            )
        points = cards.points_earned(asked.raw_total_minor, asked.currency)
        band = cards.level_for(member.points, self._journal.catalogue.level_bands)
        return {
            "card_id": member.member_id, "card_type": "personal", "member_id": member.member_id,
            "discount": band.discount, "total_minor": asked.total_minor, "points_earned": points,
            "points": member.points + points, "balance_minor": left_minor,
        }  # fmt: skip

    def _refund(self, rows: Connection, asked: wire.RefundAsked) -> dict[str, object]:
        kind = refunds.kind_of(asked.original_tx_no)
        found = takings.by_tx_no(rows, asked.original_tx_no)
        body = None if found is None else found.fact.body
        if found is None or not isinstance(body, CardCharged | ToppedUp) or body.member_id is None:
            raise Refusal("transaction_unknown", {"tx_no": asked.original_tx_no[:40]})
        refunds.check_refund(asked.amount_minor, found.left_minor)
        if isinstance(body, ToppedUp) and body.card_id is not None:
            return _back_from_company(kind, found.left_minor, asked.amount_minor)
        member = members.by_id(rows, self._journal.sealer, body.member_id)
        balance_minor = 0 if member is None else member.balance_minor
        before_minor = found.amount_minor - found.left_minor
        common = {"kind": kind, "amount_minor": asked.amount_minor, "member_id": body.member_id, "uncollected_minor": 0}
        if isinstance(body, CardCharged):
            points = cards.points_taken_back(body.points_earned, body.total_minor, before_minor, asked.amount_minor)
            return {
                **common, "principal_minor": asked.amount_minor, "bonus_minor": 0, "cash_minor": 0,
                "points_taken_back": points, "balance_minor": balance_minor + asked.amount_minor,
            }  # fmt: skip
        bonus_left = min(body.bonus_minor, max(0, balance_minor - found.left_minor))
        back = cards.clawback(
            body.amount_minor, body.bonus_minor, found.left_minor, bonus_left, before_minor, asked.amount_minor
        )
        gone_minor = back.from_bonus + asked.amount_minor
        if gone_minor > balance_minor:
            raise Refusal("refund_not_allowed", {"balance_minor": balance_minor})
        return {
            **common, "principal_minor": asked.amount_minor, "bonus_minor": back.from_bonus,
            "cash_minor": back.cash_out, "uncollected_minor": back.uncollected, "points_taken_back": 0,
            "balance_minor": balance_minor - gone_minor,
        }  # fmt: skip


def _back_from_company(kind: str, left_minor: int, refund_minor: int) -> dict[str, object]:
    """A company's card has no bonus, and is taken to hold what is left of this top-up."""
    return {
        "kind": kind, "amount_minor": refund_minor, "member_id": None, "uncollected_minor": 0, "points_taken_back": 0,
        "principal_minor": refund_minor, "bonus_minor": 0, "cash_minor": refund_minor,
        "balance_minor": left_minor - refund_minor,
    }  # fmt: skip


def _number(fact: Fact) -> str:
    return f"{_NUMBERS.get(fact.kind, 'HX')}000{fact.seq:08d}"
