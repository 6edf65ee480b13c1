"""Where in a shop we sell: its currency and languages, our location and our sales channel. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.errors import CredentialsRejected
from connectors.protocol import Account, Change, Shop
from connectors.shopify.mapper import Parts, Sending

ONLINE_STORE = "online_store"


@dataclass(frozen=True, slots=True)
class Place:
    """What every push needs to know of a shop. `keyed`: our key is defined for its products."""

    shop: Shop
    locale: str
    location: str
    publication: str
    keyed: bool

    def sending(self, change: Change, parts: Parts, sources: Mapping[str, str]) -> Sending:
        """What a change is sent with here."""
        return Sending(
            facets=change.facets,
            location=self.location,
            locale=self.locale,
            parts=parts,
            sources=sources,
            new=change.remote is None,
        )


def shop_of(answer: Mapping[str, Any]) -> Shop:
    """Who we are in the answer to the document SHOP."""
    shop = answer["shop"]
    locales = tuple(locale["locale"] for locale in answer["shopLocales"])
    return Shop(shop["id"], shop["name"], shop["currencyCode"], locales)


def place_of(answer: Mapping[str, Any], account: Account) -> Place:
    """Where to sell, by the answer to SHOP and the channel's settings.

    Raises:
        CredentialsRejected: the shop sells in another currency, or has not the one obvious place;
            the message says which setting tells.
    """
    shop = shop_of(answer)
    if shop.currency != account.currency:
        raise CredentialsRejected(
            f"{shop.name} sells in {shop.currency}, and this channel's currency is "
            f"{account.currency}: make a channel in {shop.currency}"
        )
    locations = {
        node["id"]: node["name"]
        for node in answer["locations"]["nodes"]
        if node["fulfillsOnlineOrders"]
    }
    stores = {
        node["id"]: ONLINE_STORE
        for node in answer["publications"]["nodes"]
        if any(channel["handle"] == ONLINE_STORE for channel in node["channels"]["nodes"])
    }
    return Place(
        shop=shop,
        locale=_primary(answer["shopLocales"]),
        location=account.settings.get("location") or _only("location", locations),
        publication=account.settings.get("publication") or _only("publication", stores),
        keyed=answer["metafieldDefinition"] is not None,
    )


def _primary(locales: Sequence[Mapping[str, Any]]) -> str:
    return next(str(locale["locale"]) for locale in locales if locale["primary"])


def _only(setting: str, found: Mapping[str, str]) -> str:
    if len(found) != 1:
        known = ", ".join(f"{name} ({id_})" for id_, name in found.items()) or "none"
        raise CredentialsRejected(
            f"The shop has not one {setting} to sell from, but {known}: "
            f"say which by the channel's setting {setting!r}"
        )
    return next(iter(found))
