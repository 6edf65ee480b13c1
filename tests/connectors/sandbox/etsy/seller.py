"""A seller on the Etsy of this machine: what somebody with an application can do there."""

from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from connectors.clock import VirtualClock
from connectors.sandbox.etsy.market import EtsyMarket
from connectors.sandbox.faults import Fault, FaultKind

READY = {"readiness_state": "ready_to_ship", "min_processing_time": 1, "max_processing_time": 3}
RUG = {
    "quantity": 3,
    "title": "Azilal rug, wool & cotton – 150 × 250 cm",
    "description": "Woven in the High Atlas.",
    "price": "120.00",
    "who_made": "collective",
    "when_made": "2020_2026",
    "is_supply": "false",
    "taxonomy_id": 20_001,
    "tags": "azilal rug,berber,wool rug",
    "materials": ["wool", "cotton"],
}


@dataclass
class Seller:
    """Somebody with an application and the token of the sandbox's shop."""

    market: EtsyMarket
    clock: VirtualClock
    url: str
    headers: dict[str, str] = field(init=False)
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        known = self.market.credentials
        self.headers = {
            "x-api-key": f"{known['keystring']}:{known['shared_secret']}",
            "authorization": f"Bearer {known['access_token']}",
        }
        self.http = httpx.Client(base_url=f"{self.url}/v3/application", timeout=30)

    def asks(self, method: str, path: str, **content: Any) -> httpx.Response:
        """The answer to a call that keeps to ten a second."""
        self.clock.sleep(0.1)
        return self.http.request(method, path, headers=self.headers, **content)

    def told(self, method: str, path: str, **content: Any) -> Any:
        """The JSON of a call that goes well."""
        answer = self.asks(method, path, **content)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def refused(self, method: str, path: str, **content: Any) -> tuple[int, str]:
        """The status and the words of a refusal."""
        answer = self.asks(method, path, **content)
        return answer.status_code, answer.json()["error"]

    @cached_property
    def shop(self) -> str:
        """The address of the seller's shop."""
        return f"/shops/{self.told('GET', '/users/me')['shop_id']}"

    @cached_property
    def defaults(self) -> dict[str, int]:
        """Profiles and policies, made at first use."""
        shipping = self.told(
            "POST",
            f"{self.shop}/shipping-profiles",
            data={
                "title": "From Morocco",
                "origin_country_iso": "MA",
                "primary_cost": "12.00",
                "secondary_cost": "5.00",
                "destination_country_iso": "US",
                "min_delivery_days": 5,
                "max_delivery_days": 15,
            },
        )
        returns = self.told(
            "POST",
            f"{self.shop}/policies/return",
            data={"accepts_returns": "true", "accepts_exchanges": "false", "return_deadline": 30},
        )
        return {
            "shipping_profile_id": shipping["shipping_profile_id"],
            "return_policy_id": returns["return_policy_id"],
            "readiness_state_id": self.told(
                "POST", f"{self.shop}/readiness-state-definitions", data=READY
            )["readiness_state_id"],
        }

    def form(self, **changes: Any) -> dict[str, Any]:
        """The form of a rug's draft."""
        return RUG | self.defaults | changes

    def draft(self, **changes: Any) -> int:
        """The id of a new draft."""
        form = self.form(**changes)
        return int(self.told("POST", f"{self.shop}/listings", data=form)["listing_id"])

    def add_image(self, listing: int, **fields: Any) -> Any:
        """The image that Etsy made of an upload."""
        address = f"{self.shop}/listings/{listing}/images"
        return self.told("POST", address, data=fields, files={"image": ("rug.jpg", photo())})

    def publish(self, sku: str = "", quantity: int = 3, **changes: Any) -> int:
        """The id of a listing on sale with a picture, and with a SKU where one is given."""
        listing = self.draft(quantity=quantity, **changes)
        self.add_image(listing)
        if sku:
            self.set_products(listing, [self.product(sku, quantity)])
        self.change(listing, state="active")
        return listing

    def change(self, listing: int, **fields: Any) -> Any:
        """The listing after updateListing."""
        return self.told("PATCH", f"{self.shop}/listings/{listing}", data=fields)

    def product(self, sku: str, quantity: int, size: str = "", price: float = 120.0) -> Any:
        """A product for updateListingInventory; of a size, where there are several."""
        value = {"property_id": 513, "property_name": "Size", "value_ids": [], "values": [size]}
        offering = {
            "price": price,
            "quantity": quantity,
            "is_enabled": True,
            "readiness_state_id": self.defaults["readiness_state_id"],
        }
        return {
            "sku": sku,
            "property_values": [value] if size else [],
            "offerings": [offering],
        }

    def set_products(self, listing: int, products: list[Any], **varies: list[int]) -> Any:
        """The inventory after updateListingInventory."""
        body = {"products": products, **varies}
        return self.told("PUT", f"/listings/{listing}/inventory", json=body)

    def state(self, listing: int) -> tuple[str, int]:
        """A listing's state and quantity."""
        told = self.told("GET", f"/listings/{listing}")
        return told["state"], told["quantity"]

    def meets(self, kind: FaultKind, operation: str, **how: Any) -> None:
        """Arm a fault of the sandbox."""
        self.market.faults.arm(Fault(kind=kind, operation=operation, **how))


def photo(size: tuple[int, int] = (900, 600), form: str = "JPEG") -> bytes:
    """The bytes of a picture."""
    content = BytesIO()
    Image.new("RGB", size, "darkred").save(content, form)
    return content.getvalue()
