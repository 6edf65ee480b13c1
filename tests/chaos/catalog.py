"""A catalog of many rugs, most of them one of a kind; told by their numbers alone."""

import io
from collections.abc import Iterator

from PIL import Image
from sqlmodel import Session, select

from catalog.chunks import chunks
from catalog.models import Maker, MovementKind, Photo, Product, Variant
from catalog.stock import Movement, move_all
from trade_ma.installation import App

# Few and shared: what is tried here is selling, and a photo rendered is a second lost.
PHOTOS = 6
# Products that one transaction keeps.
CHUNK = 200
SIZES = ("160 x 230 cm", "200 x 300 cm", "250 x 350 cm")


def units_of(number: int, place: int) -> int:
    """The units that the first count finds of a variant: one, but for every fifth product."""
    return 3 + place if number % 5 == 0 else 1


def variants_of(number: int) -> int:
    """How many variants a product has: one, and two or three of every fourth."""
    return 2 + number % 8 // 4 if number % 4 == 0 else 1


def fill(app: App, numbers: range) -> dict[str, int]:
    """Make products of those numbers, which are new; the units counted, by SKU."""
    counted: dict[str, int] = {}
    photos = [app.photos.add(_photo(number)) for number in range(PHOTOS)]
    with app.session() as session:
        maker = session.exec(select(Maker)).first()
        maker = maker or Maker(slug="tifawin", name="Coopérative Tifawin", region="Azrou")
        session.add(maker)
        session.flush()
        for some in chunks(numbers, CHUNK):
            for number in some:
                sha256 = photos[number % PHOTOS]
                counted |= dict(_product(session, maker.id or 0, number, sha256))
            session.commit()
    return counted


def _product(
    session: Session, maker_id: int, number: int, sha256: str
) -> Iterator[tuple[str, int]]:
    product = Product(
        maker_id=maker_id,
        code=f"R-{number:04}",
        craft="rug-beni-ourain",
        title=f"Rug {number}",
        description="Knotted by hand.",
        materials=["wool"],
        colours=["white"],
    )
    session.add(product)
    session.flush()
    session.add(Photo(product_id=product.id or 0, name=f"{number}.jpg", sha256=sha256))
    variants = list(_variants(product, number))
    session.add_all(variants)
    session.flush()
    units = {v.sku: units_of(number, v.position) for v in variants}
    first = [Movement(v.id or 0, units[v.sku], f"{v.sku} first") for v in variants]
    move_all(session, first, MovementKind.COUNT, source="count")
    yield from units.items()


def _variants(product: Product, number: int) -> Iterator[Variant]:
    many = variants_of(number)
    for place in range(many):
        yield Variant(
            product_id=product.id or 0,
            sku=f"{product.code}-{place}" if many > 1 else product.code,
            position=place,
            options=[["Taille", SIZES[place]]] if many > 1 else [],
            price_minor=85_000 + 1_000 * (number % 50) + 20_000 * place,
            weight_g=9_500,
            length_cm=250,
            width_cm=150,
        )


def _photo(number: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (1000, 1000), (40 * number, 80, 120)).save(buffer, "JPEG")
    return buffer.getvalue()
