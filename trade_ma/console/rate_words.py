"""Where an exchange rate comes from, in the visitor's words."""

import re
from collections.abc import Mapping
from datetime import date

from catalog.pricing.rates import PRACTICE
from jobs.rates import BY_HAND
from trade_ma.console.formats import day
from trade_ma.console.languages import marked
from trade_ma.console.visits import Visit

SOURCES: Mapping[str, str] = {
    PRACTICE: marked("a figure for practice, not a market’s"),
    BY_HAND: marked("set by hand"),
    "European Central Bank": marked("European Central Bank"),
}
# As catalog.pricing.sources.ecb tells of a rate that went by way of the euro.
_CROSSED = re.compile(r"(?P<bank>.+), by the euro of (?P<day>\d{4}-\d\d-\d\d) \((?P<euro>.+)\)")


def source_named(visit: Visit, source: str) -> str:
    """A source in the visitor's language; one that we have no words for by its own name."""
    if crossed := _CROSSED.fullmatch(source):
        return visit.say(
            "%(bank)s, by the euro of %(day)s (%(euro)s)",
            bank=source_named(visit, crossed["bank"]),
            day=day(date.fromisoformat(crossed["day"]), locale=visit.language.locale),
            euro=source_named(visit, crossed["euro"]),
        )
    return visit.say(SOURCES[source]) if source in SOURCES else source
