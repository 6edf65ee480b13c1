"""Figures told by two witnesses."""

from collections import Counter
from dataclasses import replace

import pytest

from connectors.sandbox.control import ShownListing, ShownOffer
from trade_ma.demo.figures import Books, Figure, Seen, figures, pushes, total


def rug(available: int, *, price: str = "89.00", present: bool = True) -> ShownListing:
    """A rug of one SKU with two photos, as a market shows it."""
    offer = ShownOffer(sku="TIF-1", price=price, currency="USD", available=available)
    return ShownListing(
        remote_id="1", title="Rug", offers=[offer], present=present, photos=["a", "b"]
    )


BOOKS = Books(
    made=1,
    listings=1,
    prices={"TIF-1": "89.00 USD"},
    units={"TIF-1": 3},
    photos=2,
    orders=frozenset({"O1"}),
)
SEEN = Seen(
    listings=[rug(3)],
    orders=frozenset({"O1"}),
    sync_calls=Counter(orders=2),
    order_calls=Counter(orders=2),
)


def differing(books: Books, seen: Seen, *sold: str) -> list[Figure]:
    return [figure for figure in figures("etsy", books, seen, sold) if not figure.agrees]


def test_books_and_market_that_say_the_same_agree() -> None:
    told = list(figures("etsy", BOOKS, SEEN, []))
    assert {figure.name: figure.witness for figure in told} == {
        "listings made, none twice": "1",
        "listings for sale": "1",
        "SKUs": "1",
        "photos": "2",
        "units for sale": "3",
        "sum of prices": "89.00 USD",
        "orders": "1",
        "last pieces sold, units left": "0",
        "pushes of the third sync": "0",
    }
    assert all(figure.agrees for figure in told)


@pytest.mark.parametrize(
    ("seen", "names"),
    [
        (replace(SEEN, listings=[rug(2)]), ["units for sale", "units of TIF-1"]),
        (replace(SEEN, listings=[rug(3, price="88.00")]), ["sum of prices"]),
        (replace(SEEN, listings=[rug(3), rug(0)]), ["listings made, none twice"]),
        (replace(SEEN, orders=frozenset({"O1", "O2"})), ["orders"]),
        (
            replace(SEEN, sync_calls=Counter(orders=2, productSet=1)),
            ["pushes of the third sync"],
        ),
        (
            replace(SEEN, listings=[rug(3, present=False)]),
            [
                "listings for sale",
                "SKUs",
                "photos",
                "units for sale",
                "sum of prices",
                "units of TIF-1",
            ],
        ),
    ],
)
def test_a_market_that_differs_is_named_by_figure(seen: Seen, names: list[str]) -> None:
    assert [figure.name for figure in differing(BOOKS, seen)] == names


def test_a_last_piece_still_for_sale_elsewhere_is_found() -> None:
    sold_out = Books(1, 0, {}, {}, 0, frozenset({"O1"}))
    names = [figure.name for figure in differing(sold_out, SEEN, "TIF-1")]
    assert "last pieces sold, units left" in names


def test_a_sold_out_listing_is_not_for_sale_whether_kept_or_ended() -> None:
    sold_out = Books(1, 0, {}, {}, 0, frozenset({"O1"}))
    kept = replace(SEEN, listings=[rug(0)])
    ended = replace(SEEN, listings=[rug(0, present=False)])
    assert differing(sold_out, kept, "TIF-1") == differing(sold_out, ended, "TIF-1") == []


def test_pushes_are_operations_that_a_pull_of_orders_does_not_use_however_often_it_reads() -> None:
    seen = replace(
        SEEN,
        sync_calls=Counter(orders=5, stock=3, token=1),
        order_calls=Counter(orders=2, token=1),
    )
    assert pushes(seen) == 3


def test_prices_are_summed_by_currency() -> None:
    assert total(["1.10 USD", "2.20 USD", "5.00 EUR"]) == "5.00 EUR, 3.30 USD"
