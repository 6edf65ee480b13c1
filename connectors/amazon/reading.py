"""Listings as Amazon shows them: some by SKU, or all that the account has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from moneyed import Money
from sp_api.base import ApiResponse

from connectors.amazon.client import Listings, SellerApi
from connectors.amazon.limits import SEARCH_PAGE, SEARCH_REACH
from connectors.amazon.mapper import PICTURES
from connectors.amazon.receipts import Item, children_of, parents_of, remote_of
from connectors.errors import Refused, Unavailable
from connectors.protocol import RemoteListing, RemoteOffer

JUDGED = "summaries,issues,relationships"
SHOWN = "summaries,attributes,offers,fulfillmentAvailability,relationships"


def by_sku(api: SellerApi, skus: Sequence[str]) -> dict[str, Item]:
    """The items of those SKUs, as many in a call as Amazon takes; unknown ones are left out."""
    # Amazon parts a list at its commas: a SKU that holds one is asked for alone.
    plain = [sku for sku in skus if "," not in sku]
    found: dict[str, Item] = {}
    for start in range(0, len(plain), SEARCH_PAGE):
        asked = ",".join(plain[start : start + SEARCH_PAGE])
        items = _search(api, JUDGED, identifiers=asked, identifiersType="SKU")
        found |= {item["sku"]: item for item in items}
    for sku in set(skus) - set(plain):
        found |= _alone(api, sku)
    return found


def _alone(api: SellerApi, sku: str) -> dict[str, Item]:
    query = {"marketplaceIds": api.market.site.remote_id, "includedData": JUDGED}
    try:
        answer = api.call(
            "getListingsItem",
            Listings,
            lambda client: client.get_listings_item(api.seller_id, sku, **query),
        )
    except Refused:
        return {}
    return {sku: answer.payload}


def children(api: SellerApi, parent_sku: str) -> dict[str, Item]:
    """The variations of a parent, by SKU."""
    return {item["sku"]: item for item in _search(api, JUDGED, variationParentSku=parent_sku)}


def all_items(api: SellerApi) -> dict[str, Item]:
    """Every item of the account in this market, by SKU.

    Amazon pages through a thousand at most, so the search begins again from the creation date
    that it reached; items of that very date come twice.

    Raises:
        Unavailable: a thousand items have one creation date, and there is no way past them.
    """
    found: dict[str, Item] = {}
    since = ""
    while True:
        after = {"createdAfter": since} if since else {}
        window = list(_search(api, SHOWN, sortBy="createdDate", sortOrder="ASC", **after))
        found |= {item["sku"]: item for item in window}
        if len(window) < SEARCH_REACH:
            return found
        reached = _created(window[-1], api)
        if reached == since:
            raise Unavailable(f"too many listings were created at {since} to be read one by one")
        since = reached


def _created(item: Item, api: SellerApi) -> str:
    here = (s for s in item["summaries"] if s["marketplaceId"] == api.market.site.remote_id)
    date: str = next(here)["createdDate"]
    return date


def _search(api: SellerApi, included: str, **query: str) -> Iterator[Item]:
    asked = {
        "marketplaceIds": api.market.site.remote_id,
        "issueLocale": api.market.language_tags[0],
        "includedData": included,
        "pageSize": SEARCH_PAGE,
    } | query
    token: str | None = ""
    while token is not None:
        answer = _page(api, asked | ({"pageToken": token} if token else {}))
        yield from answer.payload["items"]
        token = (answer.pagination or {}).get("nextToken")


def _page(api: SellerApi, query: Mapping[str, Any]) -> ApiResponse:
    return api.call(
        "searchListingsItems",
        Listings,
        lambda client: client.search_listings_items(api.seller_id, **query),
    )


def listings(items: Mapping[str, Item], marketplace_id: str) -> Iterator[RemoteListing]:
    """The items as listings: a parent with its children is one."""
    families: dict[str, list[Item]] = {}
    for sku, item in items.items():
        [parent, *_] = (*parents_of(item), sku)
        families.setdefault(parent if parent in items else sku, []).append(item)
    for sku, family in families.items():
        sold = [item for item in family if not children_of(item)]
        pictures = _pictures(items[sku], marketplace_id)
        yield RemoteListing(
            remote_of(sku, family, marketplace_id),
            _title(items[sku], marketplace_id),
            tuple(_offer(item, marketplace_id) for item in sold),
            any("BUYABLE" in status for status in _statuses(sold, marketplace_id)),
            None if pictures is None else len(pictures),
            _first(items[sku], "product_description", "value", marketplace_id),
            pictures or (),
        )


def _pictures(item: Item, marketplace_id: str) -> tuple[str, ...] | None:
    """Where the item's pictures are, as they were sent; None where attributes are not told."""
    if "attributes" not in item:
        return None
    located = (_first(item, name, "media_location", marketplace_id) for name in PICTURES)
    return tuple(address for address in located if address)


def _first(item: Item, attribute: str, part: str, marketplace_id: str) -> str | None:
    """An attribute's first entry in this market: of texts, that in its main language."""
    entries = (item.get("attributes") or {}).get(attribute) or ()
    here = (e for e in entries if e.get("marketplace_id", marketplace_id) == marketplace_id)
    return next((str(entry[part]) for entry in here if entry.get(part)), None)


def _statuses(items: Sequence[Item], marketplace_id: str) -> Iterator[Sequence[str]]:
    for item in items:
        yield from (s["status"] for s in _here(item, "summaries", marketplace_id))


def _title(item: Item, marketplace_id: str) -> str:
    titles = (s.get("itemName", "") for s in _here(item, "summaries", marketplace_id))
    return next(titles, "")


def _offer(item: Item, marketplace_id: str) -> RemoteOffer:
    offers = _here(item, "offers", marketplace_id)
    prices = (offer["price"] for offer in offers if offer["offerType"] == "B2C")
    price = next((Money(p["amount"], p["currencyCode"]) for p in prices), None)
    channels = item.get("fulfillmentAvailability") or ()
    ours = (c.get("quantity") for c in channels if c["fulfillmentChannelCode"] == "DEFAULT")
    gtin = _first(item, "externally_assigned_product_identifier", "value", marketplace_id)
    return RemoteOffer(item["sku"], price, next(ours, None), gtin)


def _here(item: Item, data_set: str, marketplace_id: str) -> Iterator[Mapping[str, Any]]:
    for told in item.get(data_set) or ():
        if told["marketplaceId"] == marketplace_id:
            yield told
