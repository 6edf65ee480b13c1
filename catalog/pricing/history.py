"""The history of exchange rates: kept by day and source, the newest of each currency in use."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.pricing.models import ExchangeRate
from catalog.pricing.rates import Rate


def keep(
    session: Session, rates: Iterable[Rate], fetched_at: datetime, *, held: bool = False
) -> None:
    """Write `rates` down, over what the same source said before of the same day.

    Held ones wait for `release` before they are in use.
    """
    for rate in rates:
        row = _of(session, rate) or ExchangeRate(
            currency=rate.currency,
            date=rate.date,
            source=rate.source,
            mad_per_unit=rate.mad_per_unit,
            fetched_at=fetched_at,
        )
        row.mad_per_unit, row.fetched_at, row.held = rate.mad_per_unit, fetched_at, held
        session.add(row)
    session.flush()


def latest(session: Session, on: date | None = None) -> Mapping[str, Rate]:
    """The newest rate of each currency, of those up to the day `on`.

    Of two sources' rates of one day, the one heard last.
    """
    return {row.currency: row.rate for row in _newest(session, on, held=False)}


def on(session: Session, currency: str, day: date) -> Rate | None:
    """The newest rate of `currency` up to `day`, as `latest` takes it; None before the first."""
    rows = select(ExchangeRate).where(
        ExchangeRate.currency == currency,
        col(ExchangeRate.date) <= day,
        col(ExchangeRate.held).is_(False),
    )
    newest = (ExchangeRate.date, ExchangeRate.fetched_at, ExchangeRate.id)
    row = session.exec(rows.order_by(*(col(part).desc() for part in newest)).limit(1)).first()
    return row.rate if row else None


def waiting(session: Session) -> Mapping[str, Rate]:
    """The newest held rate of each currency, where no newer one is in use."""
    return {row.currency: row.rate for row in _waiting(session)}


def release(session: Session, currency: str) -> Rate:
    """Put the held rate of `currency` to use.

    Raises:
        LookupError: none waits.
    """
    row = next((row for row in _waiting(session) if row.currency == currency), None)
    if row is None:
        raise LookupError(f"no rate of {currency} waits to be confirmed")
    row.held = False
    session.flush()
    return row.rate


def _of(session: Session, rate: Rate) -> ExchangeRate | None:
    return session.exec(
        select(ExchangeRate).where(
            ExchangeRate.currency == rate.currency,
            ExchangeRate.date == rate.date,
            ExchangeRate.source == rate.source,
        )
    ).one_or_none()


def _waiting(session: Session) -> list[ExchangeRate]:
    used = latest(session)
    newest = {row.currency: row for row in _newest(session, None, held=True)}
    return [
        row
        for currency, row in sorted(newest.items())
        if currency not in used or row.date >= used[currency].date
    ]


def _newest(session: Session, on: date | None, *, held: bool) -> Iterable[ExchangeRate]:
    """The rows of each currency's last day, the one heard last of all at the end."""
    wanted = col(ExchangeRate.held) == held
    if on is not None:
        wanted &= col(ExchangeRate.date) <= on
    last = (
        select(ExchangeRate.currency, func.max(ExchangeRate.date).label("day"))
        .where(wanted)
        .group_by(ExchangeRate.currency)
        .subquery()
    )
    of_that_day = (col(ExchangeRate.currency) == last.c.currency) & (
        col(ExchangeRate.date) == last.c.day
    )
    rows = select(ExchangeRate).join(last, of_that_day).where(wanted)
    return session.exec(rows.order_by(col(ExchangeRate.fetched_at), col(ExchangeRate.id))).all()
