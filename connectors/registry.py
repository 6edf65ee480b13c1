"""The marketplaces that this installation knows, ours and other people's, by entry point."""

import sys
from functools import cache
from importlib.metadata import EntryPoints, entry_points

from connectors.protocol import Marketplace

GROUP = "trade_ma.connectors"


def _installed() -> EntryPoints:
    return _found_along(tuple(sys.path))


@cache
def _found_along(_path: tuple[str, ...]) -> EntryPoints:
    # To look through all packages takes milliseconds, and a list asks for each of its rows.
    return entry_points(group=GROUP)


def codes() -> list[str]:
    """The codes of every registered marketplace: the names of the entry points."""
    return sorted(_installed().names)


def marketplace(code: str) -> Marketplace:
    """The marketplace of that code. Others are not loaded, so a broken one harms only itself.

    Raises:
        LookupError: none is registered under it; the message names those that are.
    """
    points = _installed()
    if code not in points.names:
        raise LookupError(f"no marketplace {code!r}; installed: {', '.join(codes())}")
    found: Marketplace = points[code].load()
    return found
