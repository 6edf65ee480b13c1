from typing import Any

import pytest

from tests.connectors.sandbox.etsy.seller import Seller

SIZE, COLOUR = 513, 514


def offered(inventory: Any) -> list[tuple[str, int, int]]:
    """SKU, cents and quantity of each product."""
    return [
        (one["sku"], offering["price"]["amount"], offering["quantity"])
        for one in inventory["products"]
        for offering in one["offerings"]
    ]


def test_products_are_set_as_a_whole_and_read_back(seller: Seller) -> None:
    listing = seller.draft()
    small, large = seller.product("S", 2, "Small"), seller.product("L", 1, "Large", price=199.99)
    by_size = {name: [SIZE] for name in ("price_on_property", "quantity_on_property")}
    seller.set_products(listing, [small, large], **by_size, sku_on_property=[SIZE])

    read = seller.told("GET", f"/listings/{listing}/inventory", params={"includes": "Listing"})
    assert offered(read) == [("S", 12_000, 2), ("L", 19_999, 1)]
    assert [one["property_values"][0]["values"] for one in read["products"]] == [
        ["Small"],
        ["Large"],
    ]
    assert (read["listing"]["quantity"], read["listing"]["has_variations"]) == (3, True)


def test_a_product_of_the_same_values_keeps_its_ids(seller: Seller) -> None:
    listing = seller.draft()
    before = seller.set_products(listing, [seller.product("A", 2)])["products"][0]
    after = seller.set_products(listing, [seller.product("A", 5)])["products"][0]

    assert (before["product_id"], before["offerings"][0]["offering_id"]) == (
        after["product_id"],
        after["offerings"][0]["offering_id"],
    )
    product = f"/listings/{listing}/inventory/products/{after['product_id']}"
    assert seller.told("GET", product) == after


def test_a_shared_quantity_counts_once(seller: Seller) -> None:
    listing = seller.draft()
    shared = [seller.product("A", 4, "Small"), seller.product("A", 4, "Large")]
    seller.set_products(listing, shared)

    assert seller.state(listing) == ("draft", 4)


def test_stock_cannot_be_set_to_nothing(seller: Seller) -> None:
    address = f"/listings/{seller.publish(sku='A')}/inventory"

    assert seller.refused("PUT", address, json={"products": [seller.product("A", 0)]}) == (
        400,
        "One offering must have quantity greater than 0",
    )


@pytest.mark.parametrize(
    ("second", "varies", "error"),
    [
        (("B", 1, "Small", 120.0), [SIZE], "Two products have the same property_values"),
        (("B", 1, "", 120.0), [SIZE], "All products must have the same property_values properties"),
        (
            ("B", 1, "Large", 130.0),
            [],
            "The supplied price values are incompatible with price_on_property",
        ),
    ],
)
def test_products_that_contradict_each_other_are_refused(
    seller: Seller, second: tuple[str, int, str, float], varies: list[int], error: str
) -> None:
    body = {
        "products": [seller.product("A", 1, "Small"), seller.product(*second)],
        "price_on_property": varies,
        "sku_on_property": [SIZE],
    }

    assert seller.refused("PUT", f"/listings/{seller.draft()}/inventory", json=body) == (400, error)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"property_id": 999}, "Invalid property_id for this taxonomy: 999"),
        ({"readiness_state_id": 1}, "There was a problem with /readiness_state_id : 1"),
    ],
)
def test_a_product_refers_to_what_there_is(
    seller: Seller, changes: dict[str, int], error: str
) -> None:
    product = seller.product("A", 1, "Small")
    for part in (product["property_values"][0], product["offerings"][0]):
        part.update({name: value for name, value in changes.items() if name in part})
    address = f"/listings/{seller.draft()}/inventory"

    assert seller.refused("PUT", address, json={"products": [product]}) == (400, error)
    assert seller.refused("GET", f"{address}/products/1")[0] == 404


def test_variants_need_a_property_to_be_told_apart(seller: Seller) -> None:
    body = {"products": [seller.product("A", 1), seller.product("B", 1)]}

    assert seller.refused("PUT", f"/listings/{seller.draft()}/inventory", json=body) == (
        400,
        "Property values can't be empty",
    )


def test_a_third_property_is_one_too_many(seller: Seller) -> None:
    product = seller.product("A", 1, "Small")
    product["property_values"] = [
        {**product["property_values"][0], "property_id": number} for number in (513, 514, 200)
    ]
    body = {"products": [product]}
    status, error = seller.refused("PUT", f"/listings/{seller.draft()}/inventory", json=body)

    assert (status, error[:60]) == (
        400,
        "There was a problem with /products/0/property_values : List ",
    )


def test_an_offering_without_its_processing_profile_is_no_offering(clumsy_seller: Seller) -> None:
    product = clumsy_seller.product("A", 1)
    del product["offerings"][0]["readiness_state_id"]
    address = f"/listings/{clumsy_seller.draft()}/inventory"

    assert clumsy_seller.refused("PUT", address, json={"products": [product]}) == (
        400,
        "Missing input parameter: [products/0/offerings/0/readiness_state_id]",
    )


def test_activating_what_is_sold_out_puts_one_on_sale(seller: Seller) -> None:
    listing = seller.publish(sku="A", quantity=2)
    seller.market.buy({"A": 2}, "US")
    sold_out = seller.state(listing)
    seller.set_products(listing, [seller.product("A", 7)])
    still = seller.state(listing)
    seller.change(listing, state="active")

    assert [sold_out, still, seller.state(listing)] == [
        ("sold_out", 0),
        ("sold_out", 7),
        ("active", 1),
    ]


def test_inventory_of_many_listings_is_read_at_once(seller: Seller) -> None:
    ids = [seller.publish(sku=sku) for sku in ("A", "B")]
    address = "/listings/batch/inventory"
    told = seller.told("GET", address, params={"listing_ids": ",".join(map(str, ids))})

    assert [one["skus"] for one in told["results"]] == [["A"], ["B"]]
    assert seller.refused("GET", address, params={"listing_ids": "1"})[0] == 404
