"""What was sold: added up by channel, craft, maker, country, month or day, in the database.

A sale is an order that was paid and not cancelled: a cancelled order is no sale, and neither is
one that nobody has paid yet. What was given back does not undo a sale, it is told beside it, in
whole or in part: sold, refunded, and what is kept is the difference. Fees are what the
marketplace's books say. Dirhams are those of the rate of the day of the order; an order without
one adds nothing to them, and is counted as `unvalued`.

By channel, country, month and day the figures are those of whole orders, shipping and all. By
craft and maker, and of one maker always, they are of the order lines: units that were not
cancelled at their price. Marketplaces tell refunds and fees by order, so a line bears them by its
part of the order's total.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, case, func, literal, select
from sqlmodel import Session, col

from catalog.models import Maker, Product, Variant
from jobs.models import Channel, Order, OrderLine, OrderStage

NO_SALE = (OrderStage.NEW, OrderStage.CANCELLED)
# Exports are what leaves this country. Source: ISO 3166-1.
HOME = "MA"


class By(StrEnum):
    """What sales are told apart by."""

    CHANNEL = "channel"
    CRAFT = "craft"
    MAKER = "maker"
    COUNTRY = "country"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Period:
    """Orders placed from the day `first` to the day `last`, both included, of UTC."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Money:
    """Sums in minor units of `currency`."""

    currency: str
    sold_minor: int
    refunded_minor: int
    fees_minor: int

    @property
    def kept_minor(self) -> int:
        """What was sold, less what was given back."""
        return self.sold_minor - self.refunded_minor

    @property
    def refunded_share(self) -> float:
        """How much of what was sold was given back, from 0 to 1."""
        return self.refunded_minor / self.sold_minor if self.sold_minor else 0.0


@dataclass(frozen=True, slots=True)
class Sales:
    """What was sold under one `key`; '' where nobody knows it. `label` is its name.

    `currencies` are the same sums as the buyers paid them. `unvalued` orders are in no dirham.
    """

    key: str
    label: str
    orders: int
    units: int
    unvalued: int
    dirhams: Money
    currencies: tuple[Money, ...] = ()

    @property
    def is_valued(self) -> bool:
        """Whether the dirhams say anything: some order has a rate, or nothing was sold."""
        return not self.orders or self.unvalued < self.orders

    @property
    def basket_minor(self) -> int:
        """The average order in minor units of MAD, of those that have a rate."""
        valued = self.orders - self.unvalued
        return round(self.dirhams.sold_minor / valued) if valued else 0


@dataclass(frozen=True, slots=True)
class Question:
    """Which sales, by what. With `maker_id` one maker's own alone; `exports` leaves home out."""

    by: By
    period: Period
    maker_id: int | None = None
    exports: bool = False


def statistics(session: Session, asked: Question) -> list[Sales]:
    """The sales asked for: days and months in their order, all else by what it brought in.

    Channels for practice, those whose settings have `practice`, are left out.
    """
    rows = session.execute(_sums(_facts(session, asked), asked)).all()
    found = [_sales(key, list(parts)) for key, parts in groupby(rows, key=lambda row: row.key)]
    if asked.by in {By.MONTH, By.DAY}:
        return found
    return sorted(found, key=lambda one: (-one.dirhams.sold_minor, -one.orders, one.key))


def together(found: Sequence[Sales]) -> Sales:
    """The sum of sales whose orders are told apart; of lines, an order may count more than once."""
    sums: dict[str, Money] = {}
    for money in (one for sales in found for one in sales.currencies):
        sums[money.currency] = _plus(sums.get(money.currency), money)
    dirhams = _no_money()
    for sales in found:
        dirhams = _plus(dirhams, sales.dirhams)
    return Sales(
        key="",
        label="",
        orders=sum(one.orders for one in found),
        units=sum(one.units for one in found),
        unvalued=sum(one.unvalued for one in found),
        dirhams=dirhams,
        currencies=tuple(sums[currency] for currency in sorted(sums)),
    )


def none_sold(key: str) -> Sales:
    """Under that key nothing was sold."""
    return Sales(key, key, orders=0, units=0, unvalued=0, dirhams=_no_money())


def months_up_to(today: date, count: int) -> list[str]:
    """The last `count` months with that of `today` at the end, as By.MONTH names them."""
    last = today.year * 12 + today.month - 1
    return [f"{n // 12}-{n % 12 + 1:02}" for n in range(last - count + 1, last + 1)]


def last_months(today: date, count: int) -> Period:
    """From the first day of the earliest of so many months, up to `today`."""
    return Period(date.fromisoformat(f"{months_up_to(today, count)[0]}-01"), today)


def last_days(today: date, count: int) -> Period:
    """So many days, `today` the last of them."""
    return Period(today - timedelta(days=count - 1), today)


def _facts(session: Session, asked: Question) -> Subquery:
    """One row an order, or an order line: its key and its figures."""
    query = _lines(session, asked) if _is_by_line(asked) else _orders(session, asked)
    for condition in _conditions(session, asked):
        query = query.where(condition)
    return query.subquery()


def _is_by_line(asked: Question) -> bool:
    return asked.maker_id is not None or asked.by in {By.CRAFT, By.MAKER}


def _orders(session: Session, asked: Question) -> Select[Any]:
    line = col(OrderLine.quantity) - col(OrderLine.cancelled)
    of_order = select(func.sum(line)).where(col(OrderLine.order_id) == col(Order.id))
    units = of_order.correlate(Order).scalar_subquery()
    whole = col(Order.total_minor), col(Order.total_mad_minor)
    query = select(*_figures(session, asked.by, units, *whole, share=_all)).select_from(Order)
    return _named(query, asked.by)


def _lines(session: Session, asked: Question) -> Select[Any]:
    units = col(OrderLine.quantity) - col(OrderLine.cancelled)
    sold: Any = units * col(OrderLine.unit_price_minor)

    def share(whole: Any) -> ColumnElement[int]:
        return _part(whole, sold)

    sold_mad = share(col(Order.total_mad_minor))
    query = (
        select(*_figures(session, asked.by, units, sold, sold_mad, share=share))
        .select_from(Order)
        .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
        .outerjoin(Variant, col(Variant.id) == col(OrderLine.variant_id))
        .outerjoin(Product, col(Product.id) == col(Variant.product_id))
    )
    if asked.maker_id is not None:
        query = query.where(col(Product.maker_id) == asked.maker_id)
    return _named(query, asked.by)


def _named(query: Select[Any], by: By) -> Select[Any]:
    """With the table that has the key's name, which no other question joins."""
    match by:
        case By.CHANNEL:
            return query.join(Channel, col(Channel.id) == col(Order.channel_id))
        case By.MAKER:
            return query.outerjoin(Maker, col(Maker.id) == col(Product.maker_id))
    return query


def _figures(
    session: Session,
    by: By,
    units: Any,
    sold: Any,
    sold_mad: Any,
    *,
    share: Callable[[Any], ColumnElement[int]],
) -> Iterator[ColumnElement[Any]]:
    """The columns of a row: `sold` is its part of the order's total, in minor units.

    `share` is as much of a figure of the order as the row bears.
    """
    key, label = _key(session, by)
    refunded = share(col(Order.refunded_minor))
    fees = share(func.coalesce(Order.fees_minor, 0, type_=BigInteger))
    total_mad = col(Order.total_mad_minor)
    yield from (key.label("key"), label.label("label"), col(Order.currency).label("currency"))
    yield from (col(Order.id).label("order_id"), units.label("units"), sold.label("sold"))
    yield from (refunded.label("refunded"), fees.label("fees"))
    yield sold_mad.label("sold_mad")
    yield _part(total_mad, refunded).label("refunded_mad")
    yield _part(total_mad, fees).label("fees_mad")
    yield total_mad.is_(None).label("unvalued")


def _all(whole: Any) -> ColumnElement[int]:
    """`whole`, as `_part` has it of the order's own total."""
    return case((col(Order.total_minor) != 0, whole))


def _part(whole: Any, sold: Any) -> ColumnElement[int]:
    """So much of `whole` as `sold` is of the order's total, half a unit rounded up."""
    total = func.nullif(Order.total_minor, 0, type_=BigInteger)
    part: ColumnElement[int] = (2 * whole * sold + total) // (2 * total)
    return part


def _key(session: Session, by: By) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    match by:
        case By.MAKER:
            return func.coalesce(Maker.slug, ""), func.coalesce(Maker.name, "")
        case By.CHANNEL:
            key: Any = col(Channel.code)
        case By.CRAFT:
            key = func.coalesce(Product.craft, "")
        case By.COUNTRY:
            key = func.coalesce(Order.ship_to_country, "")
        case By.MONTH | By.DAY:
            key = _stamp(session, by)
    return key, key


def _stamp(session: Session, by: By) -> ColumnElement[str]:
    """The month or the day of an order, of UTC, as ISO 8601 writes it."""
    placed = col(Order.placed_at)
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime("%Y-%m" if by is By.MONTH else "%Y-%m-%d", placed)
    pattern = "YYYY-MM" if by is By.MONTH else "YYYY-MM-DD"
    return func.to_char(func.timezone("UTC", placed), pattern)


def _conditions(session: Session, asked: Question) -> Iterator[ColumnElement[bool]]:
    placed = col(Order.placed_at)
    yield placed >= datetime.combine(asked.period.first, time(), UTC)
    yield placed < datetime.combine(asked.period.last + timedelta(days=1), time(), UTC)
    yield col(Order.stage).not_in(NO_SALE)
    if practice := for_practice(session):
        yield col(Order.channel_id).not_in(practice)
    if asked.exports:
        yield col(Order.ship_to_country) != HOME


def for_practice(session: Session) -> list[int]:
    """The ids of the channels for practice, whose sales are in no figure."""
    settings = session.execute(select(col(Channel.id), col(Channel.settings)))
    return [channel_id for channel_id, told in settings if "practice" in told]


def _sums(facts: Subquery, asked: Question) -> Select[Any]:
    of = facts.c
    # Of whole orders each has one row: nothing is to be told apart.
    order = func.count(func.distinct(of.order_id)) if _is_by_line(asked) else func.count()
    label = func.min(of.label) if asked.by is By.MAKER else of.key
    names = ("units", "sold", "refunded", "fees", "sold_mad", "refunded_mad", "fees_mad")
    return (
        select(
            of.key,
            label.label("label"),
            func.coalesce(of.currency, literal("")).label("currency"),
            order.label("orders"),
            order.filter(of.unvalued).label("unvalued"),
            *(func.coalesce(func.sum(of[name]), 0).label(name) for name in names),
        )
        .group_by(of.key, of.currency)
        .order_by(of.key, of.currency)
    )


def _sales(key: str, parts: Sequence[Any]) -> Sales:
    """The sums of one key, which come currency by currency."""
    dirhams = _no_money()
    for part in parts:
        in_mad = (part.sold_mad, part.refunded_mad, part.fees_mad)
        dirhams = _plus(dirhams, Money(dirhams.currency, *map(int, in_mad)))
    return Sales(
        key=key,
        label=parts[0].label,
        orders=sum(part.orders for part in parts),
        units=sum(int(part.units) for part in parts),
        unvalued=sum(part.unvalued for part in parts),
        dirhams=dirhams,
        currencies=tuple(
            Money(part.currency, *map(int, (part.sold, part.refunded, part.fees))) for part in parts
        ),
    )


def _no_money() -> Money:
    return Money("MAD", 0, 0, 0)


def _plus(one: Money | None, other: Money) -> Money:
    if one is None:
        return other
    return Money(
        other.currency,
        one.sold_minor + other.sold_minor,
        one.refunded_minor + other.refunded_minor,
        one.fees_minor + other.fees_minor,
    )
