"""The shop itself: its name and currency, locales, locations, sales channels and markets.

It is one invented shop, the same each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.sandbox.shopify.pages import Connection, page
from connectors.sandbox.shopify.store import Call, Store, error

DOMAIN = "practice-souk.myshopify.com"
LOCALES = {"en": "English", "ar": "Arabic", "de": "German", "es": "Spanish", "fr": "French"}
LOCALES |= {"it": "Italian", "nl": "Dutch"}
PRIMARY_LOCALE = "en"


@dataclass(eq=False, kw_only=True)
class Shop:
    """Who we are there."""

    id: str
    name: str = "The practice souk"
    currency_code: str = "USD"
    myshopify_domain: str = DOMAIN
    iana_timezone: str = "Africa/Casablanca"
    weight_unit: str = "KILOGRAMS"
    url: str = f"https://{DOMAIN}"


@dataclass(eq=False, kw_only=True)
class Location:
    """Where stock is kept."""

    id: str
    name: str
    fulfills_online_orders: bool
    is_active: bool = True
    ships_inventory: bool = True


@dataclass(eq=False, kw_only=True)
class Channel:
    """A sales channel."""

    id: str
    handle: str
    name: str


@dataclass(eq=False, kw_only=True)
class Publication:
    """What is shown on a sales channel."""

    id: str
    channel: Channel
    auto_publish: bool = False

    def channels(self, _call: Call, args: Mapping[str, Any]) -> Connection:
        """The channels that show it."""
        return page([self.channel], args)


@dataclass(eq=False, kw_only=True)
class MetafieldDefinition:
    """What a metafield of that name holds. Values of the type `id` are unique."""

    id: str
    namespace: str
    key: str
    name: str
    owner_type: str
    type: Mapping[str, str]


@dataclass(eq=False, kw_only=True)
class Market:
    """Countries that are sold to under the same terms."""

    id: str
    name: str
    handle: str
    catalog_list: list[Any] = field(default_factory=list)
    status: str = "ACTIVE"
    type: str = "REGION"

    def catalogs(self, _call: Call, args: Mapping[str, Any]) -> Connection:
        """What is sold there, and at which prices."""
        return page(self.catalog_list, args)


def furnish(store: Store) -> None:
    """Put the shop's own furniture into an empty store."""
    store.add(Shop(id=store.new_id("Shop")))
    for name, online in (("Atelier, Marrakech", True), ("Stand on the fair", False)):
        store.add(Location(id=store.new_id("Location"), name=name, fulfills_online_orders=online))
    for handle, name in (("online_store", "Online Store"), ("pos", "Point of Sale")):
        channel = store.add(Channel(id=store.new_id("Channel"), handle=handle, name=name))
        store.add(Publication(id=store.new_id("Publication"), channel=channel))


def the_shop(store: Store) -> Shop:
    """The only shop there is."""
    return next(store.all(Shop))


def online_store(store: Store) -> Publication:
    """Where a buyer looks."""
    return next(store.all(Publication))


def shipping_location(store: Store) -> Location:
    """Where online orders are sent from."""
    return next(place for place in store.all(Location) if place.fulfills_online_orders)


def definition(store: Store, namespace: str, key: str) -> MetafieldDefinition | None:
    """The definition of a product's metafield of that name."""
    return next(
        (d for d in store.all(MetafieldDefinition) if (d.namespace, d.key) == (namespace, key)),
        None,
    )


def _shop_locales(_call: Call, _args: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"locale": code, "name": name, "primary": code == PRIMARY_LOCALE, "published": True}
        for code, name in LOCALES.items()
    ]


def _locations(call: Call, args: Mapping[str, Any]) -> Connection:
    return call.root_page(list(call.store.all(Location)), args, lambda place: [place.name])


def _publications(call: Call, args: Mapping[str, Any]) -> Connection:
    of_apps = args.get("catalogType") in {None, "APP"}
    return call.root_page(list(call.store.all(Publication)) if of_apps else [], args)


def _metafield_definition(call: Call, args: Mapping[str, Any]) -> MetafieldDefinition | None:
    wanted = args["identifier"]
    return definition(call.store, wanted.get("namespace") or "$app", wanted["key"])


def _metafield_definition_create(call: Call, args: Mapping[str, Any]) -> dict[str, Any]:
    given = args["definition"]
    namespace = given.get("namespace") or "$app"
    if definition(call.store, namespace, given["key"]):
        message = f"Key is in use for {given['ownerType'].title()} metafields on the"
        taken = error("TAKEN", f"{message} '{namespace}' namespace.", "definition", "key")
        return {"created_definition": None, "user_errors": [_of_element(taken)]}
    created = call.store.add(
        MetafieldDefinition(
            id=call.store.new_id("MetafieldDefinition"),
            namespace=namespace,
            key=given["key"],
            name=given["name"],
            owner_type=given["ownerType"],
            type={"name": given["type"], "category": given["type"].upper()},
        )
    )
    return {"created_definition": created, "user_errors": []}


def _of_element(fault: dict[str, Any]) -> dict[str, Any]:
    return {**fault, "element_index": None, "element_key": None}


def _any_node(call: Call, args: Mapping[str, Any]) -> Any:
    return call.store.node(args["id"])


def _any_nodes(call: Call, args: Mapping[str, Any]) -> list[Any]:
    return [call.store.node(gid) for gid in args["ids"]]


QUERIES = {
    "node": _any_node,
    "nodes": _any_nodes,
    "shop": lambda call, _: the_shop(call.store),
    "shop_locales": _shop_locales,
    "location": lambda call, args: (
        call.store.find(Location, args["id"]) if args.get("id") else shipping_location(call.store)
    ),
    "locations": _locations,
    "publications": _publications,
    "metafield_definition": _metafield_definition,
}
MUTATIONS = {"metafield_definition_create": _metafield_definition_create}
