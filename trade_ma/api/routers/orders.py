"""Orders of every channel: looked for, packed, and their buyers read by those who may."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from sqlmodel import Session, col

from connectors.clock import SystemClock
from connectors.errors import Refused
from jobs import buyers, channels, orders, sending
from jobs.models import Channel, Order, OrderStage
from jobs.order_book import OrderSummary, summaries
from jobs.order_models import Parcel
from jobs.order_search import OrderFilter, looked_for, placed
from jobs.push import Desk
from jobs.sending import Wrapped
from trade_ma.api.access import DbSession, Installation, SignedIn, require
from trade_ma.api.conditions import tagged
from trade_ma.api.exports import FILES, ROWS_AT_ONCE, Format, exported
from trade_ma.api.order_shapes import (
    BuyerShown,
    NewParcel,
    OrderShown,
    ParcelSent,
    WholeOrder,
    order_shown,
    parcel_shown,
    whole_order,
)
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import conflict, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Day, Id, Text, subject
from trade_ma.identity.audit import audit
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal
from trade_ma.installation import App
from trade_ma.workshop import connector_of, workshop_of

router = subject("orders")
READ = [require(Permission.ORDERS_READ)]
Word = Annotated[Text | None, Query(max_length=200)]


class Retried(BaseModel):
    """How many orders that nobody could read are read by now, by channel."""

    healed: dict[str, int] = Field(examples=[{"etsy": 2}])
    dry_run: bool


class Retry(BaseModel):
    """Which channels' unreadable orders to read again; all without."""

    channels: list[Text] = []
    dry_run: bool = False


def order_filter(
    stage: Annotated[list[OrderStage], Query(description="Any of these stages.")] = [],  # noqa: B006 - FastAPI copies it
    channel: Word = None,
    country: Annotated[Text | None, Query(max_length=2, examples=["FR"])] = None,
    first: Annotated[Day | None, Query(description="Placed on this day (UTC) or later.")] = None,
    last: Annotated[Day | None, Query(description="Placed on this day (UTC) or before.")] = None,
    number: Annotated[
        Text | None, Query(max_length=200, description="The whole number, or remote id.")
    ] = None,
    conflict: Annotated[
        bool | None, Query(description="Whether units of it were sold twice.")
    ] = None,
    unreadable: bool | None = None,
    flagged: Annotated[bool | None, Query(description="Whether a person marked it.")] = None,
) -> OrderFilter:
    """The filter of a request, for `Depends`."""
    stages = tuple(stage)
    return OrderFilter(stages, channel, country, first, last, number, conflict, unreadable, flagged)


Wanted = Annotated[OrderFilter, Depends(order_filter)]


def order_page(session: Session, wanted: OrderFilter, asked: Paging) -> Page[OrderSummary]:
    """A page of orders with their lines: the last placed first, or by id with all of them."""
    by_id = (asked.sort or "").removeprefix("-") == "id"
    statement = looked_for(wanted) if by_id else placed(wanted)
    sorts = {"-placed_at": col(Order.placed_at), "id": col(Order.id)}
    found = page(session, statement, asked, sorts, col(Order.id), lambda order: order)
    return Page(items=summaries(session, found.items), next=found.next)


@router.get("", dependencies=READ, summary="Orders of every channel")
def list_orders(
    session: DbSession, wanted: Wanted, asked: Annotated[Paging, Depends(paging)]
) -> Page[OrderShown]:
    """Orders, the last placed first.

    An order that was never read has no such moment: `sort=-id` has those as well.
    """
    found = order_page(session, wanted, asked)
    return Page(items=[order_shown(one) for one in found.items], next=found.next)


COLUMNS: Mapping[str, Callable[[OrderShown], Any]] = {
    "placed_at": lambda one: one.placed_at,
    "channel": lambda one: one.channel,
    "number": lambda one: one.number or one.remote_id,
    "stage": lambda one: one.stage,
    "country": lambda one: one.country,
    "units": lambda one: sum(line.quantity - line.cancelled for line in one.lines),
    "skus": lambda one: ", ".join(line.sku or line.title for line in one.lines),
    "total": lambda one: one.total and one.total.amount,
    "currency": lambda one: one.total and one.total.currency,
    "total_mad": lambda one: one.total_mad and one.total_mad.amount,
    "mad_rate": lambda one: one.mad_rate,
    "mad_rate_date": lambda one: one.mad_rate_date,
    "refunded": lambda one: one.refunded and one.refunded.amount,
    "fees": lambda one: one.fees and one.fees.amount,
    "unreadable": lambda one: one.unreadable,
    "flagged_at": lambda one: one.flagged_at,
}


@router.get(
    "/export",
    dependencies=READ,
    summary="The same as a file",
    response_class=StreamingResponse,
    responses=FILES,
)
def export_orders(
    installation: Installation,
    wanted: Wanted,
    form: Annotated[Format, Query(alias="format")] = Format.CSV,
) -> StreamingResponse:
    """All orders of the filter as they came in; who bought is in no file."""
    return exported(_all(installation, wanted), COLUMNS, form, "orders")


def _all(installation: App, wanted: OrderFilter) -> Iterator[OrderShown]:
    after = 0
    while True:
        with installation.session() as session:
            following = looked_for(wanted).where(col(Order.id) > after)
            found = session.exec(following.order_by(col(Order.id)).limit(ROWS_AT_ONCE)).all()
            rows = [order_shown(one) for one in summaries(session, found)]
        yield from rows
        if len(rows) < ROWS_AT_ONCE:
            return
        after = rows[-1].id


@router.post(
    "/retry",
    dependencies=[require(Permission.SYNC_RUN)],
    summary="Read again what nobody could read",
)
def retry_orders(
    body: Retry, session: DbSession, installation: Installation, record: Recorder
) -> Retried:
    """Read unreadable orders again from what was kept of them; no marketplace is asked."""
    try:
        found = channels.find(session, body.channels)
    except LookupError as error:
        raise not_found(str(error)) from error
    session.expunge_all()
    session.rollback()
    healed = {one.code: _read_again(installation, one, keep=not body.dry_run) for one in found}
    told = Retried(healed=healed, dry_run=body.dry_run)
    if not body.dry_run:
        record("orders.retry", "orders", after=told)
    return told


def _read_again(installation: App, channel: Channel, *, keep: bool) -> int:
    desk = Desk(installation.session, SystemClock())
    with closing(connector_of(installation, channel)) as connector:
        orders.read_again(desk, connector, channel, installation.sealer, limit=None, keep=keep)
    return desk.tally["orders_healed"]


@router.get("/{order_id}", dependencies=READ, summary="One order")
def read_order(
    order_id: Id, session: DbSession, principal: SignedIn, response: Response
) -> WholeOrder:
    """All that is known of an order but who bought it, with the ETag that a flag wants."""
    order, sold_on = found_order(session, order_id)
    tagged(response, found := whole_order(session, sold_on, order, principal))
    return found


@router.post("/{order_id}/parcels", status_code=201, summary="Ship a parcel of it")
def ship_parcel(
    order_id: Id,
    body: NewParcel,
    request: Request,
    session: DbSession,
    installation: Installation,
    principal: Annotated[Principal, require(Permission.ORDERS_SHIP)],
) -> ParcelSent:
    """Keep a parcel, and tell the marketplace, and so the buyer.

    Where it cannot be reached the parcel is kept and told by the next pass: then `told` is false
    and `later` says why.
    """
    order, sold_on = found_order(session, order_id)
    remote_id = order.remote_id
    # Nothing is open in the database while the marketplace is asked.
    session.expunge_all()
    session.rollback()
    wrapped = Wrapped(body.carrier, body.tracking_number, body.units)
    shop = workshop_of(installation)
    try:
        if body.dry_run:
            sent = sending.rehearse(shop, sold_on, remote_id, wrapped)
        else:
            noted = shipment_noted(principal, order_id, request.state.request_id)
            sent = sending.send(shop, sold_on, remote_id, wrapped, noted)
    except (LookupError, ValueError) as error:
        raise conflict("not-to-ship", str(error)) from error
    except Refused as error:
        raise conflict("refused-by-marketplace", f"{sold_on.code} refuses: {error}") from error
    order, sold_on = found_order(session, order_id)
    return ParcelSent(
        order=whole_order(session, sold_on, order, principal),
        units=dict(sent.units),
        told=not body.dry_run and sent.later is None,
        later=sent.later,
        dry_run=body.dry_run,
    )


def shipment_noted(principal: Principal, order_id: int, request_id: str) -> sending.Noted:
    """Writes the audit entry of a parcel, in the parcel's own transaction."""

    def noted(session: Session, parcel: Parcel) -> None:
        after = parcel_shown(parcel, ()).model_dump(mode="json")
        obj = f"order:{order_id}"
        audit(session, principal, "order.ship", obj, after=after, request_id=request_id)

    return noted


@router.get(
    "/{order_id}/buyer",
    dependencies=[require(Permission.BUYERS_READ)],
    summary="Who an order goes to",
)
def read_buyer(
    order_id: Id, session: DbSession, installation: Installation, record: Recorder
) -> BuyerShown:
    """A buyer's name and address. Each reading is in the audit trail, without what was read."""
    order, _ = found_order(session, order_id)
    record("buyer.read", f"order:{order_id}")
    return buyer_of(session, order, installation)


def buyer_of(session: Session, order: Order, installation: App) -> BuyerShown:
    """Who an order goes to; whoever calls it writes the audit entry.

    Raises:
        Problem: 409 where it was sealed with a key that is gone.
    """
    try:
        known = buyers.buyer(session, order, installation.sealer)
    except ValueError as error:
        raise conflict("buyer-sealed", f"the buyer is {error}") from error
    told = asdict(known) | {"lines": list(known.lines)} if known else {}
    return BuyerShown(**told, erased_at=order.buyer_erased_at)


@router.delete(
    "/{order_id}/buyer",
    status_code=204,
    dependencies=[require(Permission.BUYERS_ERASE)],
    summary="Forget a buyer for good",
)
def erase_buyer(order_id: Id, session: DbSession, record: Recorder) -> None:
    """Erase who bought, as law 09-08 lets a buyer ask; the figures stay. It cannot be undone."""
    order, _ = found_order(session, order_id)
    buyers.erase(session, [order], datetime.now(UTC))
    record("buyer.erase", f"order:{order_id}")


def found_order(session: Session, order_id: int) -> tuple[Order, Channel]:
    """An order and where it was sold.

    Raises:
        Problem: 404 where there is none.
    """
    order = session.get(Order, order_id)
    if order is None:
        raise not_found(f"There is no order {order_id}.")
    return order, session.get_one(Channel, order.channel_id)
