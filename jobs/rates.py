"""Exchange rates: which are in use, and taking in new ones, the unbelievable held for a person."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session

from catalog.pricing import history
from catalog.pricing.rates import Rate, load_rates
from catalog.pricing.sources import RateSource
from catalog.pricing.staleness import FREEZE_DAYS
from jobs.models import Channel
from jobs.pricing import staleness_of

# A currency that moves so far between two looks is as a rule a slip: a rate for 100 units taken
# for one, or two currencies changed about.
LARGEST_MOVE = Decimal("0.20")
BY_HAND = "set by hand"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of new rates: `kept` are in use, `held` wait for a person."""

    kept: tuple[Rate, ...]
    held: tuple[Rate, ...]


def current(session: Session, file: Path | None = None) -> Mapping[str, Rate]:
    """The rates that prices are made of, by currency.

    The file's, where one is set, then the history's newest. Without a file those that we ship
    fill in; with one only the dirham does, since practice figures must never pass for real ones.

    Raises:
        ValueError: the file has a line that is no rate.
    """
    shipped, known = load_rates(), history.latest(session)
    if file is None:
        return {**shipped, **known}
    return {"MAD": shipped["MAD"], **known, **load_rates(file)}


def old(channels: Iterable[Channel], rates: Mapping[str, Rate], today: date) -> Iterator[str]:
    """A warning for each channel that sells by a rate that has grown old, in words."""
    for channel in channels:
        rate = rates.get(channel.currency)
        if rate and staleness_of(channel).is_old(rate.date, today) and rate != rates["MAD"]:
            days = (today - rate.date).days
            yield (
                f"{channel.code}: its rate of {rate.currency} is {days} days old, and after "
                f"{FREEZE_DAYS} its prices stand still: trade-ma rates fetch brings a new one"
            )


def fetch(
    sessions: Callable[[], Session],
    source: RateSource,
    now: datetime,
    *,
    file: Path | None = None,
    dry_run: bool = False,
) -> Taken:
    """Ask `source`, with no transaction open, and take in what it says.

    Raises:
        SourceUnavailable, SourceRejected: as they say.
        ValueError: the rates file has a line that is no rate.
    """
    rates = source.fetch()
    with sessions() as session:
        taken = take(session, rates, now, file)
        if not dry_run:
            session.commit()
    return taken


def take(session: Session, rates: Sequence[Rate], now: datetime, file: Path | None = None) -> Taken:
    """Keep `rates`, holding those that moved too far. The caller commits."""
    taken = judged(rates, current(session, file))
    history.keep(session, taken.kept, now)
    history.keep(session, taken.held, now, held=True)
    return taken


def judged(rates: Iterable[Rate], known: Mapping[str, Rate]) -> Taken:
    """`rates` told apart by how far they are from the `known` ones. A new currency is believed."""
    kept: list[Rate] = []
    held: list[Rate] = []
    for rate in rates:
        (held if _moved_too_far(rate, known.get(rate.currency)) else kept).append(rate)
    return Taken(tuple(kept), tuple(held))


def _moved_too_far(rate: Rate, known: Rate | None) -> bool:
    if known is None:
        return False
    return abs(rate.mad_per_unit - known.mad_per_unit) > LARGEST_MOVE * known.mad_per_unit
