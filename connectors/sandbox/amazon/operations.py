"""The operations that this sandbox serves, by their official ids, with their published rates.

Source of rates and bursts: the usage plan in each operation's description, models of 2026-11
(product type definitions: "selling partner specific" in the model, 5:10 in the documentation).
A test compares them with the models.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from connectors.quotas import Rate


@dataclass(frozen=True)
class Operation:
    """One operation: official id, method, path template, requests a second, burst."""

    id: str
    method: str
    path: str
    per_second: float
    burst: int

    @property
    def api(self) -> str:
        """The API it belongs to, such as orders/v0."""
        return "/".join(self.path.split("/")[1:3])

    @cached_property
    def rate(self) -> Rate:
        """Its token bucket: one for each API and operation."""
        return Rate(f"{self.api} {self.id}", self.per_second, self.burst)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What its paths look like once decoded: only a SKU, the last part, may hold a slash."""
        inner = re.sub(r"\{(\w+)\}", lambda name: _VALUES.get(name[1], "[^/]+"), self.path)
        return re.compile(inner)


_VALUES = {"sku": ".+"}

_ROWS = """
searchDefinitionsProductTypes GET    /definitions/2020-09-01/productTypes                  5 10
getDefinitionsProductType     GET    /definitions/2020-09-01/productTypes/{productType}    5 10
getListingsRestrictions       GET    /listings/2021-08-01/restrictions                     5 10
searchListingsItems           GET    /listings/2021-08-01/items/{sellerId}                 5 5
getListingsItem               GET    /listings/2021-08-01/items/{sellerId}/{sku}           5 10
putListingsItem               PUT    /listings/2021-08-01/items/{sellerId}/{sku}           5 10
patchListingsItem             PATCH  /listings/2021-08-01/items/{sellerId}/{sku}           5 5
deleteListingsItem            DELETE /listings/2021-08-01/items/{sellerId}/{sku}           5 5
createFeedDocument            POST   /feeds/2021-06-30/documents                           0.5 15
getFeedDocument               GET    /feeds/2021-06-30/documents/{feedDocumentId}          0.0222 10
createFeed                    POST   /feeds/2021-06-30/feeds                               0.0083 15
getFeeds                      GET    /feeds/2021-06-30/feeds                               0.0222 10
getFeed                       GET    /feeds/2021-06-30/feeds/{feedId}                      2 15
cancelFeed                    DELETE /feeds/2021-06-30/feeds/{feedId}                      2 15
searchOrders                  GET    /orders/2026-01-01/orders                             0.0056 20
getOrder                      GET    /orders/2026-01-01/orders/{orderId}                   0.5 30
getOrders                     GET    /orders/v0/orders                                     0.0167 20
getOrder                      GET    /orders/v0/orders/{orderId}                           0.5 30
getOrderItems                 GET    /orders/v0/orders/{orderId}/orderItems                0.5 30
getOrderAddress               GET    /orders/v0/orders/{orderId}/address                   0.5 30
confirmShipment               POST   /orders/v0/orders/{orderId}/shipmentConfirmation      2 10
createRestrictedDataToken     POST   /tokens/2021-03-01/restrictedDataToken                1 10
getMarketplaceParticipations  GET    /sellers/v1/marketplaceParticipations                 0.016 15
listTransactions              GET    /finances/2024-06-19/transactions                     0.5 10
"""

# Source: https://developer-docs.amazon.com/sp-api, Listings Items: a preview has a plan of its own,
# one request a second for each selling partner.
PREVIEW = Rate("VALIDATION_PREVIEW", 1, 1)


def _operation(row: str) -> Operation:
    name, method, path, per_second, burst = row.split()
    return Operation(name, method, path, float(per_second), int(burst))


OPERATIONS = tuple(map(_operation, _ROWS.strip().splitlines()))


def operation_of(method: str, path: str) -> Operation | None:
    """The operation that a request calls; None where Amazon has no such address here."""
    for operation in OPERATIONS:
        if operation.method == method and operation.pattern.fullmatch(path):
            return operation
    return None
