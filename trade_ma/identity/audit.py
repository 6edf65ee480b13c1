"""The trail of writes: who, what, before and after, in the transaction of the write itself."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from trade_ma.identity.models import AuditEntry
from trade_ma.identity.principal import Principal


def audit(
    session: Session,
    principal: Principal,
    action: str,
    obj: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    request_id: str = "",
) -> None:
    """Write down a write, in its own transaction.

    `action` is such as product.update, `obj` such as product:TAZ-12. The values are JSON, without
    secrets and without buyers' data: an entry is never erased.
    """
    session.add(
        AuditEntry(
            principal=principal.reference,
            principal_name=principal.name,
            action=action,
            object=obj,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
            request_id=request_id,
        )
    )
