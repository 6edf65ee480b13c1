"""What it costs to send a parcel from Morocco, by its weight and the zone it goes to.

The file beside this module is indicative, as its lines say. It is used only where a channel's
policy lets the price carry a share of the shipping and gives no table of its own.
"""

import csv
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from types import MappingProxyType

# What a parcel is taken to weigh where nobody said: a small rug or a lamp, packed.
ASSUMED_WEIGHT_G = 3000

_EUROPE = "AD AL AT BA BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MC MD ME"
_EUROPE += " MK MT NL NO PL PT RO RS SE SI SK SM TR UA VA XK"
_ARAB_WORLD = "AE BH DZ EG IQ JO KW LB LY MR OM PS QA SA SD SY TN YE"
_ZONES = {
    **dict.fromkeys(_EUROPE.split(), "europe"),
    **dict.fromkeys(_ARAB_WORLD.split(), "arab-world"),
    **dict.fromkeys(("CA", "MX", "US"), "north-america"),
}


@dataclass(frozen=True, slots=True)
class Tariff:
    """Dirhams for a parcel: rising (up to so many grams, price) steps of one zone."""

    zone: str
    steps: tuple[tuple[int, Decimal], ...]
    source: str

    def price(self, weight_g: int) -> Decimal:
        """What `weight_g` grams cost. More than the last step goes in several such parcels."""
        limits = [limit for limit, _ in self.steps]
        if weight_g > limits[-1]:
            return self.steps[-1][1] * -(-weight_g // limits[-1])
        return self.steps[bisect_left(limits, weight_g)][1]


def zone_of(country: str) -> str:
    """The zone of a country (ISO 3166); `world`, the dearest, where it has none of its own."""
    return _ZONES.get(country, "world")


def tariff_to(country: str) -> Tariff:
    """The shipped tariff to `country`."""
    return TARIFFS[zone_of(country)]


def parse_tariffs(lines: Iterable[str]) -> Mapping[str, Tariff]:
    """The tariffs of CSV `lines`, by zone; steps in rising order of weight."""
    tariffs: dict[str, Tariff] = {}
    for row in csv.DictReader(lines):
        before = tariffs.get(row["zone"])
        step = (int(row["up_to_g"]), Decimal(row["mad"]))
        steps = (*(before.steps if before else ()), step)
        tariffs[row["zone"]] = Tariff(row["zone"], steps, row["source"])
    return MappingProxyType(tariffs)


TARIFFS = parse_tariffs((files("catalog.pricing") / "shipping.csv").read_text("utf-8").splitlines())
