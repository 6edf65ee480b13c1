"""The tables of comparing with the world: reports, their differences, and listings to adopt."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from catalog.columns import Json, UtcDateTime, utc_now, words


class ReconcileReport(SQLModel, table=True):
    """One comparison of a channel with its marketplace. `counts` says what was compared."""

    __tablename__ = "reconcile_report"

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", index=True)
    started_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=Json)


class DifferenceKind(StrEnum):
    """What differs between us and a marketplace."""

    PRICE = "price"
    STOCK = "stock"
    PRESENCE = "presence"
    TEXT = "text"
    IMAGES = "images"
    UNKNOWN_LISTING = "unknown_listing"  # there, and not ours: see adoption
    MISSING_LISTING = "missing_listing"  # ours, and not there any more
    MISSING_ORDER = "missing_order"  # there, and we had not heard of it
    ORDER = "order"  # both have it, and the figures differ
    LEDGER = "ledger"  # our own figures disagree with our movements


class Answer(StrEnum):
    """What was done about a difference."""

    OVERWRITTEN = "overwritten"  # ours is sent again
    ACCEPTED = "accepted"  # theirs was taken into the catalog
    FETCHED = "fetched"  # a missing order was brought in
    REPORTED = "reported"  # left to a person


class Difference(SQLModel, table=True):
    """One thing that differed: `subject` is a SKU, a listing's key or an order's number."""

    __tablename__ = "difference"

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="reconcile_report.id", index=True)
    kind: DifferenceKind = Field(sa_type=words(DifferenceKind))
    subject: str = Field(max_length=200)
    listing_id: int | None = Field(default=None, foreign_key="listing.id")
    ours: str = ""
    theirs: str = ""
    answer: Answer = Field(sa_type=words(Answer))


class Likeness(StrEnum):
    """By what a listing of the marketplace was matched with a product of ours."""

    SKU = "sku"
    GTIN = "gtin"
    LOOKS = "looks"  # title and picture: a proposal for a person
    NONE = "none"


class AdoptionState(StrEnum):
    """How an adoption stands."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    DECLINED = "declined"


class Adoption(SQLModel, table=True):
    """A listing that stood on the marketplace before us, and the product that it seems to be.

    `remote` is the listing as the connector told it; `score` is from 0 to 100.
    """

    __tablename__ = "adoption"
    __table_args__ = (UniqueConstraint("channel_id", "remote_id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", index=True)
    remote_id: str = Field(max_length=200)
    title: str = ""
    remote: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    product_id: int | None = Field(default=None, foreign_key="product.id")
    likeness: Likeness = Field(default=Likeness.NONE, sa_type=words(Likeness))
    score: int = 0
    state: AdoptionState = Field(default=AdoptionState.PROPOSED, sa_type=words(AdoptionState))
    found_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=100)
