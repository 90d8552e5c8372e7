"""Middle column of the counter: tabs, product tiles, and the add-ons of the selected cup.

Rule: the first tab is the pass (only what it covers, R109); the others sell for money. What an add-on costs on this
cup is asked of `models.passes.price_cup`, so a free one that is used up shows its price.
"""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.catalogue import AddOn, Product, name_in
from models.passes import price_cup
from models.refusals import Refusal
from pos_app.selling.basket import add_add_on
from pos_app.till import catalogue
from pos_app.ui import theme
from pos_app.ui.desk import Desk
from pos_app.ui.widgets.buttons import Extra, Tab, Tile, push
from pos_app.ui.widgets.layout import Grid, Pages, Scroll, card, column, empty, row, rule
from pos_app.ui.widgets.notice import Empty
from pos_app.ui.widgets.text import Words

COVERED = "covered"


class ProductPanel(QWidget):
    """Tabs, tiles and add-ons; taps go to the desk."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.say = desk, desk.say
        self.tab = ""
        self.tab_row = QHBoxLayout()
        self.tab_row.setSpacing(4)
        self.grid = Grid(tile_width=138)
        self.shelf = Scroll()
        self.shelf.rows.addWidget(self.grid)
        self.shelf.rows.addStretch(1)
        self.none = Empty("products_empty", "cup", self.say("products.none"), self.say("products.none.detail"))
        self.stack = Pages()
        self.stack.addWidget(self.shelf)
        self.stack.addWidget(self.none)
        self.extras_title = Words("", theme.TEXT, tone="soft")
        self.extras_title.setObjectName("add_ons_title")
        self.note = push("cup_note_open", self.say("note.title"), image="note")
        self.note.clicked.connect(desk.notes.begin)
        self.extras = Grid(tile_width=132, gap=8)
        self.extras_box = QWidget()
        self.extras_box.setLayout(column(rule(), row(self.extras_title, None, self.note), self.extras, gap=8))
        self.setLayout(column(card(self.tab_row, self.stack, self.extras_box, name="product_card")))
        self._tabs: tuple[object, ...] = ()
        self._tiles: tuple[object, ...] = ()
        self._extras: tuple[object, ...] = ()
        self._shown: list[Product] = []

    def redraw(self) -> None:
        """Show tabs, tiles and add-ons for what lies on the desk."""
        if self.desk.shut:
            self._draw_shut()
            return
        self._draw_tabs()
        self._draw_tiles()
        self._draw_extras()

    def _draw_shut(self) -> None:
        """Nothing is on offer; what may still be done with a basket from before is said instead."""
        empty(self.tab_row)
        self.extras_box.hide()
        basket = self.desk.basket
        said = "shut" if not basket.cups else "shut.redeem" if basket.is_redemption else "shut.paid"
        self.none.say("stop", self.say(f"{said}.title"), self.say(f"{said}.detail"))
        self.stack.setCurrentIndex(1)

    def choose_tab(self, tab: str) -> None:
        """Show another tab: the pass tab redeems, the others sell."""
        self.tab = tab
        if tab != COVERED and self.desk.basket.is_redemption and not self.desk.basket.cups:
            self.desk.choose_pass(None)
        elif tab == COVERED and not self.desk.basket.is_redemption:
            view = self.desk.view
            best = next((held for held in view.passes if held.usable), None) if view else None
            self.desk.choose_pass(best)
        self.redraw()

    def products_changed(self) -> None:
        """Forget what was drawn; the catalogue is another."""
        self._tabs = self._tiles = self._extras = ()

    # -- tabs ---------------------------------------------------------------------------------------------------

    def _draw_tabs(self) -> None:
        desk = self.desk
        usable = desk.view is not None and any(held.usable for held in desk.view.passes)
        groups = catalogue.categories(desk.till)
        names = [(COVERED, self.say("tab.pass"))] if usable else []
        names += [(group.category_id, name_in(group.names, self.say.language)) for group in groups]
        keys = [key for key, _ in names]
        redeems = desk.basket.is_redemption
        if redeems and (self.tab not in keys or not desk.basket.cups):
            self.tab = COVERED
        elif self.tab not in keys or (self.tab == COVERED and not redeems):
            self.tab = next((key for key in keys if key != COVERED), "")
        drawn = (*names, self.tab)
        if drawn == self._tabs:
            return
        self._tabs = drawn
        empty(self.tab_row)
        for place, (key, words) in enumerate(names):
            made = Tab(f"tab_{place}" if not usable else ("tab_pass" if place == 0 else f"tab_{place - 1}"), words)
            made.choose(key == self.tab)
            made.clicked.connect(lambda _=False, chosen=key: self.choose_tab(chosen))
            self.tab_row.addWidget(made)
        self.tab_row.addStretch(1)

    # -- tiles --------------------------------------------------------------------------------------------------

    def _wanted(self) -> list[Product]:
        products = catalogue.products(self.desk.till)
        plan = self.desk.basket.plan
        if self.tab == COVERED:
            return [product for product in products if plan is not None and plan.eligible_tag in product.tags]
        return [product for product in products if product.category_id == self.tab]

    def _draw_tiles(self) -> None:
        covered = self.tab == COVERED
        wanted = self._wanted()
        drawn = (covered, *((product.product_id, product.price_minor) for product in wanted))
        if drawn != self._tiles:
            self._tiles, self._shown = drawn, wanted
            made: list[QWidget] = []
            for place, product in enumerate(wanted):
                price = self.say("tile.covered") if covered else self.say.money(product.price_minor)
                tile = Tile(f"product_{place}", name_in(product.names, self.say.language), price, covered)
                tile.clicked.connect(lambda _=False, chosen=product.product_id: self._tap(chosen))
                made.append(tile)
            self.grid.fill(made)
            self.stack.setCurrentIndex(0 if wanted else 1)
        counts: dict[str, int] = {}
        if covered == self.desk.basket.is_redemption:
            for cup in self.desk.basket.cups:
                counts[cup.product_id] = counts.get(cup.product_id, 0) + 1
        for product, tile_widget in zip(self._shown, self.grid.tiles(), strict=True):
            if isinstance(tile_widget, Tile):
                tile_widget.set_count(counts.get(product.product_id, 0))

    def _tap(self, product_id: str) -> None:
        if self.tab != COVERED and self.desk.basket.is_redemption:
            self.desk.choose_pass(None)
        self.desk.add(product_id)

    # -- add-ons ------------------------------------------------------------------------------------------------

    def _draw_extras(self) -> None:
        desk = self.desk
        offered: list[tuple[AddOn, str, bool]] = []
        title = ""
        if 0 <= desk.selected < len(desk.basket.cups):
            prices = catalogue.price_list(desk.till)
            product = prices.products.get(desk.basket.cups[desk.selected].product_id)
            if product is not None:
                known = [prices.add_ons[key] for key in product.add_on_ids if key in prices.add_ons]
                known.sort(key=lambda add_on: (add_on.position, add_on.add_on_id))
                offered = [(add_on, *self._cost(add_on)) for add_on in known if add_on.on_sale]
                name = name_in(product.names, self.say.language)
                title = self.say("add_ons.for", name=name) if offered else name
        drawn = (title, *((add_on.add_on_id, cost) for add_on, cost, _ in offered))
        if drawn == self._extras:
            return
        self._extras = drawn
        self.extras_box.setVisible(bool(title))
        self.extras_title.setText(title)
        made: list[QWidget] = []
        for place, (add_on, cost, free) in enumerate(offered):
            button = Extra(f"add_on_{place}", name_in(add_on.names, self.say.language), cost, free)
            button.clicked.connect(lambda _=False, chosen=add_on.add_on_id: desk.add_extra(chosen))
            made.append(button)
        self.extras.fill(made)

    def _cost(self, add_on: AddOn) -> tuple[str, bool]:
        """Return what one more of this add-on on the selected cup costs, in words, and whether it is free."""
        desk = self.desk
        prices = catalogue.price_list(desk.till)
        more = add_add_on(desk.basket, desk.selected, add_on.add_on_id)
        try:
            before = price_cup(desk.basket.cups[desk.selected], prices, desk.basket.plan)
            after = price_cup(more.cups[desk.selected], prices, desk.basket.plan)
        except Refusal:
            return self.say.money(add_on.price_minor), False
        extra_minor = after.total_minor - before.total_minor
        if extra_minor == 0:
            return self.say("add_on.free"), True
        return f"+{self.say.money(extra_minor)}", False
