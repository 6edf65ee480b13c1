"""Sums of money as the API tells them: exact decimals with their ISO 4217 code."""

from pydantic import BaseModel, Field

from catalog.money import money_from_minor


class Amount(BaseModel):
    """A sum in a currency."""

    amount: str = Field(examples=["149.90"])
    currency: str = Field(examples=["EUR"])


def amount(minor: int | None, currency: str | None) -> Amount | None:
    """Minor units as a sum; None where either is unknown."""
    if minor is None or currency is None:
        return None
    return Amount(amount=str(money_from_minor(minor, currency).amount), currency=currency)
