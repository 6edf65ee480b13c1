"""Exchange rates from a CSV file that somebody keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.pricing.rates import Rate, load_rates
from catalog.pricing.sources import SourceUnavailable


@dataclass(frozen=True, slots=True)
class RatesFile:
    """The file at `path`, as load_rates reads it."""

    path: Path
    name: str = "file"

    def fetch(self) -> Sequence[Rate]:
        """Its rates, with the dates and sources that it names. Raises as RateSource does."""
        try:
            rates = list(load_rates(self.path).values())
        except (OSError, ValueError) as error:
            raise SourceUnavailable(f"{self.path}: {error}") from error
        if not rates:
            raise SourceUnavailable(f"{self.path} holds no rate")
        return rates
