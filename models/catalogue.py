"""What HQ manages and tills mirror: stores, products, add-ons, pass plans, people, templates, policy - as values.

Rule: frozen values with a wire form (models.codec); ids are UUID texts; money is minor units of the store's currency.
`names` map a language ("zh-CN", "es-ES", "en") to a text.
"""

from dataclasses import dataclass, field
from datetime import datetime

from models.phones import calling_code_in

Names = dict[str, str]

LANGUAGES = ("zh-CN", "es-ES", "en")
TENDER_KINDS = ("cash", "bank_card", "bizum", "platform", "wechat", "alipay")
REDEMPTION_TENDERS = frozenset({"cash", "bank_card"})
"""Tenders that may pay the extra of a redemption (domain.md, "Passes"; R103, R104)."""


def name_in(names: Names, language: str) -> str:
    """Return the name in this language, else in English, else in any language there is."""
    return names.get(language) or names.get("en") or next(iter(names.values()))


@dataclass(frozen=True, slots=True)
class Store:
    """A shop. `business_day_cutoff_minutes` past local midnight still count as the day before."""

    store_id: str
    merchant_id: str
    code: str
    name: str
    timezone: str
    currency: str
    slip_language: str
    issuer_name: str
    tax_id: str
    address: str
    business_day_cutoff_minutes: int = 0

    @property
    def calling_code(self) -> str:
        """Of its country (models.phones): what a phone number written here without one belongs to; "": not known."""
        return calling_code_in(self.timezone)


@dataclass(frozen=True, slots=True)
class Category:
    """A tab of products on the checkout screen."""

    category_id: str
    merchant_id: str
    names: Names
    position: int


@dataclass(frozen=True, slots=True)
class Product:
    """A thing on sale; shelf price includes VAT. A pass plan covers it when it carries the plan's `eligible_tag`."""

    product_id: str
    merchant_id: str
    category_id: str
    names: Names
    price_minor: int
    vat_rate: str
    tags: frozenset[str] = frozenset()
    add_on_ids: tuple[str, ...] = ()
    position: int = 0
    on_sale: bool = True


@dataclass(frozen=True, slots=True)
class AddOn:
    """An extra for a cup. `tag` decides its price inside a redemption: `paid_addon`, `free_addon` or none."""

    add_on_id: str
    merchant_id: str
    names: Names
    price_minor: int
    vat_rate: str
    tag: str | None = None
    position: int = 0
    on_sale: bool = True

    def __post_init__(self) -> None:
        if self.tag not in (None, "paid_addon", "free_addon"):
            raise ValueError(f"unknown add-on tag {self.tag!r}")


@dataclass(frozen=True, slots=True)
class PassPlan:
    """The terms a pass is bought under. A limit of None is unlimited, 0 is none (domain.md, "Passes")."""

    plan_id: str
    merchant_id: str
    names: Names
    price_minor: int
    currency: str
    uses: int
    validity_days: int
    auto_activate: bool
    eligible_tag: str
    vat_mode: str
    vat_rate: str
    max_uses_per_order: int | None = None
    max_uses_per_day: int | None = None
    global_free_addon_limit: int | None = 0
    on_sale: bool = True

    def __post_init__(self) -> None:
        if self.vat_mode not in ("single_purpose", "multi_purpose", "none"):
            raise ValueError(f"unknown VAT mode {self.vat_mode!r}")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person who works at a till. `pin_hash` is an argon2id PHC string; `permissions` are names."""

    staff_id: str
    merchant_id: str
    store_id: str
    name: str
    pin_hash: str
    permissions: frozenset[str]
    active: bool = True


@dataclass(frozen=True, slots=True)
class SlipTemplate:
    """A slip layout edited at HQ: `kind` like PASS_REDEMPTION_SLIP, `body` the JSON text, `version` counts up."""

    template_id: str
    merchant_id: str
    kind: str
    version: int
    body: str


INSTRUMENTS = ("uses", "tickets", "personal_card", "enterprise_card")
"""What a risk policy caps: uses of passes, tickets, and money of cards in minor units."""


@dataclass(frozen=True, slots=True)
class RiskCaps:
    """How much of one instrument may be spent unproven; all zero: nothing.

    `per_terminal` counts what the server has not settled yet; the ages are those of the last sync and of the snapshot.
    """

    per_operation: int = 0
    per_member_day: int = 0
    per_terminal: int = 0
    sync_age_seconds: int = 0
    snapshot_age_seconds: int = 0


@dataclass(frozen=True, slots=True)
class RiskPolicy:
    """How much stored value a till may spend unproven (sync.md rung 3). Signed by HQ; all zero = nothing.

    The caps of uses stand flat; `max_uses_terminal` counts unproven uses of one terminal that the server has not
    settled yet. Tills of this version spend nothing else unproven.
    """

    policy_id: str
    store_id: str
    version: int
    max_uses_per_operation: int = 0
    max_uses_per_member_day: int = 0
    max_uses_terminal: int = 0
    max_sync_age_seconds: int = 0
    max_snapshot_age_seconds: int = 0
    tickets: RiskCaps = RiskCaps()
    personal_card: RiskCaps = RiskCaps()
    enterprise_card: RiskCaps = RiskCaps()

    def caps(self, instrument: str) -> RiskCaps:
        """Return the caps of one of INSTRUMENTS."""
        if instrument == "uses":
            return RiskCaps(
                self.max_uses_per_operation,
                self.max_uses_per_member_day,
                self.max_uses_terminal,
                self.max_sync_age_seconds,
                self.max_snapshot_age_seconds,
            )
        found: RiskCaps = getattr(self, instrument)
        return found


@dataclass(frozen=True, slots=True)
class SignedPolicy:
    """A risk policy as HQ signed it: `body` is the exact JSON text of a `RiskPolicy`, `signature` is base64."""

    body: str
    key_id: str
    signature: str


@dataclass(frozen=True, slots=True)
class CompanyCard:
    """An enterprise card that may be used, as its admins' tills know it; `currency` "": no money came in yet."""

    card_id: str
    card_ref: str
    card_no: str
    company_name: str
    currency: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person as a till knows them. `name` and `phone` are personal data: never in a fact, log or slip unmasked.

    `pin_hash` is the PHC string of their PIN (models.pins), None: they have none; never in a fact or log at all.
    `companies`: the enterprise cards whose admin they are; those that they only pay with are not here.
    """

    member_id: str
    card_ref: str
    member_no: str
    name: str
    phone: str
    level: str
    status: str
    balance_minor: int
    currency: str
    points: int
    pin_hash: str | None = field(default=None, repr=False)
    companies: tuple[CompanyCard, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberPass:
    """A pass a member holds. `used_today` counts uses on `used_on`, a business day (ISO date) of the store."""

    pass_id: str
    merchant_id: str
    member_id: str
    plan_id: str
    status: str
    uses_bought: int
    uses_left: int
    expires_at: datetime
    used_on: str = ""
    used_today: int = 0


@dataclass(frozen=True, slots=True)
class PriceList:
    """Everything that prices a basket at one store, looked up by id."""

    currency: str
    products: dict[str, Product] = field(default_factory=dict)
    add_ons: dict[str, AddOn] = field(default_factory=dict)


def mask_card_no(card_no: str) -> str:
    """Hide all of a card's number but its end: ****0042; a short one keeps its last two characters only."""
    return f"****{card_no[-4:]}" if len(card_no) >= 8 else f"****{card_no[-2:]}"


def mask_name(name: str) -> str:
    """Hide all but the first character of each word of a name: 王** · M**** L****."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())
