"""What was sold, in dirhams and in the buyers' money."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from catalog.money import money_from_minor
from jobs.statistics import By, Money, Period, Question, Sales, last_months, statistics
from trade_ma.api.access import DbSession, require
from trade_ma.api.amounts import Amount
from trade_ma.api.exports import FILES, Format, exported
from trade_ma.api.problems import invalid
from trade_ma.api.subject import Day, subject
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal

router = subject("statistics")
# Months that are shown where nobody says which days.
MONTHS = 12


class SumsShown(BaseModel):
    """Sums in one currency; `kept` is what was sold less what was given back."""

    sold: Amount
    refunded: Amount
    kept: Amount
    fees: Amount
    refunded_share: float = Field(examples=[0.04])


class SalesShown(BaseModel):
    """What was sold under one key; the key is empty where nobody knows it."""

    key: str
    label: str
    orders: int
    units: int
    unvalued: int = Field(description="Orders without a rate of their day: in no dirham.")
    average_basket: Amount
    dirhams: SumsShown
    currencies: list[SumsShown]


class Statistics(BaseModel):
    """Sales told apart, of the days from `first` to `last`."""

    by: By
    first: date
    last: date
    items: list[SalesShown]


def question(
    principal: Annotated[Principal, require(Permission.STATISTICS_READ)],
    by: By = By.CHANNEL,
    first: Annotated[Day | None, Query(description="The first day, of UTC.")] = None,
    last: Annotated[Day | None, Query(description="The last day; today without.")] = None,
    exports: Annotated[bool, Query(description="Only what left Morocco.")] = False,
) -> Question:
    """The question of a request; a maker asks of their own share alone."""
    today = datetime.now(UTC).date()
    usual = last_months(last or today, MONTHS)
    period = Period(first or usual.first, last or usual.last)
    if period.first > period.last:
        raise invalid("query.first", "the first day is after the last")
    return Question(by, period, principal.maker_id, exports)


Asked = Annotated[Question, Depends(question)]


@router.get("", summary="What was sold")
def read_statistics(asked: Asked, session: DbSession) -> Statistics:
    """Sales by channel, craft, maker, country, month or day.

    A sale is an order that was paid and not cancelled. By craft and maker, and for a maker always,
    the sums are of order lines.
    """
    return Statistics(
        by=asked.by,
        first=asked.period.first,
        last=asked.period.last,
        items=[shown(one) for one in statistics(session, asked)],
    )


def shown(one: Sales) -> SalesShown:
    """Sales as they are told."""
    return SalesShown(
        key=one.key,
        label=one.label,
        orders=one.orders,
        units=one.units,
        unvalued=one.unvalued,
        average_basket=_amount(one.basket_minor, one.dirhams.currency),
        dirhams=_sums(one.dirhams),
        currencies=[_sums(money) for money in one.currencies if money.currency],
    )


def _sums(money: Money) -> SumsShown:
    return SumsShown(
        sold=_amount(money.sold_minor, money.currency),
        refunded=_amount(money.refunded_minor, money.currency),
        kept=_amount(money.kept_minor, money.currency),
        fees=_amount(money.fees_minor, money.currency),
        refunded_share=round(money.refunded_share, 4),
    )


def _amount(minor: int, currency: str) -> Amount:
    return Amount(amount=str(money_from_minor(minor, currency).amount), currency=currency)


def _dirhams(minor: int) -> Any:
    return money_from_minor(minor, "MAD").amount


COLUMNS: Mapping[str, Callable[[Sales], Any]] = {
    "key": lambda one: one.key,
    "label": lambda one: one.label,
    "orders": lambda one: one.orders,
    "units": lambda one: one.units,
    "sold_mad": lambda one: _dirhams(one.dirhams.sold_minor),
    "refunded_mad": lambda one: _dirhams(one.dirhams.refunded_minor),
    "fees_mad": lambda one: _dirhams(one.dirhams.fees_minor),
    "kept_mad": lambda one: _dirhams(one.dirhams.kept_minor),
    "average_basket_mad": lambda one: _dirhams(one.basket_minor),
    "refunded_share": lambda one: round(one.dirhams.refunded_share, 4),
    "without_rate": lambda one: one.unvalued,
    "as_paid": lambda one: "; ".join(
        f"{money_from_minor(money.sold_minor, money.currency).amount} {money.currency}"
        for money in one.currencies
        if money.currency
    ),
}


@router.get(
    "/export", summary="The same as a file", response_class=StreamingResponse, responses=FILES
)
def export_statistics(
    asked: Asked,
    session: DbSession,
    form: Annotated[Format, Query(alias="format")] = Format.CSV,
) -> StreamingResponse:
    """The same sums as a file."""
    # They are few: read before the session is closed.
    return exported(statistics(session, asked), COLUMNS, form, f"sales-by-{asked.by}")
