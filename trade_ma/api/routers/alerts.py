"""What needs a person now."""

from datetime import UTC, datetime

from pydantic import BaseModel, Field

from jobs.alert_models import AlertKind
from jobs.alerts import conditions
from trade_ma.alerting import hooks_of, limits_of
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.subject import subject
from trade_ma.identity.permissions import Permission

router = subject("alerts")


class AlertShown(BaseModel):
    """A state that needs a person: `message` says what, and what to do."""

    kind: AlertKind
    subject: str = Field(description="A channel, or a channel and an order.")
    message: str


class Alerts(BaseModel):
    """All that stands now, and the hooks that tell of it."""

    items: list[AlertShown]
    hooks: list[str]


@router.get("", dependencies=[require(Permission.CHANNELS_READ)], summary="What needs a person")
def list_alerts(session: DbSession, installation: Installation) -> Alerts:
    """The alerts that stand at this moment."""
    settings = installation.settings
    found = conditions(session, limits_of(settings), datetime.now(UTC))
    return Alerts(
        items=[AlertShown.model_validate(one, from_attributes=True) for one in found],
        hooks=[hook.name for hook in hooks_of(settings)],
    )
