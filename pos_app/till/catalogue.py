"""What the screens show of the catalogue: all fast, from the mirror kept in memory."""

from models.catalogue import Category, PassPlan, PriceList, Product, Store
from pos_app.till.till import Till


def store(till: Till) -> Store:
    """Return this till's store; Refusal `not_paired`."""
    return till.journal.store


def language(till: Till) -> str:
    """Return the language of the screens: as set at the start, else the store's slip language, else Chinese."""
    if till.options.language:
        return till.options.language
    return till.journal.store.slip_language if till.journal.identity else "zh-CN"


def price_list(till: Till) -> PriceList:
    """Return everything that prices a basket."""
    return till.journal.catalogue.prices


def categories(till: Till) -> tuple[Category, ...]:
    """Return the tabs of the checkout in order."""
    return till.journal.catalogue.categories


def products(till: Till) -> tuple[Product, ...]:
    """Return what is on sale, in order."""
    return till.journal.catalogue.products


def plans(till: Till) -> tuple[PassPlan, ...]:
    """Return the pass plans on sale that this till can sell, cheapest first."""
    found = [
        plan for plan in till.journal.catalogue.plans.values() if plan.on_sale and plan.vat_mode != "multi_purpose"
    ]
    return tuple(sorted(found, key=lambda plan: (plan.price_minor, plan.plan_id)))
