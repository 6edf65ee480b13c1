"""What a pass would do now."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from connectors.errors import ConnectorError
from jobs import channels
from jobs.models import Channel
from jobs.plan import Action
from jobs.plan_report import PlannedListing, planned
from jobs.sync import preview
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.problems import not_found
from trade_ma.api.subject import Text, subject
from trade_ma.identity.permissions import Permission
from trade_ma.installation import App
from trade_ma.workshop import workshop_of

router = subject("plans")
Codes = Annotated[
    Sequence[Text], Query(alias="channel", max_length=100, description="All without.")
]


class DifferenceShown(BaseModel):
    """A value as the marketplace has it, and as it should be."""

    name: str
    old: Any
    new: Any


class IssueShown(BaseModel):
    """Why something would be refused."""

    code: str
    field: str | None
    sku: str | None
    message: str


class PlannedShown(BaseModel):
    """What a pass would do to one listing."""

    key: str
    title: str
    action: Action
    facets: dict[str, list[DifferenceShown]]
    refused: list[IssueShown]


class ChannelPlan(BaseModel):
    """What a pass would do on one channel; `error` where it cannot be told."""

    channel: str
    paused: str | None
    counts: dict[Action, int] = Field(examples=[{"create": 3, "update": 1}])
    listings: list[PlannedShown]
    error: str | None = None


@router.get("", dependencies=[require(Permission.SYNC_RUN)], summary="What a pass would do")
def list_plans(
    session: DbSession, installation: Installation, codes: Codes = ()
) -> list[ChannelPlan]:
    """Channel by channel, each listing that would change, with the differences. Changes nothing."""
    try:
        found = channels.find(session, codes)
    except LookupError as error:
        raise not_found(str(error)) from error
    session.expunge_all()
    session.rollback()
    return [_plan(installation, one) for one in found]


def _plan(installation: App, channel: Channel) -> ChannelPlan:
    try:
        listings = plan_of(installation, channel)
    except (ConnectorError, LookupError, ValueError) as error:
        return ChannelPlan(
            channel=channel.code,
            paused=channel.paused_reason,
            counts={},
            listings=[],
            error=str(error),
        )
    counts: dict[Action, int] = {}
    for one in listings:
        counts[one.action] = counts.get(one.action, 0) + 1
    return ChannelPlan(
        channel=channel.code,
        paused=channel.paused_reason,
        counts=counts,
        listings=[PlannedShown.model_validate(one.as_json()) for one in listings],
    )


def plan_of(installation: App, channel: Channel) -> list[PlannedListing]:
    """What a pass over one channel would do, in a session of its own that writes nothing.

    Raises:
        ConnectorError: trouble with the channel.
    """
    shop = workshop_of(installation)
    with installation.session() as session:
        attached = session.get_one(Channel, channel.id)
        return planned(preview(session, attached, shop))
