"""A small catalog for the API's tests: two makers, a rug in two sizes, a lamp, and a channel."""

from dataclasses import dataclass

from sqlmodel import Session

from catalog.models import Maker
from jobs.editing import create_product
from jobs.models import Channel
from tests.trade_ma.api.conftest import House


@dataclass(frozen=True, slots=True)
class Shelf:
    """Ids of what stands there."""

    weavers: int
    smiths: int
    rug: int
    lamp: int


def stocked(house: House) -> Shelf:
    """Put the small catalog into an installation."""
    with house.installation.session() as session:
        shelf = _stocked(session)
        session.commit()
    return shelf


def _stocked(session: Session) -> Shelf:
    weavers = Maker(slug="tazenakht", name="Coopérative Tazenakht", region="Tazenakht")
    smiths = Maker(slug="fes", name="Dinandiers de Fès", is_cooperative=False)
    channel = Channel(
        code="shop",
        marketplace="etsy",
        site="world",
        account="shop",
        currency="EUR",
        locales=["fr"],
    )
    session.add_all([weavers, smiths, channel])
    session.flush()
    rug = create_product(
        session,
        {
            "maker_id": weavers.id,
            "code": "RUG",
            "title": "Tapis Beni Ouaraïn",
            "craft": "rug-beni-ourain",
            "description": "Noué à la main.\nLaine du Moyen Atlas.",
            "materials": ["laine"],
            "colours": ["écru", "noir"],
            "tags": ["Salon"],
        },
        [
            {"sku": f"RUG-{size}", "price_minor": price, "options": [["Taille", size]]}
            for size, price in (("S", 120_000), ("L", 250_000))
        ],
    )
    lamp = create_product(
        session,
        {
            "maker_id": smiths.id,
            "code": "LAMP-1",
            "title": "Lampe en laiton",
            "craft": "lantern",
        },
        [{"sku": "LAMP-1", "price_minor": 45_050, "weight_g": 1200, "diameter_cm": 22.5}],
    )
    return Shelf(weavers.id or 0, smiths.id or 0, rug.id or 0, lamp.id or 0)
