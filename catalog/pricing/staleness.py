"""How old a rate may be: after a while it is warned of, then prices stand still."""

from dataclasses import dataclass
from datetime import date

from catalog.pricing.rates import Rate
from catalog.refusals import Missing, because

# A rate of Friday is three days old on Monday, before the day's own is published.
WARN_DAYS = 3
# A week without a new rate is no holiday but a source that is gone: a person should look before
# anything is priced by it. Our own choice; an installation may have another.
FREEZE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Staleness:
    """Rates older than `warn_days` are old, older than `freeze_days` stale; None is never."""

    warn_days: int | None = WARN_DAYS
    freeze_days: int | None = FREEZE_DAYS

    def is_old(self, dated: date, today: date) -> bool:
        """Whether a person should be warned."""
        return _older(dated, today, self.warn_days)

    def is_stale(self, dated: date, today: date) -> bool:
        """Whether no price may be made or changed with it."""
        return _older(dated, today, self.freeze_days)


def _older(dated: date, today: date, days: int | None) -> bool:
    return days is not None and (today - dated).days > days


class StaleRates(Missing):
    """No rate is young enough to make a first price with."""

    def __init__(self, rate: Rate, today: date) -> None:
        days = (today - rate.date).days
        super().__init__(
            because(
                "rates_stale",
                "the exchange rate of %(currency)s is %(days)s days old (%(date)s, %(source)s):"
                " bring the rates up to date, and the next pass makes this price",
                currency=rate.currency,
                days=days,
                date=rate.date,
                source=rate.source,
            )
        )
