"""The listings: by channel and state, and one beside what it is made of; held and approved."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from catalog.models import Product
from connectors.protocol import Facet, Issue, Severity, facet_value
from jobs import listing_desk
from jobs.listing_desk import BesideSource, ListingRow, ListingsWanted
from jobs.listing_states import approve, hold
from jobs.models import Channel, Listing, ListingState
from jobs.plan import Action, ListingPlan
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.paging import Page, Paging, page, paging
from trade_ma.api.problems import conflict, invalid, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.routers.product_shapes import IssueShown, issue_shown
from trade_ma.api.subject import Id, Text, subject
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal
from trade_ma.workshop import workshop_of

router = subject("listings")
Reader = Annotated[Principal, require(Permission.LISTINGS_READ)]
Runner = Annotated[Principal, require(Permission.SYNC_RUN)]


class ListingShown(BaseModel):
    """A product on a channel; `held_by` is who lets it wait."""

    id: int
    channel: str
    product_id: int
    code: str
    title: str
    state: ListingState
    remote_id: str | None
    held_at: datetime | None
    held_by: str | None
    issues: list[IssueShown]


class DifferenceShown(BaseModel):
    """A value as the market has it, and as the next push would set it."""

    name: str
    old: Any
    new: Any


class Remark(BaseModel):
    """What our own drafting has to say."""

    code: str
    message: str
    severity: Severity
    field: str | None
    sku: str | None


class ListingWhole(ListingShown):
    """A listing beside its source: the draft of now, what was accepted, what a push would send."""

    draft: dict[Facet, dict[str, Any]] | None = Field(description="By facet; null: no draft.")
    accepted: dict[Facet, dict[str, Any]]
    action: Action | None
    changes: dict[Facet, list[DifferenceShown]]
    remarks: list[Remark]


def shown(row: ListingRow) -> ListingShown:
    """A listing as a list shows it."""
    return ListingShown(**_fields(row))


def _fields(row: ListingRow) -> dict[str, Any]:
    return {
        **row.listing.model_dump(include=set(ListingShown.model_fields)),
        "channel": row.channel,
        "code": row.product.code,
        "title": row.product.title,
        "issues": [issue_shown(issue) for issue in row.issues],
    }


def _whole(one: BesideSource) -> ListingWhole:
    plan = one.planned.plan if one.planned else None
    drafted = plan if isinstance(plan, ListingPlan) else None
    return ListingWhole(
        **_fields(one.row),
        draft={f: facet_value(drafted.draft, f) for f in Facet} if drafted else None,
        accepted={facet: dict(value) for facet, value in one.accepted.items()},
        action=drafted.action if drafted else None,
        changes=_changes(drafted) if drafted else {},
        remarks=[_remark(issue) for issue in (one.planned.remarks if one.planned else ())],
    )


def _changes(plan: ListingPlan) -> dict[Facet, list[DifferenceShown]]:
    return {
        facet: [DifferenceShown(**asdict(one)) for one in differences]
        for facet, differences in plan.facets.items()
    }


def _remark(issue: Issue) -> Remark:
    return Remark.model_validate(issue, from_attributes=True)


@router.get("", summary="Find listings")
def list_listings(
    session: DbSession,
    principal: Reader,
    asked: Annotated[Paging, Depends(paging)],
    channel: Annotated[Text | None, Query(max_length=60)] = None,
    state: Annotated[list[ListingState] | None, Query()] = None,
    held: bool | None = None,
) -> Page[ListingShown]:
    """Listings with what is complained of them, in the order of a channel's products."""
    wanted = ListingsWanted(channel, state or (), held, principal.maker_id)
    try:
        statement, key = listing_desk.listings(session, wanted)
    except LookupError as missing:
        raise invalid("query.channel", str(missing)) from missing
    one = page(session, statement, asked, {"id": key}, key, lambda listing: listing)
    rows = listing_desk.rows(session, one.items)
    return Page(items=[shown(row) for row in rows], next=one.next)


def _own(session: DbSession, principal: Principal, listing_id: int) -> Listing:
    listing = session.get(Listing, listing_id)
    missing = not_found(f"There is no listing {listing_id}.")
    if listing is None:
        raise missing
    if not principal.sees(session.get_one(Product, listing.product_id).maker_id):
        raise missing
    return listing


@router.get("/{listing_id}", summary="One listing beside its source")
def read_listing(
    listing_id: Id, session: DbSession, principal: Reader, installation: Installation
) -> ListingWhole:
    """The draft of now, what the market accepted, and the difference that a push would send."""
    listing = _own(session, principal, listing_id)
    try:
        return _whole(listing_desk.beside_source(session, listing, workshop_of(installation)))
    except LookupError as missing:
        raise conflict("marketplace-missing", str(missing)) from missing


@router.post("/{listing_id}/hold", summary="Hold a listing")
def hold_listing(
    listing_id: Id, session: DbSession, principal: Runner, record: Recorder
) -> ListingShown:
    """Let a listing wait for a person: passes send nothing of it but the stock of what is live."""
    listing = _own(session, principal, listing_id)
    channel = session.get_one(Channel, listing.channel_id)
    hold(session, channel, listing.product_id, principal.name, datetime.now(UTC))
    return _told(session, listing, record, "listing.hold")


@router.post("/{listing_id}/approve", summary="Approve a listing")
def approve_listing(
    listing_id: Id, session: DbSession, principal: Runner, record: Recorder
) -> ListingShown:
    """Let a held listing go: the next pass compares it with its draft."""
    listing = _own(session, principal, listing_id)
    approve(session, session.get_one(Channel, listing.channel_id), listing.product_id)
    return _told(session, listing, record, "listing.approve")


def _told(session: DbSession, listing: Listing, record: Recorder, action: str) -> ListingShown:
    session.flush()
    after = shown(listing_desk.rows(session, [listing])[0])
    record(action, f"listing:{listing.id}", after=after)
    return after
