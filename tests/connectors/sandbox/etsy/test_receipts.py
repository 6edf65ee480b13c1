from typing import Any

import pytest

from connectors.clock import VirtualClock
from tests.connectors.sandbox.etsy.seller import Seller


def cents(amount: Any) -> int:
    assert (amount["divisor"], amount["currency_code"]) == (100, "USD")
    return int(amount["amount"])


def receipt(seller: Seller, number: str) -> Any:
    return seller.told("GET", f"{seller.shop}/receipts/{number}")


def found(seller: Seller, **query: Any) -> list[str]:
    told = seller.told("GET", f"{seller.shop}/receipts", params=query)
    return [str(one["receipt_id"]) for one in told["results"]]


def test_a_buyers_order_becomes_a_paid_receipt_and_lowers_the_stock(seller: Seller) -> None:
    listing = seller.publish(sku="A", quantity=3)
    number = seller.market.buy({"A": 2}, "FR")
    told = receipt(seller, number)

    assert (told["status"], told["is_paid"], told["is_shipped"]) == ("paid", True, False)
    assert (told["country_iso"], cents(told["subtotal"]), cents(told["grandtotal"])) == (
        "FR",
        24_000,
        25_200,
    )
    lines = [(one["listing_id"], one["sku"], one["quantity"]) for one in told["transactions"]]
    assert lines == [(listing, "A", 2)]
    assert seller.state(listing) == ("active", 1)


def test_a_line_says_which_variant_was_bought(seller: Seller) -> None:
    listing = seller.publish()
    pair = [seller.product("S", 2, "Small"), seller.product("L", 2, "Large")]
    seller.set_products(listing, pair, sku_on_property=[513], quantity_on_property=[513])
    number = seller.market.buy({"L": 1}, "US")
    lines = seller.told("GET", f"{seller.shop}/receipts/{number}/transactions")["results"]

    assert [(one["sku"], one["variations"][0]["formatted_value"]) for one in lines] == [
        ("L", "Large")
    ]
    assert (
        seller.told("GET", f"{seller.shop}/transactions/{lines[0]['transaction_id']}") == (lines[0])
    )
    for address in (
        f"{seller.shop}/transactions",
        f"{seller.shop}/listings/{listing}/transactions",
    ):
        assert seller.told("GET", address)["results"] == lines


def test_nobody_buys_what_is_not_there(seller: Seller) -> None:
    seller.publish(sku="A", quantity=1)

    with pytest.raises(ValueError, match="only 1 of A"):
        seller.market.buy({"A": 2}, "US")
    with pytest.raises(LookupError, match="B is not for sale"):
        seller.market.buy({"B": 1}, "US")


def test_two_variants_of_one_quantity_are_sold_from_it_together(seller: Seller) -> None:
    listing = seller.publish()
    pair = [seller.product("S", 3, "Small"), seller.product("L", 3, "Large")]
    seller.set_products(listing, pair, sku_on_property=[513])

    with pytest.raises(ValueError, match="only 3"):
        seller.market.buy({"S": 2, "L": 2}, "US")
    seller.market.buy({"S": 2, "L": 1}, "US")
    assert seller.state(listing) == ("sold_out", 0)


def test_receipts_come_page_by_page_in_the_order_asked_for(
    seller: Seller, clock: VirtualClock
) -> None:
    seller.publish(sku="A", quantity=9)
    bought = []
    for _ in range(5):
        bought.append(seller.market.buy({"A": 1}, "US"))
        clock.sleep(60)
    seller.market.cancel(bought[0], None, restock=False)
    by_update = {"sort_on": "updated", "sort_order": "asc", "limit": 2}
    pages = [found(seller, **by_update, offset=offset) for offset in (0, 2, 4, 6)]

    assert pages == [bought[1:3], bought[3:5], [bought[0]], []]
    assert found(seller) == bought[::-1]


def test_receipts_are_found_by_their_last_change(seller: Seller, clock: VirtualClock) -> None:
    seller.publish(sku="A", quantity=9)
    old, changed = seller.market.buy({"A": 1}, "US"), seller.market.buy({"A": 1}, "US")
    clock.sleep(600)
    now = int(clock.now().timestamp())
    seller.market.refund(changed, None, restock=False)

    assert found(seller, min_last_modified=now) == [changed]
    assert found(seller, max_last_modified=now - 1) == [old]


def test_receipts_are_filtered_by_what_became_of_them(seller: Seller) -> None:
    seller.publish(sku="A", quantity=9)
    open_one, sent, cancelled = (seller.market.buy({"A": 1}, "US") for _ in range(3))
    seller.told("POST", f"{seller.shop}/receipts/{sent}/tracking", json={})
    seller.market.cancel(cancelled, None, restock=False)

    assert found(seller, was_shipped="true") == [sent]
    # What etsyv3 asks for where nobody says otherwise: sent parcels are missing.
    assert found(seller, was_paid="true", was_shipped="false") == [cancelled, open_one]
    assert found(seller, was_canceled="true") == [cancelled]
    assert found(seller, was_delivered="true") == []


def test_a_shipment_is_told_with_its_tracking_code(seller: Seller) -> None:
    seller.publish(sku="A")
    number = seller.market.buy({"A": 1}, "US")
    told = seller.told(
        "POST",
        f"{seller.shop}/receipts/{number}/tracking",
        json={"tracking_code": "EE123456789MA", "carrier_name": "poste-maroc"},
    )

    assert (told["status"], told["is_shipped"]) == ("completed", True)
    assert [(one["tracking_code"], one["carrier_name"]) for one in told["shipments"]] == [
        ("EE123456789MA", "poste-maroc")
    ]


def test_a_parcel_to_india_needs_a_tracking_code(seller: Seller) -> None:
    seller.publish(sku="A")
    address = f"{seller.shop}/receipts/{seller.market.buy({'A': 1}, 'IN')}/tracking"

    assert seller.refused("POST", address, json={})[0] == 400


def test_a_cancelled_receipt_is_not_shipped(seller: Seller) -> None:
    seller.publish(sku="A")
    number = seller.market.buy({"A": 1}, "US")
    seller.market.cancel(number, None, restock=False)

    assert receipt(seller, number)["status"] == "canceled"
    assert seller.refused("POST", f"{seller.shop}/receipts/{number}/tracking", json={})[0] == 409


def test_refunds_are_told_with_their_amounts(seller: Seller) -> None:
    seller.publish(sku="A", quantity=3)
    number = seller.market.buy({"A": 3}, "US")
    statuses = []
    for lines in ({"A": 1}, None):
        seller.market.refund(number, lines, restock=False)
        statuses.append(receipt(seller, number)["status"])
    amounts = [cents(one["amount"]) for one in receipt(seller, number)["refunds"]]

    assert (statuses, amounts) == (["partially refunded", "fully refunded"], [12_000, 24_000])


def test_part_of_a_receipt_is_refunded_rather_than_cancelled(seller: Seller) -> None:
    seller.publish(sku="A", quantity=3)
    number = seller.market.buy({"A": 3}, "US")
    seller.market.cancel(number, {"A": 1}, restock=False)

    assert receipt(seller, number)["status"] == "partially refunded"


@pytest.mark.parametrize(("restock", "left"), [(True, 3), (False, 1)])
def test_a_cancelled_order_gives_stock_back_where_the_seller_says_so(
    seller: Seller, restock: bool, left: int
) -> None:
    listing = seller.publish(sku="A", quantity=3)
    seller.market.cancel(seller.market.buy({"A": 2}, "US"), None, restock=restock)

    assert seller.state(listing) == ("active", left)


def test_what_was_sold_out_stays_so_until_it_is_activated(seller: Seller) -> None:
    listing = seller.publish(sku="A", quantity=1)
    seller.market.cancel(seller.market.buy({"A": 1}, "US"), None, restock=True)

    assert seller.state(listing) == ("sold_out", 1)


def test_a_receipt_nobody_placed_is_unknown(seller: Seller) -> None:
    with pytest.raises(LookupError, match="no receipt 7"):
        seller.market.cancel("7", None, restock=True)
    assert seller.refused("GET", f"{seller.shop}/receipts/7")[0] == 404


def test_a_receipt_can_be_marked_as_shipped(seller: Seller) -> None:
    seller.publish(sku="A")
    address = f"{seller.shop}/receipts/{seller.market.buy({'A': 1}, 'US')}"

    assert seller.told("PUT", address, data={"was_shipped": "true"})["is_shipped"]
