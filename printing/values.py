"""Write a slip document's values for people: money, local times, counts and words, by name.

Rule: pure; texts only, safe for paper. A value that does not apply is the empty text. The names are `blocks.NAMES`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from models.ids import parse_slip_number
from models.money import format_money
from printing.fonts import has
from printing.slips import TOP_UP, SlipAddOn, SlipDocument, SlipLine
from printing.width import printable


@dataclass(frozen=True, slots=True)
class Values:
    """Texts by name, and lists of further values by name."""

    texts: Mapping[str, str]
    lists: Mapping[str, "Sequence[Values]"] = field(default_factory=dict)


def values_of(document: SlipDocument, words: Mapping[str, str]) -> Values:
    """Return everything a template may show of a document, in the document's language."""
    number = parse_slip_number(document.number)
    awaiting = document.pass_status == "suspended"  # noqa: S105 - a state, no secret
    texts = {
        "store_name": document.store_name,
        "address": document.address,
        "issuer_name": document.issuer_name,
        "tax_id": document.tax_id,
        "terminal": document.terminal_code,
        "cashier": document.cashier_name,
        "approver": document.approver_name or "",
        "member": " · ".join(part for part in (document.member_name, document.member_phone) if part),
        "member_label": words["asked_by" if document.company_name else "member"],
        "company": document.company_name or "",
        "company_card": document.company_card or "",
        "number": document.number,
        "series": f"{number.kind}.{number.terminal_code}",
        "serial": f"{number.counter:06d}",
        "time": local_time(document.happened_at, document.timezone, document.language),
        "check_code": document.check_code,
        "check_digits": _groups(document.check_code.rpartition(".")[2]),
        "related": document.related or "",
        "related_label": _related_label(document, words),
        "plan_name": document.plan_name or "",
        "uses": _count(document.uses),
        "uses_minus": "" if document.uses is None else f"−{document.uses}",
        "uses_left": _count(document.uses_left),
        "uses_label": words["uses_added" if document.stacked else "uses_bought"],
        "expires": _expires(document),
        "evidence": words[f"evidence_{document.evidence}"] if document.evidence else "",
        "pickup_no": document.pickup_no or "",
        "total": _money(document, document.total_minor),
        "extra": _money(document, document.total_minor),
        **_cash(document),
        "purchase": "" if document.stacked is None else _purchase(document.stacked, words),
        "status": words[f"status_{document.pass_status}"] if document.pass_status else "",
        "awaiting_review": words["awaiting_review"] if awaiting else "",
        **_card(document, words),
        **_refund(document, words),
        **_cash_desk(document, words),
    }
    return Values(_clean(texts), _lists(document, words))


def local_time(moment: datetime, timezone: str, language: str) -> str:
    """Write an instant in the store's zone: 20/11/2026 14:32 in Spanish, 2026-11-20 14:32 elsewhere."""
    pattern = "%d/%m/%Y %H:%M" if language.startswith("es") else "%Y-%m-%d %H:%M"
    return moment.astimezone(ZoneInfo(timezone)).strftime(pattern)


def percent(rate: str, language: str) -> str:
    """Write a VAT rate: "0.21" as "21 %", "0.105" as "10.5 %" ("10,5 %" in Spanish)."""
    digits = f"{(Decimal(rate) * 100).normalize():f}"
    return f"{digits.replace('.', ',') if language.startswith('es') else digits}\u00a0%"


def _lists(document: SlipDocument, words: Mapping[str, str]) -> dict[str, list[Values]]:
    vat = [
        {
            "vat_rate": percent(group.rate, document.language),
            "vat_base": _money(document, group.base_minor),
            "vat_quota": _money(document, group.quota_minor),
        }
        for group in (document.closing.totals.vat if document.closing else document.vat)
    ]
    tenders = [
        {"tender_name": words[f"tender_{tender.kind}"], "tender_amount": _money(document, tender.amount_minor)}
        for tender in document.tenders
    ]
    return {
        "lines": [_line(document, line, words) for line in document.lines],
        "vat": [Values(texts) for texts in vat],
        "tenders": [Values(texts) for texts in tenders],
        **_closing(document, words),
    }


def _line(document: SlipDocument, line: SlipLine, words: Mapping[str, str]) -> Values:
    several = line.quantity > 1
    texts = {
        "line_name": f"{line.quantity} × {line.name}" if several else line.name,
        "line_plain": line.name,
        "line_quantity": str(line.quantity),
        "line_uses": f"−{line.quantity}",
        "line_amount": _money(document, line.amount_minor) if line.unit_minor else "",
        "line_unit": f"{line.quantity} × {_money(document, line.unit_minor)}" if several and line.unit_minor else "",
        "line_single": ""
        if several and line.unit_minor
        else f"{line.quantity} × {line.name}"
        if several
        else line.name,
        "line_note": line.note,
    }
    return Values(_clean(texts), {"add_ons": [_add_on(document, part, words) for part in line.add_ons]})


def _add_on(document: SlipDocument, part: SlipAddOn, words: Mapping[str, str]) -> Values:
    name = f"{part.quantity} × {part.name}" if part.quantity > 1 else part.name
    partly_free = 0 < part.free < part.quantity
    texts = {
        "add_on_name": f"{name} ({part.free} {words['free']})" if partly_free else name,
        "add_on_amount": _money(document, part.amount_minor) if part.amount_minor else words["free"],
    }
    return Values(_clean(texts))


def _cash(document: SlipDocument) -> dict[str, str]:
    """What was handed over and given back; empty when nothing was given back."""
    change_minor = sum(tender.change_minor for tender in document.tenders)
    received_minor = sum(tender.received_minor for tender in document.tenders if tender.change_minor)
    if not change_minor:
        return {"change": "", "received": ""}
    return {"change": _money(document, change_minor), "received": _money(document, received_minor)}


def _card(document: SlipDocument, words: Mapping[str, str]) -> dict[str, str]:
    """What a top-up or a charge did to a card."""
    raw_minor, bonus_minor = document.raw_total_minor, document.bonus_minor
    reduced = raw_minor is not None and document.discount is not None and Decimal(document.discount) != 1
    is_pending = document.kind == TOP_UP and document.balance_minor is None
    return {
        "card_name": words[f"card_{document.card_type}"] if document.card_type else "",
        "raw_total": _money_or_none(document, raw_minor if reduced else None),
        "discount": f"−{percent(str(1 - Decimal(document.discount or 1)), document.language)}" if reduced else "",
        "discount_label": words[f"discount_{document.card_type}"] if reduced else "",
        "discount_amount": _money(document, document.total_minor - (raw_minor or 0)) if reduced else "",
        "points": "" if document.points is None else f"+{document.points}",
        "bonus": _money(document, bonus_minor) if bonus_minor else "",
        "credit": "" if bonus_minor is None else _money(document, document.total_minor + bonus_minor),
        "balance": _money_or_none(document, document.balance_minor),
        "balance_pending": words["balance_pending"] if is_pending else "",
    }


def _refund(document: SlipDocument, words: Mapping[str, str]) -> dict[str, str]:
    """Where a refund went: a charge back to its card; a top-up out of it, less the bonus that was spent already."""
    cash_minor = document.cash_minor or 0
    rest = _money(document, document.total_minor - cash_minor) if document.total_minor > cash_minor else ""
    by = f" · {words[f'tender_{document.cash_tender}']}" if document.cash_tender else ""
    return {
        "original": document.original or "",
        "refund_of": words[f"refund_of_{document.refund_kind}"] if document.refund_kind else "",
        "card_back": rest if document.refund_kind == "charge" else "",
        "bonus_kept": rest if document.refund_kind == "top_up" else "",
        "cash_back": _money(document, cash_minor) if cash_minor else "",
        "cash_back_label": words["cash_back"] + by if cash_minor else "",
    }


def _cash_desk(document: SlipDocument, words: Mapping[str, str]) -> dict[str, str]:
    """Why the drawer was opened, and from when to when a shift was."""
    closing = document.closing
    return {
        "move": words[f"title_{document.move}"] if document.move else "",
        "moved": _money(document, document.total_minor) if document.move and document.total_minor else "",
        "reason": words[f"reason_{document.reason}"] if document.reason else "",
        "shift_from": local_time(closing.opened_at, document.timezone, document.language) if closing else "",
        "business_day": closing.business_day if closing else "",
    }


_COUNTS = ("orders", "redemptions", "uses", "pass_sales", "top_ups", "card_charges", "refunds", "reprints", "no_sales")


def _closing(document: SlipDocument, words: Mapping[str, str]) -> dict[str, list[Values]]:
    """The sums of a Z report, line by line; money that did not move is left out."""
    if document.closing is None:
        return {"drawer": [], "activity": [], "counted": [], "ranges": []}
    totals = document.closing.totals

    def lines(name: str, pairs: Sequence[tuple[str, str]]) -> list[Values]:
        return [Values(_clean({f"{name}_name": left, f"{name}_value": right})) for left, right in pairs]

    moved = [
        ("float", totals.float_minor), ("paid_in", totals.paid_in_minor), ("paid_out", -totals.paid_out_minor),
        ("safe_drop", -totals.dropped_minor),
    ]  # fmt: skip
    drawer = [(words[name], _money(document, minor)) for name, minor in moved if minor or name == "float"]
    for tender in totals.tenders:
        name = words[f"tender_{tender.kind}"]
        drawer.append((f"{name} · {words['taken']}", _money(document, tender.taken_minor)))
        if tender.given_back_minor:
            drawer.append((f"{name} · {words['given_back']}", _money(document, -tender.given_back_minor)))
    activity = [(words[f"count_{name}"], str(getattr(totals, name))) for name in _COUNTS if getattr(totals, name)]
    if totals.card_charged_minor:
        activity.append((words["card_charged"], _money(document, totals.card_charged_minor)))
    counted = [
        {
            "counted_name": words[f"tender_{item.kind}"],
            "counted_expected": _money(document, item.expected_minor),
            "counted_found": _money(document, item.counted_minor),
            "counted_difference": _signed(document, item.difference_minor),
            "counted_first": _signed(document, item.first_difference_minor),
        }
        for item in document.closing.counted
    ]
    ranges = [(used.kind, f"{used.first:06d} – {used.last:06d}") for used in totals.slips]
    return {
        "drawer": lines("drawer", drawer),
        "activity": lines("activity", activity),
        "counted": [Values(_clean(texts)) for texts in counted],
        "ranges": lines("range", ranges),
    }


def _signed(document: SlipDocument, minor: int | None) -> str:
    if minor is None:
        return ""
    return f"+{_money(document, minor)}" if minor > 0 else _money(document, minor)


def _expires(document: SlipDocument) -> str:
    if document.expires_at is None:
        return ""
    return local_time(document.expires_at, document.timezone, document.language)


def _related_label(document: SlipDocument, words: Mapping[str, str]) -> str:
    if document.related is None:
        return ""
    return words["related_ticket" if document.related.startswith("TP") else "related_voucher"]


def _purchase(stacked: bool, words: Mapping[str, str]) -> str:
    return words["stacked_purchase" if stacked else "first_purchase"]


def _money(document: SlipDocument, minor: int) -> str:
    return format_money(minor, document.currency, document.language)


def _money_or_none(document: SlipDocument, minor: int | None) -> str:
    return "" if minor is None else _money(document, minor)


def _groups(digits: str) -> str:
    """Write digits in fours, as people read them aloud."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _clean(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: printable(text, has) for name, text in texts.items()}
