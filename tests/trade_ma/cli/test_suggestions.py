"""trade-ma suggestions, as its user types it."""

from sqlmodel import select

from catalog.models import Product
from tests.trade_ma.conftest import Practice

WOOL = {
    "field": "materials",
    "value": "wool",
    "evidence": "laine",
    "where": "title",
    "start": 6,
    "differs": False,
}


def retitle(bare: Practice, code: str, title: str) -> None:
    with bare.app.session() as session:
        product = session.exec(select(Product).where(Product.code == code)).one()
        product.title, product.craft = title, "rug"
        session.commit()


def stored(bare: Practice, code: str) -> tuple[list[str], int]:
    with bare.app.session() as session:
        product = session.exec(select(Product).where(Product.code == code)).one()
        return product.materials, product.revision


def test_suggestions_are_listed_with_their_words(bare: Practice) -> None:
    retitle(bare, "P-3", "Tapis laine")
    assert bare.json("suggestions", "list", "P-3") == {
        "products": [
            {"code": "P-3", "skus": ["T-3"], "title": "Tapis laine", "suggestions": [WOOL]}
        ]
    }
    printed = bare.run("suggestions", "list", "T-3").stdout
    assert "Tapis laine" in printed
    assert "Products with suggestions: 1" in printed


def test_accepted_suggestions_are_in_the_catalog(bare: Practice) -> None:
    retitle(bare, "P-3", "Tapis laine")
    before = stored(bare, "P-3")
    rehearsed = bare.json("suggestions", "accept", "P-3", "--dry-run")
    assert [one["suggestions"] for one in rehearsed["products"]] == [[WOOL]]
    assert stored(bare, "P-3") == before
    assert "Products changed: 1" in bare.run("suggestions", "accept", "P-3").stdout
    assert stored(bare, "P-3") == (["wool"], before[1] + 1)
    assert bare.json("suggestions", "accept", "P-3")["products"] == []
    assert stored(bare, "P-3") == (["wool"], before[1] + 1)


def test_a_mistake_is_told_in_words(bare: Practice) -> None:
    assert "name products" in bare.run("suggestions", "accept", code=2).stderr
    unknown = bare.run("suggestions", "accept", "--all", "--field", "wings", code=2)
    assert "no field is called wings" in unknown.stderr
    assert "no product or SKU X-1" in bare.run("suggestions", "list", "X-1", code=2).stderr
