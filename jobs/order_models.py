"""The tables around orders: parcels, the marketplaces' bookings, and units sold twice."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from catalog.columns import Json, UtcDateTime, utc_now, words
from connectors.protocol import SettlementKind


class Parcel(SQLModel, table=True):
    """What of an order was handed to a carrier; `told_at` once its marketplace has taken it.

    `lines` maps the remote ids of order lines to units.
    """

    __tablename__ = "parcel"
    __table_args__ = (UniqueConstraint("order_id", "tracking_number"),)

    id: int | None = Field(default=None, primary_key=True)
    order_id: int = Field(foreign_key="sales_order.id", index=True)
    carrier: str = Field(max_length=60)
    tracking_number: str = Field(max_length=100)
    lines: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    shipped_at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SettlementEntry(SQLModel, table=True):
    """A booking of a marketplace's books, kept once; in minor units of `currency`.

    `order_remote_id` names an order that may not have been pulled yet.
    """

    __tablename__ = "settlement_entry"
    __table_args__ = (UniqueConstraint("channel_id", "remote_id"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id", index=True)
    remote_id: str = Field(max_length=200)
    order_remote_id: str | None = Field(default=None, max_length=200, index=True)
    kind: SettlementKind = Field(sa_type=words(SettlementKind))
    currency: str = Field(max_length=3)
    gross_minor: int = Field(sa_type=BigInteger)
    fees_minor: int = Field(sa_type=BigInteger)
    posted_at: datetime = Field(sa_type=UtcDateTime)


class Settled(StrEnum):
    """How a conflict ended."""

    CANCELLED = "cancelled"  # the order's units came back
    KEPT = "kept"  # a person decided to deliver it all the same
    STOCK = "stock"  # units were found


class Conflict(SQLModel, table=True):
    """Units of an order line that were already sold elsewhere when it came.

    The line belongs to the order that is proposed to be cancelled: the later one by its
    marketplace's own time. Nothing is cancelled by us; a person decides.
    """

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("order_line_id"),)

    id: int | None = Field(default=None, primary_key=True)
    order_line_id: int = Field(foreign_key="sales_order_line.id")
    variant_id: int = Field(foreign_key="variant.id", index=True)
    units: int
    found_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    settled: Settled | None = Field(default=None, sa_type=words(Settled), index=True)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_by: str | None = Field(default=None, max_length=100)
