"""The audit entry of what was done on a page, in the page's own transaction."""

from collections.abc import Mapping
from typing import Any

from trade_ma.console.visits import Visit
from trade_ma.identity.audit import audit


def written(
    visit: Visit,
    action: str,
    obj: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down what the visitor did."""
    request_id = visit.request.state.request_id
    audit(
        visit.session,
        visit.principal,
        action,
        obj,
        before=before,
        after=after,
        request_id=request_id,
    )
