"""The completeness that lists filter by follows what moves on."""

from sqlmodel import Session, select

from catalog.models import MovementKind, Product, Variant
from catalog.revisions import revise
from catalog.stock import move
from jobs.scoring import judged, rescore_stale
from tests.jobs.conftest import Atelier


def kept(atelier: Atelier) -> dict[str, int]:
    with atelier.session() as session:
        return {one.code: one.completeness for one in session.exec(select(Product))}


def rescored(atelier: Atelier) -> int:
    return rescore_stale(atelier.session)


def ids(session: Session) -> dict[str, int]:
    return {one.code: one.id or 0 for one in session.exec(select(Product))}


def test_products_are_judged_again_when_words_or_stock_moved_on_and_no_others(
    atelier: Atelier,
) -> None:
    atelier.product("A", stock=0)
    atelier.product("B", stock=0)
    assert (rescored(atelier), rescored(atelier)) == (2, 0)
    before = kept(atelier)
    with atelier.session() as session:
        product = session.exec(select(Product).where(Product.code == "A")).one()
        product.region = "Azilal"
        revise(session, [product.id or 0])
        variant = session.exec(select(Variant).where(Variant.sku == "B")).one()
        move(session, variant, 3, MovementKind.COUNT, source="test", reference="1")
        session.commit()
    assert rescored(atelier) == 2
    assert kept(atelier) == {"A": before["A"] + 4, "B": before["B"] + 3}
    with atelier.session() as session:
        found = judged(session, list(ids(session).values()))
        assert {code: found[id_].score for code, id_ in ids(session).items()} == kept(atelier)


def test_units_to_sell_are_kept_with_their_movements(atelier: Atelier) -> None:
    atelier.product("A", stock=5)
    with atelier.session() as session:
        variant = session.exec(select(Variant).where(Variant.sku == "A")).one()
        for _ in range(2):
            move(session, variant, -2, MovementKind.SALE, source="order", reference="1")
        move(session, variant, -2, MovementKind.SHIPMENT, source="order", reference="2")
        session.commit()
        assert session.exec(select(Product.available)).all() == [3]
