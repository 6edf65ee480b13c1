"""The home page: channels' health, what needs a person now, and sales."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from jobs.attention import Need, attention
from trade_ma.console.charts import Chart, Point, scale_end
from trade_ma.console.formats import day, money
from trade_ma.console.home import ChannelGlance, DaySales, Health, channels_at_a_glance, sales
from trade_ma.console.languages import marked
from trade_ma.console.tables import Column, Query, Table
from trade_ma.console.visits import SignedIn, Visit, page_router
from trade_ma.identity.permissions import Permission

router = page_router()


@dataclass(frozen=True, slots=True)
class Errand:
    """Where a need is seen to, and who may."""

    path: str
    permission: Permission


ERRANDS: Mapping[Need, Errand] = {
    Need.CONFLICTS: Errand("/orders", Permission.ORDERS_READ),
    Need.PAUSED: Errand("/channels", Permission.CHANNELS_READ),
    Need.REFUSED: Errand("/listings", Permission.LISTINGS_READ),
    Need.TEXTS: Errand("/texts", Permission.TEXTS_REVIEW),
    Need.PHOTOS: Errand("/photos", Permission.CATALOG_READ),
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
    # A maker's own sales are a part of orders; those of all are not theirs to see.
    everyone = visit.principal.maker_id is None
    days = sales(visit.session, datetime.now(UTC).date())
    return visit.page(
        "home/home.html",
        needs=list(_needs(visit)),
        channels=_channels(visit) if may(Permission.CHANNELS_READ) else None,
        channels_link=_link(visit, "/channels") if may(Permission.CHANNELS_WRITE) else "",
        sold=any(one.orders for one in days),
        sales=_sales(visit, days) if everyone and may(Permission.STATISTICS_READ) else None,
    )


def _needs(visit: Visit) -> Iterator[Mapping[str, str]]:
    for need, count in attention(visit.session, visit.principal.maker_id).items():
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
            )
        case Need.TEXTS:
            return visit.counted(
                "%(count)s translated text waits to be read",
                "%(count)s translated texts wait to be read",
                count,
            )
        case Need.PHOTOS:
            return visit.counted(
                "%(count)s product has a photo that is too small: take it again, closer",
                "%(count)s products have a photo that is too small: take them again, closer",
                count,
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
        "why": one.why,
        "listings": one.listings,
        "last_run": one.last_run,
    }


def _sales(visit: Visit, days: Sequence[DaySales]) -> Chart:
    locale = visit.language.locale
    top = scale_end([one.mad_minor for one in days])

    def dirhams(minor: float) -> str:
        return money(int(minor), "MAD", locale=locale, whole=True)

    return Chart(
        title=visit.say("Sales of the last four weeks"),
        summary=visit.counted(
            "%(count)s order, %(total)s together.",
            "%(count)s orders, %(total)s together.",
            sum(one.orders for one in days),
            total=dirhams(sum(one.mad_minor for one in days)),
        ),
        points=[
            Point(day(one.day, locale=locale), one.mad_minor, dirhams(one.mad_minor))
            for one in days
        ],
        top=Point("", top, dirhams(top)),
        mirrored=visit.language.direction == "rtl",
    )
