"""The audit entry of what a form did, with the number of its request."""

from collections.abc import Mapping
from typing import Any

from trade_ma.console.visits import Visit
from trade_ma.identity.audit import audit


def record(
    visit: Visit,
    action: str,
    obj: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down what the visitor did, in the transaction of the write itself."""
    audit(
        visit.session,
        visit.principal,
        action,
        obj,
        before=before,
        after=after,
        request_id=visit.request.state.request_id,
    )
