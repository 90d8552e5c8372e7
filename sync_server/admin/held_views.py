"""Turn a held fact into what its page says: whom and what it is about, what each decision will do, whom it can go to.

Rule: pure, as `views`; what a till wrote is shown as text, never trusted to be there or of a kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.catalogue import name_in
from models.facts import CARD_TYPES
from models.money import format_money
from sync_server.admin.views import local_time, nobody, uses_text
from sync_server.members.known import KnownMember
from sync_server.reports.concerned import Concerned, KnownPass, KnownPlan
from sync_server.reports.granted import GrantedRow
from sync_server.reports.orders import OrderDetail, OrderRow

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class GrantedView:
    """What a till was granted and sent no fact of; `what` is in uses and money, `choices` (decision, what it does)."""

    number: str
    kind: str
    store_name: str
    terminal_code: str
    granted: str
    what: str
    why: str
    lines: tuple[Line, ...]
    choices: tuple[Line, ...]


def granted_view(
    row: GrantedRow, words: Mapping[str, str], language: str, member: KnownMember | None = None
) -> GrantedView:
    """Return a granted request ready to be read."""
    what = granted_what(row, words, language)
    decisions = ("take_back", "stand") if row.can_be_taken_back else ("stand",)
    why = words[f"granted.{row.terminal_status}"]
    lines = [
        (words["about.member"], member_text(member, words) if member is not None else ""),
        (words["column.amount"], what),
        (words["granted.original"], row.original_tx_no or ""),
        (words["column.store"], row.store_name),
        (words["column.terminal"], row.terminal_code),
        (words["granted.at"], local_time(row.granted_at, row.timezone)),
        (words["column.reason"], why),
    ]
    return GrantedView(
        row.number, words[f"kind.{row.kind}"], row.store_name, row.terminal_code,
        local_time(row.granted_at, row.timezone), what, why, tuple(line for line in lines if line[1]),
        tuple((one, words[f"does.{one}.{row.kind}"].format(what=what)) for one in decisions),
    )  # fmt: skip


def granted_what(row: GrantedRow, words: Mapping[str, str], language: str) -> str:
    """Return what was granted, in uses and money; of a top-up's refund the cash."""
    money = row.amount_minor if row.cash_minor is None else row.cash_minor
    parts = [uses_text(row.uses, words)] if row.uses else []
    parts += [format_money(money, row.currency, language)] if money or not row.uses else []
    return " · ".join(parts)


def about(detail: OrderDetail, found: Concerned, words: Mapping[str, str], language: str) -> list[Line]:
    """Return (label, text) of all that identifies the fact to a person."""
    row, said = detail.row, found.said
    slips = said.get("slips")
    numbers = [str(slip) for slip in slips] if isinstance(slips, list) else list(row.slips)
    lines = [
        (words["about.member"], _member_line(found, words)),
        (words["about.pass"], _pass_line(found, row, words, language)),
        (words["about.card"], _card_line(found, words)),
        (words["about.plan"], str(said.get("plan_name") or "")),
        (words["about.slips"], " · ".join(numbers)),
        (words["about.cashier"], found.cashier or nobody(detail.fact.get("cashier_id"), words)),
        (words["about.approver"], found.approver or nobody(detail.fact.get("approver_id"), words)),
        (words["column.store"], row.store_name),
        (words["column.terminal"], row.terminal_code),
        (words["column.happened"], local_time(row.happened_at, row.timezone)),
        (words["column.received"], local_time(row.recorded_at, row.timezone)),
    ]
    return [line for line in lines if line[1]]


def does(
    decision: str, detail: OrderDetail, found: Concerned, words: Mapping[str, str], language: str,
    given: GrantedRow | None = None,
) -> str:  # fmt: skip
    """Return in a sentence what a decision will do with this fact, whose request was granted `given`."""
    row = detail.row
    if given is not None and decision in ("post", "reject", "reject_back"):
        return words[f"does.{decision}.granted"].format(what=granted_what(given, words, language))
    sentence = words.get(f"does.{decision}.{row.kind}") or words[f"does.{decision}"]
    if (decision, row.kind, found.held) == ("post", "PassRedeemed", None):
        sentence = words["does.post.unknown_pass"]
    if (decision, row.kind) == ("post", "ToppedUp") and found.said.get("card_id"):
        sentence = words["does.post.ToppedUp.company"]
    left = uses_text(found.held.uses_left, words) if found.held is not None else ""
    amount = format_money(abs(row.amount_minor), row.currency, language) if row.currency else ""
    return sentence.format(uses=uses_text(row.uses, words), left=left, amount=amount)


def member_text(one: KnownMember, words: Mapping[str, str]) -> str:
    """Return a member as HQ shows one: number, masked name and phone."""
    person = [one.name, one.phone] if one.name or one.phone else [words["about.erased"]]
    return " · ".join([one.member_no, *filter(None, person)])


def pass_text(one: KnownPass, words: Mapping[str, str], language: str, holder: str = "") -> str:
    """Return a pass with its uses, state and end."""
    parts = [name_in(one.names, language), f"{words['about.left']} {uses_text(one.uses_left, words)}",
             words[f"pass.{one.status}"], f"{words['about.until']} {one.expires_at:%Y-%m-%d}", holder]  # fmt: skip
    return " · ".join(filter(None, parts))


def choices(
    members: Sequence[KnownMember], passes: Sequence[KnownPass], plans: Sequence[KnownPlan], words: Mapping[str, str],
    language: str,
) -> dict[str, list[Line]]:  # fmt: skip
    """Return what a fact can go to, (id, text) by the account's name."""
    numbers = {one.member_id: one.member_no for one in members}
    return {
        "member_id": [(one.member_id, member_text(one, words)) for one in members],
        "pass_id": [
            (one.pass_id, pass_text(one, words, language, numbers.get(one.member_id, ""))) for one in passes
        ],
        "plan_id": [
            (one.plan_id, f"{name_in(one.names, language)} · {format_money(one.price_minor, one.currency, language)}")
            for one in plans
        ],
    }  # fmt: skip


def _member_line(found: Concerned, words: Mapping[str, str]) -> str:
    if found.member is not None:
        return member_text(found.member, words)
    named = found.said.get("member_id")
    number = found.said.get("member_no")
    return " · ".join(filter(None, [str(number or ""), found.typed or nobody(named, words)]))


def _pass_line(found: Concerned, row: OrderRow, words: Mapping[str, str], language: str) -> str:
    if found.held is not None:
        return pass_text(found.held, words, language)
    return nobody(found.said.get("pass_id"), words) if row.kind == "PassRedeemed" else ""


def _card_line(found: Concerned, words: Mapping[str, str]) -> str:
    kind, card_id = found.said.get("card_type"), found.said.get("card_id")
    if "top_up_id" in found.said and card_id:
        kind = "enterprise"
    return f"{words[f'card.{kind}']} · {found.company or str(card_id)[:8]}" if kind in CARD_TYPES else ""
