"""What was done, by whom: the trail of every write."""

import json
from typing import Annotated, Any

from sqlmodel import col, select
from starlette.responses import Response

from trade_ma.api.paging import Paging, page
from trade_ma.api.routers.audit import AuditShown, shown, wanted
from trade_ma.console.tables import Column, Filter, Query, Table
from trade_ma.console.visits import Visit, allowed, page_router
from trade_ma.identity.models import AuditEntry
from trade_ma.identity.permissions import Permission

router = page_router()
ROWS = 50


@router.get("/audit")
def audit(
    visit: Annotated[Visit, allowed(Permission.AUDIT_READ)],
    principal: str = "",
    object: str = "",  # noqa: A002 - the address says object, as the API's does
    action: str = "",
    after: str = "",
) -> Response:
    """Every write, the latest first."""
    sought = {"principal": principal.strip(), "object": object.strip(), "action": action.strip()}
    conditions = wanted(*(value or None for value in sought.values()))
    found = page(
        visit.session,
        select(AuditEntry).where(*conditions),
        Paging(ROWS, after or None, None),
        {"-id": col(AuditEntry.id)},
        col(AuditEntry.id),
        shown,
    )
    table = Table(
        caption=visit.say("What was done"),
        columns=(
            Column("at", visit.say("When")),
            Column("who", visit.say("Who")),
            Column("action", visit.say("What")),
            Column("object", visit.say("On what")),
            Column("values", visit.say("Before and after")),
        ),
        rows=[_row(one) for one in found.items],
        query=Query("/audit", sought, after=after),
        filters=(
            Filter("principal", visit.say("Who, such as user:3")),
            Filter("object", visit.say("On what, such as channel:etsy")),
            Filter("action", visit.say("What, such as channel.change")),
        ),
        next=found.next,
    )
    return visit.page("audit/audit.html", table=table)


def _row(entry: AuditShown) -> dict[str, Any]:
    before, after = entry.before or {}, entry.after or {}
    names = [name for name in before | after if before.get(name) != after.get(name)]
    return {
        "at": entry.at,
        "who": entry.principal_name,
        "principal": entry.principal,
        "action": entry.action,
        "object": entry.object,
        "values": [(name, _text(before.get(name)), _text(after.get(name))) for name in names],
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
