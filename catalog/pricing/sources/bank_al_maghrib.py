"""Bank Al-Maghrib's rates for transfers, from its developers' API.

Source: https://apihelpdesk.centralbankofmorocco.ma, product "Cours de change", operation
CoursVirement: a day's mean rates, from 12:30 local time on, none on public holidays. Written from
what public users of the API tell of its requests and answers; not tried with a key of our own.
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog.pricing.rates import Rate
from catalog.pricing.sources import SourceUnavailable
from catalog.pricing.sources.asking import TIMEOUT, Asker

BASE_URL = "https://api.centralbankofmorocco.ma"
PATH = "/cours/Version1/api/CoursVirement"
# Days looked back for the last quoted one: a feast of two days beside a weekend, and some.
DAYS_BACK = 7
SATURDAY = 5
ISO_4217 = re.compile("[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class BankAlMaghrib:
    """The newest rates up to the day `on`, with a subscription key of the developers' portal."""

    key: str = field(repr=False)
    on: date
    base_url: str = BASE_URL
    timeout: float = TIMEOUT
    sleep: Callable[[float], None] = time.sleep
    name: str = "Bank Al-Maghrib"

    def fetch(self) -> Sequence[Rate]:
        """The rates of the last day that has some. Raises as RateSource does."""
        days = (self.on - timedelta(days=back) for back in range(DAYS_BACK + 1))
        for day in days:
            if day.weekday() < SATURDAY and (rates := self._rates_of(day)):
                return rates
        raise SourceUnavailable(f"{self.name} has no rates for the week before {self.on}")

    def _rates_of(self, day: date) -> list[Rate]:
        body = Asker(self.name, self.timeout, self.sleep).get(
            self.base_url + PATH,
            params={"date": f"{day.isoformat()}T12:30:00"},
            headers={"Ocp-Apim-Subscription-Key": self.key},
        )
        try:
            rows = json.loads(body, parse_float=Decimal)
        except ValueError as error:
            raise SourceUnavailable(f"{self.name} answers what is no JSON") from error
        if not isinstance(rows, list):
            raise SourceUnavailable(f"{self.name} answers what is no list of rates")
        return [self._rate(row) for row in rows]

    def _rate(self, row: Mapping[str, Any]) -> Rate:
        try:
            # "moyen" is for so many units at once: dirhams for 100 yen.
            mad = Decimal(row["moyen"]) / Decimal(row["uniteDevise"])
            day = datetime.fromisoformat(row["date"]).date()
            sound = ISO_4217.fullmatch(row["libDevise"]) and mad.is_finite() and mad > 0
        except (KeyError, TypeError, ValueError, ArithmeticError):
            sound = False
        if not sound:
            raise SourceUnavailable(f"{self.name} answers what is no rate: {row}")
        return Rate(row["libDevise"], mad, day, self.name)
