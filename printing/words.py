"""The words on slips, per language, from `resources/words`.

Rule: read here, passed on as an argument. Every language has exactly the words of `KEYS`.
"""

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import resources
from models.catalogue import LANGUAGES

_KEYS = """
    title_redemption title_pass_sale title_ticket not_fiscal
    time number series terminal cashier member pickup tax_id
    pass item uses_column uses_used uses_left uses_bought uses_added expires
    extra total received change free related_ticket related_voucher
    vat vat_base vat_quota
    evidence evidence_online evidence_reserved evidence_at_risk evidence_own_sale
    tender_cash tender_bank_card tender_bizum tender_platform tender_wechat tender_alipay
    purchase first_purchase stacked_purchase awaiting_review awaiting_review_note
    status status_active status_suspended status_revoked status_expired
    title_top_up title_refund amount bonus credit credited_when_synced balance balance_left balance_pending
    subtotal discount_personal discount_enterprise card_personal card_enterprise points
    original refund_of_charge refund_of_top_up refund_of_order refunded card_back cash_back bonus_kept
    title_z_report title_paid_in title_paid_out title_safe_drop title_no_sale signature reason reason_change
    reason_correction reason_supplier reason_expenses reason_safe reason_bank reason_check reason_miscounted
    reason_change_error reason_float_wrong reason_unexplained reason_order_wrong reason_not_delivered
    reason_product_fault reason_amount_wrong reason_changed_mind reason_other shift_opened shift_closed
    business_day cash_drawer float paid_in paid_out safe_drop taken given_back expected counted difference
    difference_first
    activity count_orders count_redemptions count_uses count_pass_sales count_top_ups count_card_charges
    card_charged count_refunds count_reprints count_no_sales numbers_used none_used
    copy thanks check note training company company_card asked_by approved_by
"""
KEYS = frozenset(_KEYS.split())
"""Names of all words that a template may use as `{#name}`; `copy` holds `{n}`."""


@cache
def slip_words(language: str) -> Mapping[str, str]:
    """Return the words of "zh-CN", "es-ES" or "en"; ValueError for another language."""
    if language not in LANGUAGES:
        raise ValueError(f"no slip words in {language!r}")
    found: dict[str, str] = json.loads(resources.path(f"words/slips.{language}.json").read_text("utf-8"))
    if found.keys() != KEYS:
        raise ValueError(f"slip words in {language}: {sorted(found.keys() ^ KEYS)}")
    return MappingProxyType(found)
