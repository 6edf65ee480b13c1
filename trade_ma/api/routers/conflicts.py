"""Units that were sold twice, and what a person decides about them."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends
from sqlmodel import col

from jobs import proposals
from jobs.order_models import Conflict
from trade_ma.api.access import DbSession, SignedIn, require
from trade_ma.api.order_shapes import ConflictShown, conflict_shown
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import conflict, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import Id, subject
from trade_ma.identity.permissions import Permission

router = subject("conflicts")
READ = [require(Permission.ORDERS_READ)]


@router.get("", dependencies=READ, summary="Units that were sold twice")
def list_conflicts(
    session: DbSession, asked: Annotated[Paging, Depends(paging)], *, settled: bool = False
) -> Page[ConflictShown]:
    """Tell the conflicts that wait for a person, the oldest first; with `settled` the others too.

    Each has the proposed answer. Nothing is cancelled by us.
    """
    key = col(Conflict.id)
    wanted = proposals.looked_for(settled=settled)
    one = page(session, wanted, asked, {"id": key}, key, lambda row: row)
    found = proposals.told(session, one.items)
    return Page(items=[conflict_shown(proposal) for proposal in found], next=one.next)


@router.post(
    "/{conflict_id}/keep",
    status_code=204,
    dependencies=[require(Permission.ORDERS_SHIP)],
    summary="Deliver the order all the same",
)
def keep_order(conflict_id: Id, session: DbSession, principal: SignedIn, record: Recorder) -> None:
    """Say that the order is delivered all the same; it is not proposed again."""
    try:
        proposals.keep(session, conflict_id, principal.name, datetime.now(UTC))
    except LookupError:
        raise not_found(f"There is no conflict {conflict_id}.") from None
    except ValueError as error:
        raise conflict("settled-already", str(error)) from error
    record("conflict.keep", f"conflict:{conflict_id}")
