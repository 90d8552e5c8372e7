"""What a request is priced and judged by, as the server's own catalogue has it: one look, under the terminal's claims.

Rule: the arithmetic is `models.passes`; what is missing is not on the merchant's list.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from models import codec
from models.catalogue import AddOn, PassPlan, PriceList, Product
from models.ids import parse_id
from models.passes import Cup
from models.refusals import Refusal
from sync_server.database.engine import Pool
from sync_server.fleet.terminals import terminal_claims
from sync_server.fleet.values import TerminalIdentity
from sync_server.intake.checks import Plain
from sync_server.intake.effects import StoreRules
from sync_server.ledger import functions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Terms:
    """The database's time, the store's rules, the prices of the cups, and the plan of the pass when one was named.

    `pass_merchant_id` is None for a pass that nobody knows; `plan` is there when it is this terminal's merchant's.
    """

    now: datetime
    rules: StoreRules
    prices: PriceList
    pass_merchant_id: str | None
    plan: PassPlan | None

    def plan_of(self, pass_id: str) -> PassPlan:
        """Return the plan; Refusals `pass_unknown`, `pass_other_merchant`."""
        if self.pass_merchant_id is None:
            raise Refusal("pass_unknown", {"pass_id": pass_id})
        if self.plan is None:
            raise Refusal("pass_other_merchant", {"pass_id": pass_id})
        return self.plan


async def look(
    pool: Pool, terminal: TerminalIdentity, key: str, content_hash: bytes, pass_id: str | None, cups: Iterable[Cup]
) -> Terms | Plain:
    """Return the stored outcome of a request that was answered before with this content, else its terms."""
    cups = tuple(cups)
    found = await functions.request_terms(
        pool,
        terminal_claims(terminal),
        key,
        content_hash,
        pass_id,
        _ids({cup.product_id for cup in cups}),
        _ids({choice.add_on_id for cup in cups for choice in cup.add_ons}),
    )
    if "outcome" in found:
        outcome: Plain = found["outcome"]
        return outcome
    store = found["store"]
    rules = StoreRules(
        store["currency"], store["timezone"], store["business_day_cutoff_minutes"], store["slip_language"]
    )
    products = [_value(Product, row) for row in found["products"]]
    add_ons = [_value(AddOn, row) for row in found["add_ons"]]
    return Terms(
        now=datetime.fromisoformat(found["now"]),
        rules=rules,
        prices=PriceList(
            rules.currency, {item.product_id: item for item in products}, {item.add_on_id: item for item in add_ons}
        ),
        pass_merchant_id=found["pass_merchant_id"],
        plan=None if found["plan"] is None else _value(PassPlan, found["plan"]),
    )


def _value(kind: type[T], row: Mapping[str, Any]) -> T:
    return codec.from_plain(kind, {field.name: row[field.name] for field in fields(kind)})  # type: ignore[arg-type]


def _ids(texts: Collection[str]) -> list[str]:
    """Those that are ids at all: another text names nothing."""
    return [text for text in texts if _is_id(text)]


def _is_id(text: str) -> bool:
    try:
        return parse_id(text) == text
    except Refusal:
        return False
