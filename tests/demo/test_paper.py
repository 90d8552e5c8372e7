"""The demonstration tells a copy from an original by looking at the paper."""

from datetime import UTC, datetime

import pytest

from demo.paper import is_marked
from demo.shops import shops
from models import facts
from models.tenders import Tender
from printing.preview import draw
from printing.slips import SlipContext, slip_documents
from printing.templates import default_template, lay_out
from printing.words import slip_words

NOW = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)
ID = "01890000-0000-7000-8000-00000000000{}"


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize(("copy", "marked"), [(0, False), (1, True), (12, True)])
def test_only_a_copy_carries_the_mark(columns: int, copy: int, marked: bool) -> None:
    cup = facts.SoldCup("tea", "茉莉绿茶", 1200, "0.06")
    paid = facts.OrderPaid(
        ID.format(3), None, (cup,), 1200, "CNY", (), (Tender("cash", 1200, 1200),), ("TP.SZ1T01.000001",), "1001"
    )
    fact = facts.Fact(ID.format(1), ID.format(2), 1, facts.GENESIS, NOW, None, None, None, "zh-CN", paid)
    context = SlipContext(shops()[0].store, "SZ1T01", "林乔", None, None, "zh-CN")
    (document,) = slip_documents(fact, "ab" * 32, context)
    layout = lay_out(document, default_template("SALES_TICKET"), slip_words("zh-CN"), columns, copy)
    assert is_marked(draw(layout)) is marked
