"""Who takes part in the demo, and what buyers buy: plain data."""

from collections import deque
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
    """A channel of the demo, on a practice market of its own; `site` None is its first."""

    channel: str
    marketplace: str
    site: str | None = None


# Half of the makers write in French, and Amazon takes a listing in its market's language only.
SITES = {"amazon": "FR"}


def stalls(marketplaces: Collection[str]) -> list[Stall]:
    """One stall on each marketplace; two where there is only one.

    The sale of a last piece shows its worth only where another stall offers it too.
    """
    if len(marketplaces) == 1:
        [only] = marketplaces
        return [Stall(f"{only}-medina", only), Stall(f"{only}-kasbah", only)]
    return [Stall(code, code, SITES.get(code)) for code in sorted(marketplaces)]


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


def baskets(for_sale: Mapping[str, Collection[str]]) -> list[Basket]:
    """The buyers of the demo, dealt out in turn to the stalls; each goes where its SKUs are sold.

    `for_sale` are the SKUs of each stall.
    """
    wanted: list[Mapping[str, int]] = [{sku: 1} for sku in LAST_PIECES]
    wanted += OTHERS
    turns = deque(for_sale)
    dealt = []
    for lines in wanted:
        channel = next(code for code in turns if lines.keys() <= set(for_sale[code]))
        dealt.append(Basket(channel, lines))
        turns.remove(channel)
        turns.append(channel)
    return dealt
