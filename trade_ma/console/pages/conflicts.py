"""Units that were sold twice: the proposed answer, and a person's decision."""

from datetime import UTC, datetime
from typing import Annotated

from sqlmodel import col
from starlette.responses import Response

from jobs import proposals
from jobs.order_models import Conflict
from trade_ma.api.problems import not_found
from trade_ma.console.flashes import Tone
from trade_ma.console.lists import rows_of
from trade_ma.console.tables import Query
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.audit import audit
from trade_ma.identity.permissions import Permission

router = page_router()


@router.get("/conflicts")
def conflicts(
    visit: Annotated[Visit, allowed(Permission.ORDERS_READ)], after: str = ""
) -> Response:
    """The conflicts that wait for a person, the oldest first."""
    query, key = Query("/conflicts", {}, after=after), col(Conflict.id)
    wanted = proposals.looked_for()
    found, following = rows_of(visit.session, wanted, query, {"number": key}, key)
    return visit.page(
        "orders/conflicts.html",
        conflicts=proposals.told(visit.session, found),
        may_keep=visit.principal.may(Permission.ORDERS_SHIP),
        query=query,
        next=following,
    )


@router.post("/conflicts/{conflict_id:int}/keep")
def keep(visit: Annotated[Visit, allowed(Permission.ORDERS_SHIP)], conflict_id: int) -> Response:
    """Deliver the order all the same."""
    now = datetime.now(UTC)
    try:
        proposals.keep(visit.session, conflict_id, visit.principal.name, now)
    except LookupError:
        raise not_found(f"There is no conflict {conflict_id}.") from None
    except ValueError:
        told = visit.say("This was decided before.")
        return visit.to("/conflicts", told, Tone.WARNING)
    number = visit.request.state.request_id
    obj = f"conflict:{conflict_id}"
    audit(visit.session, visit.principal, "conflict.keep", obj, request_id=number)
    return visit.to("/conflicts", visit.say("The order is delivered all the same."))
