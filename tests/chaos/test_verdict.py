"""The verdict sees what it is there for: each kind of damage, done on purpose, is told."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, delete, select

from catalog.models import StockMovement, Variant
from connectors.sandbox.etsy.market import EtsyMarket
from connectors.sandbox.shopify import ShopifyMarket
from jobs.models import Order, OrderLine
from jobs.order_models import Conflict
from tests.chaos.acts import Buy, perform
from tests.chaos.model import model_of
from tests.chaos.rounds import Chaos
from tests.chaos.verdict import complaints
from tests.chaos.world import open_world


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chaos]:
    """A small world that is in order: one thing sold on Etsy, and one sold twice."""
    with open_world(tmp_path_factory.mktemp("sold"), 3) as world:
        chaos = Chaos(world, model_of(world.counted), seed=0, products=3)
        chaos.calm()
        for channel, hot in (("etsy", False), ("amazon-us", True), ("shopify", True)):
            perform(world, chaos.model, Buy(channel, 0.99, hot=hot))
        chaos.calm()
        assert complaints(world, chaos.model) == []
        yield chaos


@pytest.fixture
def session(sold: Chaos) -> Iterator[Session]:
    """The books, open for what must not happen; closed again as they were."""
    with sold.world.app.session() as session:
        yield session


def told(chaos: Chaos, session: Session) -> list[str]:
    """The complaints over what stands in an uncommitted session."""
    return complaints(chaos.world, chaos.model, session)


def test_a_unit_was_sold_twice_and_is_flagged(sold: Chaos) -> None:
    assert min(sold.model.units.values()) < 0
    assert sold.model.oversold == []


def test_a_lost_order_is_told(sold: Chaos, session: Session) -> None:
    lost = session.exec(select(Order)).first()
    assert lost
    session.execute(delete(Conflict))
    session.execute(delete(OrderLine).where(col(OrderLine.order_id) == lost.id))
    assert any(lost.remote_id in words and "we have None" in words for words in told(sold, session))


def test_an_order_counted_twice_is_told(sold: Chaos, session: Session) -> None:
    line = session.exec(select(OrderLine)).first()
    assert line
    twice = line.model_dump(exclude={"id"}) | {"remote_id": "again"}
    session.add(OrderLine(**twice))
    session.flush()
    assert any(words.startswith("order ") for words in told(sold, session))


def test_a_dropped_movement_is_told(sold: Chaos, session: Session) -> None:
    sale = session.exec(select(StockMovement).where(col(StockMovement.quantity) < 0)).first()
    assert sale
    sku = session.get_one(Variant, sale.variant_id).sku
    session.delete(sale)
    session.flush()
    assert any(words.startswith(f"ledger: {sku} has ") for words in told(sold, session))


def test_a_conflict_that_nobody_was_told_of_is_told(sold: Chaos, session: Session) -> None:
    session.execute(delete(Conflict))
    assert any("units are sold twice, and 0 are flagged" in words for words in told(sold, session))


def test_a_listing_made_twice_is_told(sold: Chaos, session: Session) -> None:
    etsy = sold.world.markets["etsy"]
    assert isinstance(etsy, EtsyMarket)
    one = next(iter(etsy.shop.listings.values()))
    etsy.shop.listings[1] = one
    try:
        words = told(sold, session)
    finally:
        del etsy.shop.listings[1]
    assert any("2 times" in each for each in words)
    assert "etsy has the listing 1, which is not in our books" in words


def test_a_unit_that_a_market_offers_without_having_it_is_told(
    sold: Chaos, session: Session
) -> None:
    shopify = sold.world.markets["shopify"]
    assert isinstance(shopify, ShopifyMarket)
    sku = min(sold.model.units)
    sold.model.units[sku] -= 1
    try:
        words = told(sold, session)
    finally:
        sold.model.units[sku] += 1
    assert any(each.startswith("shopify offers ") for each in words)


def test_a_sale_of_what_all_markets_know_to_be_gone_is_told() -> None:
    model = model_of({"A": 1})
    model.bought("etsy", "1", "A", 1)
    model.bought("shopify", "2", "A", 1)
    assert model.oversold == []
    model.all_told(model.changes)
    model.bought("etsy", "3", "A", 1)
    assert model.oversold == ["etsy sold A, of which -1 are left"]
