"""An expected "no": a stable code plus data, never prose.

Rule: codes are words of the protocol. They are turned into sentences by `pos_app.ui`, `sync_server.admin`
or `printing`; over HTTP a refusal becomes an RFC 9457 problem whose `type` carries the code.
"""

from collections.abc import Mapping

PROBLEM_TYPE_PREFIX = "urn:tillkeeper:problem:"

CODES = frozenset(
    {
        # passes and baskets
        "basket_empty",
        "pass_not_active",
        "pass_expired",
        "pass_unknown",
        "pass_other_member",
        "pass_other_merchant",
        "uses_exhausted",
        "uses_per_order_exceeded",
        "uses_per_day_exceeded",
        "product_unknown",
        "product_not_eligible",
        "add_on_unknown",
        "price_changed",
        "plan_unknown",
        "plan_not_on_sale",
        "pass_revoked",
        # money
        "currency_mismatch",
        "amount_invalid",
        "tender_not_allowed",
        "tender_unknown",
        "tender_insufficient",
        "change_only_from_cash",
        # the drawer
        "count_missing",
        "difference_unexplained",
        "cash_insufficient",
        "approval_needed",
        # cards
        "balance_insufficient",
        "card_unknown",
        "card_inactive",
        "card_expired",
        "card_currency_unset",
        "refund_exceeds",
        "refund_not_allowed",
        "not_refundable_here",
        "transaction_unknown",
        "external_order_used",
        "levels_overlap",
        "bonus_differs",
        "bonus_rule_invalid",
        "payment_unknown",
        "top_up_not_pending",
        # enterprise cards
        "card_password_wrong",
        "card_password_locked",
        "not_admin",
        "last_admin",
        "already_member",
        "not_a_member",
        # other units of the ledger
        "tickets_insufficient",
        "units_insufficient",
        "reservation_unknown",
        "reservation_closed",
        "reservation_exceeds",
        "reservation_recalled",
        "reservations_too_many",
        # decisions by people
        "adjustment_unknown",
        "adjustment_decided",
        "same_person",
        "review_unknown",
        "review_decided",
        "reason_missing",
        "held_unknown",
        "held_decided",
        "granted_unknown",
        "refund_followed",
        "held_not_postable",
        "account_missing",
        "nothing_lost",
        "loss_unknown",
        "loss_settled",
        "alarm_unknown",
        "alarm_closed",
        "policy_changed",
        "store_unknown",
        # members and their codes
        "member_unknown",
        "not_in_training",
        "member_inactive",
        "phone_invalid",
        "name_invalid",
        "sealing_key_missing",
        "code_unreadable",
        "code_foreign",
        "code_edited",
        "code_expired",
        "code_not_yet_valid",
        "code_other_terminal",
        "code_pays_goods",
        "code_wrong",
        "code_used",
        "code_locked",
        # offline policy (sync.md, rungs 1 to 4)
        "offline_needs_signed_code",
        "offline_not_allowed",
        "offline_operation_cap",
        "offline_member_cap",
        "offline_terminal_cap",
        "offline_sync_too_old",
        "offline_snapshot_too_old",
        "offline_clock_frozen",
        "policy_invalid",
        # people and shifts
        "pin_wrong",
        "pin_throttled",
        "pin_invalid",
        "pin_too_easy",
        "pin_not_set",
        "member_pin_needed",
        "permission_missing",
        "not_signed_in",
        "shift_not_open",
        "shift_already_open",
        # people at HQ
        "login_wrong",
        "login_locked",
        "csrf_wrong",
        # members on their phones
        "phone_code_wrong",
        "phone_code_expired",
        "phone_code_too_soon",
        "phone_code_limit",
        # identity, pairing and protocol
        "not_paired",
        "already_paired",
        "server_address_wrong",
        "pairing_code_wrong",
        "pairing_code_expired",
        "pairing_code_used",
        "pairing_throttled",
        "terminal_unknown",
        "terminal_revoked",
        "terminal_forked",
        "revocation_unproven",
        "revoked_queue_full",
        "signature_missing",
        "signature_invalid",
        "request_expired",
        "request_replayed",
        "request_malformed",
        "request_too_large",
        "request_abandoned",
        "request_taken_back",
        "till_too_old",
        "server_too_old",
        "newer_than_server",
        "content_differs",
        "idempotency_key_missing",
        "key_unknown",
        # paper
        "slip_unknown",
        "slip_not_printed_yet",
        "template_invalid",
    }
)


class Refusal(Exception):
    """An expected "no". `code` is one of `CODES`; `data` holds plain JSON values that a sentence may need."""

    def __init__(self, code: str, data: Mapping[str, object] | None = None) -> None:
        if code not in CODES:
            raise ValueError(f"unknown refusal code {code!r}")
        super().__init__(code)
        self.code = code
        self.data: dict[str, object] = dict(data or {})
