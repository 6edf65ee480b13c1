"""The European Central Bank's daily rates, crossed through a quote of the euro in dirhams.

Source: https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml: units of each currency for
one euro, at about 16:00 CET on working days. The dirham is not among them.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from xml.parsers.expat import ExpatError, ParserCreate

from catalog.pricing.rates import Rate
from catalog.pricing.sources import SourceUnavailable
from catalog.pricing.sources.asking import TIMEOUT, Asker

BASE_URL = "https://www.ecb.europa.eu"
PATH = "/stats/eurofxref/eurofxref-daily.xml"
# Significant digits of a crossed rate; both of its halves have six at the most.
CROSSING = Context(prec=10)


@dataclass(frozen=True, slots=True)
class EuropeanCentralBank:
    """The day's rates, in dirhams by `euro`: dirhams for one euro, with its own date and source."""

    euro: Rate
    base_url: str = BASE_URL
    timeout: float = TIMEOUT
    sleep: Callable[[float], None] = time.sleep
    name: str = "European Central Bank"

    def fetch(self) -> Sequence[Rate]:
        """The rates of its last working day, each as old as the older half of its crossing.

        Raises as RateSource does.
        """
        xml = Asker(self.name, self.timeout, self.sleep).get(self.base_url + PATH)
        try:
            day, per_euro = parse(xml)
        except ValueError as error:
            raise SourceUnavailable(f"{self.name} answers what is no list of rates") from error
        source = f"{self.name}, by the euro of {self.euro.date} ({self.euro.source})"
        older = min(day, self.euro.date)
        return [
            Rate(currency, CROSSING.divide(self.euro.mad_per_unit, units), older, source)
            for currency, units in per_euro.items()
        ]


def parse(xml: bytes) -> tuple[date, Mapping[str, Decimal]]:
    """The day, and the units of each currency for one euro.

    Raises:
        ValueError: it is not the document that we know, or holds a document type: only an attack
            by entities would need one.
    """
    cubes = [attributes for name, attributes in _elements(xml) if name == "Cube"]
    try:
        [day] = [date.fromisoformat(cube["time"]) for cube in cubes if "time" in cube]
        rates = {cube["currency"]: Decimal(cube["rate"]) for cube in cubes if "currency" in cube}
    except (KeyError, InvalidOperation) as error:
        raise ValueError("not the daily rates") from error
    if not rates or not all(rate.is_finite() and rate > 0 for rate in rates.values()):
        raise ValueError("not the daily rates")
    return day, rates


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    try:
        parser.Parse(xml, True)
    except ExpatError as error:
        raise ValueError("not XML") from error
    return found


def _refuse(*_declaration: object) -> None:
    raise ValueError("a document type is not expected here")
