"""How much of what sells a product is told of it: a score of 0 to 100, and what would raise it."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from catalog.snapshots import Snapshot

LANGUAGES = ("fr", "ar", "en")

# Photos of one product that show it from all sides, as marketplaces advise.
PHOTOS = 3
# Pixels of the longer side from which marketplaces let a buyer zoom. Source: Amazon Seller
# Central, Product image requirements ("1,000 pixels or larger ... enables zoom").
SIDE = 1000
# Characters of a title that names the thing, its material and its origin; and of a description
# that answers what buyers ask. Ours: titles of the shared files have 20 to 60.
TITLE, DESCRIPTION = 20, 150


@dataclass(frozen=True, slots=True)
class Known:
    """What is judged: the product, the longer side of each photo measured, texts not yet read."""

    snapshot: Snapshot
    sides: Mapping[str, int] = field(default_factory=dict)
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, and the points that it would bring. `code` never changes."""

    code: str
    points: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """A product's score, and what to do to raise it, what brings most first."""

    score: int
    advice: tuple[Advice, ...] = ()


def _photos(known: Known) -> list[str]:
    return [photo.sha256 for photo in known.snapshot.photos if photo.sha256]


def _all_large(known: Known) -> bool:
    """Photos that nobody measured are not held against it."""
    return bool(_photos(known)) and all(known.sides.get(p, SIDE) >= SIDE for p in _photos(known))


def _has_size(known: Known) -> bool:
    return all(
        v.length_cm or v.width_cm or v.height_cm or v.diameter_cm for v in known.snapshot.variants
    )


# Points sum up to 100. What a listing cannot do without weighs most.
_RULES: tuple[tuple[str, int, Callable[[Known], object]], ...] = (
    ("no_photo", 18, _photos),
    ("description", 12, lambda known: len(known.snapshot.product.description) >= DESCRIPTION),
    ("few_photos", 10, lambda known: len(_photos(known)) >= PHOTOS),
    ("craft", 9, lambda known: known.snapshot.product.craft),
    ("materials", 8, lambda known: known.snapshot.product.materials),
    ("size", 8, _has_size),
    ("title", 7, lambda known: len(known.snapshot.product.title) >= TITLE),
    ("weight", 7, lambda known: all(v.weight_g for v in known.snapshot.variants)),
    ("small_photo", 5, _all_large),
    ("region", 4, lambda known: known.snapshot.product.region or known.snapshot.maker.region),
    ("colours", 3, lambda known: known.snapshot.product.colours),
    ("price", 3, lambda known: all(v.price_minor > 0 for v in known.snapshot.variants)),
    ("stock", 3, lambda known: any(n > 0 for n in known.snapshot.available.values())),
    ("translations", 3, lambda known: not known.unread),
)


def completeness(known: Known) -> Completeness:
    """The score of a product, and what to do. Pure."""
    missing = tuple(Advice(code, points) for code, points, is_told in _RULES if not is_told(known))
    return Completeness(100 - sum(advice.points for advice in missing), missing)


def sentence(advice: Advice, language: str) -> str:
    """What to do, in one of LANGUAGES."""
    limits = {"photos": PHOTOS, "side": SIDE, "title": TITLE, "description": DESCRIPTION}
    return _messages()[advice.code][language].format(**limits)


@cache
def _messages() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("catalog") / "completeness.toml").read_text("utf-8"))
