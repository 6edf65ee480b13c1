import httpx
import pytest
from sp_api.api import ListingsItems

from connectors.clock import VirtualClock
from connectors.sandbox.amazon import AmazonMarket
from connectors.sandbox.control import ServedMarket
from connectors.sandbox.faults import Fault, FaultKind
from connectors.sandbox.registry import SANDBOXES
from tests.connectors.sandbox.amazon.conftest import FRANCE, Seller, rug


def test_amazon_is_among_the_sandboxes(clock: VirtualClock) -> None:
    market: ServedMarket = SANDBOXES["amazon"](clock)

    assert isinstance(market, AmazonMarket)
    assert set(market.credentials) == {
        "lwa_app_id",
        "lwa_client_secret",
        "refresh_token",
        "seller_id",
    }


@pytest.mark.parametrize(
    ("lines", "error"), [({"RUG-9": 1}, LookupError), ({"RUG-1": 4}, ValueError)]
)
def test_a_buyer_gets_only_what_there_is(
    seller: Seller, lines: dict[str, int], error: type[Exception]
) -> None:
    seller.sell("RUG-1")

    with pytest.raises(error):
        seller.market.buy(lines, "FR")

    assert seller.market.shown()[0].offers[0].available == 3


def test_a_buyer_comes_through_the_control_endpoint(seller: Seller) -> None:
    seller.sell("RUG-1")

    answer = seller.http.post("/_sandbox/orders", json={"lines": {"RUG-1": 1}, "country": "FR"})

    placed = [order["orderId"] for order in seller.orders()["orders"]]
    assert (answer.status_code, placed) == (201, [answer.json()["order_id"]])


def test_the_control_endpoints_have_their_own_not_found(seller: Seller) -> None:
    answer = seller.http.post("/_sandbox/orders/900-0-0/cancel", json={})

    assert (answer.status_code, answer.json()) == (404, {"detail": "no order 900-0-0"})


def test_the_page_shows_what_is_on_sale(seller: Seller) -> None:
    seller.sell("RUG-1")

    page = seller.http.get("/").text

    assert "Tapis Beni Ouaraïn" in page
    assert "89.50 EUR" in page


def test_calls_are_counted_by_operation(seller: Seller) -> None:
    seller.put("RUG-1", rug())
    seller.item("RUG-1")

    assert seller.market.calls == {"putListingsItem": 1, "getListingsItem": 1}


def test_a_put_whose_answer_is_lost_was_carried_out(seller: Seller) -> None:
    fault = Fault(kind=FaultKind.LOST_ANSWER, operation="putListingsItem")
    seller.market.faults.arm(fault)

    with pytest.raises(httpx.RemoteProtocolError):
        seller.put("RUG-1", rug())

    assert seller.item("RUG-1")["sku"] == "RUG-1"


def test_a_put_that_is_lost_on_the_way_was_not(seller: Seller) -> None:
    seller.market.faults.arm(Fault(kind=FaultKind.LOST_CALL, operation="putListingsItem"))

    with pytest.raises(httpx.RemoteProtocolError):
        seller.put("RUG-1", rug())

    assert seller.market.shelf.listings == {}


def test_a_gateways_page_is_no_json(seller: Seller) -> None:
    token = seller.token()
    seller.market.faults.arm(Fault(kind=FaultKind.ERROR))

    answer = seller.get("/sellers/v1/marketplaceParticipations", token)

    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html")


def test_the_sdk_may_add_its_own_keys(seller: Seller) -> None:
    listings = seller.client(ListingsItems, version="2021-08-01")
    body = {"productType": "RUG", "requirements": "LISTING", "attributes": rug()}

    answer = listings.put_listings_item(seller.id, "RUG-1", marketplaceIds=FRANCE, body=body)

    assert (answer.payload["status"], "MarketplaceIds" in body) == ("ACCEPTED", True)
