"""What people do meanwhile: buyers, and those who keep the catalog. Each told to the model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import update
from sqlmodel import col, select

from catalog.models import MovementKind, Product, Variant
from catalog.stock import move
from connectors.sandbox.control import ShownOffer
from tests.chaos.model import Model
from tests.chaos.world import World

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Buy:
    """A buyer takes something that `channel` shows; the `hot` one what just changed elsewhere."""

    channel: str
    pick: float
    hot: bool


@dataclass(frozen=True, slots=True)
class GiveBack:
    """The units of an order come back, before it was sent."""

    pick: float


@dataclass(frozen=True, slots=True)
class Recount:
    """Somebody finds `units` more than were known, or fewer."""

    pick: float
    units: int


@dataclass(frozen=True, slots=True)
class Edit:
    """The catalog's keeper changes a title, or a price by so many dirhams."""

    pick: float
    title: str | None = None
    dearer: int = 0


Act = Buy | GiveBack | Recount | Edit


def perform(world: World, model: Model, act: Act) -> None:
    """Do it, where it can be done."""
    match act:
        case Buy():
            _buy(world, model, act)
        case GiveBack():
            _give_back(world, model, act)
        case Recount():
            _recount(world, model, act)
        case Edit():
            _edit(world, model, act)


def _buy(world: World, model: Model, act: Buy) -> None:
    offers = for_sale(world, act.channel)
    hot = [sku for sku in model.untold() if sku in offers] if act.hot else []
    wanted = hot or sorted(offers)
    if not wanted:
        return
    sku = _picked(wanted, act.pick)
    with model.lock:
        try:
            order_id = world.markets[act.channel].buy({sku: 1}, "US")
        except (LookupError, ValueError):
            # It went while the buyer looked.
            return
        model.bought(act.channel, order_id, sku, 1)


def for_sale(world: World, channel: str) -> Mapping[str, ShownOffer]:
    """What a buyer can take on `channel` now, by SKU."""
    return {
        offer.sku: offer
        for listing in world.markets[channel].shown()
        for offer in listing.offers
        if listing.present and offer.available > 0
    }


def _give_back(world: World, model: Model, act: GiveBack) -> None:
    open_sales = model.open_sales()
    if not open_sales:
        return
    channel, order_id = _picked(open_sales, act.pick)
    market = world.markets[channel]
    with model.lock:
        sale = model.sales[channel, order_id]
        # A shop's own orders may be refunded instead, and the goods put back by the same click.
        refunded = channel == "shopify" and int(act.pick * 1000) % 2
        (market.refund if refunded else market.cancel)(order_id, None, restock=True)
        model.given_back(channel, order_id, sale.kept)


def _recount(world: World, model: Model, act: Recount) -> None:
    sku = _picked(sorted(model.units), act.pick)
    with model.lock, world.app.session() as session:
        variant = session.exec(select(Variant).where(Variant.sku == sku)).one()
        move(
            session,
            variant,
            act.units,
            MovementKind.ADJUSTMENT,
            source="recount",
            reference=f"change {model.changes}",
        )
        session.commit()
        model.counted(sku, act.units)


def _edit(world: World, model: Model, act: Edit) -> None:
    sku = _picked(sorted(model.units), act.pick)
    with world.app.session() as session:
        variant = session.exec(select(Variant).where(Variant.sku == sku)).one()
        variant.price_minor += 100 * act.dearer
        session.execute(
            update(Product)
            .where(col(Product.id) == variant.product_id)
            .values(
                {"revision": Product.revision + 1} | ({"title": act.title} if act.title else {})
            )
        )
        session.commit()


def _picked(ones: Sequence[One], pick: float) -> One:
    return ones[int(pick * len(ones))]
