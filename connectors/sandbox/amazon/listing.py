"""A listing as Amazon keeps it: its attributes, and what may be read of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from babel.numbers import get_currency_precision

from connectors.sandbox.amazon.answers import moment
from connectors.sandbox.amazon.stores import STORES

Json = dict[str, Any]
DATA_SETS = (
    *("summaries", "attributes", "issues", "offers", "fulfillmentAvailability"),
    *("relationships", "productTypes", "procurement"),
)


@dataclass
class Listing:
    """One SKU in one store.

    `issues` were found when it was last judged; until `judged_at` the last submission is not.
    """

    sku: str
    marketplace_id: str
    asin: str
    product_type: str
    created: datetime
    updated: datetime
    attributes: dict[str, list[Json]] = field(default_factory=dict)
    issues: list[Json] = field(default_factory=list)
    judge_at: datetime | None = None
    on_sale: bool = False
    picture: Json | None = None

    def first(self, attribute: str, key: str = "value") -> Any:
        """The first entry's `key` of an attribute; None where there is none."""
        entries = self.attributes.get(attribute) or [{}]
        return entries[0].get(key)

    @property
    def is_parent(self) -> bool:
        """Whether it only holds variations together."""
        return bool(self.first("parentage_level") == "parent")

    @property
    def parent_sku(self) -> str | None:
        """The SKU of the parent that it is a variation of."""
        sku: str | None = self.first("child_parent_sku_relationship", "parent_sku")
        return sku

    @property
    def price(self) -> str | None:
        """The price with tax, as a decimal number."""
        prices = self.first("purchasable_offer", "our_price")
        if not prices:
            return None
        digits = get_currency_precision(STORES[self.marketplace_id].currency)
        return f"{prices[0]['schedule'][0]['value_with_tax']:.{digits}f}"

    @property
    def available(self) -> int:
        """Units that buyers may order."""
        quantity: int = self.first("fulfillment_availability", "quantity") or 0
        return quantity

    @available.setter
    def available(self, quantity: int) -> None:
        self.attributes["fulfillment_availability"][0]["quantity"] = quantity

    @property
    def photos(self) -> list[str]:
        """Addresses of the pictures, main one first."""
        return [
            entries[0]["media_location"]
            for name, entries in self.attributes.items()
            if name.startswith(("main_product_image", "other_product_image"))
        ]

    @property
    def status(self) -> list[str]:
        """DISCOVERABLE when it can be found, BUYABLE when it can be bought."""
        if not self.on_sale:
            return []
        buyable = not self.is_parent and self.price is not None and self.available > 0
        return ["BUYABLE", "DISCOVERABLE"] if buyable else ["DISCOVERABLE"]

    def options(self, theme: str) -> dict[str, str]:
        """What tells it from its siblings, by the attributes that `theme` names."""
        names = [name.lower() for name in theme.split("/")]
        return {name: str(self.first(name)) for name in names if self.first(name)}


def item(listing: Listing, children: Mapping[str, Listing], asked: list[str]) -> Json:
    """`listing` as getListingsItem tells it, with the data sets that are asked for."""
    answer: Json = {"sku": listing.sku}
    for name in asked:
        match name:
            case "summaries":
                answer[name] = [_summary(listing)]
            case "attributes":
                answer[name] = listing.attributes
            case "issues":
                answer[name] = listing.issues
            case "offers":
                answer[name] = list(_offers(listing))
            case "fulfillmentAvailability":
                answer[name] = _availability(listing)
            case "relationships":
                answer[name] = list(_relationships(listing, children))
            case "productTypes":
                product_type = {"productType": listing.product_type}
                answer[name] = [{"marketplaceId": listing.marketplace_id, **product_type}]
    return answer


def _summary(listing: Listing) -> Json:
    summary: Json = {
        "marketplaceId": listing.marketplace_id,
        "asin": listing.asin,
        "productType": listing.product_type,
        "status": listing.status,
        "createdDate": moment(listing.created),
        "lastUpdatedDate": moment(listing.updated),
    }
    if condition := listing.first("condition_type"):
        summary["conditionType"] = condition
    if title := listing.first("item_name"):
        summary["itemName"] = title
    if listing.picture:
        summary["mainImage"] = listing.picture
    return summary


def _offers(listing: Listing) -> Iterator[Json]:
    if listing.price is not None:
        currency = STORES[listing.marketplace_id].currency
        yield {
            "marketplaceId": listing.marketplace_id,
            "offerType": "B2C",
            "price": {"currencyCode": currency, "amount": listing.price},
            "audience": {"value": "ALL", "displayName": "Sell on Amazon"},
        }


def _availability(listing: Listing) -> list[Json]:
    return [
        {
            "fulfillmentChannelCode": entry["fulfillment_channel_code"],
            "quantity": entry.get("quantity", 0),
        }
        for entry in listing.attributes.get("fulfillment_availability", ())
    ]


def _relationships(listing: Listing, children: Mapping[str, Listing]) -> Iterator[Json]:
    theme = listing.first("variation_theme", "name")
    relation: Json = {"type": "VARIATION"}
    if listing.is_parent:
        relation["childSkus"] = sorted(children)
    elif listing.parent_sku:
        relation["parentSkus"] = [listing.parent_sku]
    else:
        return
    if theme:
        names = [name.lower() for name in theme.split("/")]
        relation["variationTheme"] = {"attributes": names, "theme": theme}
    yield {"marketplaceId": listing.marketplace_id, "relationships": [relation]}
