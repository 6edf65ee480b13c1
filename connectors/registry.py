"""The marketplaces that this installation knows, ours and other people's, by entry point."""

from functools import cache
from importlib.metadata import entry_points

from connectors.protocol import Marketplace

GROUP = "trade_ma.connectors"


@cache
def marketplaces() -> dict[str, Marketplace]:
    """Every registered marketplace, by its code."""
    found = (point.load() for point in entry_points(group=GROUP))
    return {marketplace.code: marketplace for marketplace in found}


def marketplace(code: str) -> Marketplace:
    """The marketplace of that code.

    Raises:
        LookupError: none is registered under it; the message names those that are.
    """
    known = marketplaces()
    if code not in known:
        raise LookupError(f"no marketplace {code!r}; installed: {', '.join(sorted(known))}")
    return known[code]
