"""Who takes part in the demo, and what buyers buy: plain data."""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.pricing.rates import Rate


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


# One account of Amazon sells in many countries, each in its own language and currency.
SITES = {"amazon": ("US", "DE", "MX", "JP")}
# The piece that is shown side by side in all of them, and what a stall keeps above its makers'
# prices: percent of the net price, and half of a parcel.
PIECE = "TIF-004"
POLICY: Mapping[str, object] = {"price": {"margin": "15", "shipping_share": "0.5"}}
# Overnight the dollar rises far, and the euro hardly: as shares of what they were.
MOVES: Mapping[str, Decimal] = {"USD": Decimal("1.06"), "EUR": Decimal("1.004")}


def stalls(marketplaces: Collection[str]) -> list[Stall]:
    """One stall on each marketplace, or on each of its sites; two where there would be only one.

    The sale of a last piece shows its worth only where another stall offers it too.
    """
    found = [stall for code in sorted(marketplaces) for stall in _stalls_on(code)]
    if len(found) == 1:
        [only] = marketplaces
        return [Stall(f"{only}-medina", only), Stall(f"{only}-kasbah", only)]
    return found


def _stalls_on(code: str) -> list[Stall]:
    sites = SITES.get(code)
    return [Stall(f"{code}-{s.lower()}", code, s) for s in sites] if sites else [Stall(code, code)]


# The last pieces are one of a kind: sold here, they must leave every other stall.
LAST_PIECES = ("TIF-001", "ATL-06", "DD-ANT-1", "MOG-3")
OTHERS: tuple[Mapping[str, int], ...] = (
    {"DD-BY-39": 2, "DD-P-TAN": 1},
    {"NSR-8": 6},
    {"BF-40": 1, "MOG-4": 2},
    {"TIF-012": 4},
)


def moved(rates: Mapping[str, Rate], moves: Mapping[str, Decimal], on: date) -> list[Rate]:
    """The rates of `moves` by their shares, on that day."""
    source = "the demo's next morning"
    return [
        Rate(currency, rates[currency].mad_per_unit * share, on, source)
        for currency, share in moves.items()
    ]


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
