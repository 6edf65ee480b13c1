"""The addresses that a table's links lead to."""

from trade_ma.console.tables import Query

RUGS = Query("/products", {"q": "tapis & co", "craft": ""}, sort="title", after="abc")


def test_a_page_is_found_again_at_its_address() -> None:
    assert RUGS.address() == "/products?q=tapis+%26+co&sort=title&after=abc"
    assert Query("/products", {}).address() == "/products"


def test_another_order_begins_at_the_first_row() -> None:
    assert [RUGS.sorted_by("title"), RUGS.sorted_by("price")] == [
        "/products?q=tapis+%26+co&sort=-title",
        "/products?q=tapis+%26+co&sort=price",
    ]
    assert [RUGS.direction("title"), RUGS.direction("price")] == ["ascending", "none"]
    assert Query("/products", {}, sort="-title").direction("title") == "descending"


def test_the_next_rows_keep_filters_and_order() -> None:
    assert RUGS.beginning("xyz") == "/products?q=tapis+%26+co&sort=title&after=xyz"
    assert RUGS.beginning("") == "/products?q=tapis+%26+co&sort=title"
