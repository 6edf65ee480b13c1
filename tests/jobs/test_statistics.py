"""What was sold, told apart in every way, on both kinds of database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from catalog.models import Maker, Product, Variant
from jobs.models import Channel, Order, OrderLine, OrderStage
from jobs.statistics import By, Money, Period, Question, Sales, last_months, statistics, together

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 30))


@pytest.fixture
def books(engine: Engine) -> Iterator[Session]:
    """Two makers, two markets and one for practice, and an order in every state."""
    with Session(engine) as session:
        for slug, craft in (("tifawin", "rug"), ("atlas", "pottery")):
            maker = Maker(slug=slug, name=slug.title())
            session.add(maker)
            session.flush()
            product = Product(maker_id=maker.id or 0, code=slug, title=slug, craft=craft)
            session.add(product)
            session.flush()
            session.add(Variant(product_id=product.id or 0, sku=slug, price_minor=100_00))
        for code, currency, settings in (
            ("etsy", "USD", {}),
            ("amazon-de", "EUR", {}),
            ("trial", "USD", {"practice": "yes"}),
        ):
            session.add(
                Channel(
                    code=code,
                    marketplace=code,
                    site="world",
                    account=code,
                    currency=currency,
                    settings=settings,
                )
            )
        session.flush()
        # A rug of 100 and two bowls of 50 for 210 with the parcel, 21 of them given back.
        order(
            session,
            "etsy",
            {"tifawin": (1, 100_00), "atlas": (2, 50_00)},
            total_minor=210_00,
            total_mad_minor=2100_00,
            refunded_minor=21_00,
            fees_minor=10_50,
            ship_to_country="US",
        )
        order(
            session,
            "amazon-de",
            {"tifawin": (2, 100_00)},
            cancelled=1,
            total_minor=100_00,
            total_mad_minor=1080_00,
            ship_to_country="DE",
            placed_at=NOON - timedelta(days=30),
        )
        # No rate was known, and a line is of nobody here.
        order(session, "etsy", {"?": (1, 30_00)}, total_minor=30_00, ship_to_country="MA")
        none = {"total_minor": 999_00, "total_mad_minor": 999_00}
        order(session, "etsy", {"atlas": (1, 999_00)}, stage=OrderStage.CANCELLED, **none)
        order(session, "etsy", {"atlas": (1, 999_00)}, stage=OrderStage.NEW, **none)
        order(session, "etsy", {"atlas": (1, 999_00)}, stage=None, **none)
        order(session, "trial", {"atlas": (1, 999_00)}, **none)
        too_old = NOON - timedelta(days=100)
        order(session, "etsy", {"atlas": (1, 999_00)}, placed_at=too_old, **none)
        session.flush()
        yield session


def order(
    session: Session,
    channel: str,
    lines: dict[str, tuple[int, int]],
    *,
    cancelled: int = 0,
    **facts: Any,
) -> None:
    sold_on = session.exec(select(Channel).where(Channel.code == channel)).one()
    number = len(session.exec(select(Order)).all())
    told = {"stage": OrderStage.SHIPPED, "placed_at": NOON, "currency": sold_on.currency, **facts}
    row = Order(channel_id=sold_on.id or 0, remote_id=f"O{number}", updated_at=NOON, **told)
    session.add(row)
    session.flush()
    for sku, (quantity, price) in lines.items():
        variant = session.exec(select(Variant).where(Variant.sku == sku)).first()
        session.add(
            OrderLine(
                order_id=row.id or 0,
                remote_id=sku,
                sku=sku,
                variant_id=variant.id if variant else None,
                quantity=quantity,
                cancelled=cancelled,
                unit_price_minor=price,
            )
        )
    session.flush()


def test_by_channel_whole_orders_are_added_up(books: Session) -> None:
    assert statistics(books, Question(By.CHANNEL, AUTUMN)) == [
        Sales(
            "etsy",
            "etsy",
            orders=2,
            units=4,
            unvalued=1,
            dirhams=Money("MAD", 2100_00, 210_00, 105_00),
            currencies=(Money("USD", 240_00, 21_00, 10_50),),
        ),
        Sales(
            "amazon-de",
            "amazon-de",
            orders=1,
            units=1,
            unvalued=0,
            dirhams=Money("MAD", 1080_00, 0, 0),
            currencies=(Money("EUR", 100_00, 0, 0),),
        ),
    ]


def test_by_maker_lines_bear_refunds_and_fees_by_their_part(books: Session) -> None:
    assert statistics(books, Question(By.MAKER, AUTUMN)) == [
        Sales(
            "tifawin",
            "Tifawin",
            orders=2,
            units=2,
            unvalued=0,
            dirhams=Money("MAD", 2080_00, 100_00, 50_00),
            currencies=(Money("EUR", 100_00, 0, 0), Money("USD", 100_00, 10_00, 5_00)),
        ),
        Sales(
            "atlas",
            "Atlas",
            orders=1,
            units=2,
            unvalued=0,
            dirhams=Money("MAD", 1000_00, 100_00, 50_00),
            currencies=(Money("USD", 100_00, 10_00, 5_00),),
        ),
        Sales(
            "",
            "",
            orders=1,
            units=1,
            unvalued=1,
            dirhams=Money("MAD", 0, 0, 0),
            currencies=(Money("USD", 30_00, 0, 0),),
        ),
    ]


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (By.CRAFT, [("rug", 2, 2080_00), ("pottery", 1, 1000_00), ("", 1, 0)]),
        (By.COUNTRY, [("US", 1, 2100_00), ("DE", 1, 1080_00), ("MA", 1, 0)]),
        (By.MONTH, [("2026-10", 1, 1080_00), ("2026-11", 2, 2100_00)]),
        (By.DAY, [("2026-10-24", 1, 1080_00), ("2026-11-23", 2, 2100_00)]),
    ],
)
def test_sales_are_told_apart_in_every_way(
    books: Session, by: By, told: list[tuple[str, int, int]]
) -> None:
    found = statistics(books, Question(by, AUTUMN))
    assert [(one.key, one.orders, one.dirhams.sold_minor) for one in found] == told


def test_a_maker_sees_their_own_lines_alone(books: Session) -> None:
    maker = books.exec(select(Maker).where(Maker.slug == "atlas")).one()
    for by in By:
        found = statistics(books, Question(by, AUTUMN, maker_id=maker.id))
        assert [(one.orders, one.units, one.dirhams.sold_minor) for one in found] == [
            (1, 2, 1000_00)
        ]


def test_exports_leave_home_out(books: Session) -> None:
    found = statistics(books, Question(By.COUNTRY, AUTUMN, exports=True))
    assert [one.key for one in found] == ["US", "DE"]


def test_all_together(books: Session) -> None:
    total = together(statistics(books, Question(By.CHANNEL, AUTUMN)))
    assert total == Sales(
        "",
        "",
        orders=3,
        units=5,
        unvalued=1,
        dirhams=Money("MAD", 3180_00, 210_00, 105_00),
        currencies=(Money("EUR", 100_00, 0, 0), Money("USD", 240_00, 21_00, 10_50)),
    )
    assert (total.basket_minor, total.dirhams.kept_minor) == (1590_00, 2970_00)


def test_the_last_months_begin_on_a_first_day() -> None:
    assert last_months(date(2026, 2, 14), 12) == Period(date(2025, 3, 1), date(2026, 2, 14))
