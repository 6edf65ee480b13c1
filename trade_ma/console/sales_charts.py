"""Sales as charts: the same figures as the tables beside them."""

from collections.abc import Callable, Sequence
from datetime import date

from babel.dates import format_date

from jobs.statistics import Sales
from trade_ma.console.charts import Chart, Point, scale_end
from trade_ma.console.formats import money
from trade_ma.console.visits import Visit
from trade_ma.identity.permissions import Permission


def sales_chart(
    visit: Visit, title: str, found: Sequence[Sales], named: Callable[[Sales], str]
) -> Chart:
    """What each brought in, less what was given back, in dirhams; `named` is its label."""
    locale = visit.language.locale

    def dirhams(minor: float) -> str:
        return money(int(minor), "MAD", locale=locale, whole=True)

    top = scale_end([one.dirhams.kept_minor for one in found])
    return Chart(
        title=title,
        summary=visit.counted(
            "%(count)s order, %(total)s together.",
            "%(count)s orders, %(total)s together.",
            sum(one.orders for one in found),
            total=dirhams(sum(one.dirhams.kept_minor for one in found)),
        ),
        points=[
            Point(named(one), one.dirhams.kept_minor, dirhams(one.dirhams.kept_minor))
            for one in found
        ],
        top=Point("", top, dirhams(top)),
        mirrored=visit.language.direction == "rtl",
    )


def rates_link(visit: Visit) -> str:
    """The page that says how to get exchange rates, for those who may see it."""
    return "/prices/rates" if visit.principal.may(Permission.PRICES_READ) else ""


def month_named(visit: Visit, one: Sales) -> str:
    """The month of sales told apart by it."""
    first = date.fromisoformat(f"{one.key}-01")
    return str(format_date(first, "MMM y", locale=visit.language.locale))
