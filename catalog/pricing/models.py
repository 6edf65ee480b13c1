"""The history of exchange rates."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from catalog.columns import ExactDecimal, UtcDateTime
from catalog.pricing.rates import Rate


class ExchangeRate(SQLModel, table=True):
    """Dirhams for one unit of a currency, on a day, according to a source.

    A `held` rate moved too far to be believed: no price is made of it before a person confirms.
    """

    __tablename__ = "exchange_rate"
    __table_args__ = (UniqueConstraint("currency", "date", "source"),)

    id: int | None = Field(default=None, primary_key=True)
    currency: str = Field(max_length=3)
    date: date
    source: str
    mad_per_unit: Decimal = Field(sa_type=ExactDecimal)
    held: bool = False
    fetched_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def rate(self) -> Rate:
        """The row as a value."""
        return Rate(self.currency, self.mad_per_unit, self.date, self.source)
