"""Whichever way a list is walked, it holds the same products in the same order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from catalog import search
from catalog.models import Maker, Product, Variant
from jobs import browsing
from jobs.browsing import Wanted, products
from jobs.models import Channel, Listing, ListingState

START = datetime(2026, 11, 23, tzinfo=UTC)
COUNT = 12


@pytest.fixture
def catalog(engine: Engine) -> Iterator[Session]:
    """A dozen products that differ in whatever a list may be narrowed to or sorted by."""
    with Session(engine) as session:
        fill(session)
        yield session


def fill(session: Session) -> None:
    """Add those products."""
    session.add_all(Maker(id=n, slug=f"m-{n}", name=f"M {n}") for n in (1, 2))
    session.add(
        Channel(id=1, code="shop", marketplace="etsy", site="world", account="shop", currency="EUR")
    )
    session.flush()
    for n in range(1, COUNT + 1):
        product = Product(
            id=n,
            maker_id=1 + n % 2,
            code=f"P-{n * 7 % 13:02}",
            title=f"Tapis {n * 5 % 13:02}",
            craft=("rug", "tray")[n % 3 == 0],
            withdrawn=n % 5 == 0,
            available=n % 4,
            photo_count=n % 3,
            completeness=n * 11 % 100,
            updated_at=START + timedelta(hours=n * 3 % 7),
        )
        session.add(product)
        session.flush()
        session.add(Variant(product_id=n, sku=f"SKU-{n}", price_minor=100))
        state = ListingState.LIVE if n % 2 else ListingState.REFUSED
        session.add(Listing(channel_id=1, product_id=n, state=state))
    session.flush()
    search.index(session, range(1, COUNT + 1))


@pytest.mark.parametrize("sort", ["title", "code", "-created_at", "completeness", "-updated_at"])
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(maker_id=1),
        Wanted(craft="rug"),
        Wanted(withdrawn=False),
        Wanted(has_photos=True, in_stock=True),
        Wanted(has_photos=False),
        Wanted(in_stock=False),
        Wanted(completeness_below=50),
        Wanted(channel="shop"),
        Wanted(channel="shop", states=(ListingState.LIVE,)),
        Wanted(channel="shop", states=(ListingState.LIVE, ListingState.REFUSED), craft="rug"),
        Wanted(words="tapis", withdrawn=False),
    ],
    ids=str,
)
def test_few_are_sorted_and_many_are_met_in_the_same_order(
    catalog: Session, monkeypatch: pytest.MonkeyPatch, wanted: Wanted, sort: str
) -> None:
    def found(many: int) -> list[int | None]:
        monkeypatch.setattr(browsing, "MANY", many)
        told = products(catalog, wanted, sort)
        column = {name.removeprefix("-"): one for name, one in told.sorts.items()}[
            sort.removeprefix("-")
        ]
        falls = sort.startswith("-")
        by = [one.desc() if falls else one.asc() for one in (column, told.key)]
        return [one.id for one in catalog.exec(told.statement.order_by(*by))]

    sorted_, met = found(COUNT + 1), found(1)
    assert sorted_
    assert met == sorted_


def test_an_unknown_channel_is_none_in_any_order(catalog: Session) -> None:
    for wanted in (Wanted(channel="nowhere"), replace(Wanted(channel="nowhere"), words="tapis")):
        with pytest.raises(LookupError, match="nowhere"):
            products(catalog, wanted, "title")
