"""The practice market: published, looked at, bought and shipped, and nothing of it real."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from catalog.models import Maker, Product, StockMovement, Variant
from jobs.models import Channel, Order, OrderStage
from tests.trade_ma.small_catalog import PRODUCTS, count, fill
from trade_ma.installation import App, open_app
from trade_ma.practice import Practice, practising
from trade_ma.settings import Settings


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """The practice market of an installation with a small catalog, and a maker more in it."""
    app = open_app(Settings(data_dir=tmp_path, database_url=None))
    with app.session() as session:
        fill(app, session)
        other = Maker(slug="other", name="Atelier Other")
        session.add(other)
        session.flush()
        product = Product(maker_id=other.id or 0, code="O-1", title="Lampe", language="fr")
        session.add(product)
        session.flush()
        session.add(Variant(product_id=product.id or 0, sku="O-1", price_minor=40_000))
        session.flush()
        count(session, "O-1", 2, "first")
        session.commit()
    # The others' judgements take seconds, and are no other way.
    with practising(app, ["shopify"]) as practice:
        yield practice
    app.engine.dispose()


def maker(practice: Practice) -> int:
    with practice.app.session() as session:
        return session.exec(select(Maker.id).where(Maker.slug == "tifawin")).one() or 0


def publish(practice: Practice, maker_id: int | None) -> int:
    published = practice.publish(maker_id)
    while not all(one.is_over for one in practice.passes.standings()):
        time.sleep(0.1)
    return published


def moved(app: App) -> int:
    with app.session() as session:
        return session.exec(select(func.count()).select_from(StockMovement)).one()


def real_rows(session: Session) -> tuple[int, int]:
    channels = session.exec(select(func.count()).select_from(Channel)).one()
    return channels, session.exec(select(func.count()).select_from(Order)).one()


def test_a_maker_publishes_buys_and_ships_and_nothing_of_it_is_real(practice: Practice) -> None:
    ours, before = maker(practice), moved(practice.app)
    assert publish(practice, ours) == PRODUCTS
    shown = practice.shown("shopify", ours)
    assert {offer.sku for one in shown for offer in one.offers} == {
        f"T-{number}" for number in range(PRODUCTS)
    }
    assert practice.picture("shopify", shown[0].remote_id, 0)

    practice.buy("shopify", "T-0", ours)
    [order] = practice.orders(ours)
    assert (order.channel, order.order.stage) == ("shopify", OrderStage.TO_SHIP)
    practice.ship("shopify", order.order.number, "TRACK1", ours)
    [order] = practice.orders(ours)
    assert order.order.stage is OrderStage.SHIPPED

    with practice.app.session() as session:
        assert (real_rows(session), moved(practice.app)) == ((0, 0), before)


def test_what_is_published_again_is_as_the_real_catalog_says(practice: Practice) -> None:
    publish(practice, maker(practice))
    practice.buy("shopify", "T-1", None)
    with practice.app.session() as session:
        product = session.exec(select(Product).where(Product.code == "P-1")).one()
        product.title, product.revision = "Tapis rouge", product.revision + 1
        session.commit()
    publish(practice, maker(practice))
    [shown] = [
        one for one in practice.shown("shopify", None) if any(o.sku == "T-1" for o in one.offers)
    ]
    assert "rouge" in shown.title
    assert shown.offers[0].available == 4


def test_another_makers_things_are_not_there_for_a_maker(practice: Practice) -> None:
    publish(practice, None)
    ours = maker(practice)
    assert any(o.sku == "O-1" for one in practice.shown("shopify", None) for o in one.offers)
    assert not any(o.sku == "O-1" for one in practice.shown("shopify", ours) for o in one.offers)
    with pytest.raises(LookupError, match="O-1 is not for sale"):
        practice.buy("shopify", "O-1", ours)
    practice.buy("shopify", "O-1", None)
    [order] = practice.orders(None)
    assert practice.orders(ours) == []
    with pytest.raises(LookupError, match="no practice order"):
        practice.ship("shopify", order.order.number, "T", ours)


def test_channels_for_practice_are_marked_and_made_on_first_use(practice: Practice) -> None:
    assert not practice.is_open("shopify")
    publish(practice, None)
    with practice.house.session() as session:
        marked = session.exec(select(Channel).order_by(col(Channel.code))).all()
    assert {one.code: one.settings["practice"] for one in marked} == {"shopify": "yes"}
