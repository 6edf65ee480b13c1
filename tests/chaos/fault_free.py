"""The same catalog in a world where nothing went wrong: what its markets show is what is right."""

from pathlib import Path

from sqlmodel import Session, select

from catalog.models import MovementKind, Product, Variant
from catalog.stock import Movement, move_all
from tests.chaos.model import Model, model_of
from tests.chaos.rounds import Chaos
from tests.chaos.verdict import shown_for_sale
from tests.chaos.world import World, open_world

Shown = dict[str, dict[str, object]]


def shown_without_faults(folder: Path, world: World, model: Model, products: int) -> Shown:
    """What buyers see after calm passes over the catalog and the units that `world` ended with."""
    with open_world(folder, products) as fresh:
        with fresh.app.session() as session, world.app.session() as source:
            _copy_words_and_prices(source, session)
            _set_units(session, fresh, model)
            session.commit()
        Chaos(fresh, model_of(model.units), seed=0, products=products).calm()
        return shown_for_sale(fresh)


def _copy_words_and_prices(source: Session, target: Session) -> None:
    titles = {product.code: product.title for product in source.exec(select(Product))}
    prices = {variant.sku: variant.price_minor for variant in source.exec(select(Variant))}
    for product in target.exec(select(Product)):
        product.title = titles[product.code]
    for variant in target.exec(select(Variant)):
        variant.price_minor = prices[variant.sku]


def _set_units(session: Session, fresh: World, model: Model) -> None:
    corrections = [
        Movement(variant.id or 0, units, variant.sku)
        for variant in session.exec(select(Variant))
        if (units := model.units[variant.sku] - fresh.counted[variant.sku])
    ]
    move_all(session, corrections, MovementKind.ADJUSTMENT, source="as it ended")
