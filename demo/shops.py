"""The two demo shops as values: a tea-and-play house in Shenzhen and its sister in Barcelona.

Rule: ids follow from names, so that writing everything again changes nothing. Companies, addresses and tax numbers are
invented. PINs are shown in the demo's own printed page and stand in no other place in the clear.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

import resources
from models.cards import BonusRule, LevelBand
from models.catalogue import AddOn, Category, Names, PassPlan, Product, RiskPolicy, SlipTemplate, Store
from models.ids import uuid7
from printing.slips import TEMPLATE_KINDS

_BORN_MILLISECONDS = 1_790_000_000_000
_LEADS = frozenset({"reprint", "offline_risk", "refund", "cash_difference", "cash_out", "no_sale", "member_pin"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works at a till."""

    staff_id: str
    name: str
    pin: str = field(repr=False)
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shop:
    """One merchant with one store and everything its tills need."""

    merchant_code: str
    merchant_name: str
    store: Store
    terminals: tuple[str, ...]
    categories: tuple[Category, ...]
    products: tuple[Product, ...]
    add_ons: tuple[AddOn, ...]
    plans: tuple[PassPlan, ...]
    people: tuple[Person, ...]
    policy: RiskPolicy
    templates: tuple[SlipTemplate, ...]
    bands: tuple[LevelBand, ...]
    bonus_rules: tuple[BonusRule, ...]

    def plan(self, key: str) -> PassPlan:
        """Return the plan with this short key, like "tea10"."""
        wanted = demo_id(f"{self.store.code}/plan/{key}")
        return next(plan for plan in self.plans if plan.plan_id == wanted)


def demo_id(name: str) -> str:
    """Return the id of a demo thing, the same at every run."""
    return uuid7(_BORN_MILLISECONDS, hashlib.sha256(f"tillkeeper demo/{name}".encode()).digest()[:10])


def names(zh: str, es: str, en: str) -> Names:
    """Return a name in the three languages."""
    return {"zh-CN": zh, "es-ES": es, "en": en}


# Rows that both shops share; prices are (Shenzhen in fen, Barcelona in cents).
_CATEGORIES = {
    "tea": names("鲜萃茶饮", "Tés", "Teas"),
    "milk": names("奶茶与咖啡", "Con leche y café", "Milk tea and coffee"),
    "food": names("小食点心", "Para picar", "Bites"),
    "play": names("游乐体验", "Juegos", "Play"),
}
_ADD_ONS = (
    ("pearls", names("黑糖珍珠", "Perlas de tapioca", "Tapioca pearls"), (300, 60), "paid_addon"),
    ("foam", names("芝士奶盖", "Crema de queso", "Cheese foam"), (500, 90), "paid_addon"),
    ("coconut", names("椰果", "Gelatina de coco", "Coconut jelly"), (200, 40), "free_addon"),
    ("aloe", names("芦荟", "Aloe vera", "Aloe vera"), (200, 40), "free_addon"),
    ("pudding", names("鸡蛋布丁", "Flan de huevo", "Egg pudding"), (300, 60), "free_addon"),
    ("cup", names("环保随行杯", "Vaso reutilizable", "Reusable cup"), (1500, 250), None),
)
_DRINK_ADD_ONS = tuple(key for key, *_ in _ADD_ONS)
_PRODUCTS = (
    ("jasmine", "tea", names("茉莉绿茶", "Té verde de jazmín", "Jasmine green tea"), (1200, 320), "tea"),
    ("oolong", "tea", names("炭焙乌龙", "Oolong tostado", "Roasted oolong"), (1400, 340), "tea"),
    ("lemon", "tea", names("手打柠檬茶", "Té de limón machacado", "Hand-crushed lemon tea"), (1600, 380), "tea"),
    ("grape", "tea", names("多肉葡萄", "Uva y jazmín", "Grape jasmine"), (2200, 490), "tea"),
    ("mango", "tea", names("杨枝甘露", "Mango, pomelo y sagú", "Mango pomelo sago"), (2400, 520), "tea"),
    ("pearl", "milk", names("珍珠奶茶", "Té con leche y perlas", "Pearl milk tea"), (1800, 450), "tea"),
    ("sugar", "milk", names("黑糖鲜牛乳", "Leche fresca con azúcar moreno", "Brown sugar milk"), (2000, 480), "tea"),
    ("taro", "milk", names("芋泥波波", "Taro con leche", "Taro milk tea"), (2100, 490), "tea"),
    ("latte", "milk", names("生椰拿铁", "Café con leche de coco", "Coconut latte"), (2300, 390), "coffee"),
    ("waffle", "food", names("港式鸡蛋仔", "Gofre de huevo", "Egg waffle"), (1500, 420), "food"),
    ("takoyaki", "food", names("章鱼小丸子", "Bolitas de pulpo", "Takoyaki"), (1800, 560), "food"),
    ("water", "food", names("矿泉水", "Agua mineral", "Mineral water"), (500, 180), "food"),
    ("trampoline", "play", names("蹦床 60 分钟", "Camas elásticas 60 min", "Trampolines 60 min"), (6800, 1100), "play"),
    ("climbing", "play", names("攀岩墙 30 分钟", "Rocódromo 30 min", "Climbing wall 30 min"), (4800, 800), "play"),
    ("clay", "play", names("陶艺工坊", "Taller de cerámica", "Clay workshop"), (8800, 1450), "play"),
    ("socks", "play", names("防滑袜", "Calcetines antideslizantes", "Grip socks"), (1000, 200), "goods"),
)
# key, names, prices, uses, days, activates itself, tag, per order, per day, free add-ons per cup
_PLANS = (
    ("tea10", names("茶饮十次卡", "Bono 10 tés", "10 teas"), (15800, 3600), 10, 90, True, "tea", 4, None, 1),
    ("tea30", names("畅饮三十次卡", "Bono 30 tés", "30 teas"), (42800, 9900), 30, 180, True, "tea", None, 3, None),
    ("play5", names("亲子游乐五次卡", "Bono 5 juegos", "5 sessions"), (26800, 4200), 5, 120, True, "play", 2, 1, 0),
    ("team50", names("企业下午茶五十次卡", "Bono empresa 50 tés", "50 teas, companies"),
     (68000, 15500), 50, 365, False, "tea", 10, None, 2),
)  # fmt: skip
# level, from points, to points, what a price is multiplied with
_BANDS = ((0, 0, 99, "1.000"), (1, 100, 499, "0.980"), (2, 500, 1999, "0.950"), (3, 2000, None, "0.900"))
# key, from (fen, cents), bonus (fen, cents), rate
_BONUS_RULES = (("small", (10000, 2000), (500, 100), "0"), ("large", (30000, 5000), (0, 0), "0.12"))


def shops() -> tuple[Shop, Shop]:
    """Return Shenzhen and Barcelona."""
    shenzhen = Store(
        store_id=demo_id("SZ1"),
        merchant_id=demo_id("SONGGUO"),
        code="SZ1",
        name="松果茶游社 · 深圳湾店",
        timezone="Asia/Shanghai",
        currency="CNY",
        slip_language="zh-CN",
        issuer_name="深圳松果茶游文化有限公司",
        tax_id="91440300MA5DEMO01X",
        address="深圳市南山区示例路 8 号一层",
    )
    barcelona = Store(
        store_id=demo_id("BCN1"),
        merchant_id=demo_id("PINON"),
        code="BCN1",
        name="Piñón Té y Juego · Gràcia",
        timezone="Europe/Madrid",
        currency="EUR",
        slip_language="es-ES",
        issuer_name="Piñón Té y Juego, S.L.",
        tax_id="B00000000",
        address="Carrer de l'Exemple 12, 08012 Barcelona",
        business_day_cutoff_minutes=180,
    )
    return (
        _shop(
            "SONGGUO",
            "松果茶游社",
            shenzhen,
            0,
            (("林乔", "2580", False), ("周屿", "1470", False), ("沈店长", "8642", True)),
        ),
        _shop(
            "PINON",
            "Piñón Té y Juego",
            barcelona,
            1,
            (("Marta", "2580", False), ("Jordi", "1470", False), ("Núria", "8642", True)),
        ),
    )


def _shop(code: str, name: str, store: Store, column: int, people: tuple[tuple[str, str, bool], ...]) -> Shop:
    def own(kind: str, key: str) -> str:
        return demo_id(f"{store.code}/{kind}/{key}")

    merchant_id = store.merchant_id
    return Shop(
        merchant_code=code,
        merchant_name=name,
        store=store,
        terminals=tuple(f"{store.code}T{number:02}" for number in (1, 2, 3)),
        categories=tuple(
            Category(own("category", key), merchant_id, text, place)
            for place, (key, text) in enumerate(_CATEGORIES.items())
        ),
        products=tuple(
            Product(
                product_id=own("product", key),
                merchant_id=merchant_id,
                category_id=own("category", category),
                names=text,
                price_minor=prices[column],
                vat_rate=_rate(store, category),
                tags=frozenset({tag}),
                add_on_ids=tuple(own("add_on", add_on) for add_on in _DRINK_ADD_ONS if category in ("tea", "milk")),
                position=place,
            )
            for place, (key, category, text, prices, tag) in enumerate(_PRODUCTS)
        ),
        add_ons=tuple(
            AddOn(own("add_on", key), merchant_id, text, prices[column], _rate(store, "tea"), tag, place)
            for place, (key, text, prices, tag) in enumerate(_ADD_ONS)
        ),
        plans=tuple(
            PassPlan(
                plan_id=own("plan", key),
                merchant_id=merchant_id,
                names=text,
                price_minor=prices[column],
                currency=store.currency,
                uses=uses,
                validity_days=days,
                auto_activate=automatic,
                eligible_tag=tag,
                vat_mode="none" if store.currency == "CNY" else "single_purpose",
                vat_rate="0" if store.currency == "CNY" else _rate(store, tag),
                max_uses_per_order=per_order,
                max_uses_per_day=per_day,
                global_free_addon_limit=free,
            )
            for key, text, prices, uses, days, automatic, tag, per_order, per_day, free in _PLANS
        ),
        people=tuple(
            Person(own("staff", who), who, pin, _LEADS if leads else frozenset({"reprint"}))
            for who, pin, leads in people
        ),
        policy=RiskPolicy(own("policy", "1"), store.store_id, 1, 1, 2, 20, 24 * 3600, 24 * 3600),
        templates=tuple(
            SlipTemplate(
                own("template", kind), merchant_id, kind, 1, resources.path(f"templates/{kind}.json").read_text("utf-8")
            )
            for kind in TEMPLATE_KINDS
        ),
        bands=tuple(LevelBand(level, least, most, rate, merchant_id) for level, least, most, rate in _BANDS),
        bonus_rules=_rules(store, column),
    )


def _rules(store: Store, column: int) -> tuple[BonusRule, ...]:
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    return tuple(
        BonusRule(
            demo_id(f"{store.code}/bonus_rule/{key}"), store.merchant_id, store.currency, least[column], bonus[column],
            rate, begins, None,
        )
        for key, least, bonus, rate in _BONUS_RULES
    )  # fmt: skip


def _rate(store: Store, category: str) -> str:
    if store.currency == "CNY":
        return "0.06"
    return "0.21" if category == "play" else "0.10"
