"""The tables of selling: channels, listings and their facets, issues, runs, and orders."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from catalog.columns import ExactDecimal, Json, UtcDateTime, utc_now, words
from connectors.protocol import Facet, NoticeKind, OrderStatus, Severity


def _few(name: str, column: str, *by: str) -> Index:
    """An index of the few rows that have `column`, in the order of a list."""
    has = text(f"{column} IS NOT NULL")
    return Index(name, *by, sqlite_where=has, postgresql_where=has)


class Channel(SQLModel, table=True):
    """One account on one marketplace and site.

    Channels with the same `account` share its quotas. `policy` is what we decide (the buffer
    ...); `settings` is what the connector asks for, with base_url for another server than the
    marketplace's own. `inputs_digest` names all that a draft depends on beside its product
    (policy, locales, rate), and `policy_revision` counts its changes. A channel with a
    `paused_reason` is left alone until a person resumes it; `trouble` is what passes met there,
    until one goes well.
    """

    __tablename__ = "channel"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=60)
    marketplace: str = Field(max_length=40)
    site: str = Field(max_length=20)
    account: str = Field(max_length=60)
    currency: str = Field(max_length=3)
    locales: list[str] = Field(default_factory=list, sa_type=Json)
    settings: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    policy: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    inputs_digest: str = Field(default="", max_length=32)
    policy_revision: int = 1
    sealed_credentials: bytes = b""
    paused_reason: str | None = None
    trouble: str | None = None
    orders_seen_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    orders_pulled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Notification(SQLModel, table=True):
    """A marketplace's notification, kept once however often it is delivered.

    `handled_at` is when a pass has taken it up; until then it brings the next one forward.
    """

    __tablename__ = "notification"
    __table_args__ = (UniqueConstraint("channel_id", "remote_id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", index=True)
    remote_id: str = Field(max_length=200)
    kind: NoticeKind = Field(sa_type=words(NoticeKind))
    topic: str = Field(max_length=120)
    references: list[str] = Field(default_factory=list, sa_type=Json)
    received_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


class QuotaBucket(SQLModel, table=True):
    """How far the tokens of one operation of one account are spoken for: see connectors.quotas."""

    __tablename__ = "quota_bucket"

    account: str = Field(primary_key=True, max_length=60)
    operation: str = Field(primary_key=True, max_length=80)
    arrival: datetime = Field(sa_type=UtcDateTime)


class ListingState(StrEnum):
    """How a listing stands on its market."""

    WAITING = "waiting"  # never sent: nothing to sell yet, or held
    IN_FLIGHT = "in flight"  # a create was begun, and what came of it is not known
    JUDGED = "being judged"
    REFUSED = "refused"  # it is not there, because the marketplace refused it
    BEGUN = "begun"  # it is there, and whether it is shown is not known yet
    LIVE = "live"
    CHANGE_REFUSED = "change refused"  # it is there, as it was before the change
    ENDED = "ended"


class Listing(SQLModel, table=True):
    """One product on one channel.

    `in_flight_since` marks a create that was begun: until a remote id is known, the connector
    must look for the listing before creating it again. The three `seen_` revisions are those of
    the last draft that was compared; a listing whose inputs moved on is compared again, and so is
    one whose `look_again_at` has come. `state` is written with its facets. A listing with a
    `held_at` waits for a person, `held_by`: it is not planned, but what it has live keeps
    telling its stock.
    """

    __tablename__ = "listing"
    __table_args__ = (
        UniqueConstraint("channel_id", "product_id"),
        Index("ix_listing_state", "channel_id", "state", "product_id"),
        Index("ix_listing_of_state", "state", "id"),
        _few("ix_listing_held", "held_at", "channel_id", "product_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id")
    product_id: int = Field(foreign_key="product.id", index=True)
    remote_id: str | None = Field(default=None, max_length=200, index=True)
    remote_parts: dict[str, str] = Field(default_factory=dict, sa_type=Json)
    in_flight_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    seen_product: int = 0
    seen_stock: int = 0
    seen_policy: int = 0
    deferred_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    look_again_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: ListingState = Field(default=ListingState.WAITING, sa_type=words(ListingState))
    held_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    held_by: str | None = Field(default=None, max_length=200)


class ListingFacet(SQLModel, table=True):
    """What the marketplace last accepted, refused or is still judging of one facet.

    `accepted` is the accepted value itself, so that a plan can show what would change.
    """

    __tablename__ = "listing_facet"

    listing_id: int = Field(foreign_key="listing.id", primary_key=True)
    facet: Facet = Field(primary_key=True, sa_type=words(Facet))
    accepted_digest: str | None = Field(default=None, max_length=32)
    accepted: dict[str, Any] | None = Field(default=None, sa_type=Json)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refused_digest: str | None = Field(default=None, max_length=32)
    pending_digest: str | None = Field(default=None, max_length=32)
    pending: dict[str, Any] | None = Field(default=None, sa_type=Json)
    pending_operation: str | None = Field(default=None, max_length=200, index=True)
    pending_place: str = ""


class Origin(StrEnum):
    """Who complains: the marketplace that judged a push, or who looked at the draft before any.

    A draft is looked at by our own drafting, and by the connector without a call.
    """

    MARKET = "market"
    DRAFT = "draft"


class ListingIssue(SQLModel, table=True):
    """A complaint about one facet of one listing.

    A marketplace's is replaced when it judges that facet again, one of a draft when the listing
    is drafted again.
    """

    __tablename__ = "listing_issue"
    __table_args__ = (Index("ix_listing_issue_severity", "severity", "listing_id"),)

    id: int | None = Field(default=None, primary_key=True)
    listing_id: int = Field(foreign_key="listing.id", index=True)
    origin: Origin = Field(default=Origin.MARKET, sa_type=words(Origin))
    facet: Facet = Field(sa_type=words(Facet))
    code: str = Field(max_length=120)
    severity: Severity = Field(sa_type=words(Severity))
    message: str
    field: str | None = Field(default=None, max_length=60)
    sku: str | None = Field(default=None, max_length=100)
    raised_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class RunState(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Run(SQLModel, table=True):
    """One pass of one job on one channel, with its counts."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_state", "state", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", index=True)
    job: str = Field(max_length=40)
    state: RunState = Field(default=RunState.RUNNING, sa_type=words(RunState))
    started_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    error: str | None = None


class OrderStage(StrEnum):
    """The life of an order, as a person who packs and accounts for it sees it."""

    NEW = "new"  # not paid yet
    PAID = "paid"  # paid, and the marketplace asks to wait
    TO_SHIP = "to_ship"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    RETURNED = "returned"


# What jobs.statistics adds up of an order and of a line: read from the index alone, since a year
# of rows lies all over the table.
_ADDED_UP = (
    "stage",
    "channel_id",
    "ship_to_country",
    "currency",
    "total_minor",
    "refunded_minor",
    "fees_minor",
    "total_mad_minor",
)
_ADDED_UP_OF_LINES = ("variant_id", "quantity", "cancelled", "unit_price_minor")


class Order(SQLModel, table=True):
    """An order, told once by (channel, remote id).

    What is told of its buyer is in `sealed_buyer` alone, and is erased when its time is over;
    the figures stay. Money is in minor units of the order's currency, `total_mad_minor` at
    `mad_rate`, the rate of the day `mad_rate_date`. An order that could not be understood has
    `unreadable` say why, and its raw text sealed. One with a `flagged_at` was marked by a person,
    `flagged_by`; the reason in `flag` may hold a buyer's data, and is erased with it.
    """

    __tablename__ = "sales_order"
    # A list is walked along the index of its filter, by (placed_at, id).
    __table_args__ = (
        UniqueConstraint("channel_id", "remote_id"),
        Index("ix_sales_order_placed", "placed_at", "id", *_ADDED_UP),
        Index("ix_sales_order_of_stage", "stage", "placed_at", "id"),
        Index("ix_sales_order_of_channel", "channel_id", "placed_at", "id"),
        Index("ix_sales_order_of_country", "ship_to_country", "placed_at", "id"),
        _few("ix_sales_order_flagged", "flagged_at", "placed_at", "id"),
        _few("ix_sales_order_unreadable", "unreadable", "placed_at", "id"),
        # One that was never read has no moment: the list that shows those as well is by id.
        _few("ix_sales_order_unread", "unreadable", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id")
    remote_id: str = Field(max_length=200, index=True)
    number: str = Field(default="", max_length=100, index=True)
    status: OrderStatus | None = Field(default=None, sa_type=words(OrderStatus))
    currency: str | None = Field(default=None, max_length=3)
    total_minor: int | None = Field(default=None, sa_type=BigInteger)
    stage: OrderStage | None = Field(default=None, sa_type=words(OrderStage))
    refunded_minor: int = Field(default=0, sa_type=BigInteger)
    fees_minor: int | None = Field(default=None, sa_type=BigInteger)
    total_mad_minor: int | None = Field(default=None, sa_type=BigInteger)
    mad_rate: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    mad_rate_date: date | None = None
    ship_to_country: str | None = Field(default=None, max_length=2)
    sealed_buyer: bytes | None = None
    buyer_erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    placed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shipped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    unreadable: str | None = None
    sealed_raw: bytes | None = None
    flag: str | None = Field(default=None, max_length=200, repr=False)
    flagged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    flagged_by: str | None = Field(default=None, max_length=200)


class OrderLine(SQLModel, table=True):
    """One line of an order; `variant_id` where its SKU is ours.

    `released` are units that a person gave back to stock, since its marketplace never will.
    """

    __tablename__ = "sales_order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "remote_id"),
        Index("ix_sales_order_line_of_order", "order_id", *_ADDED_UP_OF_LINES),
    )

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="sales_order.id")
    remote_id: str = Field(max_length=200)
    variant_id: int | None = Field(default=None, foreign_key="variant.id", index=True)
    sku: str | None = Field(default=None, max_length=100)
    title: str = ""
    quantity: int
    unit_price_minor: int = Field(sa_type=BigInteger)
    cancelled: int = 0
    returned: int = 0
    shipped: int = 0
    released: int = 0


class PhotoCheck(SQLModel, table=True):
    """What was measured on an original, so that a photo is decoded for its checks only once.

    `version` is that of images.measures: other measures are taken again.
    """

    __tablename__ = "photo_check"

    sha256: str = Field(primary_key=True, max_length=64)
    version: int
    measures: dict[str, Any] = Field(sa_type=Json)
