"""A seller on Amazon's sandbox, who speaks through the unmodified SDK."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from PIL import Image
from sp_api.api import Feeds, ListingsItems, Orders
from sp_api.auth import AccessTokenClient
from sp_api.auth.access_token_client import cache as access_tokens
from starlette.types import ASGIApp

from connectors.clock import VirtualClock
from connectors.sandbox.amazon import AmazonMarket

FRANCE = "A13V1IB3VIYZZH"
Json = dict[str, Any]


def picture(side: int = 1000) -> bytes:
    content = BytesIO()
    Image.new("RGB", (side, side), "white").save(content, "JPEG")
    return content.getvalue()


PICTURES = {
    "https://photos.example/rug.jpg": picture(),
    "https://photos.example/small.jpg": picture(200),
    "https://photos.example/broken.jpg": picture()[:500],
}


def entry(value: object, **more: object) -> list[Json]:
    return [{"value": value, "marketplace_id": FRANCE, **more}]


def words(value: str) -> list[Json]:
    return entry(value, language_tag="fr_FR")


def stock(quantity: int) -> list[Json]:
    return [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]


def price(amount: float) -> list[Json]:
    ours = [{"schedule": [{"value_with_tax": amount}]}]
    return [{"currency": "EUR", "audience": "ALL", "our_price": ours, "marketplace_id": FRANCE}]


def image(name: str = "rug") -> list[Json]:
    address = f"https://photos.example/{name}.jpg"
    return [{"media_location": address, "marketplace_id": FRANCE}]


def rug(**changes: object) -> Json:
    """A rug's attributes, with `changes`; None takes one away."""
    attributes: Json = {
        "item_name": words("Tapis Beni Ouaraïn"),
        "brand": words("Coopérative Tifawin"),
        "product_description": words("Noué à la main."),
        "bullet_point": words("Laine"),
        "item_type_keyword": entry("rug"),
        "country_of_origin": entry("MA"),
        "supplier_declared_dg_hz_regulation": entry("not_applicable"),
        "supplier_declared_has_product_identifier_exemption": entry(True),
        "material": words("Laine"),
        "color": words("Blanc"),
        "main_product_image_locator": image(),
        "condition_type": entry("new_new"),
        "purchasable_offer": price(89.5),
        "fulfillment_availability": stock(3),
    } | changes
    return {name: value for name, value in attributes.items() if value is not None}


@dataclass
class Seller:
    """The one seller, with the SDK's clients and a plain HTTP client beside them."""

    base: str
    market: AmazonMarket
    clock: VirtualClock
    closing: ExitStack
    http: httpx.Client = field(init=False)
    clients: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http = self.closing.enter_context(httpx.Client(base_url=self.base))

    @property
    def id(self) -> str:
        return self.market.credentials["seller_id"]

    def client(self, of: Any, **more: str) -> Any:
        key = (of, *more.values())
        if key not in self.clients:
            self.clients[key] = self._client(of, **more)
        return self.clients[key]

    def _client(self, of: Any, **more: str) -> Any:
        host = self.base.removeprefix("http://")
        known = self.market.credentials
        client = of(
            marketplace=SimpleNamespace(
                endpoint=self.base, marketplace_id=FRANCE, region="eu-west-1"
            ),
            refresh_token=known["refresh_token"],
            credentials={name: known[name] for name in ("lwa_app_id", "lwa_client_secret")},
            auth_token_client_class=type(
                "Local", (AccessTokenClient,), {"scheme": "http://", "host": host}
            ),
            # There is no TLS on loopback, and its certificates take long to load.
            verify=False,
            **more,
        )
        self.closing.callback(client.close)
        self.closing.callback(client._auth._transport.close)
        return client

    def token(self) -> str:
        known = self.market.credentials
        form = {
            "grant_type": "refresh_token",
            "refresh_token": known["refresh_token"],
            "client_id": known["lwa_app_id"],
            "client_secret": known["lwa_client_secret"],
        }
        return str(self.http.post("/auth/o2/token", data=form).json()["access_token"])

    def get(self, path: str, token: str | None = None, **query: str) -> httpx.Response:
        """A call without the SDK, which would hide the answer's status."""
        headers = {"x-amz-access-token": token or self.token()}
        return self.http.get(path, params=query, headers=headers)

    def put(self, sku: str, attributes: Json, **query: str) -> Json:
        """Put a listing of productType RUG; the answer."""
        body = {"productType": "RUG", "requirements": "LISTING", "attributes": attributes}
        listings = self.client(ListingsItems, version="2021-08-01")
        query = {"marketplaceIds": FRANCE} | query
        answer: Json = listings.put_listings_item(self.id, sku, body=body, **query).payload
        return answer

    def patch(self, sku: str, *patches: Json) -> Json:
        listings = self.client(ListingsItems, version="2021-08-01")
        body = {"productType": "RUG", "patches": list(patches)}
        answer: Json = listings.patch_listings_item(
            self.id, sku, marketplaceIds=FRANCE, body=body
        ).payload
        return answer

    def item(self, sku: str, data: str = "summaries,issues,fulfillmentAvailability") -> Json:
        listings = self.client(ListingsItems, version="2021-08-01")
        answer: Json = listings.get_listings_item(
            self.id, sku, marketplaceIds=FRANCE, includedData=data
        ).payload
        return answer

    def sell(self, *skus: str, quantity: int = 3) -> None:
        """Put rugs on sale, judged and found good."""
        for sku in skus:
            self.market.quotas = type(self.market.quotas)(self.clock)
            self.put(sku, rug(fulfillment_availability=stock(quantity)))
        self.wait_for_judgement()

    def wait_for_judgement(self) -> None:
        self.clock.sleep(10)

    def submit(self, document: Json | bytes) -> str:
        """Send a feed; its id."""
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        _, created = self.client(Feeds).submit_feed(
            "JSON_LISTINGS_FEED",
            BytesIO(content),
            "application/json; charset=UTF-8",
            marketplaceIds=[FRANCE],
        )
        return str(created.payload["feedId"])

    def feed(self, feed_id: str) -> Json:
        answer: Json = self.client(Feeds).get_feed(feed_id).payload
        return answer

    def report(self, feed_id: str) -> Json:
        """The processing report of a feed, when time enough has passed."""
        self.clock.sleep(600)
        document = self.feed(feed_id)["resultFeedDocumentId"]
        report: Json = json.loads(self.client(Feeds).get_feed_document(document))
        return report

    def orders(self, **query: str) -> Json:
        """Orders by the API 2026-01-01, from the beginning of time."""
        asked = {"lastUpdatedAfter": "2026-01-01T00:00:00Z", "marketplaceIds": FRANCE} | query
        answer: Json = self.client(Orders, version="2026-01-01").search_orders(**asked).payload
        return answer


def messages(seller: Seller, *told: Json) -> Json:
    """A listings feed of those messages, numbered."""
    header = {"sellerId": seller.id, "version": "2.0", "issueLocale": "fr_FR"}
    numbered = [{"messageId": number} | each for number, each in enumerate(told, start=1)]
    return {"header": header, "messages": numbered}


def patched(attribute: str, value: object, op: str = "replace") -> Json:
    return {"op": op, "path": f"/attributes/{attribute}", "value": value}


def fetch(pictures: Mapping[str, bytes]) -> Callable[[str], bytes]:
    """A photo server that has only `pictures`."""
    return lambda url: pictures[url]


@pytest.fixture
def market(clock: VirtualClock) -> AmazonMarket:
    return AmazonMarket(clock, fetch=fetch(PICTURES))


@pytest.fixture
def seller(
    market: AmazonMarket, clock: VirtualClock, serve_judged: Callable[[str, ASGIApp], str]
) -> Iterator[Seller]:
    # The SDK keeps tokens for the whole process, and another test's market gave them.
    access_tokens.clear()
    with ExitStack() as closing:
        yield Seller(serve_judged("amazon", market.app()), market, clock, closing)
