"""Between our drafts and PlainShop's JSON. Pure: no HTTP here."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from moneyed import CurrencyDoesNotExist, Money

from connectors.protocol import (
    Address,
    Draft,
    Facet,
    Issue,
    OrderStatus,
    Remote,
    RemoteListing,
    RemoteOffer,
    RemoteOrder,
    RemoteOrderLine,
    UnreadableOrder,
)

_STATUS = {
    "paid": OrderStatus.PAID,
    "shipped": OrderStatus.SHIPPED,
    "cancelled": OrderStatus.CANCELLED,
}


def patch(draft: Draft, facets: Iterable[Facet], photos: list[str]) -> dict[str, Any]:
    """The part of a listing that `facets` speak of; all facets make a whole listing."""
    return reduce(or_, (_part(draft, facet, photos) for facet in facets), {})


def _part(draft: Draft, facet: Facet, photos: list[str]) -> dict[str, Any]:
    match facet:
        case Facet.STOCK:
            return {"stock": {o.sku: o.available for o in draft.offers}}
        case Facet.PRICE:
            return {"prices": {o.sku: str(o.price.amount) for o in draft.offers}}
        case Facet.PRESENCE:
            return {"on_sale": draft.present}
        case Facet.MEDIA:
            return {"photos": photos}
        case Facet.CONTENT:
            text = draft.texts[0]
            return {
                "title": text.title,
                "description": text.description,
                "options": {o.sku: dict(o.options) for o in draft.offers},
            }


def issues(answer: Mapping[str, Any]) -> tuple[Issue, ...]:
    """A refusal's reasons."""
    return tuple(Issue(e["code"], e["message"], field=e["field"]) for e in answer["errors"])


def listing(item: Mapping[str, Any], currency: str) -> RemoteListing:
    """A listing as the shop tells it."""
    offers = (
        RemoteOffer(sku, Money(price, currency), item["stock"][sku])
        for sku, price in item["prices"].items()
    )
    shown = (item["title"], tuple(offers), item["on_sale"], len(item["photos"]))
    return RemoteListing(Remote(item["key"]), *shown, item["description"])


def order(item: Mapping[str, Any]) -> RemoteOrder | UnreadableOrder:
    """An order as the shop tells it; kept raw where that makes no sense to us."""
    try:
        return _order(item, item["currency"])
    except (LookupError, ValueError, TypeError, CurrencyDoesNotExist) as error:
        updated_at = datetime.fromisoformat(item["updated_at"])
        return UnreadableOrder(item["id"], updated_at, f"{type(error).__name__}", json.dumps(item))


def _order(item: Mapping[str, Any], currency: str) -> RemoteOrder:
    lines = tuple(
        RemoteOrderLine(
            id=line["id"],
            sku=line["sku"],
            title=line["title"],
            quantity=line["quantity"],
            unit_price=Money(line["price"], currency),
            cancelled=line["cancelled"],
            returned=line["returned"],
            shipped=line["shipped"],
        )
        for line in item["lines"]
    )
    to = item["ship_to"]
    return RemoteOrder(
        id=item["id"],
        number=item["id"],
        status=_STATUS[item["status"]],
        placed_at=datetime.fromisoformat(item["placed_at"]),
        updated_at=datetime.fromisoformat(item["updated_at"]),
        total=Money(item["total"], currency),
        refunded=Money(item["refunded"], currency),
        lines=lines,
        ship_to=Address(to["name"], (to["street"],), to["city"], to["postcode"], to["country"]),
    )
