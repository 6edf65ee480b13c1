"""Listings by channel and state, and the page of what needs work."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from sqlmodel import col, select
from starlette.responses import Response

from jobs.listing_desk import ListingRow, ListingsWanted, listings, rows
from jobs.models import Channel, Listing, ListingState
from jobs.needing_work import kept_off, with_small_photos
from trade_ma.api.problems import not_found
from trade_ma.console import listing_words as words
from trade_ma.console.lists import rows_of
from trade_ma.console.tables import Column, Filter, Query, Table
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Reader = Annotated[Visit, allowed(Permission.LISTINGS_READ)]
HELD = "held"


@router.get("/listings")
def every_listing(
    visit: Reader, channel: str = "", state: str = "", sort: str = "", after: str = ""
) -> Response:
    """Listings, those of a channel, of a state, or held back."""
    query = Query("/listings", {"channel": channel, "state": state}, sort, after)
    wanted = ListingsWanted(
        channel=channel or None,
        states=[ListingState(state)] if state in set(ListingState) else [],
        held=True if state == HELD else None,
        maker_id=visit.principal.maker_id,
    )
    try:
        statement, key = listings(visit.session, wanted)
    except LookupError as error:
        raise not_found(f"There is no channel {channel}.") from error
    found, following = rows_of(visit.session, statement, query, {"number": key}, key)
    table = _table(visit, found, query, following)
    return visit.page("listings/listings.html", table=table, narrowed=bool(channel or state))


@router.get("/needs-work")
def needs_work(visit: Reader, after: str = "") -> Response:
    """What a person has to mend: listings that are kept off their market, and small photos."""
    maker_id = visit.principal.maker_id
    query = Query("/needs-work", {}, after=after)
    statement, key = kept_off(visit.session, maker_id)
    found, following = rows_of(visit.session, statement, query, {"number": key}, key)
    return visit.page(
        "listings/needs_work.html",
        listings=[_row(visit, one) for one in rows(visit.session, found)],
        next=query.beginning(following) if following else "",
        photos=with_small_photos(visit.session, maker_id),
    )


def _table(visit: Visit, found: Sequence[Listing], query: Query, following: str | None) -> Table:
    return Table(
        caption=visit.say("Listings"),
        columns=(
            Column("product", visit.say("Product")),
            Column("channel", visit.say("Channel")),
            Column("state", visit.say("State")),
            Column("issues", visit.say("What is said of it")),
        ),
        rows=[_row(visit, one) for one in rows(visit.session, found)],
        query=query,
        filters=(
            Filter("channel", visit.say("Channel"), _channels(visit)),
            Filter("state", visit.say("State"), _states(visit)),
        ),
        next=following,
    )


def _channels(visit: Visit) -> list[tuple[str, str]]:
    codes = visit.session.exec(select(Channel.code).order_by(col(Channel.code)))
    return [("", visit.say("All channels")), *((code, code) for code in codes)]


def _states(visit: Visit) -> list[tuple[str, str]]:
    states = [(str(state), visit.say(label)) for state, (label, _) in words.STATES.items()]
    return [("", visit.say("Any state")), *states, (HELD, visit.say("Held"))]


def _row(visit: Visit, one: ListingRow) -> Mapping[str, Any]:
    return {
        "link": f"/listings/{one.listing.id}",
        "product": one.product,
        "channel": one.channel,
        "state": words.state_told(visit, one.listing.state),
        "held": one.listing.held_at is not None,
        "issues": [words.issue_told(visit, issue) for issue in one.issues],
    }
