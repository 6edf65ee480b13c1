"""trade-ma stock, conflicts and products, as a catalog manager uses them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from catalog.models import MovementKind, Product, Variant
from catalog.stock import move
from connectors.protocol import OrderStatus
from jobs.conflicts import look
from jobs.models import Channel, Order, OrderLine, OrderStage
from tests.trade_ma.conftest import Practice

DAWN = datetime(2026, 11, 23, 6, tzinfo=UTC)


def sell(session: Session, number: str, units: int, hours: int) -> None:
    """An order of T-0 as a pull brings it in, placed so many hours after dawn."""
    channel = session.exec(select(Channel)).one()
    variant = session.exec(select(Variant).where(Variant.sku == "T-0")).one()
    order = Order(
        channel_id=channel.id or 0,
        remote_id=number,
        number=f"#{number}",
        status=OrderStatus.PAID,
        stage=OrderStage.TO_SHIP,
        placed_at=DAWN + timedelta(hours=hours),
        updated_at=DAWN + timedelta(hours=hours),
    )
    session.add(order)
    session.flush()
    line = OrderLine(
        order_id=order.id or 0,
        remote_id="1",
        variant_id=variant.id,
        sku="T-0",
        quantity=units,
        unit_price_minor=850_00,
    )
    session.add(line)
    session.flush()
    source = f"order:{channel.code}:{number}"
    sale = MovementKind.SALE
    move(session, variant, -units, sale, source=source, reference=f"1:sale:{units}")


@pytest.fixture
def sold_out(practice: Practice) -> Practice:
    """Three pieces of T-0, five sold."""
    with practice.app.session() as session:
        sell(session, "1001", units=3, hours=1)
        sell(session, "1002", units=2, hours=2)
        look(session, [v.id or 0 for v in session.exec(select(Variant))], DAWN)
        session.commit()
    return practice


def test_levels_and_movements_are_shown(sold_out: Practice) -> None:
    assert sold_out.json("stock", "show", "T-0") == {
        "sku": "T-0",
        "on_hand": 3,
        "reserved": 5,
        "available": 0,
        "oversold": 2,
    }
    printed = sold_out.run("stock", "show", "T-0").stdout
    assert printed == "T-0: 3 on hand, 5 reserved, 0 available, 2 oversold\n"
    told = sold_out.json("stock", "history", "T-0", "--limit=2")
    assert [(one["quantity"], one["source"], one["reference"]) for one in told] == [
        (-2, "order:shopify-us:1002", "1:sale:2"),
        (-3, "order:shopify-us:1001", "1:sale:3"),
    ]
    assert "order:shopify-us:1002" in sold_out.run("stock", "history", "T-0").stdout


@pytest.mark.parametrize("words", [("show", "NONE"), ("history", "NONE"), ("count", "NONE", "3")])
def test_an_unknown_sku_is_told_in_words(bare: Practice, words: tuple[str, ...]) -> None:
    assert "there is no SKU 'NONE'" in bare.run("stock", *words, code=2).stderr


def test_a_stock_taking_counts_what_is_sold_and_has_not_left(sold_out: Practice) -> None:
    sold_out.run("stock", "count", "T-0", "7", "--dry-run")
    assert sold_out.json("stock", "show", "T-0")["on_hand"] == 3
    assert sold_out.json("stock", "count", "T-0", "7")["after"] == {
        "on_hand": 7,
        "reserved": 5,
        "available": 2,
        "oversold": 0,
    }
    # The pieces that were found are for the orders that wanted them.
    assert sold_out.json("conflicts", "list") == []
    told = sold_out.run("stock", "count", "T-0", "1").stdout
    assert "You counted 1, and 5 are sold and not shipped yet" in told
    assert sold_out.json("stock", "show", "T-0")["available"] == 0


def test_a_repair_shows_what_differs_writes_it_and_then_finds_nothing(sold_out: Practice) -> None:
    assert sold_out.run("stock", "repair", "--dry-run").stdout == "Nothing differs\n"
    with sold_out.app.session() as session:
        order = session.exec(select(Order).where(Order.remote_id == "1001")).one()
        line = session.exec(select(OrderLine).where(OrderLine.order_id == order.id)).one()
        line.cancelled = 2
        session.commit()
    told = sold_out.json("stock", "repair", "--dry-run", code=1)
    words = "T-0, order:shopify-us:1001 line 1: the order says 1 sold, and the ledger 3 sold"
    assert ([one["message"] for one in told["differences"]], told["written"]) == ([words], False)
    assert sold_out.run("stock", "repair").stdout == f"{words}\nRepaired: 1\n"
    assert sold_out.json("stock", "repair", "--dry-run") == {"differences": [], "written": False}
    assert sold_out.json("stock", "show", "T-0")["available"] == 0
    assert sold_out.json("conflicts", "list") == []


def test_a_conflict_is_listed_with_its_answer_and_kept_by_a_person(sold_out: Practice) -> None:
    [one] = sold_out.json("conflicts", "list")
    assert (one["order"], one["units"], one["market"]) == ("#1002", 2, "Shopify")
    assert one["answer"] in sold_out.run("conflicts", "list").stdout
    sold_out.run("conflicts", "keep", "1", "--by=Amina", "--dry-run")
    assert len(sold_out.json("conflicts", "list")) == 1
    sold_out.run("conflicts", "keep", "1", "--by=Amina")
    assert sold_out.run("conflicts", "list").stdout == "No unit is sold twice\n"
    assert "kept by Amina" in sold_out.run("conflicts", "list", "--all").stdout
    told = sold_out.run("conflicts", "keep", "1", "--by=Amina", code=2).stderr
    assert "settled already" in told


def test_a_product_is_exclusive_to_a_channel_and_free_again(practice: Practice) -> None:
    def exclusive_to() -> str | None:
        with practice.app.session() as session:
            return session.exec(select(Product.exclusive_to).where(Product.code == "P-0")).one()

    practice.run("products", "exclusive", "P-0", "shopify-us", "--dry-run")
    assert exclusive_to() is None
    practice.run("products", "exclusive", "P-0", "shopify-us")
    assert exclusive_to() == "shopify-us"
    told = practice.json("products", "exclusive", "P-0", "--clear")
    assert told == {"code": "P-0", "exclusive_to": None, "changed": True}
    assert exclusive_to() is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("P-0",), "name the one channel"),
        (("P-0", "shopify-us", "--clear"), "name the one channel"),
        (("P-0", "moon"), "moon"),
        (("NONE", "shopify-us"), "no product 'NONE'"),
    ],
)
def test_what_cannot_be_exclusive_is_told(
    practice: Practice, words: tuple[str, ...], told: str
) -> None:
    assert told in practice.run("products", "exclusive", *words, code=2).stderr
