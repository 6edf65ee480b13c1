"""What was sold: charts and tables, and the same as files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import urlencode

from starlette.responses import Response

from catalog.vocabulary.crafts import CRAFTS
from jobs.statistics import (
    By,
    Period,
    Question,
    Sales,
    last_months,
    months_up_to,
    none_sold,
    statistics,
    together,
)
from trade_ma.console.languages import marked
from trade_ma.console.sales_charts import month_named, rates_link, sales_chart
from trade_ma.console.tables import Column, Query, Table
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
WAYS: Mapping[By, str] = {
    By.CHANNEL: marked("Channel"),
    By.CRAFT: marked("Craft"),
    By.MAKER: marked("Maker"),
    By.COUNTRY: marked("Country"),
    By.MONTH: marked("Month"),
}
# A maker's own share is of one maker.
OF_A_MAKER = (By.CRAFT, By.CHANNEL, By.COUNTRY, By.MONTH)
MONTHS = (3, 12, 24)
USUAL = 12


@router.get("/statistics")
def sales(
    visit: Annotated[Visit, allowed(Permission.STATISTICS_READ)],
    by: str = "",
    months: str = "",
) -> Response:
    """Sales told apart, by the month as a chart, and all together."""
    maker_id = visit.principal.maker_id
    ways = tuple(WAYS) if maker_id is None else OF_A_MAKER
    way = By(by) if by in ways else ways[0]
    count = int(months) if months in map(str, MONTHS) else USUAL
    today = datetime.now(UTC).date()
    asked = Question(way, last_months(today, count), maker_id)
    found = statistics(visit.session, asked)
    by_month = statistics(visit.session, replace(asked, by=By.MONTH))
    return visit.page(
        "statistics/sales.html",
        total=together(by_month),
        chart=sales_chart(
            visit,
            visit.say("By month"),
            _every_month(today, count, by_month),
            lambda one: named(visit, By.MONTH, one),
        ),
        table=_table(visit, way, found),
        ways=[(one.value, visit.say(WAYS[one])) for one in ways],
        months=[(str(n), visit.counted("%(count)s month", "%(count)s months", n)) for n in MONTHS],
        asked={"by": way.value, "months": str(count)},
        export=_export(asked.by, asked.period),
        own=maker_id is not None,
        rates_link=rates_link(visit),
    )


def _every_month(today: date, count: int, found: Sequence[Sales]) -> list[Sales]:
    known = {one.key: one for one in found}
    return [known.get(month, none_sold(month)) for month in months_up_to(today, count)]


def named(visit: Visit, by: By, one: Sales) -> str:
    """What sales are called by their reader."""
    locale = visit.language.locale
    if not one.key:
        return visit.say("Not known")
    match by:
        case By.MONTH:
            return month_named(visit, one)
        case By.COUNTRY:
            return str(locale.territories.get(one.key, one.key))
        case By.CRAFT if one.key in CRAFTS:
            return CRAFTS[one.key].name(visit.language.code)
        case _:
            return one.label


def _table(visit: Visit, by: By, found: Sequence[Sales]) -> Table:
    return Table(
        caption=visit.say("By %(way)s", way=visit.say(WAYS[by])),
        columns=(
            Column("name", visit.say(WAYS[by])),
            Column("orders", visit.say("Orders"), is_number=True),
            Column("units", visit.say("Pieces"), is_number=True),
            Column("sold", visit.say("Sold"), is_number=True),
            Column("refunded", visit.say("Given back"), is_number=True),
            Column("fees", visit.say("Fees"), is_number=True),
            Column("basket", visit.say("Average order"), is_number=True),
            Column("paid", visit.say("As it was paid"), is_number=True),
        ),
        rows=[{"one": one, "name": named(visit, by, one)} for one in found],
        query=Query("/statistics", {"by": by.value}),
    )


def _export(by: By, period: Period) -> str:
    said = {"by": by.value, "first": period.first, "last": period.last}
    return f"/api/v1/statistics/export?{urlencode(said)}"
