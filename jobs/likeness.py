"""Which product of ours a listing that stands on a marketplace shows: pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from catalog.folding import fold
from connectors.protocol import RemoteListing
from images.fingerprints import BITS, distance
from jobs.drift_models import Likeness

# Of 100. What is less alike is not worth a person's look; the bound is ours.
LEAST = 60
# What a picture counts beside a title. Two unrelated pictures differ in half of their bits.
PICTURE = 0.5
# Digits of a GTIN-14, which the shorter ones are written as: GS1 General Specifications, 3.3.2.
GTIN_DIGITS = 14


@dataclass(frozen=True, slots=True)
class Wares:
    """What listings are matched by: our products by SKU and by GTIN, by their titles and pictures.

    `free` are the products that may be taken over at once: they are sold on the channel, and have
    no listing there. Titles are folded; fingerprints are those of a product's photos.
    """

    skus: Mapping[str, int]
    gtins: Mapping[str, int]
    free: frozenset[int]
    titles: Mapping[int, str] = field(default_factory=dict)
    fingerprints: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The product that a listing seems to be; `score` is from 0 to 100.

    Where it is not `certain`, a person decides, and `why` says what about.
    """

    likeness: Likeness
    product_id: int | None = None
    score: int = 0
    certain: bool = False
    why: str = ""


NOTHING = Match(Likeness.NONE, why="nothing of ours looks like it")


def gtin14(gtin: str) -> str:
    """A GTIN of any length as the 14 digits that name the same goods."""
    return gtin.strip().zfill(GTIN_DIGITS)


def match(shown: RemoteListing, wares: Wares, *, renames_skus: bool) -> Match | None:
    """The product of a listing by its SKUs, then by its GTINs; None where neither is ours.

    `renames_skus` says whether a listing stays the same under another SKU.
    """
    by_sku = Counter(wares.skus[o.sku] for o in shown.offers if o.sku in wares.skus)
    if by_sku:
        strangers = [o.sku for o in shown.offers if o.sku not in wares.skus]
        return _judged(Likeness.SKU, by_sku, wares, strangers)
    known = (gtin14(offer.gtin) for offer in shown.offers if offer.gtin)
    by_gtin = Counter(wares.gtins[gtin] for gtin in known if gtin in wares.gtins)
    if by_gtin:
        kept = [] if renames_skus else [o.sku for o in shown.offers if o.sku]
        without = [o.sku for o in shown.offers if gtin14(o.gtin or "") not in wares.gtins]
        return _judged(Likeness.GTIN, by_gtin, wares, kept or without)
    return None


def _judged(likeness: Likeness, found: Counter[int], wares: Wares, strangers: list[str]) -> Match:
    [(product_id, times), *others] = found.most_common()
    score = round(100 * times / (found.total() + len(strangers)))
    if others:
        why = "it sells several products of ours"
    elif strangers:
        why = f"it sells what is not ours: {', '.join(sku or 'no SKU' for sku in strangers)}"
    elif product_id not in wares.free:
        why = "the product has a listing there, or is not sold there"
    else:
        return Match(likeness, product_id, 100, certain=True)
    return Match(likeness, product_id, score, why=why)


def looks(shown: RemoteListing, wares: Wares, picture: int | None) -> Match:
    """The free product whose title and pictures are most like the listing's: never certain.

    `picture` is the fingerprint of the listing's main picture, None where it has none.
    """
    free = {product_id: wares.titles[product_id] for product_id in wares.free & set(wares.titles)}
    titled = process.extract(fold(shown.title), free, scorer=fuzz.token_sort_ratio, limit=None)
    scores = {
        product_id: _score(title, _likeness(picture, wares.fingerprints.get(product_id, ())))
        for _, title, product_id in titled
    }
    best = max(scores, key=lambda product_id: scores[product_id], default=None)
    if best is None or scores[best] < LEAST:
        return NOTHING
    return Match(Likeness.LOOKS, best, scores[best], why="its title and picture look like it")


def _score(title: float, picture: float | None) -> int:
    return round(title if picture is None else (1 - PICTURE) * title + PICTURE * picture)


def _likeness(picture: int | None, ours: tuple[int, ...]) -> float | None:
    """How alike the nearest pictures are, from 0 (as unrelated ones are) to 100."""
    if picture is None or not ours:
        return None
    apart = min(distance(picture, one) for one in ours)
    return 100 * max(0.0, 1 - 2 * apart / BITS)
