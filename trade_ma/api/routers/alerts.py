"""What needs a person now."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends
from pydantic import BaseModel, Field

from jobs.alert_models import AlertKind
from jobs.alerts import Condition, conditions
from trade_ma.alerting import hooks_of, limits_of
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.paging import Page, Paging, page_of, paging
from trade_ma.api.subject import subject
from trade_ma.identity.permissions import Permission

router = subject("alerts")


class AlertShown(BaseModel):
    """A state that needs a person: `message` says what, and what to do."""

    kind: AlertKind
    subject: str = Field(description="A channel, or a channel and an order.")
    message: str


class Alerts(Page[AlertShown]):
    """What stands now, and the hooks that tell of it."""

    hooks: list[str]


@router.get("", dependencies=[require(Permission.CHANNELS_READ)], summary="What needs a person")
def list_alerts(
    session: DbSession, installation: Installation, asked: Annotated[Paging, Depends(paging)]
) -> Alerts:
    """The alerts that stand at this moment, by kind and subject."""
    settings = installation.settings
    found = conditions(session, limits_of(settings), datetime.now(UTC))
    one = page_of(found, asked, "kind", lambda alert: (alert.kind, alert.subject), _shown)
    hooks = [hook.name for hook in hooks_of(settings)]
    return Alerts(items=one.items, next=one.next, hooks=hooks)


def _shown(condition: Condition) -> AlertShown:
    return AlertShown.model_validate(condition, from_attributes=True)
