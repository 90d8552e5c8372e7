"""A corpus of slips: every kind, language and paper, with names that we made up to be hard to print.

Rule: deterministic; the n-th slip is always the same.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from models.catalogue import LANGUAGES, Store
from models.facts import Body, encode_fact, hash_fact
from models.tokens import slip_check_code
from printing.layout import Layout
from printing.slips import SlipContext, SlipDocument, slip_documents
from printing.templates import default_template, lay_out
from printing.words import slip_words
from tests.printing.shop import (
    ID,
    add_on,
    charged,
    cup,
    fact,
    moved,
    order_refunded,
    paid,
    pass_sold,
    redeemed,
    refunded,
    shift_closed,
    topped_up,
)

SPANISH = (
    "Té con leche y azúcar moreno", "Café bombón (¡muy dulce!)", "Piña colada sin alcohol", "Pingüino de chocolate",
    "Açaí con plátano", "Jalea de maracuyá nº 1", "Batido de ñame y ñora", "¿Limón o lima? ¡Los dos!",
    "Crème brûlée au thé", "Horchata «auténtica»", "Infusión 2ª cosecha · otoño",
    "ZUMO DE NARANJA EXPRÍMELO TÚ MISMO", "Tapioca 50 % más + 1,20 €", "Mate cocido à la façon d'Uruguay",
    "Sándwich de jamón ibérico y queso añejo", "Té «Orgullo» — edición ½ litro", "Col·lecció d'estiu: orxata",
    "PARAL·LEL, 5º 2ª", "Müsli, Öl & Größe", "Refresco de guayaba_(sin gas)/[frío]", "Ilusión IlI1|l!¡ 0OoQ",
    "Rn m nn mm vv w cl d", "Æblekage på São Tomé", "Leche 3,5 % @ 4 °C ± 1", "Agua \\ hielo {extra} ~ #7 ^ `",
    "Año Nuevo: uvas x 12 = suerte", "Xocolata desfeta ÀÈÌÒÙ ÍÏÓÚÜ", "WWWWWWWWWWMMMMMMMMMMWWWWWWWWWW",
    "iiiiiiiiiilllllllllljjjjjjjjjj.,;:'", "Jengibre fijo, fjord y filfil",
)  # fmt: skip
CHINESE = (
    "珍珠奶茶（大杯）", "杨枝甘露、芋圆波波", "黑糖鹿丸鲜奶", "柠檬蜂蜜水……少冰", "抹茶红豆拿铁【热】",
    "椰果、布丁，任选其一！", "桂花乌龙·冷泡", "竹蔗茅根马蹄饮", "荔枝龟苓膏", "“满杯”百香果？是的！",
    "鸭屎香单丛柠檬茶", "生椰拿铁￥18.00", "四季春／金萱／翠玉", "饕餮紫米盔甲露", "囍字双皮奶《经典》",
    "龘龖火龙果爆柠", "葡萄籽—青提—麝香", "酪酥赢囊餐疆", "已己巳戊戌戍末未士土日曰", "人入八千干于天夭王玉主",
    "薏仁薄荷薯蓣藠头", "鲅鱼圈鮰鳜鲈", "一二三四五六七八九十百千万亿〇", "壹贰叁肆伍陆柒捌玖拾佰仟圆整",
    "买一送一：第２杯半价！", "喆堃翀昇淼焱垚鑫犇", "冰块：多／正常／少／去", "「限时」〔会员〕〈专享〉",
    "贪食贫弱侯候晴睛清请情", "茶荼茗若苦拔拨治冶泠冷",
)  # fmt: skip
MIXED = (
    "珍珠奶茶 Té con leche ñ ¥18 €", "Matcha 抹茶 latte 拿铁 ½ 糖", "A+B 双拼 Combinación nº 3",
    "冰美式 Americano 16 oz", "¡Feliz 春节! 买二送一", "Bubble Tea 波霸 × 2 − 1 = ¡1!", "WiFi：té_2026／密码 0O1lI",
    "Café 咖啡 €3.20 ¥25 £3 $4 ￥9", "芋泥 taro·波波", "Té verde①号 绿茶②", "Ramune ラムネ サイダー 弹珠汽水",
    "Ж щю Ω 茶 Δ",
)  # fmt: skip
AWKWARD = (
    "Té\u00a0con\tleche\r\nfría", "Cafe\u0301 con len\u0303a", "Té\u200b\u202e invertido\u0007", "A" * 70, "长" * 60,
    "Sándwichdejamónibéricoconquesomanchegoytomaterallado", "   Leche   con   espacios   ",
    "\u3000全角\u3000空格\u3000", "x",
)  # fmt: skip
LACKING = (
    ("☕ Café 🧋 perlas", "〓 Café 〓 perlas"), ("Çağla Şahin Žižka", "Çagla Sahin Zizka"),
    ("Władysław łódź", "Wladyslaw lódz"), ("대추차 té 대추", "〓〓〓 té 〓〓"), ("👩\u200d🍳 家庭", "〓〓 家庭"),
    ("q\u0303 𝐀 ﬃ ⅓", "q A ffi 1/3"), ("\U00020bb7野家 茶", "〓野家 茶"), ("Chè đậu xanh Việt", "Chè đau xanh Viet"),
    ("\ue000私 ป 茶", "〓私 〓 茶"),
)  # fmt: skip
"""Names with characters that the font lacks, and what stands for them."""
PEOPLE = (
    "陈晓", "Núria Güell i Solé", "José Mª Ibáñez", "欧阳娜娜", "Iñaki O'Connor", "赵喆", "Ma. Ángeles Peña",
    "Çelik 大卫",
)  # fmt: skip
SHOPS = (
    ("茶玩研究所 · 南山店", "深圳市茶玩餐饮管理有限公司", "深圳市南山区科技园南路18号A-102", "91440300MA5F00000X"),
    ("Té y Juegos Gràcia", "Té y Juegos Barcelona, S.L.", "C/ Verdi, 41, 1º 2ª, 08012 Barcelona (España)", "B66123459"),
    ("Salón del Té «La Niña» 茶室", "Hijos de Muñoz & Íñigo, S.C.P.", "Plaça Paral·lel, s/n · L'Havana", "J1234567A"),
    ("囍茶·澳門店", "澳门囍茶一人有限公司", "澳門議事亭前地12-A號（地下）", "82345678"),
)  # fmt: skip
KINDS = (
    "redemption", "free", "sale", "pass", "stacked", "top_up", "charge", "company", "refund", "card_refund",
    "sale_refund", "moved", "z_report",
)  # fmt: skip


@dataclass(frozen=True)
class Slip:
    """A slip of the corpus: what it was made of, and its layout."""

    name: str
    document: SlipDocument
    layout: Layout
    code: str
    item: str
    """The name of its first product as paper has to show it, where the slip lists products."""


def names() -> list[tuple[str, str]]:
    """Return (name as HQ enters it, name as paper shows it)."""
    plain = [(name, name) for group in zip(SPANISH, CHINESE, strict=True) for name in group]
    awkward = [(name, unicodedata.normalize("NFC", "".join(filter(_visible, name)))) for name in AWKWARD]
    return [*plain, *((name, name) for name in MIXED), *awkward, *LACKING]


def slips(every: int = 1) -> Iterator[Slip]:
    """Yield the slips of the corpus, or each `every`-th of them."""
    kinds = [
        (kind, language, columns, copy)
        for copy in (0, 2)
        for language in LANGUAGES
        for columns in (48, 32)
        for kind in KINDS
    ]
    rounds = len(names())
    for number in range(0, len(kinds) * rounds // 6, every):
        kind, language, columns, copy = kinds[number * 7 % len(kinds)]
        yield from _slip(kind, language, columns, copy if number % 11 == 0 else 0, number)


def _slip(kind: str, language: str, columns: int, copy: int, number: int) -> Iterator[Slip]:
    known = names()
    (item, shown), (other, _), (extra, _) = islice(cycle(known), number * 3 % len(known), number * 3 % len(known) + 3)
    shop, issuer, address, tax_id = SHOPS[number % len(SHOPS)]
    currency = "EUR" if number % 3 else "CNY"
    store = Store(ID.format(1), ID.format(2), "SZ1", shop, "Europe/Madrid", currency, language, issuer, tax_id, address)
    cashier, member = PEOPLE[number % len(PEOPLE)], PEOPLE[number * 3 % len(PEOPLE)]
    context = SlipContext(store, "SZ1T03", cashier, f"{member[0]}**", "612****448", language)
    happened = fact(_body(kind, currency, (item, other, extra), number), language)
    fact_hash = hash_fact(encode_fact(happened))
    for document in slip_documents(happened, fact_hash, context):
        layout = lay_out(document, default_template(document.kind), slip_words(language), columns, copy)
        named = shown if document.lines and document.lines[0].name == item else ""
        code = slip_check_code(document.number, fact_hash)
        yield Slip(f"{number}: {kind} {document.number} {language} {columns}", document, layout, code, named)


def _body(kind: str, currency: str, said: tuple[str, str, str], number: int) -> Body:
    item, other, extra = said
    price = 350 + number * 17
    tea = cup(item, add_on(extra, 2), base_minor=price, vat_rate="0.10")
    bag = cup(other, base_minor=123450, vat_rate="0.21")
    match kind:
        case "redemption":
            cups = (cup(item, add_on(extra, 3, free=1)), cup(other), cup(item, add_on(extra, 3, free=1)))
            return redeemed(*cups, uses_left=number % 100, rung="at_risk", currency=currency)
        case "free":
            return redeemed(cup(item), uses_left=number % 7, currency=currency)
        case "sale":
            return paid(tea, tea, bag, currency=currency)
        case "pass" | "stacked":
            return pass_sold(stacked=kind == "stacked", status="suspended" if number % 2 else "active")
        case "top_up":
            return topped_up(bonus_minor=number % 3 * 1000, currency=currency)
        case "charge":
            return charged(tea, bag, currency=currency)
        case "company":
            return charged(tea, card_type="enterprise", discount="1.000", currency=currency)
        case "refund":
            return refunded(currency=currency)
        case "card_refund":
            return refunded("charge", 1000 + number, 0, currency=currency)
        case "sale_refund":
            return order_refunded(tea, currency=currency)
        case "moved":
            return moved("paid_in" if number % 2 else "safe_drop", 700 + number, "change", currency)
    return shift_closed(currency)


def _visible(char: str) -> bool:
    return char.isprintable() or char.isspace()
