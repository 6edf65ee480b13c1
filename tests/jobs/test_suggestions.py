"""Suggestions over a catalog, and what accepting them changes."""

import pytest
from sqlmodel import Session, col, select

from catalog.models import Maker, Product, Variant
from jobs.suggestions import accept, suggested


def add(session: Session, code: str, title: str, maker: str = "tifawin", **fields: object) -> None:
    owner = session.exec(select(Maker).where(col(Maker.slug) == maker)).first()
    owner = owner or Maker(slug=maker, name=maker)
    session.add(owner)
    session.flush()
    product = Product(maker_id=owner.id or 0, code=code, title=title)
    for name, value in fields.items():
        setattr(product, name, value)
    session.add(product)
    session.flush()
    session.add(Variant(product_id=product.id or 0, sku=f"{code}-S", price_minor=100))
    session.flush()


@pytest.fixture
def catalog(session: Session) -> Session:
    """Two rugs of which the title says more, and a thing of which it does not."""
    add(session, "A", "Tapis Azilal laine 200x300")
    add(session, "B", "Babouches en laine", "atlas", materials=["béton"], craft="babouches")
    add(session, "C", "Objet")
    session.commit()
    return session


def codes(session: Session, *named: str, maker: str | None = None) -> list[str]:
    return [one.product.code for one in suggested(session, named, maker)]


def test_products_are_named_by_code_or_sku_or_maker(catalog: Session) -> None:
    assert codes(catalog) == ["A", "B"]
    assert codes(catalog, "A-S", "C") == ["A"]
    assert codes(catalog, maker="atlas") == ["B"]


def test_who_is_not_there_is_told(catalog: Session) -> None:
    with pytest.raises(LookupError, match="no product or SKU X, Y"):
        codes(catalog, "A", "Y", "X")
    with pytest.raises(LookupError, match="no maker nobody"):
        codes(catalog, maker="nobody")


def test_accepting_writes_the_fields_and_revises_once(catalog: Session) -> None:
    [one] = suggested(catalog, ["A"])
    assert len(accept(one)) == 5
    catalog.commit()
    product = catalog.exec(select(Product).where(Product.code == "A")).one()
    variant = catalog.exec(select(Variant).where(Variant.sku == "A-S")).one()
    assert (product.craft, product.region, product.materials, product.revision) == (
        *("rug-azilal", "Azilal", ["wool"], 2),
    )
    assert (variant.length_cm, variant.width_cm) == (300, 200)
    assert codes(catalog, "A") == []


def test_what_differs_waits_until_its_field_is_named(catalog: Session) -> None:
    [one] = suggested(catalog, ["B"])
    assert accept(one) == ()
    assert one.product.revision == 1
    assert [taken.value for taken in accept(one, ["materials"])] == ["wool"]
    assert (one.product.materials, one.product.revision) == (["béton", "wool"], 2)


def test_only_the_named_field_is_written(catalog: Session) -> None:
    [one] = suggested(catalog, ["A"])
    assert [taken.field for taken in accept(one, ["craft"])] == ["craft"]
    assert (one.product.craft, one.product.region, one.product.materials) == (
        *("rug-azilal", None, []),
    )
