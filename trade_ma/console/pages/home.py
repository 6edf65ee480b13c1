"""The home page: channels' health, what needs a person now, and sales."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from starlette.responses import Response

from jobs.alert_models import Alert, AlertKind
from jobs.attention import MANY, Need, attention
from jobs.statistics import Sales, together
from trade_ma.console.channel_words import why_told
from trade_ma.console.charts import Chart
from trade_ma.console.formats import day
from trade_ma.console.home import (
    Beginning,
    ChannelGlance,
    Health,
    Recent,
    beginnings,
    channels_at_a_glance,
    exports_by_month,
    sales_by_day,
    standing,
)
from trade_ma.console.languages import marked
from trade_ma.console.sales_charts import month_named, rates_link, sales_chart
from trade_ma.console.tables import Column, Query, Table
from trade_ma.console.visits import SignedIn, Visit, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
RECENT = Recent()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Errand:
    """Where a need is seen to, and who may."""

    path: str
    permission: Permission


ERRANDS: Mapping[Need, Errand] = {
    Need.CONFLICTS: Errand("/conflicts", Permission.ORDERS_READ),
    Need.PAUSED: Errand("/channels", Permission.CHANNELS_READ),
    Need.REFUSED: Errand("/needs-work", Permission.LISTINGS_READ),
    Need.TEXTS: Errand("/texts", Permission.TEXTS_REVIEW),
    Need.PHOTOS: Errand("/photos", Permission.CATALOG_READ),
}
BEGINNINGS: Mapping[Beginning, tuple[Errand, str]] = {
    Beginning.PRODUCTS: (
        Errand("/imports", Permission.IMPORT_RUN),
        marked("Send a file of your products"),
    ),
    Beginning.CHANNEL: (
        Errand("/add-channel", Permission.CHANNELS_WRITE),
        marked("Add a channel"),
    ),
    Beginning.SENDING: (
        Errand("/plan", Permission.SYNC_RUN),
        marked("See what would be sent, and send it"),
    ),
}
ALERTS: Mapping[AlertKind, str] = {
    AlertKind.ORDERS_LATE: marked("No orders come from %(subject)s: is the daemon running?"),
    AlertKind.REFUSALS: marked("%(subject)s refuses many of your listings"),
    AlertKind.GAP: marked("%(subject)s had orders that no pass had brought in: look at them"),
}
HEALTH: Mapping[Health, tuple[str, str]] = {
    Health.PAUSED: (marked("Paused"), "bad"),
    Health.TROUBLED: (marked("In trouble"), "warning"),
    Health.WELL: (marked("Well"), "good"),
}


@router.get("/")
def home(visit: SignedIn) -> Response:
    """What a person should know first."""
    may = visit.principal.may
    # A maker sees their own share of the sales.
    maker_id = visit.principal.maker_id
    today, session = datetime.now(UTC).date(), visit.session
    sells = may(Permission.STATISTICS_READ)
    days, months = list[Sales](), list[Sales]()
    if sells:
        days = _recent(visit, "days", lambda: sales_by_day(session, today, maker_id))
        months = _recent(visit, "months", lambda: exports_by_month(session, today, maker_id))
    return visit.page(
        "home/home.html",
        beginnings=list(_beginnings(visit)),
        needs=list(_needs(visit)),
        alerts=[_alert(visit, one) for one in standing(session)]
        if may(Permission.CHANNELS_READ)
        else [],
        channels=_channels(visit) if may(Permission.CHANNELS_READ) else None,
        channels_link=_link(visit, "/channels") if may(Permission.CHANNELS_WRITE) else "",
        sold=together(days),
        sales=_sales(visit, days) if sells else None,
        exported=together(months),
        exports=_exports(visit, months) if sells else None,
        rates_link=rates_link(visit),
    )


def _recent(visit: Visit, name: str, figure: Callable[[], T]) -> T:
    """A figure of this installation, and of the visitor's maker where they are confined to one."""
    return RECENT.of((visit.installation.engine.url, visit.principal.maker_id, name), figure)


def _beginnings(visit: Visit) -> Iterator[Mapping[str, str]]:
    for one in beginnings(visit.session, visit.principal.maker_id):
        errand, words = BEGINNINGS[one]
        if visit.principal.may(errand.permission):
            yield {"link": errand.path, "words": visit.say(words)}


def _needs(visit: Visit) -> Iterator[Mapping[str, str]]:
    maker_id = visit.principal.maker_id
    counts = _recent(visit, "needs", lambda: attention(visit.session, maker_id))
    for need, count in counts.items():
        errand = ERRANDS[need]
        if count and visit.principal.may(errand.permission):
            yield {"link": _link(visit, errand.path), "words": _words(visit, need, count)}


def _link(visit: Visit, path: str) -> str:
    return path if path in visit.request.app.state.first_pages else ""


def _words(visit: Visit, need: Need, count: int) -> str:
    match need:
        case Need.CONFLICTS:
            return visit.counted(
                "%(count)s piece was sold twice: decide which order gets it",
                "%(count)s pieces were sold twice: decide which order gets each",
                count,
                end=MANY,
            )
        case Need.PAUSED:
            return visit.counted(
                "%(count)s channel is paused until you resume it",
                "%(count)s channels are paused until you resume them",
                count,
            )
        case Need.REFUSED:
            return visit.counted(
                "%(count)s listing was refused: see why and mend it",
                "%(count)s listings were refused: see why and mend them",
                count,
                end=MANY,
            )
        case Need.TEXTS:
            return visit.counted(
                "%(count)s translated text waits to be read",
                "%(count)s translated texts wait to be read",
                count,
                end=MANY,
            )
        case Need.PHOTOS:
            return visit.counted(
                "%(count)s product has a photo that is too small: take it again, closer",
                "%(count)s products have a photo that is too small: take them again, closer",
                count,
                end=MANY,
            )


def _channels(visit: Visit) -> Table:
    return Table(
        caption=visit.say("How your channels are"),
        columns=(
            Column("code", visit.say("Channel")),
            Column("health", visit.say("State")),
            Column("listings", visit.say("Listings"), is_number=True),
            Column("last_run", visit.say("Last pass")),
        ),
        rows=[_channel(visit, one) for one in channels_at_a_glance(visit.session)],
        query=Query("/", {}),
    )


def _channel(visit: Visit, one: ChannelGlance) -> Mapping[str, Any]:
    label, tone = HEALTH[one.health]
    return {
        "code": one.code,
        "health": {"label": visit.say(label), "tone": tone},
        "why": why_told(visit, one.paused, one.trouble),
        "listings": one.listings,
        "last_run": one.last_run,
    }


def _alert(visit: Visit, alert: Alert) -> Mapping[str, Any]:
    words = ALERTS[alert.kind]
    return {"words": visit.say(words, subject=alert.subject), "since": alert.began_at}


def _sales(visit: Visit, days: Sequence[Sales]) -> Chart:
    locale = visit.language.locale

    def named(one: Sales) -> str:
        return day(date.fromisoformat(one.key), locale=locale)

    return sales_chart(visit, visit.say("Sales of the last four weeks"), days, named)


def _exports(visit: Visit, months: Sequence[Sales]) -> Chart:
    title = visit.say("Exports of the last twelve months")
    return sales_chart(visit, title, months, lambda one: month_named(visit, one))
