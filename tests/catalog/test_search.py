"""Words are found however they are typed, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from catalog.models import Maker, Product, Variant
from catalog.revisions import refresh
from catalog.search import indexed, matches

TITLES = {
    "rug": "Tapis Beni Ouaraïn écru",
    "tray": "صينية نحاسية منقوشة",
    "lamp": "Lampe d'Essaouira en laiton",
}


@pytest.fixture
def stocked(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        _fill(session)
        yield session


def _fill(session: Session) -> None:
    maker = Maker(slug="azilal", name="Azilal")
    session.add(maker)
    session.flush()
    for code, title in TITLES.items():
        product = Product(maker_id=maker.id or 0, code=f"{code}-1234567", title=title)
        session.add(product)
        session.flush()
        session.add(Variant(product_id=product.id or 0, sku=f"SKU.{code}", price_minor=100))
    ids = [id_ for id_ in session.exec(select(Product.id)) if id_]
    refresh(session, ids)


def found(session: Session, words: str, maker_id: int | None = None) -> list[str]:
    match = matches(session, words, maker_id)
    assert match is not None
    query = select(Product.code).join(match.table, match.key == Product.id)
    return [code.partition("-")[0] for code in session.exec(query.where(match.condition))]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("TAPIS", ["rug"]),
        ("ecru ouarain", ["rug"]),
        ("ouara", ["rug"]),
        ("ouarai", ["rug"]),
        ("ouarait", []),
        ("essaou", ["lamp"]),
        ("نحاسيه", ["tray"]),
        ("صينيه منقوشة", ["tray"]),
        ("rug-12345", ["rug"]),
        ("sku.lamp", ["lamp"]),
        ("tapis laiton", []),
        ("l", []),
        ("laiton 100%_", []),
        ('"tapis" OR * \\ \'', []),
    ],
)
def test_words_are_found_by_their_beginnings_in_any_spelling(
    stocked: Session, words: str, codes: list[str]
) -> None:
    assert found(stocked, words) == codes


def test_a_search_among_one_makers_products_finds_no_others(stocked: Session) -> None:
    [maker_id] = stocked.exec(select(Maker.id)).all()
    assert maker_id is not None
    assert found(stocked, "tapis", maker_id) == ["rug"]
    assert found(stocked, "tapis", maker_id + 1) == []


def test_a_product_is_found_by_the_words_that_it_has_now(stocked: Session) -> None:
    rug = stocked.exec(select(Product).where(Product.title == TITLES["rug"])).one()
    rug.title = "Kilim"
    refresh(stocked, [rug.id or 0])
    assert (found(stocked, "tapis"), found(stocked, "kilim")) == ([], ["rug"])


def test_what_says_no_word_searches_nothing(session: Session) -> None:
    assert matches(session, " -,. ") is None


def test_each_word_is_kept_with_its_beginnings_once() -> None:
    assert indexed(["Tapis tapissé", "d'or"]) == " ta tap tapi tapis tapisse d or "
