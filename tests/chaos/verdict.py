"""The verdict: what our database says and what the markets show, held against what happened."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select as columns
from sqlalchemy import text
from sqlmodel import Session, col, select

from catalog.models import Variant
from catalog.stock import levels
from connectors.sandbox.control import ShownListing
from connectors.sandbox.etsy.market import EtsyMarket
from jobs import ledger
from jobs.models import Channel, Listing, Order, OrderLine
from jobs.order_models import Conflict
from tests.chaos.model import Model
from tests.chaos.world import World


def complaints(world: World, model: Model, session: Session | None = None) -> list[str]:
    """All that is wrong; nothing where every promise was kept.

    Our books are read through `session`, or as they stand in the database.
    """
    if session is None:
        with world.app.session() as opened:
            return complaints(world, model, opened)
    return [
        *_damage(world, session),
        *_duplicates(world, session),
        *_orders(session, model),
        *_ledger(session, model),
        *_shown_stock(world, model),
        *_conflicts(session, model),
        *model.oversold,
    ]


def _damage(world: World, session: Session) -> Iterator[str]:
    if world.app.engine.dialect.name == "sqlite":
        found = session.execute(text("PRAGMA integrity_check")).scalar_one()
        if found != "ok":
            yield f"the database is damaged: {found}"


def _duplicates(world: World, session: Session) -> Iterator[str]:
    """SKUs that a market shows more than once, and listings there that we know nothing of."""
    for code, market in world.markets.items():
        skus = Counter(offer.sku for one in market.shown() for offer in one.offers)
        for sku, times in skus.items():
            if times > 1:
                yield f"{code} has {sku} {times} times"
        known = set(
            session.exec(select(Listing.remote_id).join(Channel).where(Channel.code == code))
        )
        ids = {one.remote_id for one in market.shown()}
        if isinstance(market, EtsyMarket):
            # A draft is shown to nobody, and is a listing too many all the same.
            ids |= {str(number) for number in market.shop.listings}
        for stray in sorted(ids - known):
            yield f"{code} has the listing {stray}, which is not in our books"


@dataclass(frozen=True, slots=True, order=True)
class _Told:
    """A line of an order: its SKU, the units sold, and the units that came back."""

    sku: str
    units: int
    back: int


def _orders(session: Session, model: Model) -> Iterator[str]:
    """Orders lost, doubled, invented, or with other lines than were bought."""
    ours: dict[tuple[str, str], list[_Told]] = {}
    for code, remote_id, sku, units, cancelled, returned in session.execute(
        columns(
            col(Channel.code),
            col(Order.remote_id),
            col(OrderLine.sku),
            col(OrderLine.quantity),
            col(OrderLine.cancelled),
            col(OrderLine.returned),
        )
        .select_from(Order)
        .join(Channel, col(Channel.id) == col(Order.channel_id))
        .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    ):
        told = _Told(sku or "", units, cancelled + returned)
        ours.setdefault((code, remote_id), []).append(told)
    theirs = {key: [_Told(sale.sku, sale.units, sale.back)] for key, sale in model.sales.items()}
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key) != theirs.get(key):
            yield f"order {key}: we have {ours.get(key)}, it was {theirs.get(key)}"


def _ledger(session: Session, model: Model) -> Iterator[str]:
    variants = {v.id or 0: v.sku for v in session.exec(select(Variant))}
    for first in range(0, len(variants), 500):
        for id_, level in levels(session, list(variants)[first : first + 500]).items():
            true = model.units[variants[id_]]
            if level.available != true:
                yield f"ledger: {variants[id_]} has {level.available} available, in truth {true}"
    yield from map(str, ledger.differences(session))


def _shown_stock(world: World, model: Model) -> Iterator[str]:
    for code, market in world.markets.items():
        shown = {offer.sku: (one, offer) for one in market.shown() for offer in one.offers}
        for sku, true in sorted(model.units.items()):
            left = max(0, true)
            one, offer = shown.get(sku, (None, None))
            offered = offer.available if one and offer and one.present else 0
            if offered != left:
                yield f"{code} offers {offered} of {sku}, and {left} are left"


def _conflicts(session: Session, model: Model) -> Iterator[str]:
    """Units sold twice that nobody was told of, and conflicts where there is none."""
    flagged: Counter[str] = Counter()
    for sku, units in session.exec(
        select(Variant.sku, Conflict.units)
        .join(Variant, col(Variant.id) == col(Conflict.variant_id))
        .where(col(Conflict.settled).is_(None))
    ):
        flagged[sku] += units
    promised: Counter[str] = Counter()
    for sale in model.sales.values():
        promised[sale.sku] += sale.kept
    for sku, true in model.units.items():
        short = min(max(0, -true), promised[sku])
        if flagged[sku] != short:
            yield f"{sku}: {short} units are sold twice, and {flagged[sku]} are flagged"


def shown_for_sale(world: World) -> dict[str, dict[str, object]]:
    """What buyers see of all that is for sale, by channel and the listing's first SKU."""
    return {
        code: {one.offers[0].sku: _seen(one) for one in market.shown() if _sells(one)}
        for code, market in world.markets.items()
    }


def _sells(one: ShownListing) -> bool:
    return one.present and any(offer.available for offer in one.offers)


def _seen(one: ShownListing) -> object:
    offers = sorted(one.offers, key=lambda offer: offer.sku)
    return one.title, one.description, len(one.photos), offers, sorted(one.texts.items())
