"""The packer's pages: what is to be shipped, one parcel after another, and its packing slip."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from connectors.errors import Refused
from jobs import order_search, sending
from jobs.models import Channel, Order, OrderLine
from jobs.order_book import summaries
from jobs.order_lines import lines_of
from jobs.parcels import open_units
from jobs.proposals import proposals
from jobs.sending import Wrapped
from trade_ma.api.routers.orders import found_order, shipment_noted
from trade_ma.console.flashes import Tone
from trade_ma.console.languages import marked
from trade_ma.console.pages.orders import address_of, stage_of
from trade_ma.console.quotes import quoted
from trade_ma.console.refusal_words import refusal_told
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.permissions import Permission
from trade_ma.workshop import workshop_of

router = page_router()
Packer = Annotated[Visit, allowed(Permission.ORDERS_SHIP)]
# What the columns of a parcel hold.
LONGEST: Mapping[str, int] = {"carrier": 60, "tracking": 100}
MISSING = {
    "carrier": marked("Write who carries the parcel, such as Poste Maroc or DHL."),
    "tracking": marked("Write the tracking number that the carrier gave you."),
}
TOLD = marked("Order %(number)s is on its way: %(channel)s and the buyer are told.")
KEPT = marked(
    "The parcel of order %(number)s is kept. %(channel)s does not answer now: it is told by itself "
    "in some minutes."
)
CANNOT = marked("This parcel cannot be sent: %(why)s")
REFUSED = marked("%(channel)s refuses this parcel: %(why)s")


@router.get("/orders/to-ship")
def to_ship(visit: Packer) -> Response:
    """Every order that waits for a packer, the longest waiting first."""
    waiting = order_search.to_pack(visit.session)
    rows = [
        {"one": one, "stage": stage_of(visit, one.order)}
        for one in summaries(visit.session, waiting)
    ]
    return visit.page("orders/to_ship.html", rows=rows)


@router.get("/orders/{order_id:int}/pack")
def pack_form(visit: Packer, order_id: int) -> Response:
    """One order to pack: the address, what goes into the parcel, and its tracking number."""
    return _form(visit, order_id, {}, {})


@router.get("/orders/{order_id:int}/slip")
def slip(visit: Packer, order_id: int) -> Response:
    """The packing slip, to be printed and laid into the parcel."""
    return visit.page("orders/slip.html", **_to_pack(visit, order_id))


@router.post("/orders/{order_id:int}/pack")
async def pack(visit: Packer, order_id: int, request: Request) -> Response:
    """Keep the parcel, tell its marketplace, and go on to the next order."""
    form = await request.form()
    return await run_in_threadpool(_pack, visit, order_id, form)


def _pack(visit: Visit, order_id: int, form: FormData) -> Response:
    said = {name: str(form.get(name, "")).strip() for name in LONGEST}
    order, sold_on = found_order(visit.session, order_id)
    number, remote_id = order.number or order.remote_id, order.remote_id
    wrong = {
        name: visit.say(MISSING[name])
        for name, most in LONGEST.items()
        if not 0 < len(said[name]) <= most
    }
    units = _units(lines_of(visit.session, order), form)
    # Nothing is open in the database while the marketplace is asked.
    visit.session.expunge_all()
    visit.session.rollback()
    if wrong:
        return _form(visit, order_id, wrong, said)
    wrapped = Wrapped(said["carrier"], said["tracking"], units)
    try:
        sent = _sent(visit, sold_on, order_id, remote_id, wrapped)
    except (LookupError, ValueError) as error:
        why = visit.say(CANNOT, why=refusal_told(visit, error))
        return _form(visit, order_id, {"tracking": why}, said)
    except Refused as error:
        why = visit.say(REFUSED, channel=sold_on.code, why=quoted(str(error)))
        return _form(visit, order_id, {"tracking": why}, said)
    told = visit.say(KEPT if sent.later else TOLD, number=number, channel=sold_on.code)
    return visit.to(_next(visit, order_id), told, Tone.WARNING if sent.later else Tone.SUCCESS)


def _sent(
    visit: Visit, sold_on: Channel, order_id: int, remote_id: str, wrapped: Wrapped
) -> sending.Sent:
    noted = shipment_noted(visit.principal, order_id, visit.request.state.request_id)
    return sending.send(workshop_of(visit.installation), sold_on, remote_id, wrapped, noted)


def _units(lines: Sequence[OrderLine], form: FormData) -> dict[str, int]:
    """The units that were filled in, by SKU; a field that holds no number counts for none."""
    units: dict[str, int] = {}
    for line in lines:
        filled = str(form.get(f"units-{line.id}", "")).strip()
        if filled.isdecimal() and line.sku and int(filled):
            units[line.sku] = units.get(line.sku, 0) + int(filled)
    return units


def _next(visit: Visit, order_id: int) -> str:
    """The next order that waits, or the list where none of it is left.

    The one that was just packed stands as it was until its marketplace tells of it again.
    """
    for one in order_search.to_pack(visit.session):
        if one.id != order_id and any(open_units(visit.session, one).values()):
            return f"/orders/{one.id}/pack"
    return "/orders/to-ship"


def _form(
    visit: Visit, order_id: int, errors: Mapping[str, str], said: Mapping[str, str]
) -> Response:
    values = _to_pack(visit, order_id)
    status = 422 if errors else 200
    return visit.page("orders/pack.html", status, errors=errors, said=said, **values)


def _to_pack(visit: Visit, order_id: int) -> dict[str, Any]:
    order, sold_on = found_order(visit.session, order_id)
    return {
        "order": order,
        "channel": sold_on,
        "stage": stage_of(visit, order),
        "lines": lines_of(visit.session, order),
        "open": open_units(visit.session, order),
        "conflicts": proposals(visit.session, order_id=order_id),
        "address": _address(visit, order),
    }


def _address(visit: Visit, order: Order) -> Any:
    return address_of(visit, order) if visit.principal.may(Permission.BUYERS_READ) else None
