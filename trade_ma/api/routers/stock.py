"""Stock by SKU: counted by hand, and how it moved."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from catalog.models import MovementKind, Product, Variant
from catalog.stock import Levels
from jobs import stock_taking
from trade_ma.api.access import DbSession
from trade_ma.api.problems import not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.routers.products import Reader, Writer
from trade_ma.api.subject import Text, subject
from trade_ma.identity.principal import Principal

router = subject("stock")
Sku = Annotated[Text, Query(min_length=1, max_length=100)]
# Movements that are told, the last ones.
HISTORY = 100


class LevelsShown(BaseModel):
    """Units of a SKU: free to be sold, sold and not gone yet, and standing there."""

    available: int
    reserved: int
    on_hand: int


class MovementShown(BaseModel):
    """One line of the stock ledger."""

    at: datetime
    quantity: int
    kind: MovementKind
    source: str
    reference: str


class StockShown(BaseModel):
    """A SKU's levels, and its last movements, the newest first."""

    sku: str
    levels: LevelsShown
    movements: list[MovementShown]


class Count(BaseModel):
    """So many pieces stand there, by somebody's count."""

    sku: Annotated[Text, Field(min_length=1, max_length=100)]
    pieces: Annotated[int, Field(ge=0, le=1_000_000)]


class Counted(BaseModel):
    """A count, and the levels before and after it."""

    sku: str
    before: LevelsShown
    after: LevelsShown


def _shown(levels: Levels) -> LevelsShown:
    return LevelsShown(available=levels.available, reserved=levels.reserved, on_hand=levels.on_hand)


def _variant(session: DbSession, principal: Principal, sku: str) -> Variant:
    missing = not_found("There is no such SKU.")
    try:
        variant = stock_taking.variant_of(session, sku)
    except LookupError as error:
        raise missing from error
    if not principal.sees(session.get_one(Product, variant.product_id).maker_id):
        raise missing
    return variant


@router.get("", summary="A SKU's stock")
def read_stock(sku: Sku, session: DbSession, principal: Reader) -> StockShown:
    """The levels of a SKU, and how they came about."""
    _variant(session, principal, sku)
    movements = [
        MovementShown.model_validate(one, from_attributes=True)
        for one in stock_taking.history(session, sku, HISTORY)
    ]
    levels = _shown(stock_taking.levels_of(session, sku))
    return StockShown(sku=sku, levels=levels, movements=movements)


@router.post("/counts", status_code=201, summary="Count a SKU")
def count(body: Count, session: DbSession, principal: Writer, record: Recorder) -> Counted:
    """Record that so many pieces stand there; what is sold and not gone yet is among them."""
    _variant(session, principal, body.sku)
    counted = stock_taking.count(session, body.sku, body.pieces, datetime.now(UTC))
    before, after = _shown(counted.before), _shown(counted.after)
    record("stock.count", f"sku:{body.sku}", before=before, after=after)
    return Counted(sku=body.sku, before=before, after=after)
