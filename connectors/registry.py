"""The marketplaces that this installation knows, ours and other people's, by entry point."""

from functools import cache
from importlib.metadata import EntryPoints, entry_points

from connectors.protocol import Marketplace

GROUP = "trade_ma.connectors"


@cache
def _installed() -> EntryPoints:
    # To look through all installed packages takes milliseconds, and no process installs one.
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
