"""Products as the Admin API shows them: variants, options, metafields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any

from connectors.sandbox.shopify.inventory import InventoryItem
from connectors.sandbox.shopify.media import MediaImage
from connectors.sandbox.shopify.pages import Connection, page
from connectors.sandbox.shopify.store import Call, Store, number
from connectors.sandbox.shopify.translations import Translated


@dataclass(eq=False, kw_only=True)
class Metafield:
    """A value of the app's own on a product."""

    id: str
    namespace: str
    key: str
    type: str
    value: str
    created_at: datetime
    updated_at: datetime
    owner_type: str = "PRODUCT"

    @property
    def legacy_resource_id(self) -> int:
        """The number in its id."""
        return number(self.id)


@dataclass(eq=False, kw_only=True)
class ProductOptionValue(Translated):
    """One value of an option, such as 38."""

    id: str
    name: str
    has_variants: bool = True

    def translatable(self) -> dict[str, str]:
        """What can be translated."""
        return {"name": self.name}


@dataclass(eq=False, kw_only=True)
class ProductOption(Translated):
    """What tells variants apart, such as Size."""

    id: str
    name: str
    position: int
    option_values: list[ProductOptionValue]

    @property
    def values(self) -> list[str]:
        """The names of its values."""
        return [value.name for value in self.option_values]

    def translatable(self) -> dict[str, str]:
        """What can be translated."""
        return {"name": self.name}


@dataclass(eq=False, kw_only=True)
class ProductVariant(Translated):
    """One thing with a SKU."""

    id: str
    product: "Product"
    created_at: datetime
    updated_at: datetime
    position: int = 1
    choice: dict[str, str] = field(default_factory=dict)
    price: Decimal = Decimal(0)
    compare_at_price: Decimal | None = None
    barcode: str | None = None
    inventory_policy: str = "DENY"
    taxable: bool = True
    picture: MediaImage | None = None
    metafield_list: list[Metafield] = field(default_factory=list)
    inventory_item: InventoryItem = field(init=False)

    @property
    def legacy_resource_id(self) -> int:
        """The number in its id."""
        return number(self.id)

    @property
    def sku(self) -> str | None:
        """Its inventory item's SKU."""
        return self.inventory_item.sku

    @property
    def title(self) -> str:
        """Its values, one after the other."""
        return " / ".join(self.choice.values())

    @property
    def display_name(self) -> str:
        """The product's title with its own."""
        return f"{self.product.title} - {self.title}"

    @property
    def inventory_quantity(self) -> int:
        """Units for sale."""
        return self.inventory_item.available

    @property
    def available_for_sale(self) -> bool:
        """Whether it can be bought, were the product published."""
        kept = self.inventory_item.tracked and self.inventory_policy == "DENY"
        return not kept or self.inventory_quantity > 0

    @property
    def selected_options(self) -> list[dict[str, Any]]:
        """Its value of each option."""
        values = {
            (option.name, value.name): value
            for option in self.product.option_list
            for value in option.option_values
        }
        return [
            {"name": name, "value": value, "option_value": values[name, value]}
            for name, value in self.choice.items()
        ]

    def media(self, _call: Call, args: Mapping[str, Any]) -> Connection:
        """Its own picture."""
        return page([self.picture] if self.picture else [], args)

    def metafield(self, _call: Call, args: Mapping[str, Any]) -> Metafield | None:
        """The metafield of that name."""
        return _metafield(self.metafield_list, args)

    def published_on_publication(self, call: Call, args: Mapping[str, Any]) -> bool:
        """Where its product is, it is."""
        return self.product.published_on_publication(call, args)

    def translatable(self) -> dict[str, str]:
        """Options carry the words of a variant."""
        return {}


@dataclass(eq=False, kw_only=True)
class Product(Translated):
    """One listing."""

    id: str
    title: str
    handle: str
    vendor: str
    created_at: datetime
    updated_at: datetime
    description_html: str = ""
    product_type: str = ""
    tags: list[str] = field(default_factory=list)
    status: str = "ACTIVE"
    seo: Mapping[str, Any] = field(default_factory=lambda: {"title": None, "description": None})
    option_list: list[ProductOption] = field(default_factory=list)
    variant_list: list[ProductVariant] = field(default_factory=list)
    media_list: list[MediaImage] = field(default_factory=list)
    metafield_list: list[Metafield] = field(default_factory=list)
    publications: set[str] = field(default_factory=set)
    published_at: datetime | None = None
    online_store_url: str | None = None

    @property
    def legacy_resource_id(self) -> int:
        """The number in its id."""
        return number(self.id)

    @property
    def total_inventory(self) -> int:
        """Units for sale of all variants."""
        return sum(variant.inventory_quantity for variant in self.variant_list)

    @property
    def tracks_inventory(self) -> bool:
        """Whether any variant counts its units."""
        return any(variant.inventory_item.tracked for variant in self.variant_list)

    @property
    def has_only_default_variant(self) -> bool:
        """Whether it has nothing to choose."""
        return [variant.title for variant in self.variant_list] == ["Default Title"]

    @property
    def variants_count(self) -> dict[str, Any]:
        """How many variants it has."""
        return {"count": len(self.variant_list), "precision": "EXACT"}

    @property
    def media_count(self) -> dict[str, Any]:
        """How many pictures it has."""
        return {"count": len(self.media_list), "precision": "EXACT"}

    @property
    def featured_media(self) -> MediaImage | None:
        """The main picture."""
        return self.media_list[0] if self.media_list else None

    def description(self, _call: Call, args: Mapping[str, Any]) -> str:
        """The description without its HTML."""
        return plain_text(self.description_html)[: args.get("truncateAt")]

    def options(self, _call: Call, args: Mapping[str, Any]) -> list[ProductOption]:
        """Its options."""
        return self.option_list[: args.get("first")]

    def variants(self, _call: Call, args: Mapping[str, Any]) -> Connection:
        """Its variants, by position."""
        return page(self.variant_list, args, lambda variant: (variant.position, variant.id))

    def media(self, _call: Call, args: Mapping[str, Any]) -> Connection:
        """Its pictures, the main one first."""
        return page(self.media_list, args)

    def metafield(self, _call: Call, args: Mapping[str, Any]) -> Metafield | None:
        """The metafield of that name."""
        return _metafield(self.metafield_list, args)

    def metafields(self, _call: Call, args: Mapping[str, Any]) -> Connection:
        """Its metafields."""
        wanted = args.get("namespace")
        return page([m for m in self.metafield_list if wanted in {None, m.namespace}], args)

    def published_on_publication(self, _call: Call, args: Mapping[str, Any]) -> bool:
        """Whether it is on that sales channel."""
        return args["publicationId"] in self.publications

    def translatable(self) -> dict[str, str]:
        """What can be translated."""
        return {
            "title": self.title,
            "body_html": self.description_html,
            "handle": self.handle,
            "product_type": self.product_type,
        }


def plain_text(html: str) -> str:
    """The words of `html`."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def index_product(store: Store, product: Product) -> None:
    """Have a product found by its handle and its metafields of the type `id`."""
    store.names["handle", product.handle] = product
    for metafield in product.metafield_list:
        if metafield.type == "id":
            store.names[metafield.namespace, metafield.key, metafield.value] = product


def by_handle(store: Store, handle: str) -> Product | None:
    """The product of that handle."""
    found = store.names.get(("handle", handle))
    return found if found and found.handle == handle else None


def by_custom_id(store: Store, namespace: str, key: str, value: str) -> Product | None:
    """The product with that value of a metafield."""
    return store.names.get((namespace, key, value))


def _metafield(metafields: list[Metafield], args: Mapping[str, Any]) -> Metafield | None:
    wanted = args.get("namespace") or "$app", args["key"]
    return next((m for m in metafields if (m.namespace, m.key) == wanted), None)
