"""The audit entry of what was done on a page, the same as the API writes."""

from typing import Any

from pydantic import BaseModel

from trade_ma.console.visits import Visit
from trade_ma.identity.audit import audit


def record(
    visit: Visit,
    action: str,
    obj: str,
    *,
    before: BaseModel | None = None,
    after: BaseModel | None = None,
) -> None:
    """Write down what was done, in the visit's own transaction."""
    audit(
        visit.session,
        visit.principal,
        action,
        obj,
        before=_json(before),
        after=_json(after),
        request_id=visit.request.state.request_id,
    )


def _json(shown: BaseModel | None) -> dict[str, Any] | None:
    return None if shown is None else shown.model_dump(mode="json")
