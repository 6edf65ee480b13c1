"""Exchange rates: those in use, new ones, and those that moved too far and wait for a person."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, Field
from sqlmodel import Session

from catalog.pricing import history
from catalog.pricing.rates import Rate
from catalog.pricing.sources import SourceRejected, SourceUnavailable
from jobs import rates
from trade_ma.api.access import DbSession, Installation, require
from trade_ma.api.problems import conflict, not_found
from trade_ma.api.recording import Recorder
from trade_ma.api.subject import subject
from trade_ma.identity.permissions import Permission
from trade_ma.installation import App
from trade_ma.sources import rate_source

router = subject("rates")
READ = [require(Permission.PRICES_READ)]
WRITE = [require(Permission.CHANNELS_WRITE)]
Currency = Annotated[str, Path(max_length=20, examples=["USD"])]


class RateShown(BaseModel):
    """A rate: dirhams for one unit, of a day, by a source."""

    currency: str = Field(examples=["USD"])
    mad_per_unit: Decimal = Field(examples=["9.25"])
    date: date
    source: str


class RatesShown(BaseModel):
    """The rates in use, and those that were held since they moved too far."""

    rates: list[RateShown]
    held: list[RateShown]


class RatesTaken(BaseModel):
    """What became of new rates."""

    kept: list[RateShown]
    held: list[RateShown]
    dry_run: bool


class Rehearsal(BaseModel):
    """Whether it is only a rehearsal."""

    dry_run: bool = False


class SeenRate(BaseModel):
    """The held rate as it was seen: nobody confirms one that they have not read."""

    mad_per_unit: Decimal
    date: date


def shown(rate: Rate) -> RateShown:
    """A rate as it is told."""
    return RateShown(
        currency=rate.currency, mad_per_unit=rate.mad_per_unit, date=rate.date, source=rate.source
    )


def rates_in_use(session: Session, app: App) -> Mapping[str, Rate]:
    """The rates that prices are made of.

    Raises:
        Problem: 409 where the rates file cannot be read.
    """
    try:
        return rates.current(session, app.settings.rates_file)
    except (OSError, ValueError) as error:
        raise conflict("rates-unreadable", f"The rates cannot be read: {error}") from error


@router.get("", dependencies=READ, summary="The rates in use, and those that wait")
def list_rates(session: DbSession, installation: Installation) -> RatesShown:
    """One of each currency, with its day and its source."""
    used = rates_in_use(session, installation)
    held = history.waiting(session)
    return RatesShown(
        rates=[shown(one) for one in used.values()], held=[shown(one) for one in held.values()]
    )


@router.post("/fetch", dependencies=WRITE, summary="Ask for the day's rates")
def fetch_rates(
    body: Rehearsal, session: DbSession, installation: Installation, record: Recorder
) -> RatesTaken:
    """Those that moved too far are held until a person confirms them."""
    session.rollback()
    taken = taken_from_source(session, installation)
    answer = RatesTaken(
        kept=[shown(one) for one in taken.kept],
        held=[shown(one) for one in taken.held],
        dry_run=body.dry_run,
    )
    if body.dry_run:
        session.rollback()
    else:
        record("rates.fetch", "rates", after=answer)
    return answer


def taken_from_source(session: Session, app: App) -> rates.Taken:
    """Ask the configured source, with no transaction open, and take in what it says.

    Raises:
        Problem: 409 where it does not answer, or cannot be asked.
    """
    try:
        quoted = rate_source(app, app.settings.rates_source).fetch()
        return rates.take(session, quoted, datetime.now(UTC), app.settings.rates_file)
    except (SourceUnavailable, SourceRejected, ValueError, OSError) as error:
        raise conflict("rates-source", str(error)) from error


@router.post("/{currency}/confirm", dependencies=WRITE, summary="Put a held rate to use")
def confirm_rate(
    currency: Currency, body: SeenRate, session: DbSession, record: Recorder
) -> RateShown:
    """The rate is right, as it was read: prices follow it from the next pass on."""
    freed = shown(released(session, currency.upper(), body.mad_per_unit, body.date))
    record("rates.confirm", f"rate:{freed.currency}", after=freed)
    return freed


def released(session: Session, currency: str, figure: Decimal, day: date) -> Rate:
    """The held rate, put to use.

    Raises:
        Problem: 404 where none waits, 409 where another does than the one that was read.
    """
    rate = history.waiting(session).get(currency)
    if rate is None:
        raise not_found(f"No rate of {currency[:3]} waits to be confirmed.")
    if (rate.mad_per_unit, rate.date) != (figure, day):
        told = f"Another rate of {currency} waits by now: read it again."
        raise conflict("changed-meanwhile", told)
    return history.release(session, currency)
