"""A small catalog in an opened installation: products with a photo and some units each."""

import io

from PIL import Image
from sqlmodel import Session, select

from catalog.models import Maker, MovementKind, Photo, Product, Variant
from catalog.stock import move
from trade_ma.installation import App

PRODUCTS = 8


def fill(app: App, session: Session) -> None:
    """Products with a photo each, and some of them in sizes."""
    maker = Maker(slug="tifawin", name="Coopérative Tifawin")
    session.add(maker)
    session.flush()
    for number in range(PRODUCTS):
        product = Product(
            maker_id=maker.id or 0, code=f"P-{number}", title=f"Tapis {number}", language="fr"
        )
        session.add(product)
        session.flush()
        session.add(Variant(product_id=product.id or 0, sku=f"T-{number}", price_minor=85_000))
        sha256 = app.photos.add(photo(number))
        session.add(Photo(product_id=product.id or 0, name=f"{number}.png", sha256=sha256))
        session.flush()
        count(session, f"T-{number}", 3 + number, "first")


def count(session: Session, sku: str, quantity: int, reference: str) -> None:
    variant = session.exec(select(Variant).where(Variant.sku == sku)).one()
    move(
        session,
        variant,
        quantity,
        MovementKind.COUNT,
        source="count",
        reference=f"{sku} {reference}",
    )


def photo(number: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 800), (20 * number, 80, 120)).save(buffer, "PNG")
    return buffer.getvalue()
