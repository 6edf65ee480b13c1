"""Every route times everybody who may come: the table below is the whole truth of it."""

import re
from collections.abc import Iterator
from http import HTTPStatus

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from tests.trade_ma.api.conftest import House
from trade_ma.api.application import api
from trade_ma.identity.permissions import Permission, Role

EVERYBODY = "stranger admin manager maker shipper viewer program reader"
SIGNED_IN = "admin manager maker shipper viewer program reader"
ADMINS = "admin program"
MANAGERS = "admin manager program"
CHANNEL_READERS = "admin manager viewer program"
ORDERS = "admin manager shipper viewer program"
PACKERS = "admin manager shipper program"
READERS = "admin manager maker program"
WRITERS = "admin manager maker program"

# Who gets in where. "program" has every scope, "reader" has catalog:read alone. A route that you
# add needs its line here: say who may, and only then let them.
MAY = {
    "GET /api/v1/openapi.json": EVERYBODY,
    "GET /api/v1/health": EVERYBODY,
    "POST /api/v1/auth/login": EVERYBODY,
    "POST /api/v1/auth/set-up": EVERYBODY,
    "POST /api/v1/auth/invitation": EVERYBODY,
    "POST /api/v1/auth/logout": SIGNED_IN,
    "GET /api/v1/auth/me": SIGNED_IN,
    "POST /api/v1/auth/password": SIGNED_IN,
    "POST /api/v1/auth/totp": SIGNED_IN,
    "POST /api/v1/auth/totp/confirm": SIGNED_IN,
    "POST /api/v1/auth/totp/forget": SIGNED_IN,
    "GET /api/v1/users": ADMINS,
    "POST /api/v1/users": ADMINS,
    "GET /api/v1/users/{user_id}": ADMINS,
    "PATCH /api/v1/users/{user_id}": ADMINS,
    "POST /api/v1/users/{user_id}/invitation": ADMINS,
    "GET /api/v1/tokens": ADMINS,
    "POST /api/v1/tokens": ADMINS,
    "DELETE /api/v1/tokens/{token_id}": ADMINS,
    "GET /api/v1/texts": READERS,
    "POST /api/v1/texts/accept": READERS,
    "GET /api/v1/texts/export": READERS,
    "POST /api/v1/texts/import": READERS,
    "GET /api/v1/texts/translation": "admin manager program",
    "POST /api/v1/texts/translation": "admin manager program",
    "GET /api/v1/texts/{text_id}": READERS,
    "POST /api/v1/texts/{text_id}/accept": READERS,
    "POST /api/v1/texts/{text_id}/reject": READERS,
    "GET /api/v1/suggestions": READERS,
    "POST /api/v1/suggestions/accept": READERS,
    "POST /api/v1/suggestions/refuse": READERS,
    "GET /api/v1/prices/explain": "admin manager maker viewer program",
    "GET /api/v1/prices/policies": "admin manager maker viewer program",
    "POST /api/v1/prices/simulate": "admin manager maker viewer program",
    "GET /api/v1/rates": "admin manager maker viewer program",
    "POST /api/v1/rates/fetch": "admin manager program",
    "POST /api/v1/rates/{currency}/confirm": "admin manager program",
    "GET /api/v1/images": SIGNED_IN,
    "GET /api/v1/images/sheet": SIGNED_IN,
    "POST /api/v1/images/measure": READERS,
    "GET /api/v1/images/{photo_id}": SIGNED_IN,
    "GET /api/v1/images/{photo_id}/preview": SIGNED_IN,
    "GET /api/v1/images/{photo_id}/renditions/{marketplace}": SIGNED_IN,
    "GET /api/v1/audit": "admin manager program",
    "GET /api/v1/audit/export": "admin manager program",
    "GET /api/v1/channels": CHANNEL_READERS,
    "POST /api/v1/channels": MANAGERS,
    "GET /api/v1/channels/marketplaces": CHANNEL_READERS,
    "GET /api/v1/channels/{code}": CHANNEL_READERS,
    "PATCH /api/v1/channels/{code}": MANAGERS,
    "DELETE /api/v1/channels/{code}": MANAGERS,
    "POST /api/v1/channels/{code}/pause": MANAGERS,
    "POST /api/v1/channels/{code}/resume": MANAGERS,
    "PUT /api/v1/channels/{code}/credentials": MANAGERS,
    "POST /api/v1/channels/{code}/check": MANAGERS,
    "POST /api/v1/channels/{code}/consent": MANAGERS,
    "POST /api/v1/channels/{code}/consent/answer": MANAGERS,
    "GET /api/v1/plans": MANAGERS,
    "POST /api/v1/syncs": MANAGERS,
    "GET /api/v1/syncs": CHANNEL_READERS,
    "GET /api/v1/syncs/events": CHANNEL_READERS,
    "GET /api/v1/runs": CHANNEL_READERS,
    "GET /api/v1/runs/{run_id}": CHANNEL_READERS,
    "GET /api/v1/queue": CHANNEL_READERS,
    "GET /api/v1/schedule": CHANNEL_READERS,
    "GET /api/v1/orders": ORDERS,
    "GET /api/v1/orders/export": ORDERS,
    "POST /api/v1/orders/retry": MANAGERS,
    "GET /api/v1/orders/{order_id}": ORDERS,
    "POST /api/v1/orders/{order_id}/parcels": PACKERS,
    "PUT /api/v1/orders/{order_id}/flag": PACKERS,
    "DELETE /api/v1/orders/{order_id}/flag": PACKERS,
    "POST /api/v1/orders/{order_id}/release": PACKERS,
    "GET /api/v1/orders/{order_id}/buyer": PACKERS,
    "DELETE /api/v1/orders/{order_id}/buyer": MANAGERS,
    "GET /api/v1/conflicts": ORDERS,
    "POST /api/v1/conflicts/{conflict_id}/keep": PACKERS,
    "GET /api/v1/reconcile": MANAGERS,
    "POST /api/v1/reconcile": MANAGERS,
    "GET /api/v1/reconcile/{report_id}": MANAGERS,
    "GET /api/v1/reconcile/{report_id}/differences": MANAGERS,
    "GET /api/v1/adoptions": MANAGERS,
    "POST /api/v1/adoptions/{adoption_id}/accept": MANAGERS,
    "POST /api/v1/adoptions/{adoption_id}/decline": MANAGERS,
    "GET /api/v1/alerts": "admin manager viewer program",
    "GET /api/v1/statistics": "admin manager maker viewer program",
    "GET /api/v1/statistics/export": "admin manager maker viewer program",
    "GET /api/v1/makers": SIGNED_IN,
    "GET /api/v1/makers/{maker_id}": SIGNED_IN,
    "POST /api/v1/makers": "admin manager program",
    "PATCH /api/v1/makers/{maker_id}": WRITERS,
    "GET /api/v1/products": SIGNED_IN,
    "GET /api/v1/products/export": SIGNED_IN,
    "GET /api/v1/products/{product_id}": SIGNED_IN,
    "POST /api/v1/products": WRITERS,
    "PATCH /api/v1/products/{product_id}": WRITERS,
    "POST /api/v1/products/{product_id}/variants": WRITERS,
    "PATCH /api/v1/products/{product_id}/variants/{variant_id}": WRITERS,
    "POST /api/v1/products/bulk": WRITERS,
    "POST /api/v1/products/{product_id}/photos": WRITERS,
    "PUT /api/v1/products/{product_id}/photos/order": WRITERS,
    "PATCH /api/v1/products/{product_id}/photos/{photo_id}": WRITERS,
    "DELETE /api/v1/products/{product_id}/photos/{photo_id}": WRITERS,
    "GET /api/v1/photos/{sha256}/thumbnail": SIGNED_IN,
    "GET /api/v1/stock": SIGNED_IN,
    "POST /api/v1/stock/counts": WRITERS,
    "GET /api/v1/listings": "admin manager maker viewer program",
    "GET /api/v1/listings/{listing_id}": "admin manager maker viewer program",
    "POST /api/v1/listings/{listing_id}/hold": "admin manager program",
    "POST /api/v1/listings/{listing_id}/approve": "admin manager program",
    "GET /api/v1/imports": "admin manager maker program",
    "POST /api/v1/imports": "admin manager maker program",
    "GET /api/v1/imports/{import_id}": "admin manager maker program",
    "DELETE /api/v1/imports/{import_id}": "admin manager maker program",
    "POST /api/v1/imports/{import_id}/photos": "admin manager maker program",
    "GET /api/v1/imports/{import_id}/photos": "admin manager maker program",
    "GET /api/v1/imports/{import_id}/columns": "admin manager maker program",
    "PUT /api/v1/imports/{import_id}/columns": "admin manager maker program",
    "POST /api/v1/imports/{import_id}/check": "admin manager maker program",
    "POST /api/v1/imports/{import_id}/apply": "admin manager maker program",
    "GET /api/v1/imports/{import_id}/rows": "admin manager maker program",
    "GET /api/v1/imports/{import_id}/file": "admin manager maker program",
    "GET /api/v1/imports/{import_id}/events": "admin manager maker program",
}


def routes(house: House) -> Iterator[tuple[str, str, str]]:
    """Each route: as the table names it, its method, and a path to a thing that is not there."""
    for route in iter_route_contexts(api(house.installation).routes):
        path = route.path_format or ""
        names = dict.fromkeys(re.findall(r"{(\w+)}", path), "999999")
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield f"{method} {path}", method, path.format(**names)


def visitors(house: House) -> dict[str, httpx.Client]:
    people = {role.value: house.signed_in(role) for role in Role}
    return {
        "stranger": house.client(),
        **people,
        "program": house.program(*Permission),
        "reader": house.program(Permission.CATALOG_READ, name="reader"),
    }


def gets_in(client: httpx.Client, method: str, path: str) -> bool:
    """Whether the door opens; what is behind it may well refuse the empty body."""
    answer = client.request(method, path, json={} if method != "GET" else None)
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, answer.text
    return answer.status_code not in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


def test_everybody_gets_in_where_the_table_says_and_nowhere_else(house: House) -> None:
    found = list(routes(house))
    unlisted = sorted({name for name, *_ in found} - MAY.keys())
    assert not unlisted, f"say in MAY of {__file__} who may call {', '.join(unlisted)}"
    at_the_door = visitors(house)
    # Signing out last: who has done it knocks at no other door.
    found.sort(key=lambda route: route[0].endswith("/logout"))
    told = {
        name: " ".join(who for who, client in at_the_door.items() if gets_in(client, method, path))
        for name, method, path in found
    }
    assert told == MAY


@pytest.mark.parametrize("header", ["Bearer", "Bearer nobodys", "Basic YTpi", ""])
def test_a_token_that_is_none_of_ours_is_refused_even_beside_a_good_cookie(
    admin: httpx.Client, header: str
) -> None:
    answer = admin.get("/api/v1/auth/me", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
