"""Markets, their catalogs and price lists: other countries' prices in their own currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from connectors.sandbox.shopify.pages import Connection, page
from connectors.sandbox.shopify.products import ProductVariant
from connectors.sandbox.shopify.shop import Market
from connectors.sandbox.shopify.store import Call, Store, error, number

Args = Mapping[str, Any]


@dataclass(eq=False, kw_only=True)
class MarketCatalog:
    """What is sold on some markets, and at which prices."""

    id: str
    title: str
    market_list: list[Market]
    price_list: Optional["PriceList"] = None
    status: str = "ACTIVE"
    publication: None = None

    def markets(self, _call: Call, args: Args) -> Connection:
        """Where it holds."""
        return page(self.market_list, args)


@dataclass(frozen=True, slots=True)
class PriceListPrice:
    """A variant's own price on a price list."""

    variant: ProductVariant
    price: Mapping[str, Any]
    compare_at_price: Mapping[str, Any] | None
    origin_type: str = "FIXED"


@dataclass(eq=False, kw_only=True)
class PriceList:
    """Prices in one currency."""

    id: str
    name: str
    currency: str
    catalog: MarketCatalog
    fixed: dict[str, PriceListPrice] = field(default_factory=dict)

    @property
    def fixed_prices_count(self) -> int:
        """Variants with a price of their own."""
        return len(self.fixed)

    def prices(self, _call: Call, args: Args) -> Connection:
        """The fixed prices."""
        return page(list(self.fixed.values()), args)


def furnish(store: Store) -> None:
    """Open two markets beside the shop's own."""
    for name, currency in (("Europe", "EUR"), ("United Kingdom", "GBP")):
        market = store.add(
            Market(id=store.new_id("Market"), name=name, handle=name.lower().replace(" ", "-"))
        )
        catalog = store.add(
            MarketCatalog(id=store.new_id("MarketCatalog"), title=name, market_list=[market])
        )
        market.catalog_list.append(catalog)
        catalog.price_list = store.add(
            PriceList(id=store.new_id("PriceList"), name=name, currency=currency, catalog=catalog)
        )


def _add_fixed_prices(call: Call, args: Args) -> dict[str, Any]:
    prices = call.store.find(PriceList, args["priceListId"])
    if prices is None:
        message = "Price list does not exist."
        unknown = error("PRICE_LIST_NOT_FOUND", message, "priceListId")
        return {"prices": None, "user_errors": [unknown]}
    faults = [
        fault
        for place, given in enumerate(args["prices"])
        if (fault := _fault(call.store, prices, given, place))
    ]
    if faults:
        return {"prices": None, "user_errors": faults}
    added = [_added(call.store, prices, given) for given in args["prices"]]
    return {"prices": [price for price in added if price], "user_errors": []}


def _fault(store: Store, prices: PriceList, given: Args, place: int) -> dict[str, Any] | None:
    if store.find(ProductVariant, given["variantId"]) is None:
        message = "Product variant ID does not exist."
        return error("VARIANT_NOT_FOUND", message, "prices", place, "variantId")
    if given["price"]["currencyCode"] != prices.currency:
        message = "The specified currency does not match the price list's currency."
        code, path = "PRICE_LIST_CURRENCY_MISMATCH", ("prices", place, "price")
        return error(code, message, *path, "currencyCode")
    return None


def _added(store: Store, prices: PriceList, given: Args) -> PriceListPrice | None:
    variant = store.find(ProductVariant, given["variantId"])
    if variant is None:
        return None
    before = given.get("compareAtPrice")
    price = PriceListPrice(variant, _money(given["price"]), before and _money(before))
    prices.fixed[variant.id] = price
    return price


def _money(given: Args) -> dict[str, Any]:
    return {"amount": given["amount"], "currency_code": given["currencyCode"]}


def _markets(call: Call, args: Args) -> Connection:
    return call.root_page(list(call.store.all(Market)), args, lambda market: [market.name])


def _catalogs(call: Call, args: Args) -> Connection:
    of_markets = args.get("type") in {None, "MARKET"}
    found = list(call.store.all(MarketCatalog)) if of_markets else []
    return call.root_page(found, args, lambda catalog: [number(catalog.id)])


def _price_lists(call: Call, args: Args) -> Connection:
    return call.root_page(list(call.store.all(PriceList)), args, lambda one: [number(one.id)])


QUERIES = {
    "markets": _markets,
    "catalogs": _catalogs,
    "price_list": lambda call, args: call.store.find(PriceList, args["id"]),
    "price_lists": _price_lists,
}
MUTATIONS = {"price_list_fixed_prices_add": _add_fixed_prices}
