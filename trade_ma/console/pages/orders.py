"""Orders of every channel, and one of them with its money, parcels and buyer."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel
from sqlmodel import Session, select
from starlette.responses import Response

from jobs import buyers, order_search
from jobs.models import Channel, Order, OrderStage
from jobs.order_book import OrderSummary
from jobs.order_lines import lines_of
from jobs.order_search import OrderFilter
from jobs.parcels import parcels_of
from jobs.proposals import count_open, proposals
from jobs.releasing import releasable
from trade_ma.api.access import installation_of
from trade_ma.api.paging import Paging
from trade_ma.api.routers.orders import buyer_of, found_order, order_page
from trade_ma.console.languages import marked
from trade_ma.console.stages import STAGES, UNREAD
from trade_ma.console.tables import Column, Filter, Query, Table
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.audit import audit
from trade_ma.identity.permissions import Permission

router = page_router()
SHOWN = 50
Reader = Annotated[Visit, allowed(Permission.ORDERS_READ)]
UNREADABLE, FLAGGED = "unreadable", "flagged"


def asked(
    stage: str = "",
    channel: str = "",
    number: str = "",
    flagged: str = "",
    sort: str = "",
    after: str = "",
) -> Query:
    """How the list was asked for."""
    filters = {"stage": stage, "channel": channel, "number": number, "flagged": flagged}
    return Query("/orders", filters, sort, after)


@router.get("/orders")
def orders(visit: Reader, query: Annotated[Query, Depends(asked)]) -> Response:
    """Orders, the last placed first."""
    unread = query.filters["stage"] == UNREADABLE
    known = query.filters["stage"] in set(OrderStage)
    wanted = OrderFilter(
        stages=(OrderStage(query.filters["stage"]),) if known else (),
        channel=query.filters["channel"] or None,
        number=query.filters["number"].strip() or None,
        unreadable=True if unread else None,
        flagged=True if query.filters["flagged"] == FLAGGED else None,
    )
    sort = "-id" if unread else query.sort or "-placed_at"
    found = order_page(visit.session, wanted, Paging(SHOWN, query.after or None, sort))
    return visit.page(
        "orders/orders.html",
        table=_table(visit, query, found.items, found.next),
        to_pack=order_search.count_to_pack(visit.session),
        conflicts=count_open(visit.session),
        filtered=any(query.filters.values()),
        may_pack=visit.principal.may(Permission.ORDERS_SHIP),
    )


def _table(visit: Visit, query: Query, rows: list[OrderSummary], after: str | None) -> Table:
    codes = visit.session.exec(select(Channel.code).order_by(Channel.code)).all()
    stages = [(stage.value, visit.say(label)) for stage, (label, _) in STAGES.items()]
    return Table(
        caption=visit.say("Orders"),
        columns=(
            Column("number", visit.say("Order")),
            Column("stage", visit.say("State")),
            Column("placed_at", visit.say("Placed"), sorts=True),
            Column("channel", visit.say("Channel")),
            Column("lines", visit.say("Pieces")),
            Column("country", visit.say("Country")),
            Column("total", visit.say("Total"), is_number=True),
            Column("mad", visit.say("In dirhams"), is_number=True),
        ),
        rows=[{"one": one, "stage": stage_of(visit, one.order)} for one in rows],
        query=query,
        filters=(
            Filter("number", visit.say("Order number")),
            Filter(
                "stage",
                visit.say("State"),
                (("", visit.say("All")), *stages, (UNREADABLE, visit.say(UNREAD[0]))),
            ),
            Filter(
                "channel",
                visit.say("Channel"),
                (("", visit.say("All")), *((code, code) for code in codes)),
            ),
            Filter(
                "flagged",
                visit.say("Flag"),
                (("", visit.say("All")), (FLAGGED, visit.say("Flagged"))),
            ),
        ),
        next=after,
    )


def stage_of(visit: Visit, order: Order) -> Mapping[str, str]:
    """The badge of an order."""
    unread = order.unreadable or order.stage is None
    label, tone = UNREAD if unread else STAGES[order.stage or OrderStage.NEW]
    return {"label": visit.say(label), "tone": tone}


@router.get("/orders/{order_id:int}")
def order(visit: Reader, order_id: int) -> Response:
    """One order: what was bought, its money, parcels and conflicts."""
    return visit.page("orders/order.html", **whole(visit, order_id))


@router.post("/orders/{order_id:int}/buyer")
def read_buyer(visit: Annotated[Visit, allowed(Permission.BUYERS_READ)], order_id: int) -> Response:
    """The same with the buyer's address; that somebody read it is in the audit trail."""
    values = whole(visit, order_id)
    values["address"] = address_of(visit, values["order"])
    return visit.page("orders/order.html", **values)


@router.post("/orders/{order_id:int}/erase")
def erase_buyer(
    visit: Annotated[Visit, allowed(Permission.BUYERS_ERASE)], order_id: int
) -> Response:
    """Forget the buyer for good."""
    found, _ = found_order(visit.session, order_id)
    buyers.erase(visit.session, [found], datetime.now(UTC))
    record(visit, "buyer.erase", order_id)
    return visit.to(f"/orders/{order_id}", visit.say(marked("The buyer was erased.")))


def address_of(visit: Visit, order: Order) -> Any:
    """Who an order goes to, written down as read."""
    record(visit, "buyer.read", order.id or 0)
    return buyer_of(visit.session, order, installation_of(visit.request))


def record(visit: Visit, action: str, order_id: int, **values: BaseModel) -> None:
    """The audit entry of what was done with an order; `before` and `after` it where they tell."""
    number = visit.request.state.request_id
    told = {name: value.model_dump(mode="json") for name, value in values.items()}
    audit(visit.session, visit.principal, action, f"order:{order_id}", request_id=number, **told)


def whole(visit: Visit, order_id: int) -> dict[str, Any]:
    """What the page of an order shows, but for its buyer."""
    session: Session = visit.session
    found, sold_on = found_order(session, order_id)
    return {
        "order": found,
        "channel": sold_on,
        "stage": stage_of(visit, found),
        "lines": lines_of(session, found),
        "parcels": parcels_of(session, found),
        "conflicts": proposals(session, order_id=order_id),
        "can_pack": found.stage in order_search.TO_PACK
        and visit.principal.may(Permission.ORDERS_SHIP),
        "may_read": visit.principal.may(Permission.BUYERS_READ),
        "may_erase": visit.principal.may(Permission.BUYERS_ERASE),
        "may_mark": (may_ship := visit.principal.may(Permission.ORDERS_SHIP)),
        "releasable": sum(releasable(session, found).values()) if may_ship else 0,
        "address": None,
        "errors": {},
        "said": "",
    }
