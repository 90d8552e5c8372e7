"""Baskets on disk: with their notes, and as an older program wrote them."""

from sqlalchemy import insert

from models.passes import AddOnChoice, NotedCup
from pos_app.journal import carts
from pos_app.journal.carts import SavedCart
from pos_app.journal.tables import CARTS
from tests.pos_app.desk import Desk, uid


def test_notes_are_kept_and_baskets_of_before_there_were_any_come_back(desk: Desk) -> None:
    open_ = SavedCart((NotedCup("a", (AddOnChoice("b", 2),), "less ice"), NotedCup("a")), uid(1), None)
    with desk.journal.writing() as rows:
        carts.save(rows, open_, ())
        old = '{"cups":[{"add_ons":[],"product_id":"a"}],"member_id":null,"pass_id":null}'
        rows.execute(insert(CARTS), [{"place": 1, "value": old}])
    with desk.journal.reading() as rows:
        assert carts.load(rows) == (open_, (SavedCart((NotedCup("a"),), None, None),))
