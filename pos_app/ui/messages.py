"""Turn a refusal, a trouble or a bug into what the cashier reads: what happened, what was not charged, one next action.

Rule: the only place of the window that looks inside an exception. Sentences come from `phrases`; a code that this
version has no sentence for is shown by its name, never swallowed.
"""

from dataclasses import dataclass

from models.refusals import Refusal
from pos_app.errors import Trouble
from pos_app.ui.phrases import Phrases

ACTIONS = {
    "code_unreadable": "scan",
    "code_foreign": "scan",
    "code_edited": "scan",
    "code_expired": "scan",
    "code_not_yet_valid": "scan",
    "code_wrong": "scan",
    "code_other_terminal": "scan",
    "code_pays_goods": "scan",
    "code_used": "scan",
    "code_locked": "phone",
    "member_unknown": "phone",
    "phone_invalid": "phone",
    "offline_needs_signed_code": "scan",
    "offline_not_allowed": "set_aside",
    "reservation_closed": "set_aside",
    "uses_exhausted": "sell_pass",
    "pass_expired": "sell_pass",
    "pass_unknown": "refresh",
    "price_changed": "refresh",
    "plan_unknown": "refresh",
    "product_unknown": "refresh",
    "tender_insufficient": "cash",
    "not_signed_in": "lock",
    "shift_not_open": "open_shift",
    "slip_unknown": "outbox",
    "slip_not_printed_yet": "outbox",
}
"""Refusal code -> the one next action offered; codes not listed offer none beyond what is on the screen."""
ACTIONS_OF = {
    "charge": {
        "code_locked": "tender",
        "balance_insufficient": "tender",
        "card_unknown": "tender",
        "card_inactive": "tender",
        "card_expired": "tender",
        "card_currency_unset": "tender",
        "request_abandoned": "tender",
        "pass_other_member": "scan",
    },
    "top_up": {"bonus_differs": "refresh"},
    "orders": {
        "slip_unknown": "",
        "transaction_unknown": "",
        "code_edited": "",
        "code_expired": "",
        "code_not_yet_valid": "",
        "member_unknown": "",
    },
    "reprint": {"approval_needed": "orders"},
    "find": {"member_unknown": "create_member"},
    "create_member": {"name_invalid": "", "phone_invalid": ""},
}
"""What differs while this is tried: a card that does not pay leaves the other tenders."""

_WHY = {
    "tls": "tls",
    "certificate": "certificate",
    "not our server": "other",
    "status 404": "other",
    "status 405": "other",
}
"""Reason of a trouble -> what its words differ by."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a `Notice` shows. `action` is what its button asks for, "" for none."""

    tone: str
    title: str
    detail: str = ""
    action: str = ""
    action_words: str = ""


def explain(error: Exception, say: Phrases, attempt: str = "") -> Message:
    """Return the message for an expected failure.

    `attempt` names what was tried ("redeem", "sell", "sell_pass", …) and so what was not charged; "" for nothing.
    """
    untouched = say(f"untouched.{attempt}") if attempt and say.has(f"untouched.{attempt}") else ""
    if isinstance(error, Refusal):
        title, hint = _sentences(say, "refusal", error.code, error.data, attempt)
        action = ACTIONS_OF.get(attempt, {}).get(error.code, ACTIONS.get(error.code, ""))
        tone = "warn"
    elif isinstance(error, Trouble):
        title, hint = _sentences(
            say, "trouble", error.code, dict(error.data), _WHY.get(str(error.data.get("reason")), "")
        )
        action, tone = "", "bad"
    else:
        raise error
    gap = "" if say.language == "zh-CN" else " "
    detail = gap.join(part for part in (untouched, hint) if part)
    return Message(tone, title, detail, action, say(f"action.{action}") if action else "")


def held_reason(code: str | None, say: Phrases) -> str:
    """Return why HQ holds a fact: the reason's own sentence, else that of the refusal with the same code."""
    key = f"refusal.{code}"
    if not say.has(f"held.reason.{code}") and say.has(key):
        return say.told(key, {})
    return say.code("held.reason", code)


def refusal_words(code: str, say: Phrases) -> str:
    """Return what a refusal that stands means and what to do, as running text."""
    title, hint = _sentences(say, "refusal", code, {})
    return f"{title}。{hint}" if say.language == "zh-CN" else f"{title}. {hint}"


def expected(error: BaseException) -> bool:
    """Say whether an exception is a refusal or a trouble; anything else is a bug."""
    return isinstance(error, Refusal | Trouble)


def _sentences(say: Phrases, family: str, code: str, data: dict[str, object], attempt: str = "") -> tuple[str, str]:
    """Return what happened and what to do; `refusal.code.attempt` wins over `refusal.code`. Amounts come as money."""
    known = {name: value for name, value in data.items() if isinstance(value, str | int)}
    for name, value in data.items():
        if name.endswith("_minor") and isinstance(value, int):
            known[name.removesuffix("_minor")] = say.money(value)
    if code == "pin_throttled":
        known["span"] = say.span(int(str(data.get("seconds", 0))))
    if code == "not_refundable_here":
        known["kind"] = say.code("order.kind", str(data.get("kind", "")))
    if code == "tender_insufficient":
        short = int(str(data.get("total_minor", 0))) - int(str(data.get("paid_minor", 0)))
        known["short"] = say.money(max(0, short))
    key = f"{family}.{code}.{attempt}" if attempt and say.has(f"{family}.{code}.{attempt}") else f"{family}.{code}"
    if not say.has(key):
        return say(f"{family}.other", code=code), say(f"{family}.other.next")
    hint = f"{key}.next"
    return say.told(key, known), (say.told(hint, known) if say.has(hint) else "")
