"""Orders as the API shows them: everything but who bought."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from sqlmodel import Session

from jobs.flags import LONGEST
from jobs.models import Channel, Order, OrderLine, OrderStage
from jobs.order_book import OrderSummary
from jobs.order_lines import lines_of
from jobs.order_models import Parcel
from jobs.order_money import DIRHAM
from jobs.parcels import parcels_of
from jobs.proposals import Proposal, proposals
from trade_ma.api.amounts import Amount, amount
from trade_ma.api.subject import Text
from trade_ma.identity.permissions import Permission
from trade_ma.identity.principal import Principal


class LineShown(BaseModel):
    """A line of an order."""

    id: str = Field(description="The marketplace's own id of the line.")
    sku: str | None
    title: str
    quantity: int
    cancelled: int
    returned: int
    shipped: int
    released: int = Field(description="Given back to stock by a person, not by its marketplace.")
    unit_price: Amount | None
    known: bool = Field(description="Whether its SKU is one of ours.")


class OrderShown(BaseModel):
    """An order, without who bought it."""

    id: int
    channel: str
    remote_id: str
    number: str
    stage: OrderStage | None = Field(description="Null for one that nobody could read yet.")
    total: Amount | None
    total_mad: Amount | None = Field(description="At `mad_rate`, the rate of `mad_rate_date`.")
    mad_rate: Decimal | None
    mad_rate_date: date | None
    refunded: Amount | None
    fees: Amount | None = Field(description="As the marketplace's books say; null before they do.")
    country: str | None
    buyer: str = Field(examples=["kept"], description="kept, erased or unknown.")
    placed_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    unreadable: str | None = Field(description="Why nobody can read what was told of it last.")
    flagged_at: datetime | None = Field(description="When a person marked it; null where none did.")
    flagged_by: str | None
    lines: list[LineShown]


class ParcelShown(BaseModel):
    """A parcel. `told_at` is null until its marketplace has taken it."""

    id: int
    carrier: str
    tracking_number: str
    units: dict[str, int] = Field(description="Units by SKU, or by line where it has none.")
    shipped_at: datetime
    told_at: datetime | None


class ConflictShown(BaseModel):
    """Units of an order that were sold elsewhere before; `answer` is what to do about it."""

    id: int
    sku: str
    units: int
    channel: str
    order: str
    order_id: int
    placed_at: datetime | None
    found_at: datetime
    settled: str | None
    settled_by: str | None
    answer: str | None


class WholeOrder(OrderShown):
    """An order with its parcels, and the conflicts that a person must decide about."""

    flag: str | None = Field(
        description="Why it was marked, for those who ship: it may tell of the buyer. Null for "
        "others, and once the buyer was erased."
    )
    parcels: list[ParcelShown]
    conflicts: list[ConflictShown]


class NewParcel(BaseModel):
    """A parcel that was handed to a carrier."""

    carrier: Annotated[Text, Field(min_length=1, max_length=60, examples=["DHL"])]
    tracking_number: Annotated[Text, Field(min_length=1, max_length=100, examples=["JD0146000"])]
    units: dict[
        Annotated[Text, Field(max_length=100)], Annotated[int, Field(ge=1, le=2**31 - 1)]
    ] = Field(default={}, description="Units by SKU; all that is open without.")
    dry_run: bool = False


class NewFlag(BaseModel):
    """Why an order is marked."""

    reason: Annotated[
        Text, Field(min_length=1, max_length=LONGEST, examples=["Damaged, being remade"])
    ]


class FlagNoted(BaseModel):
    """What the audit trail tells of a flag: never its reason, which may tell of the buyer."""

    state: Literal["flagged", "unflagged"]


class Release(BaseModel):
    """Whether to try it only."""

    dry_run: bool = False


class Released(BaseModel):
    """The units that were given back: none where all were before."""

    order: WholeOrder
    units: dict[str, int] = Field(description="Units by SKU.", examples=[{"T-3": 2}])
    dry_run: bool


class ReleaseNoted(BaseModel):
    """What the audit trail tells of a release: units by SKU."""

    units: dict[str, int]


class ParcelSent(BaseModel):
    """What became of a parcel: whether the marketplace knows of it already."""

    order: WholeOrder
    units: dict[str, int] = Field(description="What it holds: units by SKU.")
    told: bool
    later: str | None = Field(description="Why the marketplace is told by the next pass only.")
    dry_run: bool


class BuyerShown(BaseModel):
    """Who an order goes to; everything null where nobody told, or it was erased."""

    name: str | None = None
    lines: list[str] = []
    city: str | None = None
    postal_code: str | None = None
    region: str | None = None
    country: str | None = None
    phone: str | None = None
    email: str | None = None
    erased_at: datetime | None = None


def order_shown(one: OrderSummary) -> OrderShown:
    """An order of a list."""
    order = one.order
    return OrderShown(
        id=order.id or 0,
        channel=one.channel,
        remote_id=order.remote_id,
        number=order.number,
        stage=order.stage,
        total=amount(order.total_minor, order.currency),
        total_mad=amount(order.total_mad_minor, DIRHAM),
        mad_rate=order.mad_rate,
        mad_rate_date=order.mad_rate_date,
        refunded=amount(order.refunded_minor, order.currency),
        fees=amount(order.fees_minor, order.currency),
        country=order.ship_to_country,
        buyer="erased" if order.buyer_erased_at else "kept" if order.sealed_buyer else "unknown",
        placed_at=order.placed_at,
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
        unreadable=order.unreadable,
        flagged_at=order.flagged_at,
        flagged_by=order.flagged_by,
        lines=[_line(line, order.currency) for line in one.lines],
    )


def _line(line: OrderLine, currency: str | None) -> LineShown:
    return LineShown(
        id=line.remote_id,
        sku=line.sku,
        title=line.title,
        quantity=line.quantity,
        cancelled=line.cancelled,
        returned=line.returned,
        shipped=line.shipped,
        released=line.released,
        unit_price=amount(line.unit_price_minor, currency),
        known=line.variant_id is not None,
    )


def whole_order(session: Session, sold_on: Channel, order: Order, reader: Principal) -> WholeOrder:
    """All that is known of an order but who bought it, and what `reader` may know of its flag."""
    lines = tuple(lines_of(session, order))
    shown = order_shown(OrderSummary(sold_on.code, order, lines))
    return WholeOrder(
        **dict(shown),
        flag=order.flag if reader.may(Permission.ORDERS_SHIP) else None,
        parcels=[parcel_shown(one, lines) for one in parcels_of(session, order)],
        conflicts=[conflict_shown(one) for one in proposals(session, order_id=order.id)],
    )


def flag_noted(order: Order) -> FlagNoted:
    """What the audit trail tells of an order's flag."""
    return FlagNoted(state="flagged" if order.flagged_at else "unflagged")


def conflict_shown(one: Proposal) -> ConflictShown:
    """A conflict, with its answer while it is open."""
    answer = None if one.settled else one.answer
    return ConflictShown(**asdict(one), answer=answer)


def parcel_shown(parcel: Parcel, lines: Sequence[OrderLine]) -> ParcelShown:
    """A parcel of an order with those lines."""
    return ParcelShown(
        id=parcel.id or 0,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        units=by_sku(parcel.lines, lines),
        shipped_at=parcel.shipped_at,
        told_at=parcel.told_at,
    )


def by_sku(units: dict[str, int], lines: Sequence[OrderLine]) -> dict[str, int]:
    """Units of lines by the SKUs of these; lines of one SKU are added up."""
    skus = {line.remote_id: line.sku or line.remote_id for line in lines}
    found: dict[str, int] = {}
    for line, count in units.items():
        sku = skus.get(line, line)
        found[sku] = found.get(sku, 0) + count
    return found
