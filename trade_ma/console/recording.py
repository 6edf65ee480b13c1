"""The audit entry of what was done on a page, the same as the API writes."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from trade_ma.console.visits import Visit
from trade_ma.identity.audit import audit

Shown = BaseModel | Mapping[str, Any] | None


def record(
    visit: Visit,
    action: str,
    obj: str,
    *,
    before: Shown = None,
    after: Shown = None,
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


def _json(shown: Shown) -> Mapping[str, Any] | None:
    return shown.model_dump(mode="json") if isinstance(shown, BaseModel) else shown
