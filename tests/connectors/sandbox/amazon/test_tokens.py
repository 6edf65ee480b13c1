from typing import Any

import pytest
from sp_api.api import Orders, Sellers, Tokens
from sp_api.base.exceptions import SellingApiForbiddenException

from connectors.sandbox.faults import Fault, FaultKind
from tests.connectors.sandbox.amazon.conftest import Seller

PARTICIPATIONS = "/sellers/v1/marketplaceParticipations"


def error_of(answer: Any) -> dict[str, str]:
    error: dict[str, str] = answer.json()["errors"][0]
    return error


def test_the_sdk_finds_every_store_that_the_account_sells_in(seller: Seller) -> None:
    stores = seller.client(Sellers).get_marketplace_participation().payload

    france = next(each for each in stores if each["marketplace"]["countryCode"] == "FR")
    assert france == {
        "marketplace": {
            "id": "A13V1IB3VIYZZH",
            "name": "Amazon.fr",
            "countryCode": "FR",
            "defaultCurrencyCode": "EUR",
            "defaultLanguageCode": "fr_FR",
            "domainName": "www.amazon.fr",
        },
        "participation": {"isParticipating": True, "hasSuspendedListings": False},
        "storeName": "Sandbox Crafts",
    }


def test_an_access_token_ends_after_an_hour(seller: Seller) -> None:
    token = seller.token()
    seller.clock.sleep(3599)
    last = seller.get(PARTICIPATIONS, token)
    seller.clock.sleep(1)
    late = seller.get(PARTICIPATIONS, token)

    assert (last.status_code, late.status_code) == (200, 403)
    assert error_of(late) == {
        "code": "Unauthorized",
        "message": "Access to requested resource is denied.",
        "details": "The access token you provided has expired.",
    }


def test_an_invented_access_token_opens_nothing(seller: Seller) -> None:
    answer = seller.get(PARTICIPATIONS, "Atza|invented")

    assert (answer.status_code, error_of(answer)["code"]) == (403, "Unauthorized")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"refresh_token": "Atzr|wrong"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_login_refuses_what_is_not_the_account(
    seller: Seller, changed: dict[str, str], error: str
) -> None:
    known = seller.market.credentials
    form = {
        "grant_type": "refresh_token",
        "refresh_token": known["refresh_token"],
        "client_id": known["lwa_app_id"],
        "client_secret": known["lwa_client_secret"],
    }

    answer = seller.http.post("/auth/o2/token", data=form | changed)

    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_a_token_that_expires_early_is_refused_from_then_on(seller: Seller) -> None:
    token = seller.token()
    seller.market.faults.arm(Fault(kind=FaultKind.EXPIRED_TOKEN))

    answers = [seller.get(PARTICIPATIONS, each) for each in (token, token, seller.token())]

    assert [answer.status_code for answer in answers] == [403, 403, 200]


def test_an_unknown_address_is_refused_by_the_gateway_without_a_list_of_errors(
    seller: Seller,
) -> None:
    answer = seller.get("/orders/v7/orders")

    assert (answer.status_code, answer.json()) == (403, {"message": "Missing Authentication Token"})


def test_an_address_is_told_to_a_restricted_data_token_alone(seller: Seller) -> None:
    seller.sell("RUG-1")
    order_id = seller.market.buy({"RUG-1": 1}, "FR")
    with pytest.raises(SellingApiForbiddenException):
        seller.client(Orders).get_order_address(order_id)

    resource = {
        "method": "GET",
        "path": "/orders/v0/orders/{orderId}/address",
    }
    granted = seller.client(Tokens).create_restricted_data_token(restrictedResources=[resource])
    orders = seller.client(Orders, restricted_data_token=granted.payload["restrictedDataToken"])

    address = orders.get_order_address(order_id).payload["ShippingAddress"]
    assert (address["City"], address["CountryCode"]) == ("Exampleton", "FR")
