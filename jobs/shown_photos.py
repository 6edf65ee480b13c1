"""The photos that products show: which, where, and in what order."""

import os
from collections import Counter
from dataclasses import dataclass

from sqlmodel import Session, col, select

from catalog.models import Maker, Photo, Product
from images.errors import BadPhoto

# Threads that work on photos. Beside the bound in pixels: more than cores only wait.
WORKERS = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo where a product shows it: `place` counts its photos from 0."""

    product: str
    name: str
    place: int
    sha256: str


def shown_photos(session: Session, maker: str | None = None) -> list[ShownPhoto]:
    """Every photo in the store, at its place among those that its product shows.

    `maker` is the short name of the only maker wanted; withdrawn products show nothing.
    """
    query = (
        select(Product.code, Photo.name, Photo.sha256)
        .join(Product, col(Product.id) == col(Photo.product_id))
        .where(col(Photo.sha256).is_not(None), col(Product.withdrawn).is_(False))
        .order_by(Product.code, col(Photo.position), col(Photo.id))
    )
    if maker:
        query = query.join(Maker, col(Maker.id) == col(Product.maker_id)).where(Maker.slug == maker)
    places: Counter[str] = Counter()
    found = []
    for code, name, sha256 in session.exec(query):
        found.append(ShownPhoto(code, name, places[code], sha256 or ""))
        places[code] += 1
    return found


def missing_photo() -> BadPhoto:
    """What to say of a photo that a product shows and whose file is not in the store."""
    return BadPhoto(
        "missing_photo", "The photo's file is gone from the store: import the photo again"
    )
