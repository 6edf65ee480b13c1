"""Who takes part in the demo, and what buyers buy: plain data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Workshop:
    """A maker, and the file that it sent."""

    slug: str
    name: str
    region: str
    file: str
    is_cooperative: bool = True


WORKSHOPS = (
    Workshop("tifawin", "Coopérative Tifawin", "Azrou", "tifawin-tapis.csv"),
    Workshop(
        "bab-ftouh", "Atelier Bab Ftouh", "Fès", "bab-ftouh-zellige.xlsx", is_cooperative=False
    ),
    Workshop("annasr", "تعاونية النصر", "آسفي", "annasr-fakhar.csv"),
    Workshop("dar-dbagh", "Dar Dbagh", "Marrakech", "dar-dbagh-shopify.csv", is_cooperative=False),
    Workshop("mogador", "Coopérative Mogador", "Essaouira", "mogador-thuya.txt"),
    Workshop("atlas-light", "Atlas Light", "Marrakech", "atlas-light.csv", is_cooperative=False),
)


@dataclass(frozen=True, slots=True)
class Stall:
    """A channel of the demo, on a practice market of its own."""

    channel: str
    marketplace: str


def stalls(marketplaces: Collection[str]) -> list[Stall]:
    """One stall on each marketplace; two where there is only one.

    The sale of a last piece shows its worth only where another stall offers it too.
    """
    if len(marketplaces) == 1:
        [only] = marketplaces
        return [Stall(f"{only}-medina", only), Stall(f"{only}-kasbah", only)]
    return [Stall(code, code) for code in sorted(marketplaces)]


# The last pieces are one of a kind: sold here, they must leave every other stall.
LAST_PIECES = ("TIF-001", "ATL-06", "DD-ANT-1", "MOG-3")
OTHERS: tuple[Mapping[str, int], ...] = (
    {"DD-BY-39": 2, "DD-P-TAN": 1},
    {"NSR-8": 6},
    {"BF-40": 1, "MOG-4": 2},
    {"TIF-012": 4},
)


@dataclass(frozen=True, slots=True)
class Basket:
    """What one buyer orders at one stall: units by SKU."""

    channel: str
    lines: Mapping[str, int]


def baskets(channels: Collection[str]) -> list[Basket]:
    """The buyers of the demo, dealt out to the stalls in turn."""
    wanted: list[Mapping[str, int]] = [{sku: 1} for sku in LAST_PIECES]
    wanted += OTHERS
    turns = list(channels)
    return [Basket(turns[k % len(turns)], lines) for k, lines in enumerate(wanted)]
