"""Whether this installation works; for load balancers and monitors, without signing in."""

from typing import Literal

from pydantic import BaseModel
from sqlalchemy import text

from trade_ma.api.access import DbSession
from trade_ma.api.subject import subject

router = subject("health")


class Health(BaseModel):
    """It works: the database answers."""

    status: Literal["ok"] = "ok"


@router.get(
    "", summary="Whether the service and its database answer", openapi_extra={"security": []}
)
def health(session: DbSession) -> Health:
    """Answers 200 while the database does, 503 otherwise; tells nothing else to strangers."""
    session.execute(text("SELECT 1"))
    return Health()
