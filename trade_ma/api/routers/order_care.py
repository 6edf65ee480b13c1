"""What a person does with an order beside packing it: a flag, and what it will not take."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Response
from sqlmodel import Session

from jobs import flags, releasing
from jobs.models import Channel, Order
from trade_ma.api.access import DbSession, require
from trade_ma.api.conditions import IfMatch, locked, must_match, tagged
from trade_ma.api.order_shapes import (
    NewFlag,
    Release,
    Released,
    ReleaseNoted,
    WholeOrder,
    flag_noted,
    whole_order,
)
from trade_ma.api.problems import conflict, invalid
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Id, subject
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal

router = subject("orders")
Packer = Annotated[Principal, require(Permission.ORDERS_SHIP)]


@router.put("/{order_id}/flag", summary="Mark an order")
def flag_order(
    order_id: Id,
    body: NewFlag,
    session: DbSession,
    principal: Packer,
    record: Recorder,
    response: Response,
    if_match: IfMatch = None,
) -> WholeOrder:
    """Mark an order, so that whoever packs it reads why. It can still be shipped.

    The reason is told to those who ship alone, stands in no audit entry, and is erased with the
    buyer. Another reason replaces it.
    """
    order, sold_on = _to_mark(session, order_id, principal, if_match)
    before = flag_noted(order)
    try:
        changed = flags.flag(session, order, body.reason, principal.name, datetime.now(UTC))
    except ValueError as error:
        raise invalid("body.reason", str(error)) from error
    if changed:
        record("order.flag", f"order:{order_id}", before=before, after=flag_noted(order))
    tagged(response, after := whole_order(session, sold_on, order, principal))
    return after


@router.delete("/{order_id}/flag", summary="Take the mark off an order")
def unflag_order(
    order_id: Id,
    session: DbSession,
    principal: Packer,
    record: Recorder,
    response: Response,
    if_match: IfMatch = None,
) -> WholeOrder:
    """Take the mark off, and the reason with it. An order without one stays as it is."""
    order, sold_on = _to_mark(session, order_id, principal, if_match)
    before = flag_noted(order)
    if flags.unflag(session, order):
        record("order.unflag", f"order:{order_id}", before=before, after=flag_noted(order))
    tagged(response, after := whole_order(session, sold_on, order, principal))
    return after


def _to_mark(
    session: Session, order_id: int, principal: Principal, if_match: str | None
) -> tuple[Order, Channel]:
    order = locked(session, Order, order_id, "order")
    sold_on = session.get_one(Channel, order.channel_id)
    must_match(if_match, whole_order(session, sold_on, order, principal))
    return order, sold_on


@router.post("/{order_id}/release", summary="Release what an order will not take")
def release_order(
    order_id: Id, body: Release, session: DbSession, principal: Packer, record: Recorder
) -> Released:
    """Give back to stock what a cancelled or refunded order still holds.

    That is for units that never left, and that the marketplace does not restock itself. Where it
    does so later all the same they are not given back twice. The second time nothing is left to
    give back, and `units` is empty.
    """
    order = locked(session, Order, order_id, "order")
    sold_on = session.get_one(Channel, order.channel_id)
    try:
        units = releasing.release(session, sold_on, order, datetime.now(UTC))
    except ValueError as error:
        raise conflict("not-to-release", str(error)) from error
    told = Released(
        order=whole_order(session, sold_on, order, principal), units=units, dry_run=body.dry_run
    )
    if body.dry_run:
        session.rollback()
    elif units:
        record("order.release", f"order:{order_id}", after=ReleaseNoted(units=units))
    return told
