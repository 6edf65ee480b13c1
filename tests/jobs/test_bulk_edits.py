"""Many products changed at once: all that changes is told, for each."""

from decimal import Decimal

from sqlmodel import select

from catalog.models import Product
from jobs.bulk_edits import Altered, Effect, bulk_edit
from jobs.editing import BulkEdit
from tests.jobs.conftest import Atelier


def told(effects: list[Effect]) -> dict[str, tuple[Altered, ...]]:
    return {one.product.code: one.altered for one in effects}


def test_what_changes_is_told_for_each(atelier: Atelier) -> None:
    atelier.product("A", price=100_00)
    atelier.product("B", price=50_00)
    atelier.edit("B", tags=["wool"])
    edit = BulkEdit(price_percent=Decimal(10), add_tags=["wool"])
    with atelier.session() as session:
        ids = [one.id or 0 for one in session.exec(select(Product))]
        effects = told(bulk_edit(session, ids, None, edit))
    assert effects == {
        "A": (Altered("tags", [], ["wool"]), Altered("A", "100.00 MAD", "110.00 MAD")),
        "B": (Altered("B", "50.00 MAD", "55.00 MAD"),),
    }


def test_what_was_changed_alone_counts_as_a_change(atelier: Atelier) -> None:
    atelier.product("A")
    atelier.product("B")
    atelier.edit("B", withdrawn=True)
    with atelier.session() as session:
        products = {one.code: one for one in session.exec(select(Product))}
        before = {code: one.revision for code, one in products.items()}
        ids = [one.id or 0 for one in products.values()]
        bulk_edit(session, ids, None, BulkEdit(withdrawn=True))
        session.expire_all()
        moved = {code: one.revision - before[code] for code, one in products.items()}
    assert moved == {"A": 1, "B": 0}


def test_a_price_that_would_be_nothing_is_refused_in_words(atelier: Atelier) -> None:
    atelier.product("A", price=100_00)
    with atelier.session() as session:
        [effect] = bulk_edit(session, [1], None, BulkEdit(price_amount=Decimal(-100)))
    assert (effect.altered, "price of A" in str(effect.refused)) == ((), True)


def test_another_makers_products_are_left_alone(atelier: Atelier) -> None:
    atelier.product("A")
    with atelier.session() as session:
        assert bulk_edit(session, [1], 2, BulkEdit(withdrawn=True)) == []
