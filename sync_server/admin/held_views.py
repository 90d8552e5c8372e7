"""Turn a held fact into what its page says: whom and what it is about, what each decision will do, whom it can go to.

Rule: pure, as `views`; what a till wrote is shown as text, never trusted to be there or of a kind.
"""

from collections.abc import Mapping, Sequence

from models.catalogue import name_in
from models.money import format_money
from sync_server.admin.views import local_time, uses_text
from sync_server.members.known import KnownMember
from sync_server.reports.concerned import Concerned, KnownPass, KnownPlan
from sync_server.reports.orders import OrderDetail, OrderRow

Line = tuple[str, str]


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
        (words["about.cashier"], found.cashier or _nobody(detail.fact.get("cashier_id"), words)),
        (words["about.approver"], found.approver or _nobody(detail.fact.get("approver_id"), words)),
        (words["column.store"], row.store_name),
        (words["column.terminal"], row.terminal_code),
        (words["column.happened"], local_time(row.happened_at, row.timezone)),
        (words["column.received"], local_time(row.recorded_at, row.timezone)),
    ]
    return [line for line in lines if line[1]]


def does(decision: str, detail: OrderDetail, found: Concerned, words: Mapping[str, str], language: str) -> str:
    """Return in a sentence what a decision will do with this fact."""
    row = detail.row
    sentence = words.get(f"does.{decision}.{row.kind}") or words[f"does.{decision}"]
    if (decision, row.kind, found.held) == ("post", "PassRedeemed", None):
        sentence = words["does.post.unknown_pass"]
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
    return " · ".join(filter(None, [str(number or ""), found.typed or _nobody(named, words)]))


def _pass_line(found: Concerned, row: OrderRow, words: Mapping[str, str], language: str) -> str:
    if found.held is not None:
        return pass_text(found.held, words, language)
    return _nobody(found.said.get("pass_id"), words) if row.kind == "PassRedeemed" else ""


def _card_line(found: Concerned, words: Mapping[str, str]) -> str:
    kind = found.said.get("card_type")
    return (
        f"{words[f'card.{kind}']} · {str(found.said.get('card_id'))[:8]}" if kind in ("personal", "enterprise") else ""
    )


def _nobody(named: object, words: Mapping[str, str]) -> str:
    return f"{words['about.unknown']} ({str(named)[:8]})" if named else ""
