"""What a person does with an order beside packing it: a flag, and what it will not take."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Form
from starlette.responses import Response

from jobs import flags, releasing
from jobs.models import Channel, Order
from trade_ma.api.conditions import locked
from trade_ma.api.order_shapes import ReleaseNoted, flag_noted
from trade_ma.console.flashes import Tone
from trade_ma.console.languages import marked
from trade_ma.console.pages.orders import record, whole
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission

router = page_router()
Packer = Annotated[Visit, allowed(Permission.ORDERS_SHIP)]
NO_REASON = marked("Write in a few words why, in 200 characters at most.")
STANDS = marked("This order still has to be sent: nothing of it can be released.")
NOTHING_LEFT = marked("Nothing is left to release: it was given back before.")


@router.post("/orders/{order_id:int}/flag")
def flag(visit: Packer, order_id: int, reason: Annotated[str, Form()] = "") -> Response:
    """Mark the order with a reason, for whoever packs it."""
    order = locked(visit.session, Order, order_id, "order")
    before, now = flag_noted(order), datetime.now(UTC)
    try:
        changed = flags.flag(visit.session, order, reason, visit.principal.name, now)
    except ValueError:
        values = whole(visit, order_id) | {"said": reason}
        values["errors"] = {"reason": visit.say(NO_REASON)}
        return visit.page("orders/order.html", 422, **values)
    if changed:
        record(visit, "order.flag", order_id, before=before, after=flag_noted(order))
    return visit.to(f"/orders/{order_id}", visit.say("The order is flagged."))


@router.post("/orders/{order_id:int}/unflag")
def unflag(visit: Packer, order_id: int) -> Response:
    """Take the mark off."""
    order = locked(visit.session, Order, order_id, "order")
    before = flag_noted(order)
    if flags.unflag(visit.session, order):
        record(visit, "order.unflag", order_id, before=before, after=flag_noted(order))
    return visit.to(f"/orders/{order_id}", visit.say("The flag is taken off."))


@router.post("/orders/{order_id:int}/release")
def release(visit: Packer, order_id: int) -> Response:
    """Give back to stock what the order still holds and will not take."""
    order = locked(visit.session, Order, order_id, "order")
    sold_on, page = visit.session.get_one(Channel, order.channel_id), f"/orders/{order_id}"
    try:
        units = releasing.release(visit.session, sold_on, order, datetime.now(UTC))
    except ValueError:
        return visit.to(page, visit.say(STANDS), Tone.WARNING)
    if not units:
        return visit.to(page, visit.say(NOTHING_LEFT), Tone.WARNING)
    record(visit, "order.release", order_id, after=ReleaseNoted(units=units))
    back = sum(units.values())
    told = visit.counted(
        "%(count)s piece is back in stock.", "%(count)s pieces are back in stock.", back
    )
    return visit.to(page, told)
